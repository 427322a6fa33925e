"""Steelyard: should this company now put more weight on sales than on marketing, and how sure can one be?

The way through: `session.py` shows the stages in order.
"""

__version__ = "0.1.0"
