"""What a patient was given is put in one order, whatever order it came in, and named in the caller's own words."""

from __future__ import annotations

import datetime
from datetime import date
from decimal import Decimal
from itertools import combinations, permutations

import pytest
from attrs import evolve

from mgdecide.domain.laboratory import LabResult, ReferenceInterval
from mgdecide.domain.patient import MagnesiumProduct, Medication, Patient
from mgdecide.domain.scores import Score

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


def test_nothing_is_taken_for_said_that_was_not() -> None:
    """A list that nobody called complete leaves unknown what it does not name; no doubt was told of the result."""
    patient, plain = Patient(), result("serum_magnesium", "0.8", None)
    assert not patient.conditions_complete
    assert not patient.medications_complete
    assert not plain.code_mismatch
    assert not plain.interval_not_used
    assert not Score("PHQ-9", 5).mismatch


def test_results_that_differ_in_their_doubts_alone_stand_in_one_order_too() -> None:
    plain = result("serum_magnesium", "0.9", MONDAY)
    doubtful = [evolve(plain, interval_not_used=True), evolve(plain, code_mismatch=True)]
    for shuffled in permutations([plain, *doubtful]):
        assert list(Patient(labs=shuffled).labs) == [plain, *doubtful]


def test_scores_stand_by_instrument_day_and_total() -> None:
    given = [
        Score("GAD-7", 21),
        Score("PHQ-9", 27),
        Score("PHQ-9", 0, on=MONDAY),
        Score("PHQ-9", None, on=MONDAY),
        Score("PHQ-9", 1, on=MONDAY),
        Score("PHQ-9", 3, ((1, 3),), on=MONDAY),
        Score("PHQ-9", 3, ((1, 3),), on=MONDAY, mismatch=True),
        Score("PHQ-9", 2, on=TUESDAY),
    ]
    for one, other in combinations(given, 2):
        assert Patient(scores=(one, other)).scores == Patient(scores=(other, one)).scores == (one, other)


def test_medicines_stand_by_name_and_code() -> None:
    given = [
        Medication(name="aspirin"),
        Medication(name="Omeprazole", atc="A02BC01"),
        Medication(name="omeprazole", atc="A02BC01"),
        Medication(name="omeprazole", atc="A02BC01", source="medications[0]"),
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
        MagnesiumProduct("magnesium oxide", "100 mg", source="magnesium_products[0]"),
    ]
    for shuffled in permutations(given):
        assert Patient(magnesium_products=shuffled).magnesium_products == tuple(given)
    assert Patient().magnesium_products is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Medication(name="omeprazole"), "Medication(name='omeprazole')"),
        (Medication(atc="A02BC01", times=(480,)), "Medication(atc='A02BC01', times=(480,))"),
        (
            MagnesiumProduct("magnesium oxide", "400 mg", per_day=Decimal(2)),
            "MagnesiumProduct(salt='magnesium oxide', amount='400 mg', per_day=Decimal('2'))",
        ),
        (Score("PHQ-9", 0), "Score(instrument='PHQ-9', total=0)"),
        (
            result("serum_magnesium", "0.80", MONDAY),
            "LabResult(test='serum_magnesium', value=Decimal('0.80'), unit='mmol/L', on=datetime.date(2026, 8, 24))",
        ),
        (Patient(), "Patient()"),
        (Patient(sex="female", lactating=False), "Patient(sex='female', lactating=False)"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_known_is_shown_as_python_and_nothing_else(value: object, shown: str) -> None:
    assert repr(value) == shown
    names = (Medication, MagnesiumProduct, Score, LabResult, Patient, ReferenceInterval, Decimal)
    assert eval(shown, {"datetime": datetime, **{each.__name__: each for each in names}}) == value
