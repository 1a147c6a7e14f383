"""One study's effect and sampling variance from what its arms print.

Formulas and defaults are those of metafor's ``escalc`` (Viechtbauer 2010, J Stat Softw 36(3)): measures MD, SMD and
RR, so that rows agree with that program to the last digits. A negative effect means lower in the treated arm.
"""

from __future__ import annotations

import math
from typing import Literal

from attrs import field, frozen

from mgdecide.evidence.distributions import normal_quantile, t_quantile
from mgdecide.evidence.inputs import finite, head_count, positive, probability, refuse

Measure = Literal["MD", "SMD", "log RR"]


@frozen
class Effect:
    """One study's effect: ``yi``, its sampling variance ``vi``, how it was had and what had to be assumed.

    ``df`` is given where the interval of this one study is a t interval (mean differences), else the normal is used.
    """

    yi: float
    vi: float
    how: str
    assumptions: tuple[str, ...]
    measure: Measure = field(kw_only=True)
    df: float | None = field(default=None, kw_only=True)

    @property
    def se(self) -> float:
        """The standard error, in the unit of ``yi``."""
        return math.sqrt(self.vi)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The confidence interval of this study alone, on the scale of ``yi``."""
        tail = 0.5 + probability(level, "level") / 2
        reach = normal_quantile(tail) if self.df is None else t_quantile(tail, self.df)
        return self.yi - reach * self.se, self.yi + reach * self.se


@frozen
class Arm:
    """A group's mean, standard deviation (not standard error) and number of people analysed.

    Raises:
        InvalidInput: MGD-P102 not finite, MGD-P103 standard deviation not above 0, MGD-P120 fewer than two people.
    """

    mean: float
    sd: float
    n: int

    def __attrs_post_init__(self) -> None:
        finite(self.mean, "arm.mean")
        positive(self.sd, "arm.sd")
        head_count(self.n, "arm.n")


def small_sample_factor(df: float) -> float:
    """Hedges' J, exact: what turns Cohen's d into Hedges' g (Hedges 1981, J Educ Stat 6:107)."""
    return math.exp(math.lgamma(df / 2) - math.log(math.sqrt(df / 2)) - math.lgamma((df - 1) / 2))


def pooled_sd(first: Arm, second: Arm) -> float:
    """The within-arm standard deviation, weighted by degrees of freedom."""
    squares = (first.n - 1) * first.sd**2 + (second.n - 1) * second.sd**2
    return math.sqrt(squares / (first.n + second.n - 2))


def mean_difference(treated: Arm, control: Arm, *, equal_variances: bool = False) -> Effect:
    """Treated minus control, in the scale's own points (metafor MD; vtype "HO" when variances are taken as equal)."""
    shares = (treated.sd**2 / treated.n, control.sd**2 / control.n)
    if equal_variances:
        vi, df = pooled_sd(treated, control) ** 2 * (1 / treated.n + 1 / control.n), treated.n + control.n - 2.0
    else:
        vi = sum(shares)
        # Welch-Satterthwaite: the degrees of freedom of an interval whose arms may spread differently.
        df = vi**2 / (shares[0] ** 2 / (treated.n - 1) + shares[1] ** 2 / (control.n - 1))
    assumed = ("the two arms spread alike",) if equal_variances else ()
    return Effect(
        treated.mean - control.mean, vi, "mean difference from arm means, SDs and n", assumed, measure="MD", df=df
    )


def hedges_g(treated: Arm, control: Arm) -> Effect:
    """Standardised mean difference: Hedges' g with exact J (metafor SMD, vtype "LS")."""
    return g_from_d(
        (treated.mean - control.mean) / pooled_sd(treated, control),
        treated.n,
        control.n,
        "Hedges' g from arm means, SDs and n",
        ("the two arms spread alike",),
    )


def g_from_d(d: float, n_treated: int, n_control: int, how: str, assumptions: tuple[str, ...]) -> Effect:
    """Hedges' g and its large-sample variance from Cohen's d of two independent groups."""
    g = small_sample_factor(n_treated + n_control - 2) * d
    vi = 1 / n_treated + 1 / n_control + g**2 / (2 * (n_treated + n_control))
    return Effect(g, vi, how, assumptions, measure="SMD")


def mean_difference_of_changes(treated: Arm, control: Arm, *, equal_variances: bool = False) -> Effect:
    """As ``mean_difference``, for arms that print the mean and SD of the change since baseline."""
    effect = mean_difference(treated, control, equal_variances=equal_variances)
    return Effect(
        effect.yi,
        effect.vi,
        "mean difference from change scores, their SDs and n",
        effect.assumptions,
        measure="MD",
        df=effect.df,
    )


def hedges_g_of_changes(treated: Arm, control: Arm) -> Effect:
    """As ``hedges_g``, standardised by the SD of the change, which is not the SD of the scores."""
    effect = hedges_g(treated, control)
    mixed = "standardised by the SD of the change: beside effects standardised by end scores only with care"
    return Effect(effect.yi, effect.vi, "Hedges' g from change scores", (*effect.assumptions, mixed), measure="SMD")


def log_risk_ratio(events_treated: int, n_treated: int, events_control: int, n_control: int) -> Effect:
    """The natural log of the risk ratio (metafor RR; half a person is added to each cell where one is empty).

    Raises:
        InvalidInput: MGD-P120 a count that is not whole, or more events than people.
    """
    cells: list[float] = []
    for events, n, arm in ((events_treated, n_treated, "treated"), (events_control, n_control, "control")):
        head_count(n, f"{arm}.n", at_least=1)
        if head_count(events, f"{arm}.events", at_least=0) > n:
            raise refuse("MGD-P120", f"{arm}.events", events, f"at most {n} events among {n} people")
        cells += [events, n - events]
    assumed: tuple[str, ...] = ()
    if 0 in cells:
        cells = [cell + 0.5 for cell in cells]
        assumed = ("half a person added to each cell because one is empty",)
    a, b, c, d = cells
    yi = math.log(a / (a + b)) - math.log(c / (c + d))
    vi = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    return Effect(yi, vi, "log risk ratio from events and n", assumed, measure="log RR")
