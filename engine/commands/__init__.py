"""The commands of `steelyard`, a module each: read the options, call one engine function, render. `cli.py` imports the one that is run."""
