"""Lines of an export that are not used at all: which file, which line, and why; never what stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from attrs import frozen

from mgdecide.adapters.suggestions import safe_text

NOT_A_RESOURCE = "MGD-F141"
NO_PATIENT = "MGD-F142"
TOO_LONG = "MGD-F143"
LEFT_OUT = b"left out"
"""Stands in a patient's part for a line that was too long: something of this patient's was not read."""
MOST_LINES = 100
"""Bad lines that are named one by one; all are counted."""

WHY = {
    NOT_A_RESOURCE: "not the JSON of a FHIR resource",
    NO_PATIENT: "a resource that names no patient",
    TOO_LONG: "longer than any line that is read",
}


@frozen(order=True)
class BadLine:
    """One line, by the file's path below the folder of the export and its number from 1; ``code`` says why.

    Number 0 stands for lines somewhere in the file: Spark does not tell where.
    """

    file: str
    line: int
    code: str

    def to_record(self) -> dict[str, object]:
        """The JSON shape."""
        line = {"line": self.line} if self.line else {}
        return {"file": self.file, **line, "code": self.code, "why": WHY[self.code]}

    def __str__(self) -> str:
        where = f" line {self.line}" if self.line else ""
        return f"{safe_text(self.file)}{where}: {WHY[self.code]} [{self.code}]"


def mark_of(line: bytes | str) -> bytes:
    """What a line is found again by, once it left its file: a digest that tells nothing of a patient."""
    text = line if isinstance(line, bytes) else line.encode("utf-8", "replace")
    return blake2b(text.strip(), digest_size=12).digest()


def named(marks: Iterable[bytes], files: Iterable[Path], folder: Path) -> Iterator[BadLine]:
    """Where the lines of these marks stand. The files are read again, which only bad lines make needful."""
    from mgdecide.adapters.bulk.files import lines_of

    wanted = set(marks)
    for path in files if wanted else ():
        for number, line in enumerate(lines_of(path), start=1):
            if mark_of(line) in wanted:
                yield BadLine(name_of(path, folder), number, NOT_A_RESOURCE)


def name_of(path: Path, folder: Path) -> str:
    """A file's path below the folder of the export."""
    return path.relative_to(folder).as_posix()
