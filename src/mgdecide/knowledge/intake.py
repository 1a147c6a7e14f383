"""Reference intakes of magnesium by age, sex, pregnancy and lactation, as their issuers print them.

An average requirement judges groups; of one person a diet is said to lie below it, between it and the allowance, or
at or above the allowance. Upper levels speak of supplements and medicines only.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Literal, TypeAlias, cast

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, entries, exact, read_toml

Measure: TypeAlias = Literal["EAR", "RDA", "AI", "UL"]
State: TypeAlias = Literal["", "pregnant", "lactating"]
Sex: TypeAlias = Literal["female", "male"]


@frozen
class IntakeRow:
    """One cell of a table: for whom, how much. ``age_below`` is excluded; ``sex`` None means either."""

    issuer: str
    measure: Measure
    state: State
    sex: Sex | None
    age_from: float
    age_below: float | None
    amount: Decimal
    edition: str
    sources: tuple[str, ...]
    verified: bool
    note: str = ""

    @property
    def milligrams(self) -> float:
        """The amount in mg a day, as engines compare it."""
        return float(self.amount)

    def covers(self, age: float, sex: Sex | None, state: State) -> bool:
        """Whether the row speaks of a person of this age, sex and state."""
        of_age = self.age_from <= age and (self.age_below is None or age < self.age_below)
        return of_age and self.state == state and self.sex in (None, sex)


@cache
def intake_rows() -> tuple[IntakeRow, ...]:
    """Every row this release ships, in the order of the file."""
    path = KNOWLEDGE / "intake.toml"
    return read_intake(path.read_text(encoding="utf-8"), path.name)


def reference_row(issuer: str, measure: Measure, age: float, sex: Sex | None, state: State = "") -> IntakeRow | None:
    """The row for a person; the general row where there is none for the state, ``None`` where there is none at all."""
    rows = [row for row in intake_rows() if (row.issuer, row.measure) == (issuer, measure)]
    wanted_states: tuple[State, ...] = (state, "")
    for wanted in wanted_states:
        for row in rows:
            if row.covers(age, sex, wanted):
                return row
    return None


def read_intake(text: str, path: str = "intake.toml", known: frozenset[str] | None = None) -> tuple[IntakeRow, ...]:
    """Read intake tables from TOML; ``known`` are the source keys there are.

    Raises:
        InvalidKnowledge: a row that is no row, ages that overlap, an amount that is no positive decimal in quotes,
            a table without source.
    """
    problems: list[Problem] = []
    rows: list[IntakeRow] = []
    for entry in entries(read_toml(text, path), "table", path, problems):
        rows += _rows(entry, known)
    if problems:
        raise InvalidKnowledge(problems)
    return tuple(rows)


def _rows(entry: Entry, known: frozenset[str] | None) -> Iterator[IntakeRow]:
    issuer = entry.text("issuer")
    measure = cast(Measure, entry.word("measure", ("EAR", "RDA", "AI", "UL")))
    state = cast(State, entry.word("state", ("", "pregnant", "lactating"), ""))
    edition, sources = entry.text("edition"), entry.sources(known)
    verified, note = entry.flag("verified", False), entry.text("note", "")
    end: Decimal | None = Decimal(0)
    for index, (age_from, age_below, women, men) in enumerate(_cells(entry)):
        if end is None or age_from < end or (age_below is not None and age_below <= age_from):
            entry.mistake("MGD-K207", f"rows[{index}]", f"from {age_from}", "ages that rise and do not overlap")
        end = age_below
        same = women == men
        for sex, amount in ((None, women),) if same else (("female", women), ("male", men)):
            if amount is not None:
                yield IntakeRow(
                    issuer=issuer,
                    measure=measure,
                    state=state,
                    sex=cast(Sex | None, "female" if state else sex),
                    age_from=float(age_from),
                    age_below=None if age_below is None else float(age_below),
                    amount=amount,
                    edition=edition,
                    sources=sources,
                    verified=verified,
                    note=note,
                )
    entry.done()


def _cells(entry: Entry) -> Iterator[tuple[Decimal, Decimal | None, Decimal | None, Decimal | None]]:
    for index, row in enumerate(entry.rows("rows")):
        cells = [None if cell == "" else exact(cell) for cell in row]
        wrong = [cell for cell, given in zip(cells, row, strict=True) if given != "" and (cell is None or cell < 0)]
        if len(cells) != 4 or cells[0] is None or wrong or all(cell is None for cell in cells[2:]):
            accepted = 'four texts: age from, age below or "", mg a day for women, for men (in quotes)'
            entry.mistake("MGD-K202", f"rows[{index}]", row, accepted)
            continue
        yield cells[0], cells[1], cells[2], cells[3]
