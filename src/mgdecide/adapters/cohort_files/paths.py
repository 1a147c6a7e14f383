"""What IN is and whether OUT may be written: looked at before anything is judged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from mgdecide.adapters.commands.command_line import shown_path
from mgdecide.adapters.folders import not_seen, visible_files
from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    import pyarrow as pa

_ACCEPTED = "a Parquet file, a folder of them, or a folder of FHIR Bulk Data NDJSON"
_NDJSON = (".ndjson", ".ndjson.gz")


class Form(Enum):
    """What the input is made of."""

    PARQUET = "Parquet"
    NDJSON = "FHIR Bulk Data NDJSON"


@frozen
class Source:
    """The input: its form and its files, in the order of their names."""

    path: Path
    form: Form
    files: tuple[Path, ...]


@frozen
class Table:
    """Parquet files of one schema, and how many rows they hold together."""

    files: tuple[Path, ...]
    rows: int


@contextmanager
def unchanged(files: tuple[Path, ...]) -> Iterator[None]:
    """Raises InvalidInput for every file that is changed, replaced or taken away meanwhile (MGD-C209).

    It takes the place of whatever else went wrong, for that is then what it came from.
    """
    before = [_stamp(path) for path in files]
    try:
        yield
    except Exception:
        _check(files, before)
        raise
    _check(files, before)


def _check(files: tuple[Path, ...], before: list[tuple[int, ...]]) -> None:
    given, accepted = "a file that changed while it was read", "one that stays as it is"
    changed = [path for path, stamp in zip(files, before, strict=True) if _stamp(path) != stamp]
    if changed:
        raise InvalidInput([Problem("MGD-C209", shown_path(str(path)), given, accepted) for path in changed])


def _stamp(path: Path) -> tuple[int, ...]:
    """What differs once a file is written to, or another has its name; nothing where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def find_source(given: str) -> Source:
    """The files of IN.

    Raises:
        InvalidInput: nothing there, or a place that may not be looked into (MGD-C201); or neither Parquet nor NDJSON
            in it, or both (MGD-C202).
    """
    try:
        return _source(Path(given), shown_path(given))
    except OSError as error:  # it, a folder in it, or one on the way to it is closed to this user
        raise InvalidInput(Problem("MGD-C201", shown_path(given), not_seen(error), _ACCEPTED)) from None


def _source(path: Path, shown: str) -> Source:
    if path.is_file():
        if path.name.endswith(_NDJSON):
            accepted = "the folder it is in: the resources of one patient stand in several files"
            raise InvalidInput(Problem("MGD-C202", shown, "one NDJSON file", accepted))
        return Source(path, Form.PARQUET, (path,))
    if not path.is_dir():
        raise InvalidInput(Problem("MGD-C201", shown, "no such file or folder", _ACCEPTED))
    found = visible_files(path)
    parquet = tuple(each for each in found if each.suffix == ".parquet")
    ndjson = tuple(each for each in found if each.name.endswith(_NDJSON))
    if bool(parquet) == bool(ndjson):
        told = "a folder with Parquet and NDJSON files" if parquet else "a folder with neither Parquet nor NDJSON files"
        raise InvalidInput(Problem("MGD-C202", shown, told, _ACCEPTED))
    return Source(path, Form.PARQUET, parquet) if parquet else Source(path, Form.NDJSON, ndjson)


def check_target(given: str, source: Source, *, force: bool) -> Path:
    """OUT, if it may be written.

    Raises:
        InvalidInput: it is IN or lies in IN (MGD-C205), it is there already (MGD-L123), it is a folder or no
            file (MGD-L105), or its folder is missing or cannot be written in (MGD-C206).
    """
    try:
        return _target(Path(given), shown_path(given), source, force=force)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle, before Python 3.13
        told = not_seen(error) if isinstance(error, OSError) else "links that lead in a circle"
        raise InvalidInput(Problem("MGD-C206", shown_path(given), told, "a place that can be written in")) from None


def _target(path: Path, shown: str, source: Source, *, force: bool) -> Path:
    real, read = path.resolve(), source.path.resolve()
    if real == read or (source.path.is_dir() and read in real.parents):
        raise InvalidInput(Problem("MGD-C205", shown, "the input itself, or a place in it", "another place"))
    if path.is_dir() and not path.is_symlink():
        raise InvalidInput(Problem("MGD-L105", shown, "a folder", "the name of a Parquet file to write"))
    if real.exists() and not real.is_file():
        raise InvalidInput(Problem("MGD-L105", shown, "a device or the like", "the name of a Parquet file to write"))
    if os.path.lexists(path) and not force:
        accepted = "a new name, or --force to put the new file in its place"
        raise InvalidInput(Problem("MGD-L123", shown, "a file that is there already", accepted))
    if not real.parent.is_dir():
        raise InvalidInput(Problem("MGD-C206", shown, "a name in a folder that does not exist", "an existing folder"))
    if not os.access(real.parent, os.W_OK | os.X_OK):
        raise InvalidInput(Problem("MGD-C206", shown, "a folder that cannot be written in", "one that can"))
    return real  # a link stays a link: what it leads to is replaced


def check_parquet(files: tuple[Path, ...]) -> Table:
    """Open the footer of every file; no row is read.

    Raises:
        InvalidInput: every file that is no whole Parquet file (MGD-C203), that has columns of one name, which engines
            read differently (MGD-C106), or other columns than the first (MGD-C204).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, first, problems = 0, None, []
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                schema, count = file.schema_arrow, file.metadata.num_rows
        except (pa.ArrowException, OSError) as error:
            problems.append(unreadable(str(path), error))
            continue
        if first is None:
            first = schema
            problems += _repeated(schema.names)
        different = _difference(first, schema)
        if different:
            given = f"{different} differs from {shown_path(files[0].name)}"
            problems.append(Problem("MGD-C204", shown_path(str(path)), given, "files of the same columns and types"))
        rows += count
    if problems:
        raise InvalidInput(problems)
    return Table(files, rows)


def _repeated(names: list[str]) -> list[Problem]:
    """Columns of one name, as DuckDB and Spark see names: capital and small letters are alike to them."""
    spelled: dict[str, list[str]] = {}
    for name in names:
        spelled.setdefault(name.casefold(), []).append(name)
    return [
        Problem(
            "MGD-C106", shown_path(each[0]), f"columns {' and '.join(map(repr, each))}", "columns of different names"
        )
        for each in spelled.values()
        if len(each) > 1
    ]


def damaged(files: tuple[Path, ...]) -> list[Problem]:
    """Every file that cannot be read to its end, a row group at a time; it takes as long as reading all of them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    problems = []
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    file.read_row_group(group)
        except (pa.ArrowException, OSError) as error:
            problems.append(unreadable(str(path), error))
    return problems


def unreadable(path: str, error: BaseException) -> Problem:
    """A file whose bytes are no Parquet. The error's first line tells where; it holds no cell."""
    words = " ".join(str(error).split("\n", 1)[0].split())[:160]
    return Problem("MGD-C203", shown_path(path), f"no whole Parquet file ({words})", "a Parquet file as it was written")


def _difference(first: pa.Schema, other: pa.Schema) -> str:
    """The first column that is not alike; empty where all are."""
    if first.equals(other):
        return ""
    left, right = dict(zip(first.names, first.types, strict=True)), dict(zip(other.names, other.types, strict=True))
    for name in dict.fromkeys((*first.names, *other.names)):
        if left.get(name) != right.get(name):
            return f"column {name!r}"
    return "" if first.names == other.names else "the order of columns"
