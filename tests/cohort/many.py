"""A hundred thousand patients and what must be said of each, as Parquet files made side by side in processes.

Three sets: ``rows`` at and beside every edge with some cells spoiled; ``patients``, whose records were read and judged
by ``assess`` itself; ``stored`` as integers, decimals, single precision and dictionaries.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from attrs import frozen

from fuzz.generate import records
from mgdecide import assess, read_patient
from mgdecide.cohort import facts_of
from mgdecide.errors import InvalidRecord
from mgdecide.testing.cohort_agreement import Disagreement, told_in, verdicts_of
from mgdecide.testing.cohort_oracle import expected_verdicts
from mgdecide.testing.cohort_rows import cohort_rows
from tests.cohort.frames import Row, rounded, stored_otherwise, table

CHUNK = 5_000
PATIENTS: Mapping[str, int] = {"rows": 100_000, "patients": 100_000, "stored": 20_000}
_FIRST_SEED = 1_000
_MOST_TOLD = 20


@frozen
class Many:
    """Facts, and the verdicts there must be, both in the order of keys."""

    facts: Any
    verdicts: Any


def many(kind: str, folder: Path) -> Many:
    """One of the sets, made in as many processes as there are cores."""
    seeds = range(_FIRST_SEED, _FIRST_SEED + PATIENTS[kind] // CHUNK)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        made = list(pool.map(partial(_make, kind, str(folder)), seeds))
    facts, verdicts = (pa.concat_tables([pq.read_table(pair[at]) for pair in made]) for at in (0, 1))
    return Many(unevenly(facts), verdicts)


def unevenly(whole: Any) -> Any:
    """In chunks of one row, none, seven, a thousand and so on, for borders wherever they may fall."""
    sizes = iter((1, 0, 7, 1_000, 1, 63, 64, 65, 8_191, 8_192, 8_193))
    parts, at = [], 0
    while at < whole.num_rows:
        size = next(sizes, 30_000)
        parts.append(whole.slice(at, size))
        at += size
    return pa.concat_tables(parts)


def _make(kind: str, folder: str, seed: int) -> tuple[str, str]:
    facts, verdicts = _MAKERS[kind](seed)
    names = (f"{folder}/{kind}-{seed}-facts.parquet", f"{folder}/{kind}-{seed}-verdicts.parquet")
    pq.write_table(facts, names[0])
    pq.write_table(pa.Table.from_pylist(verdicts, schema=_verdict_schema(verdicts[0])), names[1])
    return names


def _verdict_schema(row: Row) -> pa.Schema:
    truths = ("urgent", "finding.")
    return pa.schema([(name, pa.bool_() if name.startswith(truths) else pa.string()) for name in row])


def _keyed(rows: Iterator[Row], seed: int) -> list[Row]:
    """With keys whose order is the order of rows."""
    return [{**row, "patient": f"{seed:05}-{number:06}"} for number, row in enumerate(rows)]


def _rows(seed: int) -> tuple[Any, list[Row]]:
    rows = _keyed(cohort_rows(CHUNK, seed), seed)
    return table(rows), list(map(expected_verdicts, rows))


def _stored(seed: int) -> tuple[Any, list[Row]]:
    rows = _keyed(map(rounded, cohort_rows(CHUNK, seed, spoiled=0.0)), seed)
    return stored_otherwise(rows), list(map(expected_verdicts, rows))


def _patients(seed: int) -> tuple[Any, list[Row]]:
    """Of each patient the verdicts by the plain engine, which must be those that ``assess`` tells."""
    rows: list[Row] = []
    verdicts: list[Row] = []
    for number, record in enumerate(islice(_readable(seed), CHUNK)):
        row = {**facts_of(record), "patient": f"{seed:05}-{number:06}"}
        verdict = expected_verdicts(row)
        assert told_in(verdict) == verdicts_of(assess(record)), (seed, number)
        rows.append(row)
        verdicts.append(verdict)
    return table(rows), verdicts


def _readable(seed: int) -> Iterator[Any]:
    for record in records(Random(seed)):
        try:
            yield read_patient(record)
        except InvalidRecord:
            continue


_MAKERS: Mapping[str, Callable[[int], tuple[Any, list[Row]]]] = {
    "rows": _rows,
    "patients": _patients,
    "stored": _stored,
}


def differences(want: Any, judged: Any) -> list[Disagreement]:
    """The first cells that are not as they must be; as ``disagreements``, a column at a time and so much quicker."""
    if judged.schema.names != want.schema.names:
        return [Disagreement(None, "columns", want.schema.names, judged.schema.names)]
    found = pa.table({name: _plain(judged.column(name)) for name in judged.schema.names})
    if found.schema.types != want.schema.types:
        return [Disagreement(None, "types", want.schema.types, found.schema.types)]
    found = found.take(pc.sort_indices(found, [("patient", "ascending")]))
    if not found.column("patient").equals(want.column("patient")):
        return [Disagreement(None, "patient", want.num_rows, found.num_rows)]
    return list(islice(_unlike(want, found), _MOST_TOLD))


def _unlike(want: Any, found: Any) -> Iterator[Disagreement]:
    keys = want.column("patient")
    for name in want.schema.names:
        if not found.column(name).equals(want.column(name)):
            pairs = zip(keys.to_pylist(), want.column(name).to_pylist(), found.column(name).to_pylist(), strict=True)
            yield from (Disagreement(key, name, left, right) for key, left, right in pairs if left != right)


def _plain(column: Any) -> Any:
    """Texts as plain texts: engines have several kinds of them."""
    kind = column.type
    texts = pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_dictionary(kind)
    return column.cast(pa.string()) if texts else column
