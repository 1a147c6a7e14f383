"""The list of mistakes found while a record is read."""

from __future__ import annotations

from attrs import define, field

from mgdecide.adapters.record.problems import Location, path_of
from mgdecide.adapters.suggestions import given_words
from mgdecide.errors import Problem


@define
class Mistakes:
    """Notes mistakes with their place. ``known`` are places already found wrong: nothing more is said of them."""

    known: tuple[Location, ...] = ()
    found: list[tuple[Location, Problem]] = field(factory=list)

    def note(self, code: str, location: Location, given: object, accepted: str) -> None:
        """One mistake: what was given there, and what would be accepted."""
        self.add(location, Problem(code, path_of(location), given_words(given), accepted))

    def missing(self, location: Location, accepted: str) -> None:
        """A key that an entry needs; or an entry that says nothing, unless something wrong in it was told already."""
        if not any(known[: len(location)] == location for known in self.known):
            self.add(location, Problem("MGD-R111", path_of(location), "nothing", accepted))

    def add(self, location: Location, problem: Problem) -> None:
        """A problem already worded."""
        if not any(location[: len(known)] == known for known in self.known):
            self.found.append((location, problem))
