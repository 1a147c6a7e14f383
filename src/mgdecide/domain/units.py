"""The units a dose may be given in, and how people spell them. The only module that sees pint.

Usual spellings are looked up in a table. A spelling the table does not hold goes to a small pint registry that is
built once, when first needed (pint's own takes hundreds of milliseconds): it knows gram, grain, pound, mole, equivalent
and the small prefixes. It does not know "mega", so that ``Mg`` can never become a thousand kilograms.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Protocol

from mgdecide.domain.exact import shown
from mgdecide.errors import Problem, UnitInvalid

if TYPE_CHECKING:
    from pint import UnitRegistry


class Unit(Enum):
    """A unit of dose, by the name that is printed. Millimoles and milliequivalents are always of magnesium."""

    MICROGRAM = "micrograms"
    MILLIGRAM = "mg"
    GRAM = "g"
    MILLIMOLE = "mmol"
    MILLIEQUIVALENT = "mEq"

    @property
    def is_mass(self) -> bool:
        """A mass (of salt or of magnesium), not an amount of magnesium in mmol or mEq."""
        return self in _MASSES

    @property
    def base(self) -> Fraction:
        """How many mg (for a mass) or mmol (otherwise) one of it is."""
        return _BASE[self]


_MASSES = frozenset({Unit.MICROGRAM, Unit.MILLIGRAM, Unit.GRAM})

_BASE = {
    Unit.MICROGRAM: Fraction(1, 1000),
    Unit.MILLIGRAM: Fraction(1),
    Unit.GRAM: Fraction(1000),
    Unit.MILLIMOLE: Fraction(1),
    Unit.MILLIEQUIVALENT: Fraction(1, 2),  # Mg2+ has two charges: magnesium.VALENCE
}

ACCEPTED = "mg, g, micrograms (mcg), mmol or mEq"

_CASED = {
    "mg": Unit.MILLIGRAM,
    "MG": Unit.MILLIGRAM,  # as RxNorm and many labels print it
    "g": Unit.GRAM,
    "G": Unit.GRAM,
    "gm": Unit.GRAM,
    "mcg": Unit.MICROGRAM,
    "ug": Unit.MICROGRAM,
    "\N{MICRO SIGN}g": Unit.MICROGRAM,
    "\N{GREEK SMALL LETTER MU}g": Unit.MICROGRAM,
}
"""Short symbols, where upper and lower case differ in meaning: ``Mg`` is not here on purpose."""

_WORDS = {
    "milligram": Unit.MILLIGRAM,
    "milligramme": Unit.MILLIGRAM,
    "gram": Unit.GRAM,
    "gramme": Unit.GRAM,
    "microgram": Unit.MICROGRAM,
    "microgramme": Unit.MICROGRAM,
    "mmol": Unit.MILLIMOLE,
    "millimole": Unit.MILLIMOLE,
    "meq": Unit.MILLIEQUIVALENT,
    "mval": Unit.MILLIEQUIVALENT,  # the German and Swiss name
    "milliequivalent": Unit.MILLIEQUIVALENT,
}


class QuantityLike(Protocol):
    """A quantity of pint (or of anything shaped like it): a magnitude and a unit that prints its name."""

    @property
    def magnitude(self) -> object: ...

    @property
    def units(self) -> object: ...


def find_unit(spelling: str) -> tuple[Unit, Fraction]:
    """The unit meant by a spelling, and how many of it one of the spelled unit is (1 for usual spellings).

    Raises UnitInvalid: MGD-U102 for ``Mg``, MGD-U108 for a unit that is not known here.

    >>> find_unit("grain")
    (<Unit.MILLIGRAM: 'mg'>, Fraction(6479891, 100000))
    """
    name = " ".join(spelling.split())
    usual = _CASED.get(name) or _WORDS.get(_singular(name.casefold()))
    if usual is not None:
        return usual, Fraction(1)
    if name in ("Mg", "megagram", "Megagram"):
        raise UnitInvalid(
            Problem(
                "MGD-U102",
                "amount",
                f'"{name}" as a unit',
                'write mg for milligrams or g for grams: "Mg" reads as magnesium and as megagram',
            )
        )
    return _unusual(name)


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") else word


def _unusual(name: str) -> tuple[Unit, Fraction]:
    spelled = name if len(name) <= 4 else name.casefold()  # symbols are cased, words are not
    found = _ask_pint(spelled) if len(name) <= 40 and name.isalpha() else None
    if found is None:
        raise UnitInvalid(Problem("MGD-U108", "amount", f"the unit {shown(name)}", f"write {ACCEPTED}"))
    return found


def _ask_pint(name: str) -> tuple[Unit, Fraction] | None:
    from pint.errors import PintError

    registry = _registry()
    try:
        factor, base = registry.get_base_units(name)
    except (PintError, ValueError, TypeError, AttributeError):
        return None
    unit = {"gram": Unit.MILLIGRAM, "mole": Unit.MILLIMOLE}.get(str(base))
    return None if unit is None else (unit, Fraction(str(factor)) * 1000)


_DEFINITIONS = (
    "gram = [mass] = g = gm = gramme",
    "grain = 0.06479891 * gram = gr",  # exact, by the international pound of 1959
    "pound = 7000 * grain = lb",
    "mole = [substance] = mol",
    "equivalent = 0.5 * mole = eq = Eq = val",  # of magnesium, which carries two charges
    "kilo- = 1e3 = k-",
    "centi- = 1e-2 = c-",
    "milli- = 1e-3 = m-",
    "micro- = 1e-6 = mc- = u- = \N{MICRO SIGN}- = \N{GREEK SMALL LETTER MU}-",
    "nano- = 1e-9 = n-",
)


@cache
def _registry() -> UnitRegistry[Fraction]:
    from pint import UnitRegistry

    registry: UnitRegistry[Fraction] = UnitRegistry(None, non_int_type=Fraction)
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry
