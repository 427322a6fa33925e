"""Formulas of the catalogue: docs/language.md, section 7.

In the order in which they are used: `parser` reads a text, `units` and `problems` say whether it means anything,
`evaluation` computes one, `derivation` all of a catalogue.
"""

from .derivation import derivations, derive, derive_for, in_order, is_certain, is_total, order, partial_facts
from .evaluation import evaluate
from .parser import parse
from .problems import problems, sampling_problems, unit_problems
from .tree import Formula, parameters, reads, unparse

__all__ = [
    "Formula",
    "derivations",
    "derive",
    "derive_for",
    "evaluate",
    "in_order",
    "is_certain",
    "is_total",
    "order",
    "parameters",
    "parse",
    "partial_facts",
    "problems",
    "reads",
    "sampling_problems",
    "unit_problems",
    "unparse",
]
