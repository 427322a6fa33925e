"""The definition itself says what docs/language.md, section 6, says: the rows that the rules engine is held against."""

from __future__ import annotations

from itertools import product

import pytest

from engine.condition import All, AnyOf, AtLeastN, Not, Truth, fact_truth, is_decided, truth
from tests.unit.test_durable_truth import LEAVES, NAMES, ROWS, Row, at_least_exactly
from tests.unit.tiny_policy import leaf, observed

VALUES: dict[Truth, float | None] = {Truth.YES: 1.0, Truth.NO: 0.0, Truth.UNKNOWN: None}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.operator}-{row.operands}-{row.expected}"[:40])
def test_a_leaf(row: Row) -> None:
    test = leaf("a", row.operator, *row.operands, if_missing=row.if_missing)
    assert fact_truth(test, row.observation) is row.expected
    assert is_decided(test, row.observation) is (row.expected is not Truth.UNKNOWN)


@pytest.mark.parametrize("truths", [*product(Truth, repeat=len(NAMES))], ids="-".join)
def test_connectives(truths: tuple[Truth, ...]) -> None:
    facts = observed(**{name: VALUES[each] for name, each in zip(NAMES, truths, strict=True)})
    for n in range(6):
        assert truth(AtLeastN(n, LEAVES), facts, {}) is at_least_exactly(n, truths)
    assert truth(All(LEAVES), facts, {}) is at_least_exactly(4, truths)
    assert truth(AnyOf(LEAVES), facts, {}) is at_least_exactly(1, truths)
    assert truth(Not(AnyOf(tuple(map(Not, LEAVES)))), facts, {}) is at_least_exactly(4, truths)
