"""One laboratory result: its number, its unit, the laboratory's interval, and whether they agree with each other."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import Resource
from mgdecide.adapters.fhir.dates import UNDATED_DAY
from mgdecide.adapters.fhir.vocabulary import Target
from mgdecide.adapters.record.limits import plausible_ranges
from mgdecide.domain.laboratory import LabResult, ReferenceInterval
from mgdecide.knowledge import codes
from mgdecide.knowledge.conversions import convert
from mgdecide.knowledge.unit_spellings import unit_name

UCUM = ("http://unitsofmeasure.org", "urn:oid:2.16.840.1.113883.6.8")
_NO_REFERENCE = ReferenceInterval()
_COMPARATORS = frozenset(("<", "<=", ">", ">="))
_MOST_DIGITS = 30


class Refused(Exception):  # not a mistake of the caller: the answer that a value cannot be used
    """A value that cannot be used: the code of the reason and what was found."""

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(code, found)
        self.code = code
        self.found = found


class Value(NamedTuple):
    """A number with its comparator and its unit (empty where none was given); ``doubt`` is a code or empty."""

    number: Decimal
    comparator: str | None
    unit: str
    doubt: str


def lab_result(
    part: Resource, target: Target, day: date, source: str, haemolysed: bool | None
) -> tuple[LabResult, str]:
    """The result a part of an Observation holds, and the code of a doubt about it.

    Raises:
        Refused: it cannot be used.
    """
    quantity = part.get("valueQuantity")
    if quantity is not None and _is_plain(quantity):  # what nearly every result is like, read without detours
        code = quantity["code"]
        value = Value(number_of(quantity.get("value")), None, _unit_for(target.fact, code) or code, "")
    else:
        value = value_of(part, target.fact)
    unit = value.unit
    range_ = plausible_ranges().get((target.fact, unit))
    if range_ is None:
        raise Refused(reasons.UNIT_UNKNOWN, unit or "no unit")
    if not range_[0] <= value.number <= range_[1]:
        raise Refused(reasons.IMPLAUSIBLE, f"{_short(value.number)} {unit}")
    reference, not_used = _NO_REFERENCE, False
    ranges = part.get("referenceRange")
    if ranges is not None:
        reference, not_used = _interval(ranges, target.fact, unit)
    mismatch = target.code is not None and not target.code.agrees_with(unit)
    result = LabResult(
        target.fact,
        value.number,
        unit,
        value.comparator,
        None if day is UNDATED_DAY else day,
        reference,
        haemolysed,
        None,
        mismatch,
        not_used,
        source,
    )
    return result, reasons.PROPERTY_MISMATCH if mismatch else value.doubt or (reasons.INTERVAL if not_used else "")


def _is_plain(quantity: Resource) -> bool:
    """Whether a Quantity has a UCUM code and the same text for its unit, and no comparator."""
    code = quantity.get("code")
    return (
        code is not None
        and code == quantity.get("unit")
        and quantity.get("system") == UCUM[0]
        and "comparator" not in quantity
    )


def value_of(part: Resource, fact: str) -> Value:
    """The value of an Observation or component.

    Raises:
        Refused: none, not a number, or units that contradict each other.
    """
    quantity = part.get("valueQuantity")
    if quantity is not None:
        number = number_of(quantity.get("value"))
        comparator = quantity.get("comparator")
        if comparator is not None and comparator not in _COMPARATORS:
            raise Refused(reasons.NOT_A_NUMBER, f"comparator {comparator}")
        unit, doubt = unit_of(quantity, fact)
        return Value(number, comparator, unit, doubt)
    if "valueInteger" in part:
        return Value(number_of(part["valueInteger"]), None, "", "")
    text = part.get("valueString")
    if text is not None:
        return _from_text(text, fact)
    if part.get("dataAbsentReason") is not None:
        raise Refused(reasons.NO_VALUE, _reason_text(part["dataAbsentReason"]))
    other = next((key for key in part if key.startswith("value")), "")
    raise Refused(reasons.NOT_A_NUMBER if other else reasons.NO_VALUE, other)


def number_of(given: Any) -> Decimal:
    """A JSON number as Decimal, its digits kept.

    Raises:
        Refused: no number, no finite number, or one of very many digits.
    """
    kind = type(given)
    if kind is Decimal:
        number: Decimal = given
        text = str(number)
        if len(text) <= _MOST_DIGITS and text.replace(".", "", 1).isdigit():
            return number  # what nearly every number is like
    elif kind is int:
        if given.bit_length() > 100:
            raise Refused(reasons.NOT_A_NUMBER, "a number of very many digits")
        return Decimal(given)
    elif kind is float:
        number = Decimal(repr(given))
    elif given is None:
        raise Refused(reasons.NO_VALUE)
    else:
        raise Refused(reasons.NOT_A_NUMBER, f"{str(given)[:40]!r}")
    if not number.is_finite():
        raise Refused(reasons.NOT_A_NUMBER, str(number))
    text = str(number)
    if len(text) > _MOST_DIGITS or not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        raise Refused(reasons.NOT_A_NUMBER, "a number of very many digits")
    return Decimal(f"{number:f}") if "E" in text else number


# --- units --------------------------------------------------------------------------------------------------


def unit_of(quantity: Resource, fact: str) -> tuple[str, str]:
    """The catalogue's name of a Quantity's unit, and the code of a doubt.

    The UCUM code decides. The unit's text must not contradict it; it decides only where there is no UCUM code.

    Raises:
        Refused: the two contradict each other, or neither is understood.
    """
    code, text, system = quantity.get("code"), quantity.get("unit"), quantity.get("system")
    if code is not None and system in UCUM:
        name = _unit_for(fact, code)
        if text is not None and text != code:
            said = unit_name(_text(text))
            if said is not None and said != name and not (name is not None and same_unit(fact, name, said)):
                raise Refused(reasons.UNIT_CONTRADICTION, f"code {code}, text {text}")
        if name is None:
            raise Refused(reasons.UNIT_UNKNOWN, code)
        return name, ""
    given = [_text(each) for each in (text, code) if each is not None]
    names = {said for each in given if (said := unit_name(each)) is not None}
    if len(names) > 1:
        raise Refused(reasons.UNIT_CONTRADICTION, f"code {code}, text {text}")
    found = next((name for each in given if (name := _unit_for(fact, each)) is not None), None)
    if found is None:
        raise Refused(reasons.UNIT_UNKNOWN, given[0] if given else "no unit")
    return found, reasons.UNIT_TEXT


@lru_cache(maxsize=4096)
def _unit_for(fact: str, spelling: str) -> str | None:
    if type(spelling) is not str:
        raise Refused(reasons.UNIT_UNKNOWN, "a unit that is not text")
    found = codes.unit(fact, spelling)
    return None if found is None else found.unit


def _text(spelling: Any) -> str:
    if type(spelling) is not str:
        raise Refused(reasons.UNIT_UNKNOWN, "a unit that is not text")
    return spelling


@cache
def same_unit(fact: str, one: str, other: str) -> bool:
    """Whether two units of a test give the same number: ng/mL and ug/L, mmol/L and mEq/L of potassium."""
    return convert(fact, Decimal(1), one, other) == 1


_TYPED = re.compile(r"\s*(<=|>=|<|>|\u2264|\u2265)?\s*(\d{1,12}(?:\.\d{1,12})?)\s*([^\d\s.,].{0,40})?", re.ASCII)
_SIGNS = {"\u2264": "<=", "\u2265": ">="}


def _from_text(text: Any, fact: str) -> Value:
    """A value typed as text, ``"<0.5 mg/dL"``. A decimal comma is not read: 1,480 could be either."""
    found = _TYPED.fullmatch(text) if type(text) is str and len(text) <= 80 else None
    if found is None:
        raise Refused(reasons.NOT_A_NUMBER, repr(text)[:60])
    sign, digits, unit = found.groups()
    name = _unit_for(fact, unit.strip()) if unit else None
    if unit and name is None:
        raise Refused(reasons.UNIT_UNKNOWN, unit.strip())
    return Value(Decimal(digits), _SIGNS.get(sign, sign) if sign else None, name or "", reasons.UNIT_TEXT)


def _reason_text(concept: Resource) -> str:
    text = concept.get("text")
    if text is None:
        text = next((each.get("display") or each.get("code") for each in concept.get("coding", ())), "")
    return str(text)[:60]


# --- the laboratory's own interval --------------------------------------------------------------------------


def _interval(ranges: list[Resource], fact: str, unit: str) -> tuple[ReferenceInterval, bool]:
    """The one normal interval, in the unit of the result; and whether one was given that could not be used."""
    normal = ranges if len(ranges) == 1 and "type" not in ranges[0] else [each for each in ranges if _is_normal(each)]
    if len(normal) != 1:
        return _NO_REFERENCE, len(normal) > 1
    given = normal[0]
    try:
        low = _end(given["low"], fact, unit) if "low" in given else None
        high = _end(given["high"], fact, unit) if "high" in given else None
    except Refused:
        return _NO_REFERENCE, True
    if low is None and high is None:
        return _NO_REFERENCE, "text" in normal[0]
    if low is not None and high is not None and low >= high:
        return _NO_REFERENCE, True
    return ReferenceInterval(low, high), False


def _is_normal(given: Resource) -> bool:
    """Whether an interval is the usual one: of no type, or of type normal; not a therapeutic or a critical one."""
    kind = given.get("type")
    if kind is None:
        return True
    codes = [each.get("code") for each in kind.get("coding", ())]
    return "normal" in codes or not codes


def _end(quantity: Resource, fact: str, unit: str) -> Decimal:
    number = number_of(quantity.get("value"))
    if number < 0:
        raise Refused(reasons.NOT_A_NUMBER)
    if "unit" not in quantity and "code" not in quantity:
        return number  # an interval without a unit is in the unit of its result
    if quantity.get("code") == unit == quantity.get("unit", unit):
        return number
    name, _doubt = unit_of(quantity, fact)
    if name != unit and not same_unit(fact, name, unit):
        raise Refused(reasons.UNIT_CONTRADICTION)
    return number


def _short(number: Decimal) -> str:
    return f"{number:f}"[:20]
