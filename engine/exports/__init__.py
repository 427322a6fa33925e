"""A client's exports as canonical tables: docs/language.md, section 5.

canonical.py says what the tables are, plan.py what `sources:` of a company's file asks for, duck.py reads; only duck.py
imports DuckDB, and it is imported only where a company names sources. tables.py is what the facts are computed from.
"""
