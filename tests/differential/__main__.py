"""Compare the engines as often as wanted: `python -m tests.differential --pairs 1000000 --seed night`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import count

from .campaign import EVALUATIONS, Campaign

PART = 10_000
"""Pairs in one part, which has a seed of its own: seed-0, seed-1, …"""


def part(seed: str, pairs: int, evaluations: int) -> Campaign:
    """One part of a campaign."""
    return Campaign(seed).run(pairs, evaluations)


def campaign(seed: str, pairs: int, evaluations: int, seconds: float, workers: int) -> tuple[Campaign, float]:
    """All parts, several at a time, as far as the time reaches; and how many seconds it took."""
    start = time.monotonic()
    whole = Campaign(seed)
    numbers = count()
    with ProcessPoolExecutor(workers) as processes:
        while whole.pairs < pairs and not whole.differences and time.monotonic() - start < seconds:
            seeds = [f"{seed}-{next(numbers)}" for _ in range(workers * 2)]
            for done in processes.map(part, seeds, [PART] * len(seeds), [evaluations] * len(seeds)):
                whole.add(done)
    return whole, time.monotonic() - start


def main() -> int:
    """Run a campaign and print its report; 1 where the engines differ."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=1_000_000)
    options.add_argument("--seed", default="1")
    options.add_argument(
        "--evaluations", type=int, default=EVALUATIONS, help="one pair in so many as a whole evaluation"
    )
    options.add_argument("--seconds", type=float, default=1e9, help="begin no further part after so long")
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    whole, seconds = campaign(given.seed, given.pairs, given.evaluations, given.seconds, given.workers)
    lines = [
        *whole.text(),
        f"{seconds:.0f} s, {whole.pairs / seconds:,.0f} pairs a second with {given.workers} workers",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if whole.differences else 0


if __name__ == "__main__":
    sys.exit(main())
