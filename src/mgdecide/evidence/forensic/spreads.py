"""Standard deviations: what a bounded scale and two measurements of the same people allow."""

from __future__ import annotations

import math

from mgdecide.evidence.forensic.check import Check, Subject
from mgdecide.evidence.forensic.p_values import PrintedArm, p_range
from mgdecide.evidence.forensic.printed import overlap, p_text, printed, printed_p
from mgdecide.evidence.inputs import head_count, refuse


def bounded_sd(
    study: str,
    what: str,
    mean: str,
    sd: str,
    n: int | None,
    low: float,
    high: float,
    source: str,
    *,
    bounds: str = "",
) -> Check:
    """Can scores within ``low`` and ``high`` have this mean and SD? (Bhatia and Davis 2000, Am Math Mon 107:353.)

    ``bounds`` tells in words whence the bounds come: the scale itself, or an entry criterion at baseline. Where ``n``
    is not known the sample SD of two people, the widest, is allowed.
    """
    subject = Subject("bounded-sd", study, what, source)
    if not low < high:
        raise refuse("MGD-P135", "high", high, f"an upper bound above the lower bound {low:g}")
    centre, spread = printed(mean, "mean"), printed(sd, "sd")
    sample = 2.0 if n is None else head_count(n, "n") / (n - 1)
    numbers: dict[str, object] = {"mean": centre.text, "sd": spread.text, "n": n, "low": low, "high": high}
    within = f"within {low:g} and {high:g}" + (f" ({bounds})" if bounds else "")
    if spread.value < 0:
        return subject.says("cannot be", f"{what}: a standard deviation cannot be below 0.", **numbers)
    if not overlap(centre.low, centre.high, low, high):
        return subject.says("cannot be", f"{what}: a mean of {centre.text} does not lie {within}.", **numbers)
    nominal = _limit(min(max(centre.value, low), high), low, high)
    # The bound is widest at the middle of the scale: take the mean, of those that print so, nearest to it.
    best = min(max((low + high) / 2, centre.low), centre.high)
    widest = _limit(best, low, high) * math.sqrt(sample)
    numbers |= {"limit_at_the_printed_mean": nominal, "limit_allowing_for_rounding_and_n": widest}
    if spread.low <= widest * (1 + 1e-9):
        sentence = (
            f"{what}: a standard deviation of {spread.text} is possible for scores {within} with mean {centre.text}."
        )
        return subject.says("consistent", sentence, **numbers)
    sentence = (
        f"{what}: scores {within} with the printed mean {centre.text} allow a standard deviation of at most "
        f"{nominal:.1f} ({widest:.1f} with all allowance for rounding); the printed one is {spread.text}."
    )
    return subject.says("cannot be", sentence, **numbers)


def correlation_of_change(study: str, what: str, sd_before: str, sd_after: str, sd_change: str, source: str) -> Check:
    """Is there a correlation from -1 to 1 between the two measurements that gives the printed SD of their change?"""
    subject = Subject("correlation-of-change", study, what, source)
    before, after, change = (
        printed(text, path)
        for text, path in ((sd_before, "sd_before"), (sd_after, "sd_after"), (sd_change, "sd_change"))
    )
    numbers: dict[str, object] = {"sd_before": before.text, "sd_after": after.text, "sd_of_change": change.text}
    if min(before.value, after.value, change.value) < 0:
        return subject.says("cannot be", f"{what}: a standard deviation cannot be below 0.", **numbers)
    # A correlation of 1 makes the SD of the change the difference of the two SDs, one of -1 their sum.
    smallest, implied = max(0.0, before.low - after.high, after.low - before.high), ""
    if before.value and after.value:
        squares = before.value**2 + after.value**2 - change.value**2
        correlation = squares / (2 * before.value * after.value)
        numbers["implied_correlation"], implied = correlation, f" (implied correlation {correlation:.2f})"
    printed_sds = f"standard deviations of {before.text} before and {after.text} after"
    if overlap(smallest, before.high + after.high, change.low, change.high):
        sentence = f"{what}: a change with standard deviation {change.text} is possible beside {printed_sds}{implied}."
        return subject.says("consistent", sentence, **numbers)
    sentence = (
        f"{what}: no correlation gives the change a standard deviation of {change.text} beside {printed_sds}{implied}."
    )
    return subject.says("cannot be", sentence, **numbers)


def sd_or_standard_error(study: str, what: str, first: PrintedArm, second: PrintedArm, p: str, source: str) -> Check:
    """Do the printed spreads give the printed p as standard deviations, or only as standard errors of the means?

    "cannot be" says: not as standard deviations. Where coarse rounding of the means leaves both readings possible the
    verdict is "cannot tell", and the sentence says what each reading gives for the numbers just as printed.
    """
    subject = Subject("sd-or-standard-error", study, what, source)
    shown = printed_p(p, "p")
    as_errors = first.spread_is_standard_error(), second.spread_is_standard_error()
    sd, error = p_range(first, second), p_range(*as_errors)
    sd_fits = overlap(sd.low, sd.high, shown.low, shown.high)
    error_fits = overlap(error.low, error.high, shown.low, shown.high)
    numbers = {"p_printed": shown.text, "p_if_sd": sd.nominal, "p_if_standard_error": error.nominal}
    readings = (
        f"{what}: read as standard deviations the printed spreads {first.spread_text} and {second.spread_text} give p "
        f"{p_text(sd.nominal)}, read as standard errors p {p_text(error.nominal)}; the printed p is {shown.text}"
    )
    if sd_fits and overlap(sd.nominal, sd.nominal, shown.low, shown.high):
        return subject.says("consistent", f"{readings}.", **numbers)
    if not sd_fits and error_fits:
        return subject.says("cannot be", f"{readings}. They cannot be standard deviations.", **numbers)
    if not sd_fits:
        return subject.says("cannot tell", f"{readings}. Neither reading gives it.", **numbers)
    nearer = overlap(error.nominal, error.nominal, shown.low, shown.high)
    hint = " The printed figures fit as standard errors; as standard deviations only" if nearer else " It fits only"
    return subject.says("cannot tell", f"{readings}.{hint} at the far end of the rounding of the means.", **numbers)


def _limit(mean: float, low: float, high: float) -> float:
    return math.sqrt(max(0.0, (high - mean) * (mean - low)))
