"""What is known of each dose form in the clinic: absorption, laxative effect, labels, strengths, codes.

Nothing here ranks salts for an effect: none has been shown to be better than another for depression.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from attrs import frozen

from mgdecide.domain.doses import ElementalDose, SaltDose
from mgdecide.domain.salts import Salt, salts
from mgdecide.errors import DoseError
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

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

    Raises:
        InvalidKnowledge: the codes of ``read_salt_facts``.
    """
    return read_salt_facts((KNOWLEDGE / "salts.toml").read_text(encoding="utf-8"))


def read_salt_facts(text: str) -> Mapping[str, SaltFacts]:
    """The same from the text of a TOML file.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind, or a word that is
            not of its list; MGD-K205 a statement without a source; MGD-K120 a form that is missing or unknown, or a
            strength that is no dose. All mistakes at once.
    """
    return read_table(text, "salts.toml", lambda file: MappingProxyType(_all(file)))


def _all(file: Entry) -> dict[str, SaltFacts]:
    file.text("reviewed")
    known = {salt.id: salt for salt in salts()}
    rows = dict(file.named("salt"))
    for id in sorted(known.keys() ^ rows.keys()):
        file.mistake("MGD-K120", "salt", id, "one table for each dose form and no other", known)
    return {id: _facts(salt, rows[id]) for id, salt in known.items() if id in rows}


def _facts(salt: Salt, entry: Entry) -> SaltFacts:
    found = SaltFacts(
        salt=salt,
        routes=entry.texts("routes"),
        bioavailability=_statement(entry.inner("bioavailability"), "class", CLASSES),
        laxative=_statement(entry.inner("laxative"), "tendency", TENDENCIES),
        label=_statement(entry.inner("label"), "states", CONVENTIONS),
        atc=_names(entry.inner("atc"), "codes") if entry.has("atc") else None,
        flags=_names(entry.inner("flags"), "names") if entry.has("flags") else None,
        strengths=tuple(each for row in entry.tables("strengths") if (each := _strength(salt, row)) is not None),
        products=entry.text("products", ""),
        note=entry.text("note", ""),
    )
    entry.done()
    return found


def _statement(entry: Entry, key: str, words: tuple[str, ...]) -> Statement:
    found = Statement(entry.word(key, words), entry.text("note", ""), *_backing(entry))
    entry.done()
    return found


def _names(entry: Entry, key: str) -> Names:
    found = Names(entry.texts(key), entry.text("note", ""), *_backing(entry))
    entry.done()
    return found


def _strength(salt: Salt, entry: Entry) -> Strength | None:
    """None, with the mistake noted, where the amounts are none."""
    label, backing = entry.text("label"), _backing(entry)
    amounts = {"salt_mg": entry.text("salt_mg")}
    amounts |= {key: entry.text(key) for key in ("elemental_mg", "mmol") if entry.has(key)}
    entry.done()
    try:
        dose = SaltDose((amounts["salt_mg"], "mg"), salt)
        printed = [
            ElementalDose((amounts[key], unit), salt)
            for key, unit in (("elemental_mg", "mg"), ("mmol", "mmol"))
            if key in amounts
        ]
    except DoseError as error:
        entry.mistake("MGD-K120", "salt_mg", str(error.problems[0].given), error.problems[0].accepted)
        return None
    return Strength(label, dose, tuple(printed), *backing)


def _backing(entry: Entry) -> tuple[tuple[str, ...], bool]:
    return entry.sources(None, "sources"), entry.flag("verified")
