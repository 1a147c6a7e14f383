"""One plan for the day where more than two medicines must be kept apart from magnesium.

Separate alerts for each would only tire; a plan says when magnesium may be taken at all.
"""

from __future__ import annotations

from mgdecide.domain.dayplan import Dose, told
from mgdecide.knowledge.interactions import Interaction
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Answers, Rulebook

FEWEST = 3
"""More than two medicines make a plan worth reading."""


def day_plan(book: Rulebook, answers: Answers, reading: Reading) -> str | None:
    """The plan in words, or None where two medicines or fewer need separation. The widest published hours are kept."""
    doses: list[Dose] = []
    without_times: list[str] = []
    named: set[str] = set()
    for rule, answer in zip(book.rules, answers.findings, strict=True):
        row = rule.interaction.row if rule.interaction is not None else None
        if answer is not True or row is None or row.separation is None or row.action != "separate":
            continue
        for medicine in {each for name in row.classes for each in reading.medicines.get(name, ())}:
            name = book.knowledge.name_of(medicine)
            named.add(name)
            doses += [_dose(name, minute, row) for minute in medicine.times]
            if not medicine.times:
                without_times.append(name)
    if len(named) < FEWEST:
        return None
    return told(sorted(doses, key=str), sorted(set(without_times)))


def _dose(name: str, minute: int, row: Interaction) -> Dose:
    assert row.separation is not None
    return Dose(name, minute, row.separation.widest_before_minutes, row.separation.widest_after_minutes)
