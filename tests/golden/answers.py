"""Answers built by hand, for the renderers: every kind of thing that they tell is in one of them.

The figures are invented, and the points add up to the score.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.conclusion import (
    Activation,
    AdjustmentResult,
    Assumption,
    Evaluation,
    EvidenceResult,
    GateResult,
    IndicatorResult,
    Kind,
    LimitLine,
    Outcome,
    PlanItem,
    Question,
    ReadingResult,
    Variant,
    Verdict,
)
from engine.condition import FactTest, Operand, Operator, SignalTest, Truth
from engine.diagnostics import Diagnostic, Listed, Severity, Span
from engine.facts import FactDefinition, FactType, Observation, Origin
from engine.policy import (
    Band,
    Case,
    Effect,
    Evidence,
    Gate,
    Indicator,
    Layer,
    Parameter,
    PolicySet,
    Role,
    Share,
    Signal,
    Weight,
)

# ---- the policy set

CATALOGUE = {
    definition.name: definition
    for definition in (
        FactDefinition("lead.count", FactType.NUMBER, "leads a month", unit="leads/month"),
        FactDefinition("lead.unanswered", FactType.RATE, "share of leads never answered"),
        FactDefinition("sales.win_rate", FactType.RATE, "win rate", sampled=True, stale_after=180),
        FactDefinition("sales.gap", FactType.PP, "gap"),
        FactDefinition("customer.kept", FactType.RATE, "revenue kept"),
        FactDefinition("customer.score", FactType.NUMBER, "recommendation score", unit="points"),
        FactDefinition("finance.cash", FactType.MONEY, "cash"),
        FactDefinition(
            "finance.runway", FactType.DURATION, "runway", unit="months", formula="finance.cash / finance.burn"
        ),
        FactDefinition("finance.share", FactType.RATE, "marketing's share of the budget"),
        FactDefinition("rival.filled", FactType.RATE, "share of deals with the competitor field filled"),
        FactDefinition("rival.seen", FactType.RATE, "share of deals with a rival, named or not"),
        FactDefinition("score", FactType.NUMBER, "score", late=True),
    )
}


def operand(value: float) -> Operand:
    return Operand(value)


BANDS = (
    Band("lean-to-marketing", "Lean to marketing", operand(-25), -10, -5),
    Band("keep-the-split", "Keep the split", operand(25), 0, 0, "do the joint fixes"),
    Band("tilt-to-sales", "Tilt to sales", operand(50), 5, 10),
    Band("shift-to-sales", "Shift to sales", operand(75), 10, 20),
    Band("strong-shift-to-sales", "Strong shift to sales", None, 20, 30, "in two steps with a review between"),
)


def test(name: str, code: str, title: str, when: FactTest | SignalTest) -> Evidence:
    return Evidence(name, title, Weight(50), "J", (Case(f"{name}.1", when, 1.0),), code)


def above(fact: str) -> FactTest:
    return FactTest(fact, Operator.ABOVE, (operand(0.2),), Truth.NO)


def indicator(number: int, name: str, title: str, short: str, *evidence: Evidence) -> Indicator:
    role = Role.URGENCY if name == "cash" else Role.DIRECTION
    return Indicator(name, number, title, short, "1.0.0", "Is it?", role, Weight(20), evidence)


INDICATORS = (
    indicator(
        1,
        "conversion",
        "Stagnant conversion",
        "Conversion",
        test("conversion.volume", "1.1", "Lead volume", SignalTest("conversion.coming")),
        test("conversion.answer", "1.2", "First answer", above("lead.unanswered")),
    ),
    indicator(
        2,
        "growth",
        "Good leads but slow growth",
        "Good leads, slow growth",
        test("growth.gap", "2.1", "Gap", above("sales.gap")),
        test("growth.win-rate", "2.2", "Win rate", above("sales.win_rate")),
    ),
    indicator(
        3,
        "rivals",
        "Competitive pressure",
        "Competition",
        test("rivals.seen", "3.1", "Rivals", above("rival.seen")),
    ),
    indicator(
        6,
        "cash",
        "Short-term revenue",
        "Short-term revenue",
        test("cash.runway", "6.1", "Runway", above("finance.runway")),
    ),
)

POLICY = PolicySet(
    name="example",
    title="Example",
    version="1.0.0",
    question="Sales or marketing?",
    currency="USD",
    plus="sales",
    minus="marketing",
    budget="the sales-and-marketing budget",
    catalogue=CATALOGUE,
    parameters={"steady": Parameter("steady", 30.0, "leads/month", "J", "below this it is noise")},
    indicators=INDICATORS,
    bands=BANDS,
    signals=(Signal("conversion.coming", above("lead.count"), "leads keep coming"),),
    adjustments=(),
    gates=(Gate("G5", "Leaking bucket", above("customer.kept"), Effect(operand(5))),),
    readings=(),
    phases=(),
    actions=(),
    roll_back=(),
    required_coverage=operand(0.5),
    assessed_at=operand(0.4),
    supports_at=operand(0.35),
    share=Share("finance.share", "marketing"),
    layers=(Layer("example", "1.0.0"), Layer("northwind", "")),
    changed=2,
)


def place(line: int) -> Span:
    return Span("example/policyset.yaml", line, 5)


# ---- the parts of an answer


def evidence(
    item: str, outcome: Outcome | None, points: float | None, because: str = "", grade: str = "J"
) -> EvidenceResult:
    """The result of a test of the policy set; `item` is its name."""
    known = next(e for e in POLICY.evidence if e.name == item)
    return EvidenceResult(
        name=item,
        title=known.title,
        code=known.code,
        grade=grade,
        weight=50.0,
        full_weight=50.0,
        primary=True,
        outcome=outcome,
        case=f"{item}.1" if because else "",
        because=because,
        reachable=(outcome,) if outcome is not None else (Outcome(-1.0), Outcome(1.0)),
        points=points,
        span=place(30),
    )


def result(
    name: str, state: str, strength: float | None, points: float | None, *items: EvidenceResult
) -> IndicatorResult:
    """The result of an indicator of the policy set, of which all or nothing is known."""
    known = POLICY.indicator(name)
    return IndicatorResult(
        name=name,
        number=known.number,
        title=known.title,
        short=known.short,
        role="direction",
        in_score=True,
        weight=20.0,
        quality=1.0,
        quality_fact="",
        quality_known=True,
        strength=strength,
        mean=strength,
        coverage=0.0 if strength is None else 1.0,
        assessed=strength is not None,
        state=state,
        low=-1.0 if strength is None else strength,
        high=1.0 if strength is None else strength,
        points=points,
        evidence=items,
        span=place(20),
    )


CONVERSION = result(
    "conversion",
    "supports-sales",
    0.75,
    30.45,
    evidence("conversion.volume", Outcome(1.0), 20.25, "42 leads/month keep coming"),
    evidence("conversion.answer", Outcome(0.5), 10.2, "the first answer takes 30 hours", "A"),
)
TOO_CLOSE = replace(
    evidence("growth.win-rate", Outcome(0.0), 0.0),
    too_close=("win rate 16.2 % [10.8-23.4 %, 21 of 130] against 20 %",),
)
GROWTH = result(
    "growth",
    "supports-sales",
    0.5,
    20.16,
    evidence("growth.gap", Outcome(1.0), 20.16, "new revenue lags good leads by 19 pp", "B"),
    TOO_CLOSE,
)
RIVALS = replace(
    result("rivals", "not-assessed", None, None, replace(evidence("rivals.seen", None, None), missing=("rival.seen",))),
    quality=0.8,
    quality_fact="rival.filled",
    quality_known=False,
)
CASH = replace(
    result("cash", "mixed", 0.0, 0.0, evidence("cash.runway", Outcome(0.5, cap=0.0), 4.85, "the money lasts 8 months")),
    role="urgency",
    mean=0.25,
    quality=0.7,
    quality_fact="customer.kept",
    limit=LimitLine("cash.runway.1", 0.0, True, -4.85, "there is too little to close"),
)

HELD = GateResult(
    "G6",
    "Too slow to help",
    Truth.YES,
    "M",
    "the money lasts 8 months, a new hire brings money after 8.9 months",
    "put the people there are on open deals",
    forbids=("hire",),
    span=place(40),
)
OPEN = GateResult(
    "G5",
    "Leaking bucket",
    Truth.UNKNOWN,
    "J",
    "too little is kept",
    "",
    cap=10.0,
    missing=("customer.kept", "customer.score"),
    could_change=True,
    span=place(41),
)
RULED_OUT = GateResult("G1", "Nothing to close", Truth.NO, "M", "there is nothing to close", "", span=place(42))
FLOOR = GateResult(
    "G7", "Brand floor", Truth.UNKNOWN, "J", "the floor is reached", "", missing=("finance.share",), span=place(43)
)

QUESTIONS = (
    Question(
        "customer.kept", "How much revenue is kept?", "finance", "billing", "", ("G5",), ("customer.score",), 0.62
    ),
    Question(
        "customer.score", "What is your net promoter score?", "", "survey", "points", ("G5",), ("customer.kept",), 0.62
    ),
    Question("rival.seen", "In how many deals is there a rival?", "sales operations", "CRM", "", ("3.1",), (), 0.69),
)
PLAN = (
    PlanItem("agree what a qualified lead is", "joint", "first"),
    PlanItem("name one owner for each lead", "sales", "first", "conversion", "lead.unanswered"),
    PlanItem("call back within the hour", "sales", "first", "conversion"),
    PlanItem(
        "write a plan to close for every open deal above the usual value, and look at it each week with the owner",
        "sales",
        "first",
        "growth",
    ),
    PlanItem("take part in deal reviews", "marketing", "later"),
)
FACTS = {
    "lead.count": Observation(42.0, source="HubSpot export", as_of=date(2026, 10, 15), by="A. Miller"),
    "sales.win_rate": Observation(
        21 / 130,
        0.1081,
        0.2342,
        successes=21,
        trials=130,
        proxy=True,
        note="counted from proposals",
        span=Span("company.yaml", 7, 3),
    ),
    "finance.runway": Observation(float("inf"), origin=Origin.DERIVED, inputs=("finance.cash",)),
    "finance.cash": Observation(800_000.0, origin=Origin.SET),
    "finance.share": Observation(0.58),
    "score": Observation(50.61, origin=Origin.CONCLUDED),
}
STALE = Diagnostic(
    "stale-fact",
    "on 2026-10-31 `sales.win_rate` is 381 days old, and should be at most 180",
    Span("company.yaml", 7, 3),
    "it is used all the same; bring it up to date",
    Severity.WARNING,
    (Listed("sales.win_rate", "is 381 days old, and should be at most 180", Span("company.yaml", 7, 3)),),
)

HELD_BACK = Evaluation(
    company="Northwind Pumps",
    as_of=date(2026, 10, 31),
    facts_of=date(2026, 10, 31),
    currency="USD",
    rates=(),
    policy="example",
    policy_title="Example",
    policy_version="1.0.0",
    layers=("example 1.0.0", "northwind"),
    changed_values=2,
    tried=("steady=12",),
    plus="sales",
    minus="marketing",
    budget="the sales-and-marketing budget",
    verdict=Verdict(
        "tilt-to-sales",
        "Tilt to sales",
        band="shift-to-sales",
        band_title="Shift to sales",
        move=(5.0, 10.0),
        band_move=(10.0, 20.0),
        held_by=("G5",),
    ),
    score=50.61,
    score_low=30.2,
    score_high=74.6,
    possible=("tilt-to-sales", "shift-to-sales"),
    coverage=0.62,
    required_coverage=0.5,
    direction="sales",
    direction_score=60.0,
    urgency="medium",
    urgency_because="the money lasts 8 months",
    indicators=(CONVERSION, GROWTH, RIVALS, CASH),
    gates=(RULED_OUT, OPEN, HELD),
    readings=(ReadingResult("sprint", "money is needed soon", "run a 30-day closing sprint", place(50)),),
    adjustments=(
        AdjustmentResult("once", "growth.win-rate", 0.5, Truth.YES, "one number is counted once", span=place(60)),
        AdjustmentResult("twice", "rivals.seen", 0.5, Truth.UNKNOWN, "", ("rival.seen",), place(61)),
    ),
    activations=(Activation(Kind.CASE, "conversion.volume.1", ("lead.count",), place(30)),),
    variants=(
        Variant("conversion", "halved", 47.0, "tilt-to-sales"),
        Variant("conversion", "raised", 55.0, "shift-to-sales"),
        Variant("conversion", "dropped", None, None),
        Variant("growth", "halved", 52.0, "shift-to-sales"),
        Variant("growth", "raised", 51.0, "shift-to-sales"),
        Variant("growth", "dropped", 60.0, "shift-to-sales"),
    ),
    plan=PLAN,
    phases=(("first", "First 30 days"), ("later", "30 to 90 days")),
    roll_back=("qualified leads fall by more than 20 % over two months",),
    questions=QUESTIONS,
    facts=FACTS,
    missing=("customer.kept", "customer.score", "rival.seen"),
    assumptions=(
        Assumption("lead.unanswered", Truth.NO, "case:conversion.answer.1"),
        Assumption("lead.unanswered", Truth.NO, "signal:conversion.coming"),
        Assumption("rival.seen", Truth.NO, "case:rivals.seen.1"),
    ),
    warnings=(STALE,),
    grades={"A": 0.25, "B": 0.125, "J": 0.625},
    share=0.58,
    share_of="marketing",
    share_fact="finance.share",
    engine="durable",
)

# ---- other answers

NO_VERDICT = Verdict(
    "insufficient-evidence", "Insufficient evidence", why_insufficient="known 12% of the evidence, 50% needed"
)
THIN_EVIDENCE = GateResult(
    "G8",
    "Evidence too thin",
    Truth.YES,
    "J",
    "12 % of the evidence is known",
    "collect the missing facts",
    withdraws_verdict=True,
)
INSUFFICIENT = replace(
    HELD_BACK,
    tried=(),
    layers=("example 1.0.0",),
    changed_values=0,
    verdict=NO_VERDICT,
    score=None,
    score_low=-77.2,
    score_high=91.8,
    possible=tuple(band.name for band in BANDS),
    coverage=0.12,
    direction="unknown",
    direction_score=None,
    urgency="unknown",
    urgency_because="",
    indicators=(
        replace(CONVERSION, state="not-assessed", assessed=False, coverage=0.3, points=None),
        RIVALS,
    ),
    gates=(OPEN, FLOOR, THIN_EVIDENCE),
    readings=(),
    adjustments=(),
    variants=(),
    plan=PLAN[:1],
    questions=(
        replace(QUESTIONS[0], coverage_after=0.54, decides=("1.2", "2.1")),
        replace(QUESTIONS[1], coverage_after=0.54, decides=("1.2", "2.1")),
        replace(QUESTIONS[2], coverage_after=0.7),
    ),
    warnings=(),
    grades={},
    share=None,
)

KEEP = replace(
    HELD_BACK,
    verdict=Verdict(
        "keep-the-split",
        "Keep the split",
        "do the joint fixes",
        "keep-the-split",
        "Keep the split",
        (0.0, 0.0),
        (0.0, 0.0),
        settled=True,
    ),
    tried=(),
    score=-0.26,
    score_low=-3.5,
    score_high=20.0,
    possible=("keep-the-split",),
    direction="neither",
    urgency="low",
    urgency_because="there is no burn, and the plan will be reached without any new business at all in this year",
    indicators=(
        CONVERSION,
        replace(
            GROWTH,
            state="supports-marketing",
            strength=-0.76,
            points=-30.71,
            evidence=(
                evidence("growth.gap", Outcome(-1.0), -30.71, "revenue grows faster than leads"),
                TOO_CLOSE,
            ),
        ),
    ),
    gates=(RULED_OUT,),
    variants=(Variant("conversion", "halved", 0.0, "keep-the-split"),),
    adjustments=(),
    assumptions=(),
    readings=(),
    warnings=(),
    grades={"J": 1.0},
)

ALONE_POLICY = replace(POLICY, bands=(), gates=(), indicators=INDICATORS[:1], single=True)
ALONE = replace(
    HELD_BACK,
    tried=(),
    verdict=replace(NO_VERDICT, why_insufficient="one indicator alone gives no verdict"),
    possible=(),
    indicators=(
        replace(
            CONVERSION,
            coverage=0.5,
            low=-0.255,
            high=1.0,
            evidence=(
                CONVERSION.evidence[0],
                replace(evidence("conversion.answer", None, None), missing=("lead.unanswered",)),
            ),
        ),
    ),
    gates=(),
    readings=(),
    adjustments=(),
    variants=(),
    plan=(),
    phases=(),
    questions=(
        Question("lead.unanswered", "How many leads were never answered?", "sales", "CRM", "", ("1.2",), (), 1.0),
    ),
    missing=("lead.unanswered",),
    assumptions=(),
    warnings=(),
)

ANSWERS = {
    "held-back": (HELD_BACK, POLICY),
    "insufficient": (INSUFFICIENT, POLICY),
    "keep": (KEEP, POLICY),
    "alone": (ALONE, ALONE_POLICY),
}
