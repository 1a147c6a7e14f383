"""Findings per hundred patients by rule, from a cohort's verdicts or from assessments."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from mgdecide.adapters.cohort_files.paths import Form, check_parquet, find_source
from mgdecide.adapters.governance.tables import Rate, RateTable
from mgdecide.adapters.governance.verdict_lines import NOT_READ, read_verdicts

TITLE = "Findings per hundred patients, by rule"
_FINDING = "finding."


def finding_rates(path: str) -> RateTable:
    """How often each rule finds something, the most frequent first.

    Args:
        path: what ``mgdecide cohort`` wrote (Parquet), or what ``mgdecide batch`` wrote (JSON Lines).

    In Parquet every rule of the rulebook stands, also those that found nothing, and what could not be told is counted
    apart. Assessments hold only what was found.

    Raises:
        InvalidInput: a file that cannot be read, or is neither (MGD-L104 to L106, L120 to L122, L131, MGD-C201, C202).
    """
    if is_parquet(path):
        return _of_verdicts(path)
    return _of_assessments(path)


def is_parquet(path: str) -> bool:
    """Whether a path is a cohort's output: a Parquet file, or a folder of them."""
    return Path(path).suffix == ".parquet" or os.path.isdir(path)


def verdict_files(path: str) -> tuple[Path, ...]:
    """The Parquet files of a cohort's verdicts.

    Raises:
        InvalidInput: as ``finding_rates``.
    """
    from mgdecide.errors import InvalidInput, Problem

    source = find_source(path)
    files = check_parquet(source.files).files if source.form is Form.PARQUET else ()
    if not files or "gate" not in _columns(files[0]):
        given = "Parquet without the columns of verdicts" if files else "FHIR Bulk Data"
        raise InvalidInput(Problem("MGD-L131", path, given, "what mgdecide cohort wrote: verdicts in Parquet"))
    return files


def _columns(file: Path) -> list[str]:
    import pyarrow.parquet as pq

    return list(pq.read_schema(file).names)


def _of_verdicts(path: str) -> RateTable:
    from mgdecide.adapters.cohort_files.summary import summarise

    rows = 0
    true: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for file in verdict_files(path):
        summary = summarise(file)
        rows += summary.rows
        for name in (name for name in summary.true if name.startswith(_FINDING)):
            true[name] += summary.true[name]
            unknown[name] += summary.unknown[name]
    rates = [Rate(name.removeprefix(_FINDING), true[name], rows, unknown[name]) for name in true]
    note = "Unknown: it could not be told whether the rule holds."
    return RateTable(TITLE, "rule", "rows", _ordered(rates), (f"{rows:,} row{'s' * (rows != 1)} of a cohort. {note}",))


def _of_assessments(path: str) -> RateTable:
    found: Counter[str] = Counter()
    rows = unread = 0
    for verdicts in read_verdicts(path).values():
        if verdicts.gate == NOT_READ:
            unread += 1
            continue
        rows += 1
        found.update(verdicts.findings)
    rates = [Rate(rule, count, rows) for rule, count in found.items()]
    left = f" Lines that could not be read, left out: {unread:,}." if unread else ""
    note = f"{rows:,} assessment{'s' * (rows != 1)}. A rule that is not listed found nothing.{left}"
    return RateTable(TITLE, "rule", "assessments", _ordered(rates), (note,))


def _ordered(rates: list[Rate]) -> tuple[Rate, ...]:
    """The most frequent first, then by name."""
    return tuple(sorted(rates, key=lambda rate: (-rate.per_hundred, rate.name)))
