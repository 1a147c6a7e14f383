"""Frames as their owners hold them, and what each engine needs.

Every engine that narwhals knows is used as it is, but for these. A pandas frame is judged as an Arrow table: pandas has
several ways to say that a cell is empty, Arrow has one. A Polars data frame is judged as a lazy one, which shares work.
DuckDB and Spark get the same expressions as one query: handed over piece by piece, ten stages of some hundred
expressions took Spark a minute and DuckDB ten seconds before the first row was read; as a query, two and one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals as nw
from attrs import frozen

from mgdecide.errors import InvalidInput, Problem
from mgdecide.logic.frame_narwhals import NarwhalsVerbs, run
from mgdecide.logic.sql_text import DUCKDB, SPARK, SqlVerbs
from mgdecide.logic.verbs import Select, Verbs

if TYPE_CHECKING:
    import pyarrow as pa

# Polars and DuckDB hand columns on for nothing; Spark copies every column of a row from stage to stage.
_SPARE, _SPARE_ON_SPARK = 2, 12

Frame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"


@frozen
class Opened:
    """A frame ready to be judged, and how to give the result back."""

    frame: Frame
    given: Any
    key: str

    @property
    def verbs(self) -> Verbs:
        """How expressions are written for this engine."""
        if self.frame.implementation.is_duckdb():
            return SqlVerbs(DUCKDB)
        if self.frame.implementation.is_pyspark() or self.frame.implementation.is_pyspark_connect():
            return SqlVerbs(SPARK)
        return NarwhalsVerbs()

    @property
    def spare(self) -> int:
        """How much a shared part must spare to become a column of its own, as measured in ``benchmarks/cohort.py``."""
        return _SPARE_ON_SPARK if self.verbs == SqlVerbs(SPARK) else _SPARE

    def after(self, selects: tuple[Select, ...]) -> Any:
        """The frame after all steps, as the kind of frame that was given."""
        judged = self._after(selects)
        given = nw.from_native(self.given)
        if given.implementation.is_pandas():
            return _to_pandas(judged.to_native(), self.given, self.key)
        if isinstance(judged, nw.LazyFrame) and isinstance(given, nw.DataFrame):
            return judged.collect(backend=given.implementation).to_native()
        return judged.to_native()

    def rows(self, selects: tuple[Select, ...]) -> Iterator[tuple[object, dict[str, object]]]:
        """The key as it was given, and the other columns, of each row after all steps."""
        frame = self._after(selects)
        collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        keys = list(self.given[self.key]) if nw.from_native(self.given).implementation.is_pandas() else None
        for number, row in enumerate(collected.iter_rows(named=True)):
            key = row.pop(self.key)
            yield key if keys is None else keys[number], row

    def _after(self, selects: tuple[Select, ...]) -> Frame:
        verbs, native = self.verbs, self.frame.to_native()
        judged: Any = self.frame
        if not isinstance(verbs, SqlVerbs):
            judged = run(judged, selects)
        elif verbs.dialect is DUCKDB:
            judged = nw.from_native(native.query("mgdecide_cohort", verbs.query(selects, "mgdecide_cohort")))
        else:
            # Spark fills in the frame where the query has a name in braces.
            query = verbs.query(selects, "\0").replace("{", "{{").replace("}", "}}").replace("\0", "{cohort}")
            judged = nw.from_native(native.sparkSession.sql(query, cohort=native))
        frame: Frame = judged
        return frame


def open_frame(native: Any, key: str, wanted: Iterable[str]) -> Opened:
    """``native`` as a narwhals frame.

    Raises:
        InvalidInput: not a data frame that narwhals knows (MGD-C101), or columns that cannot be told apart or read
            (MGD-C106).
    """
    try:
        frame = nw.from_native(native)
    except (TypeError, nw.exceptions.NarwhalsError) as error:
        accepted = "a data frame of Polars, DuckDB, PySpark, pandas, pyarrow or another library that narwhals knows"
        given = type(native).__name__ if isinstance(error, TypeError) else _first_line(error)
        code = "MGD-C101" if isinstance(error, TypeError) else "MGD-C106"
        raise InvalidInput(Problem(code, "frame", given, accepted)) from None
    if frame.implementation.is_pandas():
        return Opened(nw.from_native(_from_pandas(native, key, frozenset(wanted))), native, key)
    if isinstance(frame, nw.DataFrame) and frame.implementation.is_polars():
        return Opened(frame.lazy(), native, key)
    if frame.implementation.is_pyarrow():
        return Opened(nw.from_native(_without_views(native, frozenset(wanted))), native, key)
    opened = Opened(frame, native, key)
    if isinstance(opened.verbs, SqlVerbs):
        _check_names(frame.collect_schema().names(), {*wanted, key})
    return opened


def _check_names(names: list[str], wanted: set[str]) -> None:
    """In SQL capital and small letters are alike: which of two such columns is meant cannot be told."""
    spelled: dict[str, list[str]] = {}
    for name in names:
        spelled.setdefault(name.casefold(), []).append(name)
    problems = [
        Problem("MGD-C106", name, f"columns {' and '.join(map(repr, alike))}", "columns of different names")
        for name in sorted(wanted)
        if len(alike := spelled.get(name.casefold(), [])) > 1
    ]
    if problems:
        raise InvalidInput(problems)


def _without_views(table: pa.Table, wanted: frozenset[str]) -> pa.Table:
    """Texts as plain texts: pyarrow compares no views, though Polars hands out nothing else."""
    import pyarrow as pa

    for index, field in enumerate(table.schema):
        if field.name in wanted and field.type == pa.string_view():
            table = table.set_column(index, field.name, table.column(index).cast(pa.string()))
    return table


def _from_pandas(frame: Any, key: str, wanted: frozenset[str]) -> pa.Table:
    """The fact columns as Arrow; the key stays behind, whatever it holds, and its place is taken by row numbers."""
    import pyarrow as pa

    found: dict[str, pa.Array] = {}
    problems = []
    for name in frame.columns:
        if name == key:
            found[name] = pa.array(range(len(frame)), type=pa.int64())
        elif name in wanted:
            try:
                found[name] = pa.Array.from_pandas(frame[name])
            except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
                problems.append(Problem("MGD-C106", str(name), _first_line(error), "a column of one type"))
        elif isinstance(name, str):
            found[name] = pa.nulls(len(frame))
    if problems:
        raise InvalidInput(problems)
    return pa.table(found)


def _to_pandas(table: pa.Table, given: Any, key: str) -> Any:
    """A pandas frame of Arrow types with the index and the key of the one that was given."""
    import pandas as pd

    judged = table.to_pandas(types_mapper=pd.ArrowDtype)
    judged.index = given.index
    judged[key] = given[key]
    return judged


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0][:200]
