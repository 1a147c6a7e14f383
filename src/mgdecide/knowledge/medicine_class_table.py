"""The table of medicine classes: which ATC codes and which ingredients make a fact ``on_<key>`` true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from attrs import field, frozen

from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

_NONE: frozenset[str] = frozenset()
_MOST = 2_000
"""Classes, and inclusions. We hold 88; what follows from inclusions of inclusions grows with their product."""


@frozen
class MedicineClass:
    """One class as ``medicines.toml`` gives it; the words are explained at the head of that file."""

    key: str
    name: str
    sources: tuple[str, ...]
    atc: tuple[str, ...] = ()
    not_atc: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    recalled_members: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    oral_only: bool = False
    verified: bool = True


@frozen
class MedicineClasses:
    """All classes of one edition, with the look-ups a classifier needs."""

    edition: str
    classes: Mapping[str, MedicineClass]
    local_groups: tuple[str, ...]
    inhaled_groups: tuple[str, ...]
    oral_only: frozenset[str] = field(init=False, repr=False)
    _prefixes: Mapping[str, frozenset[str]] = field(init=False, repr=False)
    _left_out: Mapping[str, frozenset[str]] = field(init=False, repr=False)
    _members: Mapping[str, frozenset[str]] = field(init=False, repr=False)
    _above: Mapping[str, frozenset[str]] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        every = tuple(self.classes.values())
        object.__setattr__(self, "oral_only", frozenset(one.key for one in every if one.oral_only))
        object.__setattr__(self, "_prefixes", _index(every, lambda one: one.atc))
        object.__setattr__(self, "_left_out", _index(every, lambda one: one.not_atc))
        object.__setattr__(self, "_members", _index(every, lambda one: one.members + one.recalled_members))
        direct = _index(every, lambda one: one.includes)
        object.__setattr__(self, "_above", {key: _climbed(key, direct) for key in self.classes})

    def of_atc(self, code: str) -> frozenset[str]:
        """The classes that every medicine with this ATC code, or in this group of codes, belongs to."""
        found, left_out = _NONE, _NONE
        for length in range(1, len(code) + 1):
            found |= self._prefixes.get(code[:length], _NONE)
            left_out |= self._left_out.get(code[:length], _NONE)
        return self.closed(found - left_out)

    def of_member(self, ingredient: str) -> frozenset[str]:
        """The classes that list this ingredient by name."""
        return self.closed(self._members.get(ingredient, _NONE))

    def closed(self, keys: frozenset[str]) -> frozenset[str]:
        """The classes, and every class that includes one of them."""
        return _NONE.union(*(self._above[key] for key in keys)) if keys else _NONE

    def below(self, group: str) -> frozenset[str]:
        """The classes that some medicines of an ATC group may belong to."""
        tables = (self._prefixes, self._left_out)
        return self.closed(
            _NONE.union(*(keys for table in tables for atc, keys in table.items() if atc.startswith(group)))
        )

    def left_open(self, known: frozenset[str], names: frozenset[str]) -> frozenset[str]:
        """The classes that what is known suggests and does not settle (``may``)."""
        hints = known | names
        return self.closed(frozenset(one.key for one in self.classes.values() if hints.intersection(one.may)))


def _index(
    classes: tuple[MedicineClass, ...], values: Callable[[MedicineClass], tuple[str, ...]]
) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one in classes:
        for value in values(one):
            found.setdefault(value, set()).add(one.key)
    return {value: frozenset(keys) for value, keys in found.items()}


def _climbed(key: str, above: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """A class, those that include it, those that include these, and so on."""
    found, new = {key}, {key}
    while new:
        new = {other for each in new for other in above.get(each, _NONE)} - found
        found |= new
    return frozenset(found)


@cache
def load_medicine_classes() -> MedicineClasses:
    """The classes this release ships, read once."""
    return read_medicine_classes((KNOWLEDGE / "medicines.toml").read_text(encoding="utf-8"))


def read_medicine_classes(text: str) -> MedicineClasses:
    """Read classes from TOML.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind; MGD-K204 a class
            given twice; MGD-K205 a class without a source; MGD-K111 one without a member, or that includes an unknown
            one. All mistakes at once.
    """
    return read_table(text, "medicines.toml", _classes)


def _classes(file: Entry) -> MedicineClasses:
    default = file.texts("sources", empty=True)
    classes: dict[str, MedicineClass] = {}
    rows = list(file.tables("class", "key", needed=True))
    for entry in rows:
        one = _class(entry, default)
        if one.key in classes:
            entry.mistake("MGD-K204", "key", one.key, "one entry for each class")
        classes[one.key] = one
    for entry in rows:
        for other in entry.texts("includes", ()):
            if other not in classes:
                entry.mistake("MGD-K111", "includes", other, "the key of a class", classes)
    if len(classes) > _MOST or sum(len(one.includes) for one in classes.values()) > _MOST:
        file.mistake("MGD-K111", "class", f"{len(classes)} classes", f"at most {_MOST}, with as many inclusions")
        classes = {}
    return MedicineClasses(
        edition=file.text("edition"),
        classes=classes,
        local_groups=file.texts("local_groups", empty=True),
        inhaled_groups=file.texts("inhaled_groups", empty=True),
    )


def _class(entry: Entry, default: tuple[str, ...]) -> MedicineClass:
    one = MedicineClass(
        key=entry.text("key"),
        name=entry.text("name"),
        sources=entry.texts("sources") if entry.has("sources") else default,
        atc=entry.texts("atc", ()),
        not_atc=entry.texts("not_atc", ()),
        members=entry.texts("members", ()),
        recalled_members=entry.texts("recalled_members", ()),
        includes=entry.texts("includes", ()),
        words=entry.texts("words", ()),
        may=entry.texts("may", ()),
        oral_only=entry.flag("oral_only", False),
        verified=entry.flag("verified", True),
    )
    if not one.sources:
        entry.mistake("MGD-K205", "sources", "none", "at least one key of sources/*.toml")
    if not (one.atc or one.members or one.includes or one.may):
        entry.mistake("MGD-K111", "members", "no member", "atc, members, includes or may")
    entry.done()
    return one
