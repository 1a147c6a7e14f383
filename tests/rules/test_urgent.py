"""What needs a person now: suicide items, critical values, and the emergency rules."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide.domain.verdicts import GateState
from tests.rules.judge import DAY, answer, healthy, judged, lab, magnesium


def urgent(given: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in judged(given).urgent]


def score(instrument: str, item: int, points: int) -> dict[str, Any]:
    return {"instrument": instrument, "items": {str(item): points}, "on": DAY}


@pytest.mark.parametrize(
    ("instrument", "item", "negative", "positive"),
    [("PHQ-9", 9, 0, 1), ("BDI-II", 9, 0, 1), ("EPDS", 10, 0, 1), ("HAM-D17", 3, 0, 1), ("MADRS", 10, 1, 2)],
)
def test_the_suicide_item_of_every_instrument(instrument: str, item: int, negative: int, positive: int) -> None:
    assert urgent(healthy(scores=[score(instrument, item, negative)])) == []
    assessment = judged(healthy(scores=[score(instrument, item, positive)]))
    assert [finding.rule for finding in assessment.urgent] == ["urgent.suicide-item"]
    assert assessment.gate.state is GateState.CLOSED
    text = assessment.urgent[0].text
    for word in ("low risk", "medium risk", "moderate risk", "high risk"):
        assert word not in text.lower()


def test_an_acknowledged_urgent_finding_stays_visible_and_no_longer_closes() -> None:
    given = healthy(scores=[score("PHQ-9", 9, 2)], acknowledged=["urgent.suicide-item"])
    assessment = judged(given)
    assert [finding.rule for finding in assessment.urgent] == ["urgent.suicide-item"]
    assert assessment.gate.state is GateState.OPEN


@pytest.mark.parametrize("sign", ["suicide_plan", "suicide_intent", "recent_attempt"])
def test_a_plan_intent_or_attempt_is_an_emergency(sign: str) -> None:
    assert "urgent.suicide-emergency" in urgent(healthy(presenting={sign: True}))


def test_means_alone_are_not_an_emergency_but_with_a_positive_item_they_are() -> None:
    assert urgent(healthy(presenting={"suicide_means": True})) == []
    given = healthy(presenting={"suicide_means": True}, scores=[score("PHQ-9", 9, 1)])
    assert "urgent.suicide-emergency" in urgent(given)


@pytest.mark.parametrize(
    ("value", "unit", "fires"),
    [
        ("0.399", "mmol/L", True),
        ("0.40", "mmol/L", False),
        ("0.96", "mg/dL", True),
        ("0.97", "mg/dL", False),
        ("0.79", "mEq/L", True),
        ("0.80", "mEq/L", False),
        ("<0.5", "mmol/L", True),
        ("<0.6", "mmol/L", False),
    ],
)
def test_e1_critical_low(value: str, unit: str, fires: bool) -> None:
    """A result printed only as less than 0.5 may be critical and is treated so."""
    assert ("urgent.critical-low-magnesium" in urgent(healthy(magnesium(value, unit)))) is fires


def test_e1_needs_a_current_value_but_not_a_date() -> None:
    undated = magnesium("0.35")
    del undated["on"]
    assert "urgent.critical-low-magnesium" in urgent(healthy(undated))
    assert "urgent.critical-low-magnesium" not in urgent(healthy({**magnesium("0.35"), "on": "2026-01-01"}))


E2_SIGNS: list[dict[str, Any]] = [
    *(
        {"presenting": {sign: True}}
        for sign in (
            "syncope",
            "palpitations",
            "arrhythmia",
            "seizure",
            "tetany",
            "confusion",
            "acute_heart_failure",
            "acute_coronary_syndrome",
        )
    ),
    {"medications": [{"name": "digoxin"}]},
]


@pytest.mark.parametrize("sign", E2_SIGNS, ids=str)
def test_e2_severe_low_with_a_sign(sign: dict[str, Any]) -> None:
    assert "urgent.low-magnesium-with-signs" in urgent(healthy(magnesium("0.49"), **sign))
    assert "urgent.low-magnesium-with-signs" not in urgent(healthy(magnesium("0.50"), **sign))


@pytest.mark.parametrize(
    ("result", "fires"),
    [
        (lab("serum_potassium", "2.9", "mmol/L"), True),
        (lab("serum_potassium", "3.0", "mmol/L"), False),
        (lab("qtc", "500", "ms"), True),
        (lab("qtc", "499", "ms"), False),
        (lab("serum_calcium", "1.89", "mmol/L"), True),
        (lab("serum_calcium", "1.90", "mmol/L"), False),
    ],
)
def test_e2_severe_low_with_a_danger_value(result: dict[str, Any], fires: bool) -> None:
    assert ("urgent.low-magnesium-with-signs" in urgent(healthy(magnesium("0.45"), result))) is fires


def test_e2_uses_the_albumin_adjusted_calcium_where_it_can() -> None:
    """1.85 mmol/L with albumin 30 g/L is 2.05 adjusted (0.02 for each g/L below 40)."""
    calcium, albumin = lab("serum_calcium", "1.85", "mmol/L"), lab("albumin", "30", "g/L")
    assert "urgent.low-magnesium-with-signs" not in urgent(healthy(magnesium("0.45"), calcium, albumin))


@pytest.mark.parametrize("sign", ["ventricular_arrhythmia", "seizure", "respiratory_depression"])
def test_e3_at_any_magnesium(sign: str) -> None:
    assert "urgent.emergency-signs" in urgent(healthy(magnesium("0.90"), presenting={sign: True}))


@pytest.mark.parametrize(
    ("value", "unit", "fires"),
    [("2.06", "mmol/L", False), ("2.07", "mmol/L", True), ("5.0", "mg/dL", False), ("5.01", "mg/dL", True)],
)
def test_e4_by_value_alone(value: str, unit: str, fires: bool) -> None:
    assert ("urgent.high-magnesium" in urgent(healthy(magnesium(value, unit)))) is fires


def test_e4_does_not_fire_on_a_suspect_2_mmol_per_l_in_sound_kidneys() -> None:
    given = healthy(magnesium("2.0"), lab("egfr", "95", "mL/min/1.73m2"))
    assert "urgent.high-magnesium" not in urgent(given)
    assert "data-quality.unit-suspect-high" in {finding.rule for finding in judged(given).findings}


@pytest.mark.parametrize("sign", ["hypotension", "lost_reflexes", "somnolence", "ileus"])
def test_e4_with_a_sign_of_toxicity(sign: str) -> None:
    assert "urgent.high-magnesium" in urgent(healthy(magnesium("1.24"), presenting={sign: True}))
    assert "urgent.high-magnesium" not in urgent(healthy(magnesium("1.23"), presenting={sign: True}))


def test_e4_with_failing_kidneys() -> None:
    assert "urgent.high-magnesium" in urgent(healthy(magnesium("1.24"), lab("egfr", "29", "mL/min/1.73m2")))
    assert "urgent.high-magnesium" not in urgent(healthy(magnesium("1.24"), lab("egfr", "30", "mL/min/1.73m2")))


def test_e6_refeeding() -> None:
    assert "urgent.refeeding" in urgent(healthy(magnesium("0.69"), conditions={"refeeding_risk": True}))
    assert "urgent.refeeding" in urgent(healthy(magnesium("0.69"), weight_kg=40, height_cm=160))  # BMI 15.6
    assert "urgent.refeeding" not in urgent(healthy(magnesium("0.69"), weight_kg=41, height_cm=160))  # BMI 16.0
    assert "urgent.refeeding" not in urgent(healthy(magnesium("0.90"), conditions={"refeeding_risk": True}))


def test_unknown_signs_stay_silent_and_are_unknown() -> None:
    assert urgent(healthy()) == []
    assert answer(healthy(), "urgent.emergency-signs") is None


def test_urgent_findings_come_before_every_other_line() -> None:
    given = healthy(magnesium("0.35"), scores=[score("PHQ-9", 9, 1)], medications=[{"name": "raltegravir"}])
    record = judged(given).to_record()
    assert list(record).index("urgent") < list(record).index("gate") < list(record).index("findings")
    assert [finding.rule for finding in judged(given).urgent] == [
        "urgent.critical-low-magnesium",
        "urgent.suicide-item",
    ]
