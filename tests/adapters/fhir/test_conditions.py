"""Conditions and procedures: true, left open or nothing at all; never false by the chart alone."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide import assess
from mgdecide.assessment import facts_of
from mgdecide.domain.verdicts import GateState
from tests.adapters.fhir.charts import CLINICAL, ICD, ME, SNOMED, VERIFICATION, codes, concept, condition, read

MYASTHENIA, DEPRESSION, KIDNEY_INJURY = "91637004", "370143000", "14669001"
DEPRESSED = {"major_depressive_disorder": True, "depressive_disorder": True}


def held(*resources: Any, **options: Any) -> dict[str, bool]:
    return dict(read(*resources, **options)[0].conditions)


@pytest.mark.parametrize(
    ("code", "system", "key"),
    [
        (MYASTHENIA, SNOMED, "myasthenia_gravis"),
        ("G70.00", ICD, "myasthenia_gravis"),
        ("G7000", ICD, "myasthenia_gravis"),
        ("E11.65", ICD, "type_2_diabetes"),
        ("44054006", "http://snomed.info/sct/900000000000207008", "type_2_diabetes"),
        ("N18.4", ICD, "chronic_kidney_disease"),
        ("Z99.2", ICD, "dialysis"),
        ("27885002", SNOMED, "mobitz_ii_or_third_degree_av_block"),
    ],
)
def test_codes_of_three_systems(code: str, system: str, key: str) -> None:
    assert held(condition(code, system))[key] is True


@pytest.mark.parametrize("status", ["active", "recurrence", "relapse"])
def test_active_is_true(status: str) -> None:
    assert held(condition(DEPRESSION, SNOMED, status)) == DEPRESSED


@pytest.mark.parametrize("status", ["inactive", "remission", "resolved"])
def test_over_counts_only_where_it_lasts(status: str) -> None:
    assert held(condition(DEPRESSION, SNOMED, status)) == {}
    assert held(condition(MYASTHENIA, SNOMED, status)) == {"myasthenia_gravis": True}


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
@pytest.mark.parametrize("code", [DEPRESSION, MYASTHENIA])
def test_withdrawn_is_never_used(status: str, code: str) -> None:
    patient, report = read(condition(code, verificationStatus=concept(status, VERIFICATION)))
    assert not patient.conditions
    assert codes(report) == {"MGD-F107"}


@pytest.mark.parametrize("status", ["unconfirmed", "provisional", "differential"])
def test_not_confirmed_stays_unknown_even_where_the_list_is_complete(status: str) -> None:
    doubtful = condition(MYASTHENIA, verificationStatus=concept(status, VERIFICATION))
    patient, report = read(doubtful, conditions_complete=True)
    known = dict(patient.conditions)
    assert "myasthenia_gravis" not in known
    assert not patient.conditions_complete
    assert known["dialysis"] is False
    assert codes(report) == {"MGD-F127"}
    assert any("myasthenia gravis" in note for note in patient.notes)


def test_a_complete_list_stays_complete_where_all_is_settled() -> None:
    assert read(condition(MYASTHENIA), conditions_complete=True)[0].conditions_complete


def test_a_status_that_is_not_understood_leaves_it_open() -> None:
    assert held(condition(MYASTHENIA, SNOMED, "chronic")) == {}
    assert held(condition(MYASTHENIA, clinicalStatus={"text": "active"})) == {}
    assert "MGD-F127" in codes(read(condition(MYASTHENIA, SNOMED, "chronic"))[1])


def test_no_status_at_all_is_taken_as_present_unless_it_ended() -> None:
    assert held(condition(DEPRESSION, SNOMED, None)) == DEPRESSED
    assert held(condition(DEPRESSION, SNOMED, None, abatementDateTime="2020-01-01")) == {}


def test_active_and_ended_contradict_each_other() -> None:
    patient, report = read(condition(DEPRESSION, abatementDateTime="2020-01-01"))
    assert not patient.conditions
    assert codes(report) == {"MGD-F127"}


@pytest.mark.parametrize(("onset", "known"), [("2026-08-01", True), ("2015-08-01", None), (None, None)])
def test_what_passes_must_be_recent(onset: str | None, known: bool | None) -> None:
    patient, report = read(condition(KIDNEY_INJURY, onsetDateTime=onset), conditions_complete=True)
    assert dict(patient.conditions).get("acute_kidney_injury") is known
    assert ("MGD-F128" in codes(report)) is (known is None)


def test_an_onset_after_the_day_is_not_used() -> None:
    assert codes(read(condition(DEPRESSION, onsetDateTime="2027-01-01"))[1]) == {"MGD-F108"}


@pytest.mark.parametrize(("onset", "sign"), [("2026-08-27", True), ("2026-01-27", None)])
def test_an_acute_sign_is_read_only_if_it_is_days_old(onset: str, sign: bool | None) -> None:
    patient, _ = read(condition("271594007", onsetDateTime=onset))
    assert dict(patient.presenting).get("syncope") is sign


@pytest.mark.parametrize(("onset", "said"), [("2026-03-01", "pregnant"), ("2023-03-01", None), (None, None)])
def test_a_pregnancy_is_read_only_if_it_can_still_be_one(onset: str | None, said: str | None) -> None:
    assert read(condition("77386006", onsetDateTime=onset))[0].pregnancy == said


def test_what_is_not_in_the_tables_is_shown_beside_the_gate() -> None:
    patient, report = read(condition("195967001", code=concept("195967001", SNOMED, "Asthma")))
    assert codes(report) == {"MGD-F116"}
    assert any("Asthma" in note for note in patient.notes)


def test_words_of_the_gate_in_a_local_code_leave_the_fact_open() -> None:
    local = condition("X1", code=concept("X1", "urn:local", "Myasthenia gravis, ocular"))
    patient, _ = read(local, conditions_complete=True)
    known = dict(patient.conditions)
    assert "myasthenia_gravis" not in known
    assert known["heart_block"] is False


def test_a_code_that_may_mean_it_leaves_the_fact_open() -> None:
    patient, report = read(condition("F15.20", ICD), conditions_complete=True)
    assert "substance_use_disorder" not in dict(patient.conditions)
    assert codes(report) == {"MGD-F127"}


@pytest.mark.parametrize(
    ("code", "status", "day", "key"),
    [
        ("442338001", "completed", "2009-01-01", "bariatric_surgery"),
        ("307280005", "completed", "2015-01-01", "pacemaker"),
        ("265764009", "completed", "2026-08-20", "dialysis"),
        ("265764009", "in-progress", "2020-01-01", "dialysis"),
        ("265764009", "completed", "2015-01-01", None),
        ("442338001", "not-done", "2009-01-01", None),
        ("442338001", "entered-in-error", "2009-01-01", None),
        ("442338001", "preparation", "2026-01-01", None),
        ("442338001", "completed", "2027-01-01", None),
        ("80146002", "completed", "2009-01-01", None),
    ],
)
def test_procedures(code: str, status: str, day: str, key: str | None) -> None:
    procedure = {
        "resourceType": "Procedure",
        "id": "p",
        "status": status,
        "code": concept(code, SNOMED),
        "subject": ME,
        "performedDateTime": day,
    }
    patient, report = read(procedure)
    assert dict(patient.conditions) == ({key: True} if key else {})
    assert report.lines


def test_allergies_and_orders_are_read_and_said_not_to_count() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "id": "a", "patient": ME, "code": {"text": "magnesium oxide"}}
    order = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "status": "active",
        "intent": "order",
        "subject": ME,
        "code": concept("19123-9"),
    }
    patient, report = read(allergy, order)
    assert codes(report) == {"MGD-F130"}
    assert any("magnesium oxide" in note for note in patient.notes)


def test_two_systems_that_agree_are_one_fact() -> None:
    both = {"coding": [*concept(MYASTHENIA, SNOMED)["coding"], *concept("G70.00", ICD)["coding"]]}
    assert held(condition("x", code=both, clinicalStatus=concept("active", CLINICAL))) == {"myasthenia_gravis": True}


@pytest.mark.parametrize(
    ("code", "system"), [("I44.1", ICD), ("I44.30", ICD), ("233917008", SNOMED), ("195042002", SNOMED)]
)
def test_a_block_of_no_told_degree_leaves_the_grave_ones_open(code: str, system: str) -> None:
    patient, _report = read(condition(code, system), conditions_complete=True)
    known = dict(patient.conditions)
    assert known["heart_block"] is True
    assert "mobitz_ii_or_third_degree_av_block" not in known
    assert known["myasthenia_gravis"] is False
    assert assess(patient).gate.state is GateState.UNDECIDED


def test_a_first_degree_block_or_one_that_is_over_leaves_nothing_open() -> None:
    grave = "mobitz_ii_or_third_degree_av_block"
    for settled in (condition("I44.0", ICD), condition("I44.1", ICD, "resolved")):
        patient, _report = read(settled, conditions_complete=True)
        assert facts_of(patient)[grave] is False
    assert held(condition("I44.1", ICD), condition("I44.2", ICD), conditions_complete=True)[grave] is True


@pytest.mark.parametrize("when", [{}, {"onsetDateTime": "2026-07-20"}])
def test_a_sign_on_record_that_may_be_over_is_asked_about(when: dict[str, str]) -> None:
    thoughts = condition("R45.851", ICD, **when)
    patient, _report = read(thoughts)
    assert not patient.presenting
    assert any("suicidal thoughts now cannot be told" in line for line in assess(patient).not_checked)
    now, _report = read(thoughts, condition("R45.851", ICD, id="now", onsetDateTime="2026-08-28"))
    assert dict(now.presenting) == {"suicidal_thoughts": True}
    assert not any("cannot be told" in line for line in now.notes)


def test_a_text_that_speaks_of_suicide_is_asked_about() -> None:
    patient, _report = read(
        condition("1", "urn:local", code=concept("1", "urn:local", text="Suicidal ideation with plan"))
    )
    assert any("suicidal thoughts now cannot be told" in line for line in patient.notes)
