"""The JSON API: a record or a Bundle in, the assessment of the library out; the schemas; how a Bundle was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from fastapi import Request, Response

from mgdecide.adapters.fhir import read_fhir, to_fhir
from mgdecide.adapters.fhir.text import bundle_value
from mgdecide.adapters.record.writer import write_record
from mgdecide.adapters.web.outcomes import ServiceError, problem_record
from mgdecide.adapters.web.reading import read_any
from mgdecide.adapters.web.service import JSON, Service, json_response, refuse_other_types
from mgdecide.assessment import assess
from mgdecide.errors import MgdecideError

FHIR_JSON = "application/fhir+json"
Listed = Literal["complete", "partial"]


async def assess_body(
    service: Service, request: Request, on: date | None, problems: Listed | None, medicines: Listed | None
) -> Response:
    """The assessment of the patient in the body, as a FHIR Bundle for those who accept that; 400 with every mistake."""
    await service.admit(request)
    refuse_other_types(request, JSON, FHIR_JSON)
    content = await request.body()
    try:
        patient, _ = read_any(content, service.today(), on, problems, medicines)
    except MgdecideError as error:
        return problems_response(error)
    assessment = assess(patient, knowledge=service.site.knowledge)
    if FHIR_JSON in request.headers.get("accept", ""):
        return json_response(to_fhir(assessment), media_type=FHIR_JSON)
    return json_response(assessment.to_record())


async def read_body(service: Service, request: Request, on: date | None) -> Response:
    """The patient record a Bundle amounts to, and what became of every resource."""
    await service.admit(request)
    refuse_other_types(request, JSON, FHIR_JSON)
    try:
        value = bundle_value(await request.body())
        if not isinstance(value, Mapping):
            raise ServiceError(400, "structure", "The body is a FHIR R4 Bundle.")
        patient, report = read_fhir(value, on=on or service.today())
    except MgdecideError as error:
        return problems_response(error)
    return json_response({"record": write_record(patient), "reading": report.to_record()})


def problems_response(error: MgdecideError) -> Response:
    """400, with every mistake by code and place; what was given is not repeated."""
    return json_response({"problems": [problem_record(problem) for problem in error.problems]}, 400)
