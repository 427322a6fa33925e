"""zen-engine and CLIPS on the question of `throughput`, where they are installed: `pip install zen-engine clipspy`.

Each must answer what the program written by hand answers before it is timed. The second table says why that takes care:
how many answers would be others if what is missing were left to the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.by_hand import Answer, ByHand
from benchmarks.measure import in_turn, table
from benchmarks.question import MISSING, Company, companies, question, write
from benchmarks.rivals_clips import Clips
from benchmarks.rivals_zen import Zen
from benchmarks.throughput import COMPANIES, DAY, HEAD, ROUNDS, agree, as_company, each, row, same_score, verdict
from engine.backends.checked import CheckedBackend
from engine.backends.durable import DurableBackend
from engine.backends.reference import ReferenceBackend
from engine.session import open_policy

Program = Callable[[Company], Answer]
SHARES = (MISSING, 0.3, 0.5)
"""Of the facts that are missing, in the second table."""
MADE = question()
RIVALS: dict[str, tuple[str, Callable[[bool], Program]]] = {
    "one expression node": ("zen-engine", lambda careful: Zen(MADE, False, careful).answer),
    "decision tables": ("zen-engine", lambda careful: Zen(MADE, True, careful).answer),
    "rules over one fact": ("clipspy", lambda careful: Clips(MADE, careful).answer),
}


def _installed() -> tuple[dict[str, Callable[[bool], Program]], set[str]]:
    """How each rival is made, and the packages that are not installed."""
    made, missing = {}, set()
    for form, (package, make) in RIVALS.items():
        try:
            make(True)
        except ModuleNotFoundError:
            missing.add(package)
        else:
            made[f"{package} {version(package)}, {form}"] = make
    return made, missing


def _careless(answer: Program, numbers: list[Company], right: list[Answer]) -> list[str]:
    """How many answers are refused, have another score or another band or move, and a band where too little is known."""
    refused, score, move, bold = 0, 0, 0, 0
    for company, wanted in zip(numbers, right, strict=True):
        try:
            given = answer(company)
        except RuntimeError:  # what zen-engine raises for a comparison with null
            refused += 1
            continue
        score += not same_score(given, wanted)
        move += given[1:] != wanted[1:]
        bold += wanted.band is None and given.band is not None
    return [f"{refused}", f"{score}", f"{move}", f"{bold}"]


def _speed(programs: dict[str, Program]) -> str:
    numbers = companies(COMPANIES)
    hand = ByHand(MADE)
    with TemporaryDirectory() as folder:
        policy = open_policy(write(MADE, Path(folder) / "timed").as_posix(), DAY).policy
    read_in = [as_company(policy, company) for company in numbers]
    with closing(DurableBackend(policy)) as durable:
        checked = CheckedBackend(durable, ReferenceBackend(policy))
        agree([verdict(policy, c, checked) for c in read_in], [hand.answer(c) for c in numbers])
        timed: dict[str, Callable[[], None]] = {
            "by hand, C module of durable_rules": lambda: each(numbers, hand.answer),
            "Steelyard to the verdict, check off": lambda: each(read_in, lambda c: verdict(policy, c, durable)),
            "Steelyard to the verdict, check on": lambda: each(read_in, lambda c: verdict(policy, c, checked)),
        }
        timed |= {name: partial(each, numbers, answer) for name, answer in programs.items()}
        taken = in_turn(timed, ROUNDS)
    first = next(iter(timed))
    return table(HEAD, [row(name, taken, name, COMPANIES, first) for name in timed])


def report() -> str:
    """Both tables, and a line for each package that is missing."""
    makers, missing = _installed()
    programs = {name: make(True) for name, make in makers.items()}
    hand, rows = ByHand(MADE), []
    for share in SHARES:
        numbers = companies(COMPANIES, missing=share)
        right = [hand.answer(company) for company in numbers]
        for name, make in makers.items():
            agree([programs[name](company) for company in numbers], right)
            rows.append([f"{share:.0%} of the facts missing: {name}", *_careless(make(False), numbers, right)])
    parts = [f"Not installed: `pip install {' '.join(sorted(missing))}`."] if missing else []
    if programs:
        head = (
            f"of {COMPANIES} answers without the care",
            "refused",
            "other score",
            "other band or move",
            "of these: too little is known",
        )
        parts += [_speed(programs), table(head, rows), f"Medians of {ROUNDS} rounds in turn."]
    return "\n\n".join(parts)
