"""Effects and spreads worked back from what a report prints instead: t, p, an interval, a standard error.

Cochrane Handbook 6.5.2 (obtaining standard deviations) gives the steps; each assumption is kept with the effect.
"""

from __future__ import annotations

import math
from typing import Literal

from mgdecide.evidence.distributions import normal_quantile, t_quantile
from mgdecide.evidence.effects import Effect, Measure, g_from_d
from mgdecide.evidence.inputs import checked_correlation, finite, head_count, positive, probability, refuse

Direction = Literal["lower", "higher"]
_UNADJUSTED = "the test was an unadjusted comparison of two independent groups"


def hedges_g_from_t(t: float, n_treated: int, n_control: int, *, assuming: tuple[str, ...] = ()) -> Effect:
    """Hedges' g from an independent-groups t; its sign is the effect's (metafor SMD with ``ti``)."""
    head_count(n_treated, "n_treated")
    head_count(n_control, "n_control")
    d = finite(t, "t") * math.sqrt(1 / n_treated + 1 / n_control)
    return g_from_d(d, n_treated, n_control, "Hedges' g from t and n", (_UNADJUSTED, *assuming))


def hedges_g_from_p(
    p: float, n_treated: int, n_control: int, direction: Direction, *, assuming: tuple[str, ...] = ()
) -> Effect:
    """Hedges' g from an exact two-sided p of a t test; ``direction`` is the treated arm's against the control's.

    A bound ("p < .05") is not a p value and must not be given here.
    """
    t = _t_from_p(p, head_count(n_treated, "n_treated") + head_count(n_control, "n_control") - 2)
    signed = -t if direction == "lower" else t
    d = signed * math.sqrt(1 / n_treated + 1 / n_control)
    kept = (_UNADJUSTED, f"p = {p:g} is two-sided and printed without rounding", *assuming)
    return g_from_d(d, n_treated, n_control, "Hedges' g from a two-sided p and n", kept)


def mean_difference_from_t(difference: float, t: float, df: float | None = None) -> Effect:
    """A printed mean difference with the standard error that its t implies."""
    if finite(t, "t") == 0 or finite(difference, "difference") == 0:
        raise refuse("MGD-P123", "t", t, "a t and a difference other than 0: 0 tells no spread")
    return Effect(
        difference, (difference / t) ** 2, "mean difference with SE from t", (_UNADJUSTED,), measure="MD", df=df
    )


def mean_difference_from_p(difference: float, p: float, df: float) -> Effect:
    """A printed mean difference with the standard error that its two-sided p (t test, ``df``) implies."""
    effect = mean_difference_from_t(difference, _t_from_p(p, df), df)
    kept = (*effect.assumptions, f"p = {p:g} is two-sided and printed without rounding")
    return Effect(effect.yi, effect.vi, "mean difference with SE from p", kept, measure="MD", df=df)


def effect_from_interval(
    estimate: float, low: float, high: float, *, measure: Measure, level: float = 0.95, df: float | None = None
) -> Effect:
    """A printed estimate with the standard error of its interval, both on the scale of the analysis (logs for RR)."""
    se = se_from_interval(low, high, level=level, df=df)
    reach = "normal" if df is None else f"t with {df:g} degrees of freedom"
    how = f"estimate as printed, SE from its {level * 100:g}% interval"
    assumed = (f"the interval is symmetric and {reach}",)
    return Effect(finite(estimate, "estimate"), se**2, how, assumed, measure=measure, df=df)


def log_risk_ratio_from_interval(ratio: float, low: float, high: float, *, level: float = 0.95) -> Effect:
    """The log of a printed risk ratio with the standard error of its interval, symmetric in logs."""
    logs = [math.log(positive(value, path)) for value, path in ((ratio, "ratio"), (low, "low"), (high, "high"))]
    return effect_from_interval(logs[0], logs[1], logs[2], measure="log RR", level=level)


def se_from_interval(low: float, high: float, *, level: float = 0.95, df: float | None = None) -> float:
    """The standard error of an estimate from its interval: normal, or t where ``df`` is given."""
    if finite(high, "high") <= finite(low, "low"):
        raise refuse("MGD-P124", "high", high, f"an upper end above the lower end {low:g}")
    tail = 0.5 + probability(level, "level") / 2
    reach = normal_quantile(tail) if df is None else t_quantile(tail, positive(df, "df"))
    return (high - low) / (2 * reach)


def sd_from_sem(sem: float, n: int) -> float:
    """The standard deviation of people from the standard error of their mean."""
    return positive(sem, "sem") * math.sqrt(head_count(n, "n"))


def sd_from_interval(low: float, high: float, n: int, *, level: float = 0.95) -> float:
    """The standard deviation of people from the t interval of one arm's mean."""
    return sd_from_sem(se_from_interval(low, high, level=level, df=head_count(n, "n") - 1), n)


def sd_of_change(sd_before: float, sd_after: float, correlation: float) -> float:
    """The standard deviation of the change for a correlation that the caller names."""
    before, after = positive(sd_before, "sd_before"), positive(sd_after, "sd_after")
    r = checked_correlation(correlation, "correlation")
    return math.sqrt(max(0.0, before**2 + after**2 - 2 * r * before * after))


def _t_from_p(p: float, df: float) -> float:
    return -t_quantile(probability(p, "p") / 2, positive(df, "df"))
