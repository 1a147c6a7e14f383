"""The source register: what each source key stands for, and where it was read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_files, read_table


@frozen
class RegisteredSource:
    """One source. ``address`` is empty and ``verified`` false where it was recalled and not read."""

    key: str
    citation: str
    address: tuple[str, ...]
    verified: bool
    read: str


@cache
def source_register() -> Mapping[str, RegisteredSource]:
    """Every entry of ``sources/*.toml``, by key.

    Raises:
        InvalidKnowledge: the codes of ``read_source_entries``; a source given in two files (MGD-K204).
    """
    found: dict[str, RegisteredSource] = {}
    for name, text in read_files((KNOWLEDGE / "sources").glob("*.toml")).items():
        for key, source in read_source_entries(text, name).items():
            if key in found:
                raise InvalidKnowledge(Problem("MGD-K204", f"sources/{name}: {key}", key, "each source once"))
            found[key] = source
    return MappingProxyType(found)


def read_source_entries(text: str, name: str) -> Mapping[str, RegisteredSource]:
    """The sources of one file by their keys.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind. All mistakes at once.
    """
    return read_table(text, f"sources/{name}", lambda file: {key: _source(key, file.inner(key)) for key in file})


def _source(key: str, entry: Entry) -> RegisteredSource:
    found = RegisteredSource(
        key=key,
        citation=entry.text("citation"),
        address=entry.texts("address", ()),
        verified=entry.flag("verified", False),
        read=entry.text("read", ""),
    )
    entry.done()
    return found
