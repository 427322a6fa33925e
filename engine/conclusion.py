"""What a run answers: activations, evidence, indicators, score, gates, verdict, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .condition import Truth
from .diagnostics import Diagnostic, Span
from .facts import Facts
from .members import quick


@quick
class Kind(StrEnum):
    """What fires."""

    SIGNAL = "signal"
    ADJUSTMENT = "adjustment"
    CASE = "case"
    GATE = "gate"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Activation:
    """Something that fired: its name, the facts and signals that made it true, and its place in the policy."""

    kind: Kind
    name: str
    because_of: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Conclusions:
    """The truth of every named condition of one stratum, and what fired, in the order in which it did."""

    truths: Mapping[str, Truth]
    activations: tuple[Activation, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one evidence item says: an outcome in [-1, +1] with the cap and floor that came with it."""

    value: float
    cap: float | None = None
    floor: float | None = None


@dataclass(frozen=True, slots=True)
class EvidenceResult:
    """One evidence item. `outcome` is None while undecided; `case` is the name of the deciding case, if one holds.

    `reachable` are the outcomes that could still be, this one included; `points` its contribution to the score.
    """

    name: str
    title: str
    code: str
    grade: str
    weight: float
    """After adjustments."""
    full_weight: float
    primary: bool
    outcome: Outcome | None
    case: str
    because: str
    """The text of the deciding case, facts filled in."""
    reachable: tuple[Outcome, ...]
    points: float | None = None
    missing: tuple[str, ...] = ()
    """Missing facts that keep it undecided."""
    too_close: tuple[str, ...] = ()
    """Sentences: leaves whose interval straddles the threshold."""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """The points that a binding cap or floor takes or gives, owned by the case that set it."""

    case: str
    limit: float
    is_cap: bool
    points: float | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator. Strength and state are those of the decided evidence; `points` its contribution to the score."""

    name: str
    number: int
    title: str
    short: str
    role: str
    in_score: bool
    weight: float
    quality: float
    quality_fact: str
    quality_known: bool
    strength: float | None
    """None where nothing is decided."""
    mean: float | None
    coverage: float
    assessed: bool
    state: str
    low: float
    high: float
    """Bounds of the strength over every completion of the missing facts."""
    points: float | None
    evidence: tuple[EvidenceResult, ...]
    limit: LimitLine | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate: whether it holds, and what it did. `cap` is the limit it set, in points."""

    name: str
    title: str
    truth: Truth
    grade: str
    because: str
    first: str
    cap: float | None = None
    cap_missing: str = ""
    """The fact that the cap should have come from, where it is missing."""
    forbids: tuple[str, ...] = ()
    withdraws_verdict: bool = False
    missing: tuple[str, ...] = ()
    could_change: bool = False
    """Unknown, and its effect would change the move or the verdict."""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """A reading that fired."""

    name: str
    says: str
    first: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AdjustmentResult:
    """An adjustment that was applied, or is unknown and was not."""

    name: str
    evidence: str
    by: float
    truth: Truth
    because: str
    missing: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The recommendation: `band` is what the evidence says, `headline` what stands after the gates.

    Moves are in points of the budget towards the plus side. Below the required coverage, or where a gate withdraws it,
    `band` and the moves are None and `id` is `insufficient-evidence`.
    """

    id: str
    headline: str
    note: str = ""
    band: str | None = None
    band_title: str = ""
    move: tuple[float, float] | None = None
    band_move: tuple[float, float] | None = None
    held_by: tuple[str, ...] = ()
    """Gates that cap the move below the band's or withdraw the verdict."""
    settled: bool = False
    why_insufficient: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """The band under another weighting: what was changed, and the band (None: insufficient evidence)."""

    indicator: str
    change: str
    """`halved`, `raised` or `dropped`."""
    score: float | None
    band: str | None


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One thing to do."""

    do: str
    side: str
    phase: str
    indicator: str = ""
    watch: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for: what it would decide."""

    fact: str
    ask: str
    who: str
    source: str
    unit: str
    decides: tuple[str, ...]
    """Evidence and gates that it helps to decide."""
    together: tuple[str, ...]
    """Other facts that must be known as well before it decides anything."""
    coverage_after: float
    """Coverage, 0..1, with this and all questions before it answered."""


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """What somebody answered, and what became of it."""

    fact: str
    who: str
    """The person, and the part of the company where the file says it."""
    on: date
    says: str
    """The value as it is shown; empty where they do not know it."""
    standing: str
    """`used`, `differs`, `not known`, `later`, `replaced` or `beaten`: docs/language.md, section 5."""
    note: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Assumption:
    """A leaf that was answered by `if_missing`."""

    fact: str
    answer: Truth
    where: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything one run says of one company under one policy set."""

    company: str
    as_of: date
    facts_of: date
    """The day of the facts that say none."""
    currency: str
    """That of the policy set, in which amounts are compared."""
    rates: tuple[str, ...]
    """The exchange rates that were used, in words."""
    policy: str
    policy_title: str
    policy_version: str
    layers: tuple[str, ...]
    changed_values: int
    tried: tuple[str, ...]
    """Values set for this run only (`--param`, `--set`): not in the policy, not in the company's file."""
    plus: str
    minus: str
    budget: str
    verdict: Verdict
    score: float | None
    score_low: float
    score_high: float
    possible: tuple[str, ...]
    """Bands that the bounds reach, from below."""
    coverage: float
    required_coverage: float
    direction: str
    """The plus side, the minus side, `neither`, or `unknown`."""
    direction_score: float | None
    urgency: str
    """`high`, `medium`, `low` or `unknown`."""
    urgency_because: str
    indicators: tuple[IndicatorResult, ...]
    gates: tuple[GateResult, ...]
    readings: tuple[ReadingResult, ...]
    adjustments: tuple[AdjustmentResult, ...]
    activations: tuple[Activation, ...]
    variants: tuple[Variant, ...]
    plan: tuple[PlanItem, ...]
    phases: tuple[tuple[str, str], ...]
    roll_back: tuple[str, ...]
    questions: tuple[Question, ...]
    facts: Facts
    missing: tuple[str, ...]
    """Input facts that are missing and read by something: the open answers."""
    assumptions: tuple[Assumption, ...]
    warnings: tuple[Diagnostic, ...]
    grades: Mapping[str, float]
    """Share of the decided weight by grade of the evidence."""
    share: float | None = None
    share_of: str = ""
    share_fact: str = ""
    not_computed: Mapping[str, str] = field(default_factory=dict)
    """Why facts could not be computed from exports."""
    answers: tuple[AnswerGiven, ...] = ()
    """What people answered, by fact and day."""
    engine: str = "reference"
