"""Formulas of the catalogue: docs/language.md, section 7.

In the order in which they are used: `parser` reads a text, `units` and `problems` say whether it means anything,
`evaluation` computes one, `derivation` all of a catalogue.
"""

from .derivation import derive, is_certain, is_total, order
from .evaluation import evaluate
from .parser import parse
from .problems import problems, sampling_problems, unit_problems
from .tree import Formula, parameters, reads, unparse

__all__ = [
    "Formula",
    "derive",
    "evaluate",
    "is_certain",
    "is_total",
    "order",
    "parameters",
    "parse",
    "problems",
    "reads",
    "sampling_problems",
    "unit_problems",
    "unparse",
]
