"""The columns a cohort may have, and what a cell of each may hold.

They are read off the catalogue. A laboratory fact is spread over several columns that count only beside a usable
value; every other fact has one column of its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from attrs import frozen

from mgdecide.knowledge.catalogue import COMPARATORS
from mgdecide.knowledge.edition import Knowledge
from mgdecide.rules.row import acknowledged_column
from mgdecide.rules.urgent import RULES as URGENT

DEFAULT_KEY = "patient"
UNUSABLE = "unusable"
NAMED_OUTPUTS = ("status", "gate", "urgent", UNUSABLE)

# Neither is a limit of medicine: an interval may have any numbers, a sample any age that the calendar allows.
_ANY_LIMIT = (0.0, 1e20)
_ANY_AGE = (0.0, 3_652_058.0)


@frozen
class NumberColumn:
    """A number in one unit, within a range whose ends are accepted."""

    name: str
    low: float
    high: float


@frozen
class YesNoColumn:
    """True or false; numbers may say it as 1 and 0."""

    name: str


@frozen
class WordColumn:
    """One of a few words, spelled exactly."""

    name: str
    words: tuple[str, ...]


@frozen
class LabColumns:
    """A laboratory value with its companions; ``ranges`` gives the plausible range in each unit."""

    name: str
    ranges: Mapping[str, tuple[float, float]]

    @property
    def unit(self) -> WordColumn:
        """The reported unit; it may be left out where a fact has only one."""
        return WordColumn(f"{self.name}_unit", tuple(self.ranges))

    @property
    def comparator(self) -> WordColumn:
        """The sign printed before the value."""
        return WordColumn(f"{self.name}_comparator", COMPARATORS)

    @property
    def companions(self) -> tuple[NumberColumn, ...]:
        """Numbers printed beside the value."""
        return (
            NumberColumn(f"{self.name}_age_days", *_ANY_AGE),
            NumberColumn(f"{self.name}_low", *_ANY_LIMIT),
            NumberColumn(f"{self.name}_high", *_ANY_LIMIT),
        )


SimpleColumn = NumberColumn | YesNoColumn | WordColumn


@frozen
class CohortColumns:
    """Every input column of one knowledge."""

    simple: tuple[SimpleColumn, ...]
    labs: tuple[LabColumns, ...]

    def __iter__(self) -> Iterator[SimpleColumn]:
        """Every column by itself; the ranges of a laboratory value depend on its unit and are left open here."""
        yield from self.simple
        for lab in self.labs:
            yield NumberColumn(lab.name, *_ANY_LIMIT)
            yield lab.unit
            yield lab.comparator
            yield from lab.companions

    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(column.name for column in self)

    def near(self, given: Iterable[str]) -> dict[str, str]:
        """Names that are no column but look like one, each with the column it looks like."""
        plain = {_plain(name): name for name in self.names()}
        known = frozenset(plain.values())
        found: dict[str, str] = {}
        for name in given:
            match = [] if name in known else get_close_matches(_plain(name), plain, n=1, cutoff=0.75)
            if match:
                found[name] = plain[match[0]]
        return found


def cohort_columns(knowledge: Knowledge) -> CohortColumns:
    """The input columns of a knowledge: the facts of its catalogue, and one for each urgent rule acknowledged."""
    simple: list[SimpleColumn] = []
    labs: list[LabColumns] = []
    for fact in knowledge.catalogue:
        match fact.kind:
            case "lab":
                ranges = {unit: knowledge.plausible(fact.name, unit) for unit in fact.units}
                labs.append(LabColumns(fact.name, ranges))
            case "number":
                simple.append(NumberColumn(fact.name, *knowledge.plausible(fact.name, fact.units[0])))
            case "category":
                simple.append(WordColumn(fact.name, fact.values))
            case _:
                simple.append(YesNoColumn(fact.name))
    simple += [YesNoColumn(acknowledged_column(rule)) for rule in sorted(URGENT)]
    return CohortColumns(tuple(simple), tuple(labs))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
