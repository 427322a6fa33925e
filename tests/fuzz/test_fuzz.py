"""No file ends the reader, the schema stage or the reader of companies otherwise than it should: the short run."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import Case, case
from tests.fuzz.run import outcome, shrunk, stored
from tests.fuzz.seeds import Kind, seeds
from tests.fuzz.targets import FOUND, HangError, Reached, deadline, examine

CASES = 300
"""The same in every run; `python -m tests.fuzz.run` goes on from there."""


def test_the_first_cases_of_the_long_run() -> None:
    reached = Counter(outcome(case(1, number)) for number in range(CASES))
    assert set(reached) <= set(Reached), [told for told in reached if not isinstance(told, Reached)]
    assert all(reached[stage] >= CASES // 100 for stage in Reached), reached


def test_what_was_found_once_is_not_found_again() -> None:
    found = {path.name: outcome(stored(path), thorough=True) for path in sorted(FOUND.glob("*.yaml"))}
    assert [name for name, told in found.items() if not isinstance(told, Reached)] == []


@pytest.mark.parametrize("kind", Kind)
def test_the_seeds_themselves(kind: Kind) -> None:
    for seed in seeds()[kind]:
        reached = examine(kind, seed.text.encode(), thorough=kind in (Kind.COMPANY, Kind.ANSWERS))
        assert not seed.good or reached in (Reached.ACCEPTED, Reached.SHAPED)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(Kind), st.binary(max_size=300))
def test_any_bytes(kind: Kind, data: bytes) -> None:
    with deadline():
        examine(kind, data)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(Kind),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(), part, max_size=4),
        max_leaves=12,
    ),
)
def test_any_data(kind: Kind, data: object) -> None:
    with deadline():
        examine(kind, repr_as_yaml(data).encode("utf-8", "surrogatepass"))


def repr_as_yaml(data: object) -> str:
    """Written by hand, without quotes wherever there is a choice."""
    if isinstance(data, list):
        return f"[{', '.join(map(repr_as_yaml, data))}]"
    if isinstance(data, dict):
        return f"{{{', '.join(f'{repr_as_yaml(key)}: {repr_as_yaml(value)}' for key, value in data.items())}}}"
    return str(data)


# ---- the harness itself finds what there is to find


def broken(monkeypatch: pytest.MonkeyPatch, instead: Callable[..., object]) -> str | Reached:
    monkeypatch.setattr("tests.fuzz.targets.validate", instead)
    return outcome(Case(Kind.COMPANY, b"a: 1"))


def test_an_exception_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> object:
        raise KeyError("a")

    told = broken(monkeypatch, fail)
    assert str(told).startswith("KeyError in ")


def test_a_hang_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object) -> object:
        while True:
            pass

    monkeypatch.setattr("tests.fuzz.run.deadline", lambda: deadline(0.05))
    assert str(broken(monkeypatch, hang)).startswith(HangError.__name__)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_failing_input_is_cut_down_to_what_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_at_x(_: Kind, data: bytes, __: bool | None = None) -> Reached:
        if b"x" in data:
            raise RuntimeError(f"of {len(data)} bytes")
        return Reached.READER

    monkeypatch.setattr("tests.fuzz.run.examine", fail_at_x)
    given = Case(Kind.COMPANY, b"a: 1\nb: axb\nc: 3\n")
    assert shrunk(given, str(outcome(given))).data == b"x"
