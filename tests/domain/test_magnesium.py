"""mg, mmol and mEq of magnesium."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from mgdecide.domain import magnesium
from mgdecide.domain.exact import Exact
from mgdecide.errors import AmountInvalid


@pytest.mark.parametrize(
    ("milligrams", "millimoles", "milliequivalents"),
    [("24.305", "1", "2"), ("243.05", "10", "20"), ("12.1525", "0.5", "1"), ("0", "0", "0")],
)
def test_one_mmol_is_24_305_mg_and_two_meq(milligrams: str, millimoles: str, milliequivalents: str) -> None:
    mg, mmol, meq = Fraction(milligrams), Fraction(millimoles), Fraction(milliequivalents)
    assert magnesium.millimoles_from_milligrams(mg) == mmol
    assert magnesium.milligrams_from_millimoles(mmol) == mg
    assert magnesium.milliequivalents_from_millimoles(mmol) == meq
    assert magnesium.millimoles_from_milliequivalents(meq) == mmol
    assert magnesium.milliequivalents_from_milligrams(mg) == meq
    assert magnesium.milligrams_from_milliequivalents(meq) == mg


def test_a_value_that_no_float_can_hold_stays_exact() -> None:
    third = magnesium.millimoles_from_milliequivalents(Fraction(2, 3))
    assert third == Fraction(1, 3)
    assert magnesium.milligrams_from_millimoles(third) * 3 == Fraction("24.305")


@pytest.mark.parametrize("number", [10, "10", Decimal("10.0"), Fraction(10)])
def test_every_exact_number_is_taken(number: Exact | str) -> None:
    assert magnesium.milligrams_from_millimoles(number) == Fraction("243.05")


def test_the_binary_float_is_refused_with_a_way_out() -> None:
    with pytest.raises(AmountInvalid) as caught:
        magnesium.milligrams_from_millimoles(0.1)  # type: ignore[arg-type]  # the error is the test
    assert caught.value.code == "MGD-U107"
    assert '"0.1" in quotes' in str(caught.value)
