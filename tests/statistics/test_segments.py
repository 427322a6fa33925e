"""Segments, mixes and single months: against scipy, worked numbers, and the paradox."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control
from statsmodels.stats.multitest import multipletests

from engine.statistics.alarm import LastMonth, last_month
from engine.statistics.comparisons import benjamini_hochberg
from engine.statistics.difference import compare
from engine.statistics.homogeneity import Homogeneity, homogeneity
from engine.statistics.mix import MixChange, mix_change
from engine.statistics.month import Month
from engine.statistics.proportion import NOTHING, Share
from engine.statistics.ranking import ranking
from engine.statistics.season import Season
from engine.statistics.shift import Shift, stability_index
from engine.statistics.unknown import Unknown

from .series import CLOSED, DEALS, WON, rates

MANAGERS = {
    "Melvin": Share(882, 1418),
    "Summer": Share(828, 1287),
    "Dustin": Share(747, 1186),
    "Rocco": Share(691, 1113),
    "Celia": Share(610, 962),
    "Cara": Share(480, 745),
}
BANDS = {
    "101-1500": Share(1568, 2487),
    "1501-5000": Share(1383, 2231),
    "<=100": Share(793, 1223),
    "5001-6000": Share(479, 745),
    ">6000": Share(15, 25),
}
LARGE = st.integers(60, 500).flatmap(lambda n: st.builds(Share, st.integers(20, n - 20), st.just(n)))
ANY = st.integers(0, 60).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


def named(shares: list[Share]) -> dict[str, Share]:
    return {f"segment {n}": share for n, share in enumerate(shares)}


# ---- the latest month


def test_a_drop_of_one_month_is_an_alarm() -> None:
    found = last_month(rates([30, 32, 29, 31, 30, 12], 300))
    assert isinstance(found, LastMonth)
    assert (found.month, found.earlier_months, found.is_alarm) == (Month(2024, 6), 5, True)
    assert found.against == compare(Share(152, 1500), Share(12, 300))


def test_an_ordinary_month_is_none() -> None:
    found = last_month(rates([30, 32, 29, 31, 30, 25], 300))
    assert isinstance(found, LastMonth)
    assert not found.is_alarm


def test_a_quarter_end_is_compared_with_quarter_ends() -> None:
    against_all, like_with_like = last_month(DEALS), last_month(DEALS, season=Season.QUARTER)
    assert isinstance(against_all, LastMonth)
    assert isinstance(like_with_like, LastMonth)
    assert against_all.is_alarm
    assert (like_with_like.is_alarm, like_with_like.earlier_months) == (False, 3)
    assert like_with_like.against.first == Share(531 + 531 + 503, 647 + 641 + 635)


def test_few_events_are_tested_exactly() -> None:
    found = last_month(rates([1, 0, 1, 0, 5], 30))
    assert isinstance(found, LastMonth)
    assert found.against.is_exact


def test_months_without_cases_are_passed_over() -> None:
    assert last_month(rates([30, 10, 0], [300, 300, 0])) == last_month(rates([30, 10], 300))


@pytest.mark.parametrize(
    "months, season, reason",
    [
        ({}, Season.NONE, "no mature month"),
        (rates([0], 0), Season.NONE, "no mature month"),
        (rates([3], 30), Season.NONE, "no earlier mature month to compare 2024-01 with"),
        (rates([3, 3, 3], 30), Season.QUARTER, "no earlier mature month to compare 2024-03 with"),
    ],
)
def test_nothing_to_compare(months: dict[Month, Share], season: Season, reason: str) -> None:
    assert last_month(months, season=season) == Unknown(reason)


def test_no_significance_of_zero() -> None:
    with pytest.raises(ValueError, match="significance"):
        last_month(DEALS, 0)


# ---- do segments differ at all


@pytest.mark.parametrize(
    "segments, chi_square, p_value",
    [
        (MANAGERS, 2.436024, 0.7860975737),
        ({str(month): share for month, share in DEALS.items()}, 570.24182, 0.0),
        ({"Q2": Share(1254, 2032), "Q3": Share(1257, 2047), "Q4": Share(1196, 1985)}, 1.000498, 0.6063797441),
        (BANDS, 3.329443, 0.5042808956),
    ],
)
def test_worked_numbers(segments: dict[str, Share], chi_square: float, p_value: float) -> None:
    found = homogeneity(segments)
    assert isinstance(found, Homogeneity)
    assert (found.chi_square, found.p_value) == pytest.approx((chi_square, p_value), abs=1e-6)
    assert (found.df, found.pooled) == (len(segments) - 1, ())


@given(st.lists(LARGE, min_size=3, max_size=12))
def test_scipy_agrees(shares: list[Share]) -> None:
    found = homogeneity(named(shares))
    assert isinstance(found, Homogeneity)
    table = np.array([[share.successes, share.failures] for share in shares])
    theirs = chi2_contingency(table, correction=False)
    if theirs.expected_freq.min() >= 5:
        assert (found.chi_square, found.p_value) == pytest.approx(
            (theirs.statistic, theirs.pvalue), rel=1e-9, abs=1e-12
        )


@given(st.lists(ANY, min_size=2, max_size=12))
def test_small_cells_are_never_tested_alone(shares: list[Share]) -> None:
    """What is left after pooling has 5 expected events everywhere, or is a table of two, which has its exact test."""
    segments = named(shares)
    found = homogeneity(segments)
    if isinstance(found, Unknown):
        return
    total = sum(shares, NOTHING)
    left = [share for name, share in segments.items() if share.trials and name not in found.pooled]
    if found.pooled:
        left.append(sum((segments[name] for name in found.pooled), NOTHING))
    rarer = min(total.successes, total.failures) / total.trials
    assert len(left) == found.df + 1
    assert len(left) == 2 or min(share.trials for share in left) * rarer >= 5
    assert (found.chi_square is None) <= (len(left) == 2)


def test_small_segments_are_one() -> None:
    tiny = {"a": Share(1, 3), "b": Share(0, 4), "c": Share(2, 5)}
    found = homogeneity(BANDS | tiny)
    assert isinstance(found, Homogeneity)
    assert found.pooled == ("a", "b", "c", ">6000")[: len(found.pooled)]
    assert found.df == len(BANDS) + 3 - len(found.pooled)


@pytest.mark.parametrize(
    "segments, reason",
    [
        ({}, "fewer than two segments to compare"),
        ({"a": Share(1, 2), "b": NOTHING}, "fewer than two segments to compare"),
        ({"a": Share(0, 20), "b": Share(0, 30)}, "all outcomes are the same in every segment"),
        ({"a": Share(20, 20), "b": Share(30, 30)}, "all outcomes are the same in every segment"),
    ],
)
def test_nothing_to_tell_apart(segments: dict[str, Share], reason: str) -> None:
    assert homogeneity(segments) == Unknown(reason)
    assert ranking(segments).reason == reason
    assert ranking(segments).ranked == ()


# ---- the ranking


def test_what_does_not_differ_is_not_ranked() -> None:
    found = ranking(MANAGERS)
    assert found.ranked == ()
    assert found.reason == "no ranking: the segments do not differ beyond chance (p = 0.79)"
    assert [segment.name for segment in found.unranked] == sorted(MANAGERS)
    celia = found.unranked[1]
    assert (celia.low, celia.high) == pytest.approx((0.603180, 0.663945), abs=1e-6)
    assert (celia.difference, celia.adjusted_p, celia.stands_out) == (None, None, False)


def test_what_differs_is_ranked_with_what_stands_out() -> None:
    segments = {"web": Share(20, 400), "event": Share(60, 400), "referral": Share(80, 400), "fair": Share(9, 20)}
    found = ranking(segments)
    assert [segment.name for segment in found.ranked] == ["referral", "event", "web"]
    assert [segment.name for segment in found.unranked] == ["fair"]
    assert [segment.stands_out for segment in found.ranked] == [True, False, True]
    web = found.ranked[-1]
    assert web.difference == compare(Share(149, 820), Share(20, 400))
    p_values = [segment.difference.p_value for segment in found.ranked if segment.difference]
    assert [segment.adjusted_p for segment in found.ranked] == pytest.approx(false_discovery_control(p_values))


def test_two_large_segments_are_needed() -> None:
    found = ranking({"a": Share(10, 400), "b": Share(15, 25), "c": NOTHING})
    assert found.reason == "no ranking: fewer than two segments have 30 cases"
    assert [segment.name for segment in found.unranked] == ["a", "b"]


def test_no_significance_of_one() -> None:
    with pytest.raises(ValueError, match="significance"):
        ranking(MANAGERS, significance=1)


@given(st.lists(st.floats(0, 1), max_size=40))
def test_many_comparisons(p_values: list[float]) -> None:
    found = benjamini_hochberg(p_values)
    if p_values:
        assert found == pytest.approx(false_discovery_control(p_values, method="bh"))
        assert found == pytest.approx(multipletests(p_values, method="fdr_bh")[1])
    assert all(adjusted >= p for adjusted, p in zip(found, p_values, strict=True))


def test_the_published_example_of_many_comparisons() -> None:
    """Benjamini and Hochberg (1995), section 4.1: 15 p-values, of which four are found at 0.05 where Bonferroni finds three."""
    p_values = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
    ]
    assert sum(p <= 0.05 for p in benjamini_hochberg(p_values)) == 4


def test_no_impossible_chance() -> None:
    with pytest.raises(ValueError, match="p-value"):
        benjamini_hochberg([0.5, 1.5])


# ---- the mix


def test_the_paradox() -> None:
    """C. R. Charig and others, British Medical Journal 292 (1986) 879-882: each stone size goes one way, both together the other."""
    open_surgery = {"small": Share(81, 87), "large": Share(192, 263)}
    through_skin = {"small": Share(234, 270), "large": Share(55, 80)}
    found = mix_change(open_surgery, through_skin)
    assert isinstance(found, MixChange)
    assert found.raw.change == pytest.approx(289 / 350 - 273 / 350)
    assert found.raw.change > 0 > found.due_to_rates
    assert found.adjusted == pytest.approx((87 * 234 / 270 + 263 * 55 / 80) / 350)


def test_a_change_of_mix_alone() -> None:
    first = {"web": Share(20, 1000), "referral": Share(200, 1000)}
    last = {"web": Share(40, 2000), "referral": Share(40, 200)}
    found = mix_change(first, last)
    assert isinstance(found, MixChange)
    assert (found.due_to_rates, found.adjusted) == pytest.approx((0, 0.11))
    assert found.due_to_mix == pytest.approx(80 / 2200 - 0.11)
    assert found.is_explained_by_mix


def test_a_change_that_the_mix_made_most_of_and_the_rates_beyond_chance_too() -> None:
    """The mix made more than half; to say that it explains the change would hide what the rates did."""
    first = {"web": Share(100, 1000), "referral": Share(400, 1000)}
    last = {"web": Share(280, 4000), "referral": Share(175, 500)}
    found = mix_change(first, last)
    assert isinstance(found, MixChange)
    assert found.high < 0
    assert found.due_to_mix / found.raw.change > 0.5
    assert not found.is_explained_by_mix


def test_a_change_of_rates_alone() -> None:
    first = {"web": Share(20, 1000), "referral": Share(200, 1000)}
    last = {"web": Share(40, 1000), "referral": Share(300, 1000)}
    found = mix_change(first, last)
    assert isinstance(found, MixChange)
    assert (found.due_to_rates, found.due_to_mix) == pytest.approx((0.06, 0))
    assert not found.is_explained_by_mix


@given(
    st.dictionaries(st.sampled_from("abcde"), ANY, min_size=1),
    st.dictionaries(st.sampled_from("abcde"), ANY, min_size=1),
)
def test_the_parts_add_up(first: dict[str, Share], last: dict[str, Share]) -> None:
    found = mix_change(first, last)
    if isinstance(found, Unknown):
        return
    assert found.due_to_rates + found.due_to_mix == pytest.approx(found.raw.change, abs=1e-12)
    assert found.low <= found.due_to_rates <= found.high
    assert found.adjusted == pytest.approx(found.raw.first.rate + found.due_to_rates)


def test_one_segment_is_the_plain_comparison() -> None:
    found = mix_change({"all": Share(20, 100)}, {"all": Share(35, 120)})
    assert isinstance(found, MixChange)
    assert (found.due_to_rates, found.low, found.high) == pytest.approx(
        (found.raw.change, found.raw.low, found.raw.high)
    )


def test_segments_that_come_and_go_are_named() -> None:
    found = mix_change({"a": Share(5, 50), "b": Share(9, 50)}, {"a": Share(6, 50), "c": Share(10, 50), "b": NOTHING})
    assert isinstance(found, MixChange)
    assert (found.assumed, found.new) == (("b",), ("c",))
    assert found.due_to_rates == pytest.approx(0.5 * 0.02)


@pytest.mark.parametrize(
    "first, last, reason",
    [
        ({}, {"a": Share(1, 2)}, "no cases in the first period"),
        ({"a": Share(1, 2)}, {"a": NOTHING}, "no cases in the last period"),
        ({"a": Share(1, 2)}, {"b": Share(1, 2)}, "no segment has cases in both periods"),
    ],
)
def test_no_two_mixes(first: dict[str, Share], last: dict[str, Share], reason: str) -> None:
    assert mix_change(first, last) == Unknown(reason)


def test_the_interval_of_the_rates_holds_as_often_as_it_says() -> None:
    random = np.random.default_rng(8)
    before, after, sizes = (0.05, 0.2, 0.5), (0.07, 0.2, 0.4), (150, 80, 40)
    truth = sum(n * (b - a) for n, a, b in zip(sizes, before, after, strict=True)) / sum(sizes)
    held = 0
    for _ in range(1000):
        first, last = (
            named([Share(int(random.binomial(n, p)), n) for n, p in zip(sizes, chances, strict=True)])
            for chances in (before, after)
        )
        found = mix_change(first, last)
        assert isinstance(found, MixChange)
        held += found.low <= truth <= found.high
    assert held / 1000 == pytest.approx(0.95, abs=0.02)


# ---- the shift of a mix


def index(before: dict[str, int], after: dict[str, int]) -> Shift:
    found = stability_index(before, after)
    assert isinstance(found, Shift), found
    return found


def test_the_index_by_hand() -> None:
    found = index({"web": 50, "event": 30, "referral": 20}, {"web": 30, "event": 30, "referral": 40})
    assert found.index == pytest.approx(-0.2 * log(0.6) + 0.2 * log(2))
    assert (found.cells, found.merged) == (3, ())
    assert found.by_chance == pytest.approx(0.02 * 5.991465, abs=1e-6)


COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 500), min_size=2)


@given(COUNTS, COUNTS)
def test_the_index_is_the_same_both_ways_and_never_below_zero(before: dict[str, int], after: dict[str, int]) -> None:
    found = stability_index(before, after)
    if isinstance(found, Shift):
        assert found.index >= 0
        back = index(after, before)
        assert back.index == pytest.approx(found.index)
        assert back.merged == found.merged


def test_nothing_shifted() -> None:
    assert index({"a": 30, "b": 70}, {"a": 300, "b": 700}).index == 0


def test_small_cells_are_merged_and_new_ones_are_not() -> None:
    before = {"web": 980, "fair": 9, "letter": 8, "fax": 3}
    after = {"web": 700, "fair": 6, "letter": 4, "podcast": 290}
    found = index(before, after)
    assert (found.merged, found.cells) == (("fair", "fax", "letter"), 3)
    assert found.index > 0.29 * log(0.29 / 0.0005) * 0.9


def test_by_chance_is_what_one_shift_in_twenty_exceeds() -> None:
    random = np.random.default_rng(4)
    draws = random.multinomial(150, [0.4, 0.3, 0.2, 0.1], (2000, 2))
    beyond = 0
    for before, after in draws:
        found = index(*({name: int(n) for name, n in zip("abcd", counts, strict=True)} for counts in (before, after)))
        beyond += found.index > found.by_chance
    assert beyond / 2000 == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize(
    "before, after, reason",
    [
        ({}, {"a": 1}, "no cases in the first period"),
        ({"a": 1}, {"a": 0}, "no cases in the last period"),
        ({"a": 5}, {"a": 9}, "all cases are of one kind: there is no mix"),
    ],
)
def test_no_mix(before: dict[str, int], after: dict[str, int], reason: str) -> None:
    assert stability_index(before, after) == Unknown(reason)


def test_no_negative_number_of_cases() -> None:
    with pytest.raises(ValueError, match="not negative"):
        stability_index({"a": -1}, {"a": 1})


def test_the_months_of_the_extract_are_those_of_the_reference() -> None:
    assert (sum(WON), sum(CLOSED)) == (4238, 6711)
