"""Eight ways in which other engines were seen to fail when run, each with what happens here instead.

Numbers are those of the measured comparison: conversions that convert nothing, a cache without the patient, unknown
become false, an exception become "no guidance", a count that loses equal answers, choice types that vanish, digits
that are lost, codes that lie about units.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.fhir.text import bundle_value
from mgdecide.domain.patient import Patient
from tests.rules.judge import answer, healthy, magnesium, record
from tests.service.ehr import (
    KIDNEY,
    RXNORM,
    USUAL,
    VIEW,
    Chart,
    Json,
    Running,
    bundle,
    egfr,
    observation,
    order,
    person,
)
from tests.service.ehr import magnesium as chart_magnesium

ON = date(2026, 8, 29)


def read(*resources: Json) -> Patient:
    return read_fhir(bundle(person(), *resources), on=ON)[0]


@pytest.mark.parametrize(("value", "unit"), [("800", "umol/L"), ("0.8", "mmol/L"), ("1.6", "mEq/L"), ("19.4", "mg/L")])
def test_1_one_amount_in_any_unit_is_one_amount(value: str, unit: str) -> None:
    """A conversion that leaves 800 standing as millimoles would call this extremely high."""
    assert assess(read_patient(record(magnesium(value, unit, unit_confirmed=True)))).status.category == "suboptimal"


def test_1_medicines_are_found_where_r4_has_them() -> None:
    coded = order("x") | {"medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "7646"}]}}
    assert "on_ppi" in {reason.fact for found in assess(read(coded)).findings for reason in found.because}


def test_2_an_answer_never_comes_from_the_patient_before(shared: Running) -> None:
    closed, usual = shared.call(VIEW, KIDNEY).json(), shared.call(VIEW, USUAL).json()
    for _ in range(3):
        assert shared.call(VIEW, KIDNEY).json() == closed
        assert shared.call(VIEW, USUAL).json() == usual
    assert closed != usual


def test_3_unknown_is_not_false() -> None:
    assert answer(record(), "gate.kidney") is None
    assert assess(read_patient(record())).gate.state.value == "undecided"
    assert answer(healthy(), "gate.kidney") is False


def test_4_a_prefetch_of_null_is_no_exception_and_an_exception_is_no_empty_list(shared: Running) -> None:
    assert shared.call(VIEW, KIDNEY.prefetch() | {"labs": None}).status_code == 200
    assert shared.client.get("/cds-services").status_code == 200
    broken = shared.call(VIEW, KIDNEY.prefetch() | {"labs": "nonsense"})
    assert broken.status_code == 412
    assert "cards" not in broken.json()


def test_5_equal_answers_are_each_counted() -> None:
    """The depletion score adds its items: three that hold are three points."""
    on_both = healthy(
        medications=[{"name": "furosemide"}, {"name": "omeprazole"}],
        substances={"alcohol_drinks_per_day": 0},
    )
    found = {each.rule: each.text for each in assess(read_patient(on_both)).findings}
    assert found["risk.depletion-score"].startswith("Magnesium Depletion Score 3:")


@pytest.mark.parametrize("value", [{"valueInteger": 12}, {"valueQuantity": {"value": 12, "unit": "{score}"}}])
def test_6_a_score_counts_in_every_form_r4_allows(value: Json) -> None:
    score = {key: each for key, each in observation("44261-6", 0, "{score}").items() if key != "valueQuantity"} | value
    assert [each.total for each in read(score).scores] == [12]


def test_7_digits_are_kept() -> None:
    text = json.dumps(bundle(person(), chart_magnesium(0.75))).replace("0.75", "0.750")
    patient, _ = read_fhir(bundle_value(text), on=ON)
    assert str(patient.labs[0].value) == "0.750"
    assert patient.labs[0].value == Decimal("0.75")


def test_8_a_code_that_lies_about_its_unit_is_told_and_the_unit_decides(shared: Running) -> None:
    lying = chart_magnesium(0.61) | {"code": {"coding": [{"system": "http://loinc.org", "code": "19123-9"}]}}
    patient = read(lying)
    assert (str(patient.labs[0].value), patient.labs[0].unit) == ("0.61", "mmol/L")
    assert "data-quality.code-unit-mismatch" in {each.rule for each in assess(patient).findings}
    contradictory = chart_magnesium(0.61)
    contradictory["valueQuantity"]["unit"] = "mg/dL"
    assert read(contradictory).labs == ()
    assert (
        shared.call(VIEW, Chart(labs=(contradictory, egfr(80)))).json()["extension"]["mgdecide"]["gate"] == "undecided"
    )


def test_8_an_ingredient_is_found_in_a_clinical_drug() -> None:
    """198051 is omeprazole 20 mg as a capsule, never the ingredient's own code."""
    coded = order("x") | {"medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "198051"}]}}
    assert "risk.ppi" in {each.rule for each in assess(read(coded)).findings}
