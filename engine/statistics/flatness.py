"""What it would take to show a rate flat."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, log1p, sqrt

from .distributions import normal_within, student_within

CHANCE = 0.8
LONGEST = 120
"""Months; a longer series is no advice."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How precisely a trend is known: the standard error of the logarithm of the monthly factor, from so many months and parameters."""

    error: float
    months: int
    parameters: int
    confidence: float

    def needed(self, margin: float, months: int) -> float:
        """The standard error at which so many months show a flat rate to be flat, with 80 % chance.

        The interval is the estimate ± t s. If the true change is 0, the estimate lies within ± z s with 80 % chance, z = 1.28;
        so the whole interval lies within the margin where (t + z) s <= ln(1 + margin). It is the sample size of two one-sided
        tests (D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987) 657-680). The upper margin is the
        nearer in logarithms.
        """
        return log1p(margin) / (student_within(self.confidence, months - self.parameters) + normal_within(CHANCE))


def trials_for_flat(precision: Precision, margin: float, trials: float) -> int:
    """The trials a month with which these months would have shown it, at the same rate and dispersion; the error falls with their root."""
    needed = precision.needed(margin, precision.months)
    return ceil(trials * (precision.error / needed) ** 2) if needed else 0


def months_for_flat(precision: Precision, margin: float) -> int | None:
    """The months that would have shown it, with as many trials in each; None above ten years.

    The error falls with the root of m (m² − 1), the spread of the numbers 1 to m.
    """
    now = _spread(precision.months)
    for months in range(precision.parameters + 1, LONGEST + 1):
        if precision.error * sqrt(now / _spread(months)) <= precision.needed(margin, months):
            return months
    return None


def _spread(months: int) -> float:
    return months * (months * months - 1) / 12 or inf
