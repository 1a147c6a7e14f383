"""FHIR R4 in and out: ``read_fhir`` turns a Bundle into a patient, ``to_fhir`` an assessment into a Bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mgdecide.adapters.fhir.reader import read_fhir
from mgdecide.adapters.fhir.report import Line, ReadingReport

if TYPE_CHECKING:
    from mgdecide.adapters.fhir.out import to_fhir

__all__ = ["Line", "ReadingReport", "read_fhir", "to_fhir"]


def __getattr__(name: str) -> object:
    if name == "to_fhir":  # late: it needs the whole rulebook, which a reader does not
        from mgdecide.adapters.fhir import out

        return out.to_fhir
    raise AttributeError(name)
