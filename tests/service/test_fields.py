"""Form and record are two views of one patient: nothing is lost between them, and every mistake finds its field."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings

from mgdecide import read_patient
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.record.writer import write_record
from mgdecide.adapters.web.workbench import fields, mistakes
from mgdecide.domain.patient import Patient
from mgdecide.errors import InvalidRecord
from mgdecide.testing import patients
from tests.rules.judge import DAY


def there_and_back(record: dict[str, Any]) -> dict[str, Any]:
    return fields.to_record(fields.to_values(record)).record


@pytest.mark.parametrize("name", example_names())
def test_a_bundled_patient_survives_the_form(name: str) -> None:
    record = json.loads(example_text(name))
    assert read_patient(there_and_back(record)) == read_patient(record)


@given(patients())
@settings(max_examples=200, deadline=None)
def test_any_patient_survives_the_form(patient: Patient) -> None:
    record = json.loads(json.dumps(write_record(patient), default=str))
    assert read_patient(there_and_back(record)) == read_patient(record)


def test_what_has_no_field_is_named_and_kept() -> None:
    record = {
        "weight_kg": 70,
        "labs": [{"test": "zinc", "value": "62", "unit": "ug/dL", "on": DAY}],
        "scores": [{"instrument": "BDI-II", "total": 9}],
    }
    values = fields.to_values(record)
    assert fields.names_of_rest(values) == ["zinc", "BDI-II", "weight kg"]
    assert there_and_back(record) == record


@pytest.mark.parametrize(
    ("line", "medicines"),
    [
        ("alendronate 07:00", [{"name": "alendronate", "times": ["07:00"]}]),
        ("levothyroxine 06:30, 18:30", [{"name": "levothyroxine", "times": ["06:30", "18:30"]}]),
        ("vitamin D 25 micrograms", [{"name": "vitamin D 25 micrograms"}]),
        ("a\n\n  b  \n", [{"name": "a"}, {"name": "b"}]),
        ("", None),
    ],
)
def test_medicines_one_a_line(line: str, medicines: list[dict[str, Any]] | None) -> None:
    assert fields.to_record({"medicines": line}).record.get("medications") == medicines


def test_an_empty_list_that_is_complete_says_that_none_is_taken() -> None:
    assert fields.to_record({"medications_complete": "yes"}).record == {"medications": [], "medications_complete": True}
    assert fields.to_record({"no_products": "yes"}).record == {"magnesium_products": []}


def test_unsaid_is_absent_and_never_false() -> None:
    record = fields.to_record({"condition_dialysis": "", "condition_pacemaker": "no", "sign_syncope": "yes"}).record
    assert record == {"conditions": {"pacemaker": False}, "presenting": {"syncope": True}}


def test_other_conditions_by_words_or_key() -> None:
    record = fields.to_record({"other_conditions": "Epilepsy\nheart_failure\nchronic diarrhoea"}).record
    assert record["conditions"] == {"epilepsy": True, "heart_failure": True, "chronic_diarrhoea": True}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"age_years": "old"}, "age_years"),
        ({"age_years": "500"}, "age_years"),
        ({"sex": "x"}, "sex"),
        ({"assessed_on": "2026-02-31"}, "assessed_on"),
        ({"serum_magnesium_value": "abc", "serum_magnesium_unit": "mmol/L"}, "serum_magnesium_value"),
        ({"serum_magnesium_value": "0.8"}, "serum_magnesium_unit"),
        ({"serum_magnesium_value": "70", "serum_magnesium_unit": "mmol/L"}, "serum_magnesium_value"),
        (
            {"serum_magnesium_value": "0.8", "serum_magnesium_unit": "mmol/L", "serum_magnesium_low": "x"},
            "serum_magnesium_low",
        ),
        (
            {"serum_magnesium_value": "0.8", "serum_magnesium_unit": "mmol/L", "serum_magnesium_on": "2031-01-01"},
            "serum_magnesium_on",
        ),
        ({"egfr_value": "-4"}, "egfr_value"),
        ({"serum_potassium_value": "4", "serum_potassium_unit": "stone"}, "serum_potassium_unit"),
        ({"phq9_total": "40"}, "phq9_total"),
        ({"phq9_item_9": "7"}, "phq9_item_9"),
        ({"phq9_total": "4", "phq9_on": "2031-01-01"}, "phq9_on"),
        ({"other_conditions": "epilepsi"}, "other_conditions"),
        ({"medicines": "alendronate 25:00"}, "medicines"),
        ({"product_1_salt": "magnesium oxid", "product_1_amount": "400 mg"}, "product_1_salt"),
        ({"product_2_salt": "magnesium oxide", "product_2_amount": "many"}, "product_2_amount"),
    ],
)
def test_a_mistake_is_told_beside_its_field(values: dict[str, str], field: str) -> None:
    filled = fields.to_record({"assessed_on": DAY} | values)
    with pytest.raises(InvalidRecord) as refused:
        read_patient(json.dumps(filled.record))
    found = mistakes.of_form(refused.value.problems, filled)
    assert [mistake.field for mistake in found] == [field]
    assert found[0].message.endswith(".")
    assert found[0].name != "Other"


@pytest.mark.parametrize("rest", ["", "{", "[]", "5", '{"labs": 5}', '{"conditions": []}'])
def test_a_hidden_field_that_was_tampered_with_is_a_mistake_at_most(rest: str) -> None:
    filled = fields.to_record(
        {"rest": rest, "serum_magnesium_value": "0.8", "serum_magnesium_unit": "mmol/L", "age_years": "50"}
    )
    with suppress(InvalidRecord):
        read_patient(json.dumps(filled.record))
