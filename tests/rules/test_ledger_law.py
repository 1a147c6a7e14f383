"""What the ledger works out from a part of the questions is what the whole of them, asked anew, would answer."""

from __future__ import annotations

from random import Random

import pytest

from fuzz.generate import record
from mgdecide.adapters.record.records import read_patient
from mgdecide.assessment import facts_of
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.rulebook import rulebook
from mgdecide.rules.unknowns import ledger

BOOK = rulebook(default_knowledge())
LEDGER = ledger(BOOK)


@pytest.mark.parametrize("seed", range(8))
def test_every_fact_in_every_cell_is_answered_as_by_the_whole(seed: int) -> None:
    row = facts_of(read_patient(record(Random(seed))))
    program, count = LEDGER.program, len(LEDGER.questions)
    before = program.run(row)
    for name in LEDGER.facts:
        trial = LEDGER._trial(name)
        answers = trial.depends.around(row, before)(trial.values)
        for cell, answer in zip(trial.cells, answers, strict=True):
            expected = list(before[:count])
            for place, found in zip(trial.depends.outputs, answer, strict=True):
                expected[place] = found
            assert program.run({**row, **cell.columns})[:count] == tuple(expected), (name, cell)


def test_every_fact_has_questions_that_depend_on_it_and_cells_that_differ() -> None:
    for name in LEDGER.facts:
        trial = LEDGER._trial(name)
        assert trial.depends.outputs, name
        assert len(set(trial.values)) > 1, name
