"""Reading an amount: the only place where "500 mg" becomes a number and a unit."""

from __future__ import annotations

import re
from enum import Enum
from fractions import Fraction

from attrs import field, frozen

from mgdecide.domain.exact import Exact, positive, shown
from mgdecide.domain.units import ACCEPTED, QuantityLike, Unit, find_unit
from mgdecide.errors import AmountInvalid, Problem


class Period(Enum):
    """What an amount is an amount of: one dose, one day, or a whole course."""

    DOSE = "per dose"
    DAY = "per day"
    COURSE = "per course"


def _above_zero(value: Exact | str) -> Fraction:
    return positive(value, "amount")


@frozen(repr=False)
class Amount:
    """A number above zero with its unit, exactly as stated: ``500 mg``, ``0.5 g``, ``20 mEq``.

    ``per`` is what the text said of time, or None when it said nothing. Two amounts are equal when they are the same
    mass or the same magnesium, whatever the unit they were stated in.
    """

    value: Fraction = field(eq=False, converter=_above_zero)
    unit: Unit = field(eq=False)
    per: Period | None = field(default=None, eq=False)
    _key: tuple[bool, Fraction] = field(init=False)

    @_key.default
    def _same_amount(self) -> tuple[bool, Fraction]:
        return self.unit.is_mass, self.base

    @property
    def base(self) -> Fraction:
        """The amount in mg when it is a mass, in mmol otherwise."""
        return self.value * self.unit.base

    def __add__(self, other: Amount) -> Amount:
        """The sum, in this amount's unit; a mass and an amount of substance are never added here."""
        if self.unit.is_mass is not other.unit.is_mass:
            raise ValueError("a mass and an amount of substance have no sum")
        return Amount((self.base + other.base) / self.unit.base, self.unit)

    def times(self, factor: Fraction) -> Amount:
        """So many times the amount, in the same unit."""
        return Amount(self.value * factor, self.unit)

    def __repr__(self) -> str:
        return f"read_amount({self.written})"

    @property
    def written(self) -> str:
        """Python that reads back to this amount: ``"500 mg"``, or a fraction and a unit where digits would not end."""
        digits = plain_digits(self.value)
        if digits is None:
            return f'(Fraction({self.value.numerator}, {self.value.denominator}), "{self.unit.value}")'
        return f'"{digits} {self.unit.value}"'


AmountLike = str | tuple[Exact | str, str] | Amount | QuantityLike
"""What a dose takes as its amount: ``"500 mg"``, ``(500, "mg")``, an Amount, or a pint quantity (not a float)."""


def plain_digits(value: Fraction) -> str | None:
    """A number of zero or more in digits without exponent or comma; None where the digits would not end (1/3).

    >>> plain_digits(Fraction(1, 8))
    '0.125'
    """
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    if rest != 1:
        return None
    whole, part = divmod(value.numerator * 10**places // value.denominator, 10**places)
    return f"{whole}.{part:0{places}d}" if part else str(whole)


_PERIODS = {
    "per dose": Period.DOSE,
    "/dose": Period.DOSE,
    "per day": Period.DAY,
    "a day": Period.DAY,
    "daily": Period.DAY,
    "/day": Period.DAY,
    "/d": Period.DAY,
    "/24h": Period.DAY,
    "/24 h": Period.DAY,
    "per course": Period.COURSE,
    "/course": Period.COURSE,
}

_PERIOD = re.compile("(?:" + "|".join(re.escape(words) for words in _PERIODS) + r")\Z", re.IGNORECASE)
_AMOUNT = re.compile(r"(?P<number>[-+0-9.,]+)\s*(?P<unit>[^\W\d_][^\d]*)\Z")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?\Z")
_LONGEST = 80


def read_amount(given: AmountLike) -> Amount:
    """The amount that was given.

    A comma is read as a thousands separator only in mg and micrograms and only where it groups digits in threes
    ("1,500 mg"); everywhere else it could be a decimal comma and is refused.

    Raises UnitInvalid (MGD-U102, U108) and AmountInvalid (MGD-U106 decimal comma, U107 binary float, U109 negative,
    zero, not a number or not readable).

    >>> read_amount("0.5 g") == read_amount((500, "mg"))
    True
    """
    if isinstance(given, Amount):
        return given
    if isinstance(given, str):
        return _from_text(given)
    if isinstance(given, tuple):
        return _from_pair(given)
    return _from_quantity(given)


def _from_pair(given: tuple[object, ...]) -> Amount:
    match given:
        case (number, str(spelling)):
            if isinstance(number, str):
                return _from_text(f"{number} {spelling}")
            return _made(number, spelling)
        case _:
            raise _unreadable(given)


def _from_quantity(given: object) -> Amount:
    number, units = getattr(given, "magnitude", None), getattr(given, "units", None)
    if number is None or units is None:
        raise _unreadable(given)
    return _made(number, str(units))


def _from_text(text: str) -> Amount:
    given = " ".join(text.split()) if len(text) <= _LONGEST else ""
    said = _PERIOD.search(given)
    per = _PERIODS[said.group().casefold()] if said else None
    found = _AMOUNT.match(given[: said.start()].rstrip() if said else given)
    if found is None:
        raise _unreadable(text)
    number, spelling = found["number"], found["unit"]
    if "," in number:
        number = _without_commas(text, number, spelling)
    return _made(number, spelling, per, text)


def _made(number: object, spelling: str, per: Period | None = None, text: object = None) -> Amount:
    unit, factor = find_unit(spelling)
    try:
        value = positive(number, "amount")
    except AmountInvalid as error:
        if text is None or error.code != "MGD-U109":
            raise
        raise _unreadable(text) from None
    return Amount(value * factor, unit, per)


def _without_commas(text: str, number: str, spelling: str) -> str:
    unit, _ = find_unit(spelling)
    if unit in (Unit.MILLIGRAM, Unit.MICROGRAM) and _THOUSANDS.match(number):
        return number.replace(",", "")
    readings = [number.replace(",", ".")] if number.count(",") == 1 and "." not in number else []
    if _THOUSANDS.match(number):
        readings.append(number.replace(",", ""))
    written = " or ".join(f'"{_tidy(each)} {spelling}"' for each in readings)
    accepted = "write a decimal point and no comma" + (f": {written}" if written else "")
    raise AmountInvalid(Problem("MGD-U106", "amount", f"{shown(text)}, with a comma", accepted))


def _tidy(digits: str) -> str:
    return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits


def _unreadable(given: object) -> AmountInvalid:
    accepted = f'write a number above zero and a unit ({ACCEPTED}), such as "500 mg"'
    return AmountInvalid(Problem("MGD-U109", "amount", shown(given), accepted))
