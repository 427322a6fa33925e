"""A recorded answer, evaluated again: by the policy of then, or by another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from .answer import Difference, Item, Part, differences, facts, items
from .company import Company, read_company, with_overrides
from .decision import Record, facts_of
from .diagnostics import Diagnostic, FactError, SchemaError, SteelyardError
from .document import Fields, Node
from .fields import entries
from .fingerprint import policy_digest
from .policy import PolicySet
from .render.json_ import to_plain
from .restored import restored
from .schema import validate
from .session import Engine, Session, open_sources


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A fact of then that the policy set cannot use, and why."""

    fact: str
    because: str


@dataclass(frozen=True, slots=True)
class Replay:
    """A record against the answer of now. Evaluations are as published."""

    record: Record
    now: Mapping[str, Any]
    differences: tuple[Difference, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def reproduced(self) -> bool:
        """Whether the record is as it was written and the answer the one of then."""
        return not self.differences and not self.record.changed


def replay(record: Record, engine: Engine) -> Replay:
    """Evaluate a record again, with nothing but what it holds.

    Raises SteelyardError where it cannot be evaluated; what was changed in the record is then told first.
    """
    try:
        return _replay(record, engine)
    except SteelyardError as error:
        if not record.changed:
            raise
        raise type(error)([*record.changed, *error.diagnostics]) from None


def _replay(record: Record, engine: Engine) -> Replay:
    with Session.over(lambda: open_sources(record.sources(), record.day, record.run.param), engine) as session:
        company = _read(_checked(record), record.run.set, record, session.policy)
        now = to_plain(session.evaluate(company), session.policy)
        digest = policy_digest(session.policy)
    then = {**items(record.evaluation), **facts(record.facts), **_digest(record.digest)}
    found = differences(then, {**items(now), **facts(facts_of(now)), **_digest(digest)})
    return Replay(record, now, found)


def _digest(digest: str) -> dict[tuple[Part, str], Item]:
    return {(Part.POLICY, "digest"): Item("digest of the policy set", digest)}


def judge(record: Record, session: Session) -> Replay:
    """What another policy set says of the facts of then; values tried for the run of then are not tried again.

    Raises FactError where the company's own data cannot be used at all, EvaluationError where the engine fails.
    """
    company, left_out = _usable(record, session.policy)
    now = to_plain(session.evaluate(company), session.policy)
    return Replay(record, now, differences(items(record.evaluation), items(now)), left_out)


# ---- the facts of then in the catalogue of now


def _usable(record: Record, policy: PolicySet) -> tuple[Company, tuple[LeftOut, ...]]:
    node = _checked(record)
    named = [*dict.fromkeys((*_stated(node), *_answered(node), *map(_assigned, record.run.set)))]
    _, unusable = restored(record.facts, policy)
    computed = (LeftOut(name, why) for name, why in unusable.items())
    out = (*(left for name in named for left in _left_out(name, node, record, policy)), *computed)
    names = {left.fact for left in out}
    kept = [assignment for assignment in record.run.set if _assigned(assignment) not in names]
    usable = [name for name in (*_stated(node), *_answered(node)) if name not in names]
    return _read(_only(node, usable), kept, record, policy), out


def _checked(record: Record) -> Node:
    node = record.document()
    problems = validate(node, "company")
    if problems:
        raise SchemaError(problems)
    return node


def _stated(node: Node) -> tuple[str, ...]:
    facts = node.fields.get("facts") if isinstance(node, Fields) else None
    return tuple(facts.fields) if isinstance(facts, Fields) else ()


def _answered(node: Node) -> tuple[str, ...]:
    documents = node.beside if isinstance(node, Fields) else ()
    return tuple(name for document in documents for name, _, _ in entries(document, "answers"))


def _assigned(assignment: str) -> str:
    return assignment.partition("=")[0].strip()


def _left_out(name: str, node: Node, record: Record, policy: PolicySet) -> Iterator[LeftOut]:
    """One fact by itself, where the policy set of now cannot read it."""
    definition = policy.catalogue.get(name)
    if definition is None or definition.late:
        yield LeftOut(
            name, "not in the catalogue any more" if definition is None else "concluded now, and not asked for"
        )
        return
    own = [assignment for assignment in record.run.set if _assigned(assignment) == name]
    try:
        _read(_only(node, [name]), own, record, policy)
    except FactError as error:
        yield LeftOut(name, _reason(error.diagnostics))


def _reason(found: Sequence[Diagnostic]) -> str:
    return next(diagnostic.message for diagnostic in found if diagnostic.is_error)


def _only(node: Node, names: Sequence[str]) -> Node:
    """A company's document, and its answers, with these facts alone."""
    assert isinstance(node, Fields)
    beside = tuple(_with_only(document, "answers", names) for document in node.beside)
    return replace(_with_only(node, "facts", names), beside=beside)


def _with_only(document: Fields, key: str, names: Sequence[str]) -> Fields:
    found = document.fields.get(key)
    if not isinstance(found, Fields):
        return document
    kept = replace(found, fields={name: found.fields[name] for name in names if name in found.fields})
    return replace(document, fields={**document.fields, key: kept})


def _read(node: Node, assignments: Sequence[str], record: Record, policy: PolicySet) -> Company:
    """The company of then, with what its exports gave: that is in the record, and not in its file."""
    computed, _ = restored(record.facts, policy)
    day = date.fromisoformat(record.evaluation["as_of"]) if computed else record.run.as_of
    company = read_company(node, policy, day, record.day)
    facts = MappingProxyType({**computed, **company.facts})
    return with_overrides(replace(company, facts=facts), assignments, policy.catalogue)
