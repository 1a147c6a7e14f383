"""One laboratory result of a record: test and unit by the catalogue's names, a value that can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from mgdecide.adapters.record.limits import plain, plausible_ranges
from mgdecide.adapters.record.mistakes import Mistakes
from mgdecide.adapters.record.models import LabShape, ReferenceShape
from mgdecide.adapters.record.problems import Location
from mgdecide.adapters.record.values import Measured
from mgdecide.adapters.suggestions import one_of
from mgdecide.domain.laboratory import LabResult, ReferenceInterval
from mgdecide.knowledge.catalogue import COMPARATORS, catalogue
from mgdecide.knowledge.codes import loinc, misread_unit
from mgdecide.knowledge.codes import unit as unit_of

_TEST_ALIASES = {
    "magnesium": "serum_magnesium",
    "mg": "serum_magnesium",
    "s_magnesium": "serum_magnesium",
    "ionised_magnesium": "ionized_magnesium",
    "creatinine": "serum_creatinine",
    "potassium": "serum_potassium",
    "calcium": "serum_calcium",
    "phosphate": "serum_phosphate",
    "gfr": "egfr",
    "a1c": "hba1c",
    "red_cell_magnesium": "rbc_magnesium",
}
_NO_REFERENCE = ReferenceInterval()


def read_lab(shape: LabShape, location: Location, last_day: date | None, mistakes: Mistakes) -> LabResult | None:
    """The result, or None after noting why it cannot be used."""
    return _usual(shape, last_day) or _looked_at(shape, location, last_day, mistakes)


def _usual(shape: LabShape, last_day: date | None) -> LabResult | None:
    """The result if there is nothing to say against it and nothing to translate, as of nearly every one."""
    test, value, unit, on, reference = shape.test, shape.value, shape.unit, shape.on, _NO_REFERENCE
    ends = plausible_ranges().get((test, unit))  # type: ignore[arg-type]  # None is no key, so nothing is found
    if ends is None or value is None or shape.comparator is not None or shape.loinc is not None:
        return None
    if not ends[0] <= value.number <= ends[1] or (on is not None and last_day is not None and on > last_day):
        return None
    if shape.reference is not None:
        low, high = shape.reference.low, shape.reference.high
        if low is not None and high is not None and low >= high:
            return None
        reference = ReferenceInterval(low, high)
    assert test is not None
    assert unit is not None
    # By position: this is the busiest line of a reader that should take a tenth of a millisecond.
    return LabResult(test, value.number, unit, value.comparator, on, reference, shape.haemolysed, shape.unit_confirmed)


def _looked_at(shape: LabShape, location: Location, last_day: date | None, mistakes: Mistakes) -> LabResult | None:
    """The result after a look at every part, with every mistake noted."""
    before = len(mistakes.found)
    units = _units(shape.test, location, mistakes)
    unit = _unit(shape.unit, shape.test, units, location, mistakes)
    value = _value(shape, location, mistakes)
    if value is not None and unit is not None and shape.test is not None:
        low, high = plausible_ranges()[shape.test, unit]
        if not low <= value.number <= high:
            accepted = f"{plain(low)} to {plain(high)} {unit}, the plausible range of {shape.test}"
            mistakes.note("MGD-R121", (*location, "value"), f"{value.number:f} {unit}", accepted)
    if shape.on is not None and last_day is not None and shape.on > last_day:
        note_future(shape.on, last_day, (*location, "on"), mistakes)
    reference = _NO_REFERENCE if shape.reference is None else _reference(shape.reference, location, mistakes)
    if value is None or unit is None or shape.test is None or len(mistakes.found) > before:
        return None
    return LabResult(
        test=shape.test,
        value=value.number,
        unit=unit,
        comparator=value.comparator,
        on=shape.on,
        reference=reference,
        haemolysed=shape.haemolysed,
        unit_confirmed=shape.unit_confirmed,
        code_mismatch=shape.loinc is not None and _speaks_against(shape.loinc, shape.test, unit, location, mistakes),
    )


def note_future(given: date, last_day: date, location: Location, mistakes: Mistakes) -> None:
    """A date after the day of assessment."""
    mistakes.note("MGD-R161", location, given, f"a day up to the day of assessment, {last_day.isoformat()}")


@cache
def tests() -> Mapping[str, tuple[str, ...]]:
    """The units of each test."""
    return {fact.name: fact.units for fact in catalogue().kind("lab")}


def _units(test: str | None, location: Location, mistakes: Mistakes) -> tuple[str, ...] | None:
    if test is None:
        mistakes.missing((*location, "test"), f"a test: {one_of(tests())}")
        return None
    units = tests().get(test)
    if units is None:
        mistakes.note("MGD-R130", (*location, "test"), test, one_of(tests(), test, _TEST_ALIASES))
    return units


def _unit(
    given: str | None, test: str | None, units: tuple[str, ...] | None, location: Location, mistakes: Mistakes
) -> str | None:
    if given is None:
        words = f"the unit of the result: {one_of(units)}" if units else "the unit of the result"
        mistakes.missing((*location, "unit"), words)
        return None
    if units is None:
        return None
    if given in units:
        return given
    reading = None if test is None else unit_of(test, given)
    if reading is None:
        misread = misread_unit(given)
        accepted = one_of(units, given) + (f" ({misread})" if misread else "")
        mistakes.note("MGD-R131", (*location, "unit"), given, accepted)
        return None
    return reading.unit


def _value(shape: LabShape, location: Location, mistakes: Mistakes) -> Measured | None:
    value, sign = shape.value, shape.comparator
    if value is None:
        mistakes.missing((*location, "value"), 'the result as printed, such as "1.48" or "<0.5"')
    if sign is None or value is None:
        return value
    if sign not in COMPARATORS:
        mistakes.note("MGD-R123", (*location, "comparator"), sign, one_of(COMPARATORS))
        return None
    if value.comparator not in (None, sign):
        accepted = f'"{value.comparator}", as in value, or no comparator here'
        mistakes.note("MGD-R123", (*location, "comparator"), sign, accepted)
        return None
    return Measured(sign, value.number)


def _reference(shape: ReferenceShape, location: Location, mistakes: Mistakes) -> ReferenceInterval:
    low, high = shape.low, shape.high
    if low is not None and high is not None and low >= high:
        accepted = f"more than the lower end, {low:f}"
        mistakes.note("MGD-R132", (*location, "reference", "high"), high, accepted)
    return ReferenceInterval(low, high)


def _speaks_against(code: str, test: str, unit: str, location: Location, mistakes: Mistakes) -> bool:
    """Whether a LOINC code's property speaks against the unit; the code of something else is a mistake.

    A code that is not held here says nothing either way.
    """
    known = loinc(code)
    if known is None:
        return False
    if known.fact != test or known.use == "reject":
        accepted = f"a code of {test}, or none: {code} is {known.display or known.fact or 'something else'}"
        mistakes.note("MGD-R134", (*location, "loinc"), code, accepted)
    return not known.agrees_with(unit)
