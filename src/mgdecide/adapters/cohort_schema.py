"""The JSON Schema of one row of a cohort: each column's type, allowed words, range, unit and meaning, flat.

Types are single words, so that a program can read them without knowing JSON Schema. Any column may be missing, and a
null in a cell counts as unknown, which a single type does not say.
"""

from __future__ import annotations

from collections.abc import Iterator

from mgdecide.adapters.json_schema import Schema
from mgdecide.adapters.record_limits import plausible_ranges
from mgdecide.adapters.record_reader import urgent_rules
from mgdecide.knowledge.catalogue import COMPARATORS, Fact, catalogue
from mgdecide.knowledge.instruments import Instrument, instruments
from mgdecide.rules.row import acknowledged_column


def cohort_schema() -> Schema:
    """The schema of an input row, draft 2020-12."""
    columns: dict[str, object] = {
        "patient": {"type": "string", "description": "key; may repeat, each row stands alone"}
    }
    for fact in catalogue():
        columns.update(_columns(fact))
    for rule in urgent_rules():
        meaning = f"a clinician has dealt with {rule}: it stays visible and no longer closes the gate"
        columns[acknowledged_column(rule)] = {"type": "boolean", "description": meaning}
    return {
        "description": (
            "One row of a cohort. Any column may be missing; a missing column or a null is unknown. A cell out of its "
            "plausible range, in a unit that is not listed, NaN or infinite counts as unknown and is named in the "
            "output column 'unusable'."
        ),
        "type": "object",
        "properties": columns,
    }


def _columns(fact: Fact) -> Iterator[tuple[str, Schema]]:
    match fact.kind:
        case "lab":
            yield from _lab_columns(fact)
        case "number":
            yield fact.name, _number(fact)
        case "category":
            yield fact.name, {"type": "string", "enum": list(fact.values), "description": fact.meaning}
        case _:
            yield fact.name, {"type": "boolean", "description": fact.meaning}


def _lab_columns(fact: Fact) -> Iterator[tuple[str, Schema]]:
    name = fact.name
    ranges = {unit: plausible_ranges()[name, unit] for unit in fact.units}
    yield (
        name,
        {
            "type": "number",
            "minimum": min(float(low) for low, _ in ranges.values()),
            "maximum": max(float(high) for _, high in ranges.values()),
            "unit": fact.units[0] if len(fact.units) == 1 else f"as in {name}_unit",
            "ranges": {unit: [float(low), float(high)] for unit, (low, high) in ranges.items()},
            "description": f"{fact.meaning}; 'ranges' gives the plausible range in each unit",
        },
    )
    yield f"{name}_unit", {"type": "string", "enum": list(fact.units), "description": f"unit of {name}"}
    yield (
        f"{name}_comparator",
        {"type": "string", "enum": list(COMPARATORS), "description": f"sign in front of {name}, if it had one"},
    )
    meaning = "days between the sample and the day of assessment; a result without them counts as stale"
    yield f"{name}_age_days", {"type": "number", "minimum": 0, "unit": "days", "description": meaning}
    for side, words in (("low", "lower"), ("high", "upper")):
        meaning = f"the laboratory's own {words} limit, in the unit of {name}"
        unit = fact.units[0] if len(fact.units) == 1 else f"as in {name}_unit"
        yield f"{name}_{side}", {"type": "number", "minimum": 0, "unit": unit, "description": meaning}


def _number(fact: Fact) -> Schema:
    low, high = _range(fact)
    column: Schema = {"type": "number", "minimum": low, "maximum": high, "unit": fact.units[0]}
    return column | {"description": fact.meaning}


def _range(fact: Fact) -> tuple[float, float]:
    if fact.instrument:
        instrument: Instrument = instruments()[fact.instrument]
        return 0.0, float(instrument.highest if fact.item is None else instrument.items[fact.item])
    low, high = plausible_ranges()[fact.name, fact.units[0]]
    return float(low), float(high)
