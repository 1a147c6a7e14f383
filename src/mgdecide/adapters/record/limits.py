"""What a number in a record may be at all: plausible ranges, exact, in each unit. From the knowledge, read once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from mgdecide.adapters.record.mistakes import Mistakes
from mgdecide.adapters.record.problems import Location
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.limits import all_limits

Range = tuple[Decimal, Decimal]


@cache
def plausible_ranges() -> Mapping[tuple[str, str], Range]:
    """Lowest and highest plausible value by fact and unit; both ends are accepted."""
    limits = all_limits()
    ranges: dict[tuple[str, str], Range] = {}
    for fact in catalogue():
        ends = limits.plausible(fact.name)
        if ends is not None:
            low, high = ends
            for unit in fact.units:
                ranges[fact.name, unit] = (low.edges[unit], high.edges[unit])
    return ranges


def check_range(number: Decimal | int, fact: str, unit: str, location: Location, mistakes: Mistakes) -> None:
    """Note a number that cannot be."""
    low, high = plausible_ranges()[fact, unit]
    if not low <= number <= high:
        words = "" if unit in ("trimester", "trials") else f" {unit}"
        mistakes.note("MGD-R121", location, number, f"{plain(low)} to {plain(high)}{words}")


def plain(number: Decimal) -> str:
    """Digits without exponent or trailing zeros, at most six significant where an edge was converted."""
    short = number if len(number.normalize().as_tuple().digits) <= 6 else Decimal(f"{number:.6g}")
    text = f"{short:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
