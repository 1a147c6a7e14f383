"""The salts of magnesium as chemistry, and how a name finds one.

A name that leaves the hydrate open ("magnesium sulfate") finds a family of forms and never one of them: 4 g holds
394 mg of magnesium when it is the heptahydrate and 808 mg when it is anhydrous. What is known of a salt in the clinic
(absorption, laxative effect, labels) is knowledge, with sources, and stands in ``knowledge/salts.toml``.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache

from attrs import field, frozen

from mgdecide.domain.exact import shown
from mgdecide.domain.formulas import magnesium_atoms, magnesium_fraction, molar_mass
from mgdecide.domain.intervals import Interval, hull
from mgdecide.errors import Problem, SaltUnknown


@frozen
class Salt:
    """One dose form: one counter-ion with one hydration, hence one formula.

    ``written_as`` (``MgO``) is for reading what others wrote and is never printed: such symbols are misread.
    """

    id: str
    name: str = field(eq=False)
    formula: str = field(eq=False, repr=False)
    written_as: str = field(eq=False, repr=False)
    hydration: str = field(eq=False, repr=False)
    counter_ion: str = field(eq=False, repr=False)
    aliases: tuple[str, ...] = field(default=(), eq=False, repr=False)
    note: str = field(default="", eq=False, repr=False)

    @property
    def magnesium_atoms(self) -> int:
        """Magnesium atoms in one formula unit."""
        return magnesium_atoms(self.formula)

    @property
    def molar_mass(self) -> Fraction:
        """Grams per mole."""
        return molar_mass(self.formula)

    @property
    def elemental_fraction(self) -> Fraction:
        """The share of the mass that is elemental magnesium, exactly."""
        return magnesium_fraction(self.formula)

    @property
    def elemental_fractions(self) -> Interval:
        """The same as an interval of no width, so that a salt and a family are asked alike."""
        return Interval(self.elemental_fraction, self.elemental_fraction)

    @property
    def forms(self) -> tuple[Salt, ...]:
        """The forms the name may stand for: this one."""
        return (self,)


@frozen
class SaltFamily:
    """Forms that share a name which does not say which of them is meant.

    ``sold_as`` widens the interval for goods that vary more than the formulas do (basic magnesium carbonate).
    """

    id: str
    name: str = field(eq=False)
    forms: tuple[Salt, ...] = field(eq=False, repr=False)
    aliases: tuple[str, ...] = field(default=(), eq=False, repr=False)
    sold_as: Interval | None = field(default=None, eq=False, repr=False)
    note: str = field(default="", eq=False, repr=False)

    @property
    def elemental_fractions(self) -> Interval:
        """From the form with the least magnesium to the one with the most."""
        formulas = hull(form.elemental_fractions for form in self.forms)
        return hull((formulas, self.sold_as)) if self.sold_as else formulas


SaltLike = Salt | SaltFamily


def salts() -> tuple[Salt, ...]:
    """The 33 dose forms of this edition, in a fixed order."""
    from mgdecide.domain.salt_table import SALTS

    return SALTS


def further_forms() -> tuple[Salt, ...]:
    """Forms outside the 33 that are sold under names of theirs; they widen the families they belong to."""
    from mgdecide.domain.salt_table import FURTHER_FORMS

    return FURTHER_FORMS


def salt_families() -> tuple[SaltFamily, ...]:
    """The names that leave the hydrate or the ratio open, in a fixed order."""
    from mgdecide.domain.salt_table import FAMILIES

    return FAMILIES


def find_salt(given: str | SaltLike, path: str = "salt") -> SaltLike:
    """The salt a name means, or the family when the name leaves the form open.

    Upper and lower case, word order, commas, "sulphate" and the word "magnesium" make no difference.

    Raises SaltUnknown (MGD-U111) with the nearest names; abbreviations that stand for another medicine too (``MS``,
    ``MSO4``) are refused.

    >>> find_salt("Magnesium Sulphate heptahydrate").id
    'sulfate_heptahydrate'
    >>> [form.id for form in find_salt("magnesium sulfate").forms]
    ['sulfate_anhydrous', 'sulfate_heptahydrate']
    """
    if isinstance(given, Salt | SaltFamily):
        return given
    found = _by_machine_id(given) or _index().get(_key(given))
    if found is None:
        raise SaltUnknown(Problem("MGD-U111", path, f"the salt {shown(given)}", _suggestion(given)))
    return found


def salt_by_id(id: str) -> Salt:
    """The one form with this id, for programs: the id ``malate`` is one form, the name "malate" may be three.

    Raises KeyError.
    """
    return _by_id()[id]


def _by_machine_id(given: object) -> Salt | None:
    """An underscore is only ever an id's: carbonate_basic is one form, "basic magnesium carbonate" is not."""
    return _by_id().get(given) if isinstance(given, str) and "_" in given else None


@cache
def _by_id() -> dict[str, Salt]:
    return {salt.id: salt for salt in (*salts(), *further_forms())}


_SPELLINGS = {
    "sulphate": "sulfate",
    "l": "",
    "mg": "",
    "magnesium": "",
}
"""Words that are spelt in two ways, or add nothing to a name that is a magnesium salt's anyway."""

_WATER = re.compile(r"\s*[.*\u00b7\u2022]\s*([0-9]*)\s*h2o")
_LONGEST = 200
_PUNCTUATION = str.maketrans(dict.fromkeys(",;-_", " "))


def _key(name: object) -> tuple[str, ...]:
    """A name's words in an order of their own: "anhydrous magnesium chloride" is "magnesium chloride, anhydrous"."""
    return _words(name) if isinstance(name, str) and len(name) <= _LONGEST else ()


@lru_cache(maxsize=512)
def _words(name: str) -> tuple[str, ...]:
    words = _WATER.sub(r".\1h2o", name.casefold()).translate(_PUNCTUATION).split()
    return tuple(sorted(filter(None, (_SPELLINGS.get(word, word) for word in words))))


@cache
def _index() -> dict[tuple[str, ...], SaltLike]:
    """Every name and alias; then ids, where no name is spelt the same."""
    index: dict[tuple[str, ...], SaltLike] = {}
    everything: tuple[SaltLike, ...] = (*salts(), *further_forms(), *salt_families())
    for each in everything:
        for name in (each.name, *each.aliases):
            # One name for two things would be a guess; the table is ours, so this can only fail in development.
            if index.setdefault(_key(name), each) is not each:
                raise ValueError(f"{name!r} stands for two salts")
    for each in everything:
        index.setdefault(_key(each.id), each)
    return index


def _suggestion(given: object) -> str:
    if not isinstance(given, str) or (len(given) <= _LONGEST and not _key(given)):
        return 'write the salt in full, such as "magnesium chloride hexahydrate"'
    if given.strip().upper() in ("MS", "MSO4"):
        return "write magnesium sulfate heptahydrate (or anhydrous) in full: this is read as morphine sulfate too"
    near = _nearest(given[:_LONGEST])
    return (
        f"did you mean {near}?"
        if near
        else 'write the salt in full, such as "magnesium oxide"; mgdecide.domain.salts.salts() lists them'
    )


def _nearest(given: str) -> str:
    from difflib import get_close_matches

    wanted = given.casefold().replace("sulph", "sulf")
    names = {name.casefold(): each.name for each in _index().values() for name in (each.name, *each.aliases)}
    found = get_close_matches(wanted, names, n=3, cutoff=0.6) or get_close_matches(f"magnesium {wanted}", names, n=3)
    return " or ".join(dict.fromkeys(names[name] for name in found))
