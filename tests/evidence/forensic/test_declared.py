"""Checks written down as data."""

from __future__ import annotations

import tomllib

import pytest

from mgdecide.errors import InvalidInput
from mgdecide.evidence.forensic import CHECKS, PrintedArm, p_against_figures, run_declared

TOML = """
[[check]]
check = "grim"
what = "BDI-II, endpoint, magnesium"
mean = "11.26"
n = 26
source = "rajizadeh-2017"

[[check]]
check = "p-against-figures"
what = "GDS, endpoint"
first = { mean = "11.4", sd = "3.8", n = 12 }
second = { mean = "10.9", sd = "4.3", n = 11 }
p = ".27"
source = "barragan-2008"

[[check]]
check = "arms-add-up"
what = "children"
parts = { boys = 94, girls = 20 }
total = 116
source = "kozielec-1997"
"""


def test_a_study_files_own_checks() -> None:
    checks = [run_declared("a-study", record) for record in tomllib.loads(TOML)["check"]]
    assert [(check.id, check.study, check.verdict) for check in checks] == [
        ("grim", "a-study", "cannot be"),
        ("p-against-figures", "a-study", "cannot be"),
        ("arms-add-up", "a-study", "cannot be"),
    ]
    arms = PrintedArm("11.4", "3.8", 12), PrintedArm("10.9", "4.3", 11)
    assert checks[1] == p_against_figures("a-study", "GDS, endpoint", *arms, ".27", "barragan-2008")


@pytest.mark.parametrize(
    ("record", "code", "path", "given"),
    [
        ({}, "MGD-P130", "check", "None"),
        ({"check": "benford"}, "MGD-P130", "check", "benford"),
        ({"check": "grim", "what": "x", "mean": "1.2", "source": "s"}, "MGD-P131", "grim", "n (missing)"),
        (
            {"check": "grim", "what": "x", "mean": "1.2", "n": 9, "source": "s", "sd": "1"},
            "MGD-P131",
            "grim",
            "sd (unknown)",
        ),
        (
            {"check": "arms-add-up", "what": "x", "parts": {"a": "ten"}, "total": 9, "source": "s"},
            "MGD-P131",
            "arms-add-up",
            None,
        ),
        (
            {"check": "p-against-figures", "what": "x", "first": {"mean": 1}, "second": {}, "p": ".1", "source": "s"},
            "MGD-P131",
            "first",
            "{'mean': 1}",
        ),
        ({"check": "grim", "what": "x", "mean": 11.26, "n": 26, "source": "s"}, "MGD-P132", "mean", "11.26"),
    ],
)
def test_what_cannot_be_run(record: dict[str, object], code: str, path: str, given: str | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        run_declared("x", record)
    problem = caught.value.problems[0]
    assert (problem.code, problem.path) == (code, path)
    assert given is None or problem.given == given


def test_every_check_names_itself_as_it_is_declared() -> None:
    made = run_declared("x", {"check": "analysed-within", "what": "x", "randomised": 9, "analysed": 8, "source": "s"})
    assert made.id == "analysed-within"
    assert len(CHECKS) == 15
