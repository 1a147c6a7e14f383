"""Crossover trials: the same people in both periods, so the correlation between periods must be named.

metafor's MC and SMCR are followed; the standardised effect is divided by the SD of the control period, which keeps it
on the footing of a parallel trial (Cochrane Handbook 23.2.7).
"""

from __future__ import annotations

import math

from mgdecide.evidence.effects import Arm, Effect, small_sample_factor
from mgdecide.evidence.inputs import checked_correlation, finite, head_count, positive, refuse


def mean_difference_crossover(treated: Arm, control: Arm, *, correlation: float) -> Effect:
    """Treated period minus control period, in points; ``n`` is the people who completed both."""
    r = _same_people(treated, control, correlation)
    vi = (treated.sd**2 + control.sd**2 - 2 * r * treated.sd * control.sd) / treated.n
    return Effect(
        treated.mean - control.mean,
        vi,
        "mean difference within people (crossover)",
        (_assumed(r),),
        measure="MD",
        df=treated.n - 1.0,
    )


def mean_difference_paired(difference: float, sd_of_differences: float, n: int) -> Effect:
    """The mean of within-person differences with its own SD: no correlation needs to be assumed."""
    head_count(n, "n")
    vi = positive(sd_of_differences, "sd_of_differences") ** 2 / n
    return Effect(
        finite(difference, "difference"), vi, "mean of within-person differences", (), measure="MD", df=n - 1.0
    )


def hedges_g_crossover(treated: Arm, control: Arm, *, correlation: float) -> Effect:
    """Hedges' g within people, standardised by the SD of the control period."""
    r = _same_people(treated, control, correlation)
    g = small_sample_factor(treated.n - 1) * (treated.mean - control.mean) / control.sd
    vi = 2 * (1 - r) / treated.n + g**2 / (2 * treated.n)
    by = "standardised by the SD of the control period"
    return Effect(g, vi, "Hedges' g within people (crossover)", (_assumed(r), by), measure="SMD")


def correlation_from_paired_t(treated: Arm, control: Arm, t: float) -> float:
    """The correlation between periods that a printed paired t implies, to be named in the calls above.

    Raises:
        InvalidInput: MGD-P121 where no correlation from -1 to 1 gives this t.
    """
    if finite(t, "t") == 0:
        raise refuse("MGD-P123", "t", t, "a t other than 0: 0 tells no spread")
    sd_difference = abs((treated.mean - control.mean) / t) * math.sqrt(treated.n)
    r = (treated.sd**2 + control.sd**2 - sd_difference**2) / (2 * treated.sd * control.sd)
    return checked_correlation(r, "correlation")


def _same_people(treated: Arm, control: Arm, r: float) -> float:
    if treated.n != control.n:
        given = f"{treated.n} and {control.n}"
        raise refuse("MGD-P120", "arm.n", given, "one number of people, who completed both periods")
    return checked_correlation(r, "correlation")


def _assumed(r: float) -> str:
    return f"correlation between periods {r:g}; no carry-over between them"
