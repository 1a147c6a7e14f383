"""Risks, cautions, companions, intake, specimens and statements: each at its edge, each with its other side."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.rulebook import rulebook
from tests.rules.judge import DAY, answer, healthy, judged, lab, magnesium, record, rules

Row = dict[str, Any]


def taking(*names: str) -> Row:
    return {"medications": [{"name": name} for name in names]}


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("risk.ppi", taking("omeprazole")),
        ("risk.loop-diuretic", taking("furosemide")),
        ("risk.thiazide-diuretic", taking("hydrochlorothiazide")),
        ("risk.platinum", taking("cisplatin")),
        ("risk.egfr-antibody", taking("cetuximab")),
        ("risk.kidney-wasting-medicine", taking("gentamicin")),
        ("risk.kidney-wasting-medicine", taking("tacrolimus")),
        ("risk.digoxin", taking("digoxin")),
        ("risk.shift", taking("theophylline")),
        ("risk.gut-loss", {"conditions": {"coeliac_disease": True}}),
        ("risk.gut-loss", {"conditions": {"bariatric_surgery": True}}),
        ("risk.kidney-loss", {"conditions": {"gitelman_syndrome": True}}),
        ("risk.hormones", {"conditions": {"cushing_syndrome": True}}),
        ("risk.alcohol", {"conditions": {"alcohol_use_disorder": True}}),
        ("risk.substances", {"substances": {"tobacco": True}}),
        ("risk.type-2-diabetes", {"conditions": {"type_2_diabetes": True}}),
        ("risk.pregnancy", {"pregnancy": "pregnant"}),
        ("risk.child", {"age_years": 12}),
        ("caution.conduction", {"conditions": {"heart_block": True}}),
        ("caution.struvite-stones", {"conditions": {"struvite_stones": True}}),
        ("caution.bipolar", {"conditions": {"bipolar_disorder": True}}),
        ("statement.ketamine", taking("esketamine")),
        ("statement.addiction", {"conditions": {"opioid_use_disorder": True}}),
        ("statement.stress", {"conditions": {"ptsd": True}}),
    ],
)
def test_present_shows_and_absent_does_not(rule: str, more: Row) -> None:
    assert rule in rules(healthy(**more))
    assert answer(healthy(), rule) is not True


@pytest.mark.parametrize(
    ("sex", "total", "fires"), [("female", 2, False), ("female", 3, True), ("male", 3, False), ("male", 4, True)]
)
def test_audit_c_by_sex(sex: str, total: int, fires: bool) -> None:
    given = healthy(sex=sex, scores=[{"instrument": "AUDIT-C", "total": total, "on": DAY}])
    assert ("risk.alcohol" in rules(given)) is fires


@pytest.mark.parametrize(("egfr", "fires"), [("59", True), ("60", False), ("30", True)])
def test_moderately_reduced_kidney_function_is_a_caution(egfr: str, fires: bool) -> None:
    assert ("caution.kidney-moderate" in rules(healthy(lab("egfr", egfr, "mL/min/1.73m2")))) is fires


def test_depletion_score_of_the_dossier() -> None:
    """PPI + thiazide + eGFR 55 + one drink a day in a man: 1 + 1 + 2 + 0 = 4."""
    given = healthy(
        lab("egfr", "55", "mL/min/1.73m2"),
        sex="male",
        substances={"alcohol_drinks_per_day": 1},
        **taking("omeprazole", "hydrochlorothiazide"),
    )
    found = next(each for each in judged(given).findings if each.rule == "risk.depletion-score")
    assert "Score 4" in found.text


@pytest.mark.parametrize(("egfr", "points"), [("90", 0), ("89", 1), ("60", 1), ("59", 2)])
def test_depletion_score_points_of_egfr(egfr: str, points: int) -> None:
    given = healthy(
        lab("egfr", egfr, "mL/min/1.73m2"),
        substances={"alcohol_drinks_per_day": 2},  # more than one: a point for a woman
        **taking("omeprazole", "furosemide"),
    )
    found = next(each for each in judged(given).findings if each.rule == "risk.depletion-score")
    assert f"Score {3 + points}:" in found.text


def test_depletion_score_with_an_item_missing_is_a_range() -> None:
    given = healthy(lab("egfr", "55", "mL/min/1.73m2"), **taking("omeprazole", "furosemide"))
    found = next(each for each in judged(given).findings if each.rule == "risk.depletion-score-range")
    assert "between 4 and 5" in found.text
    missing = {each.fact for each in found.because if each.comparison == "is not known"}
    assert "alcohol_drinks_per_day" in missing
    assert not missing & {"on_ppi", "on_diuretic", "egfr", "sex", "age_years"}  # these are known
    assert not {each for each in missing if each.endswith("_age_days")}


def test_a_high_score_in_failing_kidneys_means_measure() -> None:
    given = healthy(lab("egfr", "25", "mL/min/1.73m2"), **taking("omeprazole", "furosemide"))
    found = next(each for each in judged(given).findings if each.rule == "risk.depletion-score-low-kidney")
    assert found.action == "measure"


# --- interactions ----------------------------------------------------------------------------------------------

INTERACTIONS = [
    ("doxycycline", "separate", "warning"),
    ("ciprofloxacin", "separate", "warning"),
    ("levofloxacin", "separate", "warning"),
    ("moxifloxacin", "separate", "warning"),
    ("alendronate", "separate", "warning"),
    ("levothyroxine", "separate", "warning"),
    ("dolutegravir", "separate", "warning"),
    ("raltegravir", "avoid", "critical"),
    ("elvitegravir", "separate", "warning"),
    ("gabapentin", "separate", "warning"),
    ("mycophenolate", "separate", "warning"),
    ("penicillamine", "separate", "warning"),
    ("nitrofurantoin", "separate", "warning"),
    ("hydroxychloroquine", "separate", "warning"),
    ("rosuvastatin", "separate", "warning"),
    ("eltrombopag", "separate", "warning"),
    ("sodium polystyrene sulfonate", "avoid", "critical"),
    ("sertraline", "none", "info"),
]


@pytest.mark.parametrize(("name", "action", "severity"), INTERACTIONS)
def test_interactions_name_the_medicine_and_its_class(name: str, action: str, severity: str) -> None:
    found = [each for each in judged(healthy(**taking(name))).findings if each.kind == "interaction"]
    assert (action, severity) in {(each.action, each.severity.value) for each in found}
    strongest = found[0]
    assert strongest.subject == name
    assert name in strongest.text.lower()
    assert dict(strongest.details)["class"]
    assert strongest.sources


@pytest.mark.parametrize(("value", "severity"), [("0.69", "critical"), ("0.70", "info")])
def test_citalopram_is_critical_only_where_magnesium_is_low(value: str, severity: str) -> None:
    found = judged(healthy(magnesium(value), **taking("citalopram"))).findings
    severities = {
        each.severity.value for each in found if each.kind == "interaction" and "citalopram" in each.text.lower()
    }
    assert ("critical" in severities) is (severity == "critical")


def test_calcitriol_is_avoided_on_dialysis_only() -> None:
    on_dialysis = judged(healthy(conditions={"dialysis": True}, **taking("calcitriol"))).findings
    assert any(each.kind == "interaction" and each.action == "avoid" for each in on_dialysis)
    elsewhere = judged(healthy(**taking("calcitriol"))).findings
    assert not any(each.kind == "interaction" and each.action == "avoid" for each in elsewhere)


def test_hours_and_the_disagreement_between_sources_are_shown() -> None:
    found = next(each for each in judged(healthy(**taking("alendronate"))).findings if each.kind == "interaction")
    separation = dict(found.details)["separation"]
    assert isinstance(separation, dict)
    assert separation["sources_differ"] is True
    assert len(separation["statements"]) >= 2
    assert "Sources differ" in found.text


def test_one_day_plan_for_more_than_two_medicines() -> None:
    two = healthy(
        medications=[{"name": "alendronate", "times": ["07:00"]}, {"name": "doxycycline", "times": ["09:00"]}]
    )
    assert judged(two).day_plan is None
    timed = [
        {"name": "levothyroxine", "times": ["06:00"]},
        {"name": "alendronate", "times": ["07:00"]},
        {"name": "gabapentin", "times": ["07:00"]},
    ]
    plan = judged(healthy(medications=timed)).day_plan
    assert plan is not None
    assert "from 11:00" in plan


def test_no_window_is_claimed_while_a_time_is_missing() -> None:
    untimed = [{"name": "levothyroxine", "times": ["06:00"]}, {"name": "alendronate"}, {"name": "gabapentin"}]
    plan = judged(healthy(medications=untimed)).day_plan
    assert plan is not None
    assert "cannot be told" in plan
    assert "may be taken from" not in plan
    assert "at any time" not in plan


def test_an_unrecognised_medicine_is_kept_and_leaves_every_class_unknown() -> None:
    given = healthy(**taking("xyzzymab"))
    assessment = judged(given)
    assert any("xyzzymab" in line for line in assessment.not_checked)
    assert answer(given, "risk.ppi") is None
    assert answer(healthy(**taking("atorvastatin")), "risk.ppi") is False


# --- intake ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "sex", "mg", "rule"),
    [
        (54, "female", 264, "intake.diet-below-requirement"),
        (54, "female", 265, "intake.diet-between"),
        (54, "female", 319, "intake.diet-between"),
        (54, "female", 320, "intake.diet-at-allowance"),
        (25, "male", 329, "intake.diet-below-requirement"),
        (25, "male", 330, "intake.diet-between"),
        (25, "male", 400, "intake.diet-at-allowance"),
        (31, "male", 349, "intake.diet-below-requirement"),
        (31, "male", 420, "intake.diet-at-allowance"),
        (16, "female", 299, "intake.diet-below-requirement"),
    ],
)
def test_diet_against_requirement_and_allowance(age: int, sex: str, mg: int, rule: str) -> None:
    given = healthy(age_years=age, sex=sex, diet={"magnesium_mg_per_day": mg})
    assert {each for each in rules(given) if each.startswith("intake.diet")} == {rule}


def test_diet_in_pregnancy() -> None:
    given = healthy(age_years=25, pregnancy="pregnant", diet={"magnesium_mg_per_day": 289})
    assert "intake.diet-below-requirement" in rules(given)
    assert "intake.diet-between" in rules({**given, "diet": {"magnesium_mg_per_day": 290}})


def product(amount: str, basis: str | None, per_day: int = 1, salt: str = "magnesium oxide") -> Row:
    label = {"salt": salt, "amount": amount, "per_day": per_day}
    return {"magnesium_products": [label | ({"basis": basis} if basis else {})]}


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        (product("351 mg", "elemental"), "intake.products-above-upper-level"),
        (product("600 mg", "salt"), "intake.products-above-upper-level"),  # 361.8 mg elemental
        (product("400 mg", None), "intake.products-may-exceed-upper-level"),  # 241 or 400 mg
    ],
)
def test_products_against_the_upper_level(more: Row, rule: str) -> None:
    assert {each for each in rules(healthy(**more)) if each.startswith("intake.products")} == {rule}


@pytest.mark.parametrize("more", [product("350 mg", "elemental"), product("400 mg", "salt")])
def test_products_at_or_below_the_upper_level(more: Row) -> None:
    assert not {each for each in rules(healthy(**more)) if each.startswith("intake.products")}


@pytest.mark.parametrize(("low", "above", "may"), [(349.9, False, True), (350.0, False, True), (350.1, True, False)])
def test_products_of_which_one_reading_lies_at_the_upper_level(low: float, above: bool, may: bool) -> None:
    """350 mg itself is not above the level; a cohort's columns can hold just that."""
    book = rulebook(default_knowledge())
    answers = book.answer({"product_magnesium_mg_low": low, "product_magnesium_mg_high": 400.0}).findings
    told = dict(zip([each.id for each in book.rules], answers, strict=True))
    assert told["intake.products-above-upper-level"] is above
    assert told["intake.products-may-exceed-upper-level"] is may


def test_products_are_summed_in_elemental_milligrams_and_food_never_counts() -> None:
    both = {
        "magnesium_products": [
            {"salt": "magnesium oxide", "amount": "400 mg", "basis": "salt", "per_day": 1},
            {"salt": "magnesium citrate", "amount": "120 mg", "basis": "elemental", "per_day": 1},
        ],
        "diet": {"magnesium_mg_per_day": 900},
    }
    found = next(each for each in judged(healthy(**both)).findings if each.rule == "intake.products-above-upper-level")
    assert "361 mg" in found.text


# --- other specimens -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("creatinine", "urine_creatinine", "percent"), [("1.0", "100", "5.1"), ("1.0", "97", "5.26"), ("0.8", "97", "4.21")]
)
def test_fractional_excretion_of_the_dossier(creatinine: str, urine_creatinine: str, percent: str) -> None:
    """UMg 5.0, PCr 1.0, PMg 1.4, UCr 100 mg/dL: 5.10 percent. UCr 97: 500 / (0.7 * 1.4 * 97) = 5.2598."""
    given = healthy(
        magnesium("1.4", "mg/dL"),
        lab("urine_magnesium", "5.0", "mg/dL"),
        lab("urine_creatinine", urine_creatinine, "mg/dL"),
        lab("serum_creatinine", creatinine, "mg/dL"),
    )
    found = next(each for each in judged(given).findings if each.rule == "specimen.fractional-excretion-high")
    assert f" {percent} percent" in found.text


def test_an_albumin_corrected_magnesium_is_told_to_three_decimals() -> None:
    """1.65 mg/dL are 0.6789 mmol/L at 24.305 g/mol; 0.005 for each of 11 g/L below 40 make 0.7339."""
    given = healthy(magnesium("1.65", "mg/dL"), lab("albumin", "29", "g/L"))
    found = next(each for each in judged(given).findings if each.rule == "specimen.low-albumin")
    assert "0.734 mmol/L" in found.text


def test_albumin_correction_of_the_dossier() -> None:
    """0.70 mmol/L with albumin 30 g/L would be 0.75; it is an extra line below 30 g/L and never a category."""
    assessment = judged(healthy(magnesium("0.69"), lab("albumin", "29", "g/L")))
    found = next(each for each in assessment.findings if each.rule == "specimen.low-albumin")
    assert "0.745 mmol/L" in found.text
    assert assessment.status.category == "hypo"
    assert "specimen.low-albumin" not in rules(healthy(magnesium("0.69"), lab("albumin", "30", "g/L")))


@pytest.mark.parametrize(("mmol", "rule"), [("0.9", "specimen.urine-conserving"), ("1.1", "specimen.urine-wasting")])
def test_24_hour_urine_with_a_low_serum(mmol: str, rule: str) -> None:
    urine = lab("urine_magnesium_24h", mmol, "mmol/24h")
    assert rule in rules(healthy(magnesium("0.60"), urine))
    assert rule not in rules(healthy(magnesium("0.80"), urine))


@pytest.mark.parametrize(("value", "rule"), [("0.43", "specimen.ionised-low"), ("0.60", "specimen.ionised-high")])
def test_ionised_magnesium(value: str, rule: str) -> None:
    assert rule in rules(healthy(lab("ionized_magnesium", value, "mmol/L")))
    assert not {each for each in rules(healthy(lab("ionized_magnesium", "0.50", "mmol/L"))) if "ionised" in each}


def test_red_cell_magnesium_has_no_verdict() -> None:
    found = next(
        each
        for each in judged(healthy(lab("rbc_magnesium", "4.4", "mg/dL"))).findings
        if each.rule == "specimen.red-cell"
    )
    assert (found.severity.value, found.action) == ("info", "none")


# --- statements, never without their other side --------------------------------------------------------------


def phq9(total: int) -> Row:
    return {"scores": [{"instrument": "PHQ-9", "total": total, "on": DAY}]}


@pytest.mark.parametrize(
    ("sex", "value", "fires"),
    [("male", "1.79", True), ("male", "1.80", False), ("female", "1.89", True), ("female", "1.90", False)],
)
def test_the_low_magnesium_trial_and_its_negative(sex: str, value: str, fires: bool) -> None:
    """The trial let in men below 1.8 and women below 1.9 mg/dL."""
    found = rules(healthy(magnesium(value, "mg/dL"), sex=sex, **phq9(12)))
    assert ("statement.low-magnesium-trial" in found) is fires
    assert ("statement.low-magnesium-trial-not-here" in found) is not fires


def test_the_low_magnesium_trial_says_nothing_where_the_sex_would_decide() -> None:
    given = healthy(magnesium("1.85", "mg/dL"), **phq9(12))
    del given["sex"]
    assert not {rule for rule in rules(given) if rule.startswith("statement.low-magnesium-trial")}


def test_two_decisions_are_told_apart_below_the_laboratory_limit_too() -> None:
    given = healthy(magnesium("1.95", "mg/dL", reference={"low": "2.0", "high": "2.6"}), sex="male", **phq9(12))
    assert "statement.two-decisions" in rules(given)
    above = healthy(magnesium("2.05", "mg/dL", reference={"low": "2.0", "high": "2.6"}), sex="male", **phq9(12))
    assert "statement.two-decisions" not in rules(above)


@pytest.mark.parametrize(("age", "fires"), [(64, False), (65, True)])
def test_the_comparison_with_imipramine_has_an_age_of_its_own(age: int, fires: bool) -> None:
    given = healthy(magnesium("1.5", "mg/dL"), age_years=age, conditions={"type_2_diabetes": True}, **phq9(12))
    assert ("statement.imipramine-comparison" in rules(given)) is fires
    limit = default_knowledge().limits["statement.imipramine-comparison-age"]
    assert limit.sources == ("barragan-2008", "barragan-2007")


@pytest.mark.parametrize(("total", "fires"), [(4, False), (5, True), (19, True), (20, False)])
def test_the_open_trial_is_never_quoted_without_the_blinded_ones(total: int, fires: bool) -> None:
    assessment = judged(healthy(**phq9(total)))
    found = [each for each in assessment.findings if each.rule == "statement.open-trial"]
    assert bool(found) is fires
    for each in found:
        assert "blinded trials" in each.text
        assert {"fard-2017", "abiri-2022"} <= set(each.sources)


def test_add_on_to_an_ssri_always_shows_the_negative_trial() -> None:
    found = next(
        each
        for each in judged(healthy(**taking("fluoxetine"), **phq9(12))).findings
        if each.rule == "statement.ssri-add-on"
    )
    assert "ryszewska-2018" in found.sources


def test_resistance_by_failed_trials() -> None:
    history = {"treatment_history": {"adequate_antidepressant_trials_failed": 2}}
    assert "statement.treatment-resistant" in rules(healthy(**history))
    history = {"treatment_history": {"adequate_antidepressant_trials_failed": 1}}
    assert "statement.treatment-resistant" not in rules(healthy(**history))


def test_nothing_is_extrapolated() -> None:
    assert "statement.no-extrapolation" in rules(healthy(**phq9(20)))
    assert "statement.no-extrapolation" not in rules(healthy(**phq9(12)))


@pytest.mark.parametrize(
    "more",
    [
        {"conditions": {"mobitz_ii_or_third_degree_av_block": True, "heart_block": False}},
        {"pregnancy": "pregnant", "age_years": 80},
        {"conditions": {"dialysis": True, "chronic_kidney_disease": False}},
    ],
)
def test_contradictions_are_findings_never_errors(more: Row) -> None:
    assert any(
        each.kind == "data_quality" and each.severity.value == "warning" for each in judged(healthy(**more)).findings
    )


def test_findings_are_ordered_worst_first_then_by_rule() -> None:
    given = record(magnesium("0.35"), **taking("raltegravir", "omeprazole", "alendronate"), **phq9(12))
    found = judged(given).findings
    assert [each.order for each in found] == sorted(each.order for each in found)


# --- what a fresh reviewer found -------------------------------------------------------------------------------


def test_a_high_result_beside_a_low_one_of_the_same_day_still_closes() -> None:
    low, high = magnesium("1.1", "mg/dL", unit_confirmed=True), magnesium("2.9", "mg/dL")
    assert judged(healthy(low, high)).gate.state.value == "closed"
    critical, extreme = magnesium("0.9", "mg/dL"), magnesium("2.9", "mg/dL")
    both = judged(healthy(critical, extreme, acknowledged=["urgent.critical-low-magnesium"]))
    assert both.gate.state.value == "closed"


@pytest.mark.parametrize(
    ("score", "points"),
    [
        ({"instrument": "PHQ-9", "total": 25}, 1),
        ({"instrument": "PHQ-9", "total": 27}, 3),
        ({"instrument": "EPDS", "total": 28}, 1),
    ],
)
def test_a_total_that_cannot_be_reached_without_the_suicide_item_implies_it(score: Row, points: int) -> None:
    found = judged(healthy(scores=[score | {"on": DAY}])).urgent
    assert [each.rule for each in found] == ["urgent.suicide-item"]
    assert found[0].because[0].value == str(points)


def test_a_total_that_an_item_cannot_allow_is_a_contradiction() -> None:
    given = healthy(scores=[{"instrument": "PHQ-9", "total": 27, "items": {"9": 0}, "on": DAY}])
    assert {"data-quality.score-mismatch", "urgent.suicide-item"} <= rules(given)
    assert "urgent.suicide-item" not in rules(healthy(scores=[{"instrument": "PHQ-9", "total": 24, "on": DAY}]))


@pytest.mark.parametrize(
    "more",
    [
        {"age_years": 12},
        {"pregnancy": "pregnant"},
        {"conditions": {"bipolar_disorder": True}},
        {"conditions": {"psychosis": True}},
        {"scores": [{"instrument": "PHQ-9", "total": 12, "items": {"9": 2}, "on": DAY}]},
    ],
)
def test_no_trial_is_quoted_to_whom_none_reached(more: Row) -> None:
    found = rules(healthy(magnesium("1.5", "mg/dL"), **(phq9(12) | more)))
    assert "statement.no-extrapolation" in found
    assert not {"statement.open-trial", "statement.low-magnesium-trial"} & found


def test_an_undated_result_beside_a_dated_one_is_told() -> None:
    undated = magnesium("6.6", "mg/dL")
    del undated["on"]
    found = judged(healthy(undated, magnesium("1.9", "mg/dL"))).findings
    assert any(each.rule == "data-quality.undated" and "6.6 mg/dL" in each.text for each in found)


def test_a_comparator_is_told_in_words() -> None:
    texts = [each.text for each in judged(healthy(magnesium("<1.1", "mg/dL"))).urgent]
    assert texts
    assert not any("<" in text for text in texts)
    assert any("less than 1.1 mg/dL" in text for text in texts)


def test_an_unconfirmed_unit_is_in_the_ledger() -> None:
    doubtful = magnesium("1.7", "mg/dL", reference={"low": "1.3", "high": "2.1"})
    assessment = judged(healthy(doubtful))
    assert assessment.gate.state.value == "undecided"
    unknown = next(each for each in assessment.unknowns if each.fact == "serum_magnesium_unit_confirmed")
    assert dict(unknown.outcomes)["gate"] == ("open", "undecided")
