"""(d) Exports: a million deals and a million leads read, against DuckDB loading the same columns, typed, from the same files."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.measure import table

ROOT = Path(__file__).parent.parent
ROWS = 1_000_000
SEED = 20261101
ROUNDS = 5
START = datetime.fromisoformat("2023-01-01")
FILES = {"deals.csv": "hubspot-deals", "leads.csv": "hubspot-contacts"}
COMPANY = "company: Large\ncurrency: EUR\nsources:\n" + "".join(
    f"  - {{file: {file}, mapping: {mapping}}}\n" for file, mapping in FILES.items()
)
# The columns that the mappings take, and their types in DuckDB.
COLUMNS = {
    "deals.csv": {
        "Record ID": "VARCHAR",
        "Deal Stage": "VARCHAR",
        "Amount": "DOUBLE",
        "Create Date": "TIMESTAMP",
        "Close Date": "TIMESTAMP",
        "Deal owner": "VARCHAR",
        "Deal Type": "VARCHAR",
        "Closed Lost Reason": "VARCHAR",
        "Original Traffic Source": "VARCHAR",
    },
    "leads.csv": {
        "Record ID": "VARCHAR",
        "Create Date": "TIMESTAMP",
        "Lead Status": "VARCHAR",
        "Original Traffic Source": "VARCHAR",
        "Became a Marketing Qualified Lead Date": "TIMESTAMP",
        "Became a Sales Qualified Lead Date": "TIMESTAMP",
        "Became an Opportunity Date": "TIMESTAMP",
        "Became a Customer Date": "TIMESTAMP",
        "Contact owner": "VARCHAR",
    },
}
# What runs in a process of its own, so that imports are apart and memory is its own. Arguments: the folder, the columns.
FLOOR = """
import json, resource, sys
from time import perf_counter
begun = perf_counter()
import duckdb
imported = perf_counter()
connection = duckdb.connect()
connection.execute("SET enable_progress_bar = false")
for number, (file, columns) in enumerate(json.loads(sys.argv[2]).items()):
    names = ", ".join('"%s"' % name for name in columns)
    types = ", ".join("'%s': '%s'" % item for item in columns.items())
    connection.execute(f"CREATE TABLE t{number} AS SELECT {names} FROM read_csv('{sys.argv[1]}/{file}', types = {{{types}}})")
print(json.dumps([imported - begun, perf_counter() - imported, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""
OURS = """
import json, resource, sys
from datetime import date
from pathlib import Path
from time import perf_counter
begun = perf_counter()
from engine.document import read
from engine.exports.reading import read_sources
imported = perf_counter()
folder = Path(sys.argv[1])
tables = read_sources(read(folder / "company.yaml"), folder, date(2026, 11, 1))
taken = perf_counter() - imported
assert tables.query("SELECT (SELECT count(*) FROM deals), (SELECT count(*) FROM leads)") == [(int(sys.argv[3]),) * 2]
tables.close()
print(json.dumps([imported - begun, taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""

FACTS = """
import json, resource, sys
from datetime import date
from pathlib import Path
from time import perf_counter
begun = perf_counter()
from engine.document import read
from engine.exports.reading import read_sources
from engine.extraction import extract
from engine.session import DEFAULT_POLICY, open_policy
policy = open_policy(DEFAULT_POLICY, date(2026, 11, 1)).policy
imported = perf_counter()
folder = Path(sys.argv[1])
node = read(folder / "company.yaml")
with read_sources(node, folder, date(2026, 11, 1)) as tables:
    found = extract(tables, node, policy, date(2026, 10, 31), date(2026, 11, 1))
    taken = perf_counter() - imported
assert found.sheet.facts["sales.win_rate"].trials
print(json.dumps([imported - begun, taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def write(folder: Path, rows: int, seed: int = SEED) -> None:
    """The exports and the company's file."""
    chance = random.Random(seed)
    for file, lines in (("deals.csv", _deals(rows, chance)), ("leads.csv", _leads(rows, chance))):
        with (folder / file).open("w", encoding="utf-8") as out:
            out.writelines(lines)
    (folder / "company.yaml").write_text(COMPANY, encoding="utf-8")


def _moments(chance: random.Random, *shares: float) -> Iterator[str]:
    """A moment, and one after it for each share, as often as the share says."""
    at = START + timedelta(minutes=chance.randrange(1_500_000))
    yield f"{at:%Y-%m-%d %H:%M}"
    for share in shares:
        at += timedelta(minutes=chance.randrange(40_000))
        yield f"{at:%Y-%m-%d %H:%M}" if chance.random() < share else ""


def _deals(rows: int, chance: random.Random) -> Iterator[str]:
    yield (
        "Record ID,Deal Name,Pipeline,Deal Stage,Amount,Create Date,Close Date,Deal owner,Deal Type,Closed Lost Reason,"
        "Original Traffic Source\n"
    )
    for number in range(rows):
        created, closed = _moments(chance, 0.98)
        stage = chance.choice(("Closed Won", "Closed Lost", "Contract Sent"))
        reason = chance.choice(("price is too high", "", "no decision"))
        yield (
            f"{10**10 + number},Deal {number},Sales,{stage},{chance.randrange(10**7) / 100:.2f},{created},{closed},"
            f"Owner {number % 30},newbusiness,{reason},{chance.choice(('Paid Search', 'Organic Search', 'Referrals'))}\n"
        )


def _leads(rows: int, chance: random.Random) -> Iterator[str]:
    yield (
        "Record ID,First Name,Last Name,Email,Create Date,Lifecycle Stage,Lead Status,Original Traffic Source,"
        "Became a Marketing Qualified Lead Date,Became a Sales Qualified Lead Date,Became an Opportunity Date,"
        "Became a Customer Date,Contact owner\n"
    )
    for number in range(rows):
        created, *became = _moments(chance, 0.5, 0.3, 0.2, 0.1)
        source = chance.choice(("Paid Search", "Organic Search", "Referrals"))
        yield (
            f"{10**10 + number},Ann,Lee {number},ann{number}@example.com,{created},lead,Open,{source},{','.join(became)},"
            f"Owner {number % 30}\n"
        )


def run(script: str, folder: Path, rows: int) -> tuple[float, float, float]:
    """Seconds of the imports, seconds of the work, MB at the peak."""
    command = [sys.executable, "-c", script, str(folder), json.dumps(COLUMNS), str(rows)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    imports, taken, peak = json.loads(done.stdout)
    return imports, taken, peak / 1024


def measured(rows: int, rounds: int) -> Mapping[str, list[tuple[float, float, float]]]:
    """Each in turn, round after round, after one round that is not counted."""
    candidates = {
        "DuckDB loads the columns, typed": FLOOR,
        "Steelyard reads and checks": OURS,
        "Steelyard gives the facts": FACTS,
    }
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in candidates}
    with TemporaryDirectory() as folder:
        write(Path(folder), rows)
        for number in range(rounds + 1):
            for name, script in candidates.items():
                figures = run(script, Path(folder), rows)
                if number:
                    found[name].append(figures)
    return found


def report(rows: int = ROWS, rounds: int = ROUNDS) -> str:
    """The table, and the ratio of the medians taken within rounds."""
    found = measured(rows, rounds)
    lines = [
        [
            name,
            *(f"{median(figures[part] for figures in taken):,.{digits}f}" for part, digits in ((0, 2), (1, 2), (2, 0))),
        ]
        for name, taken in found.items()
    ]
    floor, *ours = found.values()
    ratios = [median(one[1] / other[1] for one, other in zip(each, floor, strict=True)) for each in ours]
    head = f"{rows:,} deals and {rows:,} leads in CSV; medians of {rounds} rounds, each in a process of its own.\n\n"
    told = " and ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"{head}{table(['', 'imports, s', 'work, s', 'peak, MB'], lines)}\n\n{told} times as long."


def main() -> None:
    """`python -m benchmarks.exports [--rows N] [--rounds N]`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    print(report(chosen.rows, chosen.rounds))


if __name__ == "__main__":
    main()
