"""Conditions of which a changed sign or a turned word would otherwise pass unseen; each found by mutation testing."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide.rules.not_checked import unknown_reasons
from tests.rules.judge import healthy, judged, lab, magnesium, record, rules

Row = dict[str, Any]


@pytest.mark.parametrize(
    ("calcium", "albumin", "fires"),
    [("1.70", "30", False), ("1.69", "30", True), ("2.10", "50", False), ("2.09", "50", True)],
)
def test_the_albumin_adjusted_calcium_at_its_edge(calcium: str, albumin: str, fires: bool) -> None:
    """Adjusted by 0.02 for each g/L from 40, these are 1.90 and 1.89 mmol/L: the edge belongs to the milder side."""
    given = healthy(magnesium("0.45"), lab("serum_calcium", calcium, "mmol/L"), lab("albumin", albumin, "g/L"))
    assert ("urgent.low-magnesium-with-signs" in {each.rule for each in judged(given).urgent}) is fires


IMIPRAMINE: Row = {"age_years": 70, "conditions": {"type_2_diabetes": True, "major_depressive_disorder": True}}


def _told(magnesium_value: str = "1.6", **more: Any) -> bool:
    given = healthy(magnesium(magnesium_value, "mg/dL"), **(IMIPRAMINE | more))
    return "statement.imipramine-comparison" in rules(given)


def test_the_trial_against_imipramine_is_quoted_to_those_like_its_people() -> None:
    assert _told()


@pytest.mark.parametrize(
    "other",
    [
        {"age_years": 64},
        {"conditions": {"major_depressive_disorder": True}},
        {"conditions": {"type_2_diabetes": True}},
        {"conditions": IMIPRAMINE["conditions"] | {"bipolar_disorder": True}},
        {"magnesium_value": "1.9"},
    ],
    ids=["younger", "no diabetes", "no depression", "bipolar disorder", "magnesium not low"],
)
def test_it_is_quoted_to_nobody_else(other: Row) -> None:
    assert not _told(**other)


@pytest.mark.parametrize(
    ("more", "fact", "reason"),
    [
        ({}, "dialysis", "not given, and the problem list is not said to be complete"),
        ({}, "on_ssri", "not given, and the medication list is not said to be complete"),
        (
            {"medications": [{"name": "an invented medicine"}], "medications_complete": True},
            "on_ssri",
            "a medicine on the list was not recognised",
        ),
        (
            {"medications": [{"name": "an invented medicine"}], "medications_complete": False},
            "on_ssri",
            "not given, and the medication list is not said to be complete",
        ),
        ({}, "weight_kg", "not given"),
    ],
)
def test_why_a_fact_is_unknown(more: Row, fact: str, reason: str) -> None:
    found = judged(record(**more))
    assert unknown_reasons(found.patient, found._reading, found._book)[fact] == reason


@pytest.mark.parametrize(
    ("haemolysed", "given", "fires"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_haemolysis_is_told_of_a_sample_that_was_haemolysed_and_of_no_other(
    haemolysed: bool, given: bool, fires: bool
) -> None:
    result = magnesium("0.90", haemolysed=haemolysed) if given else lab("serum_potassium", "4.0", "mmol/L")
    assert ("data-quality.haemolysed" in rules(record(result))) is fires
