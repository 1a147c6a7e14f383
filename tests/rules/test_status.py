"""All nine categories in three reported units: at, just below and just above every printed edge."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide import assess, read_patient
from mgdecide.knowledge.edition import default_knowledge, with_overlay
from mgdecide.knowledge.overlay import read_overlay
from tests.rules.judge import category, judged, magnesium, record

# Each row: category below the edge, category at the edge, the edge as printed in each unit. From the reporting
# categories of the dossier: an edge belongs to the milder side, below and above the reference alike.
LOW_EDGES = [
    ("critical_low", "severe_hypo", {"mmol/L": "0.40", "mg/dL": "0.97", "mEq/L": "0.80"}),
    ("severe_hypo", "hypo", {"mmol/L": "0.50", "mg/dL": "1.20", "mEq/L": "1.00"}),
    ("hypo", "below_nhanes1", {"mmol/L": "0.70", "mg/dL": "1.70", "mEq/L": "1.40"}),
    ("below_nhanes1", "suboptimal", {"mmol/L": "0.75", "mg/dL": "1.82", "mEq/L": "1.50"}),
    ("suboptimal", "adequate", {"mmol/L": "0.85", "mg/dL": "2.07", "mEq/L": "1.70"}),
]
HIGH_EDGES = [
    ("adequate", "high_mild", {"mmol/L": "1.00", "mg/dL": "2.43", "mEq/L": "2.00"}),
    ("high_mild", "high", {"mmol/L": "1.23", "mg/dL": "3.00", "mEq/L": "2.46"}),
    ("high", "high_extreme", {"mmol/L": "3.30", "mg/dL": "8.00", "mEq/L": "6.60"}),
]


def _shift(edge: str, hundredths: int) -> str:
    return f"{(round(float(edge) * 100) + hundredths) / 100:.2f}"


@pytest.mark.parametrize("unit", ["mmol/L", "mg/dL", "mEq/L"])
@pytest.mark.parametrize(("below", "at", "edges"), LOW_EDGES, ids=[row[0] for row in LOW_EDGES])
def test_below_reference_the_edge_belongs_to_the_milder_side(
    below: str, at: str, edges: dict[str, str], unit: str
) -> None:
    assert category(_shift(edges[unit], -1), unit) == below
    assert category(edges[unit], unit) == at
    assert category(_shift(edges[unit], +1), unit) == at


@pytest.mark.parametrize("unit", ["mmol/L", "mg/dL", "mEq/L"])
@pytest.mark.parametrize(("at", "above", "edges"), HIGH_EDGES, ids=[row[1] for row in HIGH_EDGES])
def test_above_reference_the_edge_belongs_to_the_milder_side(
    at: str, above: str, edges: dict[str, str], unit: str
) -> None:
    assert category(_shift(edges[unit], -1), unit) == at
    assert category(edges[unit], unit) == at
    assert category(_shift(edges[unit], +1), unit) == above


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("2.0", "mg/dL", "suboptimal"),
        ("1.7", "mg/dL", "below_nhanes1"),  # converted first, 0.6994 mmol/L would have been hypomagnesaemia
        ("0.70", "mmol/L", "below_nhanes1"),
        ("0.69", "mmol/L", "hypo"),
        ("0.50", "mmol/L", "hypo"),
        ("0.499", "mmol/L", "severe_hypo"),
        ("0.40", "mmol/L", "severe_hypo"),
        ("0.399", "mmol/L", "critical_low"),
        ("0.85", "mmol/L", "adequate"),
        ("1.00", "mmol/L", "adequate"),
        ("1.23", "mmol/L", "high_mild"),
        ("3.30", "mmol/L", "high"),
        ("700", "umol/L", "below_nhanes1"),
        ("699", "umol/L", "hypo"),
        ("17", "mg/L", "below_nhanes1"),
    ],
)
def test_golden_categories(value: str, unit: str, expected: str) -> None:
    assert category(value, unit) == expected


def _own(low: str | None = None, high: str | None = None) -> dict[str, Any]:
    return {"reference": {key: value for key, value in (("low", low), ("high", high)) if value is not None}}


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        ("0.68", "0.66", "1.07", "below_nhanes1"),  # below the default, inside the laboratory's own interval
        ("0.74", "0.75", "1.05", "hypo"),
        ("0.76", "0.75", "1.05", "suboptimal"),  # the NHANES band has collapsed
        ("0.74", "0.78", None, "hypo"),
        ("1.04", "0.70", "1.05", "adequate"),
        ("1.06", "0.70", "1.05", "high_mild"),
        ("0.96", None, "0.95", "high_mild"),
        ("0.45", "0.40", "1.05", "severe_hypo"),  # the severe edges never move
    ],
)
def test_the_laboratorys_own_interval_comes_first(value: str, low: str | None, high: str | None, expected: str) -> None:
    status = judged(record(magnesium(value, "mmol/L", **_own(low, high)))).status
    assert status.category == expected
    assert status.interval is not None
    assert status.interval.origin == ("laboratory" if low and high else "laboratory and default")


# CTCAE v5.0, each unit in its own column. The two columns are not exact conversions of each other.
@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "term", "grade"),
    [
        ("1.69", "mg/dL", "1.7", "2.6", "hypomagnesaemia", 1),
        ("1.2", "mg/dL", "1.7", "2.6", "hypomagnesaemia", 1),
        ("1.19", "mg/dL", "1.7", "2.6", "hypomagnesaemia", 2),
        ("0.9", "mg/dL", "1.7", "2.6", "hypomagnesaemia", 2),
        ("0.89", "mg/dL", "1.7", "2.6", "hypomagnesaemia", 3),
        ("0.7", "mg/dL", "1.7", "2.6", "hypomagnesaemia", 3),
        ("0.69", "mg/dL", "1.7", "2.6", "hypomagnesaemia", 4),
        ("0.69", "mmol/L", "0.70", "1.07", "hypomagnesaemia", 1),
        ("0.50", "mmol/L", "0.70", "1.07", "hypomagnesaemia", 1),
        ("0.49", "mmol/L", "0.70", "1.07", "hypomagnesaemia", 2),
        ("0.39", "mmol/L", "0.70", "1.07", "hypomagnesaemia", 3),
        ("0.29", "mmol/L", "0.70", "1.07", "hypomagnesaemia", 4),
        ("2.61", "mg/dL", "1.7", "2.6", "hypermagnesaemia", 1),
        ("3.0", "mg/dL", "1.7", "2.6", "hypermagnesaemia", 1),
        ("3.01", "mg/dL", "1.7", "2.6", "hypermagnesaemia", 3),
        ("8.0", "mg/dL", "1.7", "2.6", "hypermagnesaemia", 3),
        ("8.01", "mg/dL", "1.7", "2.6", "hypermagnesaemia", 4),
        ("1.24", "mmol/L", "0.70", "1.07", "hypermagnesaemia", 3),
        ("3.31", "mmol/L", "0.70", "1.07", "hypermagnesaemia", 4),
        # without a lower limit the graver grades are still given
        ("1.19", "mg/dL", None, None, "hypomagnesaemia", 2),
        ("3.01", "mg/dL", None, None, "hypermagnesaemia", 3),
    ],
)
def test_ctcae(value: str, unit: str, low: str | None, high: str | None, term: str, grade: int) -> None:
    found = judged(record(magnesium(value, unit, **_own(low, high)))).status.ctcae
    assert found is not None
    assert (found.term, found.grade) == (term, grade)


@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "reason"),
    [
        ("1.5", "mg/dL", None, "2.6", "lower limit is missing"),
        ("2.7", "mg/dL", "1.7", None, "upper limit is missing"),
        ("2.0", "mg/dL", None, None, "needs the laboratory's own limits"),
        ("1.0", "mEq/L", "1.4", "2.1", "no column for mEq/L"),
    ],
)
def test_ctcae_cannot_grade(value: str, unit: str, low: str | None, high: str | None, reason: str) -> None:
    found = judged(record(magnesium(value, unit, **_own(low, high)))).status.ctcae
    assert found is not None
    assert found.grade is None
    assert reason in found.reason


@pytest.mark.parametrize("value", ["0.70", "0.85", "1.07"])
def test_ctcae_of_a_normal_value_is_no_grade(value: str) -> None:
    """CTCAE 5.0 begins below the lower and above the upper limit of normal: the limits themselves are normal."""
    assert judged(record(magnesium(value, "mmol/L", **_own("0.70", "1.07")))).status.ctcae is None


def test_ctcae_says_where_the_other_column_would_differ() -> None:
    # 0.38 mmol/L is 0.924 mg/dL: grade 3 in the reported column, grade 2 in the other
    found = judged(record(magnesium("0.38", "mmol/L", **_own("0.70", "1.07")))).status.ctcae
    assert found is not None
    assert found.grade == 3
    assert "mg/dL column" in found.reason
    assert "grade 2" in found.reason


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.64", "hypo"), ("0.65", "adequate"), ("0.80", "adequate"), ("1.10", "adequate"), ("1.11", "high_mild")],
)
def test_children_have_their_own_interval_and_no_adult_bands(value: str, expected: str) -> None:
    assert category(value, "mmol/L", age_years=10) == expected


@pytest.mark.parametrize(("value", "expected"), [("0.80", "adequate"), ("0.72", "below_nhanes1"), ("0.69", "hypo")])
def test_pregnancy_switches_the_contested_band_off(value: str, expected: str) -> None:
    status = judged(record(magnesium(value), pregnancy="pregnant")).status
    assert status.category == expected
    assert any("dilutional" in caveat for caveat in status.caveats)


def test_an_unknown_age_is_judged_by_adult_limits_and_says_so() -> None:
    given = record(magnesium("0.80"))
    del given["age_years"]
    status = judged(given).status
    assert status.category == "suboptimal"
    assert any("Age is not known" in caveat for caveat in status.caveats)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("<0.40", "critical_low"),
        ("<0.45", "undetermined"),
        ("<0.5", "undetermined"),
        (">1.00", "undetermined"),
        (">3.30", "high_extreme"),
    ],
)
def test_a_comparator_is_placed_only_where_every_value_agrees(shown: str, expected: str) -> None:
    assert category(shown, "mmol/L") == expected


def test_nothing_given_is_undetermined() -> None:
    status = judged(record()).status
    assert (status.category, status.value, status.ctcae) == ("undetermined", None, None)


def test_digits_stay_as_reported_and_conversions_are_for_showing() -> None:
    status = judged(record(magnesium("1.480", "mg/dL"))).status
    assert status.value == "1.480"
    assert dict(status.converted) == {"mmol/L": "0.609", "mEq/L": "1.22"}


def test_a_lower_serum_never_gets_a_milder_category() -> None:
    from mgdecide.rules.row import GRAVITY

    low_side = ["adequate", "suboptimal", "below_nhanes1", "hypo", "severe_hypo", "critical_low"]
    seen = [category(f"{hundredths / 100:.2f}", "mmol/L") for hundredths in range(100, 4, -1)]
    assert [low_side.index(each) for each in seen] == sorted(low_side.index(each) for each in seen)
    assert [GRAVITY.index(each) for each in seen] == sorted(GRAVITY.index(each) for each in seen)


@pytest.mark.parametrize(("trimester", "low"), [(1, "1.5"), (2, "1.4"), (3, "1.1"), (None, "1.7")])
def test_each_trimester_has_its_own_range_where_a_site_has_set_them(trimester: int | None, low: str) -> None:
    """Unknown trimester: the adult's default of 1.7 mg/dL."""
    edges = {1: ("1.5", "2.2"), 2: ("1.4", "2.2"), 3: ("1.1", "2.2")}
    limits = {
        f"pregnancy.trimester-{number}.{end}": {"mg/dL": edge}
        for number, ends in edges.items()
        for end, edge in zip(("low", "high"), ends, strict=True)
    }
    site = read_overlay({"name": "North Hospital", "version": "3", "approver": "Dr A. Example", "limits": limits})
    given = record(magnesium("1.30", "mg/dL"), pregnancy="pregnant", trimester=trimester)
    found = assess(read_patient(given), knowledge=with_overlay(default_knowledge(), site)).status.interval
    assert found is not None
    assert found.low == low
