"""A printed interval against the estimate it surrounds, and against the p printed beside it."""

from __future__ import annotations

import math
from collections.abc import Callable

from mgdecide.evidence.distributions import normal_quantile, normal_two_sided, t_quantile, t_two_sided
from mgdecide.evidence.forensic.check import Check, Subject
from mgdecide.evidence.forensic.printed import Printed, overlap, p_text, printed, printed_p
from mgdecide.evidence.inputs import probability, refuse

# Two arms of five people: the smallest trial whose interval and p are judged together.
FEWEST_DF = 8


def interval_against_estimate(
    study: str,
    what: str,
    estimate: str,
    low: str,
    high: str,
    source: str,
    *,
    ratio: bool = False,
    even: bool = True,
) -> Check:
    """Does the estimate lie in the middle of its interval (of its logs for a ratio), as the usual methods put it?

    ``even=False`` for methods that put it elsewhere (exact, bootstrap): then it only has to lie inside.
    """
    subject = Subject("interval-against-estimate", study, what, source)
    scale, middle = _scale(ratio)
    point, lower, upper = _figures(estimate, low, high, ratio)
    numbers: dict[str, object] = {"estimate": point.text, "low": lower.text, "high": upper.text}
    around = f"{what}: the printed interval {lower.text} to {upper.text}"
    if not (lower.low <= point.high and point.low <= upper.high and lower.low <= upper.high):
        return subject.says("cannot be", f"{around} does not contain its estimate {point.text}.", **numbers)
    sums = (scale(lower.low) + scale(upper.low), scale(lower.high) + scale(upper.high))
    numbers["middle_of_the_interval"] = middle((scale(lower.value) + scale(upper.value)) / 2)
    if not even:
        return subject.says("consistent", f"{around} contains its estimate {point.text}.", **numbers)
    if overlap(sums[0] / 2, sums[1] / 2, scale(point.low), scale(point.high)):
        return subject.says("consistent", f"{around} lies evenly about its estimate {point.text}.", **numbers)
    mirrored = [middle(2 * scale(point.value) - scale(end.value)) for end in (lower, upper)]
    evenly = "evenly (in logs)" if ratio else "evenly"
    digits = max(lower.decimals, upper.decimals)
    sentence = (
        f"{around} cannot lie {evenly} about its estimate {point.text}: from {upper.text} the other end would be "
        f"{mirrored[1]:.{digits}f}, from {lower.text} it would be {mirrored[0]:.{digits}f}."
    )
    return subject.says("cannot be", sentence, **numbers)


def p_against_interval(
    study: str,
    what: str,
    estimate: str,
    low: str,
    high: str,
    p: str,
    source: str,
    *,
    ratio: bool = False,
    level: float = 0.95,
) -> Check:
    """Does the printed p follow from the estimate and its interval, as a test against no difference?

    Interval and p may both be normal or both from t: everything between the two extremes counts as agreeing.
    """
    subject = Subject("p-against-interval", study, what, source)
    scale, _ = _scale(ratio)
    point, lower, upper = _figures(estimate, low, high, ratio)
    shown, tail = printed_p(p, "p"), 0.5 + probability(level, "level") / 2
    ends = (scale(point.low), scale(point.high))
    nearest = 0.0 if ends[0] <= 0 <= ends[1] else min(abs(ends[0]), abs(ends[1]))
    widths = (scale(upper.low) - scale(lower.high), scale(upper.high) - scale(lower.low))
    highest = max(_p_values(nearest, widths[1], tail))
    lowest = min(_p_values(max(abs(ends[0]), abs(ends[1])), widths[0], tail))
    nominal = _p_values(abs(scale(point.value)), scale(upper.value) - scale(lower.value), tail)[0]
    numbers = {"p_printed": shown.text, "p_computed": nominal, "p_lowest": lowest, "p_highest": highest}
    told = (
        f"{what}: the printed estimate {point.text} and interval {lower.text} to {upper.text} give p "
        f"{p_text(nominal, 'about ')}; the printed p is {shown.text}."
    )
    if overlap(lowest, highest, shown.low, shown.high):
        return subject.says("consistent", told, **numbers)
    return subject.says("cannot be", f"{told} One does not follow from the other.", **numbers)


def _p_values(distance: float, width: float, tail: float) -> tuple[float, float]:
    """Two-sided p of an estimate so far from no difference, by the normal test and by t with few people."""
    if width <= 0:
        p = 1.0 if distance == 0 else 0.0
        return p, p
    halves = 2 * distance / width
    return (
        normal_two_sided(halves * normal_quantile(tail)),
        t_two_sided(halves * t_quantile(tail, FEWEST_DF), FEWEST_DF),
    )


def _figures(estimate: str, low: str, high: str, ratio: bool) -> tuple[Printed, Printed, Printed]:
    point, lower, upper = (printed(text, path) for text, path in ((estimate, "estimate"), (low, "low"), (high, "high")))
    if ratio and min(point.low, lower.low, upper.low) <= 0:
        raise refuse("MGD-P136", "ratio", f"{estimate} ({low} to {high})", "a ratio and interval above 0")
    return point, lower, upper


def _scale(ratio: bool) -> tuple[Callable[[float], float], Callable[[float], float]]:
    return (math.log, math.exp) if ratio else (float, float)
