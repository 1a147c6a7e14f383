"""Doses: a basis (salt, elemental, not stated) by a period (one dose, a day, a course). Nine types, none mixes.

    one dose        SaltDose         ElementalDose         UnstatedDose
    a day           DailySaltDose    DailyElementalDose    DailyUnstatedDose
    a course        CourseSaltDose   CourseElementalDose   CourseUnstatedDose

Ways between them, each said by name: ``to_elemental``, ``to_salt`` (basis); ``per_day``, ``for_days`` (period);
``as_salt``, ``as_elemental`` (when the caller has found out what a label means). Adding two types that differ is an
error for mypy and at run time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Protocol, Self, TypeVar

from mgdecide.domain.amounts import Amount, AmountLike, Period, read_amount
from mgdecide.domain.dose_bases import Dose, ElementalBasis, SaltBasis, UnstatedBasis
from mgdecide.domain.dose_errors import basis_missing
from mgdecide.domain.exact import Exact, positive, shown
from mgdecide.domain.salts import SaltLike
from mgdecide.errors import BasisUnknown, Problem


def _often(amount: Amount, times: Exact, what: str) -> Amount:
    return amount.times(positive(times, what))


class SaltDose(SaltBasis):
    """One dose as a mass of salt.

    >>> SaltDose("500 mg", "magnesium oxide").elemental_mg    # 500 x 24.305 / 40.304 = 301.52
    Fraction(3038125, 10076)
    >>> SaltDose("4 g", "magnesium sulfate").elemental_mg.is_exact    # the hydrate is not named: 394 to 808 mg
    False
    """

    __slots__ = ()
    period: ClassVar[Period] = Period.DOSE

    def per_day(self, times: Exact) -> DailySaltDose:
        """So many doses a day."""
        return DailySaltDose(_often(self.amount, times, "times per day"), self.salt)

    def to_elemental(self) -> ElementalDose:
        """The magnesium in it; HydrateMissing (MGD-U103) when the hydrate is not named."""
        return ElementalDose(self._exact_elemental(), self.salt)


class ElementalDose(ElementalBasis):
    """One dose as an amount of magnesium itself.

    >>> ElementalDose("10 mmol").elemental_mg
    Fraction(4861, 20)
    """

    __slots__ = ()
    period: ClassVar[Period] = Period.DOSE

    def per_day(self, times: Exact) -> DailyElementalDose:
        """So many doses a day."""
        return DailyElementalDose(_often(self.amount, times, "times per day"), self.salt)

    def to_salt(self, salt: str | SaltLike | None = None) -> SaltDose:
        """The mass of salt that holds it; SaltMissing (MGD-U113) or HydrateMissing (MGD-U103) when not one number."""
        return SaltDose(*self._exact_salt(salt))


class UnstatedDose(UnstatedBasis):
    """One dose whose label says "500 mg" and not of what.

    >>> low_high = UnstatedDose("500 mg", "magnesium oxide").elemental_mg
    >>> round(low_high.low), round(low_high.high)
    (302, 500)
    """

    __slots__ = ()
    period: ClassVar[Period] = Period.DOSE

    def per_day(self, times: Exact) -> DailyUnstatedDose:
        """So many doses a day."""
        return DailyUnstatedDose(_often(self.amount, times, "times per day"), self.salt)

    def as_salt(self) -> SaltDose:
        """The reading as a mass of salt."""
        return SaltDose(self.amount, self.salt)

    def as_elemental(self) -> ElementalDose:
        """The reading as elemental magnesium."""
        return ElementalDose(self.amount, self.salt)


class DailySaltDose(SaltBasis):
    """A day's mass of salt."""

    __slots__ = ()
    period: ClassVar[Period] = Period.DAY

    def for_days(self, days: Exact) -> CourseSaltDose:
        """So many days of it."""
        return CourseSaltDose(_often(self.amount, days, "days"), self.salt)

    def to_elemental(self) -> DailyElementalDose:
        """The magnesium in it; HydrateMissing (MGD-U103) when the hydrate is not named."""
        return DailyElementalDose(self._exact_elemental(), self.salt)


class DailyElementalDose(ElementalBasis):
    """A day's magnesium."""

    __slots__ = ()
    period: ClassVar[Period] = Period.DAY

    def for_days(self, days: Exact) -> CourseElementalDose:
        """So many days of it."""
        return CourseElementalDose(_often(self.amount, days, "days"), self.salt)

    def to_salt(self, salt: str | SaltLike | None = None) -> DailySaltDose:
        """The mass of salt that holds it."""
        return DailySaltDose(*self._exact_salt(salt))


class DailyUnstatedDose(UnstatedBasis):
    """A day's amount of which nobody said whether it is salt or magnesium."""

    __slots__ = ()
    period: ClassVar[Period] = Period.DAY

    def for_days(self, days: Exact) -> CourseUnstatedDose:
        """So many days of it."""
        return CourseUnstatedDose(_often(self.amount, days, "days"), self.salt)

    def as_salt(self) -> DailySaltDose:
        """The reading as a mass of salt."""
        return DailySaltDose(self.amount, self.salt)

    def as_elemental(self) -> DailyElementalDose:
        """The reading as elemental magnesium."""
        return DailyElementalDose(self.amount, self.salt)


class CourseSaltDose(SaltBasis):
    """A whole course's mass of salt."""

    __slots__ = ()
    period: ClassVar[Period] = Period.COURSE

    def to_elemental(self) -> CourseElementalDose:
        """The magnesium in it."""
        return CourseElementalDose(self._exact_elemental(), self.salt)


class CourseElementalDose(ElementalBasis):
    """A whole course's magnesium."""

    __slots__ = ()
    period: ClassVar[Period] = Period.COURSE

    def to_salt(self, salt: str | SaltLike | None = None) -> CourseSaltDose:
        """The mass of salt that holds it."""
        return CourseSaltDose(*self._exact_salt(salt))


class CourseUnstatedDose(UnstatedBasis):
    """A whole course's amount of which nobody said whether it is salt or magnesium."""

    __slots__ = ()
    period: ClassVar[Period] = Period.COURSE

    def as_salt(self) -> CourseSaltDose:
        """The reading as a mass of salt."""
        return CourseSaltDose(self.amount, self.salt)

    def as_elemental(self) -> CourseElementalDose:
        """The reading as elemental magnesium."""
        return CourseElementalDose(self.amount, self.salt)


_E = TypeVar("_E", covariant=True)
_S = TypeVar("_S", covariant=True)


class _HoldsSalt(Protocol[_E]):
    def to_elemental(self) -> _E: ...


class _HoldsMagnesium(Protocol[_S]):
    def to_salt(self, salt: str | SaltLike | None = None) -> _S: ...


def to_elemental(dose: _HoldsSalt[_E]) -> _E:
    """The magnesium in a mass of salt, for the same period; an elemental dose as it is.

    Raises HydrateMissing (MGD-U103), or BasisMissing (MGD-U101) for a dose whose basis is not stated.

    >>> to_elemental(SaltDose("403.04 mg", "magnesium oxide"))
    ElementalDose("243.05 mg", "magnesium oxide")
    """
    if isinstance(dose, UnstatedBasis):
        raise basis_missing(dose, dose.amount, dose.salt)
    return dose.to_elemental()


def to_salt(dose: _HoldsMagnesium[_S], salt: str | SaltLike | None = None) -> _S:
    """The mass of salt that holds the magnesium, for the same period.

    Raises SaltMissing (MGD-U113), HydrateMissing (MGD-U103), or BasisMissing (MGD-U101).
    """
    if isinstance(dose, UnstatedBasis):
        raise basis_missing(dose, dose.amount, dose.salt)
    return dose.to_salt(salt)


class _Addable(Protocol):
    def __add__(self, other: Self) -> Self: ...


_A = TypeVar("_A", bound=_Addable)


def total(doses: Iterable[_A]) -> _A | None:
    """The sum of doses of one type, or None of none; the errors of adding two."""
    result: _A | None = None
    for dose in doses:
        result = dose if result is None else result + dose
    return result


BASES = ("salt", "elemental")
"""What a basis may be said to be; None says that it is not stated."""


def read_dose(
    amount: AmountLike, salt: str | SaltLike, basis: str | None = None
) -> SaltDose | ElementalDose | UnstatedDose:
    """One dose of a product, from what its label says. Without a basis both readings are kept.

    An amount in mmol or mEq is of magnesium, so without a basis it is read as elemental.

    Raises the errors of the three types, and BasisUnknown (MGD-U114) for another basis.

    >>> read_dose("400 mg", "magnesium oxide", "salt")
    SaltDose("400 mg", "magnesium oxide")
    """
    match basis:
        case "salt":
            return SaltDose(amount, salt)
        case "elemental":
            return ElementalDose(amount, salt)
        case None:
            read = read_amount(amount)
            return UnstatedDose(read, salt) if read.unit.is_mass else ElementalDose(read, salt)
        case _:
            accepted = "write salt or elemental, or leave it out when the label does not say"
            raise BasisUnknown(Problem("MGD-U114", "basis", shown(basis), accepted))


AnyDose = (
    SaltDose
    | ElementalDose
    | UnstatedDose
    | DailySaltDose
    | DailyElementalDose
    | DailyUnstatedDose
    | CourseSaltDose
    | CourseElementalDose
    | CourseUnstatedDose
)

__all__ = [
    "AnyDose",
    "CourseElementalDose",
    "CourseSaltDose",
    "CourseUnstatedDose",
    "DailyElementalDose",
    "DailySaltDose",
    "DailyUnstatedDose",
    "Dose",
    "ElementalDose",
    "SaltDose",
    "UnstatedDose",
    "read_dose",
    "to_elemental",
    "to_salt",
    "total",
]
