"""What a patient was given is put in one order, whatever order it came in, and named in the caller's own words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import MagnesiumProduct, Medication, Patient

MONDAY, TUESDAY = date(2026, 8, 24), date(2026, 8, 25)


def result(test: str, value: str, on: date | None) -> LabResult:
    return LabResult(test, Decimal(value), "mmol/L", on=on)


ALONE = [
    result("albumin", "40", TUESDAY),
    result("serum_magnesium", "0.8", None),
    result("serum_magnesium", "0.7", MONDAY),
]
OF_ONE_DAY = [*ALONE, result("serum_magnesium", "0.9", MONDAY)]


@pytest.mark.parametrize("given", [ALONE, OF_ONE_DAY], ids=["all of different days", "two of one day"])
def test_results_stand_by_test_then_day_undated_first(given: list[LabResult]) -> None:
    for shuffled in permutations(given):
        assert list(Patient(labs=shuffled).labs) == given


def test_medicines_stand_by_name_and_code() -> None:
    given = [
        Medication(name="aspirin"),
        Medication(name="Omeprazole", atc="A02BC01"),
        Medication(name="omeprazole", atc="A02BC01", rxnorm="7646"),
        Medication(name="omeprazole", atc="A02BC05"),
    ]
    for shuffled in permutations(given):
        assert list(Patient(medications=shuffled).medications) == given


@pytest.mark.parametrize(
    ("medicine", "shown"),
    [
        (Medication(name="Losec", atc="A02BC01"), "Losec"),
        (Medication(atc="A02BC01", rxnorm="7646"), "ATC A02BC01"),
        (Medication(rxnorm="7646"), "RxNorm 7646"),
    ],
)
def test_a_medicine_is_shown_in_the_callers_words(medicine: Medication, shown: str) -> None:
    assert medicine.shown == shown


def test_products_stand_by_salt_amount_and_basis() -> None:
    given = [
        MagnesiumProduct("magnesium citrate", "100 mg"),
        MagnesiumProduct("magnesium citrate", "100 mg", "elemental", Decimal(1)),
        MagnesiumProduct("magnesium citrate", "100 mg", "elemental", Decimal(2)),
        MagnesiumProduct("magnesium oxide", "100 mg"),
    ]
    for shuffled in permutations(given):
        assert Patient(magnesium_products=shuffled).magnesium_products == tuple(given)
    assert Patient().magnesium_products is None
