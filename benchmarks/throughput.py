"""(a) Evaluations a second in one process, the policy loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.by_hand import Answer, ByHand
from benchmarks.measure import Seconds, in_turn, ratio, table
from benchmarks.question import Company as Numbers
from benchmarks.question import companies, question, write
from engine import shipped
from engine.backends import Backend
from engine.backends.checked import CheckedBackend
from engine.backends.durable import DurableBackend
from engine.backends.reference import ReferenceBackend
from engine.company import Company, read_company
from engine.conclusion import Kind
from engine.document import parse, read
from engine.evaluation import evaluate
from engine.facts import Facts
from engine.formula import derive_for
from engine.policy import PolicySet
from engine.questions import questions
from engine.recommendation import gate_result, recommend
from engine.run import Fired, fire, fire_each, run
from engine.session import DEFAULT_POLICY, open_policy

DAY = date(2026, 11, 1)
COMPANIES = 200
ROUNDS = 11
TIE = 1e-9


def verdict(policy: PolicySet, company: Company, backend: Backend) -> Answer:
    """What the hand-written program answers, from our stages: formulas, rules, arithmetic, gates; no bounds, no texts."""
    [answer] = verdicts(policy, [company], backend)
    return answer


def verdicts(policy: PolicySet, companies_: Iterable[Company], backend: Backend) -> Iterator[Answer]:
    """The same for many companies in a row, as `steelyard test` goes through them."""
    for fired in fire_each(policy, (derive_for(policy, company.facts)[0] for company in companies_), backend):
        yield _answer(fired)


def _answer(fired: Fired) -> Answer:
    policy = fired.policy
    band = fired.tally.band
    if band is None:
        return Answer(fired.tally.score.value, None, None)
    truths = fired.late.truths
    gates = [gate_result(g, truths[f"{Kind.GATE}:{g.name}"], fired.facts, (), False) for g in policy.gates]
    found = recommend(policy, band, gates, False)
    return Answer(fired.tally.score.value, band.name, found.move[1] if found.move else None)


def as_company(policy: PolicySet, numbers: Numbers) -> Company:
    """The facts of a random company, read as a company file is."""
    facts = "".join(f"\n  {name}: {value}" for name, value in numbers.items())
    return read_company(
        parse(f"company: Timed\nas_of: 2026-10-31\nfacts:{facts or ' {}'}\n", "timed"), policy, None, DAY
    )


def same_score(mine: Answer, other: Answer) -> bool:
    """Whether two scores are equal but for rounding."""
    if mine.score is None or other.score is None:
        return mine.score is other.score
    return abs(mine.score - other.score) < TIE


def agree(ours: Sequence[Answer], theirs: Sequence[Answer]) -> None:
    """Stops the run where two programs differ: what answers otherwise is not worth timing."""
    for mine, other in zip(ours, theirs, strict=True):
        if not same_score(mine, other) or mine[1:] != other[1:]:
            raise SystemExit(f"not the same program: {mine} and {other}")


def row(name: str, taken: Seconds, key: str, count: int, to: str) -> list[str]:
    """One line under HEAD."""
    return [
        name,
        f"{count / median(taken[key]):,.0f}",
        f"{1000 * median(taken[key]) / count:.2f}",
        f"{ratio(taken, to, key):.2f}",
    ]


HEAD = ("program", "companies/s", "ms each", "speed against by hand")


def agreed(seed: int, count: int, folder: Path) -> list[str | None]:
    """The bands of random companies under the question of a seed, on which the program by hand and both engines agree."""
    made, numbers = question(seed), companies(count, seed)
    policy = open_policy(write(made, folder).as_posix(), DAY).policy
    hand = ByHand(made)
    theirs = [hand.answer(company) for company in numbers]
    read_in = [as_company(policy, company) for company in numbers]
    with closing(DurableBackend(policy)) as durable:
        for backend in (durable, ReferenceBackend(policy)):
            agree([verdict(policy, company, backend) for company in read_in], theirs)
    return [answer.band for answer in theirs]


def _against_hand() -> str:
    """The timed question: ours against the hand-written program, which must answer the same."""
    made = question()
    numbers = companies(COMPANIES)
    hand = ByHand(made)
    with TemporaryDirectory() as folder:
        policy = open_policy(write(made, Path(folder) / "timed").as_posix(), DAY).policy
    read_in = [as_company(policy, company) for company in numbers]
    reference = ReferenceBackend(policy)
    with closing(DurableBackend(policy)) as durable:
        checked = CheckedBackend(durable, reference)
        agree([verdict(policy, c, durable) for c in read_in], [hand.answer(c) for c in numbers])
        programs: dict[str, Callable[[], None]] = {
            "by hand": lambda: each(numbers, hand.answer),
            "off": lambda: each(read_in, lambda c: verdict(policy, c, durable)),
            "off, in a row": lambda: each(verdicts(policy, read_in, durable), id),
            "on": lambda: each(read_in, lambda c: verdict(policy, c, checked)),
            "on, in a row": lambda: each(verdicts(policy, read_in, checked), id),
            "reference": lambda: each(read_in, lambda c: verdict(policy, c, reference)),
            "whole": lambda: each(read_in, lambda c: evaluate(policy, c, checked)),
        }
        taken = in_turn(programs, ROUNDS)
    names = {
        "by hand": "by hand, C module in this process, nothing checked",
        "off, in a row": "Steelyard to the verdict, check off, companies in a row",
        "off": "Steelyard to the verdict, check off, one company at a time",
        "on, in a row": "Steelyard to the verdict, check on, companies in a row",
        "on": "Steelyard to the verdict, check on, one company at a time",
        "reference": "Steelyard to the verdict, reference engine alone",
        "whole": "Steelyard, the whole evaluation with bounds, questions and texts",
    }
    return table(HEAD, [row(name, taken, key, COMPANIES, "by hand") for key, name in names.items()])


def each(companies_: Iterable[object], work: Callable[..., object]) -> None:
    """Does the work for one company after the other."""
    for company in companies_:
        work(company)


def example_companies(policy: PolicySet) -> list[Company]:
    """The example companies that ship, as facts for the shipped policy set."""
    files = sorted((Path(__file__).parent.parent / "examples").glob("*/company.yaml"))
    return [read_company(read(file, file.name), policy, None, DAY) for file in files]


def _shares() -> str:
    """The shipped policy set: what each stage of a whole evaluation takes."""
    policy = open_policy(DEFAULT_POLICY, DAY).policy
    known = [(c, derive_for(policy, c.facts)[0]) for c in example_companies(policy)] * 8
    reference = ReferenceBackend(policy)
    with closing(DurableBackend(policy)) as durable:
        checked = CheckedBackend(durable, reference)
        work: dict[str, Callable[[Company, Facts], object]] = {
            "formulas": lambda c, _: derive_for(policy, c.facts),
            "engine": lambda _, f: fire(policy, f, durable),
            "reference": lambda _, f: fire(policy, f, reference),
            "both, compared": lambda _, f: fire(policy, f, checked),
            "with bounds": lambda _, f: run(policy, f, checked),
            "questions": lambda _, f: questions(policy, f, ()),
            "whole": lambda c, _: evaluate(policy, c, checked),
        }
        taken = in_turn({name: _over(known, stage) for name, stage in work.items()}, ROUNDS)
    each = {name: 1000 * median(seconds) / len(known) for name, seconds in taken.items()}
    whole = each["whole"]
    parts = {
        "formulas": each["formulas"],
        "rules engine, with the arithmetic between the strata": each["engine"],
        "reference, and the comparison of the two": each["both, compared"] - each["engine"],
        "bounds": each["with bounds"] - each["both, compared"],
        "questions": each["questions"],
    }
    parts["explanation: findings, texts, plan, sensitivity"] = whole - sum(parts.values())
    rows = [[name, f"{ms:.2f}", f"{100 * ms / whole:.0f} %"] for name, ms in parts.items()]
    return table(("stage", "ms", "share"), [*rows, ["whole evaluation", f"{whole:.2f}", "100 %"]])


def _over(known: Sequence[tuple[Company, Facts]], work: Callable[[Company, Facts], object]) -> Callable[[], None]:
    def run_all() -> None:
        for company, facts in known:
            work(company, facts)

    return run_all


def report() -> str:
    """Both tables."""
    begun = perf_counter()
    first, second = _against_hand(), _shares()
    return (
        f"A question of 35 tests, 70 cases and 40 facts, a tenth of them missing; {COMPANIES} companies.\n\n{first}\n\n"
        f"The shipped policy set ({shipped.policies().name}/sales-focus), the example companies.\n\n{second}\n\n"
        f"{perf_counter() - begun:.0f} s, medians of {ROUNDS} rounds in turn."
    )
