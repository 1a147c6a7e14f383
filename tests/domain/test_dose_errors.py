"""What doses refuse, and the words they refuse it with."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from mgdecide.domain.doses import (
    DailySaltDose,
    ElementalDose,
    SaltDose,
    UnstatedDose,
    to_elemental,
    to_salt,
)
from mgdecide.errors import (
    BasisMissing,
    BasisMixed,
    DoseError,
    HydrateMissing,
    MgdecideError,
    PeriodMixed,
    SaltMissing,
    SaltsMixed,
    SubstanceAsMass,
)

OXIDE = "magnesium oxide"
HEXAHYDRATE = "magnesium chloride hexahydrate"

SALT = SaltDose("500 mg", OXIDE)
ELEMENTAL = ElementalDose("248 mg", HEXAHYDRATE)
UNSTATED = UnstatedDose("500 mg", OXIDE)


def _sum(left: object, right: object) -> Callable[[], object]:
    return lambda: left + right  # type: ignore[operator]  # that mypy refuses it too is tested in test_doses_typing


def test_salt_and_elemental_have_no_sum() -> None:
    with pytest.raises(BasisMixed) as caught:
        _sum(SALT, ELEMENTAL)()
    assert str(caught.value).splitlines()[1:] == [
        "  left    500 mg magnesium oxide (salt), which holds 302 mg elemental magnesium",
        "  right   248 mg elemental magnesium (as magnesium chloride hexahydrate)",
        "  Write   to_elemental(left) + right gives 550 mg elemental magnesium",
    ]
    assert caught.value.code == "MGD-U110"
    assert "to_elemental()" in caught.value.problems[0].accepted


def test_the_way_out_that_is_shown_works() -> None:
    """301.52 + 248 = 549.52."""
    assert float(round((to_elemental(SALT) + to_elemental(ELEMENTAL)).elemental_mg, 2)) == 549.52


def test_a_sum_that_cannot_be_told_shows_its_interval() -> None:
    with pytest.raises(BasisMixed) as caught:
        _sum(SALT, UNSTATED)()
    # 302 + 302 to 302 + 500
    assert "Together they hold 603 to 802 mg elemental magnesium" in str(caught.value)


def test_masses_of_two_salts_have_no_sum() -> None:
    with pytest.raises(SaltsMixed) as caught:
        _sum(SALT, SaltDose("1 g", HEXAHYDRATE))()
    assert caught.value.code == "MGD-U112"
    assert isinstance(caught.value, BasisMixed)
    assert "to_elemental(left) + to_elemental(right) gives 421 mg" in str(caught.value)


def test_a_form_and_the_family_it_belongs_to_have_no_sum() -> None:
    with pytest.raises(SaltsMixed):
        _sum(SaltDose("1 g", HEXAHYDRATE), SaltDose("1 g", "magnesium chloride"))()


def test_per_dose_and_per_day_have_no_sum() -> None:
    with pytest.raises(PeriodMixed) as caught:
        _sum(SALT, DailySaltDose("1 g", OXIDE))()
    assert caught.value.code == "MGD-U105"
    assert "per_day()" in str(caught.value)


@pytest.mark.parametrize("other", [UNSTATED, SALT, ELEMENTAL, 5])
def test_a_dose_without_basis_has_no_sum_with_anything(other: object) -> None:
    with pytest.raises(BasisMissing) as caught:
        _sum(UNSTATED, other)()
    assert str(caught.value).splitlines()[1:] == [
        "  500 mg of magnesium oxide (salt) holds 302 mg elemental magnesium",
        "  500 mg elemental magnesium needs 829 mg magnesium oxide (salt)",
        "  Write one of:",
        '    SaltDose("500 mg", "magnesium oxide")',
        '    ElementalDose("500 mg", "magnesium oxide")',
    ]


@pytest.mark.parametrize("other", [5, "500 mg", None])
def test_a_dose_has_no_sum_with_what_is_no_dose(other: object) -> None:
    with pytest.raises(BasisMixed, match="MGD-U110"):
        _sum(SALT, other)()


@pytest.mark.parametrize("amount", ["20 mEq", "10 mmol"])
def test_meq_is_no_mass_of_salt(amount: str) -> None:
    with pytest.raises(SubstanceAsMass) as caught:
        DailySaltDose(amount, "magnesium sulfate")
    assert caught.value.code == "MGD-U104"
    assert "the basis elemental" in str(caught.value)  # what a record or the command line takes
    assert f'DailyElementalDose("{amount}", "magnesium sulfate") in Python' in str(caught.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SaltDose("500 mg per day", OXIDE), "an amount per dose for SaltDose"),
        (lambda: DailySaltDose("500 mg per dose", OXIDE), "an amount per day for DailySaltDose"),
        (lambda: ElementalDose("500 mg/day"), "an amount per dose for ElementalDose"),
        (lambda: UnstatedDose("500 mg per course", OXIDE), "an amount per dose for UnstatedDose"),
    ],
)
def test_a_text_must_not_say_another_period_than_the_type(make: Callable[[], object], words: str) -> None:
    with pytest.raises(PeriodMixed, match=words) as caught:
        make()
    given = caught.value.problems[0].given
    assert given.startswith("500 mg per ")


def test_a_hydrate_is_never_guessed() -> None:
    with pytest.raises(HydrateMissing) as caught:
        to_elemental(SaltDose("4 g", "magnesium sulfate"))
    assert caught.value.code == "MGD-U103"
    assert str(caught.value).splitlines()[1:] == [
        "  4 g as magnesium sulfate, anhydrous: 808 mg elemental magnesium",
        "  4 g as magnesium sulfate heptahydrate: 394 mg elemental magnesium",
    ]
    with pytest.raises(HydrateMissing) as caught:
        to_salt(ElementalDose("100 mg"), "magnesium chloride")
    assert "as magnesium chloride hexahydrate: 836 mg of salt" in str(caught.value)


def test_goods_that_vary_are_never_one_number() -> None:
    with pytest.raises(HydrateMissing):
        to_elemental(SaltDose("1 g", "basic magnesium carbonate"))


def test_a_basis_is_never_guessed() -> None:
    for convert in (to_elemental, to_salt):
        with pytest.raises(BasisMissing, match="MGD-U101"):
            convert(UNSTATED)  # type: ignore[arg-type]  # mypy refuses it as well


def test_a_salt_is_never_guessed() -> None:
    with pytest.raises(SaltMissing, match="MGD-U113"):
        to_salt(ElementalDose("100 mg"))
    with pytest.raises(SaltMissing, match="MGD-U113"):
        _ = ElementalDose("100 mg").salt_mg


def _error(act: Callable[[], object]) -> DoseError:
    with pytest.raises(DoseError) as caught:
        act()
    return caught.value


def test_an_error_keeps_its_lines_through_pickling_and_moving() -> None:
    error = _error(_sum(SALT, ELEMENTAL))
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.details) == (type(error), str(error), error.details)
    moved = _error(lambda: SaltDose("0 mg", OXIDE)).at("magnesium_products[0]")
    assert isinstance(moved, MgdecideError)
    assert moved.problems[0].path == "magnesium_products[0].amount"
