from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from engine.conclusion import Assumption, GateResult, LimitLine, Variant
from engine.condition import Truth
from engine.render.digest import (
    assumption_sentences,
    coverage_before,
    grades_sentence,
    holds_sentence,
    other_bands,
    plan_by_phase,
    quality_sentences,
    question_effect,
    shortest_list_sentence,
    verdict_questions,
)
from engine.render.gate_words import effect_words, gates_sentence, holding_words, open_words, readiness
from engine.render.indicator_words import alone_sentences, alone_words, evidence_words, limit_words, remarks, sided
from engine.render.names import Names, in_sentence
from engine.render.sentences import (
    direction_words,
    headline_words,
    held_sentence,
    known_sentence,
    open_sentence,
    possible_words,
    score_sentence,
    share_words,
    title_line,
    tried_line,
    urgency_words,
)
from tests.golden.answers import (
    ALONE,
    ALONE_POLICY,
    CASH,
    CONVERSION,
    FLOOR,
    GROWTH,
    HELD,
    HELD_BACK,
    INSUFFICIENT,
    KEEP,
    OPEN,
    POLICY,
    QUESTIONS,
    RIVALS,
    TOO_CLOSE,
)

NAMES = Names.of(POLICY)


# ---- the verdict


def moved(low: float, high: float, headline: str = "Tilt to sales") -> str:
    return headline_words(replace(HELD_BACK, verdict=replace(HELD_BACK.verdict, headline=headline, move=(low, high))))


@pytest.mark.parametrize(
    "low, high, headline, said",
    [
        (5, 10, "Tilt to sales", "TILT TO SALES, 5-10 points of the sales-and-marketing budget"),
        (5, 10, "Tilt", "TILT, 5-10 points of the sales-and-marketing budget to sales"),
        (0, 3.2, "Tilt to sales", "TILT TO SALES, up to 3.2 points of the sales-and-marketing budget"),
        (5, 5, "Tilt to sales", "TILT TO SALES, 5 points of the sales-and-marketing budget"),
        (1, 1, "Tilt to sales", "TILT TO SALES, 1 point of the sales-and-marketing budget"),
        (-10, -5, "Lean to marketing", "LEAN TO MARKETING, 5-10 points of the sales-and-marketing budget"),
        (-10, -5, "Lean", "LEAN, 5-10 points of the sales-and-marketing budget to marketing"),
        (0, 0, "Keep the split", "KEEP THE SPLIT, no move of the sales-and-marketing budget"),
    ],
)
def test_the_headline_says_how_much_and_to_whom(low: float, high: float, headline: str, said: str) -> None:
    assert moved(low, high, headline) == said


def test_without_a_verdict_there_is_no_move() -> None:
    assert headline_words(INSUFFICIENT) == "INSUFFICIENT EVIDENCE, no verdict and no move"


@pytest.mark.parametrize(
    "share, of, move, said",
    [
        (0.58, "marketing", (10, 20), "marketing 58 % -> 38-48 %"),
        (0.58, "sales", (10, 20), "sales 58 % -> 68-78 %"),
        (0.58, "marketing", (-10, -5), "marketing 58 % -> 63-68 %"),
        (0.125, "marketing", (5, 5), "marketing 12.5 % -> 7.5 %"),
        (0.15, "marketing", (10, 20), "marketing 15 % -> 0-5 %"),
        (0.95, "sales", (10, 20), "sales 95 % -> 100 %"),
        (0.58, "marketing", (0, 0), "marketing stays at 58 %"),
        (None, "marketing", (0, 0), ""),
        (None, "", (10, 20), ""),
    ],
)
def test_what_a_move_does_to_the_share(share: float | None, of: str, move: tuple[float, float], said: str) -> None:
    verdict = replace(HELD_BACK.verdict, move=move)
    assert share_words(replace(HELD_BACK, share=share, share_of=of, verdict=verdict)) == said


@pytest.mark.parametrize(
    "gates, said",
    [
        ((FLOOR,), "present share of marketing not given: G7 Brand floor is not checked"),
        (
            (FLOOR, replace(FLOOR, name="G8")),
            "present share of marketing not given: G7 Brand floor and G8 Brand floor are not checked",
        ),
        (
            (replace(FLOOR, truth=Truth.YES, missing=(), cap_missing="plan.floor"),),
            "present share of marketing not given: G7 Brand floor is not checked",
        ),
        ((OPEN,), "present share of marketing not given"),
    ],
)
def test_a_share_that_is_not_given_is_said_with_what_could_not_be_checked(
    gates: tuple[GateResult, ...], said: str
) -> None:
    assert share_words(replace(HELD_BACK, share=None, gates=gates)) == said


def test_without_a_verdict_the_share_is_not_told() -> None:
    assert share_words(INSUFFICIENT) == ""


@pytest.mark.parametrize(
    "gate, said",
    [
        (OPEN, "until G5 Leaking bucket is ruled out, at most 10 points"),
        (replace(OPEN, truth=Truth.YES, cap=5.0), "G5 Leaking bucket allows at most 5 points"),
        (replace(OPEN, truth=Truth.YES, cap=0.0), "G5 Leaking bucket allows no move to sales"),
        (replace(OPEN, truth=Truth.YES, cap=-3.0), "G5 Leaking bucket allows no move to sales"),
    ],
)
def test_a_gate_that_holds_the_move_is_named(gate: GateResult, said: str) -> None:
    answer = replace(HELD_BACK, gates=(gate, HELD))
    assert held_sentence(answer, NAMES) == f'The evidence alone says "shift to sales", 10-20 points; {said}.'


def test_of_several_gates_the_lowest_limit_counts() -> None:
    low = replace(OPEN, name="G3", title="Too dear", truth=Truth.YES, cap=5.0)
    verdict = replace(HELD_BACK.verdict, held_by=("G5", "G3"))
    said = held_sentence(replace(HELD_BACK, verdict=verdict, gates=(OPEN, low)), NAMES)
    assert said.endswith("; G3 Too dear allows at most 5 points.")


def test_where_nothing_holds_the_move_nothing_is_said() -> None:
    assert held_sentence(KEEP, NAMES) == ""
    assert held_sentence(INSUFFICIENT, NAMES) == ""


# ---- the score


def test_a_score_just_below_a_band_does_not_seem_to_reach_it() -> None:
    assert score_sentence(replace(HELD_BACK, score=49.97), NAMES).startswith("Score 49.97, between 30 and 74.6 ")


def test_a_score_of_nearly_nothing_has_no_minus() -> None:
    assert score_sentence(replace(KEEP, score=-0.01, missing=()), NAMES) == "Score 0.0; no answer is open."


def test_what_is_settled_is_said_in_words() -> None:
    assert score_sentence(KEEP, NAMES).endswith("3 open answers are: no open answer can change the verdict.")


def test_one_open_answer_is_one() -> None:
    assert "whatever the 1 open answer is: " in score_sentence(replace(HELD_BACK, missing=("a",)), NAMES)


def test_one_band_is_not_yet_settled_while_a_gate_is_open() -> None:
    answer = replace(HELD_BACK, possible=("shift-to-sales",))
    said = 'the evidence keeps saying "shift to sales", but G5 could still change the move'
    assert possible_words(answer, NAMES) == said


def test_one_band_is_not_yet_settled_while_too_little_could_be_known() -> None:
    answer = replace(HELD_BACK, possible=("shift-to-sales",), gates=())
    assert possible_words(answer, NAMES).endswith("but too little could turn out to be known")


@pytest.mark.parametrize(
    "possible, said",
    [
        (("keep-the-split",), 'only "keep the split" is still possible'),
        (
            ("keep-the-split", "tilt-to-sales"),
            '"keep the split" and "tilt to sales" are possible, '
            '"lean to marketing", "shift to sales" and "strong shift to sales" are not',
        ),
        (tuple(band.name for band in POLICY.bands), "every verdict is still possible"),
    ],
)
def test_without_a_verdict_it_is_said_which_are_possible(possible: tuple[str, ...], said: str) -> None:
    assert possible_words(replace(INSUFFICIENT, possible=possible), NAMES) == said


def test_with_a_verdict_and_every_other_possible() -> None:
    answer = replace(HELD_BACK, possible=tuple(band.name for band in POLICY.bands))
    assert possible_words(answer, NAMES) == "every verdict is still possible"


def test_without_a_score_the_bounds_are_told() -> None:
    assert score_sentence(INSUFFICIENT, NAMES) == open_sentence(INSUFFICIENT, NAMES)
    assert open_sentence(replace(INSUFFICIENT, missing=()), NAMES) == ""


def test_known_evidence_that_is_not_enough_never_looks_like_enough() -> None:
    assert known_sentence(replace(HELD_BACK, coverage=0.4996)) == "Known 49.96 % of the evidence (50 % needed)."


def test_the_title_says_what_was_evaluated() -> None:
    assert title_line(replace(HELD_BACK, layers=(), changed_values=1)) == (
        "Northwind Pumps · example 1.0.0 (1 value changed) · facts as of 2026-10-31"
    )


def test_what_was_tried_is_said() -> None:
    assert tried_line(KEEP) == ""
    assert tried_line(HELD_BACK).startswith("Tried in this run only, not in the policy")


def test_the_ways() -> None:
    assert [direction_words(a) for a in (HELD_BACK, KEEP, INSUFFICIENT)] == ["to sales", "neither way", "not known"]
    assert urgency_words(INSUFFICIENT) == "not known"
    assert urgency_words(replace(HELD_BACK, urgency_because="")) == "medium"


# ---- gates


@pytest.mark.parametrize(
    "gate, said",
    [
        (HELD, "no new hires"),
        (replace(HELD, forbids=("budget-cut", "hire")), "no new budget cuts and no new hires"),
        (replace(HELD, cap=0.0), "no move to sales and no new hires"),
        (replace(HELD, cap=1.0, forbids=()), "at most 1 point"),
        (replace(HELD, cap=inf, forbids=()), ""),
        (replace(HELD, forbids=(), cap_missing="plan.floor"), "a limit that cannot be worked out"),
        (replace(HELD, forbids=(), withdraws_verdict=True), "no verdict"),
    ],
)
def test_what_a_gate_does(gate: GateResult, said: str) -> None:
    assert effect_words(gate, HELD_BACK) == said


@pytest.mark.parametrize(
    "gates, said",
    [
        ((), "no gate stands in the way"),
        ((HELD,), "1 gate holds"),
        ((HELD, HELD), "2 gates hold"),
        ((OPEN,), "1 gate not ruled out"),
        ((OPEN, FLOOR), "2 gates not ruled out"),
        ((HELD, OPEN), "1 gate holds, 1 not ruled out"),
    ],
)
def test_what_stands_in_the_way_is_counted(gates: tuple[GateResult, ...], said: str) -> None:
    assert readiness(replace(HELD_BACK, gates=gates)) == said


def test_gates_in_one_sentence() -> None:
    assert gates_sentence(KEEP) == ""
    assert gates_sentence(replace(HELD_BACK, gates=(FLOOR, OPEN, HELD))) == (
        "In force: no new hires (G6 Too slow to help). Not yet ruled out: G5 Leaking bucket, G7 Brand floor."
    )


def test_a_gate_with_little_to_say() -> None:
    assert holding_words(replace(HELD, because="", first=""), HELD_BACK) == "no new hires"
    assert open_words(replace(OPEN, cap=None, missing=()), HELD_BACK, NAMES) == "not yet ruled out"


# ---- indicators


def test_remarks() -> None:
    assert remarks(CONVERSION, NAMES) == ""
    assert remarks(CASH, NAMES) == "field 70 % filled"
    assert remarks(replace(CASH, quality_known=False, in_score=False), NAMES) == "field 70 %, assumed; not in the score"
    assert remarks(RIVALS, NAMES) == "needs 40 %"
    assert remarks(replace(RIVALS, coverage=0.5), NAMES) == "no main test known"


@pytest.mark.parametrize(
    "limit, said",
    [
        (None, ""),
        (LimitLine("c", 0.0, True, -1.0, "leads fall"), 'leads fall, so "Conversion" cannot speak for sales'),
        (LimitLine("c", 0.0, False, 1.0), 'so "Conversion" cannot speak for marketing'),
        (LimitLine("c", 0.5, True, -1.0), 'so the strength of "Conversion" is +0.5 at most'),
        (LimitLine("c", -0.25, False, 1.0), 'so the strength of "Conversion" is -0.25 at least'),
    ],
)
def test_what_a_limit_means(limit: LimitLine | None, said: str) -> None:
    assert limit_words(replace(CONVERSION, limit=limit), HELD_BACK) == said


def test_what_a_test_says() -> None:
    open_item = RIVALS.evidence[0]
    assert evidence_words(open_item, NAMES) == "not known: share of deals with a rival, named or not"
    assert evidence_words(replace(open_item, missing=()), NAMES) == "open: counts or a range are needed"
    assert evidence_words(TOO_CLOSE, NAMES).startswith("too close to call: win rate 16.2 %")
    assert evidence_words(replace(TOO_CLOSE, too_close=()), NAMES) == "speaks for neither side"


def test_which_side_a_test_speaks_for() -> None:
    sides = [sided(item, HELD_BACK) for item in (*GROWTH.evidence, *KEEP.indicators[1].evidence, *RIVALS.evidence)]
    neither = "for neither side"
    assert sides == ["for sales", neither, "for marketing", neither, neither]


def test_one_indicator_alone() -> None:
    (result,), names = ALONE.indicators, Names.of(ALONE_POLICY)
    assert alone_words(replace(result, state="mixed")).startswith("1 STAGNANT CONVERSION: mixed, strength +0.75 ")
    assert alone_words(RIVALS) == "3 COMPETITIVE PRESSURE: nothing is known yet"
    assert list(alone_sentences(result, names)) == [
        "Once all answers are in, the strength will lie between -0.26 and +1.00.",
        "Known 50 % of its evidence. One indicator alone gives no verdict.",
    ]
    assert list(alone_sentences(CONVERSION, names)) == [
        "Known 100 % of its evidence. One indicator alone gives no verdict."
    ]


@pytest.mark.parametrize("title, said", [("Tilt to sales", "tilt to sales"), ("PLG first", "PLG first"), ("", "")])
def test_a_title_in_a_sentence(title: str, said: str) -> None:
    assert in_sentence(title) == said


# ---- what it stands on


def test_the_same_answer_under_all_weights() -> None:
    same = tuple(Variant("growth", change, 60.0, "shift-to-sales") for change in ("halved", "raised", "dropped"))
    answer = replace(HELD_BACK, variants=same)
    assert holds_sentence(answer) == (
        'the evidence alone says "shift to sales" in all 3 tries: '
        "each weight halved and raised by half, each indicator left out"
    )
    stands = replace(HELD_BACK.verdict, id="shift-to-sales")
    assert holds_sentence(replace(answer, verdict=stands)) == (
        "the same answer in all 3 tries: each weight halved and raised by half, each indicator left out"
    )
    assert other_bands(answer, NAMES) == []
    assert holds_sentence(replace(answer, variants=())) == ""


def test_other_answers_under_other_weights() -> None:
    assert other_bands(HELD_BACK, NAMES) == [
        ('with half the weight of "Conversion"', '"tilt to sales"'),
        ('without "Conversion"', "too little is known for a verdict"),
    ]


def test_grades_in_words_add_up() -> None:
    grades = {"A": 1 / 3, "M": 1 / 3, "X": 1 / 3}
    assert grades_sentence(replace(HELD_BACK, grades=grades)) == "research (A) 34 %, mathematics (M) 33 %, X (X) 33 %"
    assert grades_sentence(replace(HELD_BACK, grades={})) == ""


def test_assumptions_are_told_where_they_decide_something() -> None:
    yes = Assumption("rival.seen", Truth.YES, "gate:G6")
    undecided = Assumption("lead.count", Truth.NO, "case:rivals.seen.1")
    open_gate = Assumption("lead.count", Truth.NO, "gate:G5")
    nobody = Assumption("lead.count", Truth.NO, "signal:nobody.reads")
    answer = replace(HELD_BACK, assumptions=(undecided, open_gate, nobody, yes))
    assert list(assumption_sentences(answer, NAMES)) == [
        "not known, so these parts of a test count as met: share of deals with a rival, named or not (G6)"
    ]


def test_a_signal_is_told_as_the_tests_that_read_it() -> None:
    (said,) = assumption_sentences(HELD_BACK, NAMES)
    assert said.endswith("share of leads never answered (1.1 and 1.2)")


def test_an_assumed_field_is_told_where_it_counts() -> None:
    assumed = replace(CASH, quality_known=False)
    assert list(quality_sentences(replace(HELD_BACK, indicators=(RIVALS, assumed)), NAMES)) == [
        "revenue kept: not known, taken as 70 %"
    ]


# ---- questions and plan


def test_the_list_that_brings_a_verdict_takes_whole_steps() -> None:
    assert [q.fact for q in verdict_questions(INSUFFICIENT)] == ["customer.kept", "customer.score"]


def test_one_answer_may_be_enough() -> None:
    answer = replace(INSUFFICIENT, questions=(replace(QUESTIONS[2], coverage_after=0.5),))
    assert shortest_list_sentence(answer) == (
        "This answer brings enough for a verdict, unless a gate withdraws it: known 12 -> 50 %."
    )


def test_all_answers_may_not_be_enough() -> None:
    answer = replace(INSUFFICIENT, questions=(replace(QUESTIONS[2], coverage_after=0.4996),))
    assert verdict_questions(answer) == ()
    assert shortest_list_sentence(answer) == "No answers bring a verdict: all of them together bring 49.96 %."
    none = replace(INSUFFICIENT, questions=())
    assert shortest_list_sentence(none) == "No answers bring a verdict: all of them together bring 12 %."


def test_what_an_answer_brings() -> None:
    numbers = {"customer.kept": 1, "customer.score": 2}
    first, second, third = QUESTIONS
    nothing = replace(third, coverage_after=0.62, decides=())
    weak = replace(third, coverage_after=0.62)
    said = [question_effect(q, 0.62, HELD_BACK, numbers) for q in (first, second, third, weak, nothing)]
    assert said == [
        "with 2. rules G5 in or out",
        "with 1. rules G5 in or out",
        "brings known 62 -> 69 %",
        "decides 3.1",
        "",
    ]


def test_answers_that_belong_together_are_one_step() -> None:
    assert coverage_before(INSUFFICIENT.questions, INSUFFICIENT) == [0.12, 0.12, 0.54]


def test_the_plan_puts_the_strongest_reason_first_and_says_each_thing_once() -> None:
    twice = replace(HELD_BACK, plan=(*HELD_BACK.plan, replace(HELD_BACK.plan[2], indicator="growth")))
    (title, owners), _ = plan_by_phase(twice)
    assert title == "First 30 days"
    assert [(owner.title, [item.do[:20] for item in owner.items]) for owner in owners] == [
        ("sales", ["name one owner for e", "call back within the", "write a plan to clos"]),
        ("joint", ["agree what a qualifi"]),
    ]
