"""Hypothesis strategies for salts and doses. Needs the extra ``test``.

Everything drawn is valid and exact: no float, no NaN, nothing below zero, and no salt without its hydrate, unless asked
for by name: ``families()`` draws names that leave the form open, ``invalid_doses()`` draws mistakes with the code of
the error each must raise.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from attrs import frozen
from hypothesis import strategies as st

from mgdecide.domain.doses import (
    DailyElementalDose,
    DailySaltDose,
    ElementalDose,
    SaltDose,
    UnstatedDose,
)
from mgdecide.domain.salts import Salt, SaltFamily, salt_families
from mgdecide.domain.salts import salts as all_salts

OneDose: TypeAlias = SaltDose | ElementalDose | UnstatedDose

_LARGEST_SALT_MG = 20_000
_LARGEST_ELEMENTAL_MG = 1_000


def salts() -> st.SearchStrategy[Salt]:
    """One of the 33 dose forms; the oxide is the simplest."""
    return st.sampled_from(all_salts())


def families() -> st.SearchStrategy[SaltFamily]:
    """A name that leaves the form open, such as magnesium sulfate."""
    return st.sampled_from(salt_families())


def salt_names() -> st.SearchStrategy[str]:
    """Every way to write one of the 33 forms: its name or an alias, in any case."""
    names = [name for salt in all_salts() for name in (salt.name, *salt.aliases)]
    return st.builds(_cased, st.sampled_from(names), st.sampled_from(("as is", "upper", "lower")))


def _cased(name: str, how: str) -> str:
    return {"as is": name, "upper": name.upper(), "lower": name.lower()}[how]


def numbers(largest: int) -> st.SearchStrategy[Decimal]:
    """A number above zero with at most three decimals."""
    whole = st.integers(1, largest).map(Decimal)
    parts = st.integers(1, largest * 1000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
    return whole | parts


def salt_amounts() -> st.SearchStrategy[str]:
    """A mass of salt as text, from 1 microgram to 20 g."""
    milligrams = numbers(_LARGEST_SALT_MG).map(lambda number: f"{number} mg")
    return milligrams | numbers(_LARGEST_SALT_MG // 1000).map(lambda number: f"{number} g")


def elemental_amounts() -> st.SearchStrategy[str]:
    """An amount of magnesium as text: mg, micrograms, mmol or mEq, up to 1 g of magnesium."""
    milligrams = numbers(_LARGEST_ELEMENTAL_MG).map(lambda number: f"{number} mg")
    millimoles = numbers(40).map(lambda number: f"{number} mmol")
    milliequivalents = numbers(80).map(lambda number: f"{number} mEq")
    return milligrams | millimoles | milliequivalents | st.integers(1, 999).map(lambda number: f"{number} micrograms")


def salt_doses(salt: st.SearchStrategy[Salt] | None = None) -> st.SearchStrategy[SaltDose]:
    """A mass of salt with its hydrate."""
    return st.builds(SaltDose, salt_amounts(), salts() if salt is None else salt)


def elemental_doses() -> st.SearchStrategy[ElementalDose]:
    """Elemental magnesium, with the salt it comes as or without."""
    return st.builds(ElementalDose, elemental_amounts(), st.none() | salts())


def unstated_doses() -> st.SearchStrategy[UnstatedDose]:
    """A mass of which nobody said whether it is salt or magnesium."""
    return st.builds(UnstatedDose, salt_amounts(), salts())


def family_doses() -> st.SearchStrategy[SaltDose]:
    """A mass of a salt whose hydrate is not named: its magnesium is an interval."""
    return st.builds(SaltDose, salt_amounts(), families())


def daily_salt_doses() -> st.SearchStrategy[DailySaltDose]:
    """A day's mass of salt."""
    return st.builds(DailySaltDose, salt_amounts(), salts())


def daily_elemental_doses() -> st.SearchStrategy[DailyElementalDose]:
    """A day's magnesium."""
    return st.builds(DailyElementalDose, elemental_amounts(), st.none() | salts())


def doses() -> st.SearchStrategy[OneDose]:
    """One dose on any of the three bases."""
    return st.one_of(salt_doses(), elemental_doses(), unstated_doses())


@frozen
class Invalid:
    """An amount and a salt that no dose accepts, and the code of the error that must be raised."""

    amount: str
    salt: str
    code: str


_MISTAKES = (
    ("500 Mg", "magnesium oxide", "MGD-U102"),
    ("20 mEq", "magnesium sulfate heptahydrate", "MGD-U104"),
    ("10 mmol", "magnesium oxide", "MGD-U104"),
    ("500 mg per day", "magnesium oxide", "MGD-U105"),
    ("500 mg/day", "magnesium oxide", "MGD-U105"),
    ("1,5 g", "magnesium oxide", "MGD-U106"),
    ("1,500 g", "magnesium oxide", "MGD-U106"),
    ("500 tablets", "magnesium oxide", "MGD-U108"),
    ("500 mg/kg", "magnesium oxide", "MGD-U108"),
    ("0 mg", "magnesium oxide", "MGD-U109"),
    ("-500 mg", "magnesium oxide", "MGD-U109"),
    ("nan mg", "magnesium oxide", "MGD-U109"),
    ("inf mg", "magnesium oxide", "MGD-U109"),
    ("1e3 mg", "magnesium oxide", "MGD-U109"),
    ("500", "magnesium oxide", "MGD-U109"),
    ("", "magnesium oxide", "MGD-U109"),
    ("5000 g", "magnesium oxide", "MGD-U109"),
    ("500 mg", "magnesium stearate", "MGD-U111"),
    ("500 mg", "magnesium", "MGD-U111"),
    ("500 mg", "MSO4", "MGD-U111"),
    ("500 mg", "", "MGD-U111"),
)


def invalid_doses() -> st.SearchStrategy[Invalid]:
    """A mistake that ``SaltDose(amount, salt)`` must refuse, with the code it must refuse it with."""
    return st.sampled_from([Invalid(*mistake) for mistake in _MISTAKES])
