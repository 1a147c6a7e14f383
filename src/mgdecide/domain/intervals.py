"""An interval of exact numbers: what is known when one number is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import Attribute, field, frozen

from mgdecide.domain.exact import Exact, to_fraction


def _end(given: Exact | str) -> Fraction:
    return to_fraction(given, "interval")


@frozen
class Interval:
    """Everything from ``low`` to ``high``, both ends included, in the unit of the thing it describes.

    Raises AmountInvalid for a float, NaN or infinity; ValueError when the ends are the wrong way round.

    >>> 400 in Interval(302, 500)
    True
    """

    low: Fraction = field(converter=_end)
    high: Fraction = field(converter=_end)

    @high.validator
    def _in_order(self, _attribute: Attribute[Fraction], high: Fraction) -> None:
        if high < self.low:
            raise ValueError(f"an interval runs from low to high, not from {self.low} to {high}")

    @property
    def is_exact(self) -> bool:
        """Both ends are the same number."""
        return self.low == self.high

    def __iter__(self) -> Iterator[Fraction]:
        """So that ``low, high = interval`` reads as it should."""
        return iter((self.low, self.high))

    def __contains__(self, number: Exact) -> bool:
        return self.low <= number <= self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def scaled(self, factor: Fraction | Interval) -> Interval:
        """Every value of this interval times every value of ``factor``; both must not be negative."""
        by = as_interval(factor)
        return Interval(self.low * by.low, self.high * by.high)

    def divided(self, divisor: Fraction | Interval) -> Interval:
        """Every value of this interval over every value of ``divisor``, which must be above zero."""
        by = as_interval(divisor)
        return Interval(self.low / by.high, self.high / by.low)

    def __repr__(self) -> str:
        return f"Interval({_written(self.low)}, {_written(self.high)})"


def as_interval(number: Fraction | Interval) -> Interval:
    """The number as an interval of no width; an interval as it is."""
    return number if isinstance(number, Interval) else Interval(number, number)


def narrowed(interval: Interval) -> Fraction | Interval:
    """One exact number where both ends agree, the interval otherwise."""
    return interval.low if interval.is_exact else interval


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval that holds them all; ValueError when there are none."""
    given = tuple(intervals)
    return Interval(min(each.low for each in given), max(each.high for each in given))


def _written(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else repr(number)
