"""Generated rows as Arrow tables, and what must be said of them; worked out once for all engines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa

from mgdecide.adapters.bulk.columns import fact_schema
from mgdecide.testing.cohort_oracle import expected_verdicts
from mgdecide.testing.cohort_rows import cohort_rows

Row = dict[str, object]


@cache
def generated(count: int, seed: int, spoiled: float = 0.01) -> tuple[Row, ...]:
    """Rows with every column, a third of their cells known, one in a hundred of those spoiled."""
    return tuple(cohort_rows(count, seed, spoiled=spoiled))


@cache
def expected(count: int, seed: int, spoiled: float = 0.01) -> tuple[Row, ...]:
    """What ``judge`` must say of ``generated``."""
    return tuple(map(expected_verdicts, generated(count, seed, spoiled)))


def table(rows: Sequence[Row]) -> Any:
    """Rows as Arrow, with the columns of a cohort."""
    return pa.Table.from_pylist(list(rows), schema=fact_schema())


def usual(**cells: object) -> Row:
    """A row of someone whom nothing keeps from magnesium, changed by ``cells``."""
    return {
        "patient": "a",
        "age_years": 40.0,
        "sex": "female",
        "pregnancy": "not pregnant",
        "serum_magnesium": 0.7,
        "serum_magnesium_unit": "mmol/L",
        "serum_magnesium_age_days": 10.0,
        "egfr": 80.0,
        "egfr_age_days": 10.0,
        "phq9_item_9": 0.0,
        "conditions_complete": True,
        "medications_complete": True,
        **cells,
    }


def without_nan(row: Row) -> Row:
    """The row as a frame keeps it that knows no other word for a missing number than NaN."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


# --- the same cells, stored in another way --------------------------------------------------------------------------

NUMBER_KINDS = (pa.decimal128(28, 3), pa.float32(), pa.int64(), pa.float64())
TRUTH_KINDS = (pa.bool_(), pa.int8(), pa.float64())


@cache
def number_kinds() -> Mapping[str, Any]:
    """The columns of numbers in turn as decimals, in single precision, as integers and as they are."""
    names = [field.name for field in fact_schema() if field.type == pa.float64()]
    return {name: NUMBER_KINDS[index % len(NUMBER_KINDS)] for index, name in enumerate(names)}


def rounded(row: Row) -> Row:
    """The row with numbers that each of ``number_kinds`` holds; wider than seven digits 32 bits print no number."""
    return {
        name: _rounded(value, 0 if number_kinds()[name] == pa.int64() else 2) if isinstance(value, float) else value
        for name, value in row.items()
    }


def _rounded(value: float, digits: int) -> float | None:
    return round(value, digits) if abs(value) < 1e5 else None


def stored_otherwise(rows: Sequence[Row]) -> Any:
    """Rounded rows as Arrow: numbers as ``number_kinds``, answers as 1 and 0 too, words as dictionaries."""
    whole = table(rows)
    for index, field in enumerate(whole.schema):
        cells = whole.column(index)
        if field.name in number_kinds():
            cells = _as(cells, number_kinds()[field.name])
        elif field.type == pa.bool_():
            cells = cells.cast(TRUTH_KINDS[index % len(TRUTH_KINDS)])
        elif field.name != "patient":
            cells = cells.combine_chunks().cast(pa.dictionary(pa.int32(), pa.string()))
        whole = whole.set_column(index, field.name, cells)
    return whole


def _as(cells: Any, kind: Any) -> Any:
    if not pa.types.is_decimal(kind):
        return cells.cast(kind)
    return pa.array([None if value is None else Decimal(str(value)) for value in cells.to_pylist()], kind)
