"""(c) Growth: time and memory with the number of evidence items and of facts, and the exponent."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from math import log
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.measure import table
from engine.backends.checked import CheckedBackend
from engine.backends.durable import DurableBackend
from engine.backends.reference import ReferenceBackend
from engine.company import read_company
from engine.document import parse
from engine.evaluation import evaluate
from engine.session import open_policy

ROOT = Path(__file__).parent.parent
SIZES = ((10, 50), (32, 160), (100, 500), (320, 1_600), (1_000, 5_000))
RUNS = 3
DAY = date(2026, 11, 1)
STAGES = ("read and check", "compile", "an evaluation")


def write(folder: Path, items: int, facts: int) -> None:
    """A policy set of ten indicators with so many evidence items, over a catalogue of so many facts, all of them read."""
    names = [f"fact.f{n}" for n in range(facts)]
    entries = (
        f"  {name}: {{type: number, unit: points, title: a fact, ask: how many, meaning: a number}}" for name in names
    )
    (folder / "facts.yaml").write_text("\n".join(["facts:", *entries]) + "\n", encoding="utf-8")
    each, reads = items // 10, facts // items
    indicators = [f"indicator-{n}" for n in range(10)]
    for number, indicator in enumerate(indicators):
        own = [_item(n, names[(number * each + n) * reads : (number * each + n + 1) * reads]) for n in range(each)]
        head = f"indicator: {indicator}\nnumber: {number + 1}\ntitle: Indicator\nshort: Indicator\nversion: 1.0.0\n"
        text = f"{head}question: Is it so?\nrole: direction\nevidence:\n" + "".join(own)
        (folder / f"{indicator}.yaml").write_text(text, encoding="utf-8")
    listed = "".join(f"  {name}: {{file: {name}.yaml, weight: 10}}\n" for name in indicators)
    (folder / "policyset.yaml").write_text(
        "policyset: grown\ntitle: Grown\nversion: 1.0.0\nquestion: Which side?\ncurrency: EUR\n"
        "sides: {plus: sales, minus: marketing}\nbudget: the budget\nfacts: facts.yaml\n"
        f"required_coverage: 0.5\nassessed_at: 0.4\nsupports_at: 0.35\nindicators:\n{listed}"
        "bands:\n  - {id: less, title: Less, below: 0, move: [-10, 0]}\n  - {id: more, title: More, move: [0, 10]}\n"
        "plan:\n  phases: [{id: now, title: Now, default: true}]\n",
        encoding="utf-8",
    )


def _item(number: int, facts: Sequence[str]) -> str:
    tests = ", ".join(f"{{fact: {name}, at_least: {10 + n}}}" for n, name in enumerate(facts))
    return (
        f"  - {{id: test-{number}, title: Test, weight: 10, grade: J, primary: true, "
        f"cases: [{{when: {{all: [{tests}]}}, outcome: 1}}]}}\n"
    )


def measured(items: int, facts: int) -> dict[str, float]:
    """Seconds of each stage and the megabytes of this process and of the engine's, for one size."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, items, facts)
        begun = perf_counter()
        policy = open_policy(folder.as_posix(), DAY).policy
        read = perf_counter()
        with closing(DurableBackend(policy)) as durable:
            known = "".join(f"  fact.f{n}: {n % 40}\n" for n in range(facts) if n % 10)
            text = f"company: Grown\nas_of: 2026-10-31\nfacts:\n{known}"
            company = read_company(parse(text, "company"), policy, None, DAY)
            backend = CheckedBackend(durable, ReferenceBackend(policy))
            compiled = perf_counter()
            evaluate(policy, company, backend)
            first = perf_counter()
            runs = []
            for _ in range(RUNS):
                again = perf_counter()
                evaluate(policy, company, backend)
                runs.append(perf_counter() - again)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    engine = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    compiling = compiled - read + max(0.0, first - compiled - median(runs))
    return {
        "read and check": read - begun,
        "compile": compiling,
        "an evaluation": median(runs),
        "MB": own,
        "MB of the engine": engine,
    }


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The slope of the logarithms by least squares: 1 where twice the size takes twice the time."""
    xs, ys = [log(size) for size in sizes], [log(value) for value in values]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def report() -> str:
    """The table; each size in a process of its own, so that its memory can be told."""
    found = []
    for items, facts in SIZES:
        code = f"import json; from benchmarks.growth import measured; print(json.dumps(measured({items}, {facts})))"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
        found.append(json.loads(done.stdout))
    rows = [
        [
            f"{items:,} items, {facts:,} facts",
            *(f"{1000 * row[s]:,.0f}" for s in STAGES),
            f"{row['MB']:.0f}",
            f"{row['MB of the engine']:.0f}",
        ]
        for (items, facts), row in zip(SIZES, found, strict=True)
    ]
    sizes = [items for items, _ in SIZES][2:]
    slopes = [f"{exponent(sizes, [row[stage] for row in found[2:]]):.2f}" for stage in STAGES]
    rows.append(["exponent, from 100 items on", *slopes, "", ""])
    return table(("size", "read and check, ms", "compile, ms", "an evaluation, ms", "MB", "MB of the engine"), rows)
