"""What is known of each dose form in the clinic: absorption, laxative effect, labels, strengths, codes.

Nothing here ranks salts for an effect: none has been shown to be better than another for depression.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from attrs import frozen

from mgdecide.domain.doses import ElementalDose, SaltDose
from mgdecide.domain.salts import Salt, salt_by_id, salts
from mgdecide.errors import InvalidKnowledge, Problem

CLASSES = ("low", "moderate", "unknown", "not applicable")
TENDENCIES = ("low", "low to moderate", "moderate", "high", "very high")
CONVENTIONS = ("salt", "elemental", "both", "mixed")


@frozen
class Statement:
    """A word from a closed list, why, and who says so; ``verified`` is false where nobody looked it up."""

    word: str
    note: str
    sources: tuple[str, ...]
    verified: bool


@frozen
class Names:
    """Codes or flags with their sources."""

    names: tuple[str, ...]
    note: str
    sources: tuple[str, ...]
    verified: bool


@frozen
class Strength:
    """A product as sold: one dose as a mass of salt, and what its label prints of magnesium where it does."""

    label: str
    dose: SaltDose
    printed: tuple[ElementalDose, ...]
    sources: tuple[str, ...]
    verified: bool


@frozen
class SaltFacts:
    """One dose form as a clinician meets it."""

    salt: Salt
    routes: tuple[str, ...]
    bioavailability: Statement
    laxative: Statement
    label: Statement
    atc: Names | None
    flags: Names | None
    strengths: tuple[Strength, ...]
    products: str
    note: str


@cache
def salt_facts() -> Mapping[str, SaltFacts]:
    """Facts by id of the dose form, for each of the 33.

    Raises InvalidKnowledge (MGD-K120) when a statement has no source, a word is not of its list, or a form is missing.
    """
    text = files("mgdecide.knowledge").joinpath("salts.toml").read_text(encoding="utf-8")
    return read_salt_facts(text)


def read_salt_facts(text: str) -> Mapping[str, SaltFacts]:
    """The same from the text of a TOML file."""
    table = tomllib.loads(text)["salt"]
    missing = {salt.id for salt in salts()} ^ table.keys()
    if missing:
        raise _bad("salt", ", ".join(sorted(missing)), "one table for each dose form and no other")
    return MappingProxyType({id: _facts(id, row) for id, row in table.items()})


def _facts(id: str, row: Mapping[str, object]) -> SaltFacts:
    salt = salt_by_id(id)
    strengths = row.get("strengths", [])
    if not isinstance(strengths, list):
        raise _bad(f"{id}.strengths", repr(strengths), "a list of tables")
    return SaltFacts(
        salt=salt,
        routes=_texts(f"{id}.routes", row.get("routes")),
        bioavailability=_statement(f"{id}.bioavailability", row.get("bioavailability"), "class", CLASSES),
        laxative=_statement(f"{id}.laxative", row.get("laxative"), "tendency", TENDENCIES),
        label=_statement(f"{id}.label", row.get("label"), "states", CONVENTIONS),
        atc=_names(f"{id}.atc", row.get("atc"), "codes"),
        flags=_names(f"{id}.flags", row.get("flags"), "names"),
        strengths=tuple(_strength(f"{id}.strengths", salt, each) for each in strengths),
        products=str(row.get("products", "")),
        note=str(row.get("note", "")),
    )


def _statement(where: str, given: object, key: str, words: tuple[str, ...]) -> Statement:
    row = _row(where, given)
    word = row.get(key)
    if word not in words:
        raise _bad(f"{where}.{key}", repr(word), f"one of {', '.join(words)}")
    return Statement(str(word), str(row.get("note", "")), *_backing(where, row))


def _names(where: str, given: object, key: str) -> Names | None:
    if given is None:
        return None
    row = _row(where, given)
    return Names(_texts(f"{where}.{key}", row.get(key)), str(row.get("note", "")), *_backing(where, row))


def _strength(where: str, salt: Salt, given: object) -> Strength:
    row = _row(where, given)
    printed = [(row[key], unit) for key, unit in (("elemental_mg", "mg"), ("mmol", "mmol")) if key in row]
    return Strength(
        str(row.get("label", "")),
        SaltDose((str(row.get("salt_mg", "")), "mg"), salt),
        tuple(ElementalDose((str(number), unit), salt) for number, unit in printed),
        *_backing(where, row),
    )


def _backing(where: str, row: Mapping[str, object]) -> tuple[tuple[str, ...], bool]:
    sources, verified = _texts(f"{where}.sources", row.get("sources")), row.get("verified")
    if not isinstance(verified, bool):
        raise _bad(f"{where}.verified", repr(verified), "true or false")
    return sources, verified


def _texts(where: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise _bad(where, repr(given), "a list of at least one")
    return tuple(str(each) for each in given)


def _row(where: str, given: object) -> Mapping[str, object]:
    if not isinstance(given, dict):
        raise _bad(where, repr(given), "a table")
    return given


def _bad(where: str, given: str, accepted: str) -> InvalidKnowledge:
    return InvalidKnowledge(Problem("MGD-K120", f"salts.toml: {where}", given, accepted))
