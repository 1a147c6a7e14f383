"""What was not looked at, line by line, and what the gate and the regimens say while they are shut."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from mgdecide import Regimens, Withheld
from mgdecide.domain.verdicts import Fit
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.not_checked import ALWAYS, unknown_reasons
from mgdecide.rules.populations import study_fits
from mgdecide.rules.regimens import fits
from mgdecide.rules.rulebook import fit_of
from tests.rules.judge import DAY, healthy, judged, lab, magnesium, record

Row = dict[str, Any]

SCORE = "No score of depression, anxiety or alcohol use was given."
SUICIDE = "No suicide item was given: PHQ-9 item 9 or an equal item was not checked."
SIGN = "No acute sign was given as present or absent."
CONDITIONS = "Conditions that were not listed: the problem list is not said to be complete."
MEDICINES = "Medicines that were not listed: the medication list is not said to be complete."
LINES = (SCORE, SUICIDE, SIGN, CONDITIONS, MEDICINES)


@pytest.mark.parametrize(
    ("more", "checked"),
    [
        ({}, set()),
        ({"scores": [{"instrument": "PHQ-9", "total": 9, "on": DAY}]}, {SCORE}),
        ({"scores": [{"instrument": "PHQ-9", "items": {"9": 0}, "on": DAY}]}, {SCORE, SUICIDE}),
        ({"presenting": {"seizure": False}}, {SIGN}),
        ({"conditions_complete": True}, {CONDITIONS}),
        ({"medications": [], "medications_complete": True}, {MEDICINES}),
    ],
)
def test_each_line_stands_until_its_fact_is_given(more: Row, checked: set[str]) -> None:
    told = judged(record(**more)).not_checked
    assert {line for line in LINES if line in told} == set(LINES) - checked
    assert told[-len(ALWAYS) :] == ALWAYS


def test_rules_left_undecided_are_named_and_no_others() -> None:
    def undecided(given: Row) -> list[str]:
        line = [line for line in judged(given).not_checked if line.startswith("Rules left undecided")]
        return line[0].split(": ")[1].rstrip(".").split(", ") if line else []

    assert "gate.dialysis" in undecided(record()) or any(id.startswith("gate.") for id in undecided(record()))
    assert not [id for id in undecided(healthy()) if id.startswith("gate.")]


def test_an_unrecognised_medicine_is_named_first() -> None:
    told = judged(record(medications=[{"name": "an invented medicine"}])).not_checked
    assert told[0] == "Medicine not recognised: an invented medicine."


@pytest.mark.parametrize(
    ("value", "on", "reason"),
    [
        ("80", DAY, None),
        ("80", "2026-05-31", None),  # ninety days
        ("80", "2026-05-30", "too old"),
        ("<80", DAY, "reported only with a comparator"),
        ("80", None, "no date"),
    ],
)
def test_why_a_result_is_unknown(value: str, on: str | None, reason: str | None) -> None:
    result = {"test": "egfr", "value": value, "unit": "mL/min/1.73m2", **({"on": on} if on else {})}
    found = judged(record(result))
    assert unknown_reasons(found.patient, found._reading, found._book).get("egfr") == reason


# --- gate and regimens --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "begins"),
    [
        (healthy(lab("egfr", "20", "mL/min/1.73m2")), "The gate is closed: "),
        (healthy(conditions_complete=False), "The gate is undecided: "),
    ],
)
def test_regimens_are_withheld_with_the_reasons_of_the_gate(given: Row, begins: str) -> None:
    found = judged(given)
    assert isinstance(found.regimens, Withheld)
    assert found.regimens.reason == begins + " ".join(each.text for each in found.gate.because)
    assert found.regimens.needs == found.gate.needs


PREGNANT, NOT_PREGNANT = {"pregnancy": "pregnant"}, {"pregnancy": "not pregnant"}


@pytest.mark.parametrize(
    ("sex", "more", "verdict"),
    [
        ("male", {}, "not applicable"),
        ("female", NOT_PREGNANT, "met"),
        ("female", PREGNANT, "not met"),
        ("female", {}, "unknown"),
        (None, {}, "unknown"),
    ],
)
def test_a_requirement_is_judged_of_those_to_whom_it_applies(sex: str | None, more: Row, verdict: str) -> None:
    """tarleton-2017 took no pregnant women; of a man that is not asked."""
    given = {key: each for key, each in healthy(sex=sex).items() if key != "pregnancy" and each is not None}
    found = judged(given | more).regimens
    assert isinstance(found, Regimens)
    tarleton = next(each for each in found.items if each.studied.study == "tarleton-2017")
    verdicts = {each.text: each.verdict.value for each in tarleton.criteria}
    assert verdicts["Not pregnant"] == verdict
    assert verdicts["At least 18 years old"] == "met"  # applies to everybody
    assert verdicts["PHQ-9 from 5 to 19"] == "unknown"


def test_a_regimen_says_what_was_given_against_what_and_for_how_long() -> None:
    """From the papers and registers; where no dose or no second group was found, nothing is made up."""
    shown = judged(healthy()).regimens
    assert isinstance(shown, Regimens)
    found = {each.studied.study: each.studied for each in shown.items}
    told = {study: (each.comparator, each.dose.low, each.dose.high, each.dose.weeks) for study, each in found.items()}
    assert told["rajizadeh-2017"] == ("placebo", 301.5, 500.0, 8.0)
    assert told["ryszewska-2018"] == ("placebo and fluoxetine", 120.0, 120.0, 8.0)
    assert told["bambling-2017"] == ("none", None, None, 8.0)
    assert found["ryszewska-2018"].dose.note == "Given with fluoxetine in both groups."
    assert found["tarleton-2017"].design == "randomised trial, blocked crossover, two periods of 6 weeks; open label"
    assert found["bambling-2017"].design == "pilot without a control group, before and after"


def test_a_trial_whose_dose_is_not_known_says_so() -> None:
    knowledge = default_knowledge()
    study = next(each for each in knowledge.studies if each.id == "rajizadeh-2017")
    (fit,) = study_fits(evolve(knowledge, studies=(evolve(study, dose=None),)))
    dose = fit.studied.dose
    assert (dose.salt, dose.stated, dose.basis, dose.low, dose.high) == (
        "not known",
        "not known",
        "not stated",
        None,
        None,
    )


def test_an_effect_is_told_where_one_was_pooled() -> None:
    """moabedi-2023 prints -0.919 (-1.443 to -0.396)."""
    found = {each.body: each.effect for each in judged(healthy()).evidence}
    effect = found["oral-magnesium-depressive-symptoms"]
    assert isinstance(effect, dict)
    assert (effect["measure"], effect["estimate"], effect["low"], effect["high"]) == ("SMD", -0.92, -1.44, -0.4)
    assert found["oral-magnesium-add-on-to-ssri"] is None


def test_the_fits_for_cohorts_are_those_shown_behind_an_open_gate() -> None:
    given = healthy(conditions={"major_depressive_disorder": True}, scores=[{"instrument": "PHQ-9", "total": 12}])
    shown = judged(given)
    assert isinstance(shown.regimens, Regimens)
    expected = {each.studied.study: each.fit for each in shown.regimens.items}
    assert set(expected.values()) == {Fit.CANNOT_TELL, Fit.DOES_NOT_FIT}
    for also in ({}, {"presenting": {"ileus": True}}):  # whatever the gate
        found = judged(given | also)
        told = fits(found._book, found._answers)
        assert {study: fit_of(answer) for study, answer in told.items()} == expected


def _critical(**more: Any) -> Row:
    return healthy(magnesium("0.30"), **more)


def test_an_urgent_finding_closes_the_gate_until_it_is_acknowledged() -> None:
    rule = "urgent.critical-low-magnesium"
    found = judged(_critical())
    assert rule in [each.rule for each in found.gate.because]
    seen = judged(_critical(acknowledged=[rule]))
    assert rule not in [each.rule for each in seen.gate.because]
    assert rule in [each.rule for each in seen.urgent]


@pytest.mark.parametrize(("on", "needed"), [("2026-05-31", False), ("2026-05-30", True), (None, True)])
def test_what_is_too_old_is_needed_again(on: str | None, needed: bool) -> None:
    """A closed gate names what it would need; ninety days count."""
    result = {"test": "egfr", "value": "80", "unit": "mL/min/1.73m2", **({"on": on} if on else {})}
    assert ("egfr" in judged(record(magnesium("0.90"), result)).gate.needs) is needed


def test_evidence_is_rated_down_for_whom_it_did_not_study_and_says_why() -> None:
    adult = {each.body: each for each in judged(healthy(age_years=40)).evidence}
    child = {each.body: each for each in judged(healthy(age_years=8)).evidence}
    trials = ("oral-magnesium-depressive-symptoms", "oral-magnesium-anxiety-symptoms")
    assert [child[body].outside for body in trials] == [("Adult",)] * 2
    assert not any("Adult" in each.outside for each in adult.values())
    order = ("very low", "low", "moderate", "high")
    for body, each in {**adult, **{f"child {body}": each for body, each in child.items()}}.items():
        down = order.index(each.certainty) - order.index(each.certainty_here)
        assert down == (1 if each.outside and each.certainty != "very low" else 0), body
