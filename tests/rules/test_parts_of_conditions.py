"""Conditions of several parts, part by part: with all of them the rule is told, without any one it is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.judge import DAY, healthy, lab, magnesium, rules

Row = dict[str, Any]

LOW_DIET: Row = {"diet": {"magnesium_mg_per_day": "150"}}  # below the average requirement at any age
FULL_DIET: Row = {"diet": {"magnesium_mg_per_day": "400"}}


def has(*names: str, **more: bool) -> Row:
    return {"conditions": {**dict.fromkeys(names, True), **more}}


def taking(*names: str) -> Row:
    return {"medications": [{"name": name} for name in names]}


DEPRESSED = has("major_depressive_disorder")
LOW, NORMAL = magnesium("0.60"), magnesium("0.90")


def told(rule: str, *labs: Row, **more: Any) -> bool:
    return rule in rules(healthy(*labs, **more))


@pytest.mark.parametrize(
    ("rule", "labs", "more"),
    [
        ("statement.trace-elements", [], DEPRESSED | LOW_DIET),
        ("statement.diet-association", [], LOW_DIET),
        ("statement.pooled-trials", [], DEPRESSED),
        ("statement.two-decisions", [LOW], DEPRESSED),
        ("statement.ssri-add-on", [], DEPRESSED | taking("sertraline")),
        ("statement.red-cell-on-treatment", [lab("rbc_magnesium", "2.0", "mmol/L")], taking("sertraline")),
        ("statement.red-cell-on-treatment", [lab("rbc_magnesium", "2.0", "mmol/L")], taking("amitriptyline")),
        ("statement.hormones", [], has("cushing_syndrome")),
        ("statement.hormones", [], has("hyperaldosteronism")),
        ("statement.hormones", [], taking("prednisolone")),
        ("companion.electrolytes", [LOW], {}),
        ("companion.electrolytes", [magnesium("1.30")], {}),
        ("companion.electrolytes", [], taking("furosemide")),
        ("companion.electrolytes", [], taking("hydrochlorothiazide")),
        ("companion.electrolytes", [], {"presenting": {"arrhythmia": True}}),
        ("companion.electrolytes", [], {"presenting": {"ventricular_arrhythmia": True}}),
        ("companion.low-potassium", [LOW, lab("serum_potassium", "2.0", "mmol/L")], {}),
        ("companion.trace-element-screen", [], DEPRESSED | LOW_DIET),
        ("companion.trace-element-screen", [], has("major_depressive_disorder", "anaemia")),
        ("companion.trace-element-screen", [], has("major_depressive_disorder", "vegan_diet")),
        ("companion.trace-element-screen", [], has("major_depressive_disorder", "coeliac_disease")),
        ("companion.trace-element-screen", [], has("major_depressive_disorder", "alcohol_use_disorder")),
        (
            "companion.trace-element-screen",
            [lab("zinc", "80", "ug/dL")],
            has("major_depressive_disorder", "anaemia"),
        ),
    ],
)
def test_with_every_part_it_is_told(rule: str, labs: list[Row], more: Row) -> None:
    assert told(rule, *labs, **more)


@pytest.mark.parametrize(
    ("rule", "labs", "more"),
    [
        ("statement.trace-elements", [], DEPRESSED | FULL_DIET),
        ("statement.trace-elements", [], LOW_DIET),
        ("statement.diet-association", [], FULL_DIET),
        ("statement.pooled-trials", [], {}),
        ("statement.pooled-trials", [], DEPRESSED | {"age_years": 12}),
        ("statement.two-decisions", [NORMAL], DEPRESSED),
        ("statement.two-decisions", [LOW], {}),
        ("statement.ssri-add-on", [], taking("sertraline")),
        ("statement.ssri-add-on", [], DEPRESSED | taking("amitriptyline")),
        ("statement.red-cell-on-treatment", [lab("rbc_magnesium", "2.0", "mmol/L")], taking("omeprazole")),
        ("statement.red-cell-on-treatment", [], taking("sertraline")),
        ("statement.hormones", [], {}),
        ("companion.electrolytes", [NORMAL], {}),
        (
            "companion.electrolytes",
            [LOW, lab("serum_potassium", "4.0", "mmol/L"), lab("serum_calcium", "2.4", "mmol/L")],
            {},
        ),
        ("companion.low-potassium", [NORMAL, lab("serum_potassium", "2.0", "mmol/L")], {}),
        ("companion.low-potassium", [LOW, lab("serum_potassium", "4.0", "mmol/L")], {}),
        ("companion.trace-element-screen", [], DEPRESSED | FULL_DIET),
        ("companion.trace-element-screen", [], has("anaemia", "vegan_diet")),
        (
            "companion.trace-element-screen",
            [lab("zinc", "80", "ug/dL"), lab("ferritin", "80", "ug/L")],
            has("major_depressive_disorder", "anaemia"),
        ),
    ],
)
def test_without_a_part_it_is_not(rule: str, labs: list[Row], more: Row) -> None:
    assert not told(rule, *labs, **more)


@pytest.mark.parametrize(("potassium", "calcium"), [("4.0", None), (None, "2.4")])
def test_one_electrolyte_does_not_stand_for_the_other(potassium: str | None, calcium: str | None) -> None:
    given = [("serum_potassium", potassium), ("serum_calcium", calcium)]
    labs = [lab(test, value, "mmol/L") for test, value in given if value is not None]
    assert told("companion.electrolytes", LOW, *labs)


@pytest.mark.parametrize(("phq9", "fires"), [(4, False), (5, True), (19, True), (20, False)])
def test_the_open_trial_is_told_of_scores_like_those_it_took(phq9: int, fires: bool) -> None:
    """tarleton-2017 took PHQ-9 totals from 5 to 19."""
    score: Row = {"scores": [{"instrument": "PHQ-9", "total": phq9, "items": {"9": 0}, "on": DAY}]}
    assert told("statement.open-trial", **score) is fires
    assert not told("statement.open-trial", **score, **has("psychosis"))
