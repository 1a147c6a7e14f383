"""Working back from t, p, intervals and standard errors returns what was worked forward from."""

from __future__ import annotations

import math

import pytest

from mgdecide.errors import InvalidInput
from mgdecide.evidence.effects import Arm, hedges_g, log_risk_ratio, mean_difference
from mgdecide.evidence.recovered import (
    effect_from_interval,
    hedges_g_from_p,
    hedges_g_from_t,
    log_risk_ratio_from_interval,
    mean_difference_from_p,
    mean_difference_from_t,
    sd_from_interval,
    sd_from_sem,
    sd_of_change,
    se_from_interval,
)

ARMS = Arm(11.4, 3.8, 12), Arm(10.9, 4.3, 11)


def test_g_from_the_t_of_the_same_arms() -> None:
    difference = mean_difference(*ARMS, equal_variances=True)
    from_t = hedges_g_from_t(difference.yi / difference.se, 12, 11)
    assert from_t.yi == pytest.approx(hedges_g(*ARMS).yi, abs=1e-12)
    assert from_t.vi == pytest.approx(hedges_g(*ARMS).vi, abs=1e-12)


def test_difference_from_the_t_and_from_the_p_of_the_same_arms() -> None:
    """scipy's own t test gives the p (ttest_ind_from_stats)."""
    from scipy.stats import ttest_ind_from_stats

    expected = mean_difference(*ARMS, equal_variances=True)
    test = ttest_ind_from_stats(11.4, 3.8, 12, 10.9, 4.3, 11)
    assert mean_difference_from_t(0.5, float(test.statistic)).vi == pytest.approx(expected.vi, abs=1e-9)
    assert mean_difference_from_p(0.5, float(test.pvalue), 21).vi == pytest.approx(expected.vi, abs=1e-9)


def test_tarleton_2017_interval() -> None:
    """Printed -6.0 (-7.9 to -4.2): half of 3.7 points over 1.96."""
    effect = effect_from_interval(-6.0, -7.9, -4.2, measure="MD")
    assert effect.yi == -6.0
    assert effect.se == pytest.approx(3.7 / 2 / 1.959964, abs=1e-6)


def test_the_interval_of_the_2023_meta_analysis() -> None:
    """Printed SMD -0.919 (-1.443 to -0.396): the dossier derives SE .267."""
    assert round(se_from_interval(-1.443, -0.396), 3) == 0.267


def test_ratio_from_its_interval() -> None:
    exact = log_risk_ratio(22, 30, 10, 29)
    low, high = (math.exp(end) for end in exact.interval())
    back = log_risk_ratio_from_interval(math.exp(exact.yi), low, high)
    assert [back.yi, back.vi] == pytest.approx([exact.yi, exact.vi])


def test_spreads_from_other_spreads() -> None:
    assert sd_from_sem(0.04, 12) == pytest.approx(0.138564, abs=1e-6)
    # Cochrane Handbook 6.5.2.2: n 25, interval 30.0 to 34.2, t for 24 degrees of freedom 2.0639.
    assert sd_from_interval(30.0, 34.2, 25) == pytest.approx(5 * 4.2 / (2 * 2.0639), abs=1e-3)
    # Handbook 6.5.2.8: the SD of change from both SDs and a correlation.
    assert sd_of_change(4.0, 4.4, 0.78) == pytest.approx(math.sqrt(16 + 19.36 - 2 * 0.78 * 17.6))


@pytest.mark.parametrize(
    ("code", "path", "arguments"),
    [("MGD-P124", "high", (2.0, 1.0)), ("MGD-P124", "high", (1.0, 1.0)), ("MGD-P102", "low", (math.inf, 1.0))],
)
def test_intervals_that_are_none(code: str, path: str, arguments: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput) as caught:
        se_from_interval(*arguments)
    assert (caught.value.code, caught.value.problems[0].path) == (code, path)


def test_what_tells_no_spread_is_refused() -> None:
    with pytest.raises(InvalidInput, match="MGD-P123"):
        mean_difference_from_t(0.5, 0)
    with pytest.raises(InvalidInput, match="MGD-P123"):
        mean_difference_from_t(0, 2.0)
    assert mean_difference_from_t(1, 2.0).se == 0.5
    with pytest.raises(InvalidInput, match="MGD-P103"):
        log_risk_ratio_from_interval(0, 0.1, 2)
    with pytest.raises(InvalidInput, match="MGD-P122"):
        hedges_g_from_p(1.0, 10, 10, "lower")
