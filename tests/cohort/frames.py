"""Generated rows as Arrow tables, and what must be said of them; worked out once for all engines."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
