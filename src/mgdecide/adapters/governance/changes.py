"""The verdict diff between two runs, also of whole cohorts; as text, CSV, JSON and change matrix."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, Any

from mgdecide.adapters.commands.command_line import shown_path
from mgdecide.adapters.governance.findings import is_parquet, verdict_files
from mgdecide.adapters.governance.verdict_diff import WITHHELD, Change, VerdictDiff, compare
from mgdecide.adapters.governance.verdict_lines import read_verdicts
from mgdecide.adapters.pictures.canvas import Picture
from mgdecide.adapters.pictures.grids import change_matrix
from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.errors import InvalidInput, Problem
from mgdecide.rules.status import CATEGORIES

if TYPE_CHECKING:
    import pyarrow as pa

GATES = ("open", "undecided", "closed")
STATUSES = CATEGORIES
"""From the lowest to the highest."""
FITS = ("fits", "cannot tell", "does not fit", WITHHELD)
_FINDING, _FIT = "finding.", "fit."
_NULL = "not given"


def changes(old: str, new: str, key: str) -> VerdictDiff:
    """What changed between two runs over the same patients.

    Args:
        old, new: both what ``mgdecide batch`` wrote (JSON Lines), or both what ``mgdecide cohort`` wrote (Parquet).
        key: the column of Parquet that names each row.

    Raises:
        InvalidInput: a file cannot be read (MGD-L104 to L106, L120 to L122, L131, MGD-C201, C202), one is Parquet and
            the other not (MGD-L133), or rows cannot be told apart by their key (MGD-L134).
    """
    if is_parquet(old) != is_parquet(new):
        given = f"{shown_path(old)} and {shown_path(new)}"
        raise InvalidInput(Problem("MGD-L133", "OLD NEW", given, "two files of JSON Lines, or two of Parquet"))
    if not is_parquet(old):
        return compare(read_verdicts(old), read_verdicts(new))
    return _compare_tables(_read(old, key), _read(new, key), key)


# --- cohorts ------------------------------------------------------------------------------------------------


def _read(path: str, key: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    tables = [pq.read_table(file) for file in verdict_files(path)]
    table = pa.concat_tables(tables, promote_options="default")
    if key not in table.column_names:
        raise InvalidInput(Problem("MGD-L134", "--key", given_words(key), one_of(table.column_names[:1], key)))
    if pc.count_distinct(table[key], mode="all").as_py() != table.num_rows:
        given = f"{shown_path(path)}: rows with the same {given_words(key)}"
        raise InvalidInput(Problem("MGD-L134", "--key", given, "a column that names each row, to pair old and new"))
    return table


def _compare_tables(old: pa.Table, new: pa.Table, key: str) -> VerdictDiff:
    """Rows are paired by key; everything is counted column by column."""
    import pyarrow.compute as pc

    places = pc.index_in(old[key], value_set=new[key].combine_chunks().cast(old[key].type))
    both = pc.is_valid(places)
    before, after = old.filter(both), new.take(places.drop_null())
    findings = _moved_columns(before, after)
    fits = {
        name.removeprefix(_FIT): _change(before, after, name, {}, WITHHELD)
        for name in sorted({*before.column_names, *after.column_names})
        if name.startswith(_FIT)
    }
    gates = {name: moved for name, moved in findings.items() if name.startswith("gate.")}
    return VerdictDiff(
        paired=before.num_rows,
        only_old=old.num_rows - before.num_rows,
        only_new=new.num_rows - before.num_rows,
        editions=((), ()),
        gate=_change(before, after, "gate", gates, _NULL),
        status=_change(before, after, "status", findings, _NULL),
        fits=fits,
        appeared=_counted(findings, before, after, appeared=True),
        gone=_counted(findings, before, after, appeared=False),
    )


def _moved_columns(before: pa.Table, after: pa.Table) -> dict[str, Any]:
    """For each rule in which rows its finding came or went; a finding that cannot be told is none."""
    import pyarrow.compute as pc

    names = sorted({*before.column_names, *after.column_names})
    return {
        name.removeprefix(_FINDING): pc.not_equal(_found(before, name), _found(after, name))
        for name in names
        if name.startswith(_FINDING)
    }


def _found(table: pa.Table, name: str) -> Any:
    import pyarrow as pa

    if name not in table.column_names:
        return pa.repeat(False, table.num_rows)
    return table[name].fill_null(False)


def _counted(moved: dict[str, Any], before: pa.Table, after: pa.Table, *, appeared: bool) -> Counter[str]:
    import pyarrow.compute as pc

    table = after if appeared else before
    counts = {rule: pc.sum(pc.and_(rows, _found(table, _FINDING + rule))).as_py() or 0 for rule, rows in moved.items()}
    return Counter({rule: count for rule, count in counts.items() if count})


def _change(before: pa.Table, after: pa.Table, name: str, moved: dict[str, Any], null: str) -> Change:
    import pyarrow as pa
    import pyarrow.compute as pc

    old, new = (_words(table, name, null) for table in (before, after))
    pairs = pa.table({"old": old, "new": new}).group_by(["old", "new"]).aggregate([([], "count_all")])
    matrix = Counter({(row["old"], row["new"]): row["count_all"] for row in pairs.to_pylist()})
    differs = pc.not_equal(old, new)
    behind = {rule: pc.sum(pc.and_(rows, differs)).as_py() or 0 for rule, rows in moved.items()}
    return Change(matrix, Counter({rule: count for rule, count in behind.items() if count}))


def _words(table: pa.Table, name: str, null: str) -> Any:
    import pyarrow as pa

    if name not in table.column_names:
        return pa.chunked_array([pa.repeat(null, table.num_rows)])
    return table[name].cast(pa.string()).fill_null(null)


# --- telling ------------------------------------------------------------------------------------------------


def changes_csv(found: VerdictDiff) -> str:
    """Every pair of verdicts, changed or not, with its count (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["verdict", "old", "new", "count"])
    for name, change in _named(found).items():
        for (old, new), count in sorted(change.matrix.items()):
            writer.writerow([name, old, new, count])
    return out.getvalue()


def changes_picture(found: VerdictDiff, of: str) -> Picture:
    """The change matrix of one kind of verdict: ``gate``, ``status``, or the fit of a study by its id.

    Raises:
        InvalidInput: no such verdict (MGD-L102).
    """
    named = _named(found)
    if of not in named:
        raise InvalidInput(Problem("MGD-L102", "--of", given_words(of), one_of(named, of)))
    words = {"gate": GATES, "status": STATUSES}.get(of, FITS)
    change = named[of]
    met = {word for pair in change.matrix for word in pair}
    behind = sorted(change.behind.items(), key=lambda each: (-each[1], each[0]))
    told = ", ".join(f"{rule} ({count:,})" for rule, count in behind[:_MOST_BEHIND])
    notes = (f"Behind the changes: {told}.",) if told else ()
    shown = tuple(word for word in words if word in met)
    return change_matrix(_TITLES.get(of, f"Fit of {of}: before and after"), shown, change.matrix, notes)


_TITLES = {"gate": "Gate of oral magnesium: before and after", "status": "Status of serum magnesium: before and after"}
_MOST_BEHIND = 8


def _named(found: VerdictDiff) -> dict[str, Change]:
    return {"gate": found.gate, "status": found.status, **found.fits}
