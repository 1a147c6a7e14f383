"""Reading and writing patient records: a mapping or JSON text becomes a Patient, or every mistake in it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import ValidationError

from mgdecide.adapters.record.json_text import read_json
from mgdecide.adapters.record.mistakes import Mistakes
from mgdecide.adapters.record.models import RecordShape
from mgdecide.adapters.record.parts import Mistake, plain_mapping, set_aside
from mgdecide.adapters.record.problems import Location, shape_problems
from mgdecide.adapters.record.reader import patient_of
from mgdecide.adapters.record.writer import write_record
from mgdecide.adapters.suggestions import given_words
from mgdecide.domain.patient import Patient
from mgdecide.errors import InvalidRecord, Problem

__all__ = ["read_patient", "write_record"]

_DEEPEST = 8
_MOST_VALUES = 100_000


def read_patient(
    record: Mapping[str, object] | str | bytes, *, on: date | None = None, today: date | None = None
) -> Patient:
    """The patient a record describes.

    Args:
        record: a mapping, or JSON text of one. The schema is ``mgdecide schema patient``.
        on: the day ages and staleness are judged at, whatever the record's own ``assessed_on`` says.
        today: that day where neither ``on`` nor the record gives one. No clock is read here.

    Raises:
        InvalidRecord: with every mistake in ``.problems``: code, path in the record's own words, what was given, what
            would be accepted.

    >>> read_patient({"age_years": 54, "sex": "female"}).age_years
    Decimal('54')
    """
    given: object = record
    if isinstance(record, str | bytes | bytearray):
        _refuse_very_many(record)
        given = read_json(record)
    if type(given) is dict:
        try:
            shape = RecordShape.model_validate(given)
        except ValidationError:
            pass  # told below, after the parts that can be used were looked at too
        else:
            mistakes = Mistakes()
            patient = patient_of(shape, on or shape.assessed_on or today, mistakes)
            if not mistakes.found:
                return patient
    return _read_slowly(given, on, today)


def _read_slowly(given: object, on: date | None, today: date | None) -> Patient:
    """The same, step by step: what cannot be used is set aside with its mistake, and the rest is still looked at."""
    if not isinstance(given, Mapping):
        raise InvalidRecord(Problem("MGD-R107", "", given_words(given), _what_to_give(given)))
    if "resourceType" in given:
        accepted = "a patient record; read_fhir (mgdecide.adapters.fhir) reads a FHIR R4 Bundle"
        raise InvalidRecord(Problem("MGD-R108", "resourceType", "a FHIR resource", accepted))
    found: list[Mistake] = []
    record = plain_mapping(given, (), found)
    aside: list[Location] = []
    shape = RecordShape()
    for _ in range(_DEEPEST):  # setting a part aside can only uncover a mistake one level further out
        try:
            shape = RecordShape.model_validate(record)
            break
        except ValidationError as error:
            for location, problem in shape_problems(error):
                found.append((location, problem))
                aside.append(location)
                set_aside(record, location)
    mistakes = Mistakes(tuple(aside))
    patient = patient_of(shape, on or shape.assessed_on or today, mistakes)
    found += mistakes.found
    if found:
        raise InvalidRecord([problem for _, problem in sorted(found, key=_place)])
    return patient


def _what_to_give(given: object) -> str:
    if hasattr(given, "read_bytes"):
        return "what is in the file: its read_bytes()"
    if hasattr(given, "read"):
        return "what is in the file: its read()"
    return "one JSON object; mgdecide demo --record prints one"


_FIELDS = {name: at for at, name in enumerate(RecordShape.model_fields)}


def _place(mistake: Mistake) -> tuple[int, int]:
    """By the schema's order of keys, then by the entry of a list; within an entry as they were found."""
    location = mistake[0]
    first, second = (*location, "", "")[:2]
    return _FIELDS.get(str(first), len(_FIELDS)), second if isinstance(second, int) else 0


def _refuse_very_many(text: str | bytes) -> None:
    """A text that would only be a list of a million mistakes is refused before it is read."""
    values = text.count(",") if isinstance(text, str) else text.count(b",")
    if values > _MOST_VALUES:
        accepted = f"at most {_MOST_VALUES}: what is known of one patient"
        raise InvalidRecord(Problem("MGD-R104", "", f"about {values} values", accepted))
