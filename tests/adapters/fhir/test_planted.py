"""Charts with planted answers: not one mismatch in the facts read."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal

import pytest

from mgdecide.adapters.fhir import read_fhir
from mgdecide.knowledge.medicines import classify
from tests.adapters.fhir.charts import DAY
from tests.adapters.fhir.planted import CONDITIONS, Planted, chart

UNITS = {"meq/L": "mEq/L", "mL/min/{1.73_m2}": "mL/min/1.73m2"}


def check(planted: Planted) -> None:
    patient, report = read_fhir(json.dumps(planted.bundle, default=float), on=DAY)
    assert (patient.age_years, patient.sex) == (Decimal(planted.age), planted.sex)
    read: dict[str, tuple[float, str, date | None]] = {
        each.test: (float(each.value), each.unit, each.on) for each in patient.labs
    }
    assert len(read) == len(patient.labs)
    assert read == {
        test: (float(value), UNITS.get(unit, unit), on) for test, (value, unit, on) in planted.results.items()
    }
    assert max(patient.scores, key=lambda each: str(each.on)).total == planted.phq9
    assert {key: said for key, said in patient.conditions if key in CONDITIONS} == planted.conditions
    assert {each.rxnorm for each in patient.medications} == set(planted.medicines)
    assert dict(patient.conditions).get("mobitz_ii_or_third_degree_av_block") is None
    assert {line.resource for line in report.with_code("MGD-F106")} == {"Observation/stranger"}
    assert not report.with_code("MGD-F103")


@pytest.mark.parametrize("seed", range(10))
def test_planted_facts_are_read_as_they_are(seed: int) -> None:
    rng = random.Random(seed)
    for number in range(20):
        check(chart(rng, number))


def test_the_planted_medicines_are_what_the_test_says() -> None:
    for code, name in (("7646", "ppi"), ("198051", "ppi"), ("5487", "diuretic"), ("4603", "diuretic")):
        assert name in classify(rxnorm=code).classes
