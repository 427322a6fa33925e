"""Documents and layers become one typed, frozen policy set, in which every value knows who wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from .catalogue import build_catalogue
from .condition import Condition, Operand, signals_read
from .diagnostics import Diagnostic, PolicyError, did_you_mean
from .document import Fields, Node
from .fields import entries, flag, get, items, number, text, texts
from .layering import Layered, Trial, layered
from .policy import (
    Action,
    Adjustment,
    Band,
    Case,
    Effect,
    Evidence,
    Gate,
    Indicator,
    Phase,
    PolicySet,
    Quality,
    Reading,
    Role,
    Share,
    Signal,
    band_condition,
    taken_out,
)
from .scope import Scope
from .source import Sources
from .values import Writer

JOINT = "joint"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy set and what is to be said of it that does not stop it."""

    policy: PolicySet
    warnings: tuple[Diagnostic, ...]
    documents: Layered


def load(sources: Sources, trial: Trial | None = None) -> Loaded:
    """The policy set that its documents mean. `trial` are values tried for one run. Raises PolicyError with all problems."""
    documents = layered(sources, trial)
    problems = list(documents.problems)
    policy = _builder(documents, problems).policy()
    problems += _doubled(policy.signals)
    if any(d.is_error for d in problems):
        raise PolicyError(problems)
    policy = _in_order(policy)
    return Loaded(_single(policy, sources.only) if sources.only else policy, tuple(problems), documents)


def _builder(documents: Layered, problems: list[Diagnostic]) -> _Builder:
    values = Writer(documents, problems)
    parameters = {p.name: p for p in values.parameters(documents.policyset, ())}
    signals = {text(signal, "id") for signal in items(documents.policyset, "signals")}
    for name, node in documents.indicators.items():
        parameters |= {p.name: p for p in values.parameters(node, ("indicators", name))}
        signals |= {f"{name}.{text(signal, 'id')}" for signal in items(node, "signals")}
    sides = get(documents.policyset, "sides")
    assert sides is not None
    plus, minus = text(sides, "plus"), text(sides, "minus")
    catalogue = build_catalogue(documents.catalogue, documents.indicators, plus, minus)
    scope = Scope(catalogue, parameters, frozenset(signals), documents.removed, problems=problems)
    return _Builder(documents, scope, values, plus, minus)


@dataclass(frozen=True, slots=True)
class _Builder:
    """Builds the parts of one policy set; problems gather in the scope."""

    sources: Layered
    scope: Scope
    values: Writer
    plus: str
    minus: str

    def policy(self) -> PolicySet:
        """The whole; meaningless where problems were found."""
        node, scope = self.sources.policyset, self.scope
        plan = get(node, "plan")
        return PolicySet(
            name=text(node, "policyset"),
            title=text(node, "title"),
            version=text(node, "version"),
            question=text(node, "question"),
            currency=text(node, "currency"),
            plus=self.plus,
            minus=self.minus,
            budget=text(node, "budget"),
            catalogue=scope.catalogue,
            parameters=scope.parameters,
            indicators=tuple(self._indicators(node)),
            bands=tuple(self._band(band) for band in items(node, "bands")),
            signals=(*self._signals(node, scope, ""), *self._indicator_signals()),
            adjustments=tuple(self._adjustment(a) for a in items(node, "adjustments")),
            gates=tuple(self._gate(gate) for gate in items(node, "gates")),
            readings=tuple(self._reading(reading) for reading in items(node, "readings")),
            phases=self._phases(),
            actions=tuple(self._actions(plan, scope, "")) if plan else (),
            roll_back=texts(plan, "roll_back") if plan else (),
            required_coverage=self._setting("required_coverage"),
            assessed_at=self._setting("assessed_at"),
            supports_at=self._setting("supports_at"),
            share=self._share(node),
            layers=self.sources.layers,
            changed=self.sources.changed,
            changes=self.sources.changes,
            removed=self.scope.removed,
            reasons=self.sources.reasons,
            span=self.sources.layers[-1].span,
        )

    def _setting(self, key: str) -> Operand:
        node = get(self.sources.policyset, key)
        assert node is not None
        return self.scope.operand(node)

    def _share(self, node: Node) -> Share | None:
        share = get(node, "share")
        definition = self.scope.fact(share) if share is not None else None
        return Share(definition.name, text(share, "of")) if definition is not None and share is not None else None

    def _indicators(self, node: Node) -> Iterator[Indicator]:
        for name, _, entry in entries(node, "indicators"):
            yield self._indicator(name, entry, self.sources.indicators[name])

    def _indicator(self, name: str, entry: Node, node: Fields) -> Indicator:
        scope = self.scope.within(name)
        source = get(node, "source")
        return Indicator(
            name=name,
            number=int(number(node, "number") or 0),
            title=text(node, "title"),
            short=text(node, "short") or text(node, "title"),
            version=text(node, "version"),
            question=text(node, "question"),
            role=Role(text(node, "role")),
            weight=self.values.weight(("indicators", name), entry),
            evidence=tuple(self._evidence(name, item, scope) for item in items(node, "evidence")),
            in_score=flag(node, "in_score", True),
            quality=self._quality(node, scope),
            actions=tuple(self._actions(node, scope, name)),
            source=f"{text(source, 'document')}, section {text(source, 'section')}" if source else "",
            span=node.span,
        )

    def _quality(self, node: Node, scope: Scope) -> Quality | None:
        quality = get(node, "quality")
        definition = scope.fact(quality) if quality is not None else None
        if quality is None or definition is None:
            return None
        if_missing = get(quality, "if_missing")
        return Quality(definition.name, None if if_missing is None else scope.operand(if_missing, definition).number)

    def _signals(self, node: Node, scope: Scope, prefix: str) -> Iterator[Signal]:
        for signal in items(node, "signals"):
            yield Signal(f"{prefix}{text(signal, 'id')}", self._when(signal, scope), text(signal, "says"), signal.span)

    def _indicator_signals(self) -> Iterator[Signal]:
        for name, node in self.sources.indicators.items():
            yield from self._signals(node, self.scope.within(name), f"{name}.")

    def _when(self, node: Node, scope: Scope) -> Condition:
        when = get(node, "when")
        assert when is not None
        return scope.condition(when)

    def _evidence(self, indicator: str, node: Node, scope: Scope) -> Evidence:
        name = f"{indicator}.{text(node, 'id')}"
        bands = items(node, "bands")
        return Evidence(
            name=name,
            title=text(node, "title"),
            weight=self.values.weight(("indicators", indicator, "evidence", text(node, "id")), node),
            grade=text(node, "grade"),
            cases=tuple(_bands(name, node, scope) if bands else self._cases(name, node, scope)),
            code=text(node, "code"),
            primary=flag(node, "primary"),
            how_fast=flag(node, "how_fast"),
            exhaustive=bool(bands),
            because=text(node, "because"),
            span=node.span,
        )

    def _cases(self, evidence: str, node: Node, scope: Scope) -> Iterator[Case]:
        for n, case in enumerate(items(node, "cases"), start=1):
            yield _case(f"{evidence}.{text(case, 'id') or n}", case, self._when(case, scope))

    def _adjustment(self, node: Node) -> Adjustment:
        reweigh = get(node, "reweigh")
        assert reweigh is not None
        by = get(reweigh, "by")
        assert by is not None
        name = text(reweigh, "evidence")
        known = {f"{i}.{text(e, 'id')}" for i, n in self.sources.indicators.items() for e in items(n, "evidence")}
        if name not in known:
            message = f"there is no evidence `{name}`"
            hint = taken_out(self.scope.removed, name) or did_you_mean(name, known)
            self.scope.report("unknown-evidence", message, reweigh, "evidence", hint)
        when = self._when(node, self.scope)
        return Adjustment(text(node, "id"), when, name, self.scope.operand(by), text(node, "because"), node.span)

    def _band(self, node: Node) -> Band:
        below = get(node, "below")
        low, high = (self.scope.operand(n).number for n in items(node, "move"))
        operand = self.scope.operand(below) if below is not None else None
        return Band(text(node, "id"), text(node, "title"), operand, low, high, text(node, "note"), node.span)

    def _gate(self, node: Node) -> Gate:
        unknown = get(node, "if_unknown")
        return Gate(
            name=text(node, "id"),
            title=text(node, "title"),
            when=self._when(node, self.scope),
            effect=self._effect(node),
            if_unknown=self._effect(unknown) if unknown is not None else Effect(),
            first=text(node, "first"),
            grade=text(node, "grade", "J"),
            because=text(node, "because"),
            span=node.span,
        )

    def _effect(self, node: Node) -> Effect:
        cap = get(node, "cap_move")
        limit: Operand | str | None = None
        if isinstance(cap, Fields):
            definition = self.scope.fact(cap)
            limit = definition.name if definition is not None else None
        elif cap is not None:
            limit = self.scope.operand(cap)
        return Effect(limit, texts(node, "forbid"), text(node, "verdict") == "insufficient-evidence")

    def _reading(self, node: Node) -> Reading:
        when = self._when(node, self.scope)
        says, first = text(node, "says"), text(node, "first")
        return Reading(text(node, "id"), when, says, first, texts(node, "drop_actions"), node.span)

    def _phases(self) -> tuple[Phase, ...]:
        plan = get(self.sources.policyset, "plan")
        return tuple(Phase(text(p, "id"), text(p, "title")) for p in items(plan, "phases")) if plan else ()

    def _default_phase(self) -> str:
        plan = get(self.sources.policyset, "plan")
        phases = items(plan, "phases") if plan else ()
        return next((text(p, "id") for p in phases if flag(p, "default")), text(phases[0], "id") if phases else "")

    def _actions(self, node: Node, scope: Scope, indicator: str) -> Iterator[Action]:
        actions = get(node, "actions")
        if not isinstance(actions, Fields):
            return
        for side, span, _ in entries(node, "actions"):
            if side not in (self.plus, self.minus, JOINT):
                hint = f"write `{self.plus}`, `{self.minus}` or `{JOINT}`"
                scope.problems.append(Diagnostic("unknown-side", f"there is no side `{side}`", span, hint))
            for action in items(actions, side):
                yield self._action(action, side, scope, indicator)

    def _action(self, node: Node, side: str, scope: Scope, indicator: str) -> Action:
        phase = text(node, "phase") or self._default_phase()
        known = [p.name for p in self._phases()]
        if phase not in known:
            near = did_you_mean(phase, known) or f"phases: {', '.join(known)}"
            hint = taken_out(self.scope.removed, phase) or near
            scope.report("unknown-phase", f"there is no phase `{phase}`", node, "phase", hint)
        watch = scope.fact(node, "watch") if get(node, "watch") is not None else None
        when = self._when(node, scope) if get(node, "when") is not None else None
        watched = watch.name if watch is not None else ""
        tags, name = texts(node, "tags"), text(node, "id")
        return Action(text(node, "do"), side, phase, indicator, when, watched, tags, name, node.span)


def _case(name: str, node: Node, when: Condition) -> Case:
    return Case(
        name,
        when,
        number(node, "outcome") or 0.0,
        number(node, "cap"),
        number(node, "floor"),
        text(node, "grade"),
        text(node, "because"),
        node.span,
    )


def _bands(evidence: str, node: Node, scope: Scope) -> Iterator[Case]:
    """The cases of bands over one number: each begins where the one before it ends."""
    definition = scope.fact(node)
    lower: tuple[Operand, bool] | None = None
    for n, band in enumerate(items(node, "bands"), start=1):
        key = "up_to" if get(band, "up_to") is not None else "below"
        end = get(band, key)
        upper = (scope.operand(end, definition), key == "up_to") if end is not None else None
        if definition is not None:
            yield _case(f"{evidence}.{n}", band, band_condition(definition.name, lower, upper))
        lower = upper


def _doubled(signals: Sequence[Signal]) -> Iterator[Diagnostic]:
    """Signals whose id stands twice; later stages know them by name."""
    seen: set[str] = set()
    for signal in signals:
        if signal.name in seen:
            message = f"the id `{signal.name}` stands twice among the signals"
            yield Diagnostic("duplicate-id", message, signal.span, "give one of the two another id")
        seen.add(signal.name)


def _in_order(policy: PolicySet) -> PolicySet:
    """Each signal after those it reads. Raises PolicyError where signals read each other in a circle."""
    by_name = {signal.name: signal for signal in policy.signals}
    graph = {name: signals_read(signal.when) for name, signal in by_name.items()}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        chain: list[str] = error.args[1][::-1]
        message = f"signals read each other in a circle: {' -> '.join(f'`{name}`' for name in chain)}"
        span = by_name[chain[0]].span
        raise PolicyError([Diagnostic("signal-cycle", message, span, "let one of them read facts instead")]) from None
    return replace(policy, signals=tuple(by_name[name] for name in order))


def _single(policy: PolicySet, name: str) -> PolicySet:
    """The policy set of one indicator alone: its strength and coverage, no verdict."""
    indicator = policy.indicator(name)
    adjustments = tuple(a for a in policy.adjustments if a.evidence.startswith(f"{name}."))
    conditions = [case.when for item in indicator.evidence for case in item.cases]
    conditions += [a.when for a in adjustments] + [a.when for a in indicator.actions if a.when is not None]
    return replace(
        policy,
        indicators=(indicator,),
        signals=tuple(_called(policy.signals, conditions)),
        adjustments=adjustments,
        bands=(),
        gates=(),
        readings=(),
        actions=(),
        single=True,
    )


def _called(signals: Sequence[Signal], conditions: Sequence[Condition]) -> Iterator[Signal]:
    """The signals that conditions call, directly or through others, in their order."""
    by_name = {signal.name: signal for signal in signals}
    called: set[str] = set()
    open_conditions = list(conditions)
    while open_conditions:
        fresh = [name for name in signals_read(open_conditions.pop()) if name not in called]
        called.update(fresh)
        open_conditions += [by_name[name].when for name in fresh]
    return (signal for signal in signals if signal.name in called)
