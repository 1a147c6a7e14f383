"""The files of a bulk export: found, opened, and their lines dealt out by patient into parts."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mgdecide.adapters.bulk.lines import LEFT_OUT, NO_PATIENT, NOT_A_RESOURCE, TOO_LONG
from mgdecide.adapters.fhir.vocabulary import vocabulary
from mgdecide.adapters.folders import not_seen, visible_files
from mgdecide.adapters.suggestions import safe_text
from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from mgdecide.adapters.bulk.report import BulkReport

READ = frozenset(
    ("Patient", "Observation", "Condition", "MedicationRequest", "MedicationStatement", "MedicationAdministration",
     "Procedure", "QuestionnaireResponse", "AllergyIntolerance", "ServiceRequest", "Specimen")
)  # fmt: skip
"""Types whose lines are dealt out; Medication resources are of no patient and are kept aside."""
LONGEST_LINE = 20_000_000
_BLOCK = 1 << 20
_WORTH_A_PROCESS = 4_000_000
"""Bytes of text that take longer to read than a process to start."""
_MOST_PARTS = 512
"""Files written side by side; more patients make larger parts."""

_TYPE = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]+)"')
_SUBJECT = re.compile(rb'"(?:subject|patient)"\s*:\s*\{[^{}]*?"reference"\s*:\s*"([^"\\]+)"')
_LOINC = re.compile(rb'"code"\s*:\s*"(\d{1,7}-\d)"')
_ID = re.compile(rb'"id"\s*:\s*"([^"\\]+)"')


def export_files(folder: Path) -> list[Path]:
    """Every NDJSON file in a folder and below it, in the order of their names; not what is hidden (``.x``, ``_x``).

    Raises:
        InvalidInput: no such folder, no such file in it, or a folder that may not be looked into (MGD-F140).
    """
    try:
        files = [path for path in visible_files(folder) if path.name.endswith((".ndjson", ".ndjson.gz"))]
        told = "no .ndjson or .ndjson.gz file"
    except OSError as error:
        files, told = [], not_seen(error)
    if not files:
        raise InvalidInput(Problem("MGD-F140", str(folder), told, "a folder as Bulk Data Export writes it"))
    return files


def opened(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked where it is packed."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb", buffering=0)  # type: ignore[return-value]  # both are streams of bytes


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file without their ends. Of one that is longer than ``LONGEST_LINE`` only so much, and one more.

    Raises:
        InvalidInput: the file cannot be read to its end, or stops in the middle of a line (MGD-F144).
    """
    try:
        with opened(path) as stream:
            yield from _lines(stream)
    except (OSError, EOFError, zlib.error) as error:
        words = safe_text((error.strerror if isinstance(error, OSError) else None) or str(error), 120)
        accepted = "the whole file, as it was exported"
        raise InvalidInput(Problem("MGD-F144", path.name, f"a file that breaks off ({words})", accepted)) from None


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """By the block: a line without an end must not fill the memory."""
    rest, skipping = stream.read(len(BOM_UTF8)).removeprefix(BOM_UTF8), False
    while block := stream.read(_BLOCK):
        if skipping:
            _long, end, block = block.partition(b"\n")
            if not end:
                continue
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
        skipping = len(rest) > LONGEST_LINE
        if skipping:
            yield rest[: LONGEST_LINE + 1]
            rest = b""
    if rest.strip():
        _check_last(rest)
        yield rest


def _check_last(line: bytes) -> None:
    """A last line without an end may be whole, or where a download stopped."""
    try:
        json.loads(line)
    except ValueError:
        raise EOFError("in the middle of its last line") from None
    except RecursionError:
        return


def deal_out(files: list[Path], scratch: Path, megabytes: float, report: BulkReport, least: int = 1) -> list[Path]:
    """Write each line into the part of its patient: ``patient key, tab, line``. Returns the parts.

    There are as many as their size asks for, and at least ``least`` of them where that is worth a process each.

    Raises:
        InvalidInput: every file that breaks off (MGD-F144).
    """
    size = sum(path.stat().st_size * (8 if path.suffix == ".gz" else 1) for path in files)
    worth = int(size / _WORTH_A_PROCESS) + 1
    count = min(_MOST_PARTS, max(int(size / (megabytes * 2**20)) + 1, min(least, worth)))
    paths = [scratch / f"{at:03d}" for at in range(count)]
    problems: list[Problem] = []
    with ExitStack() as stack:
        parts = [stack.enter_context(path.open("wb", buffering=1 << 18)) for path in paths]
        for path in files:
            try:
                _deal(path, parts, report)
            except InvalidInput as broken:
                problems += broken.problems
    if problems:
        raise InvalidInput(problems)
    return paths


def _deal(path: Path, parts: Sequence[IO[bytes]], report: BulkReport) -> None:
    counts: Counter[str] = Counter()
    not_known: Counter[str] = Counter()
    known = _known_codes()
    kept = len(parts)
    writes = [part.write for part in parts]
    for number, line in enumerate(lines_of(path), start=1):
        kind = kind_of_line(line)
        if not kind:
            if line.strip():
                report.note_bad(path, number, NOT_A_RESOURCE, kind_of_file(path.name))
            continue
        counts[kind] += 1
        if kind not in READ:
            continue
        if kind == "Observation" and (unknown := _unknown_code(line, known)):
            not_known[unknown] += 1
            continue
        key = key_of_line(line, kind)
        if len(line) > LONGEST_LINE:
            report.note_bad(path, number, TOO_LONG, kind if key is None else None)
            line = LEFT_OUT
        elif key is None:
            report.note_bad(path, number, NO_PATIENT, kind)
        if key is not None:
            writes[zlib.crc32(key) % kept](b"%b\t%b\n" % (key, line))
    report.resources.update(counts)
    report.note_unknown("Observation", not_known)


def kind_of_file(name: str) -> str:
    """The type of resources a file should hold, by its name; empty where that says none."""
    return next((kind for kind in sorted(READ, key=len, reverse=True) if kind in name), "")


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
    """The id of the patient a line is of; None where it names none that can be read."""
    key = _key(line, kind)
    return key if key is None or key.isascii() or _is_text(key) else None


def _is_text(key: bytes) -> bool:
    try:
        key.decode()
    except UnicodeDecodeError:
        return False
    return True


def _key(line: bytes, kind: str) -> bytes | None:
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
            id = id_of(line)
            if id:
                found[id] = line
    return found


def id_of(line: bytes) -> str:
    """The id of the resource on a line; empty where there is none that can be read."""
    found = _ID.search(line)
    if found is not None and line.count(b'"id"') == 1:
        return found[1].decode("utf-8", "replace")
    try:
        return str(json.loads(line)["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
