"""What ``mgdecide dose`` answers: a record for programs and a text for people."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypedDict

from mgdecide.domain.doses import ElementalDose, SaltDose, UnstatedDose, read_dose
from mgdecide.domain.intervals import Interval, as_interval
from mgdecide.domain.safeprint import amount as printed
from mgdecide.domain.safeprint import quantity
from mgdecide.domain.salts import Salt, SaltLike, find_salt
from mgdecide.domain.units import Unit


class Range(TypedDict):
    """Lowest and highest value; the same where the answer is exact."""

    low: float
    high: float


class DoseRecord(TypedDict):
    """The JSON of ``mgdecide dose --format json``. ``basis`` is salt, elemental or not stated."""

    salt: str
    stated: str
    basis: str
    elemental_mg: Range
    elemental_mmol: Range
    elemental_meq: Range
    salt_mg: Range


_PLACES = 4


def dose_record(amount: str, salt: str, basis: str | None = None) -> DoseRecord:
    """One stated dose as magnesium and as salt, in mg, mmol and mEq (of magnesium).

    Without a basis the ranges run from one reading to the other. An amount in mmol or mEq is of magnesium, so its
    basis is elemental. Numbers keep four decimal places, or four significant digits where that is more.

    Raises DoseError: UnitInvalid, AmountInvalid, SubstanceAsMass, PeriodMixed, SaltUnknown, BasisUnknown.
    """
    found = find_salt(salt)
    dose = read_dose(amount, found, basis)
    return DoseRecord(
        salt=found.name,
        stated=" ".join(amount.split()),
        basis=_basis(dose),
        elemental_mg=_range(dose.elemental_mg),
        elemental_mmol=_range(dose.elemental_mmol),
        elemental_meq=_range(dose.elemental_meq),
        salt_mg=_range(dose.salt_mg),
    )


def _basis(dose: SaltDose | ElementalDose | UnstatedDose) -> str:
    match dose:
        case SaltDose():
            return "salt"
        case ElementalDose():
            return "elemental"
        case UnstatedDose():
            return "not stated"


def _range(value: Fraction | Interval) -> Range:
    low, high = as_interval(value)
    return Range(low=_rounded(low), high=_rounded(high))


def _rounded(value: Fraction) -> float:
    """Rounded as an exact number, then written as the nearest float."""
    places = _PLACES
    while value * 10**places < 1000 and places < 30:
        places += 1
    return float(round(value, places))


def dose_text(amount: str, salt: str, basis: str | None = None) -> str:
    """The same for people, at most 76 columns; with both readings when the basis is open, each form when the salt is.

    Raises the errors of ``dose_record``.
    """
    found = find_salt(salt)
    dose = read_dose(amount, found, basis)
    lines = [str(dose), *_figures(dose)]
    if isinstance(dose, UnstatedDose):
        lines += ["", *_both_readings(dose)]
    if len(found.forms) > 1:
        lines += ["", *_each_form(dose, found)]
    if found.note:
        lines += ["", f"  {found.note}"]
    return "\n".join(lines)


def _figures(dose: SaltDose | ElementalDose | UnstatedDose) -> Iterator[str]:
    yield f"  elemental magnesium  {quantity(dose.elemental_mg, Unit.MILLIGRAM)}"
    yield f"                       {quantity(dose.elemental_mmol, Unit.MILLIMOLE)}"
    yield f"                       {quantity(dose.elemental_meq, Unit.MILLIEQUIVALENT)}"
    yield f"  salt                 {quantity(dose.salt_mg, Unit.MILLIGRAM)}"


def _both_readings(dose: UnstatedDose) -> Iterator[str]:
    stated = printed(dose.amount)
    held = quantity(dose.as_salt().elemental_mg, Unit.MILLIGRAM)
    needed = quantity(dose.as_elemental().salt_mg, Unit.MILLIGRAM)
    yield f"  If {stated} is the salt, it holds {held} elemental magnesium."
    yield f"  If {stated} is elemental, it takes {needed} of the salt."
    yield "  The label or the maker says which; give it as --basis salt or elemental."


def _each_form(dose: SaltDose | ElementalDose | UnstatedDose, salt: SaltLike) -> Iterator[str]:
    yield "  The name leaves the form open:"
    width = max(len(form.name) for form in salt.forms)
    for form in salt.forms:
        yield f"    {form.name:<{width}}  {_as_form(dose, form)}"


def _as_form(dose: SaltDose | ElementalDose | UnstatedDose, form: Salt) -> str:
    if isinstance(dose, ElementalDose):
        return f"{quantity(ElementalDose(dose.amount, form).salt_mg, Unit.MILLIGRAM)} of salt"
    held = quantity(SaltDose(dose.amount, form).elemental_mg, Unit.MILLIGRAM)
    return f"{held} elemental" + (" if salt" if isinstance(dose, UnstatedDose) else "")
