"""Which unknown facts could change the answer, and at which values.

Rules compare facts with published edges, so an unknown number splits into a few cells; each cell is tried, all else
held as it is, and the outcomes are compared. What learning a fact can lead to is kept with it, so that it can be
checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from attrs import field, frozen

from mgdecide.domain.verdicts import Unknown
from mgdecide.knowledge.catalogue import Fact
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.needs import facts_in
from mgdecide.logic.plain import Program, compile_program
from mgdecide.logic.questions import Node
from mgdecide.logic.resolve import Answer, Row
from mgdecide.logic.variation import Tried, Variation, compile_variation
from mgdecide.logic.words import OPERATOR_WORDS, edge_words
from mgdecide.rules import gate
from mgdecide.rules.cells import Cell, Edges, edges_in
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Rulebook

_HALVINGS = 24
GATE_WORDS: Mapping[Answer, str] = {True: "closed", False: "open", None: "undecided"}
FIT_WORDS: Mapping[Answer, str] = {True: "fits", False: "does not fit", None: "cannot tell"}

Answered = tuple[Answer, ...]


@frozen(eq=False)
class _Trial:
    """One fact: the cells it is tried in, the values these give its columns, and what depends on them."""

    fact: Fact
    cells: tuple[Cell, ...]
    values: tuple[tuple[object, ...], ...]
    depends: Variation


@frozen(eq=False)
class Ledger:
    """The flip analysis of one rulebook: what it asks, and of which facts."""

    knowledge: Knowledge
    names: tuple[str, ...]
    """Of the questions, in their order."""
    questions: tuple[Node, ...]
    program: Program
    """Holds the answers of everything below the questions."""
    facts: tuple[str, ...]
    edges: Edges
    _trials: dict[str, _Trial] = field(factory=dict, repr=False)
    """Follow from the rest; made when a fact is first tried."""

    def unknowns(self, reading: Reading, reasons: Mapping[str, str]) -> tuple[Unknown, ...]:
        """The facts of ``reasons`` (fact to why it is unknown) that could change the gate or a fit.

        Those that could change the gate come first, then by name.
        """
        row, before = reading.row, self.program.run(reading.row)
        found = [
            unknown
            for name in self.facts
            if name in reasons and (unknown := self._try(self._trial(name), reasons[name], row, before)) is not None
        ]
        return tuple(sorted(found, key=lambda each: (each.changes[0] != "gate", each.fact)))

    def _try(self, trial: _Trial, reason: str, row: Row, before: Answered) -> Unknown | None:
        places = trial.depends.outputs
        tried = trial.depends.around(row, before)
        answers = tried(trial.values)
        held = tuple([before[place] for place in places])
        different = dict.fromkeys((*answers, held))
        if len(different) == 1:
            return None
        told = [
            (place, outcomes)
            for at, place in enumerate(places)
            if len(outcomes := {answer[at] for answer in different}) > 1
        ]
        if trial.cells[0].number is None:
            where = [cell.word for cell, answer in zip(trial.cells, answers, strict=True) if answer != held]
        else:
            where = list(dict.fromkeys(self._borders(trial, answers, tried)))
        return Unknown(
            fact=trial.fact.name,
            reason=reason,
            changes=tuple([self.names[place] for place, _ in told]),
            at=tuple(where),
            outcomes=tuple(
                [(self.names[place], tuple(sorted([_word(place, each) for each in found]))) for place, found in told]
            ),
        )

    def _borders(self, trial: _Trial, answers: list[Answered], tried: Tried) -> Iterator[str]:
        """Words for the borders between cells of different answers: a published edge, or where a calculation turns."""
        if len(set(answers)) == 1:
            yield "any value"
        for (left, old), (right, new) in pairwise(zip(trial.cells, answers, strict=True)):
            if left.unit == right.unit and old != new:
                assert left.number is not None
                assert right.number is not None
                edge = self.edges.between(trial.fact, left.unit, left.number, right.number)
                if edge is not None:
                    unit = f" {left.unit}" if len(trial.fact.units) > 1 else ""
                    yield f"{OPERATOR_WORDS[edge.operator]} {edge_words(edge.value)}{unit}"
                else:
                    yield from (f"about {turn:.3g} {left.unit}" for turn in _turns(tried, left, right.number, old, new))

    def _trial(self, name: str) -> _Trial:
        found = self._trials.get(name)
        if found is None:
            fact = self.knowledge.catalogue.facts[name]
            cells = tuple(self.edges.cells(fact))
            depends = compile_variation(self.questions, tuple(cells[0].columns), self.program, self.knowledge)
            values = tuple(tuple(cell.columns.values()) for cell in cells)
            found = self._trials[name] = _Trial(fact, cells, values, depends)
        return found


def _turns(tried: Tried, left: Cell, right: float, old: Answered, new: Answered) -> Iterator[float]:
    """Where the answers turn on the way from one cell to the next: more than once where several edges lie between."""
    assert left.number is not None
    low, (_, *others) = left.number, left.columns.values()  # the number stands first
    while old != new:
        high = right
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if tried(((middle, *others),))[0] == old:
                low = middle
            else:
                high = middle
        yield high
        low, old = high, tried(((high, *others),))[0]


def _word(place: int, answer: Answer) -> str:
    return (GATE_WORDS if place == 0 else FIT_WORDS)[answer]


def ledger(rulebook: Rulebook) -> Ledger:
    """The flip analysis for one rulebook."""
    questions: tuple[Node, ...] = (gate.CLOSING, *(study.fits for study in rulebook.studies))
    catalogue = rulebook.knowledge.catalogue
    facts = {catalogue.owner(fact) for node in questions for fact in facts_in(node)}
    return Ledger(
        rulebook.knowledge,
        ("gate", *(f"fit:{study.study.id}" for study in rulebook.studies)),
        questions,
        compile_program(questions, rulebook.knowledge),
        tuple(sorted(fact for fact in facts if fact in catalogue.facts)),
        edges_in(questions, rulebook.knowledge),
    )
