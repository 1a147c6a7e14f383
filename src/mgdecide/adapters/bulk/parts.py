"""One part of a bulk export: its lines gathered by patient, each patient read, facts as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from mgdecide.adapters.bulk.columns import fact_schema
from mgdecide.adapters.bulk.lines import LEFT_OUT, MOST_LINES, mark_of
from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.bundle import Finder
from mgdecide.adapters.fhir.chart import Chart, Resource
from mgdecide.adapters.fhir.reader import read_resources
from mgdecide.adapters.fhir.text import strict_value
from mgdecide.assessment import facts_of
from mgdecide.cohort.columns import DEFAULT_KEY

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_A_BATCH = 8192


@define
class Tally:
    """What was counted while a part was read."""

    patients: int = 0
    lines: Counter[tuple[str, str]] = field(factory=Counter)
    """How often each reason was given, by resource type and code; an empty code is a plain use."""
    unknown_codes: Counter[str] = field(factory=Counter)
    unreadable: int = 0
    bad_lines: list[bytes] = field(factory=list)
    """What the first unreadable lines are found again by."""
    left_out: int = 0
    """Lines that were too long to be dealt out; the report counts them already."""
    without_patient: int = 0


@frozen
class PartRead:
    """The rows of a part, and its tally."""

    batches: list[pa.RecordBatch]
    tally: Tally


def read_part(
    path: Path, *, medications: dict[str, bytes], on: date, conditions_complete: bool, medications_complete: bool
) -> PartRead:
    """Read a part. Rows stand in the order of patient ids."""
    tally = Tally()
    schema = fact_schema()
    batches: list[pa.RecordBatch] = []
    rows: list[dict[str, object]] = []
    for patient, lines in sorted(_by_patient(path).items()):
        name = patient.decode("utf-8", "replace")
        rows.append(patient_facts(name, lines, medications, on, conditions_complete, medications_complete, tally))
        if len(rows) >= ROWS_A_BATCH:
            batches.append(_batch(rows, schema))
            rows = []
    batches.append(_batch(rows, schema))
    return PartRead(batches, tally)


def _batch(rows: list[dict[str, object]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as columns; most facts of most patients are unknown, so only cells that hold something are touched."""
    import pyarrow as pa

    count = len(rows)
    columns: dict[str, list[object]] = {}
    for at, row in enumerate(rows):
        for name, value in row.items():
            cells = columns.get(name)
            if cells is None:
                cells = columns[name] = [None] * count
            cells[at] = value
    arrays = [
        pa.array(columns[column.name], column.type) if column.name in columns else pa.nulls(count, column.type)
        for column in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _by_patient(path: Path) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    with path.open("rb") as stream:
        for line in stream:
            key, _tab, text = line.partition(b"\t")
            held = found.get(key)
            if held is None:
                found[key] = [text]
            else:
                held.append(text)
    return found


def patient_facts(
    patient: str,
    lines: Iterable[bytes | str],
    medications: dict[str, bytes],
    on: date,
    conditions_complete: bool,
    medications_complete: bool,
    tally: Tally,
) -> dict[str, object]:
    """The fact row of one patient from the lines of an export; read by the same functions as a Bundle."""
    resources: list[Resource] = []
    person: Resource | None = None
    before = tally.left_out + tally.unreadable
    for value in _values(lines, tally):
        resources.append(value)
        if value["resourceType"] == "Patient":
            person = value
    chart = Chart(on, _Finder(resources, medications))
    if tally.left_out + tally.unreadable > before:
        chart.doubt("")  # a line of this patient's may have held a condition or a medicine: no list is complete
    read, report = read_resources(
        resources,
        person,
        None,
        chart,
        conditions_complete=conditions_complete,
        medications_complete=medications_complete,
    )
    tally.patients += 1
    tally.without_patient += person is None
    counts, unknown = tally.lines, tally.unknown_codes
    for kind, _id, _used, code, what, _detail in report._notes:
        counts[kind, code] += 1
        if code == reasons.CODE_UNKNOWN and len(unknown) < 100_000:
            unknown[f"{kind}: {what}"] += 1
    return facts_of(read) | {DEFAULT_KEY: patient}


def _values(lines: Iterable[bytes | str], tally: Tally) -> list[Resource]:
    """The resources on a patient's lines; all at once, and one by one only if any of them cannot be read."""
    given = list(lines)
    try:
        texts = [line if isinstance(line, str) else line.decode() for line in given]
        values: list[Resource] = strict_value(f"[{','.join(texts)}]")
    except _UNREADABLE:
        values = []
    if len(values) == len(given) and all(map(_is_resource, values)):
        return values
    found: list[Resource] = []  # one by one: a line with a comma of its own could pass for two
    for line in given:
        value = _value(line)
        if _is_resource(value):
            found.append(value)
        elif line.strip() == LEFT_OUT:
            tally.left_out += 1
        else:
            tally.unreadable += 1
            if len(tally.bad_lines) < MOST_LINES:
                tally.bad_lines.append(mark_of(line))
    return found


def _is_resource(value: Any) -> bool:
    return type(value) is dict and type(value.get("resourceType")) is str


_UNREADABLE = (ValueError, ArithmeticError, RecursionError)


def _value(line: bytes | str) -> Any:
    """What a line says; None where it cannot be read."""
    try:
        return strict_value(line if isinstance(line, str) else line.decode())
    except _UNREADABLE:
        return None


class _Finder(Finder):
    """Follows references to the patient's own resources, and to the export's Medications."""

    def __init__(self, resources: list[Resource], medications: dict[str, bytes]) -> None:
        super().__init__(resources)
        self._medications = medications

    def __call__(self, holder: Resource, reference: Any) -> Resource | None:
        found = super().__call__(holder, reference)
        text = reference.get("reference")
        if found is not None or text is None or text.startswith("#"):
            return found
        id = text.split("/_history/")[0].removeprefix("urn:uuid:").rpartition("/")[2]
        line = self._medications.get(id)
        if line is None:
            return None
        try:
            value: Resource = strict_value(line.decode("utf-8", "replace"))
        except _UNREADABLE:
            return None
        return value
