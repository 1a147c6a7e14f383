"""Claims in circulation, each with its study and its caveat, and the conflicts between sources, as data."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, entries, read_toml
from mgdecide.knowledge.studies import study_ids

STATUSES = ("checked", "figures recalled", "not checkable")
BASES = ("read", "worked out", "read and worked out")
T = TypeVar("T", "CirculatingClaim", "SourceConflict")


@frozen
class CirculatingClaim:
    """A claim as it circulates, what its study prints, and what must be said beside it; never shown without that."""

    id: str
    said_in: str
    text: str
    studies: tuple[str, ...]
    figure: str
    status: str
    caveat: str


@frozen
class SourceConflict:
    """A disagreement between sources, or of one with itself, and the studies and bodies beside which it is shown."""

    id: str
    topic: str
    detail: str
    basis: str
    studies: tuple[str, ...]
    bodies: tuple[str, ...]


@cache
def load_claims() -> tuple[CirculatingClaim, ...]:
    """The claims in circulation, in the order of the file.

    Raises:
        InvalidKnowledge: MGD-K201 a key missing or unknown; MGD-K204 an id twice; MGD-K205 a study that is not held.
    """
    return read_claims(_text("circulating_claims.toml"), "circulating_claims.toml")


@cache
def load_conflicts() -> tuple[SourceConflict, ...]:
    """The conflicts between sources, in the order of the file.

    Raises:
        InvalidKnowledge: the codes of ``load_claims``.
    """
    return read_conflicts(_text("conflicts.toml"), "conflicts.toml")


def conflicts_beside(id: str) -> tuple[SourceConflict, ...]:
    """The conflicts to be shown beside one study or one body of evidence."""
    return tuple(each for each in load_conflicts() if id in each.studies or id in each.bodies)


def claims_about(study: str) -> tuple[CirculatingClaim, ...]:
    """The claims that go back to one study."""
    return tuple(each for each in load_claims() if study in each.studies)


def read_claims(text: str, path: str) -> tuple[CirculatingClaim, ...]:
    """The claims of one TOML text; the errors are those of ``load_claims``."""
    return _read(text, path, "claim", _claim)


def read_conflicts(text: str, path: str) -> tuple[SourceConflict, ...]:
    """The conflicts of one TOML text; the errors are those of ``load_claims``."""
    return _read(text, path, "conflict", _conflict)


def _read(text: str, path: str, kind: str, read: Callable[[Entry], T]) -> tuple[T, ...]:
    problems: list[Problem] = []
    found: list[T] = []
    for entry in entries(read_toml(text, path), kind, path, problems):
        one = read(entry)
        if any(one.id == other.id for other in found):
            entry.mistake("MGD-K204", "id", one.id, "each id once")
        found.append(one)
        entry.done()
    if problems:
        raise InvalidKnowledge(problems)
    return tuple(found)


def _claim(entry: Entry) -> CirculatingClaim:
    return CirculatingClaim(
        id=entry.text("id"),
        said_in=entry.text("said_in"),
        text=entry.text("text"),
        studies=_held(entry),
        figure=entry.text("figure"),
        status=entry.word("status", STATUSES),
        caveat=entry.text("caveat"),
    )


def _conflict(entry: Entry) -> SourceConflict:
    return SourceConflict(
        id=entry.text("id"),
        topic=entry.text("topic"),
        detail=entry.text("detail"),
        basis=entry.word("basis", BASES),
        studies=_held(entry),
        bodies=entry.texts("bodies", ()),
    )


def _held(entry: Entry) -> tuple[str, ...]:
    given, held = entry.texts("studies", ()), study_ids()
    for id in given:
        if id not in held:
            entry.mistake("MGD-K205", "studies", id, "a study of studies/*.toml", held)
    return given


def _text(name: str) -> str:
    return (KNOWLEDGE / name).read_text(encoding="utf-8")
