"""The API, described: OpenAPI 3.1 with the published schemas of records and assessments, and those of CDS Hooks."""

from __future__ import annotations

from typing import Any, TypeAlias

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi

from mgdecide.adapters.schema.builders import Schema
from mgdecide.adapters.schema.published import schema
from mgdecide.adapters.web import openapi_hooks

DESCRIPTION = (
    "Clinical decision support for magnesium and depression: CDS Hooks 2.0.1 and a JSON API. It informs a clinician; "
    "it never prescribes. No patient data are kept or logged."
)

Route: TypeAlias = dict[str, Any]
"""Keyword arguments of a FastAPI route."""


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, name: str, kind: str = "application/json") -> Route:
    return {"description": description, "content": {kind: {"schema": _ref(name)}}}


_BAD = _answer("The request cannot be used: an issue for each mistake", "OperationOutcome")
_UNKNOWN = _answer("There is no such thing here", "OperationOutcome")
_LARGE = _answer("The body is too large", "OperationOutcome")
_TYPE = _answer("The body is of another type", "OperationOutcome")
_DENIED = _answer("A JWT is missing or not accepted", "OperationOutcome")
_OURS = _answer("A mistake of the service; nothing was decided", "OperationOutcome")
_BUSY = _answer("Not now", "OperationOutcome")
_MISTAKES = _answer("Every mistake, by code and place; what was given is not repeated", "Mistakes")
_ALWAYS = {401: _DENIED, 500: _OURS, 503: _BUSY}
_WITH_BODY = {400: _BAD, 408: _BUSY, 413: _LARGE, 415: _TYPE, **_ALWAYS}


def _route(responses: dict[int, Route], body: Route | None = None) -> Route:
    extra: Route = {"requestBody": {"required": True, "content": body}} if body else {}
    return {"response_class": Response, "responses": dict(responses), "openapi_extra": extra}


def _content(*kinds_and_names: tuple[str, Schema]) -> Route:
    return {kind: {"schema": inner} for kind, inner in kinds_and_names}


_RECORD_OR_BUNDLE: Schema = {"anyOf": [_ref("Patient"), _ref("Bundle")]}

DISCOVERY = _route({200: _answer("Every service", "CDSServices"), **_ALWAYS})
CALL = _route(
    {
        200: _answer("Cards; none where there is nothing to do", "CDSResponse"),
        404: _UNKNOWN,
        412: _answer("Needed data could not be had: an issue for each gap", "OperationOutcome"),
        **_WITH_BODY,
    },
    _content(("application/json", _ref("CDSRequest"))),
)
FEEDBACK = _route(
    {200: _answer("Kept on disk", "Nothing"), 404: _UNKNOWN, **_WITH_BODY},
    _content(("application/json", _ref("CDSFeedback"))),
)
ASSESS = _route(
    {
        200: {
            "description": "The assessment; GuidanceResponse and DetectedIssues for who accepts application/fhir+json",
            "content": _content(("application/json", _ref("Assessment")), ("application/fhir+json", _ref("Bundle"))),
        },
        **_WITH_BODY,
        400: _MISTAKES,
    },
    _content(("application/json", _RECORD_OR_BUNDLE), ("application/fhir+json", _ref("Bundle"))),
)
READ = _route(
    {200: _answer("The record and the account of the reading", "Reading"), **_WITH_BODY, 400: _MISTAKES},
    _content(("application/json", _ref("Bundle")), ("application/fhir+json", _ref("Bundle"))),
)
SCHEMA = _route({200: _answer("A JSON Schema, draft 2020-12", "AnyObject"), 404: _UNKNOWN, **_ALWAYS})
HEALTH = _route({200: _answer("Alive", "State")})
READY = _route({200: _answer("Ready", "State"), 503: _answer("Not ready", "State")})
METRICS: Route = {
    "response_class": Response,
    "responses": {200: {"description": "Prometheus text", "content": {"text/plain": {"schema": {"type": "string"}}}}},
}


def document(app: FastAPI) -> Route:
    """The whole document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            license_info=app.license_info,
        )
        for path in made["paths"].values():
            for operation in path.values():
                _tidy(operation)
        components = made.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            components.pop(name, None)
        components |= openapi_hooks.SCHEMAS
        components |= _lifted("Patient", schema("patient"))
        components |= _lifted("Assessment", schema("assessment"))
        app.openapi_schema = made
    return app.openapi_schema


def _tidy(operation: Route) -> None:
    """Without FastAPI's own 422, which never comes: it is a 400 here."""
    operation["responses"].pop("422", None)


def _lifted(name: str, whole: Schema) -> Schema:
    """A schema with inner definitions as components: ``#/$defs/lab`` becomes ``#/components/schemas/Patient.lab``."""
    inner = whole.get("$defs", {})
    assert isinstance(inner, dict)
    parts = {name: {key: value for key, value in whole.items() if key not in ("$defs", "$schema", "$id")}}
    parts |= {f"{name}.{key}": value for key, value in inner.items()}
    return {key: _moved(value, name) for key, value in parts.items()}


def _moved(value: object, name: str) -> object:
    match value:
        case dict():
            return {key: _moved(inner, name) for key, inner in value.items()}
        case list():
            return [_moved(each, name) for each in value]
        case str() if value.startswith("#/$defs/"):
            return f"#/components/schemas/{name}.{value.removeprefix('#/$defs/')}"
        case _:
            return value
