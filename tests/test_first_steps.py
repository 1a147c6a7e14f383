"""What somebody new tries first: a record not yet read, a file in place of its text, an object looked at."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

import mgdecide
from mgdecide import InvalidRecord, MgdecideError, Patient, assess, read_patient, testing
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.domain import laboratory
from mgdecide.domain import patient as patients
from mgdecide.errors import Problem


@pytest.mark.parametrize("given", [{"age_years": 54}, "{}", None, [], b""])
def test_a_record_that_was_not_read_is_no_patient(given: object) -> None:
    with pytest.raises(MgdecideError) as raised:
        assess(cast(Patient, given))
    assert raised.value.code == "MGD-I101"
    assert "assess(read_patient(record))" in str(raised.value)


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("patient.json", "MGD-R102", "not the name of a file"),
        (Path("patient.json"), "MGD-R107", "read_bytes()"),
        ({"resourceType": "Bundle", "entry": []}, "MGD-R108", "read_fhir"),
        ({"conditions": ["dialysis"]}, "MGD-R112", '{"type_2_diabetes": true, "dialysis": false}'),
        ({"medications": ["omeprazole"]}, "MGD-R112", '{"name": "omeprazole"}'),
        ({"labs": {"test": "egfr"}}, "MGD-R112", '[{"test": "serum_magnesium"'),
        ({"assessed_on": "29.08.2026"}, "MGD-R160", "YYYY-MM-DD"),
    ],
)
def test_a_usual_slip_is_told_with_what_to_write(given: object, code: str, words: str) -> None:
    with pytest.raises(InvalidRecord) as raised:
        read_patient(cast(str, given))
    assert raised.value.code == code
    assert words in str(raised.value)


@pytest.mark.parametrize("name", example_names())
def test_a_patient_is_shown_as_python_that_gives_it_again(name: str) -> None:
    patient = read_patient(example_text(name))
    names = {**vars(patients), **vars(laboratory), "datetime": datetime}
    assert eval(repr(patient), names) == patient
    assert "=None" not in repr(patient).replace("high=None", "")


def test_an_assessment_is_shown_by_its_verdicts_and_without_the_patient() -> None:
    shown = repr(assess(read_patient(example_text("closed-kidney"))))
    assert shown.startswith("Assessment(gate='closed', status=")
    assert "closed-kidney" not in shown
    assert len(shown) < 100


def test_the_door_lists_its_names() -> None:
    assert {"assess", "read_patient", "SaltDose", "Withheld"} <= set(dir(mgdecide))
    assert all(getattr(mgdecide, name) is not None for name in dir(mgdecide))


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("MGD-X1", "a.b", "540", "0 to 130 years"), "[MGD-X1] at a.b: got 540. Expected 0 to 130 years"),
        (Problem("MGD-X1", "", "no such file", "a file"), "[MGD-X1]: no such file. Expected a file"),
        (Problem("MGD-X1", "x", "not installed", "install it"), "[MGD-X1] at x: not installed. Install it"),
        (Problem("MGD-X1", "x", "1", ""), "[MGD-X1] at x: got 1"),
    ],
)
def test_a_problem_reads_as_sentences(problem: Problem, line: str) -> None:
    assert str(problem) == line


def test_a_misspelt_name_of_the_door_is_suggested() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import mgdecide; mgdecide.asess"], capture_output=True, text=True, check=False
    )
    assert "Did you mean: 'assess'?" in ran.stderr


def test_strategies_without_hypothesis_name_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    for name in [each for each in sys.modules if each.startswith("mgdecide.testing.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "mgdecide\[test\]"'):
        _ = testing.patients
