"""Doses: three bases, three periods, nothing mixed."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest

from mgdecide.domain.doses import (
    CourseElementalDose,
    CourseSaltDose,
    CourseUnstatedDose,
    DailyElementalDose,
    DailySaltDose,
    DailyUnstatedDose,
    ElementalDose,
    SaltDose,
    UnstatedDose,
    read_dose,
    to_elemental,
    to_salt,
    total,
)
from mgdecide.domain.intervals import Interval, as_interval
from mgdecide.errors import AmountInvalid, BasisUnknown

OXIDE = "magnesium oxide"
HEXAHYDRATE = "magnesium chloride hexahydrate"
HEPTAHYDRATE = "magnesium sulfate heptahydrate"


def rounded(value: Fraction | Interval, places: int = 1) -> tuple[float, float]:
    """Lowest and highest value as a dossier prints them."""
    low, high = as_interval(value)
    return float(round(low, places)), float(round(high, places))


# --- golden vectors of the dossier, and what published products and trials print ---------------------------------


@pytest.mark.parametrize(
    ("amount", "salt", "milligrams", "millimoles", "milliequivalents"),
    [
        ("400 mg", OXIDE, 241.2, 9.92, 19.85),
        ("1 g", HEPTAHYDRATE, 98.6, 4.06, 8.11),
        ("4 g", HEPTAHYDRATE, 394.5, 16.23, 32.46),  # Mehdi 2017, infusion
        ("5 g", HEPTAHYDRATE, 493.1, 20.29, 40.57),  # NHS Highland: 10 mL of 50 % is 20 mmol
        ("500 mg", "magnesium orotate dihydrate", 32.8, 1.35, 2.7),  # label: 32.8 mg, 1.35 mmol, 2.7 mVal
        ("1803 mg", "magnesium DL-aspartate tetrahydrate", 121.5, 5.0, 10.0),  # label: 121.5 mg, 5 mmol
        ("777.6 mg", "magnesium glycerophosphate", 97.2, 4.0, 8.0),  # label: 97.2 mg, 4 mmol
    ],
)
def test_published_products(
    amount: str, salt: str, milligrams: float, millimoles: float, milliequivalents: float
) -> None:
    dose = SaltDose(amount, salt)
    assert rounded(dose.elemental_mg) == (milligrams, milligrams)
    assert rounded(dose.elemental_mmol, 2) == (millimoles, millimoles)
    assert rounded(dose.elemental_meq, 2) == (milliequivalents, milliequivalents)


@pytest.mark.parametrize(
    ("trial", "dose", "low", "high"),
    [
        # 500 mg of magnesium oxide a day, salt or elemental not said
        ("rajizadeh-2017", DailyUnstatedDose("500 mg", OXIDE), 302, 500),
        # 50 mL of 5 % magnesium chloride a day, hydrate not said
        ("barragan-2008", DailySaltDose("2.5 g", "magnesium chloride"), 299, 638),
        # orotate 1,600 mg a day, hydrate not said
        ("bambling-2017", DailySaltDose("1600 mg", "magnesium orotate"), 105, 116),
        # four tablets of 500 mg hexahydrate
        ("tarleton-2017", SaltDose("500 mg", HEXAHYDRATE).per_day(4), 239, 239),
        # the anhydrous reading that the stated 248 mg excludes
        ("tarleton-2017", DailySaltDose("2 g", "magnesium chloride, anhydrous"), 511, 511),
    ],
)
def test_doses_of_trials(trial: str, dose: DailySaltDose | DailyUnstatedDose, low: int, high: int) -> None:
    assert rounded(dose.elemental_mg, 0) == (low, high), trial


def test_the_stated_dose_of_tarleton_makes_239_to_248() -> None:
    computed = SaltDose("500 mg", HEXAHYDRATE).per_day(4).elemental_mg_interval
    stated = DailyElementalDose("248 mg", HEXAHYDRATE).elemental_mg
    assert float(round(computed.low, 1)) == 239.1
    assert stated / computed.low < Fraction("1.10")  # within the 10 % that the dossier lets pass


# --- the three bases ----------------------------------------------------------------------------------------------


def test_a_salt_dose_with_its_hydrate_is_exact() -> None:
    dose = SaltDose("500 mg", OXIDE)
    assert dose.elemental_mg == 500 * Fraction(24305, 40304)
    assert dose.elemental_mmol == Fraction(500_000, 40304)
    assert dose.elemental_meq == Fraction(1_000_000, 40304)
    assert dose.salt_mg == 500
    assert dose.elemental_mg_interval.is_exact


def test_a_salt_dose_without_hydrate_is_an_interval() -> None:
    dose = SaltDose("4 g", "magnesium sulfate")
    assert rounded(dose.elemental_mg, 0) == (394, 808)
    assert dose.salt_mg == 4000


def test_an_elemental_dose_is_exact_in_any_unit() -> None:
    for amount in ("243.05 mg", "0.24305 g", "10 mmol", "20 mEq", (Fraction(4861, 20), "mg")):
        dose = ElementalDose(amount)
        assert (dose.elemental_mg, dose.elemental_mmol) == (Fraction("243.05"), Fraction(10))
        assert dose.elemental_meq == 20


def test_the_salt_that_holds_an_elemental_dose() -> None:
    assert ElementalDose("24.305 mg", OXIDE).salt_mg == Fraction("40.304")
    assert rounded(ElementalDose("500 mg", OXIDE).salt_mg, 0) == (829, 829)
    assert rounded(ElementalDose("20 mEq", "magnesium sulfate").salt_mg, 1) == (1203.6, 2464.7)


def test_a_dose_without_basis_keeps_both_readings() -> None:
    dose = UnstatedDose("500 mg", OXIDE)
    assert rounded(dose.elemental_mg) == (301.5, 500.0)
    assert rounded(dose.salt_mg) == (500.0, 829.1)
    assert dose.as_salt() == SaltDose("500 mg", OXIDE)
    assert dose.as_elemental() == ElementalDose("500 mg", OXIDE)


def test_neither_basis_nor_hydrate_is_the_widest() -> None:
    """Glycinate: up to seven-fold and more."""
    assert rounded(UnstatedDose("400 mg", "magnesium glycinate").elemental_mg, 0) == (47, 400)


def test_mmol_and_meq_are_of_magnesium_whatever_the_label_says() -> None:
    dose = UnstatedDose("10 mmol", "magnesium citrate")
    assert dose.elemental_mg == Fraction("243.05")
    assert rounded(dose.salt_mg, 0) == (1504, 2144)


# --- periods ------------------------------------------------------------------------------------------------------


def test_from_a_dose_to_a_day_to_a_course() -> None:
    salt = SaltDose("500 mg", OXIDE).per_day(2)
    assert salt == DailySaltDose("1 g", OXIDE)
    assert salt.for_days(42) == CourseSaltDose("42 g", OXIDE)
    elemental = ElementalDose("10 mmol").per_day(Decimal("1.5"))
    assert elemental == DailyElementalDose("15 mmol")
    assert elemental.for_days(28) == CourseElementalDose("420 mmol")
    unstated = UnstatedDose("500 mg", OXIDE).per_day(1)
    assert unstated == DailyUnstatedDose("500 mg", OXIDE)
    assert unstated.for_days(56) == CourseUnstatedDose("28 g", OXIDE)


def test_the_way_to_elemental_and_back_keeps_the_period() -> None:
    assert isinstance(to_elemental(DailySaltDose("1 g", OXIDE)), DailyElementalDose)
    assert isinstance(to_elemental(CourseSaltDose("42 g", OXIDE)), CourseElementalDose)
    assert isinstance(to_salt(DailyElementalDose("240 mg"), OXIDE), DailySaltDose)
    assert isinstance(to_salt(CourseElementalDose("10 g", OXIDE)), CourseSaltDose)
    assert isinstance(DailyUnstatedDose("1 g", OXIDE).as_salt(), DailySaltDose)
    assert isinstance(DailyUnstatedDose("1 g", OXIDE).as_elemental(), DailyElementalDose)
    assert isinstance(CourseUnstatedDose("1 g", OXIDE).as_salt(), CourseSaltDose)
    assert isinstance(CourseUnstatedDose("1 g", OXIDE).as_elemental(), CourseElementalDose)


def test_a_text_may_say_the_period_that_the_type_says() -> None:
    assert DailySaltDose("500 mg per day", OXIDE) == DailySaltDose("500 mg", OXIDE)
    assert SaltDose("500 mg per dose", OXIDE) == SaltDose("500 mg", OXIDE)
    assert CourseElementalDose("1680 mmol per course").elemental_mmol == 1680


# --- sums ---------------------------------------------------------------------------------------------------------


def test_like_is_added_to_like() -> None:
    assert SaltDose("500 mg", OXIDE) + SaltDose("1 g", OXIDE) == SaltDose("1500 mg", OXIDE)
    assert SaltDose("1 g", "magnesium sulfate") * 4 == SaltDose("4 g", "magnesium sulfate")
    assert ElementalDose("10 mmol", OXIDE) + ElementalDose("5 mmol", OXIDE) == ElementalDose("15 mmol", OXIDE)
    assert ElementalDose("10 mmol", OXIDE) * 3 == ElementalDose("30 mmol", OXIDE)
    assert UnstatedDose("250 mg", OXIDE) * 2 == UnstatedDose("500 mg", OXIDE)


def test_elemental_doses_of_two_salts_have_a_sum_that_names_no_salt() -> None:
    both = ElementalDose("100 mg", OXIDE) + ElementalDose("200 mg", HEXAHYDRATE)
    assert both == ElementalDose("300 mg")
    assert both.salt is None


def test_elemental_mass_and_mmol_are_the_same_kind_of_thing() -> None:
    assert ElementalDose("24.305 mg") + ElementalDose("1 mmol") == ElementalDose("2 mmol")


def test_products_are_brought_to_elemental_and_summed() -> None:
    day: list[DailySaltDose | DailyElementalDose] = [
        DailySaltDose("403.04 mg", OXIDE),
        DailyElementalDose("56.95 mg", HEXAHYDRATE),
    ]
    assert total([to_elemental(each) for each in day]) == DailyElementalDose("300 mg")
    assert total(list[DailyElementalDose]()) is None


# --- values -------------------------------------------------------------------------------------------------------


def test_equal_doses_are_equal_whatever_the_unit() -> None:
    assert SaltDose("0.5 g", OXIDE) == SaltDose("500 mg", "MgO")
    assert len({SaltDose("0.5 g", OXIDE), SaltDose("500 mg", OXIDE)}) == 1
    assert ElementalDose("10 mmol") == ElementalDose("243.05 mg")
    assert hash(ElementalDose("10 mmol")) == hash(ElementalDose("243.05 mg"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SaltDose("500 mg", OXIDE), SaltDose("500 mg", HEXAHYDRATE)),
        (SaltDose("500 mg", OXIDE), ElementalDose("500 mg", OXIDE)),
        (SaltDose("500 mg", OXIDE), UnstatedDose("500 mg", OXIDE)),
        (SaltDose("500 mg", OXIDE), DailySaltDose("500 mg", OXIDE)),
        (ElementalDose("500 mg"), ElementalDose("500 mg", OXIDE)),
        (SaltDose("500 mg", "magnesium sulfate"), SaltDose("500 mg", HEPTAHYDRATE)),
        (UnstatedDose("10 mg", OXIDE), UnstatedDose("10 mmol", OXIDE)),
    ],
)
def test_doses_that_differ_in_any_way_are_not_equal(one: object, other: object) -> None:
    assert one != other


def test_a_dose_cannot_be_changed() -> None:
    dose = SaltDose("500 mg", OXIDE)
    with pytest.raises(TypeError):
        ElementalDose("500 mg", OXIDE, Fraction(400))  # type: ignore[call-arg]  # the error is the test
    with pytest.raises(AttributeError):
        dose.salt = None  # type: ignore[misc, assignment]  # the error is the test
    with pytest.raises(AttributeError):
        dose.elemental = 1  # type: ignore[attr-defined]  # the error is the test


@pytest.mark.parametrize(
    "dose",
    [SaltDose("500 mg", OXIDE), ElementalDose("10 mmol"), DailyUnstatedDose("1 g", "magnesium citrate")],
)
def test_a_dose_survives_pickling(dose: object) -> None:
    assert pickle.loads(pickle.dumps(dose)) == dose


def test_repr_is_python_and_str_is_for_people() -> None:
    dose = DailySaltDose("0.5 g", "MgO")
    assert repr(dose) == 'DailySaltDose("0.5 g", "magnesium oxide")'
    assert str(dose) == "500 mg magnesium oxide (salt) per day"
    assert repr(UnstatedDose("20 mEq", "MgO")) == 'UnstatedDose("20 mEq", "magnesium oxide")'
    assert repr(ElementalDose((Fraction(1, 3), "mg"))) == 'ElementalDose((Fraction(1, 3), "mg"))'
    assert str(ElementalDose("248 mg", HEXAHYDRATE)) == "248 mg elemental magnesium (as magnesium chloride hexahydrate)"
    assert str(UnstatedDose("500 mg", OXIDE)) == "500 mg magnesium oxide (salt or elemental: not stated)"
    assert str(DailyUnstatedDose("10 mmol", OXIDE)) == "10 mmol elemental magnesium (as magnesium oxide) per day"


def test_the_mass_of_salt_is_the_stated_one() -> None:
    assert SaltDose("0.5 g", "magnesium chloride").salt_mg_interval == Interval(500, 500)


# --- reading a label ----------------------------------------------------------------------------------------------


def test_read_dose_takes_what_a_label_says() -> None:
    assert read_dose("400 mg", OXIDE, "salt") == SaltDose("400 mg", OXIDE)
    assert read_dose("400 mg", OXIDE, "elemental") == ElementalDose("400 mg", OXIDE)
    assert read_dose("400 mg", OXIDE) == UnstatedDose("400 mg", OXIDE)
    assert read_dose("10 mmol", OXIDE) == ElementalDose("10 mmol", OXIDE)


@pytest.mark.parametrize("basis", ["Salt", "", "element", "not stated"])
def test_another_basis_is_refused(basis: str) -> None:
    with pytest.raises(BasisUnknown) as caught:
        read_dose("400 mg", OXIDE, basis)
    assert caught.value.code == "MGD-U114"


# --- amounts that nobody can mean ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "too_much"), [("100 g", "100.001 g"), ("100000 mg", "100001 mg"), ("100000000 mcg", "100000001 mcg")]
)
def test_the_largest_mass_and_one_above(amount: str, too_much: str) -> None:
    assert SaltDose(amount, OXIDE).salt_mg == 100_000
    with pytest.raises(AmountInvalid, match="at most 100"):
        SaltDose(too_much, OXIDE)


@pytest.mark.parametrize(("amount", "too_much"), [("500 mmol", "501 mmol"), ("1000 mEq", "1001 mEq")])
def test_the_largest_amount_of_magnesium_and_one_above(amount: str, too_much: str) -> None:
    assert ElementalDose(amount).elemental_mmol == 500
    with pytest.raises(AmountInvalid, match="check the unit"):
        DailyElementalDose(too_much)


def test_a_course_may_be_larger() -> None:
    assert CourseElementalDose("1001 mEq").elemental_meq == 1001
    with pytest.raises(AmountInvalid):
        CourseSaltDose("100001 g", OXIDE)


@pytest.mark.parametrize("times", [0, -1, Decimal("NaN")])
def test_times_and_days_are_above_zero(times: int | Decimal) -> None:
    for act in (SaltDose("1 g", OXIDE).per_day, DailySaltDose("1 g", OXIDE).for_days, SaltDose("1 g", OXIDE).__mul__):
        with pytest.raises(AmountInvalid, match="MGD-U109"):
            act(times)
