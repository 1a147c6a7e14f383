"""What the codes of a chart mean in the catalogue's words: LOINC, SNOMED CT, ICD-10-CM and ICD-10, UCUM.

Each table is read when first asked for. A code that is not in a table is not recognised: ``None``, never "absent".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.unit_spellings import unit_name

LOINC_USES = ("accept", "accept_with_warning", "map_after_check", "reject", "none")
CONDITION_USES = ("active", "past", "check", "none")


@frozen
class LoincCode:
    """A LOINC code: the fact it is (or is mistaken for), and what may be done with its value."""

    code: str
    fact: str | None
    use: str
    property: str
    """``mass``, ``molar``, ``mass per time``, ``molar per time``, ``fraction`` or "" where the code says nothing."""
    ucum: tuple[str, ...]
    display: str
    source: str
    verified: bool
    note: str = ""

    def agrees_with(self, unit: str) -> bool:
        """Whether a unit of the catalogue fits the code's property; if not, that is reported and the unit decides."""
        expected = _UNITS_OF_PROPERTY.get(self.property)
        return expected is None or unit in expected


_UNITS_OF_PROPERTY: Mapping[str, frozenset[str]] = {
    "mass": frozenset({"mg/dL", "mg/L", "g/L", "g/dL", "ug/dL", "ug/L", "ng/mL"}),
    "molar": frozenset({"mmol/L", "umol/L", "mEq/L"}),
    "mass per time": frozenset({"mg/24h"}),
    "molar per time": frozenset({"mmol/24h", "mEq/24h"}),
}


@frozen
class ConditionCode:
    """A SNOMED CT or ICD code. ``use`` is ``active``, ``past``, ``check`` (may mean the facts, may not) or ``none``."""

    code: str
    facts: tuple[str, ...]
    use: str
    display: str
    sources: tuple[str, ...]
    verified: bool


@frozen
class UnitReading:
    """A unit of the catalogue, and what has to be said about the way it was written."""

    unit: str
    note: str = ""


def loinc(code: str) -> LoincCode | None:
    """The meaning of a LOINC code; None where it is not in the table."""
    return loinc_codes().get(code.strip())


def snomed(code: str) -> ConditionCode | None:
    """The meaning of a SNOMED CT code by itself; children of a listed concept are not found."""
    return snomed_codes().get(code.strip())


def icd10(code: str) -> ConditionCode | None:
    """The meaning of an ICD-10-CM or ICD-10 code: that of the longest listed prefix.

    >>> icd10("E1165").facts, icd10("F32.5").use, icd10("A00")
    (('type_2_diabetes',), 'past', None)
    """
    given = code.strip().upper().replace(".", "")
    table = icd10_prefixes()
    for length in range(len(given), 2, -1):
        found = table.get(given[:length])
        if found is not None:
            return found
    return None


def answer_points(code: str) -> int | None:
    """The points of a coded answer (``LA6571-9`` is nearly every day, 3); None where it is not one of ours."""
    return _answers().get(code.strip())


def unit(fact: str, given: str) -> UnitReading | None:
    """The catalogue's unit that a string means for a laboratory fact; None where it is none of that fact's units.

    >>> unit("serum_magnesium", "MG/DL").unit, unit("egfr", "mL/min")
    ('mg/dL', None)
    """
    known = catalogue().facts.get(fact)
    if known is None or given in _ucum()["misread"]:
        return None
    found = unit_name(given)
    if found is None:
        return None
    same: str | None = _ucum()["same"].get(fact, {}).get(found)
    if found not in known.units:
        if same is None:
            return None
        return UnitReading(same, f"{found} is the same number as {same}")
    written: list[str] = _ucum()["units"].get(found, [])
    return UnitReading(found, "" if given in written else f"{given} is not UCUM; read as {found}")


def misread_unit(given: str) -> str | None:
    """Why a valid UCUM code must not be taken for the unit it looks like; None where it is no such code."""
    note: str | None = _ucum()["misread"].get(given)
    return note


def ucum_code(unit: str) -> str | None:
    """The UCUM code we write for a unit of the catalogue."""
    codes: list[str] = _ucum()["units"].get(unit, [])
    return codes[0] if codes else None


@cache
def loinc_codes() -> Mapping[str, LoincCode]:
    """Every LOINC code of the table."""
    table, where = _file("loinc.toml")
    found: dict[str, LoincCode] = {}
    for code, fact, use, what, units, display, mark, note in _rows(table, 8):
        source, verified = _source(code, mark, where)
        ours, ucum = _fact(code, fact), tuple(units.split())
        _put(found, code, LoincCode(code, ours, use, what, ucum, display, source, verified, note))
        if use not in LOINC_USES:
            _bad(code, use, f"one of {', '.join(LOINC_USES)}")
    return found


@cache
def snomed_codes() -> Mapping[str, ConditionCode]:
    """Every SNOMED CT code of the table."""
    table, where = _file("snomed.toml")
    found: dict[str, ConditionCode] = {}
    for code, facts, display, mark in _rows(table, 4):
        keys = _facts(code, facts)
        sources = tuple(where[each] for each in mark.rstrip("?"))
        _put(found, code, ConditionCode(code, keys, "active" if keys else "none", display, sources, mark[-1:] != "?"))
    return found


@cache
def icd10_prefixes() -> Mapping[str, ConditionCode]:
    """Every ICD-10 prefix of the table, without dots."""
    table, where = _file("icd10.toml")
    found: dict[str, ConditionCode] = {}
    for code, facts, use, display, mark in _rows(table, 5):
        source, verified = _source(code, mark, where)
        if use not in CONDITION_USES:
            _bad(code, use, f"one of {', '.join(CONDITION_USES)}")
        _put(found, code.replace(".", ""), ConditionCode(code, _facts(code, facts), use, display, (source,), verified))
    return found


@cache
def _answers() -> Mapping[str, int]:
    return {str(code): int(points) for code, points in _read("loinc.toml")["answers"].items()}


@cache
def _ucum() -> Mapping[str, Any]:
    return _read("ucum.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("mgdecide.knowledge").joinpath("codes", name).read_text(encoding="utf-8"))


def _file(name: str) -> tuple[str, Mapping[str, str]]:
    read = _read(name)
    return str(read["table"]["codes"]), read["where"]


def _rows(text: str, columns: int) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line and line[0] != "#":
            cells = [cell.strip() for cell in line.split("|")]
            yield cells + [""] * (columns - len(cells))


def _source(code: str, mark: str, where: Mapping[str, str]) -> tuple[str, bool]:
    source = where.get(mark.rstrip("?"))
    if source is None:
        _bad(code, repr(mark), f"where it was read: one of {', '.join(where)}")
    return source, mark[-1:] != "?"


def _facts(code: str, given: str) -> tuple[str, ...]:
    return () if given == "-" else tuple(name for each in given.split() if (name := _fact(code, each)) is not None)


def _fact(code: str, name: str) -> str | None:
    if name == "-":
        return None
    if name not in catalogue().facts:
        _bad(code, name, "a fact of the catalogue, or -")
    return name


def _put(table: dict[str, Any], code: str, value: object) -> None:
    if code in table:
        _bad(code, "given twice", "one line for each code")
    table[code] = value


def _bad(code: str, given: str, accepted: str) -> NoReturn:
    raise InvalidKnowledge(Problem("MGD-K114", f"codes: {code}", given, accepted))
