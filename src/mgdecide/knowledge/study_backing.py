"""How a table of a study or body file is known: a source, a derivation, or a plain word that it is only recalled."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from mgdecide.knowledge.reading import Entry
from mgdecide.knowledge.study_types import HOW, Backing, Source

SOURCE_KINDS = ("article", "register", "record", "secondary", "repository", "not kept")


@frozen
class Backer:
    """Reads how a table is known; ``keys`` are the sources the file names."""

    keys: frozenset[str]

    def __call__(self, entry: Entry) -> Backing:
        """The backing of one table; notes MGD-K205 where a figure has neither a source nor a derivation."""
        how = entry.word("how", HOW, "verified")
        sources, method = entry.texts("source", ()), entry.text("method", "")
        for key in sources:
            if key not in self.keys:
                entry.mistake("MGD-K205", "source", key, "a key of [sources] in the same file")
        if how == "verified" and not sources:
            entry.mistake("MGD-K205", "source", "none", "at least one key of [sources] in the same file")
        if how == "derived" and not method:
            entry.mistake("MGD-K205", "method", "none", "how it was worked out")
        return Backing(how, sources, method)


def whole(entry: Entry, key: str) -> int | None:
    """A whole number, or ``None`` where the key is absent."""
    return entry.whole(key) if entry.has(key) else None


def printed(entry: Entry, key: str) -> str | None:
    """A number as printed (text), or ``None`` where the key is absent."""
    return entry.text(key) if entry.has(key) else None


def read_sources(entry: Entry) -> dict[str, Source]:
    """The [sources] of a file by their keys; none if there is no such table."""
    found: dict[str, Source] = {}
    for key, row in (entry.table("sources") if entry.has("sources") else {}).items():
        each = Entry(row if isinstance(row, Mapping) else {}, f"{entry.path}: sources.{key}", entry.problems)
        kind = each.word("kind", SOURCE_KINDS)
        address = each.texts("address", () if kind == "not kept" else None)
        found[key] = Source(key, kind, address, each.text("read"))
        each.done()
    return found
