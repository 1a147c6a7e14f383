"""The sentences that doses refuse with: what was given, both readings of it, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from mgdecide.domain.amounts import Amount, Period
from mgdecide.domain.intervals import Interval
from mgdecide.domain.safeprint import amount as printed
from mgdecide.domain.safeprint import quantity
from mgdecide.domain.salts import SaltLike
from mgdecide.domain.units import Unit
from mgdecide.errors import (
    AmountInvalid,
    BasisMissing,
    BasisMixed,
    HydrateMissing,
    PeriodMixed,
    Problem,
    SaltMissing,
    SaltsMixed,
    SubstanceAsMass,
)

if TYPE_CHECKING:
    from mgdecide.domain.dose_bases import Dose, ElementalBasis, SaltBasis

_LARGEST = {
    Unit.GRAM: 100,
    Unit.MILLIGRAM: 100_000,
    Unit.MICROGRAM: 100_000_000,
    Unit.MILLIMOLE: 500,
    Unit.MILLIEQUIVALENT: 1000,
}
"""House policy: a slip of unit or comma, not a dose. The largest real ones are grams of sulfate in a day (tens)."""

_COURSE = 1000
"""A course may be so many times a day's largest amount."""


def check_size(amount: Amount, period: Period) -> None:
    """Raises AmountInvalid (MGD-U109) for an amount that nobody can mean."""
    largest = _LARGEST[amount.unit] * (_COURSE if period is Period.COURSE else 1)
    if amount.value > largest:
        limit = printed(Amount(Fraction(largest), amount.unit))
        accepted = f"at most {limit} {period.value}: check the unit and the decimal point"
        raise AmountInvalid(Problem("MGD-U109", "amount", printed(amount), accepted))


def period_mixed(wanted: str, amount: Amount, period: Period) -> PeriodMixed:
    """A text that says "per day" given to a type that is not."""
    said = amount.per.value if amount.per else ""
    given = f"{printed(amount)} {said}"
    return PeriodMixed(Problem("MGD-U105", "amount", given, f"an amount {period.value} for {wanted}"))


def substance_as_mass(wanted: str, amount: Amount, salt: SaltLike) -> SubstanceAsMass:
    """mEq or mmol given as a mass of salt."""
    accepted = (
        f'the basis elemental, or {wanted.replace("Salt", "Elemental")}({amount.written}, "{salt.name}") in Python: '
        f"{amount.unit.value} is always of magnesium, never of a salt"
    )
    return SubstanceAsMass(Problem("MGD-U104", "amount", f"{printed(amount)} as a mass of {salt.name}", accepted))


def readings(amount: Amount, salt: SaltLike) -> tuple[str, str]:
    """A mass read both ways: as the salt, and as magnesium itself."""
    mass = Interval(amount.base, amount.base)
    holds = quantity(mass.scaled(salt.elemental_fractions), Unit.MILLIGRAM)
    needs = quantity(mass.divided(salt.elemental_fractions), Unit.MILLIGRAM)
    return (
        f"{printed(amount)} of {salt.name} (salt) holds {holds} elemental magnesium",
        f"{printed(amount)} elemental magnesium needs {needs} {salt.name} (salt)",
    )


def basis_missing(dose: Dose, amount: Amount, salt: SaltLike) -> BasisMissing:
    """One answer asked of a dose that does not state its basis."""
    names = [type(dose).__name__.replace("Unstated", basis) for basis in ("Salt", "Elemental")]
    write = [f'{name}({amount.written}, "{salt.name}")' for name in names]
    problem = Problem("MGD-U101", "basis", str(dose), "state the basis: salt or elemental")
    details = readings(amount, salt) if amount.unit.is_mass else ()
    return BasisMissing(problem, (*details, "Write one of:", *(f"  {line}" for line in write)))


def hydrate_missing(dose: Dose, salt: SaltLike, mass: Amount | None) -> HydrateMissing:
    """One answer asked of a salt that stands for several forms. ``mass`` is the mass of salt when that was stated."""
    names = " or ".join(form.name for form in salt.forms)
    problem = Problem("MGD-U103", "salt", str(dose), f"name the form: {names}")
    return HydrateMissing(problem, tuple(_by_form(dose, salt, mass)))


def _by_form(dose: Dose, salt: SaltLike, mass: Amount | None) -> Iterator[str]:
    for form in salt.forms:
        if mass is None:
            needed = dose.elemental_mg_interval.divided(form.elemental_fractions)
            yield f"as {form.name}: {quantity(needed, Unit.MILLIGRAM)} of salt"
        else:
            held = quantity(form.elemental_fraction * mass.base, Unit.MILLIGRAM)
            yield f"{printed(mass)} as {form.name}: {held} elemental magnesium"


def salt_missing(dose: ElementalBasis) -> SaltMissing:
    """A mass of salt asked of a dose that names none."""
    accepted = f'name the salt: {type(dose).__name__}({dose.amount.written}, "magnesium ...")'
    return SaltMissing(Problem("MGD-U113", "salt", str(dose), accepted))


def refuse_mixing(left: Dose, right: object) -> None:
    """Raises PeriodMixed (MGD-U105) or BasisMixed (MGD-U110) unless both are doses of the same type."""
    from mgdecide.domain.dose_bases import Dose

    if type(left) is type(right):
        return
    if not isinstance(right, Dose):
        accepted = f"another {type(left).__name__} to add to this one"
        raise BasisMixed(Problem("MGD-U110", "+", f"{left} and {type(right).__name__}", accepted))
    details = (f"left    {_with_reading(left)}", f"right   {_with_reading(right)}")
    given = f"{left} and {right}"
    if left.period is not right.period:
        accepted = (
            f"two amounts {left.period.value}, or two {right.period.value}: bring both to the same, with per_day()"
        )
        raise PeriodMixed(Problem("MGD-U105", "+", given, f"{accepted} or for_days()"), details)
    accepted = "two amounts on one basis: convert first, with to_elemental()"
    raise BasisMixed(Problem("MGD-U110", "+", given, accepted), (*details, *_way_out(left, right)))


def salts_mixed(left: SaltBasis, right: SaltBasis) -> SaltsMixed:
    """Masses of two salts in one sum."""
    details = (f"left    {_with_reading(left)}", f"right   {_with_reading(right)}", *_way_out(left, right))
    accepted = "two amounts of one salt: convert both, with to_elemental()"
    return SaltsMixed(Problem("MGD-U112", "+", f"{left} and {right}", accepted), details)


def _with_reading(dose: Dose) -> str:
    held = f"{quantity(dose.elemental_mg, Unit.MILLIGRAM)} elemental magnesium"
    return str(dose) if "elemental magnesium" in str(dose) else f"{dose}, which holds {held}"


def _way_out(left: Dose, right: Dose) -> Iterator[str]:
    low_high = left.elemental_mg_interval + right.elemental_mg_interval
    sides = " + ".join(
        side if "Elemental" in type(dose).__name__ else f"to_elemental({side})"
        for side, dose in (("left", left), ("right", right))
    )
    if low_high.is_exact:
        yield f"Write   {sides} gives {quantity(low_high, Unit.MILLIGRAM)} elemental magnesium"
    else:
        yield f"Together they hold {quantity(low_high, Unit.MILLIGRAM)} elemental magnesium: name hydrate and basis"
