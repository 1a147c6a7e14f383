"""What stands beside the status: the interval in force, the CTCAE grade or why there is none, the caveats."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide.domain.verdicts import Status
from tests.rules.judge import judged, magnesium, record

Row = dict[str, Any]


def status(value: str, unit: str = "mmol/L", low: str | None = None, high: str | None = None, **more: Any) -> Status:
    reference = {end: edge for end, edge in (("low", low), ("high", high)) if edge is not None}
    person = {key: more.pop(key) for key in ("age_years", "pregnancy") if key in more}
    given = record(magnesium(value, unit, **({"reference": reference} if reference else {}), **more)) | person
    return judged({key: each for key, each in given.items() if each is not None}).status


@pytest.mark.parametrize(
    ("unit", "low", "high", "shown", "whose"),
    [
        ("mmol/L", "0.66", "1.07", ("0.66", "1.07"), "laboratory"),
        ("mmol/L", "0.66", None, ("0.66", "1"), "laboratory and default"),
        ("mmol/L", None, "1.07", ("0.7", "1.07"), "laboratory and default"),
        ("mmol/L", None, None, ("0.7", "1"), "default"),
        ("mg/dL", None, None, ("1.7", "2.43"), "default"),
        ("mEq/L", None, None, ("1.4", "2"), "default"),
    ],
)
def test_the_interval_in_force(
    unit: str, low: str | None, high: str | None, shown: tuple[str, str], whose: str
) -> None:
    value = {"mmol/L": "0.9", "mg/dL": "2.0", "mEq/L": "1.8"}[unit]
    interval = status(value, unit, low, high).interval
    assert interval is not None
    assert (interval.low, interval.high, interval.unit, interval.origin) == (*shown, unit, whose)


@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "reason"),
    [
        ("1.5", "mEq/L", "1.4", "2.1", "cannot grade: CTCAE prints no column for mEq/L"),
        ("0.9", "mmol/L", None, None, "cannot grade: grade 1 needs the laboratory's own limits"),
        (
            "0.9",
            "mmol/L",
            None,
            "1.07",
            "cannot grade hypomagnesaemia grade 1: the laboratory's own lower limit is missing",
        ),
        (
            "0.9",
            "mmol/L",
            "0.66",
            None,
            "cannot grade hypermagnesaemia grade 1: the laboratory's own upper limit is missing",
        ),
        ("<0.9", "mmol/L", "0.66", "1.07", "cannot grade: the result is reported only with a comparator"),
    ],
)
def test_why_there_is_no_grade(value: str, unit: str, low: str | None, high: str | None, reason: str) -> None:
    grade = status(value, unit, low, high).ctcae
    assert grade is not None
    assert (grade.term, grade.grade, grade.reason) == (None, None, reason)


# CTCAE 5.0, hypomagnesaemia: grade 2 below 1.2 mg/dL or 0.5 mmol/L, 3 below 0.9 or 0.4, 4 below 0.7 or 0.3;
# hypermagnesaemia: grade 3 above 3.0 mg/dL or 1.23 mmol/L, 4 above 8.0 or 3.30. A mmol/L of magnesium is 2.4305 mg/dL.
@pytest.mark.parametrize(
    ("value", "unit", "grade", "other"),
    [
        ("0.38", "mmol/L", 3, "mg/dL column, on the converted value, would give grade 2"),  # 0.924 mg/dL
        ("0.35", "mmol/L", 3, ""),  # 0.851 mg/dL: grade 3 in both columns
        ("0.60", "mmol/L", 1, ""),  # grade 1 rests on the laboratory's own limit
        ("1.00", "mg/dL", 2, ""),  # 0.411 mmol/L
        ("0.95", "mg/dL", 2, "mmol/L column, on the converted value, would give grade 3"),  # 0.391 mmol/L
    ],
)
def test_the_other_column_is_told_where_it_differs(value: str, unit: str, grade: int, other: str) -> None:
    low, high = {"mmol/L": ("0.70", "1.07"), "mg/dL": ("1.7", "2.6")}[unit]
    found = status(value, unit, low, high).ctcae
    assert found is not None
    assert found.grade == grade
    assert other in found.reason
    assert bool(found.reason) is bool(other)


def test_a_normal_value_has_no_grade_and_nothing_to_explain() -> None:
    assert status("0.9", "mmol/L", "0.66", "1.07").ctcae is None


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        # 24.305 g/mol and valence 2
        ("0.90", "mmol/L", {"mg/dL": "2.19", "mEq/L": "1.8"}),
        ("2.00", "mg/dL", {"mmol/L": "0.823", "mEq/L": "1.65"}),
        ("<0.50", "mmol/L", {"mg/dL": "<1.22", "mEq/L": "<1"}),
    ],
)
def test_conversions_are_for_showing(value: str, unit: str, shown: dict[str, str]) -> None:
    assert dict(status(value, unit).converted) == shown


NORMAL, COMPARATOR = "Serum holds less than 1 percent", "Reported as"
AGE, PREGNANT, OLD, NO_DATE = "Age is not known", "Pregnancy: a dilutional fall", "days old", "no date"


@pytest.mark.parametrize(
    ("value", "more", "caveats"),
    [
        ("0.60", {}, []),
        ("0.72", {}, [NORMAL]),
        ("0.80", {}, [NORMAL]),
        ("0.90", {}, [NORMAL]),
        ("1.10", {}, []),
        ("0.60", {"age_years": None}, [AGE]),
        ("0.60", {"pregnancy": "pregnant"}, [PREGNANT]),
        ("0.60", {"pregnancy": "not pregnant"}, []),
        ("<0.60", {}, [COMPARATOR]),
        ("0.60", {"on": None}, [NO_DATE]),
        ("0.60", {"on": "2026-05-31"}, []),  # ninety days
        ("0.60", {"on": "2026-05-30"}, ["The result is 91 days old"]),
        ("0.60", {"haemolysed": True}, ["The sample was haemolysed"]),
        ("0.60", {"haemolysed": False}, []),
    ],
)
def test_caveats(value: str, more: Row, caveats: list[str]) -> None:
    on = {"on": more["on"]} if more.get("on") else {}
    beside = {key: each for key, each in more.items() if key in ("haemolysed",)} | on
    person = {key: each for key, each in more.items() if key in ("age_years", "pregnancy")}
    result = magnesium(value) | beside
    if "on" in more and more["on"] is None:
        del result["on"]
    given = {key: each for key, each in (record(result) | person).items() if each is not None}
    found = judged(given).status.caveats
    assert [any(words in caveat for caveat in found) for words in caveats] == [True] * len(caveats)
    assert len(found) == len(caveats)


def test_another_result_of_the_day_is_told_with_what_a_comparator_means() -> None:
    found = judged(record(magnesium("0.60"), magnesium("<0.90"))).status.caveats
    assert any("Another result of the same day differs" in caveat for caveat in found)


def test_status_of_nothing() -> None:
    found = judged(record()).status
    assert (found.category, found.interval, found.ctcae, found.caveats) == ("undetermined", None, None, ())


@pytest.mark.parametrize(
    ("given", "closing", "urgent"),
    [
        (record(magnesium("0.30")), True, True),
        (record(magnesium("0.30"), acknowledged=["urgent.critical-low-magnesium"]), None, True),
    ],
)
def test_what_the_rulebook_answers_first(given: Row, closing: bool | None, urgent: bool) -> None:
    answers = judged(given)._answers
    assert (answers.closing, answers.any_urgent) == (closing, urgent)
    assert (answers.lower_limit, answers.upper_limit) == (0.7, 1.0)
    assert (answers.hypo_grade, answers.hyper_grade) == ("3", "no limit")
