"""The gate: what closes it, what leaves it undecided, and that it opens only when everything needed is known."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide import Regimens, Withheld
from mgdecide.domain.verdicts import GateState
from tests.rules.judge import DAY, answer, healthy, judged, lab, magnesium, record

OPEN, CLOSED, UNDECIDED = GateState.OPEN, GateState.CLOSED, GateState.UNDECIDED


def state(given: dict[str, Any]) -> GateState:
    return judged(given).gate.state


def test_open_when_everything_needed_is_known() -> None:
    assessment = judged(healthy())
    assert assessment.gate.state is OPEN
    assert isinstance(assessment.regimens, Regimens)


@pytest.mark.parametrize(
    ("egfr", "expected"),
    [
        ("29", CLOSED),
        ("29.9", CLOSED),
        ("30", OPEN),
        ("30.1", OPEN),
        ("<30", CLOSED),
        ("<60", UNDECIDED),
        (">60", OPEN),
        (">=30", OPEN),
    ],
)
def test_the_kidney_stop(egfr: str, expected: GateState) -> None:
    assert state(healthy(lab("egfr", egfr, "mL/min/1.73m2"))) is expected


# CKD-EPI 2021 test vectors of the dossier: M 72 y 2.4 -> 28.0; F 68 y 1.9 -> 28.4; M 60 y 1.2 -> 69.2
@pytest.mark.parametrize(
    ("age", "sex", "creatinine", "unit", "expected"),
    [
        (72, "male", "2.4", "mg/dL", CLOSED),
        (68, "female", "1.9", "mg/dL", CLOSED),
        (60, "male", "1.2", "mg/dL", OPEN),
        (60, "male", "106.08", "umol/L", OPEN),
        (72, "male", "212.16", "umol/L", CLOSED),
    ],
)
def test_creatinine_alone_tells_kidney_function(
    age: int, sex: str, creatinine: str, unit: str, expected: GateState
) -> None:
    given = healthy(lab("serum_creatinine", creatinine, unit), age_years=age, sex=sex)
    given["labs"] = [each for each in given["labs"] if each["test"] != "egfr"]
    assert state(given) is expected


def test_of_two_kidney_figures_the_worse_decides() -> None:
    given = healthy(
        lab("egfr", "45", "mL/min/1.73m2"), lab("serum_creatinine", "2.4", "mg/dL"), age_years=72, sex="male"
    )
    assert state(given) is CLOSED
    assert "data-quality.kidney-figures-differ" in {finding.rule for finding in judged(given).findings}


def test_a_creatinine_without_age_leaves_the_gate_undecided() -> None:
    given = healthy(lab("egfr", "45", "mL/min/1.73m2"), lab("serum_creatinine", "1.4", "mg/dL"))
    del given["age_years"]
    assessment = judged(given)
    assert assessment.gate.state is UNDECIDED
    assert "age_years" in assessment.gate.needs


CONTRAINDICATIONS = [
    ("gate.dialysis", {"dialysis": True}),
    ("gate.acute-kidney-injury", {"acute_kidney_injury": True}),
    ("gate.av-block", {"mobitz_ii_or_third_degree_av_block": True}),
    ("gate.myasthenia", {"myasthenia_gravis": True}),
    ("gate.myasthenia", {"lambert_eaton": True}),
    ("gate.bowel-obstruction", {"bowel_obstruction": True}),
]


@pytest.mark.parametrize(("rule", "conditions"), CONTRAINDICATIONS)
def test_each_contraindication_closes_and_its_unknown_leaves_undecided(rule: str, conditions: dict[str, bool]) -> None:
    closed = judged(healthy(conditions=conditions))
    assert closed.gate.state is CLOSED
    assert rule in {reason.rule for reason in closed.gate.because}
    assert isinstance(closed.regimens, Withheld)
    name = next(iter(conditions))
    assert answer(healthy(conditions={name: False}), rule) is False
    partial = record(magnesium("0.90"), lab("egfr", "80", "mL/min/1.73m2"))
    assert answer(partial, rule) is None
    undecided = judged(partial)
    assert undecided.gate.state is UNDECIDED
    assert name in undecided.gate.needs
    assert rule in {reason.rule for reason in undecided.gate.because}


def test_a_pacemaker_lifts_the_block_to_a_caution() -> None:
    given = healthy(conditions={"mobitz_ii_or_third_degree_av_block": True, "heart_block": True, "pacemaker": True})
    assert state(given) is OPEN
    assert "caution.paced-block" in {finding.rule for finding in judged(given).findings}


@pytest.mark.parametrize(
    ("value", "reference", "expected"),
    [
        ("1.00", {}, OPEN),
        ("1.01", {}, CLOSED),
        ("1.04", {"high": "1.05"}, OPEN),
        ("1.06", {"high": "1.05"}, CLOSED),
        ("0.96", {"high": "0.95"}, CLOSED),
    ],
)
def test_magnesium_above_the_upper_limit_closes(value: str, reference: dict[str, str], expected: GateState) -> None:
    assert state(healthy(magnesium(value, reference=reference))) is expected


@pytest.mark.parametrize(("on", "expected"), [("2026-05-31", OPEN), ("2026-05-30", UNDECIDED), (None, UNDECIDED)])
def test_a_stale_or_undated_result_counts_as_unknown(on: str | None, expected: GateState) -> None:
    """Stale after 90 days: 2026-05-31 is 90 days before 2026-08-29."""
    result = magnesium("0.90")
    if on is None:
        del result["on"]
    else:
        result["on"] = on
    assessment = judged(healthy(result))
    assert assessment.gate.state is expected
    assert assessment.status.category == "adequate"
    if expected is UNDECIDED:
        assert "serum_magnesium" in assessment.gate.needs
        assert any("stale" in caveat for caveat in assessment.status.caveats)


def test_needs_name_what_to_measure_or_ask() -> None:
    gate = judged(record()).gate
    assert gate.state is UNDECIDED
    assert {"egfr", "serum_creatinine", "serum_magnesium", "dialysis", "myasthenia_gravis"} <= set(gate.needs)


# Ninety days before the day of the records is 2026-05-31.
@pytest.mark.parametrize(
    ("on", "missing", "needs"),
    [
        (DAY, "age_years", ("egfr", "age_years")),
        (DAY, "sex", ("egfr", "sex")),
        ("2026-05-31", "age_years", ("egfr", "age_years")),
        ("2026-05-30", "age_years", ("egfr", "serum_creatinine", "age_years")),
    ],
)
def test_what_is_known_and_recent_is_not_asked_for_again(on: str, missing: str, needs: tuple[str, ...]) -> None:
    """A creatinine whose owner's age or sex is missing tells nothing yet: the missing one is asked for, or an eGFR."""
    given = healthy({**lab("serum_creatinine", "1.4", "mg/dL"), "on": on})
    given["labs"] = [each for each in given["labs"] if each["test"] != "egfr"]
    del given[missing]
    gate = judged(given).gate
    assert (gate.state, gate.needs) == (UNDECIDED, needs)


@pytest.mark.parametrize(
    ("result", "rule"),
    [
        (magnesium("1.9", "mmol/L"), "data-quality.unit-suspect-high"),
        (magnesium("1.40", "mmol/L"), "data-quality.unit-suspect-high"),
        (magnesium("1.15", "mg/dL"), "data-quality.unit-suspect-low"),
        (magnesium("0.50", "mg/dL"), "data-quality.unit-suspect-low"),
        (magnesium("1.0", "mEq/L"), "data-quality.unit-suspect-low"),
        (magnesium("2.3", "mEq/L"), "data-quality.unit-suspect-charge"),
        (magnesium("1.5", "mg/dL", reference={"low": "1.4", "high": "2.0"}), "data-quality.unit-suspect-interval"),
        (magnesium("0.9", "mmol/L", reference={"low": "1.7", "high": "2.6"}), "data-quality.unit-suspect-interval"),
    ],
)
def test_a_suspect_unit_keeps_the_gate_from_opening_and_changes_no_category(result: dict[str, Any], rule: str) -> None:
    assessment = judged(healthy(result))
    assert assessment.gate.state is not OPEN
    found = next(finding for finding in assessment.findings if finding.rule == rule)
    assert "mg/dL" in found.text
    assert "mmol/L" in found.text
    assert found.text in assessment.status.caveats
    confirmed = judged(healthy({**result, "unit_confirmed": True}))
    assert confirmed.status.category == assessment.status.category
    assert rule not in {finding.rule for finding in confirmed.findings}


@pytest.mark.parametrize(
    "result",
    [
        magnesium("1.39", "mmol/L"),
        magnesium("1.16", "mg/dL"),
        magnesium("0.49", "mg/dL"),
        magnesium("2.2", "mEq/L"),
        magnesium("3.01", "mEq/L"),
        magnesium("1.5", "mg/dL", reference={"low": "1.7", "high": "2.6"}),
    ],
)
def test_units_that_are_not_suspect(result: dict[str, Any]) -> None:
    assert not [finding.rule for finding in judged(healthy(result)).findings if "unit-suspect" in finding.rule]


def test_a_confirmed_unit_lets_the_gate_open() -> None:
    result = magnesium("1.5", "mg/dL", reference={"low": "1.4", "high": "2.0"})
    assert state(healthy(result)) is UNDECIDED
    assert state(healthy({**result, "unit_confirmed": True})) is OPEN


def test_the_worse_of_two_results_of_one_day_decides() -> None:
    given = healthy(magnesium("0.90"), magnesium("1.10"))
    assert judged(given).status.value == "1.10"
    assert state(given) is CLOSED
    given = healthy(lab("egfr", "80", "mL/min/1.73m2"), lab("egfr", "28", "mL/min/1.73m2"))
    assert state(given) is CLOSED
    assert "data-quality.conflicting-results" in {finding.rule for finding in judged(given).findings}


def test_the_newest_result_counts() -> None:
    old = {**magnesium("1.30"), "on": "2026-08-01"}
    assert state(healthy(old, magnesium("0.90"))) is OPEN
    assert state(healthy({**old, "on": DAY}, {**magnesium("0.90"), "on": "2026-08-01"})) is CLOSED


def test_a_score_never_taken_is_not_checked_and_does_not_close() -> None:
    assessment = judged(healthy())
    assert assessment.gate.state is OPEN
    assert any("suicide item" in line for line in assessment.not_checked)
