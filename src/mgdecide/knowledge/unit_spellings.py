"""The catalogue's name of a unit for the ways laboratories write it: ``meq/L``, ``MG/DL``, ``mL/min/{1.73_m2}``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

_MICRO = str.maketrans({"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u"})
_LONGEST = 40


def unit_name(spelling: str) -> str | None:
    """The unit a spelling means, by the catalogue's name; None where it is not known.

    >>> unit_name("MG/DL"), unit_name("\u00b5mol / l"), unit_name("Mg/dL")
    ('mg/dL', 'umol/L', None)
    """
    table = _spellings()
    found = table.get(spelling)
    if found is not None or len(spelling) > _LONGEST:
        return found
    plain = "".join(spelling.split()).translate(_MICRO)
    if plain[:1] == "M" and plain[1:2].islower():  # mega: never what a laboratory means, and never guessed
        return None
    return table.get(plain.casefold())


@cache
def _spellings() -> Mapping[str, str]:
    return read_unit_spellings((KNOWLEDGE / "unit_spellings.toml").read_text(encoding="utf-8"))


def read_unit_spellings(text: str) -> Mapping[str, str]:
    """Read spellings from TOML: each with the unit it means.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind; MGD-K204 one
            spelling for two units, which would be a guess. All mistakes at once.
    """
    return read_table(text, "unit_spellings.toml", _table)


def _table(file: Entry) -> Mapping[str, str]:
    file.text("reviewed")
    file.texts("source")
    units = file.inner("units")
    table: dict[str, str] = {}
    for name in units:
        for spelling in (name, name.casefold(), *units.texts(name, empty=True)):
            if table.setdefault(spelling, name) != name:
                units.mistake("MGD-K204", name, spelling, f"each spelling for one unit; {table[spelling]} has it")
    return table
