"""FHIR R4 in and out: ``read_fhir`` turns a Bundle into a patient, ``to_fhir`` an assessment into a Bundle."""

from __future__ import annotations

from mgdecide.adapters.fhir.reader import read_fhir
from mgdecide.adapters.fhir.report import Line, ReadingReport

__all__ = ["Line", "ReadingReport", "read_fhir", "to_fhir"]


def __getattr__(name: str) -> object:
    if name == "to_fhir":
        from mgdecide.adapters.fhir.out import to_fhir

        return to_fhir
    raise AttributeError(name)
