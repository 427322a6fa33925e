from __future__ import annotations

from datetime import date
from math import inf

import pytest

from engine.condition import Literal, Operand
from engine.display import display, display_operand, grouped
from engine.facts import FactDefinition, FactType, Observation, RawValue

RATE = FactDefinition("a", FactType.RATE, "a")
RATIO = FactDefinition("a", FactType.NUMBER, "a", unit="ratio")
PP = FactDefinition("a", FactType.PP, "a")
MONTHS = FactDefinition("a", FactType.DURATION, "a", unit="months")
LEADS = FactDefinition("a", FactType.NUMBER, "a", unit="leads/month")
REPS = FactDefinition("a", FactType.COUNT, "a", unit="people")
CASH = FactDefinition("a", FactType.MONEY, "a")
ACV = FactDefinition("a", FactType.MONEY, "a", unit="/year")
TIMES = FactDefinition("a", FactType.NUMBER, "a", unit="x")
INDEX = FactDefinition("a", FactType.NUMBER, "a", unit="index")
WORD = FactDefinition("a", FactType.CATEGORY, "a", values=("flat_shown",))
FLAG = FactDefinition("a", FactType.BOOLEAN, "a")
DAY = FactDefinition("a", FactType.DATE, "a")
SPEND = FactDefinition("a", FactType.SERIES, "a", unit="money/month")
COST = FactDefinition("a", FactType.NUMBER, "a", unit="money/lead")
SERIES = FactDefinition("a", FactType.SERIES, "a", unit="leads/month")


@pytest.mark.parametrize(
    "value, shown",
    [
        (0.0, "0"),
        (-0.0, "0"),
        (42.0, "42"),
        (14.999999999999996, "15"),
        (1.5, "1.5"),
        (-3.25, "-3.25"),
        (0.012345, "0.01235"),
        (99.96, "99.96"),
        (999.96, "1,000"),
        (1234.5, "1,234"),
        (42000.0, "42,000"),
        (1e14, "100,000,000,000,000"),
        (1e15, "1.000e+15"),
        (1e-9, "0.000000001"),
        (1e-15, "1.000e-15"),
        (inf, "unlimited"),
        (-inf, "-unlimited"),
    ],
)
def test_a_number(value: float, shown: str) -> None:
    assert grouped(value) == shown


@pytest.mark.parametrize(
    "definition, value, shown",
    [
        (RATE, 0.023, "2.3 %"),
        (RATE, 0.5, "50 %"),
        (RATE, 0.00123, "0.12 %"),
        (RATE, 0.6316, "63.2 %"),
        (RATE, 0.0, "0 %"),
        (RATIO, 0.12, "12 %"),
        (RATIO, -0.05, "-5 %"),
        (RATIO, 12.5, "1,250 %"),
        (PP, 19.0, "19 pp"),
        (PP, 1.0, "1 pp"),
        (MONTHS, 8.0, "8 months"),
        (MONTHS, 1.0, "1 month"),
        (MONTHS, inf, "unlimited"),
        (LEADS, 42.0, "42 leads/month"),
        (LEADS, 1.0, "1 lead/month"),
        (REPS, 1.0, "1 person"),
        (REPS, 1200.0, "1,200 people"),
        (CASH, 42000.0, "42,000 USD"),
        (CASH, 1.0, "1 USD"),
        (ACV, 25000.0, "25,000 USD/year"),
        (TIMES, 1.8, "1.8x"),
        (TIMES, 1.0, "1x"),
        (INDEX, 0.85, "0.85"),
        (WORD, "flat_shown", "flat_shown"),
        (FLAG, True, "yes"),
        (FLAG, False, "no"),
        (DAY, date(2026, 10, 31), "2026-10-31"),
        (SERIES, (110.0, 120.0), "2 values, the last 120 leads/month"),
        (SERIES, (1.0,), "1 value, the last 1 lead/month"),
        (SPEND, (41000.0, 42000.0), "2 values, the last 42,000 USD/month"),
        (COST, 1200.0, "1,200 USD/lead"),
    ],
)
def test_a_value(definition: FactDefinition, value: RawValue, shown: str) -> None:
    assert display(Observation(value), definition, "USD") == shown


@pytest.mark.parametrize(
    "definition, observation, shown",
    [
        (RATE, Observation(21 / 130, 0.108, 0.234, successes=21, trials=130), "16.2 % [10.8-23.4 %, 21 of 130]"),
        (RATE, Observation(0.63, 0.62, 0.64, successes=4238, trials=6711), "63 % [62-64 %, 4,238 of 6,711]"),
        (PP, Observation(6.0, 1.0, 11.0), "6 pp [1-11 pp]"),
        (PP, Observation(6.0, -1.0, 13.0), "6 pp [-1 to 13 pp]"),
        (CASH, Observation(42000.0, 4e4, 45000.0), "42,000 USD [40,000-45,000 USD]"),
        (MONTHS, Observation(8.0, 6.0, inf), "8 months [6 months to unlimited]"),
        (MONTHS, Observation(inf, inf, inf), "unlimited"),
        (MONTHS, Observation(8.0, 8.0, 8.0), "8 months"),
        (TIMES, Observation(2.0, 1.0, 3.0), "2x [1-3x]"),
        (COST, Observation(125.0, 100.0, 150.0), "125 USD/lead [100-150 USD/lead]"),
        (COST, Observation(125.0, 100.0, 150.0, ranged=True), "between 100 and 150 USD/lead"),
        (
            ACV,
            Observation(125.0, 100.0, 250.0, stated="100 EUR/year", rate=1.25),
            "100 EUR/year (125 USD/year) [80-200 EUR/year (100-250 USD/year)]",
        ),
        (CASH, Observation(125.0, 100.0, 250.0, stated="100 EUR"), "100 EUR (125 USD) [100-250 USD]"),
        (
            ACV,
            Observation(175.0, 100.0, 250.0, ranged=True, stated="between 80 and 200 EUR/year", rate=1.25),
            "between 80 and 200 EUR/year (100 and 250 USD/year)",
        ),
        (SPEND, Observation((50.0, 125.0), stated="100 EUR/month"), "2 values, the last 100 EUR/month (125 USD/month)"),
    ],
)
def test_an_interval(definition: FactDefinition, observation: Observation, shown: str) -> None:
    assert display(observation, definition, "USD") == shown


@pytest.mark.parametrize(
    "definition, value, shown",
    [
        (RATE, 0.2, "20 %"),
        (MONTHS, 6, "6 months"),
        (ACV, 25000.0, "25,000 USD/year"),
        (WORD, "flat_shown", "flat_shown"),
        (FLAG, True, "yes"),
        (DAY, date(2026, 10, 31), "2026-10-31"),
    ],
)
def test_a_threshold(definition: FactDefinition, value: Literal, shown: str) -> None:
    assert display_operand(Operand(value), definition, "USD") == shown


def test_amounts_without_a_currency() -> None:
    assert display(Observation(42000.0), CASH, "") == "42,000"
