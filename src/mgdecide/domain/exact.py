"""Exact numbers: nothing is rounded before it is printed, and no binary float gets in.

``0.1 + 0.2`` is not ``0.3`` in binary, so a dose that came through floats cannot be told from a slip of the pen.
Whole numbers, ``Decimal``, ``Fraction`` and digits as text are taken; a float is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from numbers import Rational

from mgdecide.errors import AmountInvalid, Problem

_NUMBERS = "a whole number, a Decimal, a Fraction or digits as text"

Exact = int | Decimal | Fraction
"""The numbers that are taken as they are."""

_DIGITS = re.compile(r"(?:[0-9]{1,30}(?:\.[0-9]{1,30})?|\.[0-9]{1,30})\Z")
_MOST_DIGITS = 30


def shown(given: object) -> str:
    """What the caller gave, quoted and cut to a length that fits a line."""
    text = " ".join(repr(given).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def to_fraction(given: Exact | str, path: str = "number") -> Fraction:
    """The exact value of a finite number.

    Raises AmountInvalid: MGD-U107 for a binary float, MGD-U109 for anything else that is no finite number.

    >>> to_fraction("0.5")
    Fraction(1, 2)
    """
    return read_number(given, path)


def read_number(given: object, path: str) -> Fraction:
    """As ``to_fraction``, for what comes from outside and may be anything."""
    if type(given) is Fraction:
        return given
    match given:
        case bool() | None:
            raise _unusable(given, path)
        case Rational():
            return Fraction(int(given.numerator), int(given.denominator))
        case float():
            raise _binary(given, path)
        # Decimal("1E+999999") is a few bytes as a Decimal and a million digits as a Fraction.
        case Decimal() if given.is_finite() and abs(given.adjusted()) <= _MOST_DIGITS:
            return Fraction(given)
        case str() if _DIGITS.match(given.strip()):
            return Fraction(given.strip())
        case _:
            raise _unusable(given, path)


def positive(given: object, path: str) -> Fraction:
    """The exact value of a number above zero; MGD-U109 for zero and below."""
    value = read_number(given, path)
    if value <= 0:
        raise _unusable(given, path)
    return value


def _binary(given: float, path: str) -> AmountInvalid:
    accepted = f'give {_NUMBERS}: "{given:g}" in quotes keeps the digits you mean'
    return AmountInvalid(Problem("MGD-U107", path, f"the binary float {given!r}", accepted))


def _unusable(given: object, path: str) -> AmountInvalid:
    return AmountInvalid(Problem("MGD-U109", path, shown(given), f"give a number above zero as {_NUMBERS}"))
