"""What fuzzing starts from: the files that ship, the example companies and the bad files of the other tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from engine.diagnostics import LoadError
from engine.document import Plain, parse, plain

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "policies" / "sales-focus"
TESTS = ROOT / "tests"


class Kind(StrEnum):
    """What a file claims to be; the name of its schema."""

    POLICYSET = "policyset"
    INDICATOR = "indicator"
    FACTS = "facts"
    COMPANY = "company"
    TAXONOMY = "taxonomy"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Seed:
    """One file; `good` where nothing is wrong with it."""

    kind: Kind
    text: str
    good: bool

    @property
    def tree(self) -> Plain:
        """Its data; nothing where it is no YAML."""
        try:
            return plain(parse(self.text, "seed"))
        except LoadError:
            return None


@cache
def seeds() -> dict[Kind, tuple[Seed, ...]]:
    """The files of each kind."""
    found: dict[Kind, list[Seed]] = {kind: [] for kind in Kind}
    for kind, path in _paths():
        found[kind].append(Seed(kind, path.read_text(encoding="utf-8"), TESTS not in path.parents))
    return {kind: tuple(listed) for kind, listed in found.items()}


def _paths() -> Iterator[tuple[Kind, Path]]:
    yield Kind.POLICYSET, POLICY / "policyset.yaml"
    yield Kind.FACTS, POLICY / "facts.yaml"
    yield Kind.TAXONOMY, POLICY / "reasons.yaml"
    for path in sorted(POLICY.glob("*.yaml")):
        if path.stem not in ("policyset", "facts", "reasons"):
            yield Kind.INDICATOR, path
    for path in sorted((ROOT / "examples").rglob("*.yaml")):
        yield {"company": Kind.COMPANY, "answers": Kind.ANSWERS}.get(path.stem, Kind.POLICYSET), path
    for path in sorted((TESTS / "diagnostics" / "schema").glob("*.yaml")):
        yield Kind(path.name.partition(".")[0]), path
    for path in sorted((TESTS / "diagnostics" / "reading").glob("*.yaml")):
        yield Kind.INDICATOR, path
    for path in sorted((TESTS / "unit" / "company_bad").glob("*.yaml")):
        yield Kind.FACTS if path.stem == "facts" else Kind.COMPANY, path


@cache
def trees(kind: Kind) -> tuple[Plain, ...]:
    """The data of the good files of a kind."""
    return tuple(seed.tree for seed in seeds()[kind] if seed.good)


@cache
def values_by_key() -> dict[str, tuple[Plain, ...]]:
    """What stands under each key anywhere: what replaces a value without breaking the shape."""
    found: dict[str, list[Plain]] = {}

    def collect(tree: Plain) -> None:
        if isinstance(tree, dict):
            for key, value in tree.items():
                found.setdefault(key, []).append(value)
                collect(value)
        elif isinstance(tree, list):
            for item in tree:
                collect(item)

    for kind in Kind:
        for tree in trees(kind):
            collect(tree)
    return {key: tuple(listed[:200]) for key, listed in found.items()}
