"""The values at which an unknown fact is tried: one in every cell that the published edges cut its range into.

A fact that only enters a calculation has no edges of its own, and is tried on a grid over its plausible range.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from mgdecide.knowledge.catalogue import Fact
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.needs import facts_in
from mgdecide.logic.plain import compile_plain
from mgdecide.logic.questions import Arithmetic, Compare, LabCompare, LabIn, Literal, Measure, Node, Operator, walk

_GRID = 24
_SHIFTED = {"umol/L": "mmol/L", "mg/L": "mg/dL"}


@frozen
class Cell:
    """A value to try: the columns it sets, and where it stands."""

    columns: Mapping[str, object]
    number: float | None
    word: str
    unit: str = ""


@frozen
class Edge:
    """An edge a fact is compared with somewhere."""

    value: float
    operator: Operator
    unit: str


@frozen(eq=False)
class Edges:
    """Where the edges of each fact lie, and which facts enter a calculation."""

    knowledge: Knowledge
    by_fact: Mapping[str, tuple[Edge, ...]]
    calculated: frozenset[str]

    def cells(self, fact: Fact) -> Iterator[Cell]:
        """Values to try for one fact: every cell between its edges, in every unit."""
        if fact.kind == "yes_no":
            yield Cell({fact.name: True}, None, "true")
            yield Cell({fact.name: False}, None, "false")
        elif fact.kind == "category":
            for value in fact.values:
                yield Cell({fact.name: value}, None, value)
        else:
            for unit in _usual_units(fact):
                for number in self._numbers(fact, unit):
                    yield Cell(_columns(fact, number, unit), number, "", unit)

    def between(self, fact: Fact, unit: str, low: float, high: float) -> Edge | None:
        """The first edge from ``low`` to ``high``, if there is one."""
        found = (edge for edge in self.by_fact.get(fact.name, ()) if edge.unit == unit and low <= edge.value <= high)
        return next(found, None)

    def _numbers(self, fact: Fact, unit: str) -> list[float]:
        low, high = self.knowledge.plausible(fact.name, unit)
        numbers = {low, high}
        for edge in self.by_fact.get(fact.name, ()):
            if edge.unit == unit:
                numbers |= {edge.value, math.nextafter(edge.value, -math.inf), math.nextafter(edge.value, math.inf)}
        if fact.name in self.calculated:
            numbers |= {low + (high - low) * step / _GRID for step in range(1, _GRID)}
        return sorted(number for number in numbers if low <= number <= high)


def _columns(fact: Fact, number: float, unit: str) -> dict[str, object]:
    """The columns of a fact that is known, fresh, and has this value, which stands first."""
    if fact.kind != "lab":
        return {fact.name: number}
    fresh: dict[str, object] = dict.fromkeys(fact.columns)
    fresh |= {fact.name: number, f"{fact.name}_unit": unit, f"{fact.name}_age_days": 0.0}
    return fresh


def edges_in(questions: Iterable[Node], knowledge: Knowledge) -> Edges:
    """Every edge below the questions."""
    found: dict[str, list[Edge]] = {}
    calculated: set[str] = set()
    for node in {part for question in questions for part in walk(question)}:
        for name, edge in _edges_of(node, knowledge):
            found.setdefault(name, []).append(edge)
        if isinstance(node, Arithmetic | LabIn):
            calculated.update(facts_in(node))
    by_fact = {
        name: tuple(sorted(edges, key=lambda edge: (edge.unit, edge.value, edge.operator.value)))
        for name, edges in found.items()
    }
    return Edges(knowledge, by_fact, frozenset(calculated))


def _usual_units(fact: Fact) -> tuple[str, ...]:
    """Units whose edges are not mere shifts of another's: umol/L says nothing that mmol/L does not."""
    return tuple(unit for unit in fact.units if _SHIFTED.get(unit) not in fact.units)


def _edges_of(node: Node, knowledge: Knowledge) -> Iterable[tuple[str, Edge]]:
    """The edges one comparison puts on one fact; own limits of a laboratory are left out, as they are not known."""
    match node:
        case Compare(Measure(name, unit), operator, right) if not facts_in(right):
            value = compile_plain([right], knowledge)({})[0]
            if isinstance(value, float):
                yield name, Edge(value, operator, unit)
        case Compare(left, operator, Measure(name, unit)) if isinstance(left, Literal):
            yield name, Edge(left.value, operator, unit)
        case LabCompare(lab, operator, edge):
            values = compile_plain([edge], knowledge)
            for unit in lab.units:
                value = values({f"{lab.name}_unit": unit})[0]
                if isinstance(value, float):
                    yield lab.name, Edge(value, operator, unit)
        case _:
            return
