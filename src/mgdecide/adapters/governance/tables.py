"""A table of rates: so many of so many, by rule; as text, CSV, JSON and picture from the same rows."""

from __future__ import annotations

import csv
import io
from statistics import NormalDist

from attrs import frozen

from mgdecide.adapters.pictures.canvas import Picture
from mgdecide.adapters.pictures.rates import RateBar, rate_bars
from mgdecide.adapters.report.text_lines import wrapped
from mgdecide.adapters.suggestions import safe_text

MOST_DRAWN = 40
"""Rows of a picture; text, CSV and JSON hold them all."""
_INDENT = 33
_Z = NormalDist().inv_cdf(0.975)


@frozen
class Rate:
    """So many of ``of``. ``unknown`` could not be told and are neither counted nor taken from ``of``."""

    name: str
    count: int
    of: int
    unknown: int = 0
    beside: tuple[tuple[str, int], ...] = ()
    """Further counts of the row, by name."""

    @property
    def per_hundred(self) -> float:
        """Of a hundred; 0 where there is nothing to count in."""
        return 100 * self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the rate, per hundred (Wilson 1927, without continuity correction)."""
        if not self.of:
            return 0.0, 100.0
        share, square = self.count / self.of, _Z**2 / self.of
        middle = share + square / 2
        half = _Z * (share * (1 - share) / self.of + square / (4 * self.of)) ** 0.5
        low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
        return (
            0.0 if self.count == 0 else 100 * max(low, 0.0),
            100.0 if self.count == self.of else 100 * min(high, 1.0),
        )


@frozen
class RateTable:
    """Rates with what they are of: ``what`` names the rows ("rule"), ``unit`` what they are counted in."""

    title: str
    what: str
    unit: str
    rows: tuple[Rate, ...]
    notes: tuple[str, ...] = ()
    intervals: bool = False
    """Whether intervals are shown: where rows are samples of decisions, not counts of everything there is."""

    @property
    def beside(self) -> tuple[str, ...]:
        """Names of the further counts, in the order they are first met."""
        return tuple(dict.fromkeys(name for row in self.rows for name, _ in row.beside))

    @property
    def has_unknown(self) -> bool:
        """Whether any row holds some that could not be told."""
        return any(row.unknown for row in self.rows)

    def to_record(self) -> dict[str, object]:
        """The table as JSON."""
        return {
            "schema": "mgdecide/governance/1",
            "title": self.title,
            "unit": self.unit,
            "notes": list(self.notes),
            "rows": [self._record(row) for row in self.rows],
        }

    def _record(self, row: Rate) -> dict[str, object]:
        record: dict[str, object] = {self.what: row.name, "count": row.count, "of": row.of}
        record["per_hundred"] = round(row.per_hundred, 4)
        if self.intervals:
            record["interval"] = {"low": round(row.interval[0], 4), "high": round(row.interval[1], 4)}
        if self.has_unknown:
            record["unknown"] = row.unknown
        return record | {name: dict(row.beside).get(name, 0) for name in self.beside}

    def to_csv(self) -> str:
        """The table as CSV with a header (RFC 4180)."""
        out = io.StringIO()
        writer = csv.writer(out)
        ends = ["low", "high"] if self.intervals else []
        unknown = ["unknown"] if self.has_unknown else []
        writer.writerow([self.what, "count", "of", "per_hundred", *ends, *unknown, *self.beside])
        for row in self.rows:
            limits = [f"{end:.4f}" for end in row.interval] if self.intervals else []
            told = [row.unknown] if self.has_unknown else []
            others = dict(row.beside)
            counts = [others.get(name, 0) for name in self.beside]
            writer.writerow([_cell(row.name), row.count, row.of, f"{row.per_hundred:.4f}", *limits, *told, *counts])
        return out.getvalue()

    def to_text(self) -> str:
        """The table for people, at most 76 columns wide where names allow; rows of nothing are only counted."""
        lines = [self.title, *(line for note in self.notes for line in wrapped(note)), ""]
        unknown = f"{'unknown':>9}  " if self.has_unknown else ""
        indent = " " * (_INDENT + len(unknown))
        lines.append(f"{'per 100':>9}  {'count':>9}  {'of':>9}  {unknown}{self.what}")
        shown = [row for row in self.rows if row.count or row.beside]
        for row in shown:
            unknown = f"{row.unknown:>9,}  " if self.has_unknown else ""
            lines.append(f"{row.per_hundred:>9.1f}  {row.count:>9,}  {row.of:>9,}  {unknown}{safe_text(row.name)}")
            lines += wrapped(self._beside(row), indent) if self._beside(row) else []
        left = len(self.rows) - len(shown)
        if left:
            lines.append(f"{indent}and {left:,} without any")
        return "\n".join(lines)

    def _beside(self, row: Rate) -> str:
        low, high = row.interval
        told = [f"95 % interval {low:.1f} to {high:.1f}"] if self.intervals else []
        return "; ".join([*told, *_counts(row)])

    def picture(self) -> Picture:
        """The table as bars, with its text."""
        drawn = self.rows[:MOST_DRAWN]
        left = len(self.rows) - len(drawn)
        more = (f"{left:,} more rows stand in the table.",) if left else ()
        return rate_bars(self.title, tuple(map(self._bar, drawn)), self.unit, (*self.notes, *more))

    def _bar(self, row: Rate) -> RateBar:
        interval = row.interval if self.intervals else None
        return RateBar(row.name, row.count, row.of, interval, "; ".join(_counts(row)), row.unknown)


def _counts(row: Rate) -> list[str]:
    """What stands beside a rate, in words."""
    return [f"{name} {count:,}" for name, count in row.beside if count]


def _cell(name: str) -> str:
    """A name as a cell that no spreadsheet takes for a formula."""
    told = safe_text(name)
    return f"'{told}" if told[:1] in ("=", "+", "-", "@") else told
