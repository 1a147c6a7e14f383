"""The published schemas: valid themselves, true of what goes in and comes out, flat where they promise to be."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from mgdecide import InvalidRecord, Patient, assess, read_patient
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.record.records import write_record
from mgdecide.adapters.schema.builders import Schema
from mgdecide.adapters.schema.published import SCHEMAS, schema
from mgdecide.assessment import facts_of
from mgdecide.cohort.columns import cohort_columns
from mgdecide.errors import InvalidInput
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.testing import patients


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(name), format_checker=jsonschema.FormatChecker())


PATIENT, ASSESSMENT, COHORT = (validator(name) for name in SCHEMAS)
COLUMNS: dict[str, Any] = schema("cohort")["properties"]  # type: ignore[assignment]


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema_of_draft_2020_12(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    json.dumps(schema(name), allow_nan=False)


def test_another_name_is_told() -> None:
    with pytest.raises(InvalidInput) as raised:
        schema("patient record")
    assert raised.value.code == "MGD-L110"


# --- the record ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", example_names())
def test_every_bundled_patient_is_valid_and_readable(name: str) -> None:
    PATIENT.validate(json.loads(example_text(name)))
    read_patient(example_text(name))


@settings(max_examples=100, deadline=None)
@given(patients())
def test_what_is_written_is_valid(patient: Patient) -> None:
    PATIENT.validate(write_record(patient))


@pytest.mark.parametrize(
    "record",
    [
        {"age": 54},
        {"age_years": 121},
        {"age_years": "fifty"},
        {"sex": "F"},
        {"assessed_on": "29.08.2026"},
        {"conditions": {"type2_diabetes": True}},
        {"conditions": {"dialysis": "no"}},
        {"presenting": {"dialysis": True}},
        {"labs": [{"test": "magnesium", "value": 1.9, "unit": "mg/dL"}]},
        {"labs": [{"test": "egfr", "value": 71, "unit": "mmol/L"}]},
        {"labs": [{"test": "egfr", "value": 71}]},
        {"labs": [{"test": "serum_magnesium", "value": 19, "unit": "mmol/L"}]},
        {"labs": [{"test": "serum_magnesium", "value": "1,9", "unit": "mmol/L"}]},
        {"scores": [{"instrument": "PHQ9", "total": 12}]},
        {"scores": [{"instrument": "PHQ-9", "total": 28}]},
        {"scores": [{"instrument": "PHQ-9", "items": {"9": 4}}]},
        {"scores": [{"instrument": "PHQ-9", "items": {"10": 1}}]},
        {"scores": [{"instrument": "PHQ-9"}]},
        {"medications": [{}]},
        {"medications": [{"atc": "a02bc01"}]},
        {"medications": [{"name": "a", "times": ["7:00"]}]},
        {"magnesium_products": [{"salt": "magnesium oxide"}]},
        {"magnesium_products": [{"salt": "magnesium oxide", "amount": "400 mg", "basis": "total"}]},
        {"acknowledged": ["gate.kidney"]},
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(record: dict[str, Any]) -> None:
    assert not PATIENT.is_valid(record)
    with pytest.raises(InvalidRecord):
        read_patient(record)


def test_every_key_says_what_it_means() -> None:
    described: dict[str, Any] = schema("patient")
    for name, shape in {"record": described, **described["$defs"]}.items():
        for key, member in shape["properties"].items():
            reference = "$ref" in json.dumps(member)
            assert member.get("description") or reference, f"{name}.{key} has no description"


def test_every_condition_and_unit_of_the_catalogue_is_listed() -> None:
    text = json.dumps(schema("patient"))
    for fact in catalogue():
        if fact.group in ("conditions", "presenting") or fact.kind == "lab":
            assert f'"{fact.name}"' in text
        for unit in fact.units if fact.kind == "lab" else ():
            assert json.dumps(unit) in text


# --- the assessment -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", example_names())
def test_every_bundled_patient_s_assessment_is_valid(name: str) -> None:
    ASSESSMENT.validate(json.loads(assess(read_patient(example_text(name))).to_json()))


@settings(max_examples=60, deadline=None)
@given(patients())
def test_every_assessment_is_valid(patient: Patient) -> None:
    ASSESSMENT.validate(assess(patient).to_record())


def _changed(**members: object) -> dict[str, object]:
    return {**assess(read_patient(example_text("demo-1"))).to_record(), **members}


@pytest.mark.parametrize(
    "record",
    [
        _changed(regimens=None),
        _changed(withheld={"reason": "a", "needs": []}),
        _changed(urgent=None),
        _changed(more=1),
        _changed(gate={"state": "ajar", "because": [], "needs": []}),
        _changed(gate={"state": "closed", "because": [], "needs": []}),
        {key: value for key, value in _changed().items() if key != "not_checked"},
    ],
)
def test_what_is_no_assessment_is_invalid(record: dict[str, object]) -> None:
    assert not ASSESSMENT.is_valid(record)


# --- the cohort ---------------------------------------------------------------------------------------------


def test_columns_are_flat_and_complete() -> None:
    assert "$ref" not in json.dumps(schema("cohort"))
    for name, column in COLUMNS.items():
        assert column["type"] in ("string", "number", "boolean"), name
        assert column["description"], name
        if column["type"] == "number":
            assert column["minimum"] < column["maximum"], name
            assert column["unit"], name
        if column["type"] == "string" and name != "patient":
            assert column["enum"], name


def test_columns_are_those_the_engines_judge() -> None:
    assert set(COLUMNS) == {"patient", *cohort_columns(default_knowledge()).names()}


@pytest.mark.parametrize(
    ("column", "member", "value"),
    [  # the figures of the outside contract, the dossier and the knowledge files
        ("serum_magnesium", "ranges", {"mmol/L": [0.05, 15.0]}),
        ("egfr", "unit", "mL/min/1.73m2"),
        ("phq9_total", "maximum", 27),
        ("phq9_item_9", "maximum", 3),
        ("hamd17_item_3", "maximum", 4),
        ("trimester", "maximum", 3),
        ("sex", "enum", ["female", "male", "other"]),
        ("serum_magnesium_comparator", "enum", ["<", "<=", ">", ">="]),
        ("on_ppi", "type", "boolean"),
        ("acknowledged_urgent_suicide_item", "type", "boolean"),
        ("conditions_complete", "type", "boolean"),
    ],
)
def test_some_columns(column: str, member: str, value: object) -> None:
    found = COLUMNS[column][member]
    assert found.items() >= value.items() if isinstance(value, dict) else found == value


@settings(max_examples=60, deadline=None)
@given(patients())
def test_a_patient_s_row_is_valid(patient: Patient) -> None:
    row: Schema = facts_of(patient)
    assert set(row) <= set(COLUMNS)
    COHORT.validate(row)
