"""Which unknown facts could change the answer, and at which values.

Rules compare facts with published edges, so an unknown number splits into a few cells; each cell is tried, all else
held as it is, and the outcomes are compared. A fact that only enters a calculation is tried on a grid over its
plausible range. What learning a fact can lead to is kept with it, so that it can be checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from attrs import field, frozen

from mgdecide.domain.verdicts import Unknown
from mgdecide.knowledge.catalogue import Fact
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.needs import facts_in
from mgdecide.logic.plain import Compiled, compile_plain
from mgdecide.logic.questions import (
    Arithmetic,
    Compare,
    LabCompare,
    LabIn,
    Literal,
    Measure,
    Node,
    Operator,
    walk,
)
from mgdecide.logic.resolve import Answer, Row
from mgdecide.logic.words import OPERATOR_WORDS, number_words
from mgdecide.rules import gate
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Rulebook

_GRID = 24
_HALVINGS = 24
_SHIFTED = {"umol/L": "mmol/L", "mg/L": "mg/dL"}
GATE_WORDS: Mapping[Answer, str] = {True: "closed", False: "open", None: "undecided"}
FIT_WORDS: Mapping[Answer, str] = {True: "fits", False: "does not fit", None: "cannot tell"}


@frozen
class _Cell:
    """A value to try: the columns it sets, and where it stands."""

    columns: Mapping[str, object]
    number: float | None
    word: str
    unit: str = ""


@frozen(eq=False)
class _Edge:
    """An edge a fact is compared with somewhere."""

    value: float
    operator: Operator
    unit: str


@frozen(eq=False)
class Ledger:
    """The flip analysis of one rulebook: what it asks about, and where each fact's edges lie."""

    knowledge: Knowledge
    names: tuple[str, ...]
    compiled: Compiled
    facts: tuple[str, ...]
    edges: Mapping[str, tuple[_Edge, ...]]
    calculated: frozenset[str] = field(factory=frozenset)

    def unknowns(self, reading: Reading, reasons: Mapping[str, str]) -> tuple[Unknown, ...]:
        """The facts of ``reasons`` (fact to why it is unknown) that could change the gate or a fit.

        Those that could change the gate come first, then by name.
        """
        before = self.compiled(reading.row)
        found = [
            unknown
            for name in self.facts
            if name in reasons and (unknown := self._try(name, reasons[name], reading.row, before)) is not None
        ]
        return tuple(sorted(found, key=lambda each: (each.changes[0] != "gate", each.fact)))

    def _try(self, name: str, reason: str, row: Row, before: tuple[Answer, ...]) -> Unknown | None:
        cells = list(self.cells(self.knowledge.catalogue.facts[name]))
        answers = [self.compiled({**row, **cell.columns}) for cell in cells]
        changed = [
            index for index in range(len(self.names)) if any(answer[index] != before[index] for answer in answers)
        ]
        if not changed:
            return None
        return Unknown(
            fact=name,
            reason=reason,
            changes=tuple(self.names[index] for index in changed),
            at=tuple(dict.fromkeys(self._where(name, row, cells, answers, before))),
            outcomes=tuple(
                (
                    self.names[index],
                    tuple(sorted({_word(index, answer[index]) for answer in (*answers, before)})),
                )
                for index in changed
            ),
        )

    def _where(
        self, name: str, row: Row, cells: list[_Cell], answers: list[tuple[Answer, ...]], before: tuple[Answer, ...]
    ) -> Iterator[str]:
        """Words for the values that change an answer: the words themselves, or the borders between cells."""
        if cells[0].number is None:
            yield from (cell.word for cell, answer in zip(cells, answers, strict=True) if answer != before)
            return
        if all(answer == answers[0] for answer in answers):
            yield "any value"
        for (left, old), (right, new) in pairwise(zip(cells, answers, strict=True)):
            if left.unit == right.unit and old != new:
                yield self._border(name, row, left, right)

    def _border(self, name: str, row: Row, left: _Cell, right: _Cell) -> str:
        """The edge between two cells: a published one, or where a calculation turns, to three figures."""
        assert left.number is not None
        assert right.number is not None
        fact = self.knowledge.catalogue.facts[name]
        unit = f" {left.unit}" if len(fact.units) > 1 else ""
        for edge in self.edges.get(name, ()):
            if edge.unit == left.unit and left.number <= edge.value <= right.number:
                return f"{OPERATOR_WORDS[edge.operator]} {number_words(edge.value)}{unit}"
        low, high = left.number, right.number
        before = self.compiled({**row, **left.columns})
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.compiled({**row, **_columns(fact, middle, left.unit)}) == before:
                low = middle
            else:
                high = middle
        return f"about {high:.3g} {left.unit}"

    def cells(self, fact: Fact) -> Iterator[_Cell]:
        """Values to try for one fact: every cell between its edges, in every unit."""
        if fact.kind == "yes_no":
            yield _Cell({fact.name: True}, None, "true")
            yield _Cell({fact.name: False}, None, "false")
        elif fact.kind == "category":
            for value in fact.values:
                yield _Cell({fact.name: value}, None, value)
        else:
            for unit in self._usual_units(fact):
                for number in self._numbers(fact, unit):
                    yield _Cell(_columns(fact, number, unit), number, "", unit)

    def _usual_units(self, fact: Fact) -> tuple[str, ...]:
        """Units whose edges are not mere shifts of another's: umol/L says nothing that mmol/L does not."""
        return tuple(unit for unit in fact.units if _SHIFTED.get(unit) not in fact.units)

    def _numbers(self, fact: Fact, unit: str) -> list[float]:
        low, high = self.knowledge.plausible(fact.name, unit)
        numbers = {low, high}
        for edge in self.edges.get(fact.name, ()):
            if edge.unit == unit:
                numbers |= {edge.value, math.nextafter(edge.value, -math.inf), math.nextafter(edge.value, math.inf)}
        if fact.name in self.calculated:
            numbers |= {low + (high - low) * step / _GRID for step in range(_GRID + 1)}
        return sorted(number for number in numbers if low <= number <= high)


def _columns(fact: Fact, number: float, unit: str) -> dict[str, object]:
    if fact.kind != "lab":
        return {fact.name: number}
    fresh: dict[str, object] = dict.fromkeys(fact.columns)
    fresh |= {fact.name: number, f"{fact.name}_unit": unit, f"{fact.name}_age_days": 0.0}
    return fresh


def _word(index: int, answer: Answer) -> str:
    return (GATE_WORDS if index == 0 else FIT_WORDS)[answer]


def ledger(rulebook: Rulebook) -> Ledger:
    """The flip analysis for one rulebook."""
    questions: list[Node] = [gate.CLOSING, *(study.fits for study in rulebook.studies)]
    names = ("gate", *(f"fit:{study.study.id}" for study in rulebook.studies))
    facts = {rulebook.knowledge.catalogue.owner(fact) for node in questions for fact in facts_in(node)}
    catalogue = rulebook.knowledge.catalogue
    edges: dict[str, list[_Edge]] = {}
    calculated: set[str] = set()
    for node in {part for question in questions for part in walk(question)}:
        for name, edge in _edges_of(node, rulebook):
            edges.setdefault(name, []).append(edge)
        if isinstance(node, Arithmetic | LabIn):
            calculated.update(facts_in(node))
    return Ledger(
        rulebook.knowledge,
        names,
        compile_plain(questions, rulebook.knowledge),
        tuple(sorted(fact for fact in facts if fact in catalogue.facts)),
        {
            name: tuple(sorted(found, key=lambda edge: (edge.unit, edge.value, edge.operator.value)))
            for name, found in edges.items()
        },
        frozenset(calculated),
    )


def _edges_of(node: Node, rulebook: Rulebook) -> Iterable[tuple[str, _Edge]]:
    """The edges one comparison puts on one fact; own limits of a laboratory are left out, as they are not known."""
    match node:
        case Compare(Measure(name, unit), operator, right) if not facts_in(right):
            value = compile_plain([right], rulebook.knowledge)({})[0]
            if isinstance(value, float):
                yield name, _Edge(value, operator, unit)
        case Compare(left, operator, Measure(name, unit)) if isinstance(left, Literal):
            yield name, _Edge(left.value, operator, unit)
        case LabCompare(lab, operator, edge):
            values = compile_plain([edge], rulebook.knowledge)
            for unit in lab.units:
                value = values({f"{lab.name}_unit": unit})[0]
                if isinstance(value, float):
                    yield lab.name, _Edge(value, operator, unit)
        case _:
            return
