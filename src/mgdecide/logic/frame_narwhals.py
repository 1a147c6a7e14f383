"""The verbs of narwhals: Polars, pyarrow, DuckDB, PySpark and every other engine it knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import narwhals as nw

from mgdecide.logic.verbs import Expression, Kind, Select

if TYPE_CHECKING:
    from narwhals.dtypes import DType

FrameT = TypeVar("FrameT", "nw.DataFrame[Any]", "nw.LazyFrame[Any]")

_TYPES: Mapping[Kind, DType] = {
    Kind.NUMBER: nw.Float64(),
    Kind.TRUTH: nw.Boolean(),
    Kind.WORD: nw.String(),
    Kind.COUNT: nw.Int32(),
}


def run(frame: FrameT, selects: Iterable[Select]) -> FrameT:
    """The frame after all steps."""
    for select in selects:
        frame = frame.select(**{name: _expr(expression) for name, expression in select.items()})
    return frame


class NarwhalsVerbs:
    """See ``mgdecide.logic.verbs.Verbs``."""

    def column(self, name: str) -> Expression:
        """A column."""
        return nw.col(name)

    def floats(self, name: str) -> Expression:
        """A column of 64-bit floats as it is."""
        return nw.col(name)

    def literal(self, value: bool | float | str) -> Expression:
        """The same value for every row."""
        return nw.lit(value)

    def null(self, kind: Kind) -> Expression:
        """Null for every row."""
        return nw.lit(None, dtype=_TYPES[kind])

    def equals(self, left: Expression, right: str | float) -> Expression:
        """Null where ``left`` is."""
        return _expr(left) == right

    def when(self, condition: Expression, then: Expression, otherwise: Expression | None = None) -> Expression:
        """``then`` where the condition is true."""
        chosen = nw.when(_expr(condition)).then(_expr(then))
        return chosen if otherwise is None else chosen.otherwise(_expr(otherwise))

    def first_known(self, *terms: Expression) -> Expression:
        """The first term that is not null."""
        return nw.coalesce(*map(_expr, terms))

    def cast(self, term: Expression, kind: Kind) -> Expression:
        """The term as another kind of column."""
        return _expr(term).cast(_TYPES[kind])

    def listed(self, *terms: Expression) -> Expression:
        """The texts that are not null, separated by commas."""
        return nw.concat_str(*map(_expr, terms), separator=",", ignore_nulls=True)


def _expr(expression: Expression) -> nw.Expr:
    return cast("nw.Expr", expression)
