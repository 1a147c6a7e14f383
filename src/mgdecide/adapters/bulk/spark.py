"""The same fact table on Spark: lines gathered by patient across the cluster, read by the same functions.

    from mgdecide.adapters.bulk.spark import facts_on_spark

    facts = facts_on_spark(spark, "s3a://bucket/export/", on=date(2026, 8, 29))
    judge(facts).write.parquet(...)
    report = report_on_spark(spark, "s3a://bucket/export/", on=date(2026, 8, 29))  # a reading of its own: what was used

Lines are exchanged once by patient and sorted within partitions, so an executor holds one patient's lines at a time.
Reading is Python on the executors (``mapInPandas``); judging the table afterwards is native columns. Medication
resources are collected and sent to every executor: in exports that give each order a Medication of its own, set
``medications=False`` and they are found among the patient's lines only if they are contained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from mgdecide.adapters.bulk.columns import fact_columns
from mgdecide.adapters.bulk.files import LONGEST_LINE, READ, id_of, key_of_line, kind_of_file, kind_of_line
from mgdecide.adapters.bulk.lines import LEFT_OUT, NO_PATIENT, NOT_A_RESOURCE, TOO_LONG, BadLine
from mgdecide.adapters.bulk.parts import Tally, patient_facts
from mgdecide.adapters.bulk.report import BulkReport, check_complete

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

ROWS_A_FRAME = 1000
_SQL_TYPES = {"double": "double", "bool": "boolean", "string": "string"}


def facts_on_spark(
    spark: SparkSession,
    folder: str,
    *,
    on: date,
    conditions_complete: bool = False,
    medications_complete: bool = False,
    medications: bool = True,
) -> DataFrame:
    """The facts of every patient of an export, one row each, as a lazy frame; arguments as in ``facts_from_ndjson``.

    ``folder`` is anything Spark reads text from; ``.gz`` files are unpacked by Spark, which raises an error of its own
    where one breaks off. If lists are called complete the lines are looked through once for some that are nobody's.

    Raises:
        InvalidInput: lists called complete beside lines of theirs that were left out and may be anybody's (MGD-F145).
    """
    lines = _lines(spark, folder)
    if conditions_complete or medications_complete:
        found = BulkReport(on=on, files=0)
        for row in lines.mapInPandas(_counts_of_lines, _COUNTS).where("what = 'nobody'").collect():
            _add(found, row["what"], row["one"], row["other"], int(row["count"]))
        check_complete(found, conditions_complete, medications_complete)
    known = _medications(lines) if medications else {}
    schema = ", ".join(f"`{name}` {_SQL_TYPES[kind]}" for name, kind in fact_columns())
    return _gathered(lines).mapInPandas(_reader(on, conditions_complete, medications_complete, known), schema)


def report_on_spark(
    spark: SparkSession,
    folder: str,
    *,
    on: date,
    conditions_complete: bool = False,
    medications_complete: bool = False,
    medications: bool = True,
) -> BulkReport:
    """What became of an export: the account that ``facts_from_ndjson`` gives, by a reading of its own.

    Of lines that are not used at all the file is told and not the line.
    """
    lines = _lines(spark, folder)
    known = _medications(lines) if medications else {}
    counted = lines.mapInPandas(_counts_of_lines, _COUNTS)
    told = _gathered(lines).mapInPandas(_teller(on, conditions_complete, medications_complete, known), _COUNTS)
    report = BulkReport(on=on, files=lines.select("file").distinct().count())
    for row in counted.union(told).groupBy("what", "one", "other").sum("count").collect():
        _add(report, row["what"], row["one"], row["other"], int(row["sum(count)"]))
    report.bad_lines.sort()
    return report


_COUNTS = "what string, one string, other string, count long"


def _lines(spark: SparkSession, folder: str) -> DataFrame:
    """Every line, as bytes since it may be no UTF-8, with the name of its file."""
    read = spark.read.text(folder, recursiveFileLookup=True, pathGlobFilter="*.ndjson*")
    return read.selectExpr("cast(value as binary) as value", "_metadata.file_name as file")


def _gathered(lines: DataFrame) -> DataFrame:
    keyed = lines.mapInPandas(_with_keys, "key string, line binary")
    return keyed.repartition("key").sortWithinPartitions("key")


def _add(report: BulkReport, what: str, one: str, other: str, count: int) -> None:
    """Add one count; ``one`` and ``other`` are names that depend on what is counted."""
    if what == "resources":
        report.resources[one] += count
    elif what == "bad":
        report.not_dealt += count
        report.bad_lines.append(BadLine(one, 0, other))
    elif what == "nobody":
        report.of_nobody[one] += count
    elif what == "unknown":
        report.unknown_codes[one] += count
    elif what == "line":
        report.add(Tally(lines=Counter({(one, other): count})))
    elif what == "patients":
        report.patients += count
    elif what == "unreadable":
        report.unreadable += count
    else:
        report.without_patient += count


def _medications(lines: DataFrame) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for row in lines.where("cast(value as string) like '%\"Medication\"%'").collect():
        text = bytes(row["value"])
        id = id_of(text) if kind_of_line(text) == "Medication" else ""
        if id:
            found[id] = text
    return found


def _with_keys(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    import pandas as pd

    for frame in frames:
        kept: list[tuple[str, bytes]] = []
        for line in frame["value"]:
            kind = kind_of_line(line)
            key = key_of_line(line, kind) if kind in READ else None
            if key is not None:
                kept.append((key.decode(), line if len(line) <= LONGEST_LINE else LEFT_OUT))
        yield pd.DataFrame(kept, columns=["key", "line"])


def _reader(
    on: date, conditions_complete: bool, medications_complete: bool, known: dict[str, bytes]
) -> Callable[[Iterable[pd.DataFrame]], Iterator[pd.DataFrame]]:
    names = [name for name, _kind in fact_columns()]

    def read(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        pairs = (pair for frame in frames for pair in zip(frame["key"], frame["line"], strict=True))
        rows: list[dict[str, object]] = []
        for key, group in groupby(pairs, key=lambda pair: pair[0]):
            lines = (line for _key, line in group)
            rows.append(patient_facts(key, lines, known, on, conditions_complete, medications_complete, Tally()))
            if len(rows) == ROWS_A_FRAME:
                yield _frame(rows, names)
                rows = []
        if rows:
            yield _frame(rows, names)

    return read


# --- the account ----------------------------------------------------------------------------------------------


def _counts_of_lines(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Resources by type, and lines that are not used at all by file."""
    for frame in frames:
        counts: Counter[tuple[str, str, str]] = Counter()
        for line, file in zip(frame["value"], frame["file"], strict=True):
            kind = kind_of_line(line)
            if kind:
                counts["resources", kind, ""] += 1
                nobodys = kind in READ and key_of_line(line, kind) is None
                if kind in READ and len(line) > LONGEST_LINE:
                    counts["bad", file, TOO_LONG] += 1
                elif nobodys:
                    counts["bad", file, NO_PATIENT] += 1
                counts["nobody", kind, ""] += nobodys
            elif line.strip():
                counts["bad", file, NOT_A_RESOURCE] += 1
                counts["nobody", kind_of_file(file), ""] += 1
        yield _counted(counts)


def _teller(
    on: date, conditions_complete: bool, medications_complete: bool, known: dict[str, bytes]
) -> Callable[[Iterable[pd.DataFrame]], Iterator[pd.DataFrame]]:
    def tell(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        tally = Tally()
        pairs = (pair for frame in frames for pair in zip(frame["key"], frame["line"], strict=True))
        for key, group in groupby(pairs, key=lambda pair: pair[0]):
            lines = (line for _key, line in group)
            patient_facts(key, lines, known, on, conditions_complete, medications_complete, tally)
        counts = Counter({("line", kind, code): count for (kind, code), count in tally.lines.items()})
        counts.update({("unknown", code, ""): count for code, count in tally.unknown_codes.items()})
        for name in ("patients", "unreadable", "without_patient"):
            counts[name, "", ""] = getattr(tally, name)
        yield _counted(counts)

    return tell


def _counted(counts: Counter[tuple[str, str, str]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([(*key, count) for key, count in counts.items()], columns=["what", "one", "other", "count"])


def _frame(rows: list[dict[str, object]], names: list[str]) -> pd.DataFrame:
    """Rows as a frame of objects, in which an unknown stays None and never becomes NaN."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names})
