"""What real people's numbers print is never flagged: data are drawn, summarised by other programs, rounded, checked."""

from __future__ import annotations

import math
import statistics
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mgdecide.evidence.forensic import (
    ArmFigures,
    Contrast,
    Outcome,
    PrintedArm,
    bounded_sd,
    check_outcome,
    correlation_of_change,
    elemental_against_salt,
    flagged,
    grim,
    interval_against_estimate,
    p_against_figures,
    p_against_interval,
    percentage,
    sd_or_standard_error,
)

ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN)
LOW, HIGH = 0, 63  # the BDI's ends; any bounds would do
people = st.integers(3, 40)
decimals = st.integers(1, 3)
rounding = st.sampled_from(ROUNDINGS)


def printed(value: float | Decimal, digits: int, how: str = ROUND_HALF_UP) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return str(exact.quantize(Decimal(1).scaleb(-digits), rounding=how))


def scores(n: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(LOW, HIGH), min_size=n, max_size=n)


many_scores = people.flatmap(scores)


def spread(values: list[int]) -> float:
    return statistics.stdev(values)


@given(st.lists(st.integers(-63, 63), min_size=1, max_size=300), decimals, rounding, st.integers(1, 3))
def test_means_of_whole_scores(values: list[int], digits: int, how: str, items: int) -> None:
    mean = Decimal(sum(values)) / Decimal(len(values) * items)
    assert grim("x", "x", printed(mean, digits, how), len(values), "s", items=items).verdict != "cannot be"


@given(st.lists(st.integers(-63, 63), min_size=1, max_size=300), decimals)
def test_means_as_a_program_prints_them(values: list[int], digits: int) -> None:
    """Binary fractions round a half down now and then; that is no flag either."""
    assert grim("x", "x", f"{sum(values) / len(values):.{digits}f}", len(values), "s").verdict != "cannot be"


@given(many_scores, decimals)
def test_means_cut_off_where_that_is_tolerated(values: list[int], digits: int) -> None:
    text = printed(Decimal(sum(values)) / Decimal(len(values)), digits, ROUND_DOWN)
    assert grim("x", "x", text, len(values), "s", truncation_tolerated=True).verdict != "cannot be"


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 2), rounding)
def test_shares_of_whole_people(share: tuple[int, int], digits: int, how: str) -> None:
    count, n = share
    text = printed(Decimal(100 * count) / Decimal(n), digits, how)
    assert percentage("x", "x", text, n, "s", count=count).verdict == "consistent"
    assert percentage("x", "x", text, n, "s").verdict != "cannot be"


@given(many_scores, decimals, rounding)
def test_spreads_within_the_scale(values: list[int], digits: int, how: str) -> None:
    mean = printed(statistics.fmean(values), digits, how)
    check = bounded_sd("x", "x", mean, printed(spread(values), digits, how), len(values), LOW, HIGH, "s")
    assert check.verdict == "consistent"


@given(many_scores, decimals)
def test_spreads_within_the_range_really_entered(values: list[int], digits: int) -> None:
    """The tightest true bounds of all: the lowest and highest score themselves."""
    assume(min(values) < max(values))
    mean, sd = printed(statistics.fmean(values), digits), printed(spread(values), digits)
    assert bounded_sd("x", "x", mean, sd, len(values), min(values), max(values), "s").verdict == "consistent"


@given(st.lists(st.tuples(st.integers(LOW, HIGH), st.integers(LOW, HIGH)), min_size=3, max_size=40), decimals, rounding)
def test_the_spread_of_a_real_change(pairs: list[tuple[int, int]], digits: int, how: str) -> None:
    sds = [spread([a for a, _ in pairs]), spread([b for _, b in pairs]), spread([b - a for a, b in pairs])]
    first, second, change = (printed(sd, digits, how) for sd in sds)
    assert correlation_of_change("x", "x", first, second, change, "s").verdict == "consistent"


def arm_of(values: list[int], digits: int) -> PrintedArm:
    return PrintedArm(printed(statistics.fmean(values), digits), printed(spread(values), digits), len(values))


@settings(max_examples=60, deadline=None)
@given(many_scores, many_scores, st.integers(1, 2), st.booleans(), rounding)
def test_p_of_scipys_own_t_tests(a: list[int], b: list[int], digits: int, equal: bool, how: str) -> None:
    from scipy.stats import ttest_ind

    assume(spread(a) > 0 and spread(b) > 0)
    p = float(ttest_ind(a, b, equal_var=equal).pvalue)
    for text in (printed(p, 3, how), printed(p, 2, how), "<.05" if p < 0.05 else ">.05"):
        if float(text.lstrip("<>")) > 0:
            check = p_against_figures("x", "x", arm_of(a, digits), arm_of(b, digits), text, "s")
            assert check.verdict == "consistent", (p, check)
            reading = sd_or_standard_error("x", "x", arm_of(a, digits), arm_of(b, digits), text, "s")
            assert reading.verdict != "cannot be"


@settings(max_examples=60, deadline=None)
@given(st.floats(-20, 20), st.floats(0.1, 10), st.integers(8, 400) | st.none(), st.integers(1, 3))
def test_intervals_and_p_of_normal_and_t_tests(estimate: float, se: float, df: int | None, digits: int) -> None:
    from scipy.stats import norm, t

    reach = float(norm.ppf(0.975)) if df is None else float(t.ppf(0.975, df))
    tail = float(norm.sf(abs(estimate) / se)) if df is None else float(t.sf(abs(estimate) / se, df))
    ends = (estimate, estimate - reach * se, estimate + reach * se)
    point, low, high = (printed(value, digits) for value in ends)
    assert interval_against_estimate("x", "x", point, low, high, "s").verdict == "consistent"
    text = "<0.001" if tail < 0.0005 else printed(2 * tail, 3)
    assert p_against_interval("x", "x", point, low, high, text, "s").verdict == "consistent"


@given(st.floats(-1.5, 1.5), st.floats(0.05, 0.8))
def test_intervals_of_ratios(log_ratio: float, se: float) -> None:
    ends = (log_ratio, log_ratio - 1.96 * se, log_ratio + 1.96 * se)
    point, low, high = (printed(math.exp(value), 2) for value in ends)
    assume(float(low) > 0.02)
    assert interval_against_estimate("x", "x", point, low, high, "s", ratio=True).verdict == "consistent"


@given(st.integers(10, 5000), st.sampled_from([0.603, 0.1196, 0.2553]))
def test_doses_computed_from_the_salt(salt: int, share: float) -> None:
    stated = printed(salt * share, 1)
    assume(float(stated) > 1)
    check = elemental_against_salt("x", "x", str(salt), stated, {"this form": share, "other": 0.05}, "s")
    assert check.verdict == "consistent"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(11, 29), st.integers(LOW, HIGH)), min_size=5, max_size=30),
    st.lists(st.tuples(st.integers(11, 29), st.integers(LOW, HIGH)), min_size=5, max_size=30),
    st.integers(1, 2),
)
def test_a_whole_outcome_of_real_scores(a: list[tuple[int, int]], b: list[tuple[int, int]], digits: int) -> None:
    """Two arms of whole scores, everything printed, every check run: nothing is flagged."""
    from scipy.stats import ttest_1samp, ttest_ind

    changes = [[after - before for before, after in arm] for arm in (a, b)]
    assume(all(spread(change) > 0 for change in changes))

    def figures(label: str, arm: list[tuple[int, int]], change: list[int]) -> ArmFigures:
        before, after = [x for x, _ in arm], [x for _, x in arm]
        p = float(ttest_1samp(change, 0).pvalue)
        return ArmFigures(
            label=label,
            n=len(arm),
            baseline=printed(statistics.fmean(before), digits),
            baseline_sd=printed(spread(before), digits),
            endpoint=printed(statistics.fmean(after), digits),
            endpoint_sd=printed(spread(after), digits),
            change=printed(statistics.fmean(change), digits),
            change_sd=printed(spread(change), digits),
            change_p=printed(p, 3) if p >= 0.0005 else "<0.001",
        )

    test = ttest_ind(changes[0], changes[1])
    interval = test.confidence_interval()
    p = float(test.pvalue)
    outcome = Outcome(
        study="x",
        name="BDI",
        source="s",
        arms=(figures("magnesium", a, changes[0]), figures("placebo", b, changes[1])),
        contrast=Contrast(
            estimate=printed(statistics.fmean(changes[0]) - statistics.fmean(changes[1]), digits),
            low=printed(float(interval.low), digits),
            high=printed(float(interval.high), digits),
            p=printed(p, 3) if p >= 0.0005 else "<0.001",
        ),
        whole_scores=True,
        decimals=digits,
        low=LOW,
        high=HIGH,
        entry_low=11,
        entry_high=29,
        compared="change",
    )
    checks = check_outcome(outcome)
    assert {check.id for check in checks} == {
        "grim",
        "change-against-means",
        "bounded-sd",
        "correlation-of-change",
        "p-against-change",
        "p-against-figures",
        "interval-against-estimate",
        "p-against-interval",
    }
    assert flagged(checks) == ()


def test_a_change_of_one_point_in_the_last_digit_can_be_seen() -> None:
    """The checks above would also pass if they never flagged; here they must."""
    assert grim("x", "x", "11.26", 26, "s").verdict == "cannot be"
    assert percentage("x", "x", "73.4", 30, "s", count=22).verdict == "cannot be"
    with pytest.raises(AssertionError):
        assert bounded_sd("x", "x", "28.8", "3.7", 30, 11, 29, "s").verdict == "consistent"
