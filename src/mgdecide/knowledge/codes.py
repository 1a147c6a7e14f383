"""What the codes of a chart mean in the catalogue's words: LOINC, SNOMED CT, ICD-10-CM and ICD-10, UCUM.

Each table is read when first asked for. A code that is not in a table is not recognised: ``None``, never "absent".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from attrs import frozen

from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table
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
class LoincTable:
    """The LOINC codes, and the points of coded answers."""

    codes: Mapping[str, LoincCode]
    answers: Mapping[str, int]


@frozen
class UcumTable:
    """How our units are written in UCUM; codes that must not be taken for one; units that are the same number."""

    units: Mapping[str, tuple[str, ...]]
    misread: Mapping[str, str]
    same: Mapping[str, Mapping[str, str]]


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
    return _loinc().answers.get(code.strip())


def unit(fact: str, given: str) -> UnitReading | None:
    """The catalogue's unit that a string means for a laboratory fact; None where it is none of that fact's units.

    >>> unit("serum_magnesium", "MG/DL").unit, unit("egfr", "mL/min")
    ('mg/dL', None)
    """
    known = catalogue().facts.get(fact)
    if known is None or given in ucum().misread:
        return None
    found = unit_name(given)
    if found is None:
        return None
    same = ucum().same.get(fact, {}).get(found)
    if found not in known.units:
        if same is None:
            return None
        return UnitReading(same, f"{found} is the same number as {same}")
    written = ucum().units.get(found, ())
    return UnitReading(found, "" if given in written else f"{given} is not UCUM; read as {found}")


def misread_unit(given: str) -> str | None:
    """Why a valid UCUM code must not be taken for the unit it looks like; None where it is no such code."""
    return ucum().misread.get(given)


def ucum_code(unit: str) -> str | None:
    """The UCUM code we write for a unit of the catalogue."""
    codes = ucum().units.get(unit, ())
    return codes[0] if codes else None


# --- the files ------------------------------------------------------------------------------------------------


def loinc_codes() -> Mapping[str, LoincCode]:
    """Every LOINC code of the table."""
    return _loinc().codes


@cache
def _loinc() -> LoincTable:
    return read_loinc(_text("loinc.toml"))


@cache
def snomed_codes() -> Mapping[str, ConditionCode]:
    """Every SNOMED CT code of the table."""
    return read_snomed(_text("snomed.toml"))


@cache
def icd10_prefixes() -> Mapping[str, ConditionCode]:
    """Every ICD-10 prefix of the table, without dots."""
    return read_icd10(_text("icd10.toml"))


@cache
def ucum() -> UcumTable:
    """How units are written."""
    return read_ucum(_text("ucum.toml"))


def read_loinc(text: str) -> LoincTable:
    """The LOINC codes of one TOML text.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind; MGD-K114 a line
            whose fact, use or source does not exist, or a code given twice. All mistakes at once.
    """
    return read_table(text, "codes/loinc.toml", _loinc_table)


def read_snomed(text: str) -> Mapping[str, ConditionCode]:
    """The SNOMED CT codes of one TOML text; the errors are those of ``read_loinc``."""
    return read_table(text, "codes/snomed.toml", _snomed_table)


def read_icd10(text: str) -> Mapping[str, ConditionCode]:
    """The ICD-10 prefixes of one TOML text, without dots; the errors are those of ``read_loinc``."""
    return read_table(text, "codes/icd10.toml", _icd10_table)


def read_ucum(text: str) -> UcumTable:
    """The UCUM codes of one TOML text; the errors are those of ``read_loinc``."""
    return read_table(text, "codes/ucum.toml", _ucum_table)


def _loinc_table(file: Entry) -> LoincTable:
    file.text("system")
    answers = file.inner("answers")
    table = _Codes(file)
    found: dict[str, LoincCode] = {}
    for code, fact, use, what, units, display, mark, note in table.rows(8):
        source, facts = table.source(code, mark), table.facts(code, fact)
        if len(facts) > 1:
            table.bad(code, fact, "one fact")
        table.use(code, use, LOINC_USES)
        table.once(code, found)
        found[code] = LoincCode(
            code,
            facts[0] if facts else None,
            use,
            what,
            tuple(units.split()),
            display,
            source,
            _is_verified(mark),
            note,
        )
    return LoincTable(found, {code: answers.whole(code) for code in answers})


def _snomed_table(file: Entry) -> Mapping[str, ConditionCode]:
    file.text("system")
    table = _Codes(file)
    found: dict[str, ConditionCode] = {}
    for code, facts, display, mark in table.rows(4):
        keys, sources = table.facts(code, facts), table.sources(code, mark)
        table.once(code, found)
        found[code] = ConditionCode(code, keys, "active" if keys else "none", display, sources, _is_verified(mark))
    return found


def _icd10_table(file: Entry) -> Mapping[str, ConditionCode]:
    file.texts("systems")
    table = _Codes(file)
    found: dict[str, ConditionCode] = {}
    for code, facts, use, display, mark in table.rows(5):
        keys, source = table.facts(code, facts), table.source(code, mark)
        table.use(code, use, CONDITION_USES)
        plain = code.replace(".", "")
        table.once(plain, found)
        found[plain] = ConditionCode(code, keys, use, display, (source,), _is_verified(mark))
    return found


def _ucum_table(file: Entry) -> UcumTable:
    file.text("edition")
    file.text("system")
    file.texts("sources")
    units, misread = file.inner("units"), file.inner("misread")
    return UcumTable(
        {unit: units.texts(unit) for unit in units},
        {unit: misread.text(unit) for unit in misread},
        {fact: {unit: entry.text(unit) for unit in entry} for fact, entry in file.named("same")},
    )


class _Codes:
    """The lines of one file, with what each of their cells must be."""

    def __init__(self, file: Entry) -> None:
        file.text("edition")
        where, self.table = file.inner("where"), file.inner("table")
        self.where = {mark: where.text(mark) for mark in where}

    def rows(self, columns: int) -> Iterator[list[str]]:
        """The cells of each line; empty ones at the end of a line may be left out."""
        for cells in self.table.lines("codes", "|", 1, columns):
            yield [cell.strip() for cell in cells] + [""] * (columns - len(cells))
        self.table.done()

    def facts(self, code: str, given: str) -> tuple[str, ...]:
        """The facts a cell names; none for a dash."""
        found = tuple(name for name in given.split() if name != "-")
        for name in found:
            if name not in catalogue().facts:
                self.bad(code, name, "a fact of the catalogue, or -")
        return found

    def sources(self, code: str, mark: str) -> tuple[str, ...]:
        """The sources that the letters of a mark stand for."""
        letters = mark.rstrip("?")
        if not letters or any(letter not in self.where for letter in letters):
            self.bad(code, repr(mark), f"where it was read: one of {', '.join(self.where)}")
        return tuple(self.where[letter] for letter in letters if letter in self.where)

    def source(self, code: str, mark: str) -> str:
        """The one source of a mark of one letter."""
        found = self.sources(code, mark)
        if len(found) > 1:
            self.bad(code, repr(mark), "one letter")
        return found[0] if found else ""

    def use(self, code: str, given: str, words: tuple[str, ...]) -> None:
        """Note a word that is none of the few."""
        if given not in words:
            self.bad(code, given, f"one of {', '.join(words)}")

    def once(self, code: str, found: Mapping[str, object]) -> None:
        """Note a code that was given before."""
        if code in found:
            self.bad(code, "given twice", "one line for each code")

    def bad(self, code: str, given: str, accepted: str) -> None:
        """Note a line that must not be loaded."""
        self.table.mistake("MGD-K114", f"codes {code}", given, accepted)


def _is_verified(mark: str) -> bool:
    return mark[-1:] != "?"


def _text(name: str) -> str:
    return (KNOWLEDGE / "codes" / name).read_text(encoding="utf-8")
