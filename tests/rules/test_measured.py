"""What was measured beside magnesium: the figure, its edges and what they say; the report shows each."""

from __future__ import annotations

import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.report.clinician import report_text
from mgdecide.rules.measured import Measured

DAY = "2026-08-29"


def _measured(**record: object) -> dict[str, Measured]:
    patient = read_patient({"assessed_on": DAY, "age_years": 54, "sex": "female", **record})
    return {each.fact: each for each in assess(patient).measured}


def _phq9(total: int, **more: object) -> dict[str, object]:
    return {"scores": [{"instrument": "PHQ-9", "total": total, "on": "2026-08-20", **more}]}


@pytest.mark.parametrize(
    ("total", "compared", "finding"),
    [
        (0, "0 to 4 minimal", "minimal"),
        (4, "0 to 4 minimal", "minimal"),
        (5, "5 to 9 mild", "mild"),
        (12, "10 to 14 moderate", "moderate"),
        (15, "15 to 19 moderately severe", "moderately severe"),
        (20, "20 to 27 severe", "severe"),
    ],
)
def test_a_score_stands_beside_its_published_band(total: int, compared: str, finding: str) -> None:
    # Kroenke 2001: 5, 10, 15 and 20 begin the bands.
    told = _measured(**_phq9(total))["phq9_total"]
    assert (told.value, told.unit, told.compared, told.finding) == (str(total), "of 27", compared, finding)
    assert str(told.on) == "2026-08-20"
    assert told.sources


def test_a_scale_without_bands_claims_none() -> None:
    told = _measured(scores=[{"instrument": "AUDIT-C", "total": 5}])["audit_c"]
    assert (told.value, told.unit, told.compared, told.finding) == ("5", "of 12", "", "")
    assert told.verified  # nothing was claimed that would have to be looked up


def test_the_newest_score_is_shown_with_its_day() -> None:
    old = {"instrument": "PHQ-9", "total": 22, "on": "2026-01-10"}
    told = _measured(scores=[*_phq9(3)["scores"], old])["phq9_total"]  # type: ignore[misc]
    assert (told.value, str(told.on)) == ("3", "2026-08-20")


def test_the_day_of_a_total_is_not_that_of_another_scale_or_of_an_item_asked_alone() -> None:
    scores = [
        {"instrument": "GAD-7", "total": 12, "on": "2026-08-05"},
        {"instrument": "PHQ-9", "total": 12, "on": "2026-08-20"},
        {"instrument": "PHQ-9", "items": {"9": 0}, "on": "2026-08-25"},
    ]
    told = _measured(scores=scores)
    assert str(told["gad7"].on) == "2026-08-05"
    assert str(told["phq9_total"].on) == "2026-08-20"
    assert str(told["phq9_item_9"].on) == "2026-08-25"


@pytest.mark.parametrize(("points", "finding"), [(0, "not positive"), (1, "positive"), (3, "positive")])
def test_the_item_on_suicide(points: int, finding: str) -> None:
    told = _measured(**_phq9(12, items={"9": points}))["phq9_item_9"]
    assert (told.value, told.finding, told.label) == (str(points), finding, "PHQ-9 item 9")


def test_an_item_that_only_the_total_implies_says_so() -> None:
    told = _measured(**_phq9(26))["phq9_item_9"]  # eight items reach 24
    assert (told.value, told.finding, told.label) == ("2", "positive", "PHQ-9 item 9, implied by the total")
    assert told.on is None


@pytest.mark.parametrize(
    ("value", "on", "finding"),
    [
        (29, "2026-08-20", "below"),
        (30, "2026-08-20", "not below"),
        (30, "2026-01-01", "stale or undated: not counted"),
        (30, None, "stale or undated: not counted"),
    ],
)
def test_a_kidney_figure_stands_beside_the_edge_of_the_gate(value: int, on: str | None, finding: str) -> None:
    lab = {"test": "egfr", "value": value, "unit": "mL/min/1.73m2", **({"on": on} if on else {})}
    told = _measured(labs=[lab])["egfr"]
    assert (told.value, told.finding) == (str(value), finding)
    assert told.compared == "gate closes below 30 mL/min/1.73m2"


def test_a_creatinine_brings_the_calculated_figure() -> None:
    lab = {"test": "serum_creatinine", "value": "2.4", "unit": "mg/dL", "on": "2026-08-20"}
    told = _measured(labs=[lab])["egfr_ckd_epi_2021"]
    # CKD-EPI 2021 by hand: 142 * (2.4/0.7)^-1.2 * 0.9938^54 * 1.012 = 23.4
    assert (told.value, told.finding, str(told.on)) == ("23.4", "below", "2026-08-20")


@pytest.mark.parametrize(
    ("sex", "age", "creatinine", "figure"), [("female", 54, "0.5", "111.4"), ("male", 60, "0.6", "110.5")]
)
def test_the_calculated_figure_of_a_low_creatinine(sex: str, age: int, creatinine: str, figure: str) -> None:
    """By hand: 142 * (0.5/0.7)^-0.241 * 0.9938^54 * 1.012 = 111.4; 142 * (0.6/0.9)^-0.302 * 0.9938^60 = 110.5."""
    lab = {"test": "serum_creatinine", "value": creatinine, "unit": "mg/dL", "on": "2026-08-20"}
    assert _measured(labs=[lab], sex=sex, age_years=age)["egfr_ckd_epi_2021"].value == figure


def test_the_report_shows_them_and_never_reads_a_zero_as_no_risk() -> None:
    patient = read_patient({"assessed_on": DAY, **_phq9(12, items={"9": 0})})
    text = report_text(assess(patient))
    assert "PHQ-9 item 9 is 0 (2026-08-20)" in " ".join(text.split())
    assert "no score rules out a risk of suicide" in " ".join(text.split())
    assert "10 to 14 moderate" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 76


def test_the_record_of_a_figure() -> None:
    told = _measured(**_phq9(12))["phq9_total"]
    assert told.to_record() == {
        "fact": "phq9_total",
        "label": told.label,
        "value": "12",
        "unit": "of 27",
        "compared": "10 to 14 moderate",
        "finding": "moderate",
        "on": "2026-08-20",
        "sources": list(told.sources),
        "verified": told.verified,
    }
    undated = _measured(scores=[{"instrument": "PHQ-9", "total": 12}])["phq9_total"]
    assert undated.to_record()["on"] is None
