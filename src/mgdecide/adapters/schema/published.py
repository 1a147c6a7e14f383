"""The published schemas: what goes in, what comes out, and the columns of a cohort."""

from __future__ import annotations

from mgdecide.adapters.schema.builders import Schema, headed
from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.errors import InvalidInput, Problem

SCHEMAS = ("patient", "assessment", "cohort")


def schema(name: str) -> Schema:
    """One of the published JSON Schemas (draft 2020-12): ``patient``, ``assessment`` or ``cohort``.

    Raises:
        InvalidInput: another name (MGD-L110).
    """
    match name:
        case "patient":
            from mgdecide.adapters.schema.patient import patient_schema

            return headed(patient_schema(), "patient/1", "mgdecide patient record")
        case "assessment":
            from mgdecide.adapters.schema.assessment import assessment_schema

            return headed(assessment_schema(), "assessment/1", "mgdecide assessment")
        case "cohort":
            from mgdecide.adapters.schema.cohort import cohort_schema

            return headed(cohort_schema(), "cohort/1", "mgdecide cohort row")
        case _:
            raise InvalidInput(Problem("MGD-L110", "schema", given_words(name), one_of(SCHEMAS, name)))
