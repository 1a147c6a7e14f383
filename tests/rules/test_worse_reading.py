"""Where a record says two things, or says one of them only in part, the worse reading decides and nothing opens."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide import Patient, assess, read_patient
from mgdecide.adapters.cards.cards import cards
from mgdecide.domain.verdicts import GateState
from tests.rules.judge import DAY, answer, healthy, judged, lab, magnesium, rules

OPEN, CLOSED, UNDECIDED = GateState.OPEN, GateState.CLOSED, GateState.UNDECIDED
EGFR = "mL/min/1.73m2"


def state(given: dict[str, Any]) -> GateState:
    return judged(given).gate.state


# --- two magnesium results of one day, one of them with a comparator ---------------------------------------------


@pytest.mark.parametrize("usual", ["0.80", "0.60", "0.45"])
def test_a_result_that_may_be_high_is_not_hidden_by_a_usual_one(usual: str) -> None:
    alone, both = judged(healthy(magnesium(">0.95"))), judged(healthy(magnesium(usual), magnesium(">0.95")))
    assert alone.gate.state is both.gate.state is UNDECIDED
    assert "serum_magnesium" in both.gate.needs


@pytest.mark.parametrize("usual", ["0.80", "0.60"])
@pytest.mark.parametrize("low", ["<0.45", "<0.5", "<0.4"])
def test_a_result_that_may_be_critical_is_not_hidden_by_a_usual_one(usual: str, low: str) -> None:
    both = judged(healthy(magnesium(usual), magnesium(low)))
    assert [finding.rule for finding in both.urgent] == ["urgent.critical-low-magnesium"]
    assert both.gate.state is CLOSED


def test_a_comparator_that_settles_nothing_graver_leaves_the_plain_result_to_decide() -> None:
    both = judged(healthy(magnesium("0.60"), magnesium("<0.9")))
    assert (both.status.category, both.gate.state) == ("hypo", OPEN)
    assert judged(healthy(magnesium("1.05"), magnesium("<1.2"))).gate.state is CLOSED


@pytest.mark.parametrize("value", [">0.95", ">0.7", "<1.2"])
def test_an_undecided_gate_asks_for_the_result_itself(value: str) -> None:
    assert judged(healthy(magnesium(value))).gate.needs == ("serum_magnesium",)


@pytest.mark.parametrize("value", ["<0.4", "<0.45", "<0.6", ">0.9"])
def test_ctcae_says_that_a_comparator_is_why_it_cannot_grade(value: str) -> None:
    grade = judged(healthy(magnesium(value))).status.ctcae
    assert grade is not None
    assert grade.grade is None
    assert "comparator" in grade.reason


def test_the_other_column_of_ctcae_is_not_read_from_a_bound() -> None:
    grade = judged(healthy(magnesium("<0.3"))).status.ctcae
    assert grade is not None
    assert (grade.grade, grade.reason) == (4, "")


# --- kidneys: a figure told in part, a stage on the problem list -------------------------------------------------


@pytest.mark.parametrize("egfr", ["<60", "<90", ">20"])
def test_a_calculated_figure_does_not_outvote_a_reported_bound(egfr: str) -> None:
    alone = healthy(lab("egfr", egfr, EGFR))
    both = healthy(lab("egfr", egfr, EGFR), lab("serum_creatinine", "0.8", "mg/dL"))
    assert state(alone) is state(both) is UNDECIDED
    assert "egfr" in judged(both).gate.needs


def test_a_bound_that_settles_the_stop_still_does() -> None:
    creatinine = lab("serum_creatinine", "0.8", "mg/dL")
    assert state(healthy(lab("egfr", ">60", EGFR), creatinine)) is OPEN
    assert state(healthy(lab("egfr", "<30", EGFR), creatinine)) is CLOSED
    assert state(healthy(lab("egfr", "<60", EGFR), lab("serum_creatinine", "2.5", "mg/dL"))) is CLOSED


def test_stage_4_or_5_on_the_problem_list_closes_whatever_the_figures_say() -> None:
    given = healthy(conditions={"chronic_kidney_disease_stage_4_or_5": True})
    assert state(given) is CLOSED
    assert {"gate.kidney", "data-quality.kidney-stage-and-figures"} <= rules(given)


def test_stage_4_or_5_closes_without_any_figure_and_is_then_no_contradiction() -> None:
    given = healthy(conditions={"chronic_kidney_disease_stage_4_or_5": True})
    given["labs"] = [each for each in given["labs"] if each["test"] != "egfr"]
    assert state(given) is CLOSED
    assert "data-quality.kidney-stage-and-figures" not in rules(given)
    low = healthy(lab("egfr", "20", EGFR), conditions={"chronic_kidney_disease_stage_4_or_5": True})
    assert "data-quality.kidney-stage-and-figures" not in rules(low)


def test_an_unknown_stage_asks_nothing_where_the_figures_are_sound() -> None:
    partial = judged(healthy(conditions_complete=False))
    assert "gate.kidney" not in {reason.rule for reason in partial.gate.because}
    assert "chronic_kidney_disease_stage_4_or_5" not in partial.gate.needs


def test_high_magnesium_with_stage_4_or_5_is_an_emergency() -> None:
    assert "urgent.high-magnesium" not in rules(healthy(magnesium("1.30")))
    assert "urgent.high-magnesium" in rules(
        healthy(magnesium("1.30"), conditions={"chronic_kidney_disease_stage_4_or_5": True})
    )


def test_a_stale_figure_is_not_said_to_decide() -> None:
    """An undated eGFR of 20 counts as unknown: to say that the lower figure decides would be wrong."""
    creatinine = lab("serum_creatinine", "0.8", "mg/dL")
    assert "data-quality.kidney-figures-differ" in rules(healthy(lab("egfr", "20", EGFR), creatinine))
    undated = {**lab("egfr", "20", EGFR), "on": None}
    stale = {**lab("egfr", "20", EGFR), "on": "2026-01-01"}
    for figure in (undated, stale):
        assert "data-quality.kidney-figures-differ" not in rules(healthy(figure, creatinine))
        assert state(healthy(figure, creatinine)) is OPEN  # by the calculated one, 84


@pytest.mark.parametrize("more", [{"on": "2026-01-01"}, {"on": None}], ids=["stale", "undated"])
def test_a_creatinine_that_does_not_count_raises_no_doubt_about_a_sound_figure(more: dict[str, Any]) -> None:
    assert state(healthy({**lab("serum_creatinine", "2.4", "mg/dL"), **more})) is OPEN


@pytest.mark.parametrize("person", [{"sex": "other"}, {"age_years": 12}], ids=["sex other", "child"])
def test_where_the_equation_does_not_speak_the_reported_figure_decides(person: dict[str, Any]) -> None:
    assert state(healthy(lab("serum_creatinine", "2.4", "mg/dL"), **person)) is OPEN


# --- ileus -------------------------------------------------------------------------------------------------------


def test_an_acknowledged_ileus_still_forbids_oral_magnesium() -> None:
    given = healthy(presenting={"ileus": True}, acknowledged=["urgent.ileus"])
    assessment = judged(given)
    assert assessment.gate.state is CLOSED
    assert [reason.rule for reason in assessment.gate.because] == ["gate.bowel-obstruction"]
    assert state(healthy(presenting={"ileus": False})) is state(healthy()) is OPEN


# --- suicide: plans, undated answers, thoughts on record ---------------------------------------------------------


@pytest.mark.parametrize(("points", "emergency"), [(4, False), (5, False), (6, True)])
def test_explicit_plans_on_the_madrs_are_an_emergency(points: int, emergency: bool) -> None:
    scores = [{"instrument": "MADRS", "items": {"10": points}, "on": DAY}]
    assert ("urgent.suicide-emergency" in rules(healthy(scores=scores))) is emergency


def test_an_undated_positive_item_is_not_hidden_by_a_dated_zero() -> None:
    undated = {"instrument": "PHQ-9", "items": {"9": 2}}
    dated = {"instrument": "PHQ-9", "total": 12, "items": {"9": 0}, "on": DAY}
    assessment = judged(healthy(scores=[undated, dated]))
    assert [finding.rule for finding in assessment.urgent] == ["urgent.suicide-item"]
    item = next(each for each in assessment.measured if each.fact == "phq9_item_9")
    assert (item.value, item.on) == ("2", None)


def test_an_older_positive_item_gives_way_to_a_newer_zero() -> None:
    older = {"instrument": "PHQ-9", "items": {"9": 2}, "on": "2026-08-01"}
    newer = {"instrument": "PHQ-9", "items": {"9": 0}, "on": DAY}
    assert judged(healthy(scores=[older, newer])).urgent == ()


def test_recorded_suicidal_thoughts_close_as_a_positive_item_does() -> None:
    assessment = judged(healthy(presenting={"suicidal_thoughts": True}))
    assert [finding.rule for finding in assessment.urgent] == ["urgent.suicide-item"]
    assert assessment.gate.state is CLOSED
    with_means = rules(healthy(presenting={"suicidal_thoughts": True, "suicide_means": True}))
    assert "urgent.suicide-emergency" in with_means


def test_the_card_does_not_claim_an_item_that_was_never_taken() -> None:
    found = cards(judged(healthy(presenting={"suicidal_thoughts": True})), "patient-view")
    assert "suicidal thoughts on record" in found[0].summary


@pytest.mark.parametrize("name", ["citalopram", "digoxin"])
def test_an_interaction_with_a_low_magnesium_says_so_once(name: str) -> None:
    found = judged(healthy(magnesium("0.60"), medications=[{"name": name}])).findings
    text = next(each.text for each in found if each.kind == "interaction" and each.severity.value == "critical")
    assert text.count("with a low magnesium") == 1


# --- magnesium already taken as a medicine -----------------------------------------------------------------------

TABLET = {"salt": "magnesium oxide", "amount": "400 mg", "basis": "salt", "per_day": 1}


def read(given: dict[str, Any]) -> Patient:
    return read_patient(given)


@pytest.mark.parametrize("products", [[], [TABLET]])
@pytest.mark.parametrize("name", ["milk of magnesia", "Maalox", "magnesium citrate"])
def test_a_laxative_or_antacid_among_the_medicines_is_not_lost(name: str, products: list[dict[str, Any]]) -> None:
    given = healthy(medications=[{"name": name}], magnesium_products=products)
    assert "intake.products-not-counted" in {finding.rule for finding in assess(read(given)).findings}


@pytest.mark.parametrize(
    "closed",
    [
        {"conditions": {"dialysis": True}},
        {"conditions": {"myasthenia_gravis": True}},
        {"presenting": {"ileus": True}},
        {"labs": [magnesium("1.10"), lab("egfr", "80", EGFR)]},
        {"labs": [magnesium("0.90"), lab("egfr", "20", EGFR)]},
    ],
)
def test_magnesium_taken_against_a_contraindication_comes_first(closed: dict[str, Any]) -> None:
    taken = judged(healthy(**closed, magnesium_products=[TABLET])).findings
    assert taken[0].rule == "caution.product-while-contraindicated"
    assert (taken[0].severity.value, taken[0].action) == ("critical", "review")
    assert "caution.product-while-contraindicated" not in rules(healthy(**closed, magnesium_products=[]))


def test_a_contraindication_that_cannot_be_told_does_not_accuse_a_product() -> None:
    partial = healthy(conditions_complete=False, magnesium_products=[TABLET])
    assert "caution.product-while-contraindicated" not in rules(partial)


def test_a_medicine_that_is_the_listed_product_is_not_counted_twice() -> None:
    given = healthy(medications=[{"name": "magnesium oxide 400 mg"}], magnesium_products=[TABLET])
    assert not {rule for rule in rules(given) if rule.startswith("intake.products")}


def test_what_is_listed_counts_as_the_least_that_is_taken() -> None:
    much = {**TABLET, "per_day": 3}
    given = healthy(medications=[{"name": "milk of magnesia"}], magnesium_products=[much])
    found = {finding.rule: finding.text for finding in judged(given).findings}
    assert "at least 724 mg" in found["intake.products-above-upper-level"]
    assert "intake.products-not-counted" in found


@pytest.mark.parametrize(
    ("age", "milligrams", "fires"),
    [(3, "65", False), (3, "66", True), (4, "110", False), (8, "111", True), (9, "350", False), (17, "351", True)],
)
def test_a_child_has_an_upper_level_of_its_own(age: int, milligrams: str, fires: bool) -> None:
    """65 mg at 1 to 3 years, 110 mg at 4 to 8, 350 mg from 9 on (IOM 1997)."""
    product = {"salt": "magnesium citrate", "amount": f"{milligrams} mg", "basis": "elemental", "per_day": 1}
    given = healthy(age_years=age, magnesium_products=[product])
    del given["pregnancy"]
    assert ("intake.products-above-upper-level" in rules(given)) is fires


# --- fractional excretion ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("test", ["urine_magnesium", "urine_creatinine", "serum_creatinine"])
@pytest.mark.parametrize("on", ["2024-08-29", None])
def test_figures_of_different_times_make_no_fractional_excretion(test: str, on: str | None) -> None:
    labs = [
        magnesium("1.4", "mg/dL"),
        lab("urine_magnesium", "5.0", "mg/dL"),
        lab("serum_creatinine", "1.0", "mg/dL"),
        lab("urine_creatinine", "100", "mg/dL"),
    ]
    assert "specimen.fractional-excretion-high" in rules(healthy(*labs))
    apart = [{**each, "on": on} if each["test"] == test else each for each in labs]
    assert not {rule for rule in rules(healthy(*apart)) if "fractional" in rule}


# --- limits that differ by sex, where the sex is not known -------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "beyond_both", "between"),
    [
        ("companion.qtc-prolonged", {"labs": [lab("qtc", "480", "ms")]}, {"labs": [lab("qtc", "455", "ms")]}),
        ("companion.low-zinc", {"labs": [lab("zinc", "60", "ug/dL")]}, {"labs": [lab("zinc", "72", "ug/dL")]}),
        (
            "risk.alcohol",
            {"substances": {"alcohol_drinks_per_day": 4}},
            {"substances": {"alcohol_drinks_per_day": 1.5}},
        ),
    ],
)
def test_a_value_beyond_the_limits_of_both_sexes_needs_no_sex(
    rule: str, beyond_both: dict[str, Any], between: dict[str, Any]
) -> None:
    for more, expected in ((beyond_both, True), (between, None)):
        given = healthy(*more.get("labs", ()), **{key: value for key, value in more.items() if key != "labs"})
        del given["sex"]
        assert answer(given, rule) is expected
