"""The patient view: nothing that is urgent is left out, nothing old reassures, and no dose of anything."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mgdecide.adapters.record.records import read_patient
from mgdecide.adapters.report.patient import plain_words
from mgdecide.assessment import assess
from mgdecide.knowledge.edition import default_knowledge, with_overlay
from mgdecide.knowledge.overlay import read_overlay
from tests.rules.judge import healthy, judged, magnesium


def view(given: dict[str, Any]) -> str:
    return plain_words(judged(given))


def test_a_medicine_that_rules_magnesium_out_is_named() -> None:
    text = view(healthy(medications=[{"name": "raltegravir"}, {"name": "alendronate"}]))
    assert "If you take raltegravir, do not take magnesium unless your clinician says so." in text
    assert "If you take alendronate, do not take magnesium at the same time." in text


@pytest.mark.parametrize("name", ["Alendronate 70 MG Oral Tablet", "raltegravir (400 mg) tablet"])
def test_the_strength_of_another_medicine_is_no_word_for_the_patient(name: str) -> None:
    text = view(healthy(medications=[{"name": name}]))
    assert name.split()[0] in text
    assert not re.search(r"\d|\bmg\b", text, re.IGNORECASE)


@pytest.mark.parametrize("value", ["<0.45", "<0.5"])
def test_a_result_that_may_be_critical_sends_the_patient_today(value: str) -> None:
    assert "You need to be seen by a doctor today." in view(healthy(magnesium(value)))


def test_the_sites_crisis_line_is_told_to_the_patient_who_named_thoughts_of_dying() -> None:
    overlay = 'name = "North Hospital"\nversion = "3"\napprover = "Dr A. Example"\ncrisis_line = "Call 116 123."\n'
    knowledge = with_overlay(default_knowledge(), read_overlay(overlay))
    score = {"instrument": "PHQ-9", "items": {"9": 1}, "on": "2026-08-29"}
    thinking, well = (read_patient(healthy(scores=each)) for each in ([score], []))
    assert "You do not have to be alone with this. Call 116 123.\n" in plain_words(
        assess(thinking, knowledge=knowledge)
    )
    assert "116" not in plain_words(assess(well, knowledge=knowledge))
    assert "You do not have to be alone with this.\n" in plain_words(assess(thinking))


def test_refeeding_and_ileus_are_not_left_out() -> None:
    assert "seen by a doctor today" in view(healthy(magnesium("0.65"), conditions={"refeeding_risk": True}))
    assert "seen by a doctor now" in view(healthy(presenting={"ileus": True}))


def test_a_critical_level_is_told_once() -> None:
    assert view(healthy(magnesium("0.35"))).count("seen") == 1


@pytest.mark.parametrize("on", ["2025-01-01", None])
def test_an_old_or_undated_usual_result_does_not_reassure(on: str | None) -> None:
    text = view(healthy({**magnesium("0.90"), "on": on}))
    assert "usual range" not in text
    assert "measure it again" in text


def test_a_haemolysed_usual_result_does_not_reassure() -> None:
    text = view(healthy(magnesium("0.90", haemolysed=True)))
    assert "usual range" not in text
    assert "measured again" in text
    assert "is low" in view(healthy(magnesium("0.60", haemolysed=True)))


def test_who_takes_magnesium_against_a_contraindication_is_told_to_ask() -> None:
    closed = {"conditions": {"dialysis": True}}
    assert "ask your clinician today" in view(healthy(medications=[{"name": "milk of magnesia"}], **closed))
    assert "ask your clinician today" not in view(healthy(**closed))
