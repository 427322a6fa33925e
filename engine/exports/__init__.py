"""A client's exports as canonical tables: docs/language.md, section 5.

canonical.py says what the tables are, request.py what `sources:` of a company's file asks for; reading.py reads, tables.py is
what the facts are computed from. Only duck.py imports DuckDB, so the package is imported where a company names exports.
"""
