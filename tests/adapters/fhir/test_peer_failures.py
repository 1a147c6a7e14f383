"""Eight ways in which other engines went wrong when they were run; each is done right here."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from mgdecide.adapters.fhir import read_fhir
from mgdecide.assessment import assess
from mgdecide.errors import InvalidRecord
from mgdecide.knowledge.conversions import convert
from tests.adapters.fhir.charts import (
    DAY,
    RXNORM,
    bundle,
    codes,
    concept,
    labs,
    magnesium,
    observation,
    quantity,
    read,
    request,
)
from tests.adapters.fhir.planted import chart


def test_1_a_conversion_converts() -> None:
    """800 umol/L is 0.8 mmol/L and not 800 of them; and an R4 medicine is found where R4 holds it."""
    assert convert("serum_magnesium", Decimal(800), "umol/L", "mmol/L") == Decimal("0.8")
    low = [
        assess(read(observation("2601-3", value, unit))[0]).status.category
        for value, unit in ((600, "umol/L"), (0.6, "mmol/L"), (1.2, "meq/L"))
    ]
    assert len(set(low)) == 1
    assert low[0] in ("hypo", "severe_hypo")
    assert assess(read(request())[0])._reading.row["on_ppi"] is True


def test_2_one_patient_never_gets_the_answers_of_another() -> None:
    charts = [json.dumps(chart(random.Random(seed), seed).bundle, default=float) for seed in range(12)]
    alone = [assess(read_fhir(text, on=DAY)[0]).to_record() for text in charts]
    again = [assess(read_fhir(text, on=DAY)[0]).to_record() for text in reversed(charts)][::-1]
    assert alone == again
    assert len({str(record["patient"]) for record in alone}) == 12


def test_3_unknown_does_not_become_false() -> None:
    patient, _ = read()
    row = assess(patient)._reading.row
    assert not any(
        row.get(name) is False for name in ("on_ppi", "dialysis", "myasthenia_gravis", "takes_magnesium_product")
    )
    assert assess(patient).gate.state.value == "undecided"


@pytest.mark.parametrize("given", [None, "null", [], "no JSON", {"resourceType": "OperationOutcome"}])
def test_4_what_cannot_be_read_is_an_error_and_not_an_empty_answer(given: object) -> None:
    with pytest.raises(InvalidRecord):
        read_fhir(given, on=DAY)  # type: ignore[arg-type]  # exactly what must not be given


def test_5_equal_facts_are_counted_apart() -> None:
    """Two equal results of two orders, and two equal truths, stay two."""
    patient, _ = read(magnesium(1.9, id="a"), magnesium(1.9, id="b"))
    assert len(patient.labs) == 2
    both, _ = read(request(), request("4603"))
    row = assess(both)._reading.row
    assert (row["on_ppi"], row["on_diuretic"]) == (True, True)


@pytest.mark.parametrize("member", ["valueQuantity", "valueInteger", "valueString"])
def test_6_every_form_of_a_value_is_read_or_reported(member: str) -> None:
    value: Any = {"valueQuantity": quantity(12, "{score}"), "valueInteger": 12, "valueString": "12"}[member]
    patient, report = read(observation("44261-6", **{member: value}))
    assert [score.total for score in patient.scores] == [12]
    assert read(observation("44261-6", valueRatio={"numerator": {}}))[1].not_used
    assert not report.not_used


def test_7_digits_are_kept() -> None:
    text = json.dumps(bundle(observation("2601-3", "@", "mmol/L"))).replace('"@"', "0.750")
    (result,) = labs(read_fhir(text, on=DAY)[0])
    assert result.shown == "0.750"
    assert "0.750" in json.dumps(assess(read_fhir(text, on=DAY)[0]).to_record())


def test_8_codes_lie_about_units_and_are_caught() -> None:
    """A mass code with mmol/L, a clearance as eGFR, ferritin called magnesium, a unit of SNOMED, a PPI as a product."""
    mismatch, report = read(magnesium(0.8, "mmol/L"))
    assert labs(mismatch)[0].code_mismatch
    assert codes(report) == {"MGD-F118"}
    assert codes(read(observation("33914-3", 55, "mL/min"))[1]) == {"MGD-F111"}
    ferritin, _ = read(observation("2276-4", 80, "ng/mL", code=concept("2276-4", "http://loinc.org", "Magnesium")))
    assert [result.test for result in ferritin.labs] == ["ferritin"]
    coded, report = read(magnesium(valueQuantity=quantity(1.9, code="258797006", system="http://snomed.info/sct")))
    assert codes(report) == {"MGD-F117"}
    assert labs(coded)[0].unit == "mg/dL"
    assert assess(read(request("198051", RXNORM))[0])._reading.row["on_ppi"] is True
