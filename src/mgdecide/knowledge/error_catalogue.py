"""What every error code means, with an example and the way out. Read by ``mgdecide explain`` and the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from attrs import frozen

from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_files, read_table


@frozen
class ErrorEntry:
    """One code. ``example`` is something that raises it; ``fix`` is what to do."""

    code: str
    title: str
    means: str
    example: str
    fix: str


@cache
def error_catalogue() -> Mapping[str, ErrorEntry]:
    """Every entry of ``errors/*.toml``, by code, in the order of codes.

    Raises:
        InvalidKnowledge: the codes of ``read_error_entries``.
    """
    found: dict[str, ErrorEntry] = {}
    for name, text in read_files((KNOWLEDGE / "errors").glob("*.toml")).items():
        found.update(read_error_entries(text, name))
    return MappingProxyType(dict(sorted(found.items())))


def read_error_entries(text: str, name: str) -> Mapping[str, ErrorEntry]:
    """The entries of one file by their codes.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind. All mistakes at once.
    """
    return read_table(text, f"errors/{name}", lambda file: {code: _entry(code, file.inner(code)) for code in file})


def _entry(code: str, entry: Entry) -> ErrorEntry:
    found = ErrorEntry(code, *(entry.text(key) for key in ("title", "means", "example", "fix")))
    entry.done()
    return found
