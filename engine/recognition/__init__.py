"""What exports are, from their headers and values: entries of `sources:` for what is certain, and in words what is not.

recognise.py says it of several files; names.yaml holds how columns are called in exports for which there is no ready mapping.
"""
