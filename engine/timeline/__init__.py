"""How the answer for one company moved: the same policy set on the last day of every month, from what was known then."""
