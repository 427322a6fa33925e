"""How often the trend is right: companies whose true rate is known. `python -m tests.simulation` prints the tables."""
