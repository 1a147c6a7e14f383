"""A standardised effect in points of a named scale."""

from __future__ import annotations

import pytest

from mgdecide.errors import InvalidInput
from mgdecide.evidence.points import Scale, in_points


def test_the_2023_pool_at_eight_points() -> None:
    """The dossier: -0.92 at an SD of 8 equals 7 BDI points."""
    told = in_points(-0.919, (-1.443, -0.396), Scale("BDI-II", 8, "an assumed SD"))
    assert (round(told.estimate, 1), round(told.low, 1), round(told.high, 1)) == (-7.4, -11.5, -3.2)
    assert told.sentence == (
        "On the BDI-II this difference equals -7.4 points (95% CI -11.5 to -3.2), "
        "taking a standard deviation of 8 points (an assumed SD)."
    )


def test_no_minus_zero() -> None:
    assert "equals 0.0 points" in in_points(-0.001, (-0.2, 0.2), Scale("PHQ-9", 5, "a source")).sentence


@pytest.mark.parametrize(("scale", "code"), [(("BDI", 0, "s"), "MGD-P103"), (("BDI", 8, " "), "MGD-P125")])
def test_a_scale_needs_a_spread_and_its_source(scale: tuple[str, float, str], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Scale(*scale)
    assert caught.value.code == code
