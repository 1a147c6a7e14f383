"""Do the rows that ``judge`` gave say what they must? Every cell that does not, with its patient.

``expected_verdicts`` says what a row must say, from the plain engine; ``verdicts_of`` reads the same off a complete
``Assessment``, as far as an assessment tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import Regimens

Row = Mapping[str, object]


@frozen
class Disagreement:
    """One cell: whose, which column, what it must say and what it says."""

    patient: object
    column: str
    expected: object
    judged: object


def disagreements(expected: Iterable[Row], judged: Iterable[Row], key: str = "patient") -> list[Disagreement]:
    """Every cell of ``judged`` that differs from ``expected``; rows in any order, keys of ``expected`` without repeats.

    A missing or additional row is one disagreement under the name of the key; so is a wrong set or order of columns.
    """
    wanted = {row[key]: row for row in expected}
    found: list[Disagreement] = []
    for row in judged:
        want = wanted.pop(row[key], None)
        if want is None:
            found.append(Disagreement(row[key], key, "no such row, or but one", "a row"))
        elif list(want) != list(row):
            found.append(Disagreement(row[key], key, list(want), list(row)))
        else:
            found += [
                Disagreement(row[key], name, value, row[name])
                for name, value in want.items()
                if type(value) is not type(row[name]) or value != row[name]
            ]
    return found + [Disagreement(left, key, "a row", "none") for left in wanted]


def verdicts_of(assessment: Assessment) -> dict[str, object]:
    """The verdicts an assessment tells: status, gate, urgent where true, findings that are true, fits if not withheld.

    An assessment lists what is true; whether a rule that is not listed is false or unknown is the oracle's to say.
    """
    told: dict[str, object] = {
        "status": assessment.status.category,
        "gate": assessment.gate.state.value,
        **{f"finding.{finding.rule}": True for finding in assessment.findings},
    }
    if isinstance(assessment.regimens, Regimens):
        told |= {f"fit.{each.study}": each.fit.value for each in assessment.regimens.items}
    return told


def told_in(row: Row) -> dict[str, object]:
    """The same, read off a row of ``judge``."""
    return {
        name: value
        for name, value in row.items()
        if name in ("status", "gate")
        or (name.startswith("finding.") and value is True)
        or (name.startswith("fit.") and value is not None)
    }
