"""Is this frame a cohort? Its columns and their types, looked at before any row is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING

import narwhals as nw
from attrs import frozen

from mgdecide.cohort.columns import (
    NAMED_OUTPUTS,
    CohortColumns,
    NumberColumn,
    SimpleColumn,
    WordColumn,
    YesNoColumn,
)
from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from narwhals.dtypes import DType

_ACCEPTED: Mapping[type[SimpleColumn], str] = {
    NumberColumn: "a column of numbers (integer, floating or decimal)",
    YesNoColumn: "a column of true and false, or of 1 and 0",
    WordColumn: "a column of text (plain, dictionary or enumeration)",
}


class ColumnNotUsed(UserWarning):
    """A column looks like a fact but has another name, so nothing in it was read."""


class Stored(Enum):
    """How a column holds its cells, and so how it is read."""

    AS_IT_IS = "truths or texts"
    FLOATS = "64-bit floats"
    NUMBER = "numbers that a 64-bit float holds as they are"
    DIGITS = "numbers that are read from the digits they print"
    WORD = "dictionary or enumeration"


@frozen
class Present:
    """What a frame has: the fact columns and how they are stored, and columns that look like one but are none."""

    stored: Mapping[str, Stored]
    near: Mapping[str, str]


def look_at(schema: Mapping[str, DType], columns: CohortColumns, key: str, *, arrow: bool = False) -> Present:
    """The fact columns of a frame.

    A column in which nothing is known has no type on some engines; it counts as missing.

    Raises:
        InvalidInput: no key column (MGD-C102), a key with the name of a fact or of an output (MGD-C103), a column of
            the wrong type (MGD-C104) or an enumeration that holds no accepted word (MGD-C105); all at once.
    """
    known = {column.name: column for column in columns}
    problems = [*_key_problems(key, schema, known)]
    stored: dict[str, Stored] = {}
    for name, column in known.items():
        if name in schema and schema[name] != nw.Unknown:
            problems += _type_problems(column, schema[name])
            stored[name] = _stored(column, schema[name], arrow)
    if problems:
        raise InvalidInput(problems)
    near = columns.near(name for name in schema if name != key)
    return Present(stored, {name: fact for name, fact in near.items() if fact not in stored})


def _stored(column: SimpleColumn, given: DType, arrow: bool) -> Stored:
    if isinstance(column, YesNoColumn) and given not in (nw.Boolean, nw.Float64):
        return Stored.NUMBER
    if given == nw.Float64:
        return Stored.FLOATS
    if given in (nw.Boolean, nw.String):
        return Stored.AS_IT_IS
    if given in (nw.Float32, nw.Float16) or (arrow and given == nw.Decimal):
        return Stored.DIGITS
    return Stored.NUMBER if given.is_numeric() else Stored.WORD


def _key_problems(key: str, schema: Mapping[str, DType], known: Mapping[str, SimpleColumn]) -> Iterator[Problem]:
    plain = key.casefold()  # to SQL engines capital and small letters are alike
    if plain in known or plain in NAMED_OUTPUTS or plain.startswith(("finding.", "fit.", "mgdecide_")):
        yield Problem("MGD-C103", "key", repr(key), "a name that is neither an input fact nor an output column")
    elif key not in schema:
        given = ", ".join(list(schema)[:8]) + (", ..." if len(schema) > 8 else "")
        yield Problem("MGD-C102", key, f"no such column among {given or 'none'}", "the column that names each row")


def _type_problems(column: SimpleColumn, given: DType) -> Iterator[Problem]:
    match column:
        case NumberColumn():
            fitting = given.is_numeric()
        case YesNoColumn():
            fitting = given.is_numeric() or given == nw.Boolean
        case WordColumn(_, words):
            fitting = given in (nw.String, nw.Categorical) or isinstance(given, nw.Enum)
            if isinstance(given, nw.Enum) and not set(given.categories) & set(words):
                listed = ", ".join(given.categories[:8])
                yield Problem("MGD-C105", column.name, f"words {listed}", f"one of {', '.join(words)}")
    if not fitting:
        yield Problem("MGD-C104", column.name, f"a column of type {given}", _ACCEPTED[type(column)])
