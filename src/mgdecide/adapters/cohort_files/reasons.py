"""Why cells could not be used: read off the input, only the columns that were named, only where something was."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from mgdecide.adapters.cohort_files.summary import counted
from mgdecide.adapters.suggestions import safe_text
from mgdecide.cohort.columns import LabColumns, NumberColumn, SimpleColumn, WordColumn, YesNoColumn, cohort_columns
from mgdecide.knowledge.edition import Knowledge

_BATCH = 65_536
_MOST_WORDS = 3
_LONGEST_WORD = 24
_NO_END = 1e6

NOT_FINITE, NO_UNIT, OUT_OF_RANGE = "NaN or infinite", "no unit", "outside what is plausible"
BAD_UNIT, BAD_WORD, NO_ANSWER = "a unit that is not accepted", "a word that is not accepted", "neither 1 nor 0"


@define
class Reasons:
    """Of one input column: how often each reason stood, and the words that were not accepted."""

    column: str
    accepted: str
    counts: Counter[str] = field(factory=Counter)
    words: Counter[str] = field(factory=Counter)

    def to_record(self) -> dict[str, object]:
        """The reasons as JSON; a word is shown as it was given."""
        return {
            "column": self.column,
            "reasons": dict(sorted(self.counts.items())),
            "words": dict(self.words.most_common(_MOST_WORDS)),
            "accepted": self.accepted,
        }

    def lines(self) -> Iterator[str]:
        """The reasons for people."""
        for reason, count in self.counts.most_common():
            told = f"{count:>12,}  {self.column}: {reason}"
            if self.words and reason in (BAD_UNIT, BAD_WORD):
                shown = ", ".join(
                    repr(safe_text(word, _LONGEST_WORD)) for word, _ in self.words.most_common(_MOST_WORDS)
                )
                told += f" ({shown})"
            yield told
        yield from textwrap.wrap(f"accepted: {self.accepted}", 76, initial_indent=" " * 14, subsequent_indent=" " * 16)


def reasons_of(files: Iterable[Path], unusable: Mapping[str, int], knowledge: Knowledge) -> tuple[Reasons, ...]:
    """The reasons of each column named in ``unusable``, the most frequent first; reads the input a batch at a time."""
    import pyarrow.parquet as pq

    columns = cohort_columns(knowledge)
    labs = {lab.name: lab for lab in columns.labs if lab.name in unusable}
    simple = {column.name: column for column in columns if column.name in unusable and column.name not in labs}
    found = {name: Reasons(name, _accepted(labs.get(name) or simple[name])) for name in unusable}
    for path in files:
        with pq.ParquetFile(path) as file:
            present = set(file.schema_arrow.names)
            wanted = [*unusable, *(lab.unit.name for lab in labs.values())]
            names = [name for name in dict.fromkeys(wanted) if name in present]
            for batch in file.iter_batches(batch_size=_BATCH, columns=names):
                cells = dict(zip(batch.schema.names, batch.columns, strict=True))
                for name, column in simple.items():
                    _add_simple(found[name], column, cells[name])
                for name, lab in labs.items():
                    _add_lab(found[name], lab, cells[name], cells.get(lab.unit.name))
    return tuple(sorted(found.values(), key=lambda each: (-each.counts.total(), each.column)))


def _add_simple(reasons: Reasons, column: SimpleColumn, cells: Any) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    match column:
        case NumberColumn(_, low, high):
            _add_numbers(reasons, _numbers(cells), low, high)
        case WordColumn(_, words):
            texts = cells.cast(pa.string()).drop_null()
            _add_words(reasons, BAD_WORD, texts.filter(pc.invert(pc.is_in(texts, pa.array(words)))))
        case YesNoColumn():
            numbers = _numbers(cells).drop_null()
            answers = pc.or_(pc.equal(numbers, 0.0), pc.equal(numbers, 1.0))
            reasons.counts[NO_ANSWER] += pc.invert(answers).true_count


def _add_lab(reasons: Reasons, lab: LabColumns, cells: Any, units: Any) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = _numbers(cells)
    if units is None:
        units = pa.nulls(len(cells), pa.string())
    units = units.cast(pa.string()).filter(numbers.is_valid())
    numbers = numbers.drop_null()
    if len(lab.ranges) == 1:
        units = units.fill_null(lab.unit.words[0])
    reasons.counts[NO_UNIT] += units.null_count
    known = pc.fill_null(pc.is_in(units, pa.array(lab.unit.words)), False)
    _add_words(reasons, BAD_UNIT, units.filter(pc.invert(known)).drop_null())
    for unit, (low, high) in lab.ranges.items():
        _add_numbers(reasons, numbers.filter(pc.fill_null(pc.equal(units, unit), False)), low, high)


def _add_numbers(reasons: Reasons, numbers: Any, low: float, high: float) -> None:
    import pyarrow.compute as pc

    numbers = numbers.drop_null()
    finite = pc.is_finite(numbers)
    reasons.counts[NOT_FINITE] += pc.invert(finite).true_count
    numbers = numbers.filter(finite)
    reasons.counts[OUT_OF_RANGE] += pc.or_(pc.less(numbers, low), pc.greater(numbers, high)).true_count
    reasons.counts += Counter()  # drops what is nought


def _add_words(reasons: Reasons, reason: str, words: Any) -> None:
    import pyarrow.compute as pc

    if len(words):
        reasons.counts[reason] += len(words)
        reasons.words.update(counted(pc.value_counts(words)))
        reasons.words = Counter(dict(reasons.words.most_common(1000)))


def _numbers(cells: Any) -> Any:
    import pyarrow as pa

    return cells.cast(pa.float64(), safe=False)


def _accepted(column: LabColumns | SimpleColumn) -> str:
    match column:
        case LabColumns():
            return "; ".join(f"{_span(*ends)} {unit}" for unit, ends in column.ranges.items())
        case NumberColumn(_, low, high):
            return _span(low, high)
        case WordColumn(_, words):
            return ", ".join(words)
        case YesNoColumn():
            return "true and false, or 1 and 0"


def _short(end: float) -> str:
    """At most four digits that count, and no exponent."""
    return f"{end:.4g}" if end < 1000 else f"{end:.0f}"


def _span(low: float, high: float) -> str:
    """An end that no number of medicine reaches is no end."""
    return f"{low:g} or more" if high > _NO_END else f"{_short(low)} to {_short(high)}"
