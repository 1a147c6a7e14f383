"""Molar masses from formulas.

The weights are IUPAC's: the conventional values of 2021 for elements whose atomic weight is an interval in nature
(H, C, N, O, S, Cl, Mg), the abridged value for P. Prohaska T et al. Standard atomic weights of the elements 2021
(IUPAC Technical Report). Pure Appl Chem 2022;94(5):573-600, doi:10.1515/pac-2019-0603.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType

ATOMIC_WEIGHTS: Mapping[str, Fraction] = MappingProxyType(
    {
        "H": Fraction("1.008"),
        "C": Fraction("12.011"),
        "N": Fraction("14.007"),
        "O": Fraction("15.999"),
        "Mg": Fraction("24.305"),
        "P": Fraction("30.974"),
        "S": Fraction("32.06"),
        "Cl": Fraction("35.45"),
    }
)
"""Grams per mole of every element that occurs in a magnesium dose form here."""

_ELEMENT = re.compile(r"([A-Z][a-z]?)([1-9][0-9]*)?")

Composition = tuple[tuple[str, int], ...]
"""Elements and how often each occurs, in the order written: ``(("Cl", 2), ("Mg", 1))``."""


@cache
def composition(formula: str) -> Composition:
    """The atoms of a plain formula without brackets, such as ``Cl2H12MgO6``.

    Raises ValueError for anything else: formulas are part of this package and never a user's input.
    """
    atoms = tuple((symbol, int(count or 1)) for symbol, count in _ELEMENT.findall(formula))
    if not atoms or "".join(symbol + (str(n) if n > 1 else "") for symbol, n in atoms) != formula:
        raise ValueError(f"not a plain formula: {formula!r}")
    return atoms


@cache
def molar_mass(formula: str) -> Fraction:
    """Grams per mole, exactly, from the atomic weights above.

    >>> molar_mass("MgO")
    Fraction(5038, 125)
    """
    return sum((ATOMIC_WEIGHTS[symbol] * count for symbol, count in composition(formula)), Fraction(0))


@cache
def magnesium_atoms(formula: str) -> int:
    """How many magnesium atoms one formula unit holds."""
    return dict(composition(formula)).get("Mg", 0)


@cache
def magnesium_fraction(formula: str) -> Fraction:
    """The share of the mass that is magnesium: 24305/40304 for the oxide."""
    return magnesium_atoms(formula) * ATOMIC_WEIGHTS["Mg"] / molar_mass(formula)
