"""The Patient resource: id, age on the day, sex."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import Chart, Resource
from mgdecide.adapters.fhir.dates import completed_years, day_of, is_partial
from mgdecide.adapters.fhir.vocabulary import Vocabulary
from mgdecide.adapters.record.limits import plausible_ranges

_SEXES = frozenset(("female", "male", "other"))


@frozen
class Person:
    """What a Patient resource says; what it does not is None."""

    id: str = ""
    age_years: Decimal | None = None
    sex: str | None = None


def read_person(resource: Resource, chart: Chart, words: Vocabulary) -> Person:
    """Read the Patient of a Bundle."""
    gender = resource.get("gender")
    id = resource.get("id")
    age = _age(resource, chart, words)
    sex = gender if type(gender) is str and gender in _SEXES else None
    if sex is not None:
        chart.used(resource, "sex", sex)
    _note_death(resource, chart)
    return Person(id if type(id) is str else "", age, sex)


def _age(resource: Resource, chart: Chart, words: Vocabulary) -> Decimal | None:
    text = resource.get("birthDate")
    if text is None:
        return None
    if chart.on is None:
        chart.refused(resource, reasons.UNDATED, "age", "no day of assessment was given")
        return None
    try:
        born = day_of(text)
    except (ValueError, TypeError):
        chart.refused(resource, reasons.SHAPE, "birth date", str(text))
        return None
    if born > chart.on:
        chart.refused(resource, reasons.LATER, "birth date", text)
        return None
    years = completed_years(born, chart.on)
    if is_partial(text):
        if years - 1 < words.days["adult_years"] <= years:
            chart.refused(resource, reasons.PARTIAL_DATE, "age", f"{text}: of age or not cannot be told")
            return None
        # The first day that may be meant gives the highest age: one year less is as possible.
        chart.remarks.append(f"The date of birth is known only as {text}: the age may be a year less.")
    if years > plausible_ranges()["age_years", "years"][1]:
        chart.refused(resource, reasons.IMPLAUSIBLE, "age", f"{years} years")
        return None
    chart.used(resource, "age", f"{years} years", reasons.PARTIAL_DATE if is_partial(text) else "")
    return Decimal(years)


def _note_death(resource: Resource, chart: Chart) -> None:
    died = resource.get("deceasedDateTime")
    try:
        dead = resource.get("deceasedBoolean") is True or (died is not None and not chart.is_later(day_of(died)))
    except (ValueError, TypeError):
        dead = True
    if dead:
        chart.refused(resource, reasons.DECEASED, str(died or ""))
        chart.remarks.append("The chart says that the patient has died.")
