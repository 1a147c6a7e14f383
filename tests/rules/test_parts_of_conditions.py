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


PRODUCT: Row = {"magnesium_products": [{"salt": "magnesium oxide", "amount": "100 mg", "basis": "elemental"}]}
STALE = {"on": "2026-01-01"}
PACED = has("mobitz_ii_or_third_degree_av_block", "heart_block", "pacemaker")
RESISTANT = has("treatment_resistant_depression")
GFR = "mL/min/1.73m2"


def shows(*signs: str) -> Row:
    return {"presenting": dict.fromkeys(signs, True)}


def scored(instrument: str, total: int, **items: int) -> Row:
    return {"scores": [{"instrument": instrument, "total": total, "items": items, "on": DAY}]}


def scoring(*medicines: str, drinks: int) -> Row:
    """Magnesium Depletion Score: a diuretic 1, a proton pump inhibitor 1, eGFR below 60 2 and below 90 1, drinks 1."""
    return taking(*medicines) | {"substances": {"alcohol_drinks_per_day": drinks}}


def excretion(urine: str, serum: str = "1.4", **more: Any) -> list[Row]:
    """With creatinine 1.0 and 100 mg/dL and magnesium 1.4 mg/dL the fraction is 1.02 times the urine's magnesium."""
    return [
        magnesium(serum, "mg/dL"),
        lab("urine_magnesium", urine, "mg/dL") | more,
        lab("urine_creatinine", "100", "mg/dL"),
        lab("serum_creatinine", "1.0", "mg/dL"),
    ]


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
        ("caution.conduction", [], has("heart_block")),
        ("caution.conduction", [], has("bradycardia")),
        ("caution.paced-block", [], PACED),
        ("caution.product-while-contraindicated", [], PRODUCT | has("myasthenia_gravis")),
        ("caution.older-product-user", [], PRODUCT | {"age_years": 65}),
        ("caution.diarrhoea", [], has("chronic_diarrhoea")),
        ("caution.diarrhoea", [], has("irritable_bowel_syndrome")),
        ("caution.gitelman-target", [magnesium("0.60")], has("gitelman_syndrome")),
        ("caution.bipolar", [], taking("olanzapine")),
        ("caution.hyperphosphataemia", [lab("serum_phosphate", "1.51", "mmol/L")], {}),
        ("companion.electrolytes", [lab("qtc", "470", "ms")], {}),
        ("companion.electrolytes", [], taking("ondansetron")),
        ("companion.qt-magnesium-target", [magnesium("0.82")], taking("ondansetron")),
        ("companion.qt-magnesium-target", [magnesium("0.82"), lab("qtc", "470", "ms")], {}),
        ("companion.low-calcium", [LOW, lab("serum_calcium", "2.1", "mmol/L")], {}),
        ("companion.low-calcium", [LOW, lab("serum_calcium", "2.3", "mmol/L"), lab("albumin", "50", "g/L")], {}),
        ("companion.qtc-prolonged", [lab("qtc", "460", "ms")], {}),
        ("companion.qtc-prolonged", [lab("qtc", "450", "ms")], {"sex": "male"}),
        ("companion.low-zinc", [lab("zinc", "69", "ug/dL")], {}),
        ("companion.low-zinc", [lab("zinc", "73", "ug/dL")], {"sex": "male"}),
        ("data-quality.kidney-figures-differ", [lab("serum_creatinine", "2.4", "mg/dL")], {}),
        ("data-quality.kidney-figures-differ", [lab("egfr", "20", GFR), lab("serum_creatinine", "0.8", "mg/dL")], {}),
        ("data-quality.unit-suspect-interval", [magnesium("1.5", "mg/dL", reference={"high": "2.1"})], {}),
        ("data-quality.pregnancy-implausible", [], {"pregnancy": "pregnant", "sex": "male"}),
        ("data-quality.pregnancy-implausible", [], {"pregnancy": "pregnant", "age_years": 61}),
        ("data-quality.pregnancy-implausible", [], {"pregnancy": "pregnant", "age_years": 9}),
        ("data-quality.block-without-heart-block", [], has("mobitz_ii_or_third_degree_av_block")),
        ("data-quality.dialysis-without-kidney-disease", [], has("dialysis")),
        ("data-quality.resistant-without-depression", [], RESISTANT),
        ("risk.kidney-wasting-medicine", [], taking("amphotericin")),
        ("risk.kidney-wasting-medicine", [], taking("foscarnet")),
        ("risk.kidney-wasting-medicine", [], taking("pentamidine")),
        ("risk.shift", [], taking("salbutamol")),
        ("risk.shift", [], taking("insulin")),
        ("risk.shift", [], has("refeeding_risk")),
        ("risk.gut-loss", [], has("chronic_diarrhoea")),
        ("risk.gut-loss", [], has("inflammatory_bowel_disease")),
        ("risk.gut-loss", [], has("short_bowel")),
        ("risk.gut-loss", [], has("high_output_stoma")),
        ("risk.gut-loss", [], has("chronic_pancreatitis")),
        ("risk.kidney-loss", [], has("hypercalcaemia")),
        ("risk.kidney-loss", [], has("hyperthyroidism")),
        ("risk.hormones", [], has("hyperaldosteronism")),
        ("risk.hormones", [], taking("prednisolone")),
        ("risk.hormones", [lab("serum_potassium", "3.4", "mmol/L")], has("hypertension")),
        ("risk.substances", [], has("opioid_use_disorder")),
        ("risk.substances", [], has("cocaine_use_disorder")),
        ("risk.substances", [], has("nicotine_dependence")),
        ("risk.substances", [], has("substance_use_disorder")),
        ("risk.eating-disorder", [], has("eating_disorder")),
        ("risk.depletion-score", [lab("egfr", "59", GFR)], scoring("omeprazole", drinks=0)),
        ("risk.depletion-score-range", [lab("egfr", "59", GFR)], {}),
        ("risk.depletion-score-low-kidney", [lab("egfr", "29", GFR)], scoring("omeprazole", drinks=0)),
        ("data-quality.undated", [lab("serum_potassium", "4.0", "mmol/L") | {"on": None}], {}),
        ("data-quality.stale", [lab("serum_potassium", "4.0", "mmol/L") | {"on": "2026-05-30"}], {}),
        ("risk.eating-disorder", [], has("refeeding_risk")),
        ("risk.depletion-score", [lab("egfr", "60", GFR)], scoring("omeprazole", drinks=2)),
        ("risk.depletion-score", [lab("egfr", "60", GFR)], scoring("omeprazole", drinks=3) | {"sex": "male"}),
        ("statement.low-magnesium-trial", [LOW], scored("PHQ-9", 12)),
        ("statement.low-magnesium-trial-not-here", [NORMAL], scored("PHQ-9", 12)),
        ("statement.addiction", [], has("cocaine_use_disorder")),
        ("statement.addiction", [], has("alcohol_use_disorder")),
        ("statement.addiction", [], has("substance_use_disorder")),
        ("statement.addiction", [], has("nicotine_dependence")),
        ("statement.addiction", [], {"substances": {"tobacco": True}}),
        ("statement.treatment-resistant", [], RESISTANT),
        ("statement.resistant-measure", [magnesium("0.74")], RESISTANT),
        ("statement.pooled-trials", [], has("recurrent_depressive_disorder")),
        ("statement.pooled-trials", [], has("depressive_disorder")),
        ("statement.pooled-trials", [], RESISTANT),
        ("statement.no-extrapolation", [], DEPRESSED | shows("suicide_plan")),
        ("statement.no-extrapolation", [], DEPRESSED | shows("suicide_intent")),
        ("statement.no-extrapolation", [], DEPRESSED | shows("recent_attempt")),
        ("statement.no-extrapolation", [], DEPRESSED | {"age_years": 17}),
        ("statement.no-extrapolation", [], DEPRESSED | {"pregnancy": "pregnant"}),
        ("statement.no-extrapolation", [lab("egfr", "59", GFR)], DEPRESSED),
        ("specimen.fractional-excretion-high", excretion("4.0"), {}),
        ("specimen.fractional-excretion-indeterminate", excretion("3.0"), {}),
        ("specimen.fractional-excretion-low", excretion("1.9"), {}),
        ("specimen.ionised-low", [lab("ionized_magnesium", "0.50", "mmol/L", reference={"low": "0.51"})], {}),
        ("specimen.ionised-high", [lab("ionized_magnesium", "0.50", "mmol/L", reference={"high": "0.49"})], {}),
        ("urgent.refeeding", [lab("serum_potassium", "3.4", "mmol/L")], has("refeeding_risk")),
        ("urgent.refeeding", [lab("serum_phosphate", "0.79", "mmol/L")], has("refeeding_risk")),
        ("urgent.high-magnesium", [magnesium("1.24")], has("bradycardia")),
        ("urgent.high-magnesium", [magnesium("1.24")], shows("respiratory_depression")),
        ("urgent.low-magnesium-with-signs", [magnesium("0.49")], shows("ventricular_arrhythmia")),
        ("urgent.suicide-emergency", [], shows("suicide_means", "suicidal_thoughts")),
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
        ("caution.conduction", [], {}),
        ("caution.conduction", [], PACED),
        ("caution.paced-block", [], has("pacemaker")),
        ("caution.paced-block", [], has("mobitz_ii_or_third_degree_av_block", "heart_block")),
        ("caution.product-while-contraindicated", [], PRODUCT),
        ("caution.product-while-contraindicated", [], has("myasthenia_gravis")),
        ("caution.older-product-user", [], PRODUCT | {"age_years": 64}),
        ("caution.older-product-user", [], {"age_years": 65, "magnesium_products": []}),
        ("caution.diarrhoea", [], {}),
        ("caution.gitelman-target", [magnesium("0.59")], has("gitelman_syndrome")),
        ("caution.gitelman-target", [NORMAL], has("gitelman_syndrome")),
        ("caution.gitelman-target", [magnesium("0.60")], {}),
        ("caution.bipolar", [], taking("sertraline")),
        ("caution.hyperphosphataemia", [lab("serum_phosphate", "1.51", "mmol/L") | STALE], {}),
        ("companion.qt-magnesium-target", [magnesium("0.83")], taking("ondansetron")),
        ("companion.qt-magnesium-target", [magnesium("0.80")], {}),
        ("companion.qt-magnesium-target", [magnesium("0.80"), lab("qtc", "480", "ms") | STALE], {}),
        ("companion.low-calcium", [NORMAL, lab("serum_calcium", "2.1", "mmol/L")], {}),
        ("companion.low-calcium", [LOW, lab("serum_calcium", "2.1", "mmol/L"), lab("albumin", "30", "g/L")], {}),
        ("companion.low-calcium", [LOW, lab("serum_calcium", "2.1", "mmol/L") | STALE], {}),
        ("companion.qtc-prolonged", [lab("qtc", "455", "ms")], {}),
        ("companion.qtc-prolonged", [lab("qtc", "449", "ms")], {"sex": "male"}),
        ("companion.low-zinc", [lab("zinc", "73", "ug/dL")], {}),
        ("companion.low-zinc", [lab("zinc", "74", "ug/dL")], {"sex": "male"}),
        ("data-quality.kidney-figures-differ", [lab("serum_creatinine", "0.8", "mg/dL")], {}),
        ("data-quality.kidney-figures-differ", [lab("serum_creatinine", "2.4", "mg/dL") | STALE], {}),
        ("data-quality.pregnancy-implausible", [], {"pregnancy": "pregnant", "age_years": 30}),
        ("data-quality.pregnancy-implausible", [], {"sex": "male"}),
        ("data-quality.pregnancy-implausible", [], {"age_years": 61}),
        ("data-quality.block-without-heart-block", [], PACED),
        ("data-quality.block-without-heart-block", [], {}),
        ("data-quality.dialysis-without-kidney-disease", [], has("dialysis", "chronic_kidney_disease")),
        ("data-quality.dialysis-without-kidney-disease", [], has("dialysis", "acute_kidney_injury")),
        ("data-quality.dialysis-without-kidney-disease", [], {}),
        ("data-quality.resistant-without-depression", [], has(*RESISTANT["conditions"], "major_depressive_disorder")),
        (
            "data-quality.resistant-without-depression",
            [],
            has(*RESISTANT["conditions"], "recurrent_depressive_disorder"),
        ),
        ("data-quality.resistant-without-depression", [], has(*RESISTANT["conditions"], "depressive_disorder")),
        ("data-quality.resistant-without-depression", [], {}),
        ("data-quality.unit-suspect-interval", [magnesium("0.90", reference={"low": "0.7", "high": "2.4"})], {}),
        ("data-quality.unit-suspect-interval", [magnesium("0.90", reference={"low": "1.6", "high": "3.0"})], {}),
        (
            "data-quality.unit-suspect-interval",
            [magnesium("2.0", "mg/dL", reference={"low": "1.7", "high": "2.2"})],
            {},
        ),
        ("risk.depletion-score", [lab("egfr", "60", GFR)], scoring("omeprazole", drinks=0)),
        ("risk.depletion-score", [lab("egfr", "59", GFR)], {}),
        ("risk.depletion-score-range", [lab("egfr", "60", GFR)], {}),
        ("risk.depletion-score-range", [lab("egfr", "59", GFR)], scoring("omeprazole", drinks=0)),
        ("risk.depletion-score-low-kidney", [lab("egfr", "30", GFR)], scoring("omeprazole", drinks=0)),
        ("risk.depletion-score-low-kidney", [lab("egfr", "29", GFR)], scoring(drinks=0)),
        ("data-quality.undated", [], {}),
        ("data-quality.stale", [lab("serum_potassium", "4.0", "mmol/L") | {"on": "2026-05-31"}], {}),
        ("risk.hormones", [lab("serum_potassium", "3.5", "mmol/L")], has("hypertension")),
        ("risk.hormones", [lab("serum_potassium", "3.4", "mmol/L")], {}),
        ("risk.hormones", [lab("serum_potassium", "3.4", "mmol/L") | STALE], has("hypertension")),
        ("risk.depletion-score", [lab("egfr", "60", GFR)], scoring("omeprazole", drinks=1)),
        ("risk.depletion-score", [lab("egfr", "60", GFR)], scoring("omeprazole", drinks=2) | {"sex": "male"}),
        ("statement.low-magnesium-trial", [LOW], DEPRESSED),
        ("statement.low-magnesium-trial", [NORMAL], scored("PHQ-9", 12)),
        ("statement.low-magnesium-trial", [LOW], scored("PHQ-9", 12) | {"age_years": None}),
        ("statement.low-magnesium-trial", [LOW], scored("PHQ-9", 12) | {"age_years": 17}),
        ("statement.low-magnesium-trial", [LOW, lab("egfr", "80", GFR) | STALE], scored("PHQ-9", 12)),
        ("statement.low-magnesium-trial-not-here", [NORMAL], {}),
        ("statement.low-magnesium-trial-not-here", [LOW], scored("PHQ-9", 12)),
        ("statement.open-trial", [], DEPRESSED),
        ("statement.resistant-measure", [magnesium("0.95")], RESISTANT),
        ("statement.resistant-measure", [magnesium("0.74")], {}),
        ("statement.resistant-measure", [magnesium("0.74") | STALE], RESISTANT),
        ("statement.no-extrapolation", [], DEPRESSED),
        ("statement.no-extrapolation", [lab("egfr", "59", GFR)], {}),
        ("specimen.fractional-excretion-high", excretion("3.0"), {}),
        ("specimen.fractional-excretion-high", excretion("4.0", **STALE), {}),
        ("specimen.fractional-excretion-high", excretion("8.0", "2.2"), {}),
        ("specimen.fractional-excretion-high", [*excretion("4.0"), lab("egfr", "59", GFR)], {}),
        ("specimen.fractional-excretion-indeterminate", excretion("1.9"), {}),
        ("specimen.fractional-excretion-indeterminate", excretion("4.0"), {}),
        ("specimen.fractional-excretion-indeterminate", excretion("3.0", **STALE), {}),
        ("specimen.fractional-excretion-indeterminate", excretion("5.0", "2.2"), {}),
        ("specimen.fractional-excretion-indeterminate", [*excretion("3.0"), lab("egfr", "59", GFR)], {}),
        ("specimen.fractional-excretion-low", excretion("3.0"), {}),
        ("specimen.fractional-excretion-low", excretion("1.9", **STALE), {}),
        ("specimen.fractional-excretion-low", excretion("1.9", "2.2"), {}),
        ("specimen.ionised-low", [lab("ionized_magnesium", "0.51", "mmol/L", reference={"low": "0.51"})], {}),
        ("specimen.ionised-high", [lab("ionized_magnesium", "0.49", "mmol/L", reference={"high": "0.49"})], {}),
        ("urgent.refeeding", [lab("serum_potassium", "3.4", "mmol/L")], {}),
        ("urgent.refeeding", [lab("serum_phosphate", "0.79", "mmol/L") | STALE], has("refeeding_risk")),
        ("urgent.high-magnesium", [NORMAL], has("bradycardia")),
        ("urgent.low-magnesium-with-signs", [NORMAL], shows("ventricular_arrhythmia")),
        ("urgent.suicide-emergency", [], shows("suicide_means")),
        ("urgent.suicide-emergency", [], shows("suicidal_thoughts")),
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


# The bands for minimal symptoms end at 4, 13, 7, 6, 9, 4, 9, 4 and 9: sources in the page of limits.
@pytest.mark.parametrize(
    ("instrument", "mild"),
    [
        ("PHQ-9", 5),
        ("BDI-II", 14),
        ("HAM-D17", 8),
        ("MADRS", 7),
        ("EPDS", 10),
        ("GDS-15", 5),
        ("GDS-30", 10),
        ("DASS-21-D", 5),
        ("DASS-42-D", 10),
    ],
)
def test_any_scale_above_its_minimal_band_tells_depressive_symptoms(instrument: str, mild: int) -> None:
    assert told("statement.pooled-trials", **scored(instrument, mild))
    assert not told("statement.pooled-trials", **scored(instrument, mild - 1))


@pytest.mark.parametrize(
    ("unit", "low", "high"),
    [
        ("mmol/L", "1.4", "2.1"),
        ("mmol/L", "1.7", "2.6"),
        ("mg/dL", "0.7", "1.0"),
        ("mg/dL", "1.4", "2.1"),
        ("mEq/L", "0.7", "1.0"),
        ("mEq/L", "1.7", "2.6"),
    ],
)
def test_an_interval_with_the_numbers_of_another_unit_is_asked_about(unit: str, low: str, high: str) -> None:
    """Usual intervals: 0.7 to 1.0 mmol/L, 1.4 to 2.1 mEq/L, 1.7 to 2.6 mg/dL."""
    value = {"mmol/L": "0.85", "mg/dL": "2.0", "mEq/L": "1.8"}[unit]
    result = magnesium(value, unit, reference={"low": low, "high": high})
    assert told("data-quality.unit-suspect-interval", result)
    assert not told("data-quality.unit-suspect-interval", magnesium(value, unit))


@pytest.mark.parametrize(
    ("person", "drinks", "fires"),
    [
        ({"sex": "female"}, "1.1", False),  # 7.7 a week
        ({"sex": "female"}, "1.2", True),  # 8.4
        ({"sex": "male"}, "2.1", False),  # 14.7
        ({"sex": "male"}, "2.2", True),  # 15.4
    ],
)
def test_heavy_drinking_by_the_week(person: Row, drinks: str, fires: bool) -> None:
    """From 8 drinks a week on for women, from 15 on for men."""
    assert told("risk.alcohol", **person, substances={"alcohol_drinks_per_day": drinks}) is fires


@pytest.mark.parametrize(
    ("state", "milligrams", "fires"),
    [("not pregnant", 400, False), ("not pregnant", 401, True), ("pregnant", 200, False), ("pregnant", 201, True)],
)
def test_caffeine_is_noted_earlier_in_pregnancy(state: str, milligrams: int, fires: bool) -> None:
    assert told("risk.caffeine", pregnancy=state, substances={"caffeine_mg_per_day": milligrams}) is fires


@pytest.mark.parametrize(("egfr", "fires"), [("54.1", True), ("54.2", False), ("84.2", False), ("84.3", True)])
def test_kidney_figures_may_differ_by_fifteen(egfr: str, fires: bool) -> None:
    """CKD-EPI 2021, vector of the dossier: a man of 60 with creatinine 1.2 mg/dL has 69.2."""
    creatinine = lab("serum_creatinine", "1.2", "mg/dL")
    person = {"age_years": 60, "sex": "male"}
    assert told("data-quality.kidney-figures-differ", lab("egfr", egfr, GFR), creatinine, **person) is fires


@pytest.mark.parametrize(("kilograms", "fires"), [("40.8", True), ("40.86", False)])
def test_a_body_mass_index_counts_to_one_decimal(kilograms: str, fires: bool) -> None:
    """At 160 cm these are 15.94 and 15.96 kg/m2, told as 15.9 and 16.0; refeeding is a danger below 16."""
    assert told("urgent.refeeding", LOW, weight_kg=kilograms, height_cm="160") is fires


@pytest.mark.parametrize(("calcium", "fires"), [("2.194", True), ("2.196", False)])
def test_an_adjusted_calcium_counts_to_two_decimals(calcium: str, fires: bool) -> None:
    """With albumin 40 g/L nothing is added: 2.19 and 2.20 mmol/L; low is below 2.20."""
    labs = lab("serum_calcium", calcium, "mmol/L"), lab("albumin", "40", "g/L")
    assert told("companion.low-calcium", LOW, *labs) is fires
