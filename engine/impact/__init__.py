"""What a change of policy does to the answers for real companies, and which edit does it: docs/changes.md."""

from __future__ import annotations
