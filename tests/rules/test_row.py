"""The row of facts: which result counts, what stands beside it, which scores, medicines and products it tells."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from mgdecide import assess
from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import Patient
from mgdecide.rules.row import Reading
from tests.rules.judge import DAY, judged, lab, magnesium, record

OLD = "2026-08-01"


def reading(*labs: dict[str, Any], **more: Any) -> Reading:
    return judged(record(*labs, **more))._reading


def row(*labs: dict[str, Any], **more: Any) -> dict[str, object]:
    return reading(*labs, **more).row


def undated(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key != "on"}


def test_a_result_becomes_columns_in_its_own_unit() -> None:
    told = row(magnesium("<1.5", "mg/dL", reference={"low": "1.6", "high": "2.4"}, haemolysed=True))
    assert {name: told[name] for name in told if name.startswith("serum_magnesium")} == {
        "serum_magnesium": 1.5,
        "serum_magnesium_unit": "mg/dL",
        "serum_magnesium_comparator": "<",
        "serum_magnesium_age_days": 0.0,
        "serum_magnesium_low": 1.6,
        "serum_magnesium_high": 2.4,
        "serum_magnesium_haemolysed": True,
    }


def test_what_was_not_reported_is_absent() -> None:
    told = row(undated(lab("serum_potassium", "4.1", "mmol/L")))
    assert {name for name in told if name.startswith("serum_potassium")} == {"serum_potassium", "serum_potassium_unit"}
    assert not {"weight_kg", "trimester", "pregnancy", "on_ssri", "dialysis", "phq9_total"} & set(told)
    assert (told["age_years"], told["sex"]) == (54.0, "female")


def test_without_a_day_of_assessment_no_result_has_an_age() -> None:
    given = {key: value for key, value in record(magnesium("0.9")).items() if key != "assessed_on"}
    assert "serum_magnesium_age_days" not in judged(given)._reading.row


def test_the_age_of_a_result_is_counted_in_days() -> None:
    assert row({**magnesium("0.9"), "on": OLD})["serum_magnesium_age_days"] == 28.0


def test_one_dated_result_has_no_rival() -> None:
    found = reading(magnesium("0.9"), lab("serum_potassium", "4.1", "mmol/L"))
    assert (found.same_day, found.undated) == ({}, ())
    told = {name: found.row[name] for name in ("conflicting_results", "undated_result")}
    told |= {name: found.row[name] for name in ("code_unit_mismatch", "interval_not_used")}
    assert set(told.values()) == {False}


def test_the_newest_result_counts_and_the_older_is_no_rival() -> None:
    found = reading({**magnesium("0.5"), "on": OLD}, magnesium("0.9"))
    assert found.results["serum_magnesium"].shown == "0.9"
    assert (found.same_day, found.undated, found.row["conflicting_results"]) == ({}, (), False)


def test_an_undated_result_gives_way_to_a_dated_one_and_is_kept() -> None:
    found = reading(undated(magnesium("0.5")), {**magnesium("0.6"), "on": OLD}, magnesium("0.9"))
    assert found.results["serum_magnesium"].shown == "0.9"
    assert [each.shown for each in found.undated] == ["0.5"]
    assert found.row["undated_result"] is True


def test_the_same_figure_twice_on_a_day_is_no_conflict() -> None:
    found = reading(magnesium("0.9", haemolysed=True), magnesium("0.9", haemolysed=False))
    assert (found.same_day, found.row["conflicting_results"]) == ({}, False)


@pytest.mark.parametrize(
    ("test", "unit", "values", "counts"),
    [
        ("serum_magnesium", "mmol/L", ("0.90", "0.60"), "0.60"),  # hypomagnesaemia is graver than adequate
        ("serum_magnesium", "mmol/L", ("0.60", "1.05"), "1.05"),  # above the limit is graver than mildly low
        ("serum_magnesium", "mmol/L", ("0.30", "1.05"), "0.30"),  # critically low is graver than mildly high
        ("serum_magnesium", "mmol/L", ("0.30", "3.40"), "3.40"),
        ("serum_magnesium", "mmol/L", (">0.95", "1.05"), "1.05"),  # what is high is graver than what may be
        ("serum_magnesium", "mmol/L", (">0.95", "0.45"), ">0.95"),
        ("egfr", "mL/min/1.73m2", ("25", "70"), "25"),  # of kidney figures the lower is the worse
        ("serum_creatinine", "mg/dL", ("0.8", "2.4"), "2.4"),  # of creatinine the higher
    ],
)
def test_of_two_results_of_one_day_the_worse_counts(test: str, unit: str, values: tuple[str, str], counts: str) -> None:
    for given in (values, values[::-1]):
        found = reading(*(lab(test, value, unit) for value in given))
        assert found.results[test].shown == counts
        assert [each.shown for each in found.same_day[test]] == [value for value in values if value != counts]
        assert found.row["conflicting_results"] is True


@pytest.mark.parametrize(("mg_dl", "counts"), [("0.9", "umol/L"), ("2.4", "mg/dL")])
def test_results_of_one_day_in_two_units_are_compared_in_one(mg_dl: str, counts: str) -> None:
    """100 umol/L of creatinine are 1.13 mg/dL: more than 0.9 mg/dL, and less than 2.4 mg/dL, which closes the gate."""
    found = reading(lab("serum_creatinine", "100", "umol/L"), lab("serum_creatinine", mg_dl, "mg/dL"))
    assert found.results["serum_creatinine"].unit == counts


@pytest.mark.parametrize(
    ("values", "high", "critical"),
    [
        (("0.90", "0.60"), False, False),
        (("0.30", "1.05"), True, False),
        (("0.30", "3.40"), False, True),
        (("0.60", "1.05"), False, False),
    ],
)
def test_the_magnesium_that_is_not_shown_still_speaks(values: tuple[str, str], high: bool, critical: bool) -> None:
    told = row(*(magnesium(value) for value in values))
    assert (told["other_magnesium_high"], told["other_magnesium_critical_low"]) == (high, critical)


# --- scores -------------------------------------------------------------------------------------------------


def phq9(total: int, on: str | None = DAY, **more: Any) -> dict[str, Any]:
    return {"instrument": "PHQ-9", "total": total, **({"on": on} if on else {}), **more}


@pytest.mark.parametrize(
    ("scores", "total"),
    [
        ([phq9(5)], 5.0),
        ([phq9(5, OLD), phq9(9)], 9.0),
        ([phq9(9, OLD), phq9(5)], 5.0),
        ([phq9(5), phq9(9)], 9.0),
        ([phq9(9, None), phq9(5)], 5.0),
    ],
)
def test_the_newest_score_counts_and_of_one_day_the_higher(scores: list[dict[str, Any]], total: float) -> None:
    told = row(scores=scores)
    assert (told["phq9_total"], told["score_mismatch"]) == (total, False)


def test_an_item_counts_from_the_newest_administration_that_recorded_it() -> None:
    told = row(scores=[phq9(9, OLD, items={"9": 2}), phq9(5)])
    assert (told["phq9_total"], told["phq9_item_9"]) == (5.0, 2.0)


@pytest.mark.parametrize(
    ("total", "given", "points", "mismatch"),
    [
        (24, None, None, False),  # eight items of three points reach 24 without the ninth
        (25, None, 1.0, False),
        (27, None, 3.0, False),
        (25, 1, 1.0, False),
        (26, 3, 3.0, False),
    ],
)
def test_what_a_total_implies_of_the_item_on_suicide(
    total: int, given: int | None, points: float | None, mismatch: bool
) -> None:
    told = row(scores=[phq9(total) if given is None else phq9(total, items={"9": given})])
    assert (told.get("phq9_item_9"), told["score_mismatch"]) == (points, mismatch)


# --- medicines and products ---------------------------------------------------------------------------------


def taking(*names: str, complete: bool | None = None, **more: Any) -> dict[str, object]:
    stated = {} if complete is None else {"medications_complete": complete}
    return row(medications=[{"name": name} for name in names], **stated, **more)


def test_a_recognised_medicine_makes_its_class_true() -> None:
    told = taking("omeprazole", complete=True)
    assert (told["on_ppi"], told["on_ssri"]) == (True, False)
    assert (told["unrecognised_medicine"], told["medicine_mismatch"]) == (False, False)


def test_an_incomplete_list_makes_no_class_false() -> None:
    told = taking("omeprazole", complete=False)
    assert told["on_ppi"] is True
    assert "on_ssri" not in told


def test_an_unrecognised_medicine_leaves_the_other_classes_unknown() -> None:
    told = taking("omeprazole", "an invented medicine", complete=True)
    assert (told["on_ppi"], told["unrecognised_medicine"]) == (True, True)
    assert "on_ssri" not in told


def test_a_code_that_speaks_against_the_name_is_told_whatever_else_is_taken() -> None:
    doubtful = {"name": "omeprazole", "atc": "N06AB06"}  # sertraline's code
    others: list[list[dict[str, str]]] = [[], [{"name": "sertraline"}], [{"name": "ramipril"}]]
    for beside in others:
        told = row(medications=[doubtful, *beside])
        assert told["medicine_mismatch"] is True


def product(
    amount: str, per_day: str | None, salt: str = "magnesium oxide", basis: str = "elemental"
) -> dict[str, Any]:
    return {"salt": salt, "amount": amount, "basis": basis, **({} if per_day is None else {"per_day": per_day})}


def intake(**more: Any) -> tuple[object, ...]:
    told = row(**more)
    names = ("takes_magnesium_product", "on_magnesium_product", "product_magnesium_mg_low", "product_magnesium_mg_high")
    return tuple(told.get(name) for name in names)


def test_products_are_added_up_over_the_day() -> None:
    assert intake(magnesium_products=[product("100 mg", "2"), product("150 mg", "1")]) == (True, True, 350.0, 350.0)


def test_a_label_that_may_be_read_two_ways_gives_an_interval() -> None:
    """500 mg of magnesium oxide, 60.3 percent magnesium, is 301.5 mg, or is 500 mg if that was elemental."""
    _, _, low, high = intake(magnesium_products=[{"salt": "magnesium oxide", "amount": "500 mg", "per_day": "2"}])
    assert low == pytest.approx(603.0, abs=0.5)
    assert high == 1000.0


def test_an_unknown_number_of_doses_leaves_the_amount_unknown() -> None:
    assert intake(magnesium_products=[product("100 mg", "2"), product("150 mg", None)]) == (True, True, None, None)


def test_no_products_are_no_magnesium() -> None:
    assert intake(magnesium_products=[]) == (False, None, 0.0, 0.0)


def test_a_product_may_stand_among_the_medicines() -> None:
    named = [{"name": "magnesium oxide"}]
    assert intake(medications=named)[:2] == (True, True)
    assert intake(medications=named, magnesium_products=[])[:2] == (True, True)
    assert intake(medications=[{"name": "omeprazole"}])[:2] == (None, None)


def test_an_acknowledged_rule_is_a_column() -> None:
    told = row(acknowledged=["urgent.suicide-item"])
    assert told["acknowledged_urgent_suicide_item"] is True


def test_a_complete_problem_list_makes_what_is_not_on_it_false() -> None:
    told = row(conditions_complete=True, conditions={"dialysis": True})
    assert (told["dialysis"], told["bipolar_disorder"]) == (True, False)
    assert "bipolar_disorder" not in row(conditions={"dialysis": True})


def test_a_doubt_about_any_result_is_a_doubt_about_the_record() -> None:
    sound = LabResult("albumin", Decimal(40), "g/L")
    plain = LabResult("serum_potassium", Decimal("4.1"), "mmol/L")
    after = LabResult("serum_sodium", Decimal(140), "mmol/L")
    for field in ("code_mismatch", "interval_not_used"):
        mismatch = field == "code_mismatch"
        doubtful = evolve(plain, code_mismatch=mismatch, interval_not_used=not mismatch)
        told = assess(Patient(labs=(sound, doubtful, after)))._reading.row
        assert told["code_unit_mismatch"] is (field == "code_mismatch")
        assert told["interval_not_used"] is (field == "interval_not_used")


def test_only_magnesium_of_the_same_day_stands_beside_magnesium() -> None:
    told = row(magnesium("0.30"), lab("egfr", "25", "mL/min/1.73m2"), lab("egfr", "70", "mL/min/1.73m2"))
    assert (told["other_magnesium_high"], told["other_magnesium_critical_low"]) == (False, False)
    assert told["conflicting_results"] is True


def test_only_undated_results_are_set_aside() -> None:
    found = reading({**lab("albumin", "30", "g/L"), "on": OLD}, {**lab("albumin", "35", "g/L"), "on": "2026-08-02"})
    assert found.undated == ()
