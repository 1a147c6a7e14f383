"""The ledger from the inside: which values are tried, where a calculation turns, and that the answers are as tried."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mgdecide.domain.verdicts import Unknown
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.rulebook import rulebook
from mgdecide.rules.unknowns import Ledger, ledger
from tests.rules.judge import healthy, judged, lab, magnesium, record

LEDGER: Ledger = ledger(rulebook(default_knowledge()))
FACTS = default_knowledge().catalogue.facts


def unknowns(given: dict[str, Any]) -> dict[str, Unknown]:
    return {each.fact: each for each in judged(given).unknowns}


def numbers(fact: str, unit: str) -> list[float]:
    return [cell.number for cell in LEDGER.edges.cells(FACTS[fact]) if cell.unit == unit and cell.number is not None]


def test_yes_no_facts_are_tried_both_ways() -> None:
    assert [(dict(cell.columns), cell.word) for cell in LEDGER.edges.cells(FACTS["dialysis"])] == [
        ({"dialysis": True}, "true"),
        ({"dialysis": False}, "false"),
    ]


def test_categories_are_tried_with_every_word() -> None:
    assert [cell.columns["sex"] for cell in LEDGER.edges.cells(FACTS["sex"])] == list(FACTS["sex"].values)


def test_an_edge_is_tried_and_its_neighbours_on_either_side_within_the_plausible() -> None:
    tried = numbers("egfr", "mL/min/1.73m2")
    low, high = default_knowledge().plausible("egfr", "mL/min/1.73m2")
    assert tried == sorted(tried)
    assert (tried[0], tried[-1]) == (low, high)
    assert {math.nextafter(30.0, 0.0), 30.0, math.nextafter(30.0, 99.0)} <= set(tried)


def test_what_enters_a_calculation_is_tried_on_a_grid_as_well() -> None:
    """Twenty-five points, both ends among them, evenly over the plausible range."""
    low, high = default_knowledge().plausible("serum_creatinine", "mg/dL")
    grid = [low + (high - low) * step / 24 for step in range(25)]
    tried = numbers("serum_creatinine", "mg/dL")
    assert set(grid) <= set(tried)
    assert len(tried) < 60
    assert len(numbers("phq9_total", "points")) < 25


def test_a_result_is_tried_fresh_and_alone_in_every_usual_unit() -> None:
    cells = list(LEDGER.edges.cells(FACTS["serum_magnesium"]))
    assert {cell.unit for cell in cells} == {"mmol/L", "mg/dL", "mEq/L"}
    for cell in cells:
        assert cell.columns["serum_magnesium"] == cell.number
        assert cell.columns["serum_magnesium_unit"] == cell.unit
        assert cell.columns["serum_magnesium_age_days"] == 0.0
        assert cell.columns["serum_magnesium_comparator"] is None


def without_kidney(**more: Any) -> dict[str, Any]:
    given = healthy(**more)
    return {**given, "labs": [each for each in given["labs"] if each["test"] != "egfr"]}


def _ckd_epi_2021_female(creatinine: float, age: int) -> float:
    """Inker 2021, written out: 142 * min(Scr/0.7, 1)^-0.241 * max(Scr/0.7, 1)^-1.200 * 0.9938^age * 1.012."""
    ratio = creatinine / 0.7
    return float(142 * min(ratio, 1) ** -0.241 * max(ratio, 1) ** -1.2 * 0.9938**age * 1.012)


def test_every_turn_of_a_calculation_is_told_to_three_figures() -> None:
    """For a woman of 54 the gate closes below an eGFR of 30, and a fit changes at 60, within one step of the grid."""
    found = unknowns(without_kidney())["serum_creatinine"]
    assert found.changes[0] == "gate"
    for unit, factor in (("mg/dL", 1.0), ("umol/L", 88.42)):
        borders = [float(at.split()[1]) for at in found.at if at.startswith("about") and at.endswith(unit)]
        figures = [_ckd_epi_2021_female(border / factor, 54) for border in borders]
        assert figures == [pytest.approx(60, abs=0.6), pytest.approx(30, abs=0.3)], found.at


def test_an_unknown_age_matters_through_the_calculation() -> None:
    given = {key: each for key, each in without_kidney().items() if key != "age_years"}
    found = unknowns({**given, "labs": [*given["labs"], lab("serum_creatinine", "1.9", "mg/dL")]})["age_years"]
    assert found.changes[0] == "gate"
    borders = [float(at.split()[1]) for at in found.at if at.startswith("about")]
    turn = math.log(30 / (142 * (1.9 / 0.7) ** -1.2 * 1.012)) / math.log(0.9938)
    assert any(abs(border - turn) < 2 for border in borders), (found.at, turn)


@pytest.mark.parametrize(
    "given",
    [
        record(magnesium("0.90")),
        without_kidney(),
        healthy(conditions_complete=False),
        healthy(medications_complete=False),
    ],
    ids=["little known", "no kidney figure", "no problem list", "no medicines"],
)
def test_each_unknown_says_where_and_what_and_the_gate_is_first(given: dict[str, Any]) -> None:
    found = judged(given).unknowns
    assert found
    for each in found:
        assert each.at
        assert [name for name, _ in each.outcomes] == list(each.changes)
        assert all(len(words) > 1 for _, words in each.outcomes)
        for name, words in each.outcomes:
            allowed = {"open", "closed", "undecided"} if name == "gate" else {"fits", "does not fit", "cannot tell"}
            assert set(words) <= allowed
    order = [(each.changes[0] != "gate", each.fact) for each in found]
    assert order == sorted(order)


def test_any_value_is_said_only_where_all_values_settle_the_same() -> None:
    """Without an age no creatinine can be calculated with: beside a sound eGFR any at all would leave the gate open to
    doubt. The age itself is told apart at 18, as a trial took adults."""
    given = {key: each for key, each in healthy().items() if key != "age_years"}
    found = unknowns(given)
    assert judged(given).gate.state.value == "open"
    creatinine = found["serum_creatinine"]
    assert (creatinine.at, creatinine.outcomes) == (("any value",), (("gate", ("open", "undecided")),))
    assert found["age_years"].at == ("less than 18",)


@pytest.mark.parametrize(
    ("fact", "at"),
    [
        ("serum_potassium", ("less than 3 mmol/L", "less than 3 mEq/L")),
        ("serum_calcium", ("less than 1.9 mmol/L", "less than 7.6152 mg/dL")),  # 4.008 mg/dL are 1 mmol/L
        ("qtc", ("at least 500",)),
    ],
)
def test_a_border_carries_its_unit_where_a_test_has_more_than_one(fact: str, at: tuple[str, ...]) -> None:
    """With magnesium below 0.5 mmol/L these are signs of danger."""
    assert unknowns(healthy(magnesium("0.45")))[fact].at == at
