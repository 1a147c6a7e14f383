"""The columns of a fact table: the cohort's own, as Arrow types."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mgdecide.cohort.columns import DEFAULT_KEY, NumberColumn, YesNoColumn, cohort_columns
from mgdecide.knowledge.edition import default_knowledge

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def fact_columns() -> tuple[tuple[str, str], ...]:
    """Each column with its kind: ``double``, ``bool`` or ``string``; the key first."""
    kinds = {NumberColumn: "double", YesNoColumn: "bool"}
    facts = tuple((column.name, kinds.get(type(column), "string")) for column in cohort_columns(default_knowledge()))
    return ((DEFAULT_KEY, "string"), *facts)


def fact_schema() -> pa.Schema:
    """The Arrow schema of a fact table."""
    import pyarrow as pa

    types = {"double": pa.float64(), "bool": pa.bool_(), "string": pa.string()}
    return pa.schema([(name, types[kind]) for name, kind in fact_columns()])
