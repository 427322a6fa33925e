"""How much of a policy set its scenarios test: docs/language.md, section 12."""
