"""A scenario from an evaluation: the facts that it read, and what it answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import isclose
from os.path import relpath
from pathlib import Path
from unicodedata import normalize

from ..company import Company
from ..coverage.rules import owned
from ..dependencies import rule_facts
from ..document import Fields, Items, Node, Value
from ..facts import FactDefinition, FactType, Observation, Origin
from ..fields import entries, get, scalar_text
from ..formula import parse, reads
from ..place import SHIPPED_PREFIX
from ..policy import PolicySet
from ..scalar import resolve
from ..statistics.proportion import wilson
from .answers import Answers
from .discovery import FOLDER
from .said import said

KEPT = ("value", "low", "high", "unit", "currency", "successes", "trials")
"""Of a fact that is an object: what it is worth. Who said it, and when, stays in the company's file."""
_THREE_DECIMALS = re.compile(r"-?[0-9]+\.[0-9]{3}")
LEAST = 1e-9
_PLAIN = re.compile(r"[A-Za-z0-9+.-][A-Za-z0-9 _+./%$€£-]*")


def recorded(company: Company, node: Node, policy: PolicySet, answers: Answers, about: str) -> str:
    """The text of a file of scenarios. `about` is the policy set for its `policy:`, empty where the file's place says it."""
    lines = [
        f"# What {policy.name} {policy.version} answered of this company. Keep what must stay so, and delete the rest.".replace(
            "  ", " "
        ),
        *([f"policy: {_scalar(about)}"] if about else []),
        f"as_of: {company.as_of}",
        *([f"currency: {company.currency}"] if company.currency else []),
        *_rates(node),
        "",
        "scenarios:",
        f"  - id: {_id(company.name)}",
        f"    title: {_scalar(company.name)}",
        *_given(company, node, policy),
        "    expect:",
        *_expected(policy, answers),
    ]
    return "\n".join(lines) + "\n"


def about(policy: str, output: Path | None) -> str:
    """How a file at `output` names a policy set: not at all from its own `tests` folder."""
    if policy.startswith(SHIPPED_PREFIX) or output is None:
        return policy
    folder = Path(policy) if Path(policy).is_dir() else Path(policy).parent
    if output.parent.resolve() == (folder / FOLDER).resolve():
        return ""
    return Path(relpath(folder.resolve(), output.parent.resolve())).as_posix()


def _rates(node: Node) -> Iterator[str]:
    rates = get(node, "exchange_rates")
    if isinstance(rates, Items) and rates.items:
        yield from ("", "exchange_rates:")
        yield from (f"  - {_flow(rate)}" for rate in rates.items)


def _given(company: Company, node: Node, policy: PolicySet) -> Iterator[str]:
    wanted = _read(policy, company)
    answered = {name: _shortened(value) for name, (_, value) in said(company, policy).items()}
    own = {name: value for name, _, value in entries(node, "facts")}
    known = {name: one for name, one in company.facts.items() if name in wanted}
    computed = {name: known[name] for name in policy.catalogue if name in known and _is_computed(known[name])}
    given = {**own, **answered}
    stated = [(name, value) for name, value in given.items() if name in known and name not in computed]
    if known:
        yield "    given:"
        yield from (f"      {name}: {_fact(value)}" for name, value in stated)
    if computed:
        yield "      # computed from the exports"
        for name, one in computed.items():
            yield f"      {name}: {_observed(one, policy.catalogue[name], policy.currency)}"


def _is_computed(observation: Observation) -> bool:
    return observation.origin is Origin.COMPUTED


def _read(policy: PolicySet, company: Company) -> frozenset[str]:
    """The facts that a rule, a quality or a limit reads, through the formulas of those that are not stated."""
    waiting = [*rule_facts([rule.when for rule in owned(policy)], policy)]
    waiting += [indicator.quality.fact for indicator in policy.indicators if indicator.quality]
    waiting += [gate.effect.cap_move for gate in policy.gates if isinstance(gate.effect.cap_move, str)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        definition = policy.catalogue[name]
        if definition.is_derived and name not in company.facts:
            waiting += reads(parse(definition.formula, definition.formula_span))
    return frozenset(found)


def _expected(policy: PolicySet, answers: Answers) -> Iterator[str]:
    yield f"      verdict: {answers['verdict']}"
    yield f"      band: {answers['band']}"
    yield f"      score: {_answer(answers, 'score', '.1f')}"
    yield f"      move: {_answer(answers, 'move', '.10g')}"
    yield f"      held_by: {_answer(answers, 'held_by', '')}"
    if any(True for _ in policy.evidence):
        yield "      evidence:"
        yield from (
            f"        {item.name}: {_answer(answers, f'evidence.{item.name}', '.10g')}" for item in policy.evidence
        )
    if policy.gates:
        yield "      gates:"
        yield from (f"        {gate.name}: {answers[f'gates.{gate.name}']}" for gate in policy.gates)


def _answer(answers: Answers, path: str, form: str) -> str:
    answer = answers[path]
    if isinstance(answer, tuple):
        return f"[{', '.join(part if isinstance(part, str) else f'{part:{form}}' for part in answer)}]"
    return answer if isinstance(answer, str) else f"{answer:{form}}"


# --- computed facts as text ------------------------------------------------------------------------------------


def _observed(one: Observation, definition: FactDefinition, currency: str) -> str:
    """A computed fact in the notation of a company's file: what reads it finds the same value and interval, to ten digits."""
    if definition.type is FactType.RATE and _is_counted(one):
        return f"{one.successes}/{one.trials}"
    value = _raw(one)
    said = (
        [f"low: {_number(one.low)}", f"high: {_number(one.high)}"]
        if one.low is not None and one.high is not None
        else []
    )
    if definition.is_money:
        said.append(f"currency: {currency}")
    return f"{{{', '.join((f'value: {value}', *said))}}}" if said else value


def _is_counted(one: Observation) -> bool:
    """Whether its counts say all of a rate: an interval that comes from them alone."""
    if one.successes is None or not one.trials or one.low is None or one.high is None:
        return False
    share = one.number * one.trials
    ends = zip(wilson(one.successes, one.trials), (one.low, one.high), strict=True)
    return isclose(share, one.successes, abs_tol=LEAST) and all(isclose(a, b, abs_tol=LEAST) for a, b in ends)


def _raw(one: Observation) -> str:
    match one.value:
        case bool():
            return "yes" if one.value else "no"
        case str():
            return _scalar(one.value)
        case date():
            return one.value.isoformat()
        case tuple():
            return f"[{', '.join(map(_number, one.value))}]"
        case _:
            return _number(one.value)


def _number(value: float | None) -> str:
    """Ten digits, which no comparison tells from the number itself; never with an exponent."""
    written = f"{Decimal(f'{value:.10g}'):f}"
    # 24.275 could be read as 24275
    return f"{written}0" if _THREE_DECIMALS.fullmatch(written) else written


def _shortened(node: Node) -> Node:
    """The same with numbers of ten digits."""
    match node:
        case Value(value=float() as number):
            written = _number(number)
            return Value(float(written), node.span, written)
        case Items():
            return Items(tuple(map(_shortened, node.items)), node.span)
        case Fields():
            return replace(node, fields={key: _shortened(value) for key, value in node.fields.items()})
    return node


# --- values as text --------------------------------------------------------------------------------------------


def _fact(node: Node) -> str:
    if not isinstance(node, Fields):
        return _flow(node)
    kept = {key: value for key, value in node.fields.items() if key in KEPT}
    if set(kept) == {"successes", "trials"}:
        return f"{scalar_text(kept['successes'])}/{scalar_text(kept['trials'])}"
    if set(kept) == {"value"}:
        return _flow(kept["value"])
    return _mapping(kept or node.fields)


def _flow(node: Node) -> str:
    """A node on one line."""
    if isinstance(node, Value):
        return _scalar(scalar_text(node), node)
    if isinstance(node, Items):
        return f"[{', '.join(map(_flow, node.items))}]"
    return _mapping(node.fields)


def _mapping(fields: Mapping[str, Node]) -> str:
    return f"{{{', '.join(f'{key}: {_flow(value)}' for key, value in fields.items())}}}"


def _scalar(text: str, node: Value | None = None) -> str:
    """A scalar that means the same again: as it is where that is safe, else in double quotes."""
    meant = text if node is None else node.value
    safe = _PLAIN.fullmatch(text) and not text.endswith(" ") and resolve(text) == meant
    return text if safe else json.dumps(text, ensure_ascii=False)


def _id(name: str) -> str:
    """A name as an id."""
    ascii_name = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_name)) or "company"
