"""The hazard log cannot go stale: every hazard has a control and a test, and every test that is named is collected."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pytest

from tests.safety.written import ROOT, pages

HAZARDS = pages.hazards()
SEVERITIES = ("minor", "serious", "critical", "catastrophic")
SEEDS = {
    "unit swap": "H01",
    "salt taken as elemental": "H06",
    "magnesium suggested below an eGFR of 30": "H08",
    "missed suicide item": "H09",
    "stale or haemolysed sample": "H03 H11",
    "child or pregnancy scored as adult": "H12",
    "duplicate magnesium sources not summed": "H13",
    "chelation with HIV integrase inhibitor": "H14",
    "category text read as diagnosis": "H16",
    "positive trials shown without negative ones": "H17",
    "alert fatigue": "H18",
    "code list gaps read as no condition": "H20",
    "override file tampered": "H21",
}
"""The hazards the log was started from."""


@cache
def collected() -> frozenset[str]:
    """Every collected test without its parameters, every class and every file."""
    files = sorted({str(test).partition("::")[0] for each in HAZARDS for test in pages._strings(each["tests"])})
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ids = {line.partition("[")[0] for line in ran.stdout.splitlines() if "::" in line}
    return frozenset(ids | {id.partition("::")[0] for id in ids})


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: str(hazard["id"]))
def test_every_hazard_has_cause_harm_controls_and_tests(hazard: dict[str, object]) -> None:
    for key in ("id", "hazard", "cause", "harm"):
        assert isinstance(hazard[key], str)
        assert hazard[key]
    assert hazard["severity"] in SEVERITIES
    assert pages._strings(hazard["controls"])
    assert pages._strings(hazard["tests"])
    assert set(hazard) <= {"id", "hazard", "cause", "harm", "severity", "controls", "tests", "rest"}


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: str(hazard["id"]))
def test_every_test_that_is_named_is_collected(hazard: dict[str, object]) -> None:
    for test in pages._strings(hazard["tests"]):
        assert test in collected(), f"{hazard['id']} names {test}, which is not collected"


def test_a_test_that_is_not_there_would_be_noticed() -> None:
    assert "tests/rules/test_gate.py::test_the_kidney_stop" in collected()
    assert "tests/rules/test_gate.py::test_nothing_of_the_kind" not in collected()


def test_ids_are_used_once_and_every_seed_is_in_the_log() -> None:
    ids = [str(each["id"]) for each in HAZARDS]
    assert len(set(ids)) == len(ids) >= 20
    assert {id for seed in SEEDS.values() for id in seed.split()} <= set(ids)


def test_a_grave_hazard_has_more_than_one_test() -> None:
    for each in HAZARDS:
        if each["severity"] in ("critical", "catastrophic"):
            assert len(pages._strings(each["tests"])) >= 2, each["id"]
