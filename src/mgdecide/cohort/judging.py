"""The rulebook on a frame: look at the columns, clean the cells, ask every question at once."""

from __future__ import annotations

import warnings
from typing import Any

from attrs import frozen

from mgdecide.cohort.columns import UNUSABLE, cohort_columns
from mgdecide.cohort.completion import completed_facts
from mgdecide.cohort.door import door
from mgdecide.cohort.native import Opened, open_frame
from mgdecide.cohort.outputs import cohort_outputs
from mgdecide.cohort.schema import ColumnNotUsed, Present, look_at
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.frame import compile_frame
from mgdecide.logic.verbs import Select
from mgdecide.rules.rulebook import rulebook


@frozen
class Entered:
    """A frame whose columns were looked at, and the steps that clean its cells."""

    opened: Opened
    present: Present
    steps: tuple[Select, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The clean fact columns, without the key."""
        _key, *names, _unusable = self.steps[-1]
        return tuple(names)


def judged(native: Any, key: str, knowledge: Knowledge) -> Any:
    """See ``mgdecide.cohort.judge``."""
    entered = enter(native, key, knowledge)
    program = compile_frame(
        cohort_outputs(rulebook(knowledge)),
        knowledge,
        frozenset(entered.columns),
        entered.opened.verbs,
        completed=completed_facts(knowledge),
        spare=entered.opened.spare,
    )
    return entered.opened.after((*entered.steps, *program.selects((key,), (UNUSABLE,))))


def enter(native: Any, key: str, knowledge: Knowledge) -> Entered:
    """Look at a frame of any kind; nothing of it is read yet. Warns of columns that look like facts but are none."""
    columns = cohort_columns(knowledge)
    opened = open_frame(native, key, columns.names())
    arrow = opened.frame.implementation.is_pyarrow()
    present = look_at(opened.frame.collect_schema(), columns, key, arrow=arrow)
    for name, fact in present.near.items():
        warnings.warn(f"column {name!r} is not used; did you mean {fact!r}?", ColumnNotUsed, stacklevel=4)
    return Entered(opened, present, door(key, present.stored, columns, opened.verbs))
