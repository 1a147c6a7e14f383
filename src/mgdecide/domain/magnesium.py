"""Magnesium by mass, by amount of substance and by charge.

1 mmol = 24.305 mg = 2 mEq, exactly: everything is a ``Fraction`` and is rounded only when printed.
"""

from __future__ import annotations

from fractions import Fraction

from mgdecide.domain.exact import Exact, to_fraction
from mgdecide.domain.formulas import ATOMIC_WEIGHTS

ATOMIC_WEIGHT: Fraction = ATOMIC_WEIGHTS["Mg"]
"""Milligrams in a millimole of magnesium (grams per mole)."""

VALENCE = 2
"""An Mg2+ ion carries two charges. UCUM's equivalent is one mole whatever the ion, and would be wrong here by half."""


def millimoles_from_milligrams(milligrams: Exact | str) -> Fraction:
    """mmol of magnesium in so many mg of elemental magnesium."""
    return to_fraction(milligrams, "milligrams") / ATOMIC_WEIGHT


def milligrams_from_millimoles(millimoles: Exact | str) -> Fraction:
    """mg of elemental magnesium in so many mmol.

    >>> milligrams_from_millimoles(10)
    Fraction(4861, 20)
    """
    return to_fraction(millimoles, "millimoles") * ATOMIC_WEIGHT


def milliequivalents_from_millimoles(millimoles: Exact | str) -> Fraction:
    """mEq of magnesium in so many mmol: two."""
    return to_fraction(millimoles, "millimoles") * VALENCE


def millimoles_from_milliequivalents(milliequivalents: Exact | str) -> Fraction:
    """mmol of magnesium in so many mEq: half."""
    return to_fraction(milliequivalents, "milliequivalents") / VALENCE


def milliequivalents_from_milligrams(milligrams: Exact | str) -> Fraction:
    """mEq of magnesium in so many mg of elemental magnesium."""
    return millimoles_from_milligrams(milligrams) * VALENCE


def milligrams_from_milliequivalents(milliequivalents: Exact | str) -> Fraction:
    """mg of elemental magnesium in so many mEq."""
    return millimoles_from_milliequivalents(milliequivalents) * ATOMIC_WEIGHT
