"""Single values of a record: numbers with their digits, comparators, days, clock times, short texts.

Each reader takes whatever the caller gave and returns the value, or raises the error that ``record_problems`` turns
into one of ours. Nothing is guessed: a decimal comma, a unit behind the number, a time behind the day are refused.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from mgdecide.adapters.suggestions import is_printable


class Measured(NamedTuple):
    """A laboratory value: its comparator (``<``, ``<=``, ``>``, ``>=``) or None, and the number."""

    comparator: str | None
    number: Decimal


_PLAIN = r"([0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})"
_NUMBER = re.compile(rf"\s*{_PLAIN}\s*", re.ASCII)
_MEASURED = re.compile(rf"\s*(<=|>=|=<|=>|<|>|\u2264|\u2265)?\s*{_PLAIN}\s*", re.ASCII)
_COMPARATORS = {"\u2264": "<=", "\u2265": ">=", "=<": "<=", "=>": ">="}
_FURTHEST_PLACE = 20
_MOST = 10**_FURTHEST_PLACE
_LONGEST_TEXT = 200


def number(given: object) -> Decimal | None:
    """A number, zero or above; text keeps its digits, a float is read as it prints, null is nothing."""
    if isinstance(given, str):
        return _written_number(given)
    if type(given) is int and 0 <= given < _MOST:
        return Decimal(given)
    return None if given is None else _in_reach(given)


def measured(given: object) -> Measured | None:
    """A laboratory value, with or without a comparator: ``1.48``, ``"1.480"``, ``"<0.5"``, ``"> 90"``."""
    if isinstance(given, str):
        return _written_value(given)
    if type(given) is int and 0 <= given < _MOST:
        return Measured(None, Decimal(given))
    return None if given is None else Measured(None, _in_reach(given))


# Laboratories print few digits and the same limits again and again, so what was read once is kept for a while.


@lru_cache(maxsize=4096)
def _written_number(given: str) -> Decimal:
    found = _NUMBER.fullmatch(given)
    if found is None:
        raise _no_number(given)
    return Decimal(found[1])


@lru_cache(maxsize=4096)
def _written_value(given: str) -> Measured:
    found = _MEASURED.fullmatch(given)
    if found is None:
        raise _no_number(given)
    sign: str | None = found[1]
    return Measured(_COMPARATORS.get(sign, sign) if sign else None, Decimal(found[2]))


def whole(given: object) -> int | None:
    """A whole number, zero or above; ``12.0`` and ``"12"`` are 12."""
    if type(given) is int and 0 <= given < _MOST:
        return given
    value = number(given)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise PydanticCustomError("MGD-R122", "a whole number, zero or above")
    return int(value)


def _in_reach(given: object) -> Decimal:
    """A number that is neither a text nor a usual whole number, if it is one that can be measured at all."""
    value = Decimal(repr(given)) if type(given) is float else given
    if type(given) is int:
        value = Decimal(given)
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        raise _no_number(given)
    if value.adjusted() > _FURTHEST_PLACE or int(value.as_tuple().exponent) < -_FURTHEST_PLACE:
        raise _no_number(given)
    return abs(value)  # -0.0 is 0.0


def _no_number(given: object) -> PydanticCustomError:
    return PydanticCustomError("MGD-R120", "{accepted}", {"accepted": _number_hint(given)})


_MORE_BEHIND = re.compile(rf"\s*[<>=\u2264\u2265]*\s*{_PLAIN}\s*[^0-9\s.,].*", re.ASCII | re.DOTALL)


_EXPONENT = re.compile(rf"\s*{_PLAIN}[eE][-+]?[0-9]+\s*", re.ASCII)


def _number_hint(given: object) -> str:
    accepted = "a finite number, zero or above"
    if not isinstance(given, str) or len(given) > _LONGEST_TEXT:
        return accepted
    if "," in given:
        return f"{accepted}, with a decimal point and no comma"
    if _EXPONENT.fullmatch(given):
        return f"{accepted}, written without an exponent"
    if _MORE_BEHIND.fullmatch(given):
        return f"{accepted}, and nothing behind it: a unit has its own key"
    return accepted


# --- days and times -----------------------------------------------------------------------------------------

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


def day(given: object) -> date | None:
    """An ISO 8601 calendar day, ``2026-08-20``; a Python date is taken as it is, a date with a time is not."""
    if isinstance(given, str):
        return _written_day(given)
    if given is None or type(given) is date:
        return given
    raise PydanticCustomError("MGD-R160", "an ISO day, YYYY-MM-DD")


@lru_cache(maxsize=1024)  # the results of one patient share a few days
def _written_day(given: str) -> date:
    if _DAY.fullmatch(given):  # fromisoformat alone also takes weeks, 2026-W34-4, and 20260820
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise PydanticCustomError("MGD-R160", "a day that exists, as YYYY-MM-DD") from None
    hint = f', such as "{given[:10]}"' if _DAY.match(given) else ""
    raise PydanticCustomError("MGD-R160", "an ISO day, YYYY-MM-DD{hint}", {"hint": hint})


def clock_time(given: object) -> int:
    """Minutes after midnight of ``"07:00"``."""
    if isinstance(given, str):
        return _written_time(given)
    raise _no_time()


@lru_cache(maxsize=256)
def _written_time(given: str) -> int:
    found = _TIME.fullmatch(given)
    if found is None:
        raise _no_time()
    return int(found[1]) * 60 + int(found[2])


def _no_time() -> PydanticCustomError:
    return PydanticCustomError("MGD-R173", 'a time of day from "00:00" to "23:59", as HH:MM')


def clock_text(minutes: int) -> str:
    """The inverse: ``"07:00"``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


# --- texts and codes ----------------------------------------------------------------------------------------


def text(given: object) -> str | None:
    """A short text for people, on one line, without control characters; spaces at its ends are dropped."""
    if given is None:
        return None
    if not isinstance(given, str):
        raise PydanticCustomError("MGD-R112", "a text")
    words = given.strip()
    if words.isascii() and words.isprintable() and 0 < len(words) <= _LONGEST_TEXT:
        return words
    if not words or len(words) > _LONGEST_TEXT or not all(is_printable(letter) for letter in words):
        raise PydanticCustomError("MGD-R113", f"1 to {_LONGEST_TEXT} characters on one line, no control characters")
    return words


_ATC = re.compile(r"[A-Z](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?", re.ASCII)


def atc(given: object) -> str | None:
    """An ATC code of any level, in its own form: ``A02BC01``."""
    if given is None:
        return None
    if isinstance(given, str) and _ATC.fullmatch(given):
        return given
    hint = ""
    if isinstance(given, str) and _ATC.fullmatch(given.strip().upper()):
        hint = f' (did you mean "{given.strip().upper()}"?)'
    raise PydanticCustomError("MGD-R171", 'an ATC code, such as "A02BC01"{hint}', {"hint": hint})


def rxnorm(given: object) -> str | None:
    """An RxNorm concept number: one to ten digits, as text or as a number."""
    if given is None:
        return None
    digits = str(given) if type(given) is int and 0 < given < 10**10 else given
    if isinstance(digits, str) and digits.isascii() and digits.isdigit() and len(digits) <= 10:
        return digits
    raise PydanticCustomError("MGD-R172", 'an RxNorm number, digits only, such as "36437"')


_LOINC = re.compile(r"[0-9]{1,7}-[0-9]", re.ASCII)


def loinc(given: object) -> str | None:
    """A LOINC code whose check digit is right."""
    if given is None:
        return None
    if isinstance(given, str) and _LOINC.fullmatch(given) and _check_digit(given[:-2]) == int(given[-1]):
        return given
    raise PydanticCustomError("MGD-R133", 'a LOINC code with its check digit, such as "19123-9"')


def _check_digit(digits: str) -> int:
    """Mod 10 (Luhn) over the digits, the last one doubled; LOINC Users' Guide, appendix C."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10
