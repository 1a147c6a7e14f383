"""The same fact table on Spark: lines gathered by patient across the cluster, read by the same functions.

    from mgdecide.adapters.bulk_spark import facts_on_spark

    facts = facts_on_spark(spark, "s3a://bucket/export/", on=date(2026, 8, 29))
    judge(facts).write.parquet(...)

Lines are exchanged once by patient and sorted within partitions, so an executor holds one patient's lines at a time.
Reading is Python on the executors (``mapInPandas``); judging the table afterwards is native columns. Medication
resources are collected and sent to every executor: in exports that give each order a Medication of its own, set
``medications=False`` and they are found among the patient's lines only if they are contained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from mgdecide.adapters.bulk_files import READ, key_of_line, kind_of_line
from mgdecide.adapters.bulk_parts import Tally, patient_facts
from mgdecide.adapters.bulk_schema import fact_columns

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

    ``folder`` is anything Spark reads text from; ``.gz`` files are unpacked by Spark.
    """
    lines = spark.read.text(folder, recursiveFileLookup=True, pathGlobFilter="*.ndjson*")
    known = _medications(lines) if medications else {}
    schema = ", ".join(f"`{name}` {_SQL_TYPES[kind]}" for name, kind in fact_columns())
    keyed = lines.mapInPandas(_with_keys, "key string, line string")
    gathered = keyed.repartition("key").sortWithinPartitions("key")
    return gathered.mapInPandas(_reader(on, conditions_complete, medications_complete, known), schema)


def _medications(lines: DataFrame) -> dict[str, bytes]:
    import json

    found: dict[str, bytes] = {}
    for row in lines.where("value like '%\"Medication\"%'").collect():
        text = row["value"].encode()
        if kind_of_line(text) == "Medication":
            found[str(json.loads(text).get("id"))] = text
    return found


def _with_keys(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    import pandas as pd

    for frame in frames:
        kept: list[tuple[str, str]] = []
        for line in frame["value"]:
            text = line.encode("utf-8", "replace")
            kind = kind_of_line(text)
            key = key_of_line(text, kind) if kind in READ else None
            if key is not None:
                kept.append((key.decode("utf-8", "replace"), line))
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


def _frame(rows: list[dict[str, object]], names: list[str]) -> pd.DataFrame:
    """Rows as a frame of objects, in which an unknown stays None and never becomes NaN."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names})
