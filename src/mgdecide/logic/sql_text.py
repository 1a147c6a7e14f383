"""The verbs as SQL text, for engines that take a whole query faster than its parts.

Spark and DuckDB look at every expression and every intermediate frame one by one as it is handed to them; some
hundred shared parts in a dozen stages take them longer than a million rows do. One query is read once. No rule and
no operator is written here: it is the same writer that speaks narwhals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import IntEnum

from attrs import frozen

from mgdecide.errors import InvalidQuestion, Problem
from mgdecide.logic.verbs import Expression, Kind, Select


@frozen
class Dialect:
    """What SQL engines spell differently."""

    quote: str
    types: Mapping[Kind, str]
    overlooks_nan: bool = False
    """Whether comparisons are answered from a Parquet file's statistics, which say nothing of NaN."""

    def name(self, name: str) -> str:
        """A column name, quoted."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"


_TYPES = {Kind.NUMBER: "DOUBLE", Kind.TRUTH: "BOOLEAN", Kind.COUNT: "INT"}
SPARK = Dialect("`", {**_TYPES, Kind.WORD: "STRING"})
# Where a file's least and largest number lie within a range, DuckDB 2.0 holds NaN for being within it too.
DUCKDB = Dialect('"', {**_TYPES, Kind.WORD: "VARCHAR"}, overlooks_nan=True)


class Binding(IntEnum):
    """How firmly an operator holds its operands, as in every SQL."""

    OR, AND, NOT, COMPARED, SUM, PRODUCT, WHOLE = range(7)


@frozen(eq=False, order=False)
class Sql:
    """One expression, with brackets only where SQL needs them: Spark's parser takes long over each that is nested."""

    text: str
    binding: Binding = Binding.WHOLE

    def __str__(self) -> str:
        return self.text

    def __and__(self, other: Expression) -> Sql:
        return _infix(self, "AND", other, Binding.AND)

    def __or__(self, other: Expression) -> Sql:
        return _infix(self, "OR", other, Binding.OR)

    def __invert__(self) -> Sql:
        return Sql(f"NOT {_held(self, Binding.SUM)}", Binding.NOT)

    def __lt__(self, other: Expression | float) -> Sql:
        return _compared(self, "<", other)

    def __le__(self, other: Expression | float) -> Sql:
        return _compared(self, "<=", other)

    def __gt__(self, other: Expression | float) -> Sql:
        return _compared(self, ">", other)

    def __ge__(self, other: Expression | float) -> Sql:
        return _compared(self, ">=", other)

    def __add__(self, other: Expression | float) -> Sql:
        return _calculated(self, "+", other, Binding.SUM)

    def __sub__(self, other: Expression | float) -> Sql:
        return _calculated(self, "-", other, Binding.SUM)

    def __mul__(self, other: Expression | float) -> Sql:
        return _calculated(self, "*", other, Binding.PRODUCT)

    def __truediv__(self, other: Expression | float) -> Sql:
        return _calculated(self, "/", other, Binding.PRODUCT)

    def __pow__(self, other: Expression) -> Sql:
        return Sql(f"POWER({self}, {other})")

    def abs(self) -> Sql:
        """Without its sign."""
        return Sql(f"ABS({self})")

    def floor(self) -> Sql:
        """The largest whole number not above."""
        return Sql(f"FLOOR({self})")

    def is_null(self) -> Sql:
        """Never null itself."""
        return Sql(f"{_held(self, Binding.WHOLE)} IS NULL", Binding.COMPARED)


@frozen
class SqlVerbs:
    """See ``mgdecide.logic.verbs.Verbs``."""

    dialect: Dialect

    def column(self, name: str) -> Sql:
        """A column."""
        return Sql(self.dialect.name(name))

    def floats(self, name: str) -> Sql:
        """A column of 64-bit floats, with infinity in the place of NaN where the engine might overlook that."""
        column = self.dialect.name(name)
        if not self.dialect.overlooks_nan:
            return Sql(column)
        return Sql(f"CASE WHEN ISNAN({column}) THEN CAST('Infinity' AS DOUBLE) ELSE {column} END")

    def literal(self, value: bool | float | str) -> Sql:
        """The same value for every row."""
        return Sql(_literal(value))

    def null(self, kind: Kind) -> Sql:
        """Null for every row."""
        return Sql(f"CAST(NULL AS {self.dialect.types[kind]})")

    def equals(self, left: Expression, right: str | float) -> Sql:
        """Null where ``left`` is."""
        return Sql(f"{_held(left, Binding.SUM)} = {_literal(right)}", Binding.COMPARED)

    def when(self, condition: Expression, then: Expression, otherwise: Expression | None = None) -> Sql:
        """``then`` where the condition is true, ``otherwise`` where it is false or null."""
        last = "" if otherwise is None else f" ELSE {otherwise}"
        return Sql(f"CASE WHEN {condition} THEN {then}{last} END")

    def first_known(self, *terms: Expression) -> Sql:
        """The first term that is not null."""
        return Sql(f"COALESCE({', '.join(map(str, terms))})")

    def cast(self, term: Expression, kind: Kind) -> Sql:
        """The term as another kind of column."""
        return Sql(f"CAST({term} AS {self.dialect.types[kind]})")

    def listed(self, *terms: Expression) -> Sql:
        """The texts that are not null, separated by commas."""
        return Sql(f"CONCAT_WS(',', {', '.join(map(str, terms))})")

    def query(self, selects: Iterable[Select], source: str) -> str:
        """One query that takes all steps, the first from ``source``. Nested, as some engines store named parts."""
        text = source
        for number, select in enumerate(selects):
            columns = ", ".join(f"{expression} AS {self.dialect.name(name)}" for name, expression in select.items())
            origin = text if number == 0 else f"({text}) AS step_{number}"
            text = f"SELECT {columns} FROM {origin}"
        return text


def _infix(left: Sql, operator: str, right: Expression, binding: Binding) -> Sql:
    """AND and OR, which may be read from either side."""
    return Sql(f"{_held(left, binding)} {operator} {_held(right, binding)}", binding)


def _compared(left: Sql, operator: str, right: Expression | float) -> Sql:
    return Sql(f"{_held(left, Binding.SUM)} {operator} {_held(right, Binding.SUM)}", Binding.COMPARED)


def _calculated(left: Sql, operator: str, right: Expression | float, binding: Binding) -> Sql:
    """Read from the left; sums of floats are not the same from the right."""
    return Sql(f"{_held(left, binding)} {operator} {_held(right, Binding(binding + 1))}", binding)


def _held(term: Expression | float, least: Binding) -> str:
    """A term as an operand, in brackets if it would fall apart."""
    if isinstance(term, Sql):
        return f"({term})" if term.binding < least else term.text
    return _literal(term) if isinstance(term, int | float) else str(term)


def _literal(value: bool | float | str) -> str:
    """A float is written with an exponent, which makes it a double everywhere; without, it would be a decimal."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float() if math.isfinite(value):
            digits = repr(value)
            return digits if "e" in digits else f"{digits}E0"
        case str() if not set("'\\") & set(value) and value.isprintable():
            return f"'{value}'"
        case _:
            raise InvalidQuestion(Problem("MGD-Q108", "literal", repr(value), "a finite number or a plain word"))
