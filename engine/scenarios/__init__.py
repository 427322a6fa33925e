"""Scenarios: given facts, expected answers. docs/language.md, section 12."""
