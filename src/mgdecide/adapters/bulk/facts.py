"""A folder of FHIR Bulk Data NDJSON to a fact table: one row a patient, read by the single-patient reader's own code.

    from mgdecide.adapters.bulk.facts import facts_from_ndjson

    table, report = facts_from_ndjson("export/", on=date(2026, 8, 29))

Lines are first dealt out by patient into parts on disk, then each part is read whole; so memory is bounded by a part,
whatever the number of patients, and every patient's resources meet wherever in the export they stood. With
``processes`` the parts are read side by side. Each row is what ``facts_of(read_fhir(...))`` gives for that patient.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import frozen

from mgdecide.adapters.bulk.columns import fact_schema
from mgdecide.adapters.bulk.files import deal_out, export_files, read_medications
from mgdecide.adapters.bulk.lines import named
from mgdecide.adapters.bulk.parts import PartRead, read_part
from mgdecide.adapters.bulk.report import BulkReport, check_complete
from mgdecide.adapters.bulk.workers import side_by_side

if TYPE_CHECKING:
    import pyarrow as pa

MEGABYTES_A_PART = 48
"""Text of one part; read into memory it needs some ten times as much."""


@frozen
class Reading:
    """How an export is to be read; the same for every patient."""

    on: date
    conditions_complete: bool = False
    medications_complete: bool = False


def facts_from_ndjson(
    folder: str | Path,
    *,
    on: date,
    conditions_complete: bool = False,
    medications_complete: bool = False,
    processes: int = 1,
    out: str | Path | None = None,
) -> tuple[pa.Table, BulkReport]:
    """The facts of every patient of an export, and an account of what was read.

    Args:
        folder: holds ``*.ndjson`` and ``*.ndjson.gz`` files, any number a type, in any order; also in folders below it.
        on: the day of assessment. conditions_complete, medications_complete: as in ``read_fhir``, for every patient.
        processes: parts read side by side.
        out: a Parquet file to write instead of keeping the rows: the table returned is then empty.

    Raises:
        InvalidInput: no such folder, or no NDJSON file in it (MGD-F140); files that break off (MGD-F144); lists called
            complete beside lines of theirs that were left out and may be anybody's (MGD-F145). Nothing is written then.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = export_files(Path(folder))
    reading = Reading(on, conditions_complete, medications_complete)
    schema = fact_schema()
    report = BulkReport(on=on, files=len(files), folder=Path(folder))
    # Beside what is written there is room, and a run that was killed leaves nothing elsewhere.
    beside = None if out is None else Path(out).absolute().parent
    with TemporaryDirectory(prefix=".mgdecide-", suffix=".partial", dir=beside) as scratch:
        parts = deal_out(files, Path(scratch), MEGABYTES_A_PART, report, processes)
        check_complete(report, conditions_complete, medications_complete)
        with closing(_told(_read_all(parts, read_medications(files), reading, processes), files, report)) as read:
            if out is None:
                return pa.Table.from_batches(list(read), schema), report
            half = Path(scratch) / "facts.parquet"
            with pq.ParquetWriter(half, schema) as writer:
                for batch in read:
                    writer.write_batch(batch)
        half.replace(out)
    return schema.empty_table(), report


def _told(parts: Iterable[PartRead], files: list[Path], report: BulkReport) -> Generator[pa.RecordBatch, None, None]:
    """The rows of all parts; what was counted goes into the report."""
    marks: list[bytes] = []
    for part in parts:
        report.add(part.tally)
        marks += part.tally.bad_lines
        yield from part.batches
    report.bad_lines += named(marks, files, report.folder)


def _read_all(parts: list[Path], medications: dict[str, bytes], reading: Reading, processes: int) -> Iterator[PartRead]:
    read = partial(
        read_part,
        medications=medications,
        on=reading.on,
        conditions_complete=reading.conditions_complete,
        medications_complete=reading.medications_complete,
    )
    if processes <= 1 or len(parts) <= 1:
        yield from map(read, parts)
        return
    yield from side_by_side(read, parts, min(processes, len(parts)))
