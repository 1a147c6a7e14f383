"""What a record may say, what it becomes, and every kind of mistake in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mgdecide import InvalidRecord, Patient, read_patient
from mgdecide.adapters.record.records import write_record
from mgdecide.testing import patients

# The example of the outside contract, with its numbers and texts as they stand there.
CONTRACT = """{
  "id": "demo-1", "assessed_on": "2026-08-29",
  "age_years": 54, "sex": "female", "weight_kg": 70, "pregnancy": "not pregnant",
  "labs": [
    {"test": "serum_magnesium", "value": "1.48", "unit": "mg/dL", "on": "2026-08-20",
     "reference": {"low": "1.7", "high": "2.6"}, "haemolysed": false, "unit_confirmed": false},
    {"test": "egfr", "value": 71, "unit": "mL/min/1.73m2", "on": "2026-08-20"}
  ],
  "scores": [{"instrument": "PHQ-9", "total": 12, "items": {"9": 0}, "on": "2026-08-20"}],
  "conditions": {"type_2_diabetes": true, "myasthenia_gravis": false},
  "conditions_complete": true,
  "presenting": {"syncope": false, "palpitations": false},
  "medications": [{"name": "alendronate", "times": ["07:00"]}, {"atc": "A02BC01"}, {"rxnorm": "36437"}],
  "medications_complete": true,
  "magnesium_products": [{"salt": "magnesium oxide", "amount": "400 mg", "basis": "salt", "per_day": 1}],
  "diet": {"magnesium_mg_per_day": 210},
  "substances": {"alcohol_drinks_per_day": 1, "tobacco": false, "caffeine_mg_per_day": 300},
  "treatment_history": {"adequate_antidepressant_trials_failed": 2},
  "acknowledged": ["urgent.suicide-item"]
}"""

Record = dict[str, Any]


def mistakes(record: object, **how: Any) -> list[tuple[str, str]]:
    """Code and path of every mistake."""
    with pytest.raises(InvalidRecord) as raised:
        read_patient(record, **how)  # type: ignore[arg-type]  # anything may come in
    for problem in raised.value.problems:
        assert problem.given, problem
        assert problem.accepted, problem
        assert "\n" not in str(problem)
    return [(problem.code, problem.path) for problem in raised.value.problems]


def lab(**members: Any) -> Record:
    """A record of one serum magnesium, with members changed, or left out if None."""
    result = {"test": "serum_magnesium", "value": "0.81", "unit": "mmol/L", **members}
    return {"labs": [{key: value for key, value in result.items() if value is not None}]}


def score(**members: Any) -> Record:
    return {"scores": [{"instrument": "PHQ-9", "total": 12, **members}]}


def product(**members: Any) -> Record:
    return {"magnesium_products": [{"salt": "magnesium oxide", "amount": "400 mg", **members}]}


# --- what is read -------------------------------------------------------------------------------------------


def test_the_contract_s_example() -> None:
    patient = read_patient(CONTRACT)
    assert patient.assessed_on == date(2026, 8, 29)
    assert patient.age_years == 54
    egfr, magnesium = patient.labs
    assert (magnesium.shown, magnesium.unit, magnesium.on) == ("1.48", "mg/dL", date(2026, 8, 20))
    assert (magnesium.reference.low, magnesium.reference.high) == (Decimal("1.7"), Decimal("2.6"))
    assert (magnesium.haemolysed, magnesium.unit_confirmed) == (False, False)
    assert (egfr.shown, egfr.reference.low) == ("71", None)
    assert patient.scores[0].total == 12
    assert patient.scores[0].item(9) == 0
    assert patient.scores[0].item(1) is None
    assert dict(patient.conditions) == {"type_2_diabetes": True, "myasthenia_gravis": False}
    assert [medicine.shown for medicine in patient.medications] == ["alendronate", "ATC A02BC01", "RxNorm 36437"]
    assert patient.medications[0].times == (7 * 60,)
    assert patient.magnesium_products is not None
    assert patient.magnesium_products[0].per_day == 1
    assert patient.failed_antidepressant_trials == 2
    assert patient.acknowledged == {"urgent.suicide-item"}


def test_a_mapping_reads_as_its_text() -> None:
    assert read_patient(json.loads(CONTRACT)) == read_patient(CONTRACT) == read_patient(CONTRACT.encode())


def test_other_mappings_and_sequences_read_the_same() -> None:
    frozen = MappingProxyType({"labs": tuple(MappingProxyType(each) for each in lab()["labs"])})
    assert read_patient(frozen) == read_patient(lab())


def test_nothing_is_needed_and_nothing_is_defaulted() -> None:
    assert read_patient({}) == read_patient("{}") == Patient()


def test_null_is_the_same_as_absent() -> None:
    every_key = dict.fromkeys((*json.loads(CONTRACT), "height_cm", "trimester", "lactating"))
    assert read_patient(every_key) == Patient()
    assert read_patient({"conditions": {"dialysis": None}}).conditions == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1.480", "1.480"),
        ('"1.480"', "1.480"),
        ("1", "1"),
        ("2.0", "2.0"),
        ('" 0.70 "', "0.70"),
        ('".5"', "0.5"),
        ("1e0", "1"),
        ("12e-1", "1.2"),
    ],
)
def test_digits_are_kept(text: str, shown: str) -> None:
    patient = read_patient(f'{{"labs": [{{"test": "serum_magnesium", "value": {text}, "unit": "mmol/L"}}]}}')
    assert patient.labs[0].shown == shown


def test_a_float_is_read_as_it_prints() -> None:
    assert read_patient(lab(value=0.7)).labs[0].value == Decimal("0.7")


@pytest.mark.parametrize(
    ("given", "comparator", "number"),
    [
        ("<0.5", "<", "0.5"),
        ("< 0.5", "<", "0.5"),
        ("<=0.5", "<=", "0.5"),
        ("\u2264 0.5", "<=", "0.5"),
        (">2", ">", "2"),
        ("\u2265 2", ">=", "2"),
        (">= 2.00", ">=", "2.00"),
    ],
)
def test_comparators_are_kept(given: str, comparator: str, number: str) -> None:
    result = read_patient(lab(value=given)).labs[0]
    assert (result.comparator, str(result.value)) == (comparator, number)
    assert read_patient(lab(value=number, comparator=comparator)).labs[0] == result


@pytest.mark.parametrize(
    ("test", "value", "given", "unit"),
    [
        ("serum_magnesium", "1.6", "meq/L", "mEq/L"),
        ("serum_magnesium", "1.6", "MEQ/L", "mEq/L"),
        ("serum_magnesium", "1.6", "mval/l", "mEq/L"),
        ("serum_magnesium", "1.9", "mg/dl", "mg/dL"),
        ("serum_magnesium", "1.9", "MG/DL", "mg/dL"),
        ("serum_magnesium", "1.9", "mg%", "mg/dL"),
        ("serum_magnesium", "810", "\N{MICRO SIGN}mol/L", "umol/L"),
        ("serum_magnesium", "810", "\N{GREEK SMALL LETTER MU}mol/l", "umol/L"),
        ("serum_magnesium", "0.8", "mmol/l", "mmol/L"),
        ("egfr", "71", "mL/min/{1.73_m2}", "mL/min/1.73m2"),
        ("egfr", "71", "mL/min/1.73 m2", "mL/min/1.73m2"),
        ("egfr", "71", "ml/min/1.73m\N{SUPERSCRIPT TWO}", "mL/min/1.73m2"),
        ("urine_magnesium_24h", "4", "mmol/(24.h)", "mmol/24h"),
        ("urine_magnesium_24h", "4", "mmol/d", "mmol/24h"),
    ],
)
def test_usual_spellings_of_units(test: str, value: str, given: str, unit: str) -> None:
    assert read_patient(lab(test=test, value=value, unit=given)).labs[0].unit == unit


def test_an_unrecognised_medicine_is_kept() -> None:
    medicine = read_patient({"medications": [{"name": "Zauberwasser 30 C"}]}).medications[0]
    assert medicine.shown == "Zauberwasser 30 C"


def test_rxnorm_may_be_a_number() -> None:
    assert read_patient({"medications": [{"rxnorm": 36437}]}).medications[0].rxnorm == "36437"


def test_an_empty_list_of_products_is_an_answer_and_an_absent_one_is_not() -> None:
    assert read_patient({"magnesium_products": []}).magnesium_products == ()
    assert read_patient({}).magnesium_products is None


@pytest.mark.parametrize(
    "record",
    [
        {"age_years": 80, "sex": "male", "pregnancy": "pregnant"},
        {"pregnancy": "not pregnant", "trimester": 2},
        {"conditions": {"mobitz_ii_or_third_degree_av_block": True, "heart_block": False}},
        {"labs": [lab(value="0.5")["labs"][0], lab(value="2.5")["labs"][0]]},
        {"labs": [lab(unit="mg/dL", value="1.9", loinc="2601-3")["labs"][0]]},
        {"labs": [lab(value="1.9")["labs"][0]]},
        {"scores": [{"instrument": "PHQ-9", "total": 2}, {"instrument": "PHQ-9", "total": 20}]},
    ],
)
def test_contradictions_are_never_mistakes(record: Record) -> None:
    read_patient(record)


# --- scores -------------------------------------------------------------------------------------------------

ALL_ITEMS = {str(item): 2 for item in range(1, 10)}


@pytest.mark.parametrize(
    ("members", "total", "mismatch"),
    [
        ({"total": None, "items": ALL_ITEMS}, 18, False),
        ({"total": 18, "items": ALL_ITEMS}, 18, False),
        ({"total": 12, "items": ALL_ITEMS}, 18, True),
        ({"total": 20, "items": ALL_ITEMS}, 20, True),
        ({"total": None, "items": {"9": 1}}, None, False),
        ({"total": 5, "items": {"1": 3, "2": 3}}, 6, True),
        ({"total": 6, "items": {"1": 3, "2": 3}}, 6, False),
        ({"total": 12}, 12, False),
        ({"total": "12"}, 12, False),
        ({"total": 12.0}, 12, False),
        ({"items": {9: 3}}, 12, False),
        ({"items": {"9": None}}, 12, False),
    ],
)
def test_total_and_items(members: Record, total: int | None, mismatch: bool) -> None:
    found = read_patient(score(**members)).scores[0]
    assert (found.total, found.mismatch) == (total, mismatch)


@pytest.mark.parametrize(
    ("instrument", "highest"),
    [  # the ranges of the dossier's table of scales
        ("PHQ-9", 27), ("BDI-II", 63), ("HAM-D17", 52), ("MADRS", 60), ("GAD-7", 21), ("EPDS", 30), ("GDS-15", 15),
        ("GDS-30", 30), ("DASS-21-D", 21), ("DASS-42-D", 42), ("AUDIT-C", 12),
    ],
)  # fmt: skip
def test_every_instrument_has_its_range(instrument: str, highest: int) -> None:
    assert read_patient(score(instrument=instrument, total=highest)).scores[0].total == highest
    assert read_patient(score(instrument=instrument, total=0)).scores[0].total == 0
    assert mistakes(score(instrument=instrument, total=highest + 1)) == [("MGD-R141", "scores[0].total")]


@pytest.mark.parametrize(
    ("instrument", "item", "highest"),
    [("PHQ-9", 9, 3), ("BDI-II", 9, 3), ("EPDS", 10, 3), ("HAM-D17", 3, 4), ("HAM-D17", 4, 2), ("MADRS", 10, 6)],
)
def test_items_have_their_range(instrument: str, item: int, highest: int) -> None:
    read_patient(score(instrument=instrument, items={str(item): highest}))
    found = mistakes(score(instrument=instrument, items={str(item): highest + 1}))
    assert found == [("MGD-R141", f"scores[0].items.{item}")]


# --- every kind of mistake ----------------------------------------------------------------------------------

LATER = {"assessed_on": "2026-08-29"}
BAD: list[tuple[Record, str, str]] = [
    # keys
    ({"age": 54}, "MGD-R110", "age"),
    (lab(units="mmol/L"), "MGD-R110", "labs[0].units"),
    ({"diet": {"magnesium": 210}}, "MGD-R110", "diet.magnesium"),
    (lab(value=None), "MGD-R111", "labs[0].value"),
    (lab(unit=None), "MGD-R111", "labs[0].unit"),
    (lab(test=None), "MGD-R111", "labs[0].test"),
    ({"medications": [{}]}, "MGD-R111", "medications[0]"),
    ({"medications": [{"times": ["07:00"]}]}, "MGD-R111", "medications[0]"),
    ({"magnesium_products": [{"amount": "400 mg"}]}, "MGD-R111", "magnesium_products[0].salt"),
    ({"magnesium_products": [{"salt": "magnesium oxide"}]}, "MGD-R111", "magnesium_products[0].amount"),
    ({"scores": [{"instrument": "PHQ-9"}]}, "MGD-R111", "scores[0].total"),
    ({"scores": [{"total": 12}]}, "MGD-R111", "scores[0].instrument"),
    # kinds
    ({"labs": {}}, "MGD-R112", "labs"),
    ({"labs": ["egfr"]}, "MGD-R112", "labs[0]"),
    ({"labs": "none"}, "MGD-R112", "labs"),
    ({"conditions": ["dialysis"]}, "MGD-R112", "conditions"),
    ({"conditions": {"dialysis": "no"}}, "MGD-R112", "conditions.dialysis"),
    ({"conditions": {"dialysis": 0}}, "MGD-R112", "conditions.dialysis"),
    ({"conditions_complete": "yes"}, "MGD-R112", "conditions_complete"),
    (lab(test=3), "MGD-R112", "labs[0].test"),
    (lab(haemolysed="no"), "MGD-R112", "labs[0].haemolysed"),
    ({"id": 17}, "MGD-R112", "id"),
    ({"id": ""}, "MGD-R113", "id"),
    ({"id": "x" * 201}, "MGD-R113", "id"),
    ({"id": "two\nlines"}, "MGD-R113", "id"),
    ({"id": "\x1b[31mred"}, "MGD-R113", "id"),
    ({"medications": [{"name": " "}]}, "MGD-R113", "medications[0].name"),
    # numbers
    ({"age_years": "fifty"}, "MGD-R120", "age_years"),
    ({"age_years": True}, "MGD-R120", "age_years"),
    ({"age_years": -1}, "MGD-R120", "age_years"),
    ({"age_years": float("nan")}, "MGD-R120", "age_years"),
    ({"age_years": float("inf")}, "MGD-R120", "age_years"),
    ({"age_years": Decimal("NaN")}, "MGD-R120", "age_years"),
    ({"age_years": 10**30}, "MGD-R120", "age_years"),
    ({"age_years": [54]}, "MGD-R120", "age_years"),
    (lab(value="1,48"), "MGD-R120", "labs[0].value"),
    (lab(value="1.48 mmol/L"), "MGD-R120", "labs[0].value"),
    (lab(value="about 1"), "MGD-R120", "labs[0].value"),
    (lab(value="--1"), "MGD-R120", "labs[0].value"),
    (lab(value="-1"), "MGD-R120", "labs[0].value"),
    (lab(value=-1), "MGD-R120", "labs[0].value"),
    (lab(value=""), "MGD-R120", "labs[0].value"),
    (lab(value="1e3"), "MGD-R120", "labs[0].value"),
    (lab(value="\uff11"), "MGD-R120", "labs[0].value"),  # a full-width 1
    (lab(value="9" * 5000), "MGD-R120", "labs[0].value"),
    (lab(value=False), "MGD-R120", "labs[0].value"),
    (lab(reference={"low": "a"}), "MGD-R120", "labs[0].reference.low"),
    (lab(reference={"low": "<0.7"}), "MGD-R120", "labs[0].reference.low"),
    (score(total=12.5), "MGD-R122", "scores[0].total"),
    (score(total="twelve"), "MGD-R120", "scores[0].total"),
    (score(items={"9": 1.5}), "MGD-R122", "scores[0].items.9"),
    (score(items={"9": -1}), "MGD-R120", "scores[0].items.9"),
    (score(items={"9": True}), "MGD-R120", "scores[0].items.9"),
    # ranges
    ({"age_years": 121}, "MGD-R121", "age_years"),
    ({"weight_kg": 0}, "MGD-R121", "weight_kg"),
    ({"trimester": 4}, "MGD-R121", "trimester"),
    ({"trimester": 0}, "MGD-R121", "trimester"),
    ({"diet": {"magnesium_mg_per_day": 10**6}}, "MGD-R121", "diet.magnesium_mg_per_day"),
    ({"substances": {"alcohol_drinks_per_day": 100}}, "MGD-R121", "substances.alcohol_drinks_per_day"),
    (lab(value=">16"), "MGD-R121", "labs[0].value"),
    (lab(test="qtc", unit="ms", value=42), "MGD-R121", "labs[0].value"),
    (lab(reference={"low": 2.6, "high": 1.7}), "MGD-R132", "labs[0].reference.high"),
    (lab(reference={"low": 1, "high": 1}), "MGD-R132", "labs[0].reference.high"),
    (product(per_day=0), "MGD-R121", "magnesium_products[0].per_day"),
    (product(per_day=1000), "MGD-R121", "magnesium_products[0].amount"),
    # comparators
    (lab(comparator="=="), "MGD-R123", "labs[0].comparator"),
    (lab(value="<0.5", comparator=">"), "MGD-R123", "labs[0].comparator"),
    # names
    (lab(test="magnesium"), "MGD-R130", "labs[0].test"),
    (lab(unit="mg"), "MGD-R131", "labs[0].unit"),
    (lab(unit="Mg/dL"), "MGD-R131", "labs[0].unit"),
    (lab(unit="mmol/24h"), "MGD-R131", "labs[0].unit"),
    (lab(unit=""), "MGD-R131", "labs[0].unit"),
    (lab(test="egfr", unit="mL/min", value=71), "MGD-R131", "labs[0].unit"),
    (lab(test="urine_magnesium_24h", unit="mg/24.h", value=90), "MGD-R131", "labs[0].unit"),
    (lab(loinc="2601-4"), "MGD-R133", "labs[0].loinc"),
    (lab(loinc="serum"), "MGD-R133", "labs[0].loinc"),
    (lab(loinc="21377-7"), "MGD-R134", "labs[0].loinc"),  # whole blood
    (lab(loinc="2160-0"), "MGD-R134", "labs[0].loinc"),  # creatinine
    (score(instrument="PHQ9"), "MGD-R140", "scores[0].instrument"),
    (score(instrument="DASS-21"), "MGD-R140", "scores[0].instrument"),
    (score(items={"10": 1}), "MGD-R142", "scores[0].items.10"),
    (score(items={"09": 1}), "MGD-R142", "scores[0].items.09"),
    (score(items={"nine": 1}), "MGD-R142", "scores[0].items.nine"),
    ({"conditions": {"type2_diabetes": True}}, "MGD-R150", "conditions.type2_diabetes"),
    ({"conditions": {"seizure": True}}, "MGD-R150", "conditions.seizure"),
    ({"presenting": {"dialysis": True}}, "MGD-R151", "presenting.dialysis"),
    ({"sex": "F"}, "MGD-R152", "sex"),
    ({"pregnancy": "yes"}, "MGD-R152", "pregnancy"),
    ({"pregnancy": ""}, "MGD-R152", "pregnancy"),
    (product(basis="total"), "MGD-R152", "magnesium_products[0].basis"),
    ({"acknowledged": ["suicide-item"]}, "MGD-R190", "acknowledged[0]"),
    ({"acknowledged": ["gate.kidney"]}, "MGD-R190", "acknowledged[0]"),
    # dates and times
    ({"assessed_on": "29.08.2026"}, "MGD-R160", "assessed_on"),
    ({"assessed_on": "2026-02-30"}, "MGD-R160", "assessed_on"),
    ({"assessed_on": "2026-W35-6"}, "MGD-R160", "assessed_on"),
    ({"assessed_on": "20260829"}, "MGD-R160", "assessed_on"),
    ({"assessed_on": "2026-08-29T08:00:00Z"}, "MGD-R160", "assessed_on"),
    ({"assessed_on": 20260829}, "MGD-R160", "assessed_on"),
    ({"assessed_on": datetime(2026, 8, 29, tzinfo=UTC)}, "MGD-R160", "assessed_on"),
    ({**LATER, **lab(on="2026-08-30")}, "MGD-R161", "labs[0].on"),
    ({**LATER, **score(on="2026-08-30")}, "MGD-R161", "scores[0].on"),
    ({"medications": [{"name": "a", "times": ["7:00"]}]}, "MGD-R173", "medications[0].times[0]"),
    ({"medications": [{"name": "a", "times": ["07:00", "24:00"]}]}, "MGD-R173", "medications[0].times[1]"),
    ({"medications": [{"name": "a", "times": "07:00"}]}, "MGD-R112", "medications[0].times"),
    # codes
    ({"medications": [{"atc": "a02bc01"}]}, "MGD-R171", "medications[0].atc"),
    ({"medications": [{"atc": "A2BC01"}]}, "MGD-R171", "medications[0].atc"),
    ({"medications": [{"rxnorm": "36437x"}]}, "MGD-R172", "medications[0].rxnorm"),
    ({"medications": [{"rxnorm": -1}]}, "MGD-R172", "medications[0].rxnorm"),
    # products
    (product(salt="magnesium sulfat"), "MGD-U111", "magnesium_products[0].salt"),
    (product(amount="400"), "MGD-U109", "magnesium_products[0].amount"),
    (product(amount="400 Mg"), "MGD-U102", "magnesium_products[0].amount"),
    (product(amount="1,5 g"), "MGD-U106", "magnesium_products[0].amount"),
    (product(amount="two tablets"), "MGD-U109", "magnesium_products[0].amount"),
    (product(amount="400 mg per day"), "MGD-U105", "magnesium_products[0].amount"),
    (product(amount="10 mmol", basis="salt"), "MGD-U104", "magnesium_products[0].amount"),
    (product(amount=400), "MGD-R112", "magnesium_products[0].amount"),
]


@pytest.mark.parametrize(("record", "code", "path"), BAD, ids=[f"{code}:{path}" for _, code, path in BAD])
def test_one_mistake_of_every_kind(record: Record, code: str, path: str) -> None:
    assert mistakes(record) == [(code, path)]


@pytest.mark.parametrize(
    ("unit", "lowest", "below", "highest", "above"),
    [  # 0.05 and 15 mmol/L by 24.305 g/mol and two charges, worked out by hand
        ("mmol/L", "0.05", "0.0499", "15", "15.01"),
        ("umol/L", "50", "49.9", "15000", "15001"),
        ("mEq/L", "0.1", "0.099", "30", "30.01"),
        ("mg/dL", "0.121525", "0.1215", "36.4575", "36.458"),
        ("mg/L", "1.21525", "1.215", "364.575", "364.58"),
    ],
)
def test_serum_magnesium_is_possible_from_0_05_to_15_mmol_per_litre(
    unit: str, lowest: str, below: str, highest: str, above: str
) -> None:
    for value in (lowest, highest):
        read_patient(lab(unit=unit, value=value))
    for value in (below, above):
        assert mistakes(lab(unit=unit, value=value)) == [("MGD-R121", "labs[0].value")]


def test_all_mistakes_at_once_in_the_order_of_the_schema() -> None:
    record = {
        "conditions": {"type2_diabetes": True, "dialysis": 1},
        "agee": 3,
        "labs": [
            {"test": "magnesium", "value": "1,9", "unit": "mg/dl", "on": "2026-09-01"},
            {"test": "egfr", "value": 71, "unit": "mmol/L", "on": "2026-09-01", "reference": {"low": 9, "high": 1}},
            7,
        ],
        "assessed_on": "2026-08-29",
        "age_years": "x",
    }
    assert mistakes(record) == [
        ("MGD-R120", "age_years"),
        ("MGD-R120", "labs[0].value"),
        ("MGD-R130", "labs[0].test"),
        ("MGD-R161", "labs[0].on"),
        ("MGD-R131", "labs[1].unit"),
        ("MGD-R161", "labs[1].on"),
        ("MGD-R132", "labs[1].reference.high"),
        ("MGD-R112", "labs[2]"),
        ("MGD-R112", "conditions.dialysis"),
        ("MGD-R150", "conditions.type2_diabetes"),
        ("MGD-R110", "agee"),
    ]


@pytest.mark.parametrize(
    ("record", "suggestion"),
    [
        ({"pregnant": True}, "pregnancy"),
        ({"agee_years": 54}, "age_years"),
        (lab(test="magnesium"), "serum_magnesium"),
        (lab(unit="mmol"), "mmol/L"),
        (score(instrument="phq 9"), "PHQ-9"),
        ({"conditions": {"coeliac": True}}, "coeliac_disease"),
        ({"sex": "f"}, "female"),
        ({"acknowledged": ["urgent.suicide"]}, "urgent.suicide-item"),
        ({"medications": [{"atc": " a02bc01"}]}, "A02BC01"),
        (product(salt="magnesium oxid"), "magnesium oxide"),
    ],
)
def test_the_nearest_name_is_suggested(record: Record, suggestion: str) -> None:
    with pytest.raises(InvalidRecord) as raised:
        read_patient(record)
    assert suggestion in raised.value.problems[0].accepted.split("Accepted:")[0]


# --- the day of assessment ----------------------------------------------------------------------------------

DAY = date(2026, 8, 29)


def test_the_record_s_own_day_is_used() -> None:
    assert read_patient(LATER, today=date(2027, 1, 1)).assessed_on == DAY


def test_a_day_that_is_given_comes_first() -> None:
    assert read_patient(LATER, on=date(2027, 1, 1)).assessed_on == date(2027, 1, 1)


def test_today_is_used_only_where_the_record_names_no_day() -> None:
    assert read_patient({}, today=DAY).assessed_on == DAY
    assert read_patient({}).assessed_on is None


def test_dates_are_held_against_the_day_used() -> None:
    record = {**LATER, **lab(on="2026-08-20")}
    assert mistakes(record, on=date(2026, 8, 19)) == [("MGD-R161", "labs[0].on")]
    assert mistakes(lab(on="2026-08-20"), today=date(2026, 8, 19)) == [("MGD-R161", "labs[0].on")]
    read_patient(lab(on="2099-01-01"))  # no day, nothing to hold it against; its age stays unknown


# --- laws ---------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)
_WORDS = ["egfr", "mmol/L", "PHQ-9", "2026-08-29", "07:00", "A02BC01", "<0.5", "400 mg", "magnesium oxide", "\ud800"]
_LEAVES = JSON | st.sampled_from(_WORDS) | st.sampled_from([0, 1, 12, -1, 1.5, True, float("nan"), 10**400])


def _shaped(members: list[str]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(members), _LEAVES, max_size=6)


_SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "age_years": _LEAVES,
        "assessed_on": _LEAVES,
        "labs": st.lists(_shaped(["test", "value", "unit", "on", "reference", "loinc", "comparator", "x"]), max_size=3),
        "scores": st.lists(_shaped(["instrument", "total", "items", "on"]), max_size=3),
        "conditions": st.dictionaries(st.sampled_from(["dialysis", "seizure", "x"]), _LEAVES, max_size=3),
        "medications": st.lists(_shaped(["name", "atc", "rxnorm", "times"]), max_size=3),
        "magnesium_products": st.lists(_shaped(["salt", "amount", "basis", "per_day"]), max_size=3),
        "acknowledged": st.lists(_LEAVES, max_size=2),
        "diet": _LEAVES,
    },
)


def _only_invalid_record(read: Callable[[], object]) -> None:
    try:
        read()
    except InvalidRecord as error:
        mistaken = error
    else:
        return
    assert all(problem.code.startswith("MGD-") for problem in mistaken.problems)
    str(mistaken).encode("utf-8")  # printable anywhere


@settings(max_examples=200, deadline=None)
@given(JSON | _SHAPED)
def test_anything_at_all_is_a_patient_or_an_invalid_record(value: object) -> None:
    _only_invalid_record(lambda: read_patient(value))  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(st.text() | st.binary() | JSON.map(lambda value: json.dumps(value, default=str)))
def test_any_text_is_a_patient_or_an_invalid_record(text: str | bytes) -> None:
    _only_invalid_record(lambda: read_patient(text))


@settings(max_examples=80, deadline=None)
@given(patients())
def test_what_is_written_reads_back_the_same(patient: Patient) -> None:
    read = read_patient(json.dumps(write_record(patient)))
    assert evolve(read, scores=()) == evolve(patient, scores=())
    # A reader of records corrects a total that is less than its items, so a made-up score may change once, not twice.
    assert read_patient(write_record(read)) == read
    if all(each.total is None or each.total >= sum(points for _, points in each.items) for each in patient.scores):
        assert read == patient


@pytest.mark.parametrize(
    "record",
    [
        json.loads(CONTRACT),
        score(total=5, items={"1": 3, "2": 3}),
        score(total=20, items=ALL_ITEMS),
        lab(unit="mg/dL", value="1.9", loinc="2601-3"),
        lab(value="> 2.0"),
        {"magnesium_products": []},
        {"height_cm": "168.5", "lactating": False, "trimester": 3},
    ],
)
def test_what_was_read_writes_and_reads_back_the_same(record: Record) -> None:
    patient = read_patient(record)
    assert read_patient(write_record(patient)) == patient


def test_the_order_of_lists_makes_no_difference() -> None:
    record = json.loads(CONTRACT)
    turned = {**record, "labs": record["labs"][::-1], "medications": record["medications"][::-1]}
    assert read_patient(turned) == read_patient(record)
