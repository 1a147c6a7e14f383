"""Molar masses, against the table of IUPAC's commission and against molmass."""

from __future__ import annotations

from fractions import Fraction

import pytest
from molmass import Formula

from mgdecide.domain.formulas import ATOMIC_WEIGHTS, composition, magnesium_atoms, magnesium_fraction, molar_mass
from mgdecide.domain.salts import Salt, further_forms, salts

# Standard atomic weights 2021, www.ciaaw.org/atomic-weights.htm, read for these tests.
STANDARD = {
    "H": ("1.00784", "1.00811"),
    "C": ("12.0096", "12.0116"),
    "N": ("14.00643", "14.00728"),
    "O": ("15.99903", "15.99977"),
    "Mg": ("24.304", "24.307"),
    "P": ("30.9735", "30.9745"),
    "S": ("32.059", "32.076"),
    "Cl": ("35.446", "35.457"),
}
EVERY_FORM = (*salts(), *further_forms())


def test_each_atomic_weight_lies_in_the_standard_interval() -> None:
    assert ATOMIC_WEIGHTS.keys() == STANDARD.keys()
    rounding = Fraction("0.0005")  # conventional values are rounded: oxygen's 15.999 lies just below its interval
    for symbol, (low, high) in STANDARD.items():
        assert Fraction(low) - rounding <= ATOMIC_WEIGHTS[symbol] <= Fraction(high) + rounding, symbol


@pytest.mark.parametrize("salt", EVERY_FORM, ids=lambda salt: salt.id)
def test_molmass_gives_the_same_mass_and_fraction(salt: Salt) -> None:
    oracle = Formula(salt.formula)
    assert float(salt.molar_mass) == pytest.approx(oracle.mass, rel=1e-4)
    share = oracle.composition().dataframe().loc["Mg", "Fraction"]
    assert float(salt.elemental_fraction) == pytest.approx(share, rel=1e-4)


@pytest.mark.parametrize("salt", EVERY_FORM, ids=lambda salt: salt.id)
def test_molmass_finds_the_same_atoms_in_the_structural_formula(salt: Salt) -> None:
    assert Formula(salt.written_as).formula == Formula(salt.formula).formula


@pytest.mark.parametrize("salt", EVERY_FORM, ids=lambda salt: salt.id)
def test_molmass_counts_the_same_magnesium_atoms(salt: Salt) -> None:
    assert salt.magnesium_atoms == Formula(salt.written_as).composition()["Mg"].count


def test_what_holds_no_magnesium_has_none() -> None:
    assert magnesium_atoms("H2O") == 0
    assert magnesium_fraction("H2O") == 0


@pytest.mark.parametrize(
    ("formula", "mass"),
    # MgO: 24.305 + 15.999. Hexahydrate: 24.305 + 2 x 35.45 + 12 x 1.008 + 6 x 15.999.
    [("MgO", "40.304"), ("Cl2H12MgO6", "203.295"), ("H14MgO11S", "246.466")],
)
def test_masses_added_by_hand(formula: str, mass: str) -> None:
    assert molar_mass(formula) == Fraction(mass)


def test_the_fraction_of_the_oxide_is_the_fraction_of_its_weights() -> None:
    assert magnesium_fraction("MgO") == Fraction(24305, 40304)


@pytest.mark.parametrize("formula", ["", "Mg(OH)2", "mgo", "Mg0", "MgO ", "O1Mg", "H02"])
def test_anything_but_a_plain_formula_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="not a plain formula"):
        composition(formula)


def test_an_element_without_a_weight_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        molar_mass("CaMgO2")
