"""Means and percentages of whole things: which printed values can come from whole numbers at all.

GRIM: Brown and Heathers 2017, Soc Psychol Personal Sci 8(4):363-369.
"""

from __future__ import annotations

import math
from fractions import Fraction

from mgdecide.evidence.forensic.check import Check, Subject
from mgdecide.evidence.forensic.printed import Printed, overlap, printed
from mgdecide.evidence.inputs import head_count


def grim(
    study: str,
    what: str,
    mean: str,
    n: int | None,
    source: str,
    *,
    items: int = 1,
    decimals: int | None = None,
    truncation_tolerated: bool = False,
) -> Check:
    """Can ``mean`` come from whole scores of ``n`` people (``items`` of them averaged for each)?

    Rounding half up, half even and half down all count as possible. Cutting digits off does so only where
    ``truncation_tolerated``; otherwise the sentence says when it would explain the value. ``decimals``: those of the
    column, where closing zeros were dropped.
    """
    subject = Subject("grim", study, what, source)
    shown = printed(mean, "mean", decimals)
    if n is None:
        return subject.says("cannot tell", f"{what}: the number of people is not known.", mean=shown.text)
    parts = head_count(n, "n", at_least=1) * head_count(items, "items", at_least=1)
    people = f"{n} people" if items == 1 else f"{n} people on {items} items"
    numbers = {"mean": shown.text, "n": n, "decimals": shown.decimals, "items": items}
    if parts >= 10**shown.decimals:
        sentence = f"{what}: with {people} every mean of {_decimals(shown)} can come from whole scores: no test."
        return subject.says("cannot tell", sentence, **numbers)
    below = math.floor(_value(shown) * parts)
    rounded = [total for total in (below, below + 1) if _rounds(Fraction(total, parts), shown)]
    cut = [total for total in (below, below + 1) if _cut(Fraction(total, parts), shown)]
    if rounded or (cut and truncation_tolerated):
        total = (rounded or cut)[0]
        nearest = _quotient(total, parts)
        sentence = f"{what}: the printed mean {_digits(shown)} can come from whole scores of {people}: {nearest}."
        return subject.says("consistent", sentence, **numbers, nearest=nearest)
    nearest = f"{_quotient(below, parts)}, {_quotient(below + 1, parts)}"
    sentence = (
        f"{what}: the printed mean {_digits(shown)} cannot come from whole scores of {people} (nearest: {nearest})."
    )
    if cut:
        sentence = f"{sentence[:-1]}, unless digits were cut off instead of rounded."
    return subject.says("cannot be", sentence, **numbers, nearest=nearest)


def percentage(study: str, what: str, percent: str, n: int, source: str, *, count: int | None = None) -> Check:
    """Can ``percent`` be ``count`` of ``n`` people, or some whole number of them where no count is printed?"""
    subject = Subject("percentage", study, what, source)
    shown, people = printed(percent, "percent"), head_count(n, "n", at_least=1)
    numbers: dict[str, object] = {"percent": shown.text, "n": people}
    if count is None:
        below = math.floor(_value(shown) * people / 100)
        counts = [c for c in (below, below + 1) if 0 <= c <= people]
        if people >= 100 * 10**shown.decimals:
            sentence = f"{what}: with {people} people every percentage of {_decimals(shown)} can be had."
            return subject.says("cannot tell", sentence, **numbers)
    else:
        counts = [head_count(count, "count", at_least=0)]
        numbers["count"] = count
        if count > people:
            return subject.says("cannot be", f"{what}: {count} is more than all {people} people.", **numbers)
    shares = [(c, Fraction(100 * c, people)) for c in counts]
    numbers["computed"] = ", ".join(f"{c} of {people} is {float(share):.2f}%" for c, share in shares)
    if any(_rounds(share, shown) for _, share in shares):
        sentence = f"{what}: the printed {_digits(shown)}% agrees with whole people: {numbers['computed']}."
        return subject.says("consistent", sentence, **numbers)
    cut_off = any(_cut(share, shown) for _, share in shares)
    sentence = f"{what}: the printed {_digits(shown)}% is not a rounded share of whole people: {numbers['computed']}"
    tail = ", unless digits were cut off instead of rounded." if cut_off else "."
    return subject.says("cannot be", sentence + tail, **numbers)


def change_against_means(
    study: str, what: str, before: str, after: str, change: str, source: str, *, decimals: int | None = None
) -> Check:
    """Is the printed change the difference of the printed means of the same people?

    ``decimals``: those of the column, where closing zeros were dropped.
    """
    subject = Subject("change-against-means", study, what, source)
    first, last, moved = (
        printed(text, path, decimals) for text, path in ((before, "before"), (after, "after"), (change, "change"))
    )
    numbers = {"before": first.text, "after": last.text, "change": moved.text}
    low, high = last.low - first.high, last.high - first.low
    signs = (overlap(low, high, moved.low, moved.high), overlap(low, high, -moved.high, -moved.low))
    difference = f"{last.text} minus {first.text} is {last.value - first.value:.{last.decimals}f}"
    if any(signs):
        turned = "" if signs[0] else " (printed with its sign turned)"
        return subject.says(
            "consistent", f"{what}: {difference}; the printed change is {moved.text}{turned}.", **numbers
        )
    sentence = f"{what}: {difference}; the printed change {moved.text} cannot be that of the same people."
    return subject.says("cannot be", sentence, **numbers)


def _value(shown: Printed) -> Fraction:
    return Fraction(shown.exact)


def _rounds(value: Fraction, shown: Printed) -> bool:
    return abs(value - _value(shown)) <= Fraction(1, 2 * 10**shown.decimals)


def _cut(value: Fraction, shown: Printed) -> bool:
    same_side = value * _value(shown) >= 0
    return same_side and 0 <= abs(value) - abs(_value(shown)) < Fraction(1, 10**shown.decimals)


def _quotient(total: int, parts: int) -> str:
    return f"{total} / {parts} = {total / parts:.4f}"


def _digits(shown: Printed) -> str:
    """The number with the decimals of its column."""
    return f"{shown.exact:.{shown.decimals}f}"


def _decimals(shown: Printed) -> str:
    return "1 decimal" if shown.decimals == 1 else f"{shown.decimals} decimals"
