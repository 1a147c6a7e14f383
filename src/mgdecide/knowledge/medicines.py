"""Which medicine classes a medicine belongs to, from a name, an ATC code, an RxNorm number, or several of them.

``classify`` never says no without reason: a class is false for a medicine only if the medicine is recognised and the
class is neither in ``classes`` nor in ``possible``. Of an unrecognised medicine nothing is false.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TypeAlias

from attrs import field, frozen

from mgdecide.knowledge.medicine_class_table import MedicineClasses, load_medicine_classes
from mgdecide.knowledge.medicine_register import Register, load_register
from mgdecide.knowledge.medicine_words import Way, listen, spelled
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

_NONE: frozenset[str] = frozenset()
_ATC = re.compile(r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?")
_WAY_OF_MARK = {"i": Way.INJECTED, "l": Way.LOCAL, "h": Way.INHALED, "": Way.NOT_SAID}


@frozen
class Recognised:
    """A medicine we know: its ingredients, the classes it is in, and the classes left open."""

    ingredients: tuple[str, ...]
    classes: frozenset[str]
    possible: frozenset[str] = _NONE
    """Classes that may hold and cannot be told from what was given; neither true nor false."""
    problems: tuple[str, ...] = ()
    """What does not agree: a code and a name that mean different medicines, a code that does not exist."""


@frozen
class Unrecognised:
    """A medicine of which at least a part is not known. ``classes`` hold all the same; no class is false."""

    reason: str
    classes: frozenset[str] = _NONE


Classified: TypeAlias = Recognised | Unrecognised


@frozen
class _Reading:
    """What one of the three identifiers says. ``exact`` tells the route too, so it overrules one that does not."""

    said: Recognised
    exact: bool
    codes: tuple[str, ...]


@frozen
class Classifier:
    """Classes and register together, ready to look up."""

    classes: MedicineClasses
    register: Register
    _words: Mapping[str, str] = field(init=False, repr=False)
    _vocabulary: Mapping[str, object] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        words = {spelled(word): one.key for one in self.classes.classes.values() for word in one.words}
        names = self.register.names
        object.__setattr__(self, "_words", {word: key for word, key in words.items() if word not in names})
        object.__setattr__(self, "_vocabulary", {**self._words, **names})

    def classify(self, name: str | None = None, atc: str | None = None, rxnorm: str | None = None) -> Classified:
        """What is known of a medicine; the identifiers are read apart and compared."""
        readings: list[_Reading | Unrecognised] = []
        if atc:
            readings.append(self._read_atc(atc))
        if rxnorm:
            readings.append(self._read_rxnorm(rxnorm))
        if name:
            readings.append(self._read_name(name))
        return self._together(readings)

    # --- the three identifiers -------------------------------------------------------------------------------

    def _read_atc(self, given: str) -> _Reading | Unrecognised:
        code = given.strip().upper()
        parts = self.register.atc.get(code)
        if parts is not None:
            return _Reading(self._by_code(code, parts), True, (code,))
        if not _ATC.fullmatch(code) or len(code) < 3 or not self._group_exists(code):
            return Unrecognised(f"{given} is not an ATC code")
        sure = self.classes.of_atc(code)
        open_ = _NONE if len(code) == 7 else self.classes.below(code) | self._members_below(code)
        return _Reading(self._recognised((), sure, open_), True, (code,))

    def _group_exists(self, code: str) -> bool:
        groups = self.register.atc_groups
        return code[:4] in groups if len(code) > 3 else any(group.startswith(code) for group in groups)

    def _members_below(self, code: str) -> frozenset[str]:
        """Classes that list an ingredient of this group by name."""
        return _NONE.union(
            *(
                self.classes.of_member(part)
                for own, parts in self.register.atc.items()
                if own.startswith(code)
                for part in parts
            )
        )

    def _by_code(self, code: str, parts: tuple[str, ...]) -> Recognised:
        classes = self.classes.of_atc(code)
        if not code.startswith(self.classes.local_groups + self.classes.inhaled_groups):
            if len(parts) == 1:
                current = [own for own in self.register.ingredient(parts[0]).atc if own == code]
                classes |= self.classes.of_member(parts[0]) if current else self._whole(parts[0], Way.NOT_SAID)
            else:
                classes = classes.union(*(self._whole(part, Way.NOT_SAID) for part in parts))
        return self._recognised(parts, classes)

    def _read_rxnorm(self, given: str) -> _Reading | Unrecognised:
        number = given.strip().lstrip("0")
        parts = self.register.rxnorm.get(number)
        if parts is not None:
            return _Reading(self._taken(parts, Way.NOT_SAID), False, self._codes(parts))
        product = load_products().get(number)
        if product is None:
            return Unrecognised(f"RxNorm {given} is not in the table")
        parts, way = product
        return _Reading(self._taken(parts, way), True, self._codes(parts))

    def _read_name(self, name: str) -> _Reading | Unrecognised:
        register = self.register
        whole = register.names.get(spelled(name))
        if whole is not None:
            return _Reading(self._taken(whole, Way.NOT_SAID), False, self._codes(whole))
        heard = listen(name, self._vocabulary, register.is_mineral, register.vocabulary)
        if heard.negated:
            return Unrecognised(f'"{name}" says that something is not taken')
        if not heard.names:
            return Unrecognised(f'"{name}" is not in the register')
        parts = tuple(
            dict.fromkeys(part for each in heard.names if each in register.names for part in register.names[each])
        )
        keys = frozenset(self._words[each] for each in heard.names if each in self._words)
        said = self._taken(parts, heard.way)
        if keys:
            said = self._with_class_words(said, keys, heard.names)
        if heard.unknown:
            return Unrecognised(f'"{" ".join(heard.unknown)}" in "{name}" is not known', said.classes)
        return _Reading(said, heard.way is not Way.NOT_SAID, self._codes(parts))

    # --- from ingredients to classes -------------------------------------------------------------------------

    def _taken(self, parts: tuple[str, ...], way: Way) -> Recognised:
        """Ingredients taken in one way, with what their fixed combination is known for."""
        classes = _NONE.union(*(self._whole(part, way) for part in parts))
        code = self.register.combination_codes.get(frozenset(parts)) if len(parts) > 1 and way is Way.NOT_SAID else None
        return self._recognised(parts, classes | self.classes.of_atc(code) if code else classes)

    def _whole(self, part: str, way: Way) -> frozenset[str]:
        """Every class of an ingredient that the way of giving leaves."""
        codes = self.register.ingredient(part).codes
        if way in (Way.LOCAL, Way.INHALED):
            groups = self.classes.local_groups if way is Way.LOCAL else self.classes.inhaled_groups
            used = [code for code in codes if code.startswith(groups)]
            if used:
                return _NONE.union(*(self.classes.of_atc(code) for code in used))
        found = self.classes.of_member(part).union(*(self.classes.of_atc(code) for code in codes))
        return found - self.classes.oral_only if way is Way.INJECTED else found

    def _with_class_words(self, said: Recognised, keys: frozenset[str], names: tuple[str, ...]) -> Recognised:
        """A class named as such ("diuretic"): it holds, and whatever some of its members are is left open."""
        sure = said.classes | self.classes.closed(keys)
        members = (self._whole(part, Way.NOT_SAID) for part in self.register.rows)
        open_ = _NONE.union(*(classes for classes in members if not keys.isdisjoint(classes)))
        return self._recognised(said.ingredients, sure, said.possible | open_, names)

    def _recognised(
        self, parts: tuple[str, ...], sure: frozenset[str], open_: frozenset[str] = _NONE, words: tuple[str, ...] = ()
    ) -> Recognised:
        open_ |= self.classes.left_open(sure, frozenset(parts + words))
        return Recognised(parts, sure, open_ - sure)

    def _codes(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(code for part in parts for code in self.register.ingredient(part).codes)

    # --- several identifiers ---------------------------------------------------------------------------------

    def _together(self, readings: list[_Reading | Unrecognised]) -> Classified:
        known = [each for each in readings if isinstance(each, _Reading)]
        unknown = [each for each in readings if isinstance(each, Unrecognised)]
        partly = _NONE.union(*(each.classes for each in unknown))
        if not known:
            return Unrecognised("; ".join(each.reason for each in unknown) or "nothing was given", partly)
        problems = tuple(each.reason for each in unknown if each.reason.endswith("is not an ATC code"))
        contradiction = _contradiction(known)
        if contradiction:
            problems += (contradiction,)
        else:
            known = [each for each in known if each.exact] or known
        classes = partly.union(*(each.said.classes for each in known))
        possible = _NONE.union(*(each.said.possible for each in known)) - classes
        named = [each.said.ingredients for each in known if each.said.ingredients]
        parts = tuple(dict.fromkeys(part for each in named for part in each))
        return Recognised(parts, classes, possible, problems)


def _contradiction(known: list[_Reading]) -> str:
    """Two identifiers that cannot mean the same medicine: no shared ingredient, and no shared ATC group."""
    for at, one in enumerate(known):
        for other in known[at + 1 :]:
            ours, theirs = set(one.said.ingredients), set(other.said.ingredients)
            if ours and theirs:
                if not (ours <= theirs or theirs <= ours):
                    return f"{_shown(one)} and {_shown(other)} are different medicines"
            elif one.codes and other.codes and not {c[:3] for c in one.codes} & {c[:3] for c in other.codes}:
                return f"{_shown(one)} and {_shown(other)} are different medicines"
    return ""


def _shown(reading: _Reading) -> str:
    return " with ".join(reading.said.ingredients) or f"ATC {reading.codes[0]}"


Product: TypeAlias = tuple[tuple[str, ...], Way]
"""The ingredients of a clinical drug, and the way it is given."""


@cache
def load_products() -> Mapping[str, Product]:
    """RxNorm numbers of clinical drugs and combinations -> ingredients and the way they are given. Read when asked."""
    return read_products((KNOWLEDGE / "medicine_products.toml").read_text(encoding="utf-8"), load_register())


def read_products(text: str, register: Register) -> Mapping[str, Product]:
    """Read products from TOML.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind, or a line that is
            none; MGD-K112 an ingredient that has no line in the register. All mistakes at once.
    """
    return read_table(text, "medicine_products.toml", lambda file: _products(file, register))


def _products(file: Entry, register: Register) -> Mapping[str, Product]:
    file.text("edition")
    file.texts("sources")
    found: dict[str, Product] = {}
    for named, mark, numbers in file.lines("products", "|", 3, 3):
        parts, way = tuple(part.strip() for part in named.split("+")), _WAY_OF_MARK.get(mark.strip())
        if way is None:
            file.mistake("MGD-K201", "products", mark, f"a way of giving: {', '.join(_WAY_OF_MARK)}or nothing")
        elif not register.rows.keys() >= set(parts):
            file.mistake("MGD-K112", "products", named, "ingredients that have a line in the register")
        else:
            found.update(dict.fromkeys(numbers.split(), (parts, way)))
    return found


@cache
def load_classifier() -> Classifier:
    """The classifier over what this release ships."""
    return Classifier(load_medicine_classes(), load_register())


@lru_cache(maxsize=4096)
def classify(name: str | None = None, atc: str | None = None, rxnorm: str | None = None) -> Classified:
    """Which classes a medicine belongs to, with what this release knows.

    >>> sorted(classify("Lisinopril/hydrochlorothiazide 20/12.5 mg tablet").classes)[:3]
    ['ace_inhibitor', 'antacid_affected', 'diuretic']
    >>> classify("zanzibarine").reason
    '"zanzibarine" is not in the register'
    """
    return load_classifier().classify(name, atc, rxnorm)
