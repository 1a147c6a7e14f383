"""Whole patients a clinician can read: the bundled examples, and what must be said of each."""

from __future__ import annotations

from importlib.resources import files

import pytest

from mgdecide import Assessment, Regimens, Withheld, assess, read_patient


def patient(name: str) -> Assessment:
    text = files("mgdecide.adapters.examples").joinpath(f"{name}.json").read_text(encoding="utf-8")
    return assess(read_patient(text))


@pytest.mark.parametrize(
    ("name", "gate", "status", "urgent"),
    [
        ("demo-1", "open", "hypo", []),
        ("closed-kidney", "closed", "adequate", []),
        (
            "critical-low",
            "closed",
            "critical_low",
            ["urgent.critical-low-magnesium", "urgent.low-magnesium-with-signs"],
        ),
        ("suicide-item", "closed", "suboptimal", ["urgent.suicide-item"]),
        ("everything-unknown", "undecided", "undetermined", []),
        ("undecided", "undecided", "undetermined", []),
        ("unit-question", "closed", "high", []),
        ("child", "open", "adequate", []),
        ("pregnancy", "open", "hypo", []),
        ("treatment-resistant", "open", "below_nhanes1", []),
    ],
)
def test_the_first_screen(name: str, gate: str, status: str, urgent: list[str]) -> None:
    assessment = patient(name)
    assert assessment.gate.state.value == gate
    assert assessment.status.category == status
    assert [finding.rule for finding in assessment.urgent] == urgent


def test_a_woman_with_low_magnesium_alendronate_and_omeprazole() -> None:
    """She may see what was tried, nothing fits for certain, and alendronate must be kept apart."""
    assessment = patient("demo-1")
    held = assessment.regimens
    assert isinstance(held, Regimens)
    fits = {regimen.study: regimen.fit.value for regimen in held.items}
    assert fits["tarleton-2017"] == "does not fit"  # a bisphosphonate excluded people from it
    assert fits["rajizadeh-2017"] == "cannot tell"  # its exclusions could not be read
    doses = {regimen.study: (regimen.dose.low, regimen.dose.high) for regimen in held.items}
    assert doses["rajizadeh-2017"] == (301.5, 500.0)
    assert doses["tarleton-2017"] == (239.1, 248.0)
    assert doses["barragan-2008"] == (298.9, 638.2)
    assert all(regimen.certainty in ("very low", "low") for regimen in held.items)
    assert [regimen.order for regimen in held.items] == sorted(regimen.order for regimen in held.items)


def test_failing_kidneys_see_no_regimen() -> None:
    held = patient("closed-kidney").regimens
    assert isinstance(held, Withheld)
    assert "kidney" in held.reason


def test_a_child_fits_no_trial_in_adults() -> None:
    assessment = patient("child")
    assert isinstance(assessment.regimens, Regimens)
    assert not [regimen for regimen in assessment.regimens.items if regimen.fit.value == "fits"]
    assert "risk.child" in {finding.rule for finding in assessment.findings}


def test_intravenous_magnesium_is_evidence_and_never_a_regimen() -> None:
    assessment = patient("treatment-resistant")
    assert isinstance(assessment.regimens, Regimens)
    assert "mehdi-2017" not in {regimen.study for regimen in assessment.regimens.items}
    assert all(regimen.dose.route == "oral" for regimen in assessment.regimens.items)
    assert "iv-magnesium-treatment-resistant-depression" in {summary.body for summary in assessment.evidence}


def test_a_result_sent_twice_keeps_the_doubt_that_one_of_them_brought() -> None:
    """LOINC 2601-3 is magnesium in moles per volume: it speaks against mg/dL, whichever copy came first."""
    result = {"test": "serum_magnesium", "value": "1.48", "unit": "mg/dL", "on": "2026-08-20"}
    told = []
    for labs in ([result, {**result, "loinc": "2601-3"}], [{**result, "loinc": "2601-3"}, result]):
        assessment = assess(read_patient({"age_years": 54, "assessed_on": "2026-08-29", "labs": labs}))
        assert "data-quality.code-unit-mismatch" in {finding.rule for finding in assessment.findings}
        told.append(assessment.to_json())
    assert told[0] == told[1]


def test_nothing_known_is_an_answer() -> None:
    record = patient("everything-unknown").to_record()
    assert record["regimens"] is None
    assert record["unknowns"]
    assert record["not_checked"]
