"""Exact conversion between the units of one laboratory test, and which edges may be derived from which.

A unit of the same kind (mg/dL and mg/L) differs by a power of ten: the printed edge is shifted. A unit of another
kind (mass, amount, equivalents) is converted from one named printed edge. Decimal arithmetic throughout, 40 digits:
a quotient that does not end is rounded far beyond what any result or any float can show.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from functools import cache
from typing import Literal, TypeAlias

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, entries, read_toml

_ARITHMETIC = Context(prec=40)

Derive: TypeAlias = Literal["all", "decimal", "none"]
"""What may be derived from printed edges: everything, only shifts by a power of ten, or nothing."""


@frozen
class UnitScale:
    """One unit of an analyte: its kind, and how many of it make one of the analyte's first unit."""

    kind: str
    per: Decimal


@frozen
class Conversions:
    """The units of every test (``scales``: fact to unit to scale) and the units nothing is converted between."""

    scales: Mapping[str, Mapping[str, UnitScale]]
    plain: frozenset[str]

    def allows(self, fact: str, unit: str) -> bool:
        """Whether ``unit`` may stand beside a number of ``fact``."""
        return unit in self.scales[fact] if fact in self.scales else unit in self.plain

    def units(self, fact: str) -> tuple[str, ...]:
        """The convertible units of a fact; empty for facts with one unit."""
        return tuple(self.scales.get(fact, ()))

    def factor(self, fact: str, unit: str, to: str) -> Decimal | None:
        """The number that turns a value in ``unit`` into one in ``to``; ``None`` where there is none."""
        if unit == to and self.allows(fact, unit):
            return Decimal(1)
        scales = self.scales.get(fact, {})
        if unit not in scales or to not in scales:
            return None
        return _ARITHMETIC.divide(scales[to].per, scales[unit].per)

    def convert(self, fact: str, value: Decimal, unit: str, to: str) -> Decimal | None:
        """``value`` in another unit of the same fact, multiplied before it is divided; ``None`` if impossible."""
        if unit == to:
            return value
        scales = self.scales.get(fact, {})
        if unit not in scales or to not in scales:
            return None
        return _ARITHMETIC.divide(_ARITHMETIC.multiply(value, scales[to].per), scales[unit].per)

    def spread(
        self, fact: str, printed: Mapping[str, Decimal], base: str | None = None, derive: Derive = "all"
    ) -> dict[str, Decimal]:
        """Edges in every unit that can be reached: the printed ones as they are, then the derived ones.

        A unit takes its edge from a printed unit of its own kind if there is one, else from ``base`` (the first
        printed unit, unless said otherwise).
        """
        found = dict(printed)
        scales = self.scales.get(fact)
        if scales is None or derive == "none" or not printed:
            return found
        kin = {scales[unit].kind: unit for unit in reversed(list(printed)) if unit in scales}
        fallback = base if base is not None else next(iter(printed))
        for unit, scale in scales.items():
            start = kin.get(scale.kind, fallback if derive == "all" else None)
            if unit in found or start is None:
                continue
            edge = self.convert(fact, printed[start], start, unit)
            if edge is not None:
                found[unit] = edge
        return found


@cache
def conversions() -> Conversions:
    """The conversions this release ships, read once."""
    path = KNOWLEDGE / "conversions.toml"
    return read_conversions(path.read_text(encoding="utf-8"), path.name)


def convert(lab: str, value: Decimal, unit: str, to: str) -> Decimal | None:
    """A value of a laboratory fact in another unit, exactly; ``None`` where there is no factor."""
    return conversions().convert(lab, value, unit, to)


def convert_edges(lab: str, printed: Mapping[str, Decimal], units: tuple[str, ...]) -> dict[str, Decimal]:
    """Printed edges, then those of every other of ``units`` that can be reached from them, exactly."""
    found = conversions().spread(lab, printed)
    return {unit: edge for unit, edge in found.items() if unit in printed or unit in units}


def read_conversions(text: str, path: str = "conversions.toml", known: frozenset[str] | None = None) -> Conversions:
    """Read conversions from TOML; ``known`` are the source keys there are.

    Raises:
        InvalidKnowledge: a factor that is no positive decimal, a fact listed twice, an analyte without a source.
    """
    table = read_toml(text, path)
    problems: list[Problem] = []
    scales: dict[str, Mapping[str, UnitScale]] = {}
    for entry in entries(table, "analyte", path, problems):
        units = _units(entry)
        for fact in entry.texts("facts"):
            if fact in scales:
                entry.mistake("MGD-K204", "facts", fact, "each fact under one analyte")
            scales[fact] = units
        entry.text("name")
        entry.text("note", "")
        entry.sources(known)
        entry.done()
    plain = table.get("plain", [])
    if not isinstance(plain, list):
        problems.append(Problem("MGD-K201", f"{path}: plain", repr(plain), "a list of units"))
        plain = []
    if problems:
        raise InvalidKnowledge(problems)
    return Conversions(scales, frozenset(str(unit) for unit in plain))


def _units(entry: Entry) -> dict[str, UnitScale]:
    units: dict[str, UnitScale] = {}
    for unit, inner in entry.table("units").items():
        if not isinstance(inner, Mapping):
            entry.mistake("MGD-K201", f"units.{unit}", repr(inner), "a table with kind and per")
            continue
        row = Entry(inner, f"{entry.path}.units.{unit}", entry.problems)
        kind, per = row.word("kind", ("mass", "amount", "equivalents")), row.number("per")
        row.done()
        if per <= 0:
            row.mistake("MGD-K202", "per", per, "more than zero")
        units[unit] = UnitScale(kind, per)
    return units
