"""The rulebook on a frame: look at the columns, clean the cells, ask every question at once."""

from __future__ import annotations

import warnings
from typing import Any

from mgdecide.cohort.columns import UNUSABLE, cohort_columns
from mgdecide.cohort.completion import completed_facts
from mgdecide.cohort.door import open_door
from mgdecide.cohort.native import Opened, open_frame
from mgdecide.cohort.outputs import cohort_outputs
from mgdecide.cohort.schema import ColumnNotUsed, Present, look_at
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.frame import compile_frame
from mgdecide.rules.rulebook import rulebook


def judged(native: Any, key: str, knowledge: Knowledge) -> Any:
    """See ``mgdecide.cohort.judge``."""
    book = rulebook(knowledge)
    opened, clean = opened_and_cleaned(native, key, knowledge)
    program = compile_frame(
        cohort_outputs(book),
        knowledge,
        frozenset(clean.collect_schema().names()),
        completed=completed_facts(knowledge),
        spare=opened.spare,
    )
    return opened.close(program.run(clean, (key,), (UNUSABLE,)))


def opened_and_cleaned(native: Any, key: str, knowledge: Knowledge) -> tuple[Opened, Any]:
    """A frame of any kind, and its clean fact columns."""
    columns = cohort_columns(knowledge)
    opened = open_frame(native, key, columns.names())
    present = look_at(opened.frame.collect_schema(), columns, key)
    _warn_of_near_names(present)
    frame: Any = opened.frame  # either kind of frame; open_door keeps the kind
    return opened, open_door(frame, key, present.types, columns)


def _warn_of_near_names(present: Present) -> None:
    """A column that looks like a fact but is none is not used; silence would take it for unknown."""
    for name, fact in present.near.items():
        warnings.warn(f"column {name!r} is not used; did you mean {fact!r}?", ColumnNotUsed, stacklevel=5)
