"""How facts are computed from exports, and the taxonomy: what changed, in words, what belongs together, and what it does to a client."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from engine.changes import Class, Comparison, Mixer, compare, groups_of
from engine.changes.web import COMPUTED
from engine.commands.exports import readable
from engine.document import parse
from engine.fingerprint import policy_digest
from engine.impact.judging import Answer
from engine.impact.pair import Judged, Pair, opened
from engine.policy import PolicySet
from engine.render.change_words import sentence
from engine.session import Engine, open_policy
from tests.changes.example import DAY, replaced, written
from tests.computed.client import Rows, deals_of, document, leads_of, write

Edit = tuple[str, str, str]

RATE = "{method: share, of: deals, by: closed, months: 12, where: {outcome: [won, lost]}, having: {outcome: won}}"
COUNT = "{method: total, of: leads, by: created, months: 3}"
HOURS = "{method: median, of: deals, value: amount, by: closed, months: 12}"
TREND = "{method: monthly, of: leads, by: created, give: trend}"
CASH = "{method: sql, sql: 'SELECT 3 * count(*) / 100.0 AS value, count(*) AS n FROM deals WHERE created < $as_of'}"
MOOD = "method: share, of: deals, having: {reason_class: human}"
COMPUTES: tuple[Edit, ...] = (
    ("facts", "leads.count: {", f"leads.count: {{computed: {COUNT}, "),
    ("facts", "leads.rate: {", f"leads.rate: {{sampled: true, computed: {RATE}, "),
    (
        "facts",
        "leads.trend: {type: category, values: [rising, flat, declining]",
        f"leads.trend: {{computed: {TREND}, type: category, values: [rising, flat, declining, inconclusive, flat_shown]",
    ),
    ("facts", "response.hours: {", f"response.hours: {{computed: {HOURS}, "),
    ("facts", "cash.months: {", f"cash.months: {{computed: {CASH}, "),
    (
        "facts",
        "  leads.sold:",
        "  deals.human: {type: rate, title: human losses, meaning: losses that words could turn, "
        f"ask: Why so, computed: {{{MOOD}}}}}\n  leads.sold:",
    ),
    ("policyset", "facts: facts.yaml", "facts: facts.yaml\nreasons: reasons.yaml"),
)
REASONS = """\
# how their reasons are counted
classes:
  human: {title: words could turn it}
  other: {title: nothing could turn it}
codes:
  price: {class: other, title: price, phrases: [too dear, expensive]}
  trust: {class: human, title: trust, phrases: [not sure]}
negations: [not]
"""


def made(folder: Path, *edits: Edit, reasons: str = REASONS) -> PolicySet:
    """The example, which computes its facts, with edits; the latter may change what it computes."""
    files = replaced(*COMPUTES)
    for file, old, new in edits:
        assert old in files[f"{file}.yaml"], f"{old} stands nowhere in {file}.yaml"
        files[f"{file}.yaml"] = files[f"{file}.yaml"].replace(old, new)
    return open_policy(str(written(folder, {**files, "reasons.yaml": reasons})), DAY).policy


def compared(tmp_path: Path, *edits: Edit, reasons: str = REASONS) -> Comparison:
    return compare(made(tmp_path / "old"), made(tmp_path / "new", *edits, reasons=reasons))


def told(found: Comparison) -> list[str]:
    return [f"{change.effect}: {sentence(change)}" for change in found.changes]


PRICE = "  price: {class: other, title: price, phrases: [too dear, expensive]}"
TRUST = "  trust: {class: human, title: trust, phrases: [not sure]}"
MONTHS = ("facts", COUNT, COUNT.replace("months: 3", "months: 6"))
WON = ("facts", RATE, RATE.replace("months: 12", "months: 24").replace("where: {outcome: [won, lost]}, ", ""))
SLOWER = ("facts", HOURS, f"[{HOURS.replace('months: 12', 'months: 6')}, {HOURS}]")
RICHER = ("facts", "3 * count(*)", "6 * count(*)")
READS = ("facts", CASH, "{method: sql, reads: [leads.count], sql: 'SELECT $leads_count / 12 AS value, 1 AS n'}")


@pytest.mark.parametrize(
    "edit, words",
    [
        (MONTHS, "verdict: fact leads (leads.count): how it is computed: months 3 -> months 6"),
        (
            WON,
            "verdict: fact lead rate (leads.rate): how it is computed: where outcome won, lost; months 12 -> months 24",
        ),
        (
            ("facts", COUNT, COUNT.replace("months: 3", "months: 3, note: without trade fairs")),
            "cosmetic: fact leads (leads.count): how it is computed: none -> note without trade fairs",
        ),
        (
            RICHER,
            "verdict: fact runway (cash.months): how it is computed: SQL `... SELECT 3 * count(*) / 100.0 ...` -> "
            "SQL `... SELECT 6 * count(*) / 100.0 ...`",
        ),
        (
            ("facts", f"computed: {TREND}, ", ""),
            "verdict: fact lead trend (leads.trend): how it is computed: method monthly; give trend; of leads; and 1 more -> none",
        ),
        (
            ("facts", MOOD, f"{MOOD}, where: {{outcome: lost}}"),
            "score: fact human losses (deals.human): how it is computed: none -> where outcome lost",
        ),
        (
            SLOWER,
            "verdict: fact first response (response.hours): how it is computed: way 1: months 12 -> "
            "way 1: months 6; way 2: method median; way 2: of deals; and 3 more",
        ),
    ],
)
def test_how_a_fact_is_computed_is_told_by_what_differs(tmp_path: Path, edit: Edit, words: str) -> None:
    assert told(compared(tmp_path, edit)) == [words]


@pytest.mark.parametrize(
    "old, new, words",
    [
        (
            "expensive]",
            "costly]",
            'score: policy set: what reasons are counted as: price: "expensive" -> price: "costly"',
        ),
        (
            "title: price",
            "title: the price",
            "cosmetic: policy set: what reasons are counted as: price of class other (price) -> price of class other (the price)",
        ),
        (
            f"{PRICE}\n{TRUST}",
            f"{TRUST}\n{PRICE}",
            "score: policy set: what reasons are counted as: class human (words could turn it); ",
        ),
        (
            "negations: [not]",
            "negations: [not, no]",
            'score: policy set: what reasons are counted as: none -> negation "no"',
        ),
    ],
    ids=["phrase", "title", "order", "negation"],
)
def test_the_taxonomy_is_compared_by_what_it_says(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in REASONS
    (found,) = told(compared(tmp_path, reasons=REASONS.replace(old, new)))
    assert found.startswith(words)


@pytest.mark.parametrize(
    "old, new, place",
    [
        ("expensive]", "costly]", "6: costly]"),
        ("phrases: [too dear, expensive]", "phrases: [expensive]", "6: [expensive]"),
        ("title: price", "title: the price", "6: the price,"),
        ("{class: other, title: price", "{class: human, title: price", "6: human, title: price"),
        ("human: {title: words", "human: {counts: false, title: words", "3: false,"),
        (f"{PRICE}\n{TRUST}", f"{TRUST}\n{PRICE}", "6: trust:"),
        (f"{PRICE}\n", "", "5: codes:"),
        (TRUST, f"{TRUST}\n  red_tape: {{class: other, title: red tape, phrases: [form]}}", "8: red_tape:"),
        ("negations: [not]", "negations: [not, no]", "8: no]"),
        ("negations: [not]\n", "", "2: classes:"),
        ("negations: [not]", "negations: []", "8: negations:"),
        ("  other: {title:", "  third: {title: a third}\n  other: {title:", "4: third:"),
    ],
)
def test_a_change_of_the_taxonomy_points_at_what_changed(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in REASONS
    changed = REASONS.replace(old, new)
    (found,) = compared(tmp_path, reasons=changed).changes
    line, _, text = place.partition(": ")
    span = found.span
    assert span is not None
    assert (Path(span.file).name, span.line) == ("reasons.yaml", int(line))
    assert changed.splitlines()[span.line - 1][span.column - 1 :].startswith(text)


def test_comments_layout_and_order_of_keys_are_no_change(tmp_path: Path) -> None:
    other = REASONS.replace("# how their reasons are counted\n", "\n\n").replace("[too dear,", '["too dear" ,')
    reordered = ("facts", COUNT, "{months: 3, by: created, of: leads, method: total}")
    found = compared(tmp_path, reordered, reasons=other)
    assert found.changes == ()
    assert policy_digest(found.old) == policy_digest(found.new)


def test_a_fingerprint_does_not_depend_on_other_changes(tmp_path: Path) -> None:
    (alone,) = compared(tmp_path / "a", MONTHS).changes
    both = compared(tmp_path / "b", MONTHS, WON, reasons=REASONS.replace("expensive", "costly")).changes
    assert alone.fingerprint in {change.fingerprint for change in both}
    (other,) = compared(tmp_path / "c", ("facts", COUNT, COUNT.replace("3", "9"))).changes
    assert other.fingerprint != alone.fingerprint


# --- what belongs together


def parted(found: Comparison) -> list[list[str]]:
    return sorted(sorted(change.name or change.field for change in group.changes) for group in groups_of(found))


def test_facts_that_are_computed_from_exports_alone_change_one_by_one(tmp_path: Path) -> None:
    assert parted(compared(tmp_path, MONTHS, WON)) == [["leads.count"], ["leads.rate"]]


def test_a_fact_that_is_computed_from_another_changes_with_it(tmp_path: Path) -> None:
    assert parted(compared(tmp_path, MONTHS, READS, WON)) == [["cash.months", "leads.count"], ["leads.rate"]]


def test_the_taxonomy_and_those_that_read_it_are_one_edit(tmp_path: Path) -> None:
    reader = ("facts", MOOD, f"{MOOD}, where: {{outcome: lost}}")
    recoded = REASONS.replace("expensive", "costly")
    assert parted(compared(tmp_path, reader, MONTHS, reasons=recoded)) == [["deals.human", "reasons"], ["leads.count"]]


def test_how_a_computed_fact_is_read_goes_with_its_computation(tmp_path: Path) -> None:
    unit = ("facts", "unit: hours", "unit: days")
    (group,) = groups_of(compared(tmp_path, SLOWER, unit))
    assert {change.field for change in group.changes} == {"unit", "computed"}


def test_a_renamed_fact_is_computed_under_its_new_name(tmp_path: Path) -> None:
    old = made(tmp_path / "old", READS)
    renames = (
        ("facts", "leads.count", "leads.number"),
        ("facts", "leads_count", "leads_number"),
        ("demand", "leads.count", "leads.number"),
    )
    found = compare(old, made(tmp_path / "new", READS, *renames))
    assert told(found) == ["verdict: fact leads (leads.number) is called leads.number, was leads.count"]


EDITS = {"months": MONTHS, "won": WON, "slower": SLOWER, "richer": RICHER, "reads": READS}
SEVERAL = [names for n in (1, 2, 3) for names in combinations(EDITS, n) if not {"richer", "reads"} <= {*names}]
PAIRS = [names for names in SEVERAL if len(names) == 2]


@pytest.mark.parametrize("names", PAIRS, ids="+".join)
def test_all_made_is_the_new_policy_set_and_none_the_old(tmp_path: Path, names: tuple[str, ...]) -> None:
    found = compared(tmp_path, *(EDITS[name] for name in names), reasons=REASONS.replace("expensive", "costly"))
    mixer = Mixer.of(found)
    everything = frozenset(slot for group in groups_of(found) for slot in group.slots)
    assert COMPUTED in everything
    assert policy_digest(mixer.mix(frozenset())) == policy_digest(found.old)
    assert policy_digest(mixer.mix(everything)) == policy_digest(found.new)


# --- clients with exports


LEADS: Rows = leads_of("2025-10", [(1, 24)] * 12)
DEALS: Rows = [
    {**row, "reason": "expensive" if number % 2 else "not sure", "amount": 48 if number < 132 else 0.5}
    for number, row in enumerate(deals_of("2024-10", [(1, 8)] * 12 + [(0, 6)] * 12))
]
"""In the last six months an answer took half an hour, before that two days; nobody was won in the last twelve."""


def judge(tmp_path: Path, *edits: Edit, old: tuple[Edit, ...] = (), reasons: str = REASONS) -> tuple[Pair, Judged]:
    """Both answers for a client with exports of leads and deals."""
    made(tmp_path / "old", *old)
    made(tmp_path / "new", *edits, reasons=reasons)
    for name, rows in (("leads", LEADS), ("deals", DEALS)):
        write(tmp_path / f"{name}.csv", rows)
    node = parse(document(date(2026, 9, 30), "{mood.good: true}", {"leads": LEADS, "deals": DEALS}), "company.yaml")
    with (
        opened(str(tmp_path / "old"), str(tmp_path / "new"), DAY, Engine.REFERENCE) as pair,
        readable(node, tmp_path, None, DAY) as reader,
    ):
        return pair, pair.judge(reader)


def score(answer: Answer | None) -> float:
    assert answer is not None
    assert answer.score is not None
    return answer.score


@pytest.mark.parametrize("names", SEVERAL, ids="+".join)
def test_the_parts_add_up_to_the_whole_change(tmp_path: Path, names: tuple[str, ...]) -> None:
    weight = ("demand", "weight: 30", "weight: 60")
    pair, found = judge(
        tmp_path, *(EDITS[name] for name in names), weight, reasons=REASONS.replace("expensive", "costly")
    )
    assert found.problems_before == found.problems_after == ()
    whole = score(found.after) - score(found.before)
    parts = found.attribution.parts if found.attribution is not None else ()
    assert sum(parts) == pytest.approx(whole, abs=1e-9)
    assert any(change.effect is Class.VERDICT for group in pair.edits for change in group.changes)


def test_each_way_to_compute_a_fact_has_its_part(tmp_path: Path) -> None:
    pair, found = judge(tmp_path, SLOWER, ("facts", COUNT, COUNT.replace("months: 3", "months: 1")), RICHER)
    assert found.attribution is not None
    by_fact = {group.leading.name: part for group, part in zip(pair.edits, found.attribution.parts, strict=True)}
    assert set(by_fact) == {"leads.count", "response.hours", "cash.months"}


def test_a_fact_that_is_computed_now_and_was_not(tmp_path: Path) -> None:
    _, found = judge(tmp_path, old=(("facts", f"computed: {HOURS}, ", ""),))
    assert found.before is not None
    assert found.after is not None
    assert found.before.coverage < found.after.coverage
    assert found.attribution is not None
    assert sum(found.attribution.parts) == pytest.approx(score(found.after) - score(found.before), abs=1e-9)


def test_a_renamed_computed_fact_changes_nothing(tmp_path: Path) -> None:
    renames = (("facts", "leads.count", "leads.number"), ("demand", "leads.count", "leads.number"))
    _, found = judge(tmp_path, *renames)
    assert found.before == found.after
