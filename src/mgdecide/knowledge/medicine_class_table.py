"""The table of medicine classes: which ATC codes and which ingredients make a fact ``on_<key>`` true."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NoReturn

from attrs import field, frozen

from mgdecide.errors import InvalidKnowledge, Problem

_WORDS = ("atc", "not_atc", "members", "recalled_members", "includes", "words", "may", "sources")
_KEYS = frozenset({"key", "name", "oral_only", "verified", *_WORDS})
_NONE: frozenset[str] = frozenset()


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
        object.__setattr__(self, "_above", {key: frozenset(self._climb(key)) for key in self.classes})

    def _climb(self, key: str) -> Iterator[str]:
        yield key
        for other in self.classes.values():
            if key in other.includes:
                yield from self._climb(other.key)

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


@cache
def load_medicine_classes() -> MedicineClasses:
    """The classes this release ships, read once."""
    return read_medicine_classes(files("mgdecide.knowledge").joinpath("medicines.toml").read_text(encoding="utf-8"))


def read_medicine_classes(text: str) -> MedicineClasses:
    """Read classes from TOML.

    Raises:
        InvalidKnowledge: a class without a name, a member or a source, given twice, or that includes an unknown one.
    """
    table = tomllib.loads(text)
    default = tuple(table["sources"])
    classes: dict[str, MedicineClass] = {}
    for row in table["class"]:
        one = _class(row, default)
        if one.key in classes:
            _bad(one.key, "given twice", "one entry for each class")
        classes[one.key] = one
    for one in classes.values():
        for other in one.includes:
            if other not in classes:
                _bad(f"{one.key}.includes", repr(other), "the key of a class in this file")
    return MedicineClasses(table["edition"], classes, tuple(table["local_groups"]), tuple(table["inhaled_groups"]))


def _class(row: Mapping[str, object], default: tuple[str, ...]) -> MedicineClass:
    key = row.get("key")
    if not isinstance(key, str) or not isinstance(row.get("name"), str):
        _bad(str(key), "no key or no name", "a key and a name")
    if set(row) - _KEYS:
        _bad(key, ", ".join(sorted(set(row) - _KEYS)), f"only {', '.join(sorted(_KEYS))}")
    if not any(row.get(word) for word in ("atc", "members", "includes", "may")):
        _bad(key, "no member", "atc, members, includes or may")
    lists = {word: _strings(row.get(word)) for word in _WORDS}
    lists["sources"] = lists["sources"] or default
    if not lists["sources"]:
        _bad(key, "no source", "at least one key of the source register")
    return MedicineClass(
        key=key,
        name=str(row["name"]),
        oral_only=row.get("oral_only") is True,
        verified=row.get("verified", True) is True,
        **lists,
    )


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _bad(key: str, given: str, accepted: str) -> NoReturn:
    raise InvalidKnowledge(Problem("MGD-K111", f"medicines.toml: {key}", given, accepted))
