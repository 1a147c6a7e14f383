"""The door of a cohort: cells that cannot be used become unknown, and their columns are named.

What passes is what a patient record may hold: finite numbers in their plausible range, accepted units and words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import itemgetter
from typing import Any, TypeVar

import narwhals as nw
from attrs import frozen
from narwhals.dtypes import DType

from mgdecide.cohort.columns import UNUSABLE, CohortColumns, LabColumns, NumberColumn, WordColumn, YesNoColumn

FrameT = TypeVar("FrameT", "nw.DataFrame[Any]", "nw.LazyFrame[Any]")


@frozen
class Cell:
    """One cleaned column: its expression, and where its cells could not be used."""

    name: str
    clean: nw.Expr
    unusable: nw.Expr | None = None


def open_door(frame: FrameT, key: str, types: Mapping[str, DType], columns: CohortColumns) -> FrameT:
    """The key, the clean fact columns and ``unusable``; everything else of ``frame`` is left outside."""
    arrow = frame.implementation.is_pyarrow()
    frame = frame.select(key, **{name: _cast(name, given, arrow) for name, given in types.items()})
    labs: list[LabColumns] = [lab for lab in columns.labs if lab.name in types]
    if labs:
        frame = frame.with_columns(**{_fits(lab): _value_fits(lab, types) for lab in labs})
    cells = [*_simple_cells(columns, types), *(cell for lab in labs for cell in _lab_cells(lab, types))]
    given = {cell.name: cell.clean for cell in cells}
    given[UNUSABLE] = _named({cell.name: cell.unusable for cell in cells if cell.unusable is not None})
    return frame.select(key, **given)


def _cast(name: str, given: DType, arrow: bool) -> nw.Expr:
    """Numbers as 64-bit floats with the digits they print, words as text.

    A 32-bit 0.7 is not 0.7 but prints as it; through its digits it meets an edge at 0.7 as the result it is. Arrow
    makes 0.119 as a decimal 0.11900000000000001.
    """
    column = nw.col(name)
    if given in (nw.Float64, nw.Boolean, nw.String):
        return column
    if given.is_numeric():
        through_digits = given in (nw.Float32, nw.Float16) or (arrow and given == nw.Decimal)
        return (column.cast(nw.String) if through_digits else column).cast(nw.Float64)
    return column.cast(nw.String)


# --- one column --------------------------------------------------------------------------------------------


def _simple_cells(columns: CohortColumns, types: Mapping[str, DType]) -> Iterator[Cell]:
    for column in columns.simple:
        if column.name in types:
            given = nw.col(column.name)
            match column:
                case NumberColumn():
                    fits = _in_range(given, column.low, column.high)
                    yield Cell(column.name, nw.when(fits).then(given), ~fits)
                case WordColumn():
                    fits = _is_one_of(given, column.words)
                    yield Cell(column.name, nw.when(fits).then(given), ~fits)
                case YesNoColumn() if types[column.name] == nw.Boolean:
                    yield Cell(column.name, given)
                case YesNoColumn():
                    true, false = given == 1.0, given == 0.0
                    yield Cell(column.name, nw.when(true | false).then(true), ~(true | false))


def _in_range(given: nw.Expr, low: float, high: float) -> nw.Expr:
    """Null where null. NaN is out of every range: it is either unordered or above all numbers."""
    return (given >= low) & (given <= high)


def _is_one_of(given: nw.Expr, words: tuple[str, ...]) -> nw.Expr:
    return reduce(lambda found, each: found | each, (given == word for word in words))


# --- a laboratory value with its companions -------------------------------------------------------------------


def _fits(lab: LabColumns) -> str:
    return f"mgdecide_fits_{lab.name}"


def _value_fits(lab: LabColumns, types: Mapping[str, DType]) -> nw.Expr:
    """Whether there is a value, in an accepted unit and in that unit's range; never null.

    A value without a unit counts only where there is but one unit.
    """
    value = nw.col(lab.name)
    in_unit = {unit: _in_range(value, *span) for unit, span in lab.ranges.items()}
    if lab.unit.name in types:
        unit = nw.col(lab.unit.name)
        for word in in_unit:
            named = (unit == word) | unit.is_null() if len(in_unit) == 1 else unit == word
            in_unit[word] = named & in_unit[word]
    elif len(in_unit) > 1:
        return nw.lit(False) & ~value.is_null()
    return reduce(lambda found, each: found | each, in_unit.values()).fill_null(False)


def _lab_cells(lab: LabColumns, types: Mapping[str, DType]) -> Iterator[Cell]:
    value, fits = nw.col(lab.name), nw.col(_fits(lab))
    usable, sign = fits, nw.col(lab.comparator.name)
    if lab.comparator.name in types:
        readable = _is_one_of(sign, lab.comparator.words)
        usable = fits & (sign.is_null() | readable)
        yield Cell(lab.comparator.name, nw.when(usable).then(sign), ~readable)
    yield Cell(lab.name, nw.when(usable).then(value), ~value.is_null() & ~fits)
    units = lab.unit.words
    if len(units) == 1:
        yield Cell(lab.unit.name, nw.when(usable).then(nw.lit(units[0])))
    elif lab.unit.name in types:
        yield Cell(lab.unit.name, nw.when(usable).then(nw.col(lab.unit.name)))
    for column in lab.companions:
        if column.name in types:
            given = nw.col(column.name)
            possible = _in_range(given, column.low, column.high)
            yield Cell(column.name, nw.when(usable & possible).then(given), ~possible)


def _named(cells: Mapping[str, nw.Expr]) -> nw.Expr:
    """The names of the columns whose cell could not be used, in order, or null."""
    if not cells:
        return nw.lit(None, dtype=nw.String)
    names = [nw.when(unusable).then(nw.lit(name)) for name, unusable in sorted(cells.items(), key=itemgetter(0))]
    text = nw.concat_str(*names, separator=",", ignore_nulls=True) if len(names) > 1 else names[0]
    any_of_them = reduce(lambda found, each: found | each, cells.values())
    return nw.when(any_of_them).then(text)
