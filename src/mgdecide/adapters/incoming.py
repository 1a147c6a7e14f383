"""A patient from whatever came in: a patient record, or a FHIR R4 Bundle, as JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen

from mgdecide.adapters.suggestions import given_words
from mgdecide.domain.patient import Patient
from mgdecide.errors import InvalidRecord, Problem

if TYPE_CHECKING:
    from mgdecide.adapters.fhir import ReadingReport

Listed = Literal["complete", "partial"]


@frozen
class Incoming:
    """The patient, where the day of assessment is from, and for a Bundle what became of every resource."""

    patient: Patient
    day_from: str
    reading: ReadingReport | None = None


def read_incoming(
    content: bytes,
    *,
    on: date | None = None,
    today: date | None = None,
    problem_list: Listed | None = None,
    medication_list: Listed | None = None,
) -> Incoming:
    """Read a record or a Bundle.

    Args:
        on: the day of assessment, whatever the record says.
        today: that day where neither ``on`` nor the record gives one.
        problem_list: the caller's word on whether conditions that are not listed are absent; None leaves it as is.
        medication_list: the same of medicines.

    Raises:
        InvalidRecord: every mistake of a record; a FHIR resource that is no Bundle (MGD-R108); a Bundle that cannot be
            read at all (MGD-F100, F101, F135).
    """
    from mgdecide.adapters.record.json_text import read_json
    from mgdecide.adapters.record.records import read_patient

    if b'"resourceType"' in content:
        from mgdecide.adapters.fhir.text import bundle_value

        value = bundle_value(content)
        if isinstance(value, Mapping) and "resourceType" in value:
            return _from_bundle(value, on, today, problem_list, medication_list)
    patient = read_patient(content, on=on, today=today)
    if problem_list is not None:
        patient = evolve(patient, conditions_complete=problem_list == "complete")
    if medication_list is not None:
        patient = evolve(patient, medications_complete=medication_list == "complete")
    if on is not None:
        return Incoming(patient, "given by the caller")
    record = read_json(content)
    own = isinstance(record, Mapping) and record.get("assessed_on") is not None
    return Incoming(patient, "the record's own day" if own else "today; the record names no day")


def _from_bundle(
    bundle: Mapping[str, object],
    on: date | None,
    today: date | None,
    problem_list: Listed | None,
    medication_list: Listed | None,
) -> Incoming:
    """A Bundle's lists are complete only by the caller's word, and only for what the reader could tell."""
    from mgdecide.adapters.fhir import read_fhir

    if bundle["resourceType"] != "Bundle":
        given = f"a FHIR resource of type {given_words(bundle['resourceType'])}"
        raise InvalidRecord(Problem("MGD-R108", "resourceType", given, "a FHIR R4 Bundle, or a patient record"))
    patient, reading = read_fhir(
        bundle,
        on=on or today,
        conditions_complete=problem_list == "complete",
        medications_complete=medication_list == "complete",
    )
    return Incoming(patient, "given by the caller" if on else "today; a Bundle names no day", reading)
