"""Intervals of exact numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from mgdecide.domain.intervals import Interval, as_interval, hull, narrowed
from mgdecide.errors import AmountInvalid


def test_both_ends_belong_to_it() -> None:
    assert 302 in Interval(302, 500)
    assert 500 in Interval(302, 500)
    assert Fraction(301999, 1000) not in Interval(302, 500)
    assert Fraction(500001, 1000) not in Interval(302, 500)


def test_a_decimal_far_from_one_is_no_number() -> None:
    """A few bytes as a Decimal could be millions of digits as a Fraction."""
    assert list(Interval(Decimal("1E-30"), Decimal("1E+30"))) == [Fraction(1, 10**30), 10**30]
    for far in (Decimal("1E+31"), Decimal("1E-31")):
        with pytest.raises(AmountInvalid, match="MGD-U109"):
            Interval(far, far)


def test_sums_and_products_hold_every_sum_and_product() -> None:
    assert Interval(1, 2) + Interval(10, 20) == Interval(11, 22)
    assert Interval(1, 2).scaled(Fraction(3)) == Interval(3, 6)
    assert Interval(1, 2).scaled(Interval("0.5", "0.75")) == Interval("0.5", "1.5")
    assert Interval(6, 12).divided(Interval(2, 3)) == Interval(2, 6)


def test_the_hull_is_the_smallest_that_holds_all() -> None:
    assert hull([Interval(3, 4), Interval(1, 2), Interval(2, 3)]) == Interval(1, 4)
    with pytest.raises(ValueError, match="empty"):
        hull([])


def test_only_an_interval_without_width_is_one_number() -> None:
    assert narrowed(Interval(3, 3)) == Fraction(3)
    assert narrowed(Interval(3, 4)) == Interval(3, 4)
    assert as_interval(Fraction(3)) == Interval(3, 3)
    assert as_interval(Interval(3, 4)) == Interval(3, 4)


def test_it_unpacks_and_writes_itself() -> None:
    low, high = Interval("0.5", 3)
    assert (low, high) == (Fraction(1, 2), Fraction(3))
    assert repr(Interval("0.5", 3)) == "Interval(Fraction(1, 2), 3)"
    assert eval(repr(Interval("0.5", 3))) == Interval("0.5", 3)


def test_ends_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="from low to high"):
        Interval(2, 1)


def test_a_float_is_refused() -> None:
    with pytest.raises(AmountInvalid, match="MGD-U107"):
        Interval(0.1, 1)  # type: ignore[arg-type]  # the error is the test
