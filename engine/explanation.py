"""Why, and why not: the tree of conditions behind any item of an answer, with values, thresholds and distances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, isfinite

from . import findings
from .answered import BECAME, told
from .backends import Backend
from .company import Company
from .conclusion import Kind
from .condition import (
    All,
    AnyOf,
    AtLeastN,
    Condition,
    FactTest,
    Not,
    Operator,
    SignalTest,
    Truth,
    fact_truth,
    tolerance,
    truth,
)
from .diagnostics import Diagnostic, PolicyError, Span, did_you_mean
from .display import display, display_operand, grouped, is_percent, unit_text
from .evaluation import verdict_of
from .facts import FactDefinition, FactType, Observation, Origin
from .formula import derive_for
from .history import of_thing
from .naming import explainable
from .policy import Adjustment, Case, Evidence, Gate, Indicator, Parameter, PolicySet, Reading, Signal, in_force
from .run import Fired, Run, bounded, run
from .testimony import Standing, Testimony
from .texts import display_parameter, fill, straddles

WORDS = {
    Operator.BELOW: "below",
    Operator.AT_MOST: "at most",
    Operator.ABOVE: "above",
    Operator.AT_LEAST: "at least",
    Operator.BETWEEN: "between",
    Operator.EQUALS: "",
    Operator.ONE_OF: "one of",
    Operator.CLEARLY_BELOW: "clearly below",
    Operator.CLEARLY_ABOVE: "clearly above",
    Operator.COVERS: "not clearly different from",
}
"""How a comparison reads after "is" or "needs to be"."""


@dataclass(frozen=True, slots=True)
class Step:
    """One node of an explanation. `answer` is yes, no, unknown, too close to call, or empty where there is nothing to answer."""

    text: str
    answer: str = ""
    details: tuple[str, ...] = ()
    """Source of the fact, the threshold's grade and reason."""
    steps: tuple[Step, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains items of one run."""

    run: Run
    shown: set[str] = field(default_factory=set)
    """Signals that the tree being built has explained already."""
    not_computed: Mapping[str, str] = field(default_factory=dict)
    """Why facts could not be computed from exports."""
    answers: Testimony = field(default_factory=dict)

    def explain(self, item: str) -> Step:
        """The tree behind an item: `verdict`, or the name, number or code of an indicator, evidence, signal, gate, adjustment or reading.

        Raises PolicyError for a name that there is not, with the nearest one.
        """
        policy = self.run.policy
        self.shown.clear()
        if item == "verdict":
            return self._verdict()
        for indicator in policy.indicators:
            if item in (indicator.name, str(indicator.number)):
                return self._indicator(indicator)
        for evidence in policy.evidence:
            if item in (evidence.name, evidence.code):
                return self._evidence(evidence)
        for rule in self._named_rules():
            if rule.name == item:
                return self._rule(rule)
        if item in policy.catalogue:
            return self._fact(policy.catalogue[item])
        names = self.names()
        hint = (
            did_you_mean(item, names) or "name an indicator, an evidence item, a signal, a gate, a fact, or `verdict`"
        )
        raise PolicyError([Diagnostic("unknown-item", f"there is nothing called `{item}` to explain", None, hint)])

    def names(self) -> tuple[str, ...]:
        """Everything that can be explained."""
        return tuple(name.text for name in explainable(self.run.policy))

    def _named_rules(self) -> tuple[Signal | Gate | Adjustment | Reading, ...]:
        policy = self.run.policy
        return (*policy.signals, *policy.gates, *policy.adjustments, *policy.readings)

    def _verdict(self) -> Step:
        policy, found = self.run.policy, self.run.tally
        verdict = verdict_of(self.run, tuple(findings.gates(self.run)))
        said = verdict.headline.lower()
        if verdict.held_by and verdict.band is not None:
            said += f", while the evidence says {verdict.band_title.lower()} (held by {', '.join(verdict.held_by)})"
        score = "no score" if found.score.value is None else f"score {found.score.value:.1f}"
        known = f"known {int(100 * found.score.coverage)} % of the evidence, {100 * policy.required_coverage.number:.0f} % needed"
        low, high = floor(self.run.bounds.low), ceil(self.run.bounds.high)
        bounds = f"between {low} and {high} whatever the open answers are"
        gates = tuple(self._rule(gate) for gate in policy.gates if self._truth(Kind.GATE, gate.name) is not Truth.NO)
        indicators = tuple(self._indicator_line(indicator) for indicator in policy.indicators)
        return Step(f"verdict: {said}; {score}", "", (known, bounds), (*indicators, *gates), policy.span)

    def _truth(self, kind: Kind, name: str) -> Truth:
        return self.run.truth(kind, name)

    def _indicator_line(self, indicator: Indicator) -> Step:
        result = next(s for s in self.run.tally.strengths if s.indicator.name == indicator.name)
        shown = (
            "nothing known"
            if result.value is None
            else f"strength {result.value:+.2f}, known {int(100 * result.coverage)} %"
        )
        assessed = "" if result.assessed else ", not assessed"
        return Step(
            f"{indicator.number} {indicator.title}: {shown}{assessed}, weight {indicator.weight.value:g}",
            span=indicator.span,
        )

    def _indicator(self, indicator: Indicator) -> Step:
        line = self._indicator_line(indicator)
        steps = tuple(self._evidence(item) for item in indicator.evidence)
        details = (indicator.question, *of_thing(self.run.policy, "indicator", indicator.name))
        return Step(line.text, "", details, steps, indicator.span)

    def _evidence(self, item: Evidence) -> Step:
        weighed = next(w for w in self.run.tally.weighed[item.indicator] if w.item.name == item.name)
        outcome = weighed.decision.outcome
        said = "not decided" if outcome is None else f"outcome {signed(outcome.value)}"
        details = [
            f"weight {weighed.weight:g}"
            + (f" (before adjustment {item.weight.value:g})" if weighed.weight != item.weight.value else "")
        ]
        if outcome is None:
            options = ", ".join(signed(o.value) for o in weighed.decision.reachable)
            details.append(f"could still be {options}")
        elif not weighed.decision.case:
            answers = {self._truth(Kind.CASE, case.name) for case in item.cases}
            whatever = "whatever is still open comes to the same"
            details.append(whatever if Truth.UNKNOWN in answers else "no case holds, so it speaks for neither side")
        details += of_thing(self.run.policy, "evidence", item.name)
        steps = tuple(self._cases(item))
        mark = ", primary" if item.primary else ""
        return Step(
            f"{item.code} {item.title}: {said} (grade {item.grade}{mark})".strip(), "", tuple(details), steps, item.span
        )

    def _cases(self, item: Evidence) -> Iterator[Step]:
        """The cases in order, up to the one that holds."""
        for number, case in enumerate(item.cases, start=1):
            answer = self._truth(Kind.CASE, case.name)
            yield self._case(number, case, answer, item.indicator)
            if answer is Truth.YES:
                return

    def _case(self, number: int, case: Case, answer: Truth, indicator: str) -> Step:
        limits = "".join(f", {n} {v:g}" for n, v in (("cap", case.cap), ("floor", case.floor)) if v is not None)
        because = fill(case.because, self.run.policy, self.run.facts, indicator)
        details = (because,) if because and answer is Truth.YES else ()
        named = "" if case.name.endswith(f".{number}") else f" {case.name.rpartition('.')[2]}"
        return Step(
            f"case {number}{named}: outcome {signed(case.outcome)}{limits}",
            answer,
            (*details, *of_thing(self.run.policy, "case", case.name)),
            (self._condition(case.when),),
            case.span,
        )

    def _rule(self, rule: Signal | Gate | Adjustment | Reading) -> Step:
        kinds = {Signal: Kind.SIGNAL, Gate: Kind.GATE, Adjustment: Kind.ADJUSTMENT, Reading: Kind.READING}
        kind = kinds[type(rule)]
        title = f" {rule.title}" if isinstance(rule, Gate) else ""
        answer = self._truth(kind, rule.name)
        because = "" if isinstance(rule, Signal | Reading) or answer is not Truth.YES else rule.because
        details = (fill(because, self.run.policy, self.run.facts),) if because else ()
        return Step(
            f"{kind} {rule.name}{title}",
            self._truth(kind, rule.name),
            (*details, *of_thing(self.run.policy, str(kind), rule.name)),
            (self._condition(rule.when),),
            rule.span,
        )

    def _condition(self, condition: Condition) -> Step:
        match condition:
            case FactTest():
                return self._leaf(condition)
            case SignalTest(name):
                return self._signal(name)
            case Not(part):
                return self._group("not", condition, (part,))
            case All(parts):
                return self._group("all of", condition, parts)
            case AnyOf(parts):
                return self._group("any of", condition, parts)
            case AtLeastN(n, parts):
                return self._group(f"at least {n} of", condition, parts)

    def _signal(self, name: str) -> Step:
        """A signal and its condition, the condition once in a tree."""
        signal = next(s for s in self.run.policy.signals if s.name == name)
        answer = self._truth(Kind.SIGNAL, name)
        if name in self.shown:
            return Step(f"signal {name}", answer, ("as above",), (), signal.span)
        self.shown.add(name)
        details = tuple(of_thing(self.run.policy, "signal", name))
        return Step(f"signal {name}", answer, details, (self._condition(signal.when),), signal.span)

    def _group(self, words: str, condition: All | AnyOf | Not | AtLeastN, parts: tuple[Condition, ...]) -> Step:
        signals = {s.name: self._truth(Kind.SIGNAL, s.name) for s in self.run.policy.signals}
        answer = truth(condition, self.run.facts, signals)
        return Step(words, answer, (), tuple(self._condition(part) for part in parts), condition.span)

    def _leaf(self, test: FactTest) -> Step:
        definition = self.run.policy.catalogue[test.fact]
        observation = self.run.facts.get(test.fact)
        answer = fact_truth(test, observation)
        close = straddles(test, observation)
        text = self._sentence(test, definition, observation, answer, close)
        details = (*self._provenance(definition, observation), *self._below(observation), *self._thresholds(test))
        return Step(text, "too close to call" if close else answer, details, (), test.span)

    def _sentence(
        self, test: FactTest, definition: FactDefinition, observation: Observation | None, answer: Truth, close: bool
    ) -> str:
        name = definition.title or definition.name
        if test.operator is Operator.KNOWN:
            wanted = "known" if test.operands[0].value is True else "not known"
            return f"{name}: needs to be {wanted}, is {'known' if observation is not None else 'not known'}"
        wanted = self._wanted(test, definition)
        if observation is None:
            assumed = f"; taken as {test.if_missing}" if test.if_missing is not None else ""
            return f"{name}: needs to be {wanted}, is not known{assumed}"
        shown = display(observation, definition, self.run.policy.currency)
        if close:
            return f"{name}: needs to be {wanted}, is {shown}: too close to call"
        if answer is Truth.UNKNOWN and observation.ranged:
            return f"{name}: needs to be {wanted}, is {shown}, which may lie on either side"
        if answer is Truth.UNKNOWN:
            return f"{name}: needs to be {wanted}, is {shown}: not known how exact that is; give the counts, or the low and the high end"
        far = self._distance(test, definition, observation, answer)
        verb = "is" if answer is Truth.YES else "needs to be"
        return (
            f"{name}: is {shown}, {wanted}{far}" if verb == "is" else f"{name}: needs to be {wanted}, is {shown}{far}"
        )

    def _wanted(self, test: FactTest, definition: FactDefinition) -> str:
        shown = [display_operand(operand, definition, self.run.policy.currency) for operand in test.operands]
        joined = f"{shown[0]} and {shown[1]}" if test.operator is Operator.BETWEEN else ", ".join(shown)
        return f"{WORDS[test.operator]} {joined}".strip()

    def _distance(self, test: FactTest, definition: FactDefinition, observation: Observation, answer: Truth) -> str:
        """How far the value, or the end of the interval that counts, is from the nearest threshold."""
        if not definition.type.is_ordered or observation.ranged or isinstance(observation.value, (str, bool)):
            return ""
        value, threshold = _nearest(test, observation)
        away = abs(value - threshold)
        if not isfinite(away) or (answer is Truth.YES and test.operator in (Operator.EQUALS, Operator.COVERS)):
            return ""
        if away <= tolerance(threshold):
            return ": exactly at the threshold"
        shown = self._amount(away, definition)
        return (
            f": {shown} to spare" if answer is Truth.YES else f": {shown} too {'high' if value > threshold else 'low'}"
        )

    def _amount(self, away: float, definition: FactDefinition) -> str:
        if is_percent(definition):
            return f"{grouped(100 * away)} points"
        unit = " days" if definition.type is FactType.DATE else unit_text(definition, self.run.policy.currency)
        return grouped(away) + unit

    def _provenance(self, definition: FactDefinition, observation: Observation | None) -> Iterator[str]:
        if observation is None:
            if definition.name in self.not_computed:
                yield f"not computed from the exports: {self.not_computed[definition.name]}"
            if definition.ask:
                yield f"ask: {definition.ask}" + (f" ({definition.who})" if definition.who else "")
            elif definition.formula:
                yield f"worked out as {definition.formula}"
            return
        if observation.origin is Origin.DERIVED:
            yield f"worked out as {definition.formula}"
            return
        said = [
            f"stated as {observation.stated}" if observation.stated and not observation.ranged else "",
            observation.source,
            observation.by,
            f"as of {observation.as_of}" if observation.as_of else "",
            observation.note,
        ]
        where = f"{observation.span.file}:{observation.span.line}" if observation.span else str(observation.origin)
        yield "; ".join([*(text for text in said if text), where])
        if observation.proxy:
            yield "stands in for the fact as defined"

    def _below(self, observation: Observation | None) -> Iterator[str]:
        """The stated and computed facts that a fact was worked out from, each once: the value, who said it, when and where."""
        for name in dict.fromkeys(self._roots(observation.inputs)) if observation is not None else ():
            definition, found = self.run.policy.catalogue[name], self.run.facts[name]
            shown = display(found, definition, self.run.policy.currency)
            yield "; ".join([f"from {definition.title}: {shown}", *self._provenance(definition, found)])
            yield from self._said(definition)

    def _roots(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            found = self.run.facts.get(name)
            if found is not None:
                yield from (self._roots(found.inputs) if found.origin is Origin.DERIVED else [name])

    def _said(self, definition: FactDefinition) -> Iterator[str]:
        """Who answered what, where one line does not say it."""
        said = self.answers.get(definition.name, ())
        if len(said) > 1 or any(one.standing is not Standing.USED for one in said):
            for one in said:
                became = f" ({BECAME[one.standing]})" if one.standing in BECAME else ""
                yield f"{told(one, definition, self.run.policy.currency)}{became}"

    def _thresholds(self, test: FactTest) -> Iterator[str]:
        for operand in test.operands:
            parameter = self.run.policy.parameters.get(operand.parameter)
            if parameter is not None:
                yield _threshold(parameter)

    def _fact(self, definition: FactDefinition) -> Step:
        observation = self.run.facts.get(definition.name)
        shown = "not known" if observation is None else display(observation, definition, self.run.policy.currency)
        details = (definition.meaning, *self._provenance(definition, observation), *self._said(definition))
        inputs = observation.inputs if observation is not None else ()
        steps = tuple(self._fact(self.run.policy.catalogue[name]) for name in inputs)
        return Step(
            f"fact {definition.name} ({definition.title}): {shown}",
            "",
            tuple(d for d in details if d),
            steps,
            definition.span,
        )


def explainer(policy: PolicySet, company: Company, backend: Backend) -> Explainer:
    """Runs one company and explains any item of the answer. Raises EvaluationError where the engine fails."""
    facts, _ = derive_for(policy, company.facts)
    return Explainer(run(policy, facts, backend), not_computed=company.not_computed, answers=company.answers)


def explainer_of(fired: Fired) -> Explainer:
    """Explains any item of an answer whose rules have fired."""
    return Explainer(bounded(fired))


def _threshold(parameter: Parameter) -> str:
    layer = in_force(parameter.layers)
    place = f" ({layer.span.file}:{layer.span.line})" if layer.span else ""
    value = display_parameter(parameter.value, parameter.unit)
    return f"threshold {parameter.name} {value}, grade {parameter.grade}: {parameter.because}{place}"


def _nearest(test: FactTest, observation: Observation) -> tuple[float, float]:
    """The end of the interval that counts, the value where none does, and the threshold nearest to it."""
    low, high = observation.interval or (observation.number, observation.number)
    ends = {
        Operator.CLEARLY_BELOW: (high,),
        Operator.CLEARLY_ABOVE: (low,),
        Operator.COVERS: (low, high),
    }.get(test.operator, (observation.number,))
    pairs = [(end, operand.number) for end in ends for operand in test.operands]
    return min(pairs, key=lambda pair: abs(pair[0] - pair[1]))


def signed(outcome: float) -> str:
    """An outcome with its sign; 0 has none."""
    return f"{outcome:+g}" if outcome else "0"
