"""Which thing of one policy set is which of the other: by id, and where an id is gone, by what it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..condition import Condition, FactTest, Operand, leaves
from ..policy import Evidence, Indicator, PolicySet
from .naming import Names, renamed, with_indicators
from .parts import FIELDS, Kind, Nature, Part, by_name, cases, whens
from .plain import plain, text

ALIKE = 0.7
"""Share of its content that a thing keeps under another name; with less, one is gone and another is new."""
SAME_LINE = 0.5
"""The same for a case or an action of one list, which has no name to lose."""
_WORD = re.compile(r"\w+|[^\w\s]")
_SEARCHED = (
    Kind.FACT,
    Kind.INDICATOR,
    Kind.PARAMETER,
    Kind.SIGNAL,
    Kind.EVIDENCE,
    Kind.ADJUSTMENT,
    Kind.GATE,
    Kind.READING,
    Kind.BAND,
    Kind.PHASE,
)
"""In this order: what is read comes before what reads it, so that a reader is compared with the new names in it."""


def found_renames(old: PolicySet, new: PolicySet) -> Names:
    """Every id of the old policy set that has another name in the new one. Evidence keeps its indicator."""
    names = Names()
    for kind in _SEARCHED:
        now = renamed(old, names)
        pairs = dict(_renamed_of(kind, now, new))
        if pairs and kind is Kind.INDICATOR:
            carried = with_indicators(pairs, now)
            for carried_kind, carried_names in carried.of.items():
                names = names.renaming(carried_kind, _through(names, carried_kind, carried_names))
        elif pairs:
            names = names.renaming(kind, _through(names, kind, pairs))
    return names


def _through(names: Names, kind: Kind, pairs: Mapping[str, str]) -> dict[str, str]:
    """New names by the ids of the first policy set, where some had been renamed already."""
    before = {new: old for old, new in names.of.get(kind, {}).items()}
    return {before.get(old, old): new for old, new in pairs.items()}


def _renamed_of(kind: Kind, old: PolicySet, new: PolicySet) -> Iterator[tuple[str, str]]:
    gone, come = _only_in(kind, old, new), _only_in(kind, new, old)
    if not gone or not come:
        return
    before, after = contents(gone, old), contents(come, new)

    def alike(one: Part, other: Part) -> float:
        if kind is Kind.EVIDENCE and one.owner != other.owner:
            return 0.0
        return similarity(before[one.name], after[other.name])

    for one, other in best_pairs(gone, come, alike, ALIKE):
        yield one.name, other.name


def _only_in(kind: Kind, here: PolicySet, there: PolicySet) -> list[Part]:
    known = by_name(there)
    return [part for (found, name), part in by_name(here).items() if found is kind and (kind, name) not in known]


@dataclass(frozen=True, slots=True)
class _Content:
    """One thing that two parts may share: what it is, its words, and how much it says."""

    words: Counter[str]
    weight: float


def contents(parts: Iterable[Part], policy: PolicySet) -> dict[str, dict[str, _Content]]:
    """What each part holds, by field; its own name is not part of it."""
    used = uses(policy)
    return {part.name: dict(_content(part, used)) for part in parts}


def _content(part: Part, used: Mapping[str, list[str]]) -> Iterator[tuple[str, _Content]]:
    for name, nature in FIELDS[part.kind].items():
        if name in ("grade", "version", "number", "unit"):
            # too many things have the same
            continue
        value = text(plain(part.value(name)))
        if value not in ('""', "null", "[]", "false"):
            yield name, _Content(Counter(_WORD.findall(value)), 1.0 if nature is Nature.WORDS else 2.0)
    thing = part.thing
    if isinstance(thing, Evidence):
        told = [text(plain(case.value(f))) for case in cases(thing) for f in ("when", "outcome", "cap", "floor")]
        yield "cases", _Content(Counter(told), 4.0)
    if isinstance(thing, Indicator):
        yield "evidence", _Content(Counter(item.name.partition(".")[2] for item in thing.evidence), 4.0)
    if part.kind is Kind.PARAMETER and used.get(part.name):
        yield "uses", _Content(Counter(used[part.name]), 4.0)


def uses(policy: PolicySet) -> dict[str, list[str]]:
    """Where each parameter is compared with a fact: the rule, the fact and the operator."""
    found: dict[str, list[str]] = {}

    def note(rule: str, condition: Condition) -> None:
        for leaf in leaves(condition):
            operands: Sequence[Operand] = leaf.operands if isinstance(leaf, FactTest) else ()
            for operand in operands:
                if isinstance(leaf, FactTest) and operand.parameter:
                    found.setdefault(operand.parameter, []).append(f"{rule} {leaf.fact} {leaf.operator}")

    for item in policy.evidence:
        for case in item.cases:
            note(item.name, case.when)
    for name, when in whens(policy):
        note(name, when)
    return found


def similarity(one: Mapping[str, _Content], other: Mapping[str, _Content]) -> float:
    """The share of their content that two things have in common, 0..1."""
    total = shared = 0.0
    for name in dict.fromkeys((*one, *other)):
        left, right = one.get(name), other.get(name)
        weight = max(c.weight for c in (left, right) if c is not None)
        total += weight
        if left is not None and right is not None:
            size = left.words.total() + right.words.total()
            shared += weight * (2 * (left.words & right.words).total() / size if size else 1.0)
    return shared / total if total else 0.0


def best_pairs(
    gone: Sequence[Part], come: Sequence[Part], alike: Callable[[Part, Part], float], least: float
) -> Iterator[tuple[Part, Part]]:
    """Pairs that are alike, the most alike first, each part once; among equals those nearest in place."""
    scored = [(-alike(one, other), abs(i - j), i, j) for i, one in enumerate(gone) for j, other in enumerate(come)]
    left, right = set(range(len(gone))), set(range(len(come)))
    for score, _, i, j in sorted(scored):
        if -score >= least and i in left and j in right:
            left.discard(i)
            right.discard(j)
            yield gone[i], come[j]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two lists laid side by side: pairs, with None where one side has nothing. `same_shape` where nothing came, went or moved."""

    pairs: tuple[tuple[Part | None, Part | None], ...]
    moved: frozenset[str]
    """Names, in the new list, of those that stand elsewhere than their neighbours would have them."""

    def place(self, part: Part) -> int:
        """The place of a part in the new list, from 0."""
        return next(n for n, (_, new) in enumerate(self.pairs) if new is part)

    @property
    def same_shape(self) -> bool:
        return not self.moved and all(old is not None and new is not None for old, new in self.pairs)


def align(old: Sequence[Part], new: Sequence[Part]) -> Aligned:
    """Which case or action of one list is which of the other: by id, then equal ones, then the most alike."""
    whole_old, whole_new = ({part.name: _whole(part) for part in parts} for parts in (old, new))
    named = {part.own_id: part.name for part in new if part.has_id}
    equal = {part.name: named[part.own_id] for part in old if part.own_id in named}
    equal |= dict(_equal([p for p in old if p.name not in equal], new, whole_old, whole_new, set(equal.values())))
    taken = set(equal.values())
    rest_old = [part for part in old if part.name not in equal]
    rest_new = [part for part in new if part.name not in taken]
    held = {part.name: dict(_content(part, {})) for part in (*rest_new,)}
    before = {part.name: dict(_content(part, {})) for part in rest_old}

    def alike(one: Part, other: Part) -> float:
        return similarity(before[one.name], held[other.name])

    matched = {**equal, **{o.name: n.name for o, n in best_pairs(rest_old, rest_new, alike, SAME_LINE)}}
    return _aligned(old, new, matched)


def _whole(part: Part) -> str:
    return text([plain(part.value(name)) for name in FIELDS[part.kind]])


def _equal(
    old: Sequence[Part],
    new: Sequence[Part],
    before: Mapping[str, str],
    after: Mapping[str, str],
    taken: Collection[str],
) -> Iterator[tuple[str, str]]:
    free: dict[str, list[str]] = {}
    for part in new:
        if part.name not in taken:
            free.setdefault(after[part.name], []).append(part.name)
    for part in old:
        same = free.get(before[part.name])
        if same:
            yield part.name, same.pop(0)


def _aligned(old: Sequence[Part], new: Sequence[Part], matched: Mapping[str, str]) -> Aligned:
    back = {after: before for before, after in matched.items()}
    by_old = {part.name: part for part in old}
    places = [(part.name, [p.name for p in old].index(back[part.name])) for part in new if part.name in back]
    kept = _longest_rising([place for _, place in places])
    moved = frozenset(name for n, (name, _) in enumerate(places) if n not in kept)
    pairs: list[tuple[Part | None, Part | None]] = [(by_old.get(back.get(part.name, "")), part) for part in new]
    pairs += [(part, None) for part in old if part.name not in matched]
    return Aligned(tuple(pairs), moved)


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The positions of a longest rising subsequence: what stays where it is."""
    nothing: tuple[int, ...] = ()
    best: list[tuple[int, ...]] = []
    for n, number in enumerate(numbers):
        lower = [run for i, run in enumerate(best) if numbers[i] < number]
        best.append((*_longest([nothing, *lower]), n))
    return frozenset(_longest([nothing, *best]))


def _longest(runs: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return max(runs, key=len)


def out_of_order(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The names that both lists have, in both orders; None where the order is the same."""
    before = tuple(name for name in old if name in set(new))
    after = tuple(name for name in new if name in set(old))
    return (before, after) if before != after else None
