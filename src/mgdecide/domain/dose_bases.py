"""What a dose is a dose of: the salt, magnesium itself, or one of the two and nobody said which.

The three bases are three types. Each computes what it can exactly and gives an interval for the rest; none of them
turns into another without being told to. ``doses.py`` makes them per dose, per day and per course.
"""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, NoReturn, Self

from attrs import field, frozen

from mgdecide.domain import dose_errors as errors
from mgdecide.domain.amounts import Amount, Period, read_amount
from mgdecide.domain.exact import Exact, positive
from mgdecide.domain.intervals import Interval, hull, narrowed
from mgdecide.domain.magnesium import ATOMIC_WEIGHT, VALENCE
from mgdecide.domain.safeprint import amount as printed
from mgdecide.domain.salts import SaltLike, find_salt
from mgdecide.domain.units import Unit


def _salt(given: str | SaltLike) -> SaltLike:
    return find_salt(given)


def _salt_or_none(given: str | SaltLike | None) -> SaltLike | None:
    return None if given is None else find_salt(given)


class Dose:
    """What all doses answer. Magnesium in mg, mmol and mEq; the mass of the salt in mg.

    Every answer is an exact ``Fraction`` where what was stated settles it, else an ``Interval``.
    ``elemental_mg_interval`` and ``salt_mg_interval`` are intervals always, of no width where the answer is exact.
    """

    __slots__ = ()

    amount: Amount
    period: ClassVar[Period]

    @property
    def elemental_mg_interval(self) -> Interval:
        raise NotImplementedError

    @property
    def salt_mg_interval(self) -> Interval:
        raise NotImplementedError

    @property
    def elemental_mg(self) -> Fraction | Interval:
        """mg of elemental magnesium."""
        return narrowed(self.elemental_mg_interval)

    @property
    def elemental_mmol(self) -> Fraction | Interval:
        """mmol of magnesium."""
        return narrowed(self.elemental_mg_interval.scaled(1 / ATOMIC_WEIGHT))

    @property
    def elemental_meq(self) -> Fraction | Interval:
        """mEq of magnesium: twice the mmol."""
        return narrowed(self.elemental_mg_interval.scaled(VALENCE / ATOMIC_WEIGHT))

    @property
    def salt_mg(self) -> Fraction | Interval:
        """mg of the salt; SaltMissing (MGD-U113) when no salt was named."""
        return narrowed(self.salt_mg_interval)

    def _check_period(self) -> None:
        if self.amount.per not in (None, self.period):
            raise errors.period_mixed(type(self).__name__, self.amount, self.period)
        errors.check_size(self.amount, self.period)

    def _per(self) -> str:
        return "" if self.period is Period.DOSE else f" {self.period.value}"


@frozen(repr=False)
class SaltBasis(Dose):
    """A mass of salt. Raises SubstanceAsMass (MGD-U104) for mmol and mEq, which are always of magnesium."""

    amount: Amount = field(converter=read_amount)
    salt: SaltLike = field(converter=_salt)

    def __attrs_post_init__(self) -> None:
        if not self.amount.unit.is_mass:
            raise errors.substance_as_mass(type(self).__name__, self.amount, self.salt)
        self._check_period()

    @property
    def elemental_mg_interval(self) -> Interval:
        """mg of elemental magnesium as an interval, from the hydrate with the least to the one with the most."""
        return self.salt.elemental_fractions.scaled(self.amount.base)

    @property
    def salt_mg_interval(self) -> Interval:
        """The stated mass in mg, as an interval of no width."""
        return Interval(self.amount.base, self.amount.base)

    @property
    def salt_mg(self) -> Fraction:
        """The stated mass in mg."""
        return self.amount.base

    def __add__(self, other: Self) -> Self:
        errors.refuse_mixing(self, other)
        if self.salt != other.salt:
            raise errors.salts_mixed(self, other)
        return type(self)(self.amount + other.amount, self.salt)

    def __mul__(self, times: Exact) -> Self:
        return type(self)(self.amount.times(positive(times, "times")), self.salt)

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.amount.written}, "{self.salt.name}")'

    def __str__(self) -> str:
        return f"{printed(self.amount)} {self.salt.name} (salt){self._per()}"

    def _exact_elemental(self) -> Amount:
        """The elemental amount for the constructor of the other basis; HydrateMissing when it is not one number."""
        elemental = self.elemental_mg
        if isinstance(elemental, Interval):
            raise errors.hydrate_missing(self, self.salt, self.amount)
        return Amount(elemental, Unit.MILLIGRAM)


@frozen(repr=False)
class ElementalBasis(Dose):
    """An amount of magnesium itself, by mass, in mmol or in mEq; the salt it comes as may be named."""

    amount: Amount = field(converter=read_amount, eq=False)
    salt: SaltLike | None = field(default=None, converter=_salt_or_none)
    _elemental: Fraction = field(init=False)

    @_elemental.default
    def _in_mg(self) -> Fraction:
        return self.amount.base if self.amount.unit.is_mass else self.amount.base * ATOMIC_WEIGHT

    def __attrs_post_init__(self) -> None:
        self._check_period()

    @property
    def elemental_mg_interval(self) -> Interval:
        """The stated magnesium in mg, as an interval of no width."""
        return Interval(self._elemental, self._elemental)

    @property
    def elemental_mg(self) -> Fraction:
        """mg of elemental magnesium."""
        return self._elemental

    @property
    def elemental_mmol(self) -> Fraction:
        """mmol of magnesium."""
        return self._elemental / ATOMIC_WEIGHT

    @property
    def elemental_meq(self) -> Fraction:
        """mEq of magnesium."""
        return self._elemental / ATOMIC_WEIGHT * VALENCE

    @property
    def salt_mg_interval(self) -> Interval:
        """mg of salt that hold it, as an interval; SaltMissing (MGD-U113) when no salt was named."""
        if self.salt is None:
            raise errors.salt_missing(self)
        return self.elemental_mg_interval.divided(self.salt.elemental_fractions)

    def __add__(self, other: Self) -> Self:
        errors.refuse_mixing(self, other)
        salt = self.salt if self.salt == other.salt else None
        if self.amount.unit.is_mass is other.amount.unit.is_mass:
            return type(self)(self.amount + other.amount, salt)
        return type(self)(Amount(self.elemental_mg + other.elemental_mg, Unit.MILLIGRAM), salt)

    def __mul__(self, times: Exact) -> Self:
        return type(self)(self.amount.times(positive(times, "times")), self.salt)

    def __repr__(self) -> str:
        salt = f', "{self.salt.name}"' if self.salt else ""
        return f"{type(self).__name__}({self.amount.written}{salt})"

    def __str__(self) -> str:
        salt = f" (as {self.salt.name})" if self.salt else ""
        return f"{printed(self.amount)} elemental magnesium{salt}{self._per()}"

    def to_elemental(self) -> Self:
        """The dose itself, so that doses of either basis can be brought to this one."""
        return self

    def _exact_salt(self, named: str | SaltLike | None) -> tuple[Amount, SaltLike]:
        """The amount of salt for the constructor of the other basis, with the salt."""
        salt = self.salt if named is None else find_salt(named)
        if salt is None:
            raise errors.salt_missing(self)
        needed = narrowed(self.elemental_mg_interval.divided(salt.elemental_fractions))
        if isinstance(needed, Interval):
            raise errors.hydrate_missing(self, salt, None)
        return Amount(needed, Unit.MILLIGRAM), salt


@frozen(repr=False)
class UnstatedBasis(Dose):
    """An amount whose label does not say what it is of. Both readings are kept and never averaged.

    An amount in mmol or mEq is of magnesium whatever the label says, so it is exact all the same.
    """

    amount: Amount = field(converter=read_amount)
    salt: SaltLike = field(converter=_salt)

    def __attrs_post_init__(self) -> None:
        self._check_period()

    @property
    def elemental_mg_interval(self) -> Interval:
        """mg of elemental magnesium: from the reading as salt to the reading as elemental."""
        stated = Interval(self.amount.base, self.amount.base)
        if not self.amount.unit.is_mass:
            return stated.scaled(ATOMIC_WEIGHT)
        return hull((stated.scaled(self.salt.elemental_fractions), stated))

    @property
    def salt_mg_interval(self) -> Interval:
        """mg of salt: from the reading as salt to the reading as elemental."""
        fractions = self.salt.elemental_fractions
        if not self.amount.unit.is_mass:
            return self.elemental_mg_interval.divided(fractions)
        stated = Interval(self.amount.base, self.amount.base)
        return hull((stated, stated.divided(fractions)))

    def __add__(self, other: NoReturn) -> NoReturn:
        raise errors.basis_missing(self, self.amount, self.salt)

    def __mul__(self, times: Exact) -> Self:
        return type(self)(self.amount.times(positive(times, "times")), self.salt)

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.amount.written}, "{self.salt.name}")'

    def __str__(self) -> str:
        if not self.amount.unit.is_mass:
            return f"{printed(self.amount)} elemental magnesium (as {self.salt.name}){self._per()}"
        return f"{printed(self.amount)} {self.salt.name} (salt or elemental: not stated){self._per()}"
