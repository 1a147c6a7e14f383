"""The JSON API gives the library's own answers, and its description holds."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.schema.published import SCHEMAS, schema
from tests.service.ehr import KIDNEY, LOW, SIGN, VIEW, Running, bundle, draft, egfr, hook_call, magnesium, person


@pytest.mark.parametrize("name", example_names())
def test_the_answer_is_the_librarys(shared: Running, name: str) -> None:
    record = json.loads(example_text(name))
    answer = shared.post("/assess", record)
    assert answer.status_code == 200
    assert answer.json() == assess(read_patient(record)).to_record()


def test_a_bundle_is_assessed_as_by_the_library(shared: Running) -> None:
    from datetime import date

    chart = bundle(person(), magnesium(0.61), egfr(22))
    patient, report = read_fhir(chart, on=date(2026, 8, 29), conditions_complete=True, medications_complete=True)
    answer = shared.post("/assess?problem_list=complete&medication_list=complete", chart)
    assert answer.json() == assess(patient).to_record()
    read = shared.post("/read", chart).json()
    assert read["reading"]["counts"] == report.to_record()["counts"]
    assert shared.post("/assess", read["record"]).json()["gate"]["state"] == "closed"


def test_the_day_is_the_callers_the_records_or_todays(shared: Running) -> None:
    record = {"age_years": 50}
    assert shared.post("/assess", record).json()["assessed_on"] == "2026-08-29"
    assert shared.post("/assess", record | {"assessed_on": "2026-01-05"}).json()["assessed_on"] == "2026-01-05"
    assert shared.post("/assess?on=2026-02-01", record).json()["assessed_on"] == "2026-02-01"


def test_every_mistake_of_a_record_comes_with_code_place_and_what_would_do(shared: Running) -> None:
    answer = shared.post(
        "/assess", {"ages": 5, "sex": "femal", "labs": [{"test": "serum_magnesium", "value": "x", "unit": "mg/dL"}]}
    )
    assert answer.status_code == 400
    problems = answer.json()["problems"]
    assert [problem["path"] for problem in problems] == ["sex", "labs[0].value", ""]  # an unknown key may hold anything
    assert all(problem["code"].startswith("MGD-R") for problem in problems)
    assert [problem["given"] for problem in problems] == ["a text", "a text", "an unknown key"]
    assert 'did you mean "female"?' in problems[0]["accepted"]


@pytest.mark.parametrize("query", ["on=yesterday", "on=2026-13-01", "problem_list=all", "medication_list="])
def test_a_parameter_that_cannot_be_used_is_400(shared: Running, query: str) -> None:
    answer = shared.post(f"/assess?{query}", {})
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["code"] == "MGD-S110"
    assert answer.json()["problems"][0]["path"] == query.split("=")[0]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_published(shared: Running, name: str) -> None:
    assert shared.client.get(f"/schemas/{name}").json() == json.loads(json.dumps(schema(name)))


def test_a_schema_that_is_none(shared: Running) -> None:
    assert shared.client.get("/schemas/other").status_code == 404


@pytest.mark.parametrize("path", ["/assess", "/read"])
def test_another_method_is_405(shared: Running, path: str) -> None:
    answer = shared.client.get(path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["resourceType"] == "OperationOutcome"


# --- the description ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def document(shared: Running) -> dict[str, Any]:
    found: dict[str, Any] = shared.client.get("/openapi.json").json()
    return found


def component(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A schema that stands by itself."""
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


def test_every_reference_in_it_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(document["components"]["schemas"])

    def walk(value: object) -> None:
        if isinstance(value, dict):
            reference = value.get("$ref")
            assert not isinstance(reference, str) or reference.removeprefix("#/components/schemas/") in names, reference
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(document)
    assert document["openapi"].startswith("3.1")


def test_it_describes_every_path_that_is_no_page(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {
        "/assess",
        "/read",
        "/schemas/{name}",
        "/cds-services",
        "/cds-services/{id}",
        "/cds-services/{id}/feedback",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert "422" not in operation["responses"], path


def test_calls_and_answers_are_as_described(shared: Running, document: dict[str, Any]) -> None:
    def check(name: str, value: object) -> None:
        jsonschema.Draft202012Validator(component(document, name)).validate(value)

    check("CDSServices", shared.client.get("/cds-services").json())
    for service, chart, drafts in (
        (VIEW, KIDNEY, ()),
        (SIGN, LOW, (draft("magnesium oxide"), draft("alendronate", "d-2"))),
    ):
        check("CDSRequest", hook_call(service, chart.prefetch(), *drafts))
        check("CDSResponse", shared.call(service, chart, *drafts).json())
    check("OperationOutcome", shared.call(VIEW, None).json())
    check("Mistakes", shared.post("/assess", {"a": 1}).json())
    check("Patient", json.loads(example_text("demo-1")))
    check("Assessment", shared.post("/assess", json.loads(example_text("demo-1"))).json())
    check("Reading", shared.post("/read", bundle(person())).json())
    check("State", shared.client.get("/healthz").json())


@pytest.mark.parametrize("name", example_names())
def test_who_accepts_fhir_gets_a_bundle_that_outside_validators_accept(shared: Running, name: str) -> None:
    import fhirkit
    from fhir.resources.R4B.bundle import Bundle

    headers = {"content-type": "application/json", "accept": "application/fhir+json"}
    answer = shared.client.post("/assess", content=example_text(name), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/fhir+json"
    assert fhirkit.validate(answer.text) == []
    Bundle.model_validate_json(answer.text)
    kinds = [entry["resource"]["resourceType"] for entry in answer.json()["entry"]]
    assert kinds[0] == "GuidanceResponse"
    assert set(kinds[1:]) <= {"DetectedIssue"}
