"""What the engine costs, against peers and the floor of the machine, in one run: `python -m benchmarks`. See README.md here."""
