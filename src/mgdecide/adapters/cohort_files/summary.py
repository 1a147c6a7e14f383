"""What a judged cohort looks like: gates, statuses, findings per hundred rows by rule, fits; counted from its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from mgdecide.cohort.columns import UNUSABLE

_FINDING, _FIT = "finding.", "fit."
_WORDS = ("status", "gate")
_BATCH = 65_536


@define
class CohortSummary:
    """Counts over the rows of an output file."""

    rows: int = 0
    words: dict[str, Counter[str]] = field(factory=dict)
    """Of ``status``, ``gate`` and each ``fit.``: how often each word stands; null is not counted."""
    true: Counter[str] = field(factory=Counter)
    """Of ``urgent`` and each ``finding.``: in how many rows it is true."""
    unknown: Counter[str] = field(factory=Counter)
    """Of the same: in how many rows it is null."""
    unusable_rows: int = 0
    unusable: Counter[str] = field(factory=Counter)
    """By input column: in how many rows its cell could not be used."""

    def per_hundred(self, column: str) -> float:
        """Rows of a hundred in which a finding is true."""
        return 100 * self.true[column] / self.rows if self.rows else 0.0

    @property
    def findings(self) -> tuple[str, ...]:
        """The columns of findings that are true somewhere, the most frequent first."""
        found = (name for name in self.true if name.startswith(_FINDING) and self.true[name])
        return tuple(sorted(found, key=lambda name: (-self.true[name], name)))

    @property
    def silent(self) -> tuple[str, ...]:
        """The columns of findings that are true nowhere."""
        return tuple(sorted(name for name in self.true if name.startswith(_FINDING) and not self.true[name]))

    def to_record(self) -> dict[str, object]:
        """The summary as JSON."""
        return {
            "rows": self.rows,
            "gate": dict(sorted(self.words["gate"].items())),
            "status": dict(sorted(self.words["status"].items())),
            "urgent": self._answers("urgent"),
            "findings": {
                name.removeprefix(_FINDING): {**self._answers(name), "per_hundred": round(self.per_hundred(name), 4)}
                for name in sorted(self.true)
                if name.startswith(_FINDING)
            },
            "fits": {
                name.removeprefix(_FIT): dict(sorted(counts.items()))
                for name, counts in sorted(self.words.items())
                if name.startswith(_FIT)
            },
            "rows_with_unusable_cells": self.unusable_rows,
        }

    def _answers(self, name: str) -> dict[str, int]:
        true, unknown = self.true[name], self.unknown[name]
        return {"true": true, "false": self.rows - true - unknown, "unknown": unknown}


def summarise(path: Path) -> CohortSummary:
    """Read an output file once, a batch at a time."""
    import pyarrow.parquet as pq

    summary = CohortSummary()
    with pq.ParquetFile(path) as file:
        names = [name for name in file.schema_arrow.names if _counts(name)]
        for name in names:
            if _is_words(name):
                summary.words[name] = Counter()
            elif name != UNUSABLE:
                summary.true[name] = summary.unknown[name] = 0
        for batch in file.iter_batches(batch_size=_BATCH, columns=names):
            summary.rows += batch.num_rows
            for name in names:
                _add(summary, name, batch.column(batch.schema.get_field_index(name)))
    return summary


def _counts(name: str) -> bool:
    return _is_words(name) or name in ("urgent", UNUSABLE) or name.startswith(_FINDING)


def _is_words(name: str) -> bool:
    return name in _WORDS or name.startswith(_FIT)


def _add(summary: CohortSummary, name: str, column: Any) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count == len(column) and name not in summary.true:
        return
    if _is_words(name):
        summary.words[name].update(counted(pc.value_counts(column.drop_null())))
    elif name == UNUSABLE:
        summary.unusable_rows += len(column) - column.null_count
        listed = pc.split_pattern(column.drop_null().cast(pa.string()), ",")
        summary.unusable.update(counted(pc.value_counts(pc.list_flatten(listed))))
    else:
        summary.true[name] += column.true_count
        summary.unknown[name] += column.null_count


def counted(counts: Any) -> Mapping[str, int]:
    """The pairs of ``value_counts`` as a mapping."""
    return {pair["values"]: pair["counts"] for pair in counts.to_pylist()}


def summary_text(summary: CohortSummary, reasons: Iterable[str] = (), most: int = 30) -> str:
    """The summary for people, at most 76 columns wide."""
    rows = summary.rows
    lines = [f"{rows:,} row{'s' * (rows != 1)}", "", "Gate of oral magnesium"]
    lines += _table(summary.words["gate"], rows, ("open", "undecided", "closed"))
    lines.append(_line(summary.true["urgent"], rows, "with an urgent finding"))
    lines += ["", "Status of serum magnesium", *_table(summary.words["status"], rows)]
    lines += ["", "Findings per hundred rows"]
    lines += [_line(summary.true[name], rows, name.removeprefix(_FINDING)) for name in summary.findings[:most]]
    rest = len(summary.findings) - most
    if rest > 0:
        lines.append(f"{'':>21}and {rest} rules that found less; all of them with --format json")
    if not summary.findings:
        lines.append(f"{'':>21}none")
    lines += ["", "Fits, of the rows whose gate is open"]
    for name in sorted(summary.words):
        if name.startswith(_FIT):
            counts = summary.words[name]
            told = ", ".join(f"{word} {counts[word]:,}" for word in ("fits", "does not fit", "cannot tell"))
            lines.append(f"  {name.removeprefix(_FIT)}: {told}")
    lines += ["", "Cells that could not be used; each counts as unknown"]
    lines.append(_line(summary.unusable_rows, rows, "rows have one or more"))
    return "\n".join([*lines, *reasons])


def _table(counts: Mapping[str, int], rows: int, order: Iterable[str] = ()) -> list[str]:
    words = [*order, *sorted((word for word in counts if word not in order), key=lambda word: -counts[word])]
    return [_line(counts.get(word, 0), rows, word) for word in words]


def _line(count: int, rows: int, what: str) -> str:
    share = 100 * count / rows if rows else 0.0
    return f"{count:>12,}  {share:>5.1f}  {what}"
