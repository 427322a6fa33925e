"""What comes of answers: of one, of several that agree or differ, beside what is stated and what was said later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest

from engine.backends.reference import ReferenceBackend
from engine.company import Company, read_company
from engine.conclusion import Evaluation
from engine.diagnostics import FactError
from engine.display import display
from engine.document import Fields, parse
from engine.evaluation import evaluate
from engine.explanation import Step, explainer
from engine.inclusion import included, on_disk
from engine.policy import PolicySet
from engine.session import open_policy
from engine.testimony import Standing

DAY = date(2026, 10, 31)
COMPANY = "company: Acme\nas_of: 2026-10-31\ncurrency: USD\nanswers: answers.yaml\n"
MARKETING = "from: marketing\nby: J. Lund\non: 2026-10-20\nanswers:\n"
SALES = "from: sales\nby: P. Okafor\non: 2026-10-21\nanswers:\n"


@cache
def shipped() -> PolicySet:
    return open_policy("steelyard:sales-focus", DAY).policy


def read(*answers: str, facts: str = "", head: str = COMPANY) -> Company:
    """A company with files of answers; `facts` are lines of its own file."""
    node = parse(f"{head}facts:\n{facts}" if facts else head, "company.yaml")
    documents = tuple(parse(text, f"answers-{n}.yaml") for n, text in enumerate(answers, 1))
    assert isinstance(node, Fields)
    beside = tuple(document for document in documents if isinstance(document, Fields))
    return read_company(replace(node, beside=beside), shipped(), None, DAY)


def shown(company: Company, fact: str) -> str:
    observation = company.facts.get(fact)
    return "not known" if observation is None else display(observation, shipped().catalogue[fact], "USD")


def standings(company: Company, fact: str) -> list[tuple[str, Standing]]:
    return [(one.who, one.standing) for one in company.answers[fact]]


def test_an_answer_is_a_fact_with_who_and_when() -> None:
    company = read(SALES + "  sales.win_rate: {value: 21 of 130, source: CRM, note: from proposals}\n")
    found = company.facts["sales.win_rate"]
    assert shown(company, "sales.win_rate") == "16.2 % [10.8-23.4 %, 21 of 130]"
    assert (found.by, found.as_of, found.source, found.note) == (
        "P. Okafor (sales)",
        date(2026, 10, 21),
        "CRM",
        "from proposals",
    )


@pytest.mark.parametrize(
    "marketing, sales, taken",
    [
        ("2", "40", "between 2 and 40 hours"),
        ("2", "[10, 30]", "between 2 and 30 hours"),
        ("12", "12 hours", "12 hours"),
        ("[1, 4]", "[1, 4]", "between 1 and 4 hours"),
        ("[1, 4]", "2", "between 1 and 4 hours"),
        ("don't know", "12", "12 hours"),
        ("don't know", "unknown", "not known"),
    ],
)
def test_two_answers_about_a_number(marketing: str, sales: str, taken: str) -> None:
    company = read(
        f"{MARKETING}  lead.first_response_hours: {marketing}\n", f"{SALES}  lead.first_response_hours: {sales}\n"
    )
    assert shown(company, "lead.first_response_hours") == taken


@pytest.mark.parametrize(
    "marketing, sales, taken",
    [
        ("21 of 130", "16%", "16.2 % [10.8-23.4 %, 21 of 130]"),
        ("21 of 130", "30%", "between 10.8 and 30 %"),
        ("21 of 130", "40 of 130", "between 10.8 and 39.2 %"),
        ("{value: 20%, low: 15%, high: 25%}", "16%", "20 % [15-25 %]"),
    ],
)
def test_two_answers_about_a_rate(marketing: str, sales: str, taken: str) -> None:
    written = marketing if marketing.startswith("{") else f"{{value: {marketing}}}"
    company = read(f"{MARKETING}  sales.win_rate: {written}\n", f"{SALES}  sales.win_rate: {{value: {sales}}}\n")
    assert shown(company, "sales.win_rate") == taken


def test_words_that_differ_are_not_known_and_both_are_said() -> None:
    company = read(f"{MARKETING}  company.model: saas\n", f"{SALES}  company.model: services\n")
    assert shown(company, "company.model") == "not known"
    assert standings(company, "company.model") == [
        ("J. Lund (marketing)", Standing.DIFFERS),
        ("P. Okafor (sales)", Standing.DIFFERS),
    ]
    assert [(w.code, w.message) for w in company.warnings] == [
        (
            "answers-differ",
            "answers to `company.model` differ: J. Lund (marketing) says saas on 2026-10-20; "
            "P. Okafor (sales) says services on 2026-10-21",
        )
    ]


def test_answers_that_agree_are_one_value_with_both_names() -> None:
    company = read(f"{MARKETING}  company.model: saas\n", f"{SALES}  company.model: saas\n")
    assert company.facts["company.model"].by == "J. Lund (marketing) and P. Okafor (sales)"
    assert company.facts["company.model"].as_of == date(2026, 10, 20)
    assert company.warnings == ()


def test_what_is_stated_counts_before_an_answer_and_a_difference_is_said() -> None:
    company = read(
        f"{SALES}  sales.rep_count: 5\n  sales.cycle_days: 57\n", facts="  sales.rep_count: 3\n  sales.cycle_days: 57\n"
    )
    assert shown(company, "sales.rep_count") == "3 people"
    assert standings(company, "sales.rep_count") == [("P. Okafor (sales)", Standing.BEATEN)]
    assert [(w.code, w.message) for w in company.warnings] == [
        (
            "answer-differs",
            "`sales.rep_count` is stated as 3 people, and P. Okafor (sales) says 5 people on 2026-10-21",
        )
    ]


def test_unknown_in_the_file_of_the_company_leaves_it_to_the_answer() -> None:
    assert (
        shown(read(f"{SALES}  sales.rep_count: 5\n", facts="  sales.rep_count: unknown\n"), "sales.rep_count")
        == "5 people"
    )


def test_what_was_said_later_is_not_used() -> None:
    late = "  sales.rep_count: {value: 5, by: P. Okafor, on: 2026-11-02, as_of: 2026-11-01}\n"
    company = read(f"answers:\n{late}")
    assert shown(company, "sales.rep_count") == "not known"
    assert standings(company, "sales.rep_count") == [("P. Okafor", Standing.LATER)]
    assert [(w.code, w.message) for w in company.warnings] == [
        (
            "answer-from-later",
            "`sales.rep_count` was answered by P. Okafor on 2026-11-02, after the evaluation date 2026-10-31",
        )
    ]


def test_many_answers_of_later_days_are_one_warning() -> None:
    late = "by: P. Okafor\non: 2026-11-02\nanswers:\n  sales.rep_count: 5\n  sales.cycle_days: {value: 57, on: 2026-11-09}\n"
    (warning,) = read(late).warnings
    assert (warning.code, warning.message, warning.hint) == (
        "answer-from-later",
        "2 answers were given after the evaluation date 2026-10-31",
        "they are not used; evaluate as of 2026-11-09 or a later day to use them",
    )
    assert [str(one) for one in warning.listed] == [
        "`sales.rep_count` was answered by P. Okafor on 2026-11-02 (answers-1.yaml:4)",
        "`sales.cycle_days` was answered by P. Okafor on 2026-11-09 (answers-1.yaml:5)",
    ]


def test_an_amount_is_told_in_the_currency_in_which_it_was_answered() -> None:
    euros = "currency: EUR\nexchange_rates: [{from: EUR, to: USD, rate: 1.08, date: 2026-10-30}]\n"
    found = read(
        f"{MARKETING}  finance.cash_balance: 400000\n",
        f"{SALES}  finance.cash_balance: 420000\n",
        head=COMPANY.replace("currency: USD\n", euros),
    )
    assert shown(found, "finance.cash_balance") == "between 400,000 and 420,000 EUR (432,000 and 453,600 USD)"
    (warning,) = found.warnings
    assert warning.message == (
        "answers to `finance.cash_balance` differ: J. Lund (marketing) says 400,000 EUR (432,000 USD) on 2026-10-20; "
        "P. Okafor (sales) says 420,000 EUR (453,600 USD) on 2026-10-21"
    )


def test_of_one_person_the_last_answer_counts() -> None:
    again = SALES.replace("2026-10-21", "2026-10-25")
    company = read(f"{SALES}  sales.rep_count: 5\n", f"{again}  sales.rep_count: 4\n")
    assert shown(company, "sales.rep_count") == "4 people"
    assert [one.standing for one in company.answers["sales.rep_count"]] == [Standing.REPLACED, Standing.USED]


def test_an_old_answer_is_stale_as_any_fact() -> None:
    old = SALES.replace("2026-10-21", "2026-01-21")
    company = read(f"{old}  funnel.leads_per_month: 42\n")
    assert [w.code for w in company.warnings] == ["stale-fact"]


def test_an_empty_questionnaire_says_nothing() -> None:
    company = read("from:\nby:\non:\nanswers:\n  sales.rep_count:\n    value:\n    by:\n    on:\n  company.model:\n")
    assert (dict(company.facts), dict(company.answers), company.warnings) == ({}, {}, ())


# --- in the evaluation -----------------------------------------------------------------------------------------


def evaluated(company: Company) -> Evaluation:
    return evaluate(shipped(), company, ReferenceBackend(shipped()))


def outcome(evaluation: Evaluation, code: str) -> float | None:
    item = next(item for result in evaluation.indicators for item in result.evidence if item.code == code)
    return item.outcome.value if item.outcome is not None else None


def test_a_rule_holds_only_where_it_holds_for_the_whole_range() -> None:
    """The first response is late above 24 hours, and slow above 1."""

    def answered(low: str, high: str) -> float | None:
        marketing = f"{MARKETING}  lead.first_response_hours: {low}\n"
        return outcome(evaluated(read(marketing, f"{SALES}  lead.first_response_hours: {high}\n")), "1.5")

    assert answered("2", "40") is None
    assert answered("30", "40") == 1.0
    assert answered("2", "20") == 0.5


def test_what_is_in_dispute_is_asked_and_what_nobody_knows_is_not() -> None:
    disputed = read(
        f"{MARKETING}  lead.first_response_hours: 2\n",
        f"{SALES}  lead.first_response_hours: 40\n  sales.win_rate: don't know\n",
    )
    asked = [question.fact for question in evaluated(disputed).questions]
    assert "lead.first_response_hours" in asked
    assert "sales.win_rate" not in asked
    assert "sales.win_rate" in [question.fact for question in evaluated(read()).questions]


def test_the_order_of_files_and_entries_means_nothing() -> None:
    lines = ["  sales.win_rate: {value: 21 of 130}\n", "  sales.cycle_days: [40, 60]\n", "  company.model: saas\n"]
    others = "  sales.win_rate: {value: 30%}\n  sales.cycle_days: 50\n  company.model: saas\n"
    third = "by: A. Miller\non: 2026-10-20\nanswers:\n  sales.win_rate: {value: 18%}\n  sales.cycle_days: [40, 60]\n"
    found = []
    for order in permutations(lines):
        files = (MARKETING + "".join(order), SALES + others, third)
        found += [read(*some) for some in permutations(files)]
    assert len(found) == 36
    assert all(dict(one.facts) == dict(found[0].facts) for one in found)
    assert all(
        {name: [replace(said, span=None) for said in several] for name, several in one.answers.items()}
        == {name: [replace(said, span=None) for said in several] for name, several in found[0].answers.items()}
        for one in found
    )


def test_a_file_of_answers_that_is_not_there_yet(tmp_path: Path) -> None:
    """Nothing beside it has such a name, and `ask` would refuse to write it while it is named."""
    place = tmp_path / "company.yaml"
    node = parse("company: Acme\nas_of: 2026-10-31\nanswers: [answers.yaml]\nfacts: {}\n", "company.yaml")
    with pytest.raises(FactError) as refused:
        read_company(included(node, on_disk(place)), shipped(), None, DAY)
    [problem] = refused.value.diagnostics
    assert problem.code == "file-missing"
    assert problem.hint == "take the name out until the file is there: `steelyard ask -o` writes it"


# --- in an explanation -----------------------------------------------------------------------------------------


def test_a_comparison_of_a_fact_that_was_worked_out_says_who_answered_the_facts_below_it() -> None:
    """Runway is cash divided by the burn, of which two people say different things."""
    finance = "from: finance\nby: T. Berg\non: 2026-10-12\nanswers:\n"
    company = read(
        f"{finance}  finance.cash_balance: 420000\n  finance.net_burn_monthly: 30000\n",
        f"{SALES}  finance.net_burn_monthly: {{value: 40000, note: last quarter}}\n",
    )
    step = explainer(shipped(), company, ReferenceBackend(shipped())).explain("short-term-revenue.runway")
    (short,) = [leaf for leaf in leaves(step) if leaf.text.startswith("runway: needs to be at most 6 months")]
    assert short.details[:5] == (
        "worked out as finance.cash_balance / finance.net_burn_monthly",
        "from cash: 420,000 USD; T. Berg (finance); as of 2026-10-12; answers-1.yaml:5",
        "from monthly net burn: between 30,000 and 40,000 USD/month; T. Berg (finance) and P. Okafor (sales); "
        "as of 2026-10-12; last quarter; answers-1.yaml:6",
        "T. Berg (finance) says 30,000 USD/month on 2026-10-12 (the answers differ)",
        "P. Okafor (sales) says 40,000 USD/month on 2026-10-21 (the answers differ)",
    )


def test_facts_that_were_worked_out_from_others_that_were_name_the_lowest_once() -> None:
    """The time until a hire pays reads the cycle and the ramp; the runway less that time reads the cash and the burn as well."""
    company = read(
        f"{SALES}  finance.cash_balance: 420000\n  finance.net_burn_monthly: 30000\n  sales.cycle_days: 57\n"
    )
    step = explainer(shipped(), company, ReferenceBackend(shipped())).explain("G6")
    found = [
        detail
        for leaf in leaves(step)
        if "worked out as finance.runway_months - plan.hiring_lead_time" in leaf.details
        for detail in leaf.details
        if detail.startswith("from ")
    ]
    assert [detail.partition(":")[0] for detail in found] == ["from cash", "from monthly net burn", "from sales cycle"]


def leaves(step: Step) -> Iterator[Step]:
    yield from (leaf for inner in step.steps for leaf in leaves(inner))
    if not step.steps:
        yield step
