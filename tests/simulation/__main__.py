"""Prints how often the trend is right over companies whose true rate is known: `python -m tests.simulation [companies]`."""

from __future__ import annotations

import sys

from .companies import World, judged

COMPANIES = 1000
SEED = 20261126
RATES = [n / 100 for n in range(1, 11)]
OVERDISPERSED = 3.0


def main(count: int) -> None:
    say(
        f"{count:,} companies a line, seed {SEED}; 300 leads a month, 12 months, a rate of 10 % in the first, where nothing else is said"
    )
    say("\nA flat rate: called a trend (at most 12 %)")
    for dispersion in (1.0, OVERDISPERSED, 10.0):
        for months in (12, 24, 36):
            world = World(0.1, months=months, dispersion=dispersion)
            name = "binomial" if dispersion == 1 else f"dispersion {dispersion:g}"
            line(f"{name}, {months} months", world, count)
            if dispersion > OVERDISPERSED:
                # near the limit: a thousand tell a share of a tenth to two points only
                line(f"the same, {10 * count:,} companies", world, 10 * count)
    line("binomial, quarter ends at twice the odds", World(0.1, quarter_end=2), count)
    say("\nA change")
    line("rises 5 % a month (found: at least 90 %)", World(0.1, 0.05), count)
    line("falls 5 % a month (found: at least 80 %)", World(0.1, -0.05), count)
    line("rises 5 %, quarter ends at twice the odds", World(0.1, 0.05, quarter_end=2), count)
    line("falls 5 %, quarter ends at twice the odds", World(0.1, -0.05, quarter_end=2), count)
    by_rate(count)


def line(name: str, world: World, count: int) -> None:
    t = judged(world, count, SEED)
    say(
        f"  {name:<44} rising {t.rising:6.1%}  declining {t.declining:6.1%}  flat shown {t.flat_shown:6.1%}  "
        f"inconclusive {t.inconclusive:6.1%}  unknown {t.unknown:6.1%}  with season {t.seasons:6.1%}"
    )


def by_rate(count: int) -> None:
    say("\nBy base rate: the part of the companies")
    say(f"  {'':>9}  {'flat, called a trend':^23}  {'rises 5 %, found':^23}  {'falls 5 %, found':^23}")
    say(f"  {'base rate':>9}" + f"  {'binomial':>10} {'dispersion 3':>12}" * 3)
    for rate in RATES:
        cells = []
        for change in (0.0, 0.05, -0.05):
            for dispersion in (1.0, OVERDISPERSED):
                t = judged(World(rate, change, dispersion=dispersion), count, SEED)
                cells.append(t.trends if not change else t.rising if change > 0 else t.declining)
        say(f"  {rate:9.0%}" + "".join(f"  {a:10.1%} {b:12.1%}" for a, b in zip(cells[::2], cells[1::2], strict=True)))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES)
