"""Frames as their owners hold them, and what each engine needs.

Every engine that narwhals knows is used as it is, but for two. A pandas frame is judged as an Arrow table: pandas has
several ways to say that a cell is empty, Arrow has one. A Polars data frame is judged as a lazy one, which shares work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals as nw
from attrs import frozen

from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    import pyarrow as pa

Frame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"

# Operations that a shared part must spare to become a column of its own. Polars and DuckDB hand columns on for
# nothing; Spark copies every column of a row from stage to stage.
_SPARE: Mapping[nw.Implementation, int] = {nw.Implementation.PYSPARK: 3, nw.Implementation.PYSPARK_CONNECT: 3}
_SPARE_ELSEWHERE = 2


@frozen
class Opened:
    """A frame ready to be judged, and how to give the result back."""

    frame: Frame
    given: Any
    key: str

    @property
    def spare(self) -> int:
        """How much a stage must spare on this engine."""
        return _SPARE.get(self.frame.implementation, _SPARE_ELSEWHERE)

    def close(self, judged: Frame) -> Any:
        """The result as the kind of frame that was given."""
        given = nw.from_native(self.given)
        if given.implementation.is_pandas():
            return _to_pandas(judged.to_native(), self.given, self.key)
        if isinstance(judged, nw.LazyFrame) and isinstance(given, nw.DataFrame):
            return judged.collect(backend=given.implementation).to_native()
        return judged.to_native()

    def keys(self, rows: nw.DataFrame[Any]) -> list[object]:
        """The keys of collected rows, as they were given."""
        if nw.from_native(self.given).implementation.is_pandas():
            return list(self.given[self.key])
        return rows[self.key].to_list()


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
    return Opened(frame, native, key)


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
