"""The register of ingredients: their names, ATC codes and RxNorm numbers, and the combinations of them.

The table is a text of lines so that reading it takes milliseconds; each index over it is made when first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import NoReturn

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.medicine_words import Vocabulary, Way, spelled
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

_FILE = "medicine_names.toml"
MINERALS_AND_VITAMINS = ("A02A", "A06AD", "A11", "A12", "B03")
"""Ingredients of these groups are taken beside a metal, not as its salt: "vitamin D calcium" is two ingredients."""

Parts = tuple[str, ...]
"""The ingredients that one name or code stands for."""


@frozen
class Ingredient:
    """One ingredient. ``atc`` holds its own codes, ``atc_groups`` groups it belongs to without a code of its own."""

    name: str
    atc: tuple[str, ...]
    atc_groups: tuple[str, ...]
    rxnorm: tuple[str, ...]
    recalled_rxnorm: tuple[str, ...]
    also: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes and groups together: what decides its classes."""
        return self.atc + self.atc_groups


@frozen
class Register:
    """All ingredients of one edition."""

    edition: str
    rows: Mapping[str, list[str]]
    """Ingredient -> the cells of its line: name, ATC, RxNorm, other names (missing cells at the end are empty)."""
    combinations: tuple[tuple[str, str, tuple[str, ...], Parts], ...]
    """Name (or ""), ATC code (or ""), other names, ingredients."""
    historic: tuple[tuple[str, str], ...]
    """An ATC code of former years, and the ingredient it stood for."""
    atc_groups: frozenset[str]
    """The groups of the third ATC level that exist."""
    vocabulary: Vocabulary

    def ingredient(self, name: str) -> Ingredient:
        """One ingredient of the register, by its own name."""
        cells = self.rows[name]
        codes, numbers, also = _cell(cells, 1).split(), _cell(cells, 2).split(), _cell(cells, 3)
        return Ingredient(
            name=name,
            atc=tuple(code for code in codes if code[-1] != "~"),
            atc_groups=tuple(code[:-1] for code in codes if code[-1] == "~"),
            rxnorm=tuple(number.rstrip("?") for number in numbers),
            recalled_rxnorm=tuple(number[:-1] for number in numbers if number[-1] == "?"),
            also=tuple(also.split(", ")) if also else (),
        )

    @cached_property
    def names(self) -> Mapping[str, Parts]:
        """Every name, spelled as ``medicine_words.spelled`` does -> the ingredients it stands for."""
        found: dict[str, Parts] = {}
        for name, cells in self.rows.items():
            one: Parts = (name,)
            _put(found, spelled(name), one)
            if len(cells) > 3:
                for also in cells[3].split(", "):
                    _put(found, spelled(also), one)
        for name, _, others, parts in self.combinations:
            for each in (name, *others) if name else others:
                _put(found, spelled(each), parts)
        return found

    @cached_property
    def atc(self) -> Mapping[str, Parts]:
        """An ATC code of the last level, of today or of former years -> the ingredients it stands for."""
        found: dict[str, Parts] = {}
        for name, cells in self.rows.items():
            for code in _cell(cells, 1).split():
                if code[-1] != "~":
                    _put(found, code, (name,))
        for _, code, _, parts in self.combinations:
            if code:
                _put(found, code, parts)
        for code, name in self.historic:
            _put(found, code, (name,))
        return found

    @cached_property
    def combination_codes(self) -> Mapping[frozenset[str], str]:
        """A set of ingredients -> the ATC code of their fixed combination."""
        return {frozenset(parts): code for _, code, _, parts in self.combinations if code}

    @cached_property
    def rxnorm(self) -> Mapping[str, Parts]:
        """An RxNorm ingredient number -> the ingredient."""
        found: dict[str, Parts] = {}
        for name, cells in self.rows.items():
            for number in _cell(cells, 2).split():
                _put(found, number.rstrip("?"), (name,))
        return found

    def is_mineral(self, name: str) -> bool:
        """Whether a metal after this name (as spelled) is one more ingredient, not its salt."""
        return any(
            code.startswith(MINERALS_AND_VITAMINS)
            for part in self.names.get(name, ())
            for code in self.ingredient(part).codes
        )


@cache
def load_register() -> Register:
    """The register this release ships, read once."""
    return read_register((KNOWLEDGE / "medicine_names.toml").read_text(encoding="utf-8"))


def read_register(text: str) -> Register:
    """Read the register from TOML. A name or code with two meanings raises when its index is first made.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind, or a line of the
            wrong number of cells; MGD-K112 a combination or a former code of an ingredient that has no line. All
            mistakes at once.
    """
    return read_table(text, _FILE, _register)


def _register(file: Entry) -> Register:
    file.text("atc_source", "")
    file.texts("rxnorm_sources", ())
    rows = {cells[0]: cells for cells in file.lines("ingredients", " | ", 1, 4)}
    combinations = tuple(
        ("" if name == "-" else name, code, tuple(also.split(", ")) if also else (), tuple(parts.split(" + ")))
        for name, code, also, parts in file.lines("combinations", " | ", 4, 4)
    )
    historic = tuple((code, name) for code, name in file.lines("historic", " | ", 2, 2))
    for key, parts in (*(("combinations", row[3]) for row in combinations), *(("historic", (n,)) for _, n in historic)):
        if not rows.keys() >= set(parts):
            file.mistake("MGD-K112", key, " + ".join(parts), "ingredients that have a line of their own")
    return Register(
        edition=file.text("edition"),
        rows=rows,
        combinations=combinations,
        historic=historic,
        atc_groups=frozenset(file.text("atc_groups").split()),
        vocabulary=Vocabulary(
            ways={word: way for way in Way if way is not Way.NOT_SAID for word in file.texts(way.value, empty=True)},
            negations=frozenset(file.texts("negations", empty=True)),
            salt_metals=frozenset(file.texts("salt_metals", empty=True)),
            silent=frozenset(file.text("noise", "").split()),
        ),
    )


def _cell(cells: list[str], at: int) -> str:
    return cells[at] if len(cells) > at else ""


def _put(table: dict[str, Parts], key: str, value: Parts) -> None:
    if table.setdefault(key, value) != value:
        _bad(key, f"{' + '.join(table[key])} and {' + '.join(value)}", "one meaning for each name and code")


def _bad(key: str, given: str, accepted: str) -> NoReturn:
    raise InvalidKnowledge(Problem("MGD-K112", f"{_FILE}: {key}"[:200], given[:200], accepted))
