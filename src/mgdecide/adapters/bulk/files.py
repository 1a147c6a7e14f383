"""The files of a bulk export: found, opened, and their lines dealt out by patient into parts."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zlib import crc32

from mgdecide.adapters.bulk.lines import NO_PATIENT, NOT_A_RESOURCE, TOO_LONG
from mgdecide.adapters.fhir.vocabulary import vocabulary

if TYPE_CHECKING:
    from mgdecide.adapters.bulk.report import BulkReport

READ = frozenset(
    ("Patient", "Observation", "Condition", "MedicationRequest", "MedicationStatement", "MedicationAdministration",
     "Procedure", "QuestionnaireResponse", "AllergyIntolerance", "ServiceRequest", "Specimen")
)  # fmt: skip
"""Types whose lines are dealt out; Medication resources are of no patient and are kept aside."""
LONGEST_LINE = 20_000_000
_MOST_PARTS = 512
"""Files written side by side; more patients make larger parts."""

_TYPE = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]+)"')
_SUBJECT = re.compile(rb'"(?:subject|patient)"\s*:\s*\{[^{}]*?"reference"\s*:\s*"([^"\\]+)"')
_LOINC = re.compile(rb'"code"\s*:\s*"(\d{1,7}-\d)"')
_ID = re.compile(rb'"id"\s*:\s*"([^"\\]+)"')


def export_files(folder: Path) -> list[Path]:
    """Every NDJSON file in a folder and below it, in the order of their names."""
    found = (path for path in folder.rglob("*") if path.name.endswith((".ndjson", ".ndjson.gz")))
    return sorted(path for path in found if path.is_file())


def opened(path: Path) -> IO[bytes]:
    """A file's lines as bytes, unpacked where it is packed."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb", buffering=1 << 20)  # type: ignore[return-value]  # gzip's stream is one of bytes


def lines_of(path: Path, report: BulkReport | None = None) -> Iterator[bytes]:
    """The lines of a file; a file that breaks off is read up to there, and that is reported."""
    try:
        with opened(path) as stream:
            yield from stream
    except (OSError, EOFError) as error:
        if report is not None:
            report.broken_files.append(f"{path.name}: {error}")


def deal_out(files: list[Path], scratch: Path, megabytes: float, report: BulkReport) -> list[Path]:
    """Write each line into the part of its patient: ``patient key, tab, line``. Returns the parts."""
    size = sum(path.stat().st_size * (8 if path.suffix == ".gz" else 1) for path in files)
    count = max(1, min(_MOST_PARTS, int(size / (megabytes * 2**20)) + 1))
    paths = [scratch / f"{at:03d}" for at in range(count)]
    with ExitStack() as stack:
        parts = [stack.enter_context(path.open("wb", buffering=1 << 18)) for path in paths]
        for path in files:
            _deal(path, parts, report)
    return paths


def _deal(path: Path, parts: Sequence[IO[bytes]], report: BulkReport) -> None:
    counts: Counter[str] = Counter()
    not_known: Counter[str] = Counter()
    known = _known_codes()
    kept = len(parts)
    writes = [part.write for part in parts]
    for number, line in enumerate(lines_of(path, report), start=1):
        kind = kind_of_line(line)
        if not kind:
            if line.strip():
                report.note_bad(path, number, NOT_A_RESOURCE)
            continue
        counts[kind] += 1
        if kind not in READ:
            continue
        if kind == "Observation" and (unknown := _unknown_code(line, known)):
            not_known[unknown] += 1
            continue
        key = key_of_line(line, kind)
        if key is None or len(line) > LONGEST_LINE:
            report.note_bad(path, number, NO_PATIENT if key is None else TOO_LONG)
            continue
        writes[crc32(key) % kept](key + b"\t" + (line if line.endswith(b"\n") else line + b"\n"))
    report.resources.update(counts)
    report.note_unknown("Observation", not_known)


@cache
def _known_codes() -> frozenset[bytes]:
    return frozenset(code.encode() for code in vocabulary().observations)


def _unknown_code(line: bytes, known: frozenset[bytes]) -> str:
    """A code of an Observation that holds none we know, so that it need not be taken apart; empty where it must be."""
    codes = _LOINC.findall(line)
    if not codes or b"\\u" in line or not known.isdisjoint(codes):
        return ""
    return str(codes[0].decode())


def kind_of_line(line: bytes) -> str:
    """The type of the resource on a line; empty where it is none."""
    if b'"contained"' in line:  # the first type named may be that of a contained resource
        return _kind_slowly(line)
    found = _TYPE.search(line)
    return "" if found is None else found[1].decode()


def key_of_line(line: bytes, kind: str) -> bytes | None:
    """The id of the patient a line is of; None where it names none."""
    if b'"contained"' in line:
        return _key_slowly(line)
    if kind == "Patient":
        found = _ID.search(line)
        return found[1] if found is not None and line.count(b'"id"') == 1 else _key_slowly(line)
    found = _SUBJECT.search(line)
    if found is None:
        return _key_slowly(line)
    return _plain(found[1])


def _plain(reference: bytes) -> bytes | None:
    reference = reference.split(b"/_history/")[0]
    if reference.startswith(b"urn:uuid:"):
        return reference[9:]
    kind, _slash, id = reference.rpartition(b"/")
    return id if kind.endswith(b"Patient") and id else None


def _key_slowly(line: bytes) -> bytes | None:
    try:
        value = json.loads(line)
        if value["resourceType"] == "Patient":
            return str(value["id"]).encode()
        reference = value.get("subject") or value.get("patient")
        return _plain(reference["reference"].encode())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _kind_slowly(line: bytes) -> str:
    try:
        return str(json.loads(line)["resourceType"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def read_medications(files: list[Path]) -> dict[str, bytes]:
    """Medication resources by id, as text: what orders refer to. These are few beside the orders, and kept whole."""
    found: dict[str, bytes] = {}
    for path in files:
        if not path.name.startswith("Medication.") and "Medication" not in path.name:
            continue
        if any(word in path.name for word in ("Request", "Statement", "Administration", "Dispense", "Knowledge")):
            continue
        for line in lines_of(path):
            id = _ID.search(line)
            if id is not None:
                found[id[1].decode("utf-8", "replace")] = line
    return found
