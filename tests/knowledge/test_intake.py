"""The intake tables against the dossier's, against the issuer's own arithmetic, and what does not load."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mgdecide.errors import InvalidKnowledge
from mgdecide.knowledge.intake import IntakeRow, Measure, Sex, State, intake_rows, read_intake, reference_row

ROWS = intake_rows()


def amount(issuer: str, measure: Measure, age: float, sex: Sex | None, state: State = "") -> str | None:
    row = reference_row(issuer, measure, age, sex, state)
    return None if row is None else str(row.amount)


@pytest.mark.parametrize(
    ("age", "ear_men", "ear_women", "rda_men", "rda_women", "upper"),
    [  # evidence/rules.md section 4.1, at both ends of every age group
        (1, "65", "65", "80", "80", "65"),
        (3, "65", "65", "80", "80", "65"),
        (4, "110", "110", "130", "130", "110"),
        (8, "110", "110", "130", "130", "110"),
        (9, "200", "200", "240", "240", "350"),
        (13, "200", "200", "240", "240", "350"),
        (14, "340", "300", "410", "360", "350"),
        (18, "340", "300", "410", "360", "350"),
        (19, "330", "255", "400", "310", "350"),
        (30, "330", "255", "400", "310", "350"),
        (31, "350", "265", "420", "320", "350"),
        (50, "350", "265", "420", "320", "350"),
        (51, "350", "265", "420", "320", "350"),
        (104, "350", "265", "420", "320", "350"),
    ],
)
def test_reference_intakes_by_age(
    age: int, ear_men: str, ear_women: str, rda_men: str, rda_women: str, upper: str
) -> None:
    assert amount("IOM", "EAR", age, "male") == ear_men
    assert amount("IOM", "EAR", age, "female") == ear_women
    assert amount("IOM", "RDA", age, "male") == rda_men
    assert amount("IOM", "RDA", age, "female") == rda_women
    assert amount("IOM", "UL", age, "male") == amount("IOM", "UL", age, None) == upper


@pytest.mark.parametrize(
    ("age", "state", "ear", "rda"),
    [
        (18, "pregnant", "335", "400"),
        (19, "pregnant", "290", "350"),
        (30, "pregnant", "290", "350"),
        (31, "pregnant", "300", "360"),
        (50, "pregnant", "300", "360"),
        (51, "pregnant", "265", "320"),  # no row of its own: the general one
        (14, "lactating", "300", "360"),
        (25, "lactating", "255", "310"),
        (50, "lactating", "265", "320"),
    ],
)
def test_reference_intakes_by_state(age: int, state: State, ear: str, rda: str) -> None:
    assert amount("IOM", "EAR", age, "female", state) == ear
    assert amount("IOM", "RDA", age, "female", state) == rda


@pytest.mark.parametrize(
    ("age", "women", "men"),
    [
        (0.7, "80", "80"),
        (1, "170", "170"),
        (2, "170", "170"),
        (3, "230", "230"),
        (9, "230", "230"),
        (10, "250", "300"),
        (17, "250", "300"),
        (18, "300", "350"),
        (90, "300", "350"),
    ],
)
def test_european_intakes(age: float, women: str, men: str) -> None:
    assert amount("EFSA", "AI", age, "female") == amount("EFSA", "AI", age, "female", "pregnant") == women
    assert amount("EFSA", "AI", age, "male") == men


def test_an_unknown_sex_has_no_row_where_the_sexes_differ() -> None:
    assert amount("IOM", "EAR", 40, None) is None
    assert amount("IOM", "EAR", 10, None) == "200"
    assert amount("IOM", "EAR", 0, "female") is None
    assert amount("EFSA", "UL", 3, None) is None


PAIRS = [
    (row, requirement)
    for row in ROWS
    for requirement in ROWS
    if row.measure == "RDA"
    and requirement.measure == "EAR"
    and (row.age_from, row.sex, row.state) == (requirement.age_from, requirement.sex, requirement.state)
]


@pytest.mark.parametrize(("allowance", "requirement"), PAIRS, ids=lambda row: f"{row.state}{row.sex}{row.age_from}")
def test_an_allowance_is_the_requirement_and_a_fifth(allowance: IntakeRow, requirement: IntakeRow) -> None:
    """The issuer assumed a coefficient of variation of 10 % and rounded to tens."""
    assert allowance.amount == (requirement.amount * Decimal("1.2")).quantize(Decimal("1E1"), rounding="ROUND_HALF_UP")


def test_every_requirement_has_its_allowance() -> None:
    assert len(PAIRS) == sum(row.measure == "EAR" for row in ROWS) == sum(row.measure == "RDA" for row in ROWS)


def test_every_row_was_read() -> None:
    assert all(row.verified and row.sources for row in ROWS)


GOOD = """
[[table]]
issuer = "X"
measure = "EAR"
edition = "1"
source = ["s"]
rows = [["1", "4", "65", "65"], ["4", "", "110", "120"]]
"""


def test_a_good_table_loads() -> None:
    rows = read_intake(GOOD, known=frozenset({"s"}))
    assert [(row.sex, row.milligrams, row.age_below) for row in rows] == [
        (None, 65.0, 4.0),
        ("female", 110.0, None),
        ("male", 120.0, None),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('["s"]', '["t"]', "MGD-K205"),
        ('"EAR"', '"AER"', "MGD-K201"),
        ('"65", "65"', "65, 65", "MGD-K202"),
        ('"65", "65"', '"65"', "MGD-K202"),
        ('"65", "65"', '"", ""', "MGD-K202"),
        ('"65", "65"', '"-65", "65"', "MGD-K202"),
        ('["1", "4",', '["1", "5",', "MGD-K207"),
        ('["1", "4",', '["4", "1",', "MGD-K207"),
        ('["1", "4",', '["1", "",', "MGD-K207"),
        ('edition = "1"', 'edition = "1"\nstate = "lactation"', "MGD-K201"),
        ('edition = "1"', 'edition = "1"\nunit = "mg"', "MGD-K201"),
    ],
)
def test_the_loader_refuses(old: str, new: str, code: str) -> None:
    assert old in GOOD
    with pytest.raises(InvalidKnowledge) as caught:
        read_intake(GOOD.replace(old, new), known=frozenset({"s"}))
    assert code in {problem.code for problem in caught.value.problems}
