"""The catalogue: every fact a rule may ask about, with its kind, unit, meaning and columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from attrs import field, frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.medicine_class_table import load_medicine_classes
from mgdecide.knowledge.reading import Entry, read_table
from mgdecide.logic.questions import Category, Lab, Measure, YesNo

LAB_COLUMNS = ("", "_unit", "_comparator", "_age_days", "_low", "_high")
KINDS = ("lab", "number", "category", "yes_no")
COMPARATORS = ("<", "<=", ">", ">=")


@frozen
class Fact:
    """One row of the catalogue.

    ``kind`` is ``lab``, ``number``, ``yes_no`` or ``category``; ``units`` is empty for the last two. ``worse`` says
    which of two results of one day decides (``low``, ``high``, or ``status``: by the status rule).
    """

    name: str
    kind: str
    label: str
    meaning: str
    group: str
    units: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    worse: str = ""
    record: str = ""
    instrument: str = ""
    item: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns this fact is spread over in a row; most facts have one of their own name."""
        return tuple(f"{self.name}{suffix}" for suffix in LAB_COLUMNS) if self.kind == "lab" else (self.name,)


@frozen
class Catalogue:
    """All facts of one edition, by name."""

    edition: str
    facts: Mapping[str, Fact]
    owners: Mapping[str, str] = field(init=False, repr=False)
    _groups: dict[str, tuple[Fact, ...]] = field(init=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        owners = {column: fact.name for fact in self.facts.values() for column in fact.columns}
        object.__setattr__(self, "owners", owners)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def group(self, name: str) -> tuple[Fact, ...]:
        """The facts of one group (``conditions``, ``presenting``, ``medicines``, ...), in the catalogue's order."""
        if name not in self._groups:
            self._groups[name] = tuple(fact for fact in self if fact.group == name)
        return self._groups[name]

    def kind(self, name: str) -> tuple[Fact, ...]:
        """The facts of one kind, in the catalogue's order."""
        return tuple(fact for fact in self if fact.kind == name)

    def owner(self, column: str) -> str:
        """The fact a column belongs to: ``egfr_age_days`` belongs to ``egfr``."""
        return self.owners.get(column, column)

    def lab(self, name: str) -> Lab:
        """The typed constant of a laboratory fact."""
        return Lab(name, self._get(name, "lab").units)

    def number(self, name: str) -> Measure:
        """The typed constant of a numeric fact."""
        return Measure(name, self._get(name, "number").units[0])

    def yes_no(self, name: str) -> YesNo:
        """The typed constant of a fact that is true, false or unknown."""
        self._get(name, "yes_no")
        return YesNo(name)

    def category(self, name: str) -> Category:
        """The typed constant of a fact with a few named values."""
        return Category(name, self._get(name, "category").values)

    def _get(self, name: str, kind: str) -> Fact:
        fact = self.facts.get(name)
        if fact is None or fact.kind != kind:
            raise InvalidKnowledge(
                Problem("MGD-K101", f"facts.{name}", "no such fact", f"a {kind} fact of the catalogue")
            )
        return fact


@cache
def catalogue() -> Catalogue:
    """The catalogue this release ships, read once."""
    return read_catalogue(files("mgdecide.knowledge").joinpath("facts.toml").read_text(encoding="utf-8"))


def read_catalogue(text: str) -> Catalogue:
    """Read a catalogue from TOML and add one fact for every medicine class.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind; MGD-K102 two facts
            of one name, or two columns. All mistakes at once.
    """
    return read_table(text, "facts.toml", _catalogue)


def _catalogue(file: Entry) -> Catalogue:
    facts = {fact.name: fact for fact in _medicine_facts()}
    columns, declared = set(facts), {}
    for kind in KINDS:
        for entry in file.tables(kind, "name", needed=True):
            fact = _fact(kind, entry)
            if not columns.isdisjoint(fact.columns):
                entry.mistake("MGD-K102", "name", fact.name, "a name that no other fact or column has")
            columns.update(fact.columns)
            declared[fact.name] = fact
    return Catalogue(file.text("edition"), declared | facts)


def _fact(kind: str, entry: Entry) -> Fact:
    fact = Fact(
        name=entry.text("name"),
        kind=kind,
        label=entry.text("label"),
        meaning=entry.text("meaning"),
        group=entry.text("group", "labs" if kind == "lab" else None),
        units=entry.texts("units") if kind == "lab" else (entry.text("unit"),) if kind == "number" else (),
        values=entry.texts("values") if kind == "category" else (),
        worse=entry.word("worse", ("low", "high", "status")) if kind == "lab" else "",
        record=entry.text("record", entry.text("name")),
        instrument=entry.text("instrument", ""),
        item=entry.whole("item") if entry.has("item") else None,
    )
    entry.done()
    return fact


def _medicine_facts() -> Iterator[Fact]:
    for one in load_medicine_classes().classes.values():
        yield Fact(f"on_{one.key}", "yes_no", one.name, f"takes {one.name}", "medicines", record=one.key)
