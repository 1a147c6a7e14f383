"""What ``judge`` must say of one row, worked out without any data frame.

The cleaning of cells is written here a second time, for one row and in plain Python, so that the two can be held
against each other. The verdicts are those of the plain engine, which ``assess`` uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mgdecide.cohort.columns import (
    DEFAULT_KEY,
    UNUSABLE,
    CohortColumns,
    LabColumns,
    NumberColumn,
    WordColumn,
    YesNoColumn,
    cohort_columns,
)
from mgdecide.knowledge.edition import Knowledge, default_knowledge
from mgdecide.rules.regimens import fits
from mgdecide.rules.rulebook import fit_of, rulebook

_GATE = {True: "closed", None: "undecided", False: "open"}


def expected_verdicts(row: Mapping[str, object], *, knowledge: Knowledge | None = None) -> dict[str, object]:
    """The output row of ``judge`` for an input row; ``patient`` is the key."""
    book = rulebook(knowledge or default_knowledge())
    facts, unusable = usable_facts(row, cohort_columns(book.knowledge))
    _complete(facts, book.knowledge)
    answers = book.answer(facts)
    gate = _GATE[answers.closing]
    return {
        DEFAULT_KEY: row[DEFAULT_KEY],
        "status": answers.status,
        "gate": gate,
        "urgent": answers.any_urgent,
        **{f"finding.{rule.id}": found for rule, found in zip(book.rules, answers.findings, strict=True)},
        **{
            f"fit.{study}": fit_of(answer).value if gate == "open" else None
            for study, answer in fits(book, answers).items()
        },
        UNUSABLE: ",".join(sorted(unusable)) or None,
    }


def usable_facts(row: Mapping[str, object], columns: CohortColumns) -> tuple[dict[str, object], list[str]]:
    """The cells that may be used, and the names of those that may not."""
    facts: dict[str, object] = {}
    unusable: list[str] = []
    for column in columns.simple:
        value = row.get(column.name)
        if value is None:
            continue
        match column:
            case NumberColumn(name, low, high):
                fits = isinstance(value, float) and low <= value <= high
            case WordColumn(name, words):
                fits = value in words
            case YesNoColumn(name):
                fits = isinstance(value, bool)
        if fits:
            facts[name] = value
        else:
            unusable.append(name)
    for lab in columns.labs:
        found = dict(_lab_facts(row, lab, unusable))
        if lab.name in found:
            facts.update(found)
    return facts, unusable


def _lab_facts(row: Mapping[str, object], lab: LabColumns, unusable: list[str]) -> Iterator[tuple[str, object]]:
    value, unit, sign = (row.get(name) for name in (lab.name, lab.unit.name, lab.comparator.name))
    if unit is None and len(lab.ranges) == 1:
        unit = lab.unit.words[0]
    low, high = lab.ranges[unit] if isinstance(unit, str) and unit in lab.ranges else (1.0, 0.0)
    fits = isinstance(value, float) and low <= value <= high
    if value is not None and not fits:
        unusable.append(lab.name)
    if sign is not None and sign not in lab.comparator.words:
        unusable.append(lab.comparator.name)
    elif fits:
        yield lab.name, value
        yield lab.unit.name, unit
        if sign is not None:
            yield lab.comparator.name, sign
    for column in lab.companions:
        number = row.get(column.name)
        if isinstance(number, float) and column.low <= number <= column.high:
            yield column.name, number
        elif number is not None:
            unusable.append(column.name)


def _complete(facts: dict[str, object], knowledge: Knowledge) -> None:
    """What a patient's record says beyond what it names; see ``rules.row``."""
    for fact in knowledge.catalogue.group("record"):
        facts.setdefault(fact.name, False)
    if facts["conditions_complete"]:
        facts.update({**knowledge.no_conditions, **facts})
    taken, on = facts.get("takes_magnesium_product"), facts.get("on_magnesium_product")
    if facts["medications_complete"] and not facts["unrecognised_medicine"]:
        facts.update({**knowledge.no_medicines, **facts})
    if taken or on:
        facts["takes_magnesium_product"] = facts["on_magnesium_product"] = True
    elif taken is False:
        facts.setdefault("product_magnesium_mg_low", 0.0)
        facts.setdefault("product_magnesium_mg_high", 0.0)
