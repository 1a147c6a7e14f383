"""Assessments as FHIR, held against three validators that others wrote."""

from __future__ import annotations

import json
import random
import re
from importlib.resources import files
from typing import Any

import fhirkit
import pytest
from attrs import evolve
from fhir.resources.R4B.bundle import Bundle

from mgdecide.adapters.fhir import read_fhir, to_fhir
from mgdecide.assessment import Assessment, assess
from mgdecide.domain.patient import MagnesiumProduct, Patient
from tests.adapters.fhir.charts import DAY, condition, magnesium, observation, read, request
from tests.adapters.fhir.planted import chart

KIDNEY = observation("98979-8", 20, "mL/min/{1.73_m2}")


def assessed(*resources: Any, **options: Any) -> Assessment:
    return assess(read(*resources, **options)[0])


def resources(whole: Any, kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in whole["entry"] if entry["resource"]["resourceType"] == kind]


def guidance(assessment: Assessment) -> dict[str, Any]:
    (found,) = resources(to_fhir(assessment), "GuidanceResponse")
    return found


ASSESSMENTS = [
    pytest.param(assess(Patient()), id="nothing known"),
    pytest.param(assessed(magnesium(0.8)), id="severe"),
    pytest.param(assessed(KIDNEY, condition("91637004")), id="closed"),
    pytest.param(
        assessed(request(), request("82122"), conditions_complete=True, medications_complete=True), id="interactions"
    ),
    *(
        pytest.param(assess(read_fhir(chart(random.Random(seed), seed).bundle, on=DAY)[0]), id=f"chart {seed}")
        for seed in range(8)
    ),
]


@pytest.mark.parametrize("assessment", ASSESSMENTS)
def test_two_outside_validators_accept_it(assessment: Assessment) -> None:
    text = json.dumps(to_fhir(assessment))
    assert fhirkit.validate(text) == []
    Bundle.model_validate_json(text)


@pytest.mark.parametrize("assessment", ASSESSMENTS)
def test_no_null_and_nothing_empty(assessment: Assessment) -> None:
    def check(value: Any) -> None:
        assert value not in (None, "", [], {})
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(inner)

    check(to_fhir(assessment))


def test_the_same_assessment_gives_the_same_bundle() -> None:
    one, other = assessed(KIDNEY, request()), assessed(request(), KIDNEY)
    assert to_fhir(one) == to_fhir(other)
    ids = [entry["fullUrl"] for entry in json.loads(json.dumps(to_fhir(one)))["entry"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each) for each in ids)
    moved = assess(evolve(one.patient, assessed_on=DAY.replace(year=2025)))
    assert to_fhir(moved) != to_fhir(one)


def test_undecided_asks_for_what_would_decide() -> None:
    assessment = assessed()
    found = guidance(assessment)
    assert found["status"] == "data-required"
    asked = [each["codeFilter"][0]["code"][0]["code"] for each in found["dataRequirement"]]
    assert asked == list(assessment.gate.needs)
    egfr = next(each for each in found["dataRequirement"] if each["codeFilter"][0]["code"][0]["code"] == "egfr")
    assert egfr["type"] == "Observation"
    assert {"http://loinc.org"} == {code["system"] for code in egfr["codeFilter"][0]["code"][1:]}


def test_closed_is_an_answer_and_names_the_contraindication() -> None:
    whole = to_fhir(assessed(KIDNEY))
    found = guidance(assessed(KIDNEY))
    assert found["status"] == "success"
    assert "dataRequirement" not in found
    issues = resources(whole, "DetectedIssue")
    assert any(issue["severity"] == "high" and issue["identifier"][0]["value"] == "gate.kidney" for issue in issues)
    assert all(issue["identifiedDateTime"] == "2026-08-29" for issue in issues)


def test_an_interaction_names_the_order_it_is_about() -> None:
    taking = evolve(read(request("82122"))[0], magnesium_products=[MagnesiumProduct("magnesium oxide", "400 mg")])
    issues = resources(to_fhir(assess(taking)), "DetectedIssue")
    drug = [issue for issue in issues if any(code["code"] == "DRG" for code in issue["code"].get("coding", ()))]
    assert drug
    assert drug[0]["implicated"][0]["reference"] == "MedicationRequest/m82122"


def test_severities_follow_ours() -> None:
    assessment = assessed(magnesium(0.8), KIDNEY, request())
    ours = {f.rule: f.severity.value for f in (*assessment.urgent, *assessment.findings)}
    for issue in resources(to_fhir(assessment), "DetectedIssue"):
        rule = issue["identifier"][0]["value"]
        if rule in ours:
            assert issue["severity"] == {"critical": "high", "warning": "moderate", "info": "low"}[ours[rule]]


def test_an_id_that_fhir_cannot_hold_is_an_identifier() -> None:
    found = guidance(assess(evolve(read()[0], id="a patient/1")))
    assert found["subject"] == {"identifier": {"value": "a patient/1"}}


def test_the_command_line_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    from mgdecide.adapters.cli import main
    from mgdecide.adapters.examples import example_text
    from mgdecide.adapters.record.records import read_patient

    path = str(files("mgdecide.adapters.examples").joinpath("closed-kidney.json"))
    assert main(["assess", path, "--format", "fhir"]) == 4
    told = capsys.readouterr().out
    assert json.loads(told) == json.loads(json.dumps(to_fhir(assess(read_patient(example_text("closed-kidney"))))))
    assert fhirkit.validate(told) == []
    Bundle.model_validate_json(told)
