"""Items of questionnaires, and the spellings of units."""

from __future__ import annotations

import pytest

from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.instruments import instruments
from mgdecide.knowledge.unit_spellings import unit_name


def test_every_instrument_of_the_catalogue_has_items_and_points() -> None:
    named = {fact.instrument for fact in catalogue() if fact.instrument}
    assert named == set(instruments())


@pytest.mark.parametrize(
    ("name", "items", "highest"),
    [("PHQ-9", 9, 27), ("BDI-II", 21, 63), ("HAM-D17", 17, 52), ("MADRS", 10, 60), ("DASS-42-D", 14, 42)],
)
def test_points_add_up(name: str, items: int, highest: int) -> None:
    instrument = instruments()[name]
    assert len(instrument.items) == items
    assert sum(instrument.items.values()) == instrument.highest == highest


@pytest.mark.parametrize("unit", sorted({unit for fact in catalogue().kind("lab") for unit in fact.units}))
def test_every_unit_of_the_catalogue_stands_for_itself(unit: str) -> None:
    assert unit_name(unit) == unit
    assert unit_name(f" {unit.upper()} ") in (unit, None if unit.upper()[1:2].islower() else unit)


@pytest.mark.parametrize("spelling", ["Mg/dL", "Mmol/L", "Meq/L", "mg", "", "mL/min", "mg/24.h", "x" * 1000, "mg dL"])
def test_what_could_be_something_else_is_not_read(spelling: str) -> None:
    assert unit_name(spelling) is None
