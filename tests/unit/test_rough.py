"""Ranges and rough numbers in words: what to write instead, and that what is said can be read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.company import with_overrides
from engine.rough import instead
from tests.unit.test_company import CATALOGUE, company


@pytest.mark.parametrize(
    "written, hint",
    [
        ("10-20%", "write [10%, 20%]"),
        ("10 to 20 %", "write [10%, 20%]"),
        ("10 % – 20 %", "write [10%, 20%]"),
        ("between 10 and 20%", "write [10%, 20%]"),
        ("15 ± 3 %", "write [12%, 18%]"),
        ("-5 to 5", "write [-5, 5]"),
        ("2,5-3%", "write [2.5%, 3%]"),
        ("10, 20", "write [10, 20]"),
        ("1,000-2,000 EUR", "write [1000 EUR, 2000 EUR]"),
        ("EUR 1000-2000", "write [1000 EUR, 2000 EUR]"),
        ("ca. 15%", "write the range in which it lies, such as [12%, 18%], or the number itself: 15%"),
        ("about 15 %", "write the range in which it lies, such as [12%, 18%], or the number itself: 15%"),
        ("~3", "write the range in which it lies, such as [2, 4], or the number itself: 3"),
        ("approx. 2.3 %", "write the range in which it lies, such as [1.8%, 2.8%], or the number itself: 2.3%"),
        ("ca. 95%", "write the range in which it lies, such as [76%, 100%], or the number itself: 95%"),
        ("ca. 0", "write the number itself: 0"),
        ("15%+", "write [15%, HIGHEST], with the highest that it can be in place of HIGHEST"),
        ("less than 20 days", "write [LOWEST, 20 days], with the lowest that it can be in place of LOWEST"),
        ("2026-10-20", ""),
        ("20-10", ""),
        ("10 days to 2 weeks", ""),
        ("ca. 21 of 130", ""),
        ("about forty", ""),
        ("1e999999999-2", ""),
        ("ca. 123456789012345678901234567890", ""),
    ],
)
def test_what_to_write_instead(written: str, hint: str) -> None:
    assert instead(written, alone=True, share=False) == hint


def test_a_share_of_15_is_one_of_15_per_cent() -> None:
    assert instead("10-20", alone=True, share=True) == "write [10%, 20%]"
    assert instead("0.1 to 0.2", alone=True, share=True) == "write [0.1, 0.2]"


@given(
    low=st.integers(0, 60),
    more=st.integers(1, 40),
    sign=st.sampled_from(["-", " to ", " – ", "...", " bis "]),
    unit=st.sampled_from(["", "%", " %"]),
)
def test_what_is_said_can_be_read(low: int, more: int, sign: str, unit: str) -> None:
    said = instead(f"{low}{sign}{low + more}{unit}", alone=True, share=True)
    assert said.startswith("write [")
    found = with_overrides(company(""), [f"funnel.conversion={said.removeprefix('write ')}"], CATALOGUE)
    factor = 1 if not unit and low + more == 1 else 100
    assert found.facts["funnel.conversion"].interval == pytest.approx((low / factor, (low + more) / factor))
    assert found.as_of == date(2026, 10, 31)


@given(st.text(max_size=70))
def test_any_text_gets_a_hint_or_none(text: str) -> None:
    assert isinstance(instead(text, alone=True, share=False), str)
