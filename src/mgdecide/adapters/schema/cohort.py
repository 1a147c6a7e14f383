"""The JSON Schema of one row of a cohort: each column's type, allowed words, range, unit and meaning, flat.

The columns and ranges are those the cohort engines judge by. Types are single words, so that a program can read them
without knowing JSON Schema; that any cell may be null, which counts as unknown, is said in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from mgdecide.adapters.schema.builders import Schema
from mgdecide.cohort.columns import (
    DEFAULT_KEY,
    LabColumns,
    NumberColumn,
    SimpleColumn,
    WordColumn,
    YesNoColumn,
    cohort_columns,
)
from mgdecide.knowledge.catalogue import Fact, catalogue
from mgdecide.knowledge.edition import default_knowledge

_MEANING = (
    "One row of a cohort. Any column may be missing; a missing column or a null is unknown. A cell out of its "
    "plausible range, in a unit that is not listed, NaN or infinite counts as unknown, and the output column "
    "'unusable' names it."
)


def cohort_schema() -> Schema:
    """The schema of an input row, draft 2020-12."""
    columns = cohort_columns(default_knowledge())
    members: dict[str, object] = {
        DEFAULT_KEY: {"type": "string", "description": "key; may repeat, each row stands alone"}
    }
    for lab in columns.labs:
        members.update(_lab(lab, catalogue().facts[lab.name]))
    for column in columns.simple:
        members[column.name] = _simple(column, catalogue().facts.get(column.name))
    return {"description": _MEANING, "type": "object", "properties": members}


def _simple(column: SimpleColumn, fact: Fact | None) -> Schema:
    meaning = fact.meaning if fact is not None else "a clinician has dealt with this urgent finding; it closes nothing"
    match column:
        case NumberColumn(_, low, high):
            unit = fact.units[0] if fact is not None and fact.units else ""
            return {"type": "number", "minimum": low, "maximum": high, "unit": unit, "description": meaning}
        case WordColumn(_, words):
            return {"type": "string", "enum": list(words), "description": meaning}
        case YesNoColumn():
            return {"type": "boolean", "description": meaning}
        case _:
            assert_never(column)


def _lab(lab: LabColumns, fact: Fact) -> Iterator[tuple[str, Schema]]:
    ranges = lab.ranges.values()
    unit = fact.units[0] if len(fact.units) == 1 else f"as in {lab.unit.name}"
    yield (
        lab.name,
        {
            "type": "number",
            "minimum": min(low for low, _ in ranges),
            "maximum": max(high for _, high in ranges),
            "unit": unit,
            "ranges": {name: list(ends) for name, ends in lab.ranges.items()},
            "description": f"{fact.meaning}; 'ranges' gives the plausible range in each unit",
        },
    )
    yield lab.unit.name, {"type": "string", "enum": list(lab.unit.words), "description": f"unit of {lab.name}"}
    sign = f"sign in front of {lab.name}, if it had one"
    yield lab.comparator.name, {"type": "string", "enum": list(lab.comparator.words), "description": sign}
    meanings = (
        ("days", "days between the sample and the day of assessment; a result without them counts as stale"),
        (unit, f"the laboratory's own lower limit, in the unit of {lab.name}"),
        (unit, f"the laboratory's own upper limit, in the unit of {lab.name}"),
    )
    for column, (of, meaning) in zip(lab.companions, meanings, strict=True):
        yield (
            column.name,
            {"type": "number", "minimum": column.low, "maximum": column.high, "unit": of, "description": meaning},
        )
