"""The door of a cohort: cells that cannot be used become unknown, and their columns are named.

What passes is what a patient record may hold: finite numbers in their plausible range, accepted units and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from mgdecide.cohort.columns import UNUSABLE, CohortColumns, LabColumns, NumberColumn, WordColumn, YesNoColumn
from mgdecide.cohort.schema import Stored
from mgdecide.logic.verbs import Expression, Kind, Select, Verbs


@frozen
class Cell:
    """One cleaned column: its expression, if it counts at all, and where its cells could not be used."""

    name: str
    clean: Expression | None
    unusable: Expression | None = None


def door(key: str, stored: Mapping[str, Stored], columns: CohortColumns, verbs: Verbs) -> tuple[Select, ...]:
    """The steps to the key, the clean fact columns and ``unusable``; all other columns are left outside."""
    return _Door(stored, columns, verbs).steps(key)


@frozen
class _Door:
    stored: Mapping[str, Stored]
    columns: CohortColumns
    verbs: Verbs

    def steps(self, key: str) -> tuple[Select, ...]:
        """Read every column as numbers, truths or texts; see which laboratory values fit; clean all cells."""
        labs = [lab for lab in self.columns.labs if lab.name in self.stored]
        cells = [*self._simple_cells(), *(cell for lab in labs for cell in self._lab_cells(lab))]
        cells += [cell for lab in self.columns.labs if lab not in labs for cell in self._stray_cells(lab)]
        as_read = {name: self._read(name, stored) for name, stored in self.stored.items()}
        kept = {name: self.verbs.column(name) for name in (key, *self.stored)}
        fitting = {_fits(lab): self._value_fits(lab) for lab in labs}
        clean = {cell.name: cell.clean for cell in cells if cell.clean is not None}
        unusable = {cell.name: cell.unusable for cell in cells if cell.unusable is not None}
        key_column = {key: self.verbs.column(key)}
        return (
            {**key_column, **as_read},
            {**kept, **fitting},
            {**key_column, **clean, UNUSABLE: self._named(unusable)},
        )

    def _read(self, name: str, stored: Stored) -> Expression:
        """Numbers as 64-bit floats with the digits they print, words as text.

        A 32-bit 0.7 is not 0.7 but prints as it; through its digits it meets an edge at 0.7 as the result it is.
        Arrow makes 0.119 as a decimal 0.11900000000000001.
        """
        column = self.verbs.column(name)
        match stored:
            case Stored.AS_IT_IS:
                return column
            case Stored.FLOATS:
                return self.verbs.floats(name)
            case Stored.NUMBER:
                return self.verbs.cast(column, Kind.NUMBER)
            case Stored.DIGITS:
                return self.verbs.cast(self.verbs.cast(column, Kind.WORD), Kind.NUMBER)
            case Stored.WORD:
                return self.verbs.cast(column, Kind.WORD)

    # --- one column ---

    def _simple_cells(self) -> Iterator[Cell]:
        for column in self.columns.simple:
            if column.name in self.stored:
                given = self.verbs.column(column.name)
                match column:
                    case NumberColumn(name, low, high):
                        fits = _in_range(given, low, high)
                        yield Cell(name, self.verbs.when(fits, given), ~fits)
                    case WordColumn(name, words):
                        fits = self._is_one_of(given, words)
                        yield Cell(name, self.verbs.when(fits, given), ~fits)
                    case YesNoColumn(name) if self.stored[name] is Stored.AS_IT_IS:
                        yield Cell(name, given)
                    case YesNoColumn(name):
                        true, false = self.verbs.equals(given, 1.0), self.verbs.equals(given, 0.0)
                        yield Cell(name, self.verbs.when(true | false, true), ~(true | false))

    def _is_one_of(self, given: Expression, words: tuple[str, ...]) -> Expression:
        return _any(self.verbs.equals(given, word) for word in words)

    def _surely(self, truth: Expression) -> Expression:
        return self.verbs.first_known(truth, self.verbs.literal(False))

    # --- a laboratory value with its companions ---

    def _value_fits(self, lab: LabColumns) -> Expression:
        """Whether there is a value, in an accepted unit and in that unit's range; never null.

        A value without a unit counts only where there is but one unit.
        """
        value = self.verbs.column(lab.name)
        fits = {unit: _in_range(value, *span) for unit, span in lab.ranges.items()}
        if lab.unit.name in self.stored:
            unit = self.verbs.column(lab.unit.name)
            named = {word: self.verbs.equals(unit, word) for word in fits}
            if len(fits) == 1:
                named = {word: unit.is_null() | truth for word, truth in named.items()}
            fits = {word: named[word] & within for word, within in fits.items()}
        elif len(fits) > 1:
            return value.is_null() & ~value.is_null()
        return self._surely(_any(fits.values()))

    def _lab_cells(self, lab: LabColumns) -> Iterator[Cell]:
        value, fits = self.verbs.column(lab.name), self.verbs.column(_fits(lab))
        usable = fits
        if lab.comparator.name in self.stored:
            sign = self.verbs.column(lab.comparator.name)
            readable = self._is_one_of(sign, lab.comparator.words)
            usable = fits & (sign.is_null() | readable)
            yield Cell(lab.comparator.name, self.verbs.when(usable, sign), ~readable)
        yield Cell(lab.name, self.verbs.when(usable, value), ~value.is_null() & ~fits)
        units = lab.unit.words
        if len(units) == 1:
            yield Cell(lab.unit.name, self.verbs.when(usable, self.verbs.literal(units[0])))
        elif lab.unit.name in self.stored:
            yield Cell(lab.unit.name, self.verbs.when(usable, self.verbs.column(lab.unit.name)))
        for column in lab.companions:
            if column.name in self.stored:
                given = self.verbs.column(column.name)
                possible = _in_range(given, column.low, column.high)
                yield Cell(column.name, self.verbs.when(usable & possible, given), ~possible)

    def _stray_cells(self, lab: LabColumns) -> Iterator[Cell]:
        """What stands beside a value that has no column counts for nothing; what could not be used is still named."""
        if lab.comparator.name in self.stored:
            sign = self.verbs.column(lab.comparator.name)
            yield Cell(lab.comparator.name, None, ~self._is_one_of(sign, lab.comparator.words))
        for column in lab.companions:
            if column.name in self.stored:
                yield Cell(column.name, None, ~_in_range(self.verbs.column(column.name), column.low, column.high))

    def _named(self, cells: Mapping[str, Expression]) -> Expression:
        """The names of the columns whose cell could not be used, in order, or null."""
        if not cells:
            return self.verbs.null(Kind.WORD)
        names = [self.verbs.when(cells[name], self.verbs.literal(name)) for name in sorted(cells)]
        text = self.verbs.listed(*names) if len(names) > 1 else names[0]
        return self.verbs.when(_any(cells.values()), text)


def _fits(lab: LabColumns) -> str:
    return f"mgdecide_fits_{lab.name}"


def _any(truths: Iterable[Expression]) -> Expression:
    """Joined in halves: two hundred joined one after the other nest deeper than pyarrow's expressions may."""
    found = list(truths)
    if len(found) == 1:
        return found[0]
    half = len(found) // 2
    return _any(found[:half]) | _any(found[half:])


def _in_range(given: Expression, low: float, high: float) -> Expression:
    """Null where null. NaN is out of every range: it is either unordered or above all numbers."""
    return (given >= low) & (given <= high)
