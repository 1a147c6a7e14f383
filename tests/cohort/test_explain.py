"""From one patient to a row and back: ``facts_of`` and ``explain``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mgdecide import Patient, assess, read_patient
from mgdecide.adapters.bulk.columns import fact_schema
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.cohort import explain, facts_of, judge
from mgdecide.testing import patients
from mgdecide.testing.cohort_agreement import told_in, verdicts_of
from tests.cohort.frames import Row, generated, table, usual

EXAMPLES = [read_patient(json.loads(example_text(name))) for name in example_names()]
QUIETLY = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))


def frame(people: list[Patient]) -> pl.DataFrame:
    found = pl.from_arrow(table([facts_of(each) for each in people]))
    assert isinstance(found, pl.DataFrame)
    return found


@given(st.lists(patients(), min_size=20, max_size=30))
@QUIETLY
def test_judge_and_explain_say_what_assess_says(people: list[Patient]) -> None:
    told = [verdicts_of(assess(each)) for each in people]
    rows = frame(people)
    assert [told_in(row) for row in judge(rows).to_dicts()] == told
    assert [verdicts_of(each) for each in explain(rows)] == told


def test_the_bundled_patients_are_judged_alike() -> None:
    told = [verdicts_of(assess(each)) for each in EXAMPLES]
    assert [told_in(row) for row in judge(frame(EXAMPLES)).to_dicts()] == told
    assert {each["gate"] for each in told} == {"open", "undecided", "closed"}


def test_facts_of_fills_columns_of_their_types() -> None:
    kinds = {field.name: str(field.type) for field in fact_schema()}
    python = {"double": float, "bool": bool, "string": str}
    for each in EXAMPLES:
        row = facts_of(each)
        assert next(iter(row)) == "patient"
        for name, value in row.items():
            assert type(value) is python[kinds[name]], name


def test_what_is_not_known_is_not_in_the_row() -> None:
    """What is there of an empty record are the record's own remarks, all of them false."""
    row = facts_of(Patient(id="nobody"))
    assert row.pop("patient") == "nobody"
    assert set(row.values()) == {False}


@given(st.lists(patients(), min_size=10, max_size=20))
@QUIETLY
def test_a_row_survives_the_way_there_and_back(people: list[Patient]) -> None:
    """The facts of the patient that is read from a row are the row's facts."""
    from mgdecide.cohort.explanation import clean_rows
    from mgdecide.knowledge.edition import default_knowledge

    for given_patient, (patient, row) in zip(
        people, clean_rows(frame(people), "patient", default_knowledge()), strict=True
    ):
        facts = facts_of(given_patient)
        assert facts.pop("patient") == patient.id
        assert {name: row.get(name) for name in facts} == facts
        assert patient.age_years == given_patient.age_years
        assert patient.sex == given_patient.sex
        assert {lab.test for lab in patient.labs} == {lab.test for lab in given_patient.labs}


def test_explain_equals_judge_on_generated_rows() -> None:
    rows = pl.from_arrow(table(generated(300, 31)))
    assert isinstance(rows, pl.DataFrame)
    for row, assessment in zip(judge(rows).to_dicts(), explain(rows), strict=True):
        assert told_in(row) == verdicts_of(assessment)
        assert assessment.patient.id == row["patient"]


@pytest.mark.parametrize("name", ["polars-lazy", "duckdb", "pyarrow", "pandas"])
def test_explain_takes_every_frame(engine_named: Callable[[str], Any], name: str) -> None:
    _explained_on(engine_named(name))


@pytest.mark.slow
@pytest.mark.spark
def test_explain_takes_a_frame_of_spark(engine_named: Callable[[str], Any]) -> None:
    _explained_on(engine_named("spark"))


def _explained_on(engine: Any) -> None:
    rows: list[Row] = [usual(), usual(patient="b", egfr=20.0), usual(patient="c", sex="?")]
    a, b, c = explain(engine.frame(table(rows)))
    assert [each.patient.id for each in (a, b, c)] == ["a", "b", "c"]
    assert [each.gate.state.value for each in (a, b, c)] == ["open", "closed", "open"]
    assert c.patient.sex is None
    assert "gate.kidney" in {reason.rule for reason in b.gate.because}


def test_an_explanation_is_a_complete_assessment() -> None:
    (found,) = explain(table([usual(egfr=None)]))
    assert found.to_record()["schema"] == "mgdecide/assessment/1"
    assert "egfr" in {unknown.fact for unknown in found.unknowns}
    assert found.findings
    assert all(finding.text for finding in found.findings)


def test_explain_with_another_key_and_no_rows() -> None:
    renamed = table([usual()]).rename_columns({"patient": "mrn"})
    (found,) = explain(renamed, key="mrn")
    assert found.patient.id == "a"
    assert explain(table([])) == ()


def test_the_day_of_a_record_becomes_the_age_of_its_results() -> None:
    record = {
        "assessed_on": "2026-08-29",
        "labs": [{"test": "egfr", "value": 71, "unit": "mL/min/1.73m2", "on": "2026-08-20"}],
    }
    row = facts_of(read_patient(record))
    assert (row["egfr"], row["egfr_age_days"]) == (71.0, 9.0)
    assert date(2026, 8, 29).toordinal() - date(2026, 8, 20).toordinal() == 9
