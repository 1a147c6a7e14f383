"""The catalogue's name of a unit for the ways laboratories write it: ``meq/L``, ``MG/DL``, ``mL/min/{1.73_m2}``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

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
    text = files("mgdecide.knowledge").joinpath("unit_spellings.toml").read_text(encoding="utf-8")
    units: dict[str, list[str]] = tomllib.loads(text)["units"]
    table: dict[str, str] = {}
    for name, others in units.items():
        for spelling in (name, name.casefold(), *others):
            # One spelling for two units would be a guess; the table is ours, so this can only fail in development.
            if table.setdefault(spelling, name) != name:
                raise ValueError(f"{spelling!r} stands for two units")
    return table
