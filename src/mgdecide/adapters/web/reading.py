"""A body or a pasted text, be it a patient record or a FHIR R4 Bundle, to a patient and the account of the reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import evolve

from mgdecide.adapters.fhir import ReadingReport, read_fhir
from mgdecide.adapters.fhir.text import bundle_value
from mgdecide.adapters.record.records import read_patient
from mgdecide.domain.patient import Patient
from mgdecide.errors import InvalidRecord, Problem


def read_any(
    content: str | bytes, today: date, on: date | None = None, problems: str | None = None, medicines: str | None = None
) -> tuple[Patient, ReadingReport | None]:
    """The patient, and what became of every resource where a Bundle was given.

    Args:
        today: the day of assessment where neither ``on`` nor a record's own ``assessed_on`` names one.
        problems, medicines: the caller's word on a list: ``complete``, ``partial``, or None.

    Raises:
        InvalidRecord: every mistake; a FHIR resource that is no Bundle (MGD-R108).
    """
    mark = b'"resourceType"' if isinstance(content, bytes) else '"resourceType"'
    if mark in content:  # type: ignore[operator]  # both are text, or both are bytes
        value = bundle_value(content)
        if isinstance(value, Mapping) and "resourceType" in value:
            return _read_bundle(value, on or today, problems, medicines)
    patient = read_patient(content, on=on, today=today)
    if problems is not None:
        patient = evolve(patient, conditions_complete=problems == "complete")
    if medicines is not None:
        patient = evolve(patient, medications_complete=medicines == "complete")
    return patient, None


def _read_bundle(
    bundle: Mapping[str, object], on: date, problems: str | None, medicines: str | None
) -> tuple[Patient, ReadingReport]:
    if bundle["resourceType"] != "Bundle":
        raise InvalidRecord(
            Problem("MGD-R108", "resourceType", "another FHIR resource", "a FHIR R4 Bundle, or a record")
        )
    return read_fhir(
        bundle, on=on, conditions_complete=problems == "complete", medications_complete=medicines == "complete"
    )
