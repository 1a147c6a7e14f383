"""Reading printed doses."""

from __future__ import annotations

import pytest

from mgdecide.domain.dose_text import read_dose_text
from mgdecide.domain.doses import (
    AnyDose,
    CourseElementalDose,
    CourseSaltDose,
    CourseUnstatedDose,
    DailyElementalDose,
    DailySaltDose,
    DailyUnstatedDose,
    ElementalDose,
    SaltDose,
    UnstatedDose,
)
from mgdecide.errors import AmountInvalid, DoseError


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("500 mg magnesium oxide (salt)", SaltDose("500 mg", "MgO")),
        (
            "1,600 mg magnesium orotate dihydrate (salt) per day",
            DailySaltDose("1600 mg", "magnesium orotate dihydrate"),
        ),
        ("4 g magnesium sulfate (salt) per course", CourseSaltDose("4 g", "magnesium sulfate")),
        ("500mg magnesium chloride, anhydrous (salt)", SaltDose("500 mg", "magnesium chloride, anhydrous")),
        ("302 mg elemental magnesium", ElementalDose("302 mg")),
        ("10 mmol elemental magnesium (as magnesium oxide) per day", DailyElementalDose("10 mmol", "MgO")),
        ("840 mEq elemental magnesium per course", CourseElementalDose("840 mEq")),
        ("500 mg magnesium oxide", UnstatedDose("500 mg", "MgO")),
        ("500 mg magnesium oxide (salt or elemental: not stated) per day", DailyUnstatedDose("500 mg", "MgO")),
        ("28 g magnesium oxide per course", CourseUnstatedDose("28 g", "MgO")),
    ],
)
def test_every_kind_of_dose(text: str, dose: AnyDose) -> None:
    assert read_dose_text(text) == dose


@pytest.mark.parametrize("text", ["", "magnesium oxide", "500 magnesium", "500 mg", "x" * 1000, "500 mg (salt)"])
def test_what_is_no_dose_is_refused(text: str) -> None:
    with pytest.raises(AmountInvalid) as caught:
        read_dose_text(text)
    assert caught.value.problems[0].path == "dose"


def test_a_text_of_more_than_three_hundred_signs_is_no_dose() -> None:
    text = "500 mg magnesium oxide (salt)"
    assert read_dose_text(text.ljust(300)) == SaltDose("500 mg", "MgO")
    with pytest.raises(AmountInvalid, match="MGD-U109"):
        read_dose_text(text.ljust(301))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("500 Mg magnesium oxide", "MGD-U102"),
        ("1,5 g magnesium oxide", "MGD-U106"),
        ("500 mg magnesium stearate", "MGD-U111"),
        ("20 mEq magnesium oxide (salt)", "MGD-U104"),
    ],
)
def test_mistakes_inside_keep_their_codes(text: str, code: str) -> None:
    with pytest.raises(DoseError) as caught:
        read_dose_text(text)
    assert caught.value.code == code
