"""The ledger: which unknown would change the gate or a fit, at which value, and why it is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide import Unknown, assess, read_patient
from mgdecide.knowledge.edition import default_knowledge, with_overlay
from mgdecide.knowledge.overlay import read_overlay
from tests.rules.judge import healthy, judged, lab, magnesium, record


def ledger(given: dict[str, Any]) -> dict[str, Unknown]:
    return {unknown.fact: unknown for unknown in judged(given).unknowns}


def without(given: dict[str, Any], test: str) -> dict[str, Any]:
    return {**given, "labs": [each for each in given["labs"] if each["test"] != test]}


def test_an_unknown_egfr_closes_at_30_and_may_change_a_fit_at_60() -> None:
    egfr = ledger(without(healthy(), "egfr"))["egfr"]
    assert egfr.reason == "not given"
    assert egfr.changes[0] == "gate"
    assert "fit:tarleton-2017" in egfr.changes
    assert egfr.at == ("less than 30", "less than 60")
    assert dict(egfr.outcomes)["gate"] == ("closed", "open", "undecided")


def test_an_unknown_magnesium_is_told_in_every_usual_unit() -> None:
    found = ledger(without(healthy(), "serum_magnesium"))["serum_magnesium"]
    for border in ("more than 1 mmol/L", "more than 2.43 mg/dL", "more than 2 mEq/L", "less than 0.4 mmol/L"):
        assert border in found.at


def test_an_unknown_condition_changes_the_gate_if_true() -> None:
    given = healthy(conditions_complete=False, conditions={"dialysis": False})
    found = ledger(given)
    assert "dialysis" not in found
    assert "myasthenia_gravis" in found
    assert found["myasthenia_gravis"].at == ("true",)
    assert "problem list" in found["myasthenia_gravis"].reason


def test_a_stale_result_is_unknown_because_it_is_too_old() -> None:
    given = healthy({**magnesium("0.90"), "on": "2026-01-01"})
    assert ledger(given)["serum_magnesium"].reason == "too old"
    undated = magnesium("0.90")
    del undated["on"]
    assert ledger(healthy(undated))["serum_magnesium"].reason == "no date"


def test_a_comparator_that_leaves_the_edge_open_is_unknown() -> None:
    found = ledger(healthy(lab("egfr", "<60", "mL/min/1.73m2")))["egfr"]
    assert found.reason == "reported only with a comparator"


def test_what_cannot_change_anything_is_not_in_the_ledger() -> None:
    found = ledger(healthy())
    assert "caffeine_mg_per_day" not in found
    assert "selenium" not in found


@pytest.mark.parametrize(("sex", "asked"), [("female", True), ("male", False)])
def test_pregnancy_is_asked_only_of_whom_a_trial_asked_it(sex: str, asked: bool) -> None:
    """tarleton-2017 took no pregnant women, and men as they came."""
    found = ledger({key: each for key, each in healthy(sex=sex).items() if key != "pregnancy"})
    assert ("pregnancy" in found) is asked
    assert not asked or "fit:tarleton-2017" in found["pregnancy"].changes


def test_gate_changers_come_first() -> None:
    changes = [unknown.changes[0] == "gate" for unknown in judged(record()).unknowns]
    assert changes == sorted(changes, reverse=True)


def test_a_closed_gate_still_says_what_else_is_unknown() -> None:
    given = record(magnesium("0.90"), lab("egfr", "20", "mL/min/1.73m2"))
    gate = judged(given).gate
    assert gate.state.value == "closed"
    assert "dialysis" in gate.needs


OVERLAY = """
name = "North Hospital"
version = "3"
approver = "Dr A. Example"
locale = "EU"
crisis_line = "Crisis line: 116 123."

[limits]
"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }
"""


def test_a_sites_stricter_limit_changes_gate_ledger_and_provenance() -> None:
    knowledge = with_overlay(default_knowledge(), read_overlay(OVERLAY))
    given = healthy(lab("egfr", "40", "mL/min/1.73m2"))
    assert judged(given).gate.state.value == "open"
    strict = assess(read_patient(given), knowledge=knowledge)
    assert strict.gate.state.value == "closed"
    assert strict.provenance.digest != judged(given).provenance.digest
    site = strict.provenance.overlay
    assert site is not None
    assert site["name"] == "North Hospital"
    unknown = next(
        each
        for each in assess(read_patient(without(given, "egfr")), knowledge=knowledge).unknowns
        if each.fact == "egfr"
    )
    assert "less than 45" in unknown.at


@pytest.mark.parametrize(("mg", "us", "eu"), [(300, False, True), (400, True, True)])
def test_the_upper_level_follows_the_locale(mg: int, us: bool, eu: bool) -> None:
    product = [{"salt": "magnesium oxide", "amount": f"{mg} mg", "basis": "elemental", "per_day": 1}]
    patient = read_patient(healthy(magnesium_products=product))
    rule = "intake.products-above-upper-level"
    assert (rule in {each.rule for each in assess(patient).findings}) is us
    knowledge = with_overlay(default_knowledge(), read_overlay(OVERLAY))
    assert (rule in {each.rule for each in assess(patient, knowledge=knowledge).findings}) is eu


def test_the_crisis_line_stands_in_the_suicide_finding() -> None:
    knowledge = with_overlay(default_knowledge(), read_overlay(OVERLAY))
    score = {"instrument": "PHQ-9", "items": {"9": 1}, "on": "2026-08-29"}
    found = assess(read_patient(healthy(scores=[score])), knowledge=knowledge).urgent[0]
    assert found.text.endswith("Crisis line: 116 123.")


def test_every_limit_a_site_may_change_is_asked_by_some_rule() -> None:
    """A site's change that no rule reads would do nothing, and nobody would notice."""
    from mgdecide.rules.rulebook import number_ids, rulebook

    knowledge = default_knowledge()
    asked = {id for node in rulebook(knowledge).program.slots for id in number_ids(node)}
    choices = {"upper-level.us", "upper-level.eu"}  # asked through the locale
    unread = {id for id, limit in knowledge.limits.items() if limit.overridable} - asked - choices
    assert not unread
