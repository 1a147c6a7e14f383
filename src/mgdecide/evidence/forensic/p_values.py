"""A printed p value against the printed means, standard deviations and numbers of people, in both directions.

All usual tests count: Student's t, Welch's t and the normal test; the printed p must fall outside what all of them can
give, over all values that print so, before "cannot be" is said. An adjusted analysis is never judged by these.
"""

from __future__ import annotations

import math
from itertools import product

from attrs import evolve, field, frozen

from mgdecide.evidence.distributions import normal_two_sided, t_quantile, t_two_sided
from mgdecide.evidence.forensic.check import Check, Subject
from mgdecide.evidence.forensic.printed import Printed, overlap, p_text, printed, printed_p
from mgdecide.evidence.inputs import head_count


@frozen
class PrintedArm:
    """A group as printed: mean and SD as text, and its number of people.

    Raises:
        InvalidInput: MGD-P120 fewer than two people, MGD-P132 a figure that is not a number as text.
    """

    mean: str
    sd: str
    n: int
    _errors: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        head_count(self.n, "arm.n")
        printed(self.mean, "arm.mean")
        printed(self.sd, "arm.sd")

    def spread_is_standard_error(self) -> PrintedArm:
        """The same figures with the spread read as a standard error of the mean."""
        return evolve(self, errors=True)

    @property
    def centre(self) -> Printed:
        """The mean as printed."""
        return printed(self.mean, "arm.mean")

    @property
    def spread_text(self) -> str:
        """The spread as printed."""
        return printed(self.sd, "arm.sd").text

    @property
    def spreads(self) -> tuple[float, float, float]:
        """The standard deviation: lowest, as printed, highest."""
        shown, factor = printed(self.sd, "arm.sd"), math.sqrt(self.n) if self._errors else 1.0
        return max(0.0, shown.low) * factor, shown.value * factor, shown.high * factor


@frozen
class PRange:
    """The p that the figures give: lowest and highest over what prints so, and for the numbers just as printed."""

    low: float
    high: float
    nominal: float


def p_range(first: PrintedArm, second: PrintedArm) -> PRange:
    """The two-sided p of a comparison of the two groups, over tests and rounding."""
    a, b = first.centre, second.centre
    farthest = max(abs(a.high - b.low), abs(a.low - b.high))
    nearest = max(0.0, a.low - b.high, b.low - a.high)
    corners = list(product(first.spreads[::2], second.spreads[::2]))
    every = [p for sds in corners for d in (nearest, farthest) for p in _all_tests(d, sds, first.n, second.n)]
    nominal = _all_tests(a.value - b.value, (first.spreads[1], second.spreads[1]), first.n, second.n)[0]
    return PRange(min(every), max(every), nominal)


def p_against_figures(
    study: str,
    what: str,
    first: PrintedArm,
    second: PrintedArm,
    p: str,
    source: str,
    *,
    adjusted: bool = False,
) -> Check:
    """Does the printed p of a comparison follow from the groups' figures, and the difference from the p?"""
    subject = Subject("p-against-figures", study, what, source)
    shown, ours = printed_p(p, "p"), p_range(first, second)
    difference = first.centre.value - second.centre.value
    needed = _difference_for(shown.value, first, second)
    numbers = {
        "p_printed": shown.text,
        "p_computed": ours.nominal,
        "p_lowest": ours.low,
        "p_highest": ours.high,
        "difference": difference,
        "difference_for_the_printed_p": needed,
    }
    told = (
        f"{what}: a test of the printed means, standard deviations and n gives p {_span(ours)}; the printed p is "
        f"{shown.text}."
    )
    if adjusted:
        return subject.says("cannot tell", f"{told} It comes from an adjusted analysis.", **numbers)
    if overlap(ours.low, ours.high, shown.low, shown.high):
        return subject.says("consistent", told, **numbers)
    back = (
        f" With these standard deviations and n that p needs a difference of {needed:.2g}; the printed means differ "
        f"by {abs(difference):.2g}."
    )
    return subject.says("cannot be", f"{told} One does not follow from the other.{back}", **numbers)


def p_against_change(study: str, what: str, change: str, sd_change: str, n: int, p: str, source: str) -> Check:
    """Does the printed p of a change within one group follow from its mean, its standard deviation and n?"""
    subject = Subject("p-against-change", study, what, source)
    moved, spread, shown = printed(change, "change"), printed(sd_change, "sd_change"), printed_p(p, "p")
    people = head_count(n, "n")
    numbers: dict[str, object] = {"change": moved.text, "sd_of_change": spread.text, "n": n, "p_printed": shown.text}
    if spread.value < 0:
        return subject.says("cannot be", f"{what}: a standard deviation cannot be below 0.", **numbers)
    nearest = max(0.0, moved.low, -moved.high)
    farthest = max(abs(moved.low), abs(moved.high))
    highest, lowest = _paired(nearest, spread.high, people), _paired(farthest, max(0.0, spread.low), people)
    ours = PRange(min(lowest), max(highest), _paired(moved.value, spread.value, people)[0])
    numbers |= {"p_computed": ours.nominal, "p_lowest": ours.low, "p_highest": ours.high}
    told = (
        f"{what}: a change of {moved.text} with standard deviation {spread.text} in {n} people gives p {_span(ours)}; "
        f"the printed p is {shown.text}."
    )
    if overlap(ours.low, ours.high, shown.low, shown.high):
        return subject.says("consistent", told, **numbers)
    return subject.says("cannot be", f"{told} One does not follow from the other.", **numbers)


def _all_tests(difference: float, sds: tuple[float, float], n1: int, n2: int) -> tuple[float, ...]:
    """Two-sided p by Student's t, by Welch's t and by the normal test."""
    pooled = ((n1 - 1) * sds[0] ** 2 + (n2 - 1) * sds[1] ** 2) / (n1 + n2 - 2)
    equal = math.sqrt(pooled * (1 / n1 + 1 / n2))
    shares = sds[0] ** 2 / n1, sds[1] ** 2 / n2
    unequal = math.sqrt(sum(shares))
    if equal == 0 or unequal == 0:
        return (1.0 if difference == 0 else 0.0,)
    welch_df = sum(shares) ** 2 / (shares[0] ** 2 / (n1 - 1) + shares[1] ** 2 / (n2 - 1))
    return (
        t_two_sided(difference / equal, n1 + n2 - 2),
        t_two_sided(difference / unequal, welch_df),
        normal_two_sided(difference / unequal),
    )


def _paired(change: float, sd: float, n: int) -> tuple[float, ...]:
    if sd == 0:
        return (1.0 if change == 0 else 0.0,)
    t = change / (sd / math.sqrt(n))
    return t_two_sided(t, n - 1), normal_two_sided(t)


def _difference_for(p: float, first: PrintedArm, second: PrintedArm) -> float:
    """The difference that a t test with the printed standard deviations needs for this p."""
    df = first.n + second.n - 2
    pooled = ((first.n - 1) * first.spreads[1] ** 2 + (second.n - 1) * second.spreads[1] ** 2) / df
    t = -t_quantile(min(max(p, 1e-12), 1.0) / 2, df)
    return t * math.sqrt(pooled * (1 / first.n + 1 / second.n))


def _span(ours: PRange) -> str:
    low, nominal, high = p_text(ours.low), p_text(ours.nominal), p_text(ours.high)
    return nominal if low == high else f"{nominal} ({low} to {high} over rounding)"
