"""What is expected: the mapping under `expect:`, or the cells of a table, as answers by their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

from ..diagnostics import Diagnostic, Span, did_you_mean
from ..document import Fields, Items, Node, Value
from ..fields import as_number, scalar_text
from ..notation import shortened
from ..policy import PolicySet
from ..recommendation import INSUFFICIENT
from .model import PARTS, Between, Close, Exactly, Expected, Listed, Match, Move, Wanted

NONE = "none"
UNKNOWN = "unknown"
TRUTHS = ("yes", "no", UNKNOWN)
LISTS = {
    "held_by": Match.ALL,
    "fires": Match.ALL,
    "reasons": Match.IN_TEXTS,
    "plan": Match.IN_TEXTS,
    "not_in_plan": Match.IN_NO_TEXT,
    "missing": Match.AMONG,
    "questions": Match.IN_ORDER,
    "warnings": Match.AMONG,
    "gates.forbids": Match.ALL,
}
SCALARS = ("verdict", "band", "score", "coverage", "move", "direction", "urgency", "settled")
SECTIONS = ("evidence", "indicators", "signals", "adjustments", "gates", "readings")
FIRST = {"evidence": "outcome", "indicators": "state", "gates": "holds"}
"""What a short form stands for: `G1: yes` is `G1: {holds: yes}`."""
SAME = {"true": "yes", "false": "no"}
KINDS = {
    "evidence": "evidence",
    "indicators": "indicator",
    "signals": "signal",
    "adjustments": "adjustment",
    "gates": "gate",
    "readings": "reading",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that may be expected of one policy set."""

    names: Mapping[str, tuple[str, ...]]
    """By section."""
    words: Mapping[str, tuple[str, ...]]
    """The words that an answer may be, by kind."""
    cases: Mapping[str, tuple[str, ...]]
    """The cases of each evidence item from the top: the id of each, or its number."""
    firing: tuple[str, ...]
    facts: tuple[str, ...]

    @staticmethod
    def of(policy: PolicySet) -> Vocabulary:
        """Those of a policy set."""
        bands = tuple(band.name for band in policy.bands)
        names = {
            "evidence": tuple(item.name for item in policy.evidence),
            "indicators": tuple(indicator.name for indicator in policy.indicators),
            "signals": tuple(signal.name for signal in policy.signals),
            "adjustments": tuple(adjustment.name for adjustment in policy.adjustments),
            "gates": tuple(gate.name for gate in policy.gates),
            "readings": tuple(reading.name for reading in policy.readings),
        }
        words = {
            "verdict": (*bands, INSUFFICIENT),
            "band": (*bands, NONE),
            "direction": (policy.plus, policy.minus, "neither", UNKNOWN),
            "urgency": ("high", "medium", "low", UNKNOWN),
            "settled": ("yes", "no"),
            "indicators": (f"supports-{policy.plus}", "mixed", f"supports-{policy.minus}", "not-assessed"),
            "evidence.grade": ("A", "B", "C", "M", "J"),
            **dict.fromkeys(("signals", "adjustments", "gates", "readings"), TRUTHS),
        }
        cases = {item.name: tuple(case.name.rpartition(".")[2] for case in item.cases) for item in policy.evidence}
        firing = (*names["gates"], *names["readings"], *names["adjustments"])
        return Vocabulary(names, words, cases, firing, tuple(policy.catalogue))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads expectations against one policy set; what is wrong goes to `problems`."""

    vocabulary: Vocabulary
    problems: list[Diagnostic]

    def report(self, code: str, message: str, span: Span, hint: str) -> None:
        """Note a problem."""
        self.problems.append(Diagnostic(code, message, span, hint))

    # --- which answers ------------------------------------------------------------------------------------------

    def mapping(self, node: Fields) -> Iterator[Expected]:
        """Every answer under `expect:`."""
        for key, value in node.fields.items():
            if key in SECTIONS:
                yield from self._section(key, value)
            else:
                yield from self._answer(key, key, "", value)

    def _section(self, section: str, node: Node) -> Iterator[Expected]:
        if not isinstance(node, Fields):
            return
        for name, value in node.fields.items():
            if self.known(section, name, node.keys[name]):
                yield from self._item(section, name, value)

    def _item(self, section: str, name: str, node: Node) -> Iterator[Expected]:
        """An item by its short form, or part by part."""
        is_range = isinstance(node, Fields) and section not in FIRST
        if not isinstance(node, Fields) or is_range:
            yield from self._answer(f"{section}.{name}", section, name, node)
            return
        for part, value in node.fields.items():
            if part == FIRST[section]:
                yield from self._answer(f"{section}.{name}", section, name, value)
            elif part in PARTS[section]:
                yield from self._answer(f"{section}.{name}.{part}", f"{section}.{part}", name, value)
            else:
                parts = (FIRST[section], *PARTS[section])
                hint = did_you_mean(part, parts) or f"write {', '.join(f'`{known}`' for known in parts)}"
                self.report("bad-expectation", f"{KINDS[section]} has no `{part}`", node.keys[part], hint)

    def column(self, path: str, span: Span) -> Callable[[Node], Iterator[Expected]] | None:
        """What reads the cells of a column; None where it names nothing, which is noted."""
        section, _, rest = path.partition(".")
        if not rest and (path in SCALARS or path in LISTS):
            return lambda cell: self._answer(path, path, "", cell)
        if section not in SECTIONS or not rest:
            known = (*SCALARS, *(name for name in LISTS if "." not in name))
            hint = did_you_mean(path, known) or "write `verdict`, `evidence.INDICATOR.ID`, `gates.ID` and the like"
            hint = f"write `{path}.` and the name of one of them" if path in SECTIONS else hint
            self.report("unknown-name", f"there is no answer {shortened(path)}", span, hint)
            return None
        head, _, part = rest.rpartition(".")
        if rest not in self.vocabulary.names[section] and part in PARTS.get(section, ()):
            known_item = self.known(section, head, span)
            return (lambda cell: self._answer(path, f"{section}.{part}", head, cell)) if known_item else None
        return (lambda cell: self._item(section, rest, cell)) if self.known(section, rest, span) else None

    def known(self, section: str, name: str, span: Span) -> bool:
        """Whether a policy set has an item of that name; where not, that is noted."""
        names = self.vocabulary.names[section]
        if name in names:
            return True
        codes = {"evidence": "unknown-evidence", "indicators": "unknown-indicator", "signals": "unknown-signal"}
        hint = did_you_mean(name, names) or _listing(KINDS[section], names)
        self._unknown(codes.get(section, "unknown-name"), KINDS[section], name, span, hint)
        return False

    def _unknown(self, code: str, kind: str, name: str, span: Span, hint: str) -> None:
        self.report(code, f"there is no {kind} {shortened(name)}", span, hint)

    # --- what they must be --------------------------------------------------------------------------------------

    def _answer(self, path: str, kind: str, name: str, node: Node) -> Iterator[Expected]:
        wanted = self._wanted(kind, name, node)
        if wanted is not None:
            yield Expected(path, wanted, node.span)

    def _wanted(self, kind: str, name: str, node: Node) -> Wanted | None:
        if kind in LISTS:
            return self._list(kind, node)
        if kind in self.vocabulary.words:
            return self._word(kind, node)
        if kind == "move":
            return self._move(node)
        if kind == "evidence.case":
            return self._case(name, node)
        if kind == "evidence":
            return self._outcome(node, UNKNOWN)
        if kind in ("evidence.cap", "evidence.floor"):
            return self._outcome(node, NONE)
        return self._number(node, NONE if kind == "gates.cap" else UNKNOWN)

    def _word(self, kind: str, node: Node) -> Wanted | None:
        words = self.vocabulary.words[kind]
        written = SAME.get(scalar_text(node), scalar_text(node)) if kind == "settled" else scalar_text(node)
        if written in words:
            return Exactly(written)
        what = {"verdict": "verdict", "band": "band"}.get(kind, "answer")
        hint = did_you_mean(written, words) or f"write {_or(words)}"
        self._unknown("unknown-name", what, written or "of this form", node.span, hint)
        return None

    def _outcome(self, node: Node, none: str) -> Wanted | None:
        """An outcome, a cap or a floor: -1 to 1."""
        if scalar_text(node) == none:
            return Exactly(none)
        value = as_number(node)
        if value is None or not -1 <= value <= 1:
            message = f"{shortened(scalar_text(node) or 'this')} is no outcome"
            self.report("bad-expectation", message, node.span, f"write a number from -1 to 1, or `{none}`")
            return None
        return Exactly(value)

    def _case(self, name: str, node: Node) -> Wanted | None:
        written, cases = scalar_text(node), self.vocabulary.cases.get(name, ())
        if written == NONE or written in cases:
            return Exactly(written)
        if written.isascii() and written.isdigit() and 1 <= int(written) <= len(cases):
            return Exactly(cases[int(written) - 1])
        hint = (
            did_you_mean(written, cases)
            or f"`{name}` has {len(cases)} cases; write the number or the id of one, or none"
        )
        self._unknown("unknown-name", "case", written or "of this form", node.span, hint)
        return None

    def _number(self, node: Node, none: str) -> Wanted | None:
        if isinstance(node, Fields):
            return self._described(node)
        if scalar_text(node) == none:
            return Exactly(none)
        value = self._finite(node)
        if value is None:
            return None
        return Close(value, _half_a_step(scalar_text(node)), _is_percent(node))

    def _described(self, node: Fields) -> Wanted | None:
        """A range, or a value with its tolerance."""
        found = {key: self._finite(part) for key, part in node.fields.items()}
        if any(value is None for value in found.values()):
            return None
        numbers = {key: value for key, value in found.items() if value is not None}
        percent = any(_is_percent(part) for part in node.fields.values())
        if set(numbers) == {"value", "tolerance"}:
            if numbers["tolerance"] < 0:
                message = f"the tolerance {scalar_text(node.fields['tolerance'])} is below 0"
                self.report("bad-expectation", message, node.fields["tolerance"].span, "write 0 or more")
                return None
            return Close(numbers["value"], numbers["tolerance"], percent)
        if not numbers or set(numbers) - {"from", "to"}:
            hint = "write {from: 50, to: 75}, or {value: 60, tolerance: 2}"
            self.report("bad-expectation", "this is neither a range nor a value with a tolerance", node.span, hint)
            return None
        low, high = numbers.get("from", -inf), numbers.get("to", inf)
        if low > high:
            self.report("cannot-be-both", f"no number is from {low:g} to {high:g}", node.span, "exchange the two")
            return None
        return Between(low, high, percent)

    def _finite(self, node: Node) -> float | None:
        value = as_number(node)
        if value is None or not abs(value) < inf:
            message = f"{shortened(scalar_text(node) or 'this')} is not a number"
            self.report(
                "bad-expectation", message, node.span, "write 60.9, {from: 50, to: 75} or {value: 60, tolerance: 2}"
            )
            return None
        return value

    def _move(self, node: Node) -> Wanted | None:
        if scalar_text(node) == NONE:
            return Exactly(NONE)
        ends = [as_number(part) for part in node.items] if isinstance(node, Items) else []
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            self.report("bad-expectation", "a move has two ends", node.span, "write both: [10, 20], or none")
            return None
        if ends[0] > ends[1]:
            message = f"the low end {ends[0]:g} is above the high end {ends[1]:g}"
            self.report("cannot-be-both", message, node.span, "exchange the two")
            return None
        return Move(ends[0], ends[1])

    def _list(self, kind: str, node: Node) -> Wanted | None:
        members = node.items if isinstance(node, Items) else (node,)
        if not all(isinstance(member, Value) and scalar_text(member) for member in members):
            self.report("bad-expectation", "this is not a list of names or texts", node.span, "write [one, another]")
            return None
        known = {"fires": self.vocabulary.firing, "held_by": self.vocabulary.names["gates"]}.get(kind, ())
        what = {"fires": "gate, reading or adjustment", "held_by": "gate"}.get(kind, "fact")
        if kind in ("missing", "questions"):
            known = self.vocabulary.facts
        for member in members if known else ():
            if scalar_text(member) not in known:
                hint = did_you_mean(scalar_text(member), known) or _listing(what, known)
                code = "unknown-fact" if what == "fact" else "unknown-name"
                self._unknown(code, what, scalar_text(member), member.span, hint)
        return Listed(tuple(map(scalar_text, members)), LISTS[kind])


def contradictions(expected: Iterable[Expected]) -> Iterator[Diagnostic]:
    """What no answer can be at the same time."""
    found = {one.path: one for one in expected}
    verdict = found.get("verdict")
    insufficient = verdict is not None and verdict.wanted == Exactly(INSUFFICIENT)
    for path, none in (("band", Exactly(NONE)), ("move", Exactly(NONE))):
        other = found.get(path)
        if verdict is not None and other is not None and insufficient != (other.wanted == none):
            message = f"the verdict expected in line {verdict.span.line} and this {path} cannot be together"
            yield Diagnostic("cannot-be-both", message, other.span, "without a verdict there is neither band nor move")
    yield from _fires(found)
    for path, one in found.items():
        section, _, rest = path.partition(".")
        item = found.get(f"evidence.{rest.rpartition('.')[0]}") if section == "evidence" else None
        is_open = item is not None and item.wanted == Exactly(UNKNOWN)
        if is_open and rest.endswith((".cap", ".floor", ".case")) and one.wanted != Exactly(NONE):
            message = f"evidence that stays open has no {rest.rpartition('.')[2]}"
            yield Diagnostic("cannot-be-both", message, one.span, "take one of the two out")


def _fires(found: Mapping[str, Expected]) -> Iterator[Diagnostic]:
    fires = found.get("fires")
    if fires is None or not isinstance(fires.wanted, Listed):
        return
    for path, one in found.items():
        section, _, name = path.partition(".")
        is_told = section in ("gates", "readings", "adjustments") and isinstance(one.wanted, Exactly)
        if is_told and "." not in name and (name in fires.wanted.members) != (one.wanted == Exactly("yes")):
            message = f"line {fires.span.line} and this disagree on whether `{name}` fires"
            yield Diagnostic("cannot-be-both", message, one.span, "take one of the two out")


def _is_percent(node: Node) -> bool:
    return scalar_text(node).endswith("%")


def _half_a_step(written: str) -> float:
    """Half of the last digit that is written: 60.9 is 60.85 to 60.95, 97% is 96.5 % to 97.5 %."""
    number = written.removesuffix("%").strip().lower()
    mantissa, _, exponent = number.partition("e")
    places = len(mantissa.partition(".")[2]) - int(exponent or 0) + (2 if written.endswith("%") else 0)
    return 0.5 * 10.0 ** -min(max(places, -300), 300)


def _or(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def _listing(kind: str, names: tuple[str, ...]) -> str:
    """A hint where no name is near."""
    if not names:
        return f"the policy set has no {kind}"
    few = ", ".join(names[:9])
    return f"there are {few}" + (f" and {len(names) - 9} more" if len(names) > 9 else "")
