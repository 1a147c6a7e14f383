"""What is collected while a chart is read; one for each reading, thrown away afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from attrs import define, field

from mgdecide.adapters.fhir.report import Detail, Note
from mgdecide.domain.patient import Medication

Resource: TypeAlias = dict[str, Any]
"""A JSON object of a Bundle. Its shape is not known until looked at; a wrong one raises and is reported."""

Candidate: TypeAlias = tuple[date, Resource, Resource, Any]
"""A result that may count: its day, the Observation, the part that holds the value, and what its code means."""

WRONG_SHAPE = (AttributeError, KeyError, TypeError, ValueError, IndexError, ArithmeticError)
"""What taking apart a resource of the wrong shape raises: text where a list belongs, a number where an object does."""

_NEITHER = frozenset(("Observation", "QuestionnaireResponse", "AllergyIntolerance", "ServiceRequest", "Specimen"))
_NOT_MEDICINES = _NEITHER | {"Condition", "Procedure"}
_NOT_CONDITIONS = _NEITHER | {"MedicationRequest", "MedicationStatement", "MedicationAdministration", "Medication"}


@define
class Points:
    """What was recorded of one questionnaire on one day."""

    totals: list[int] = field(factory=list)
    items: dict[int, int] = field(factory=dict)
    sources: list[str] = field(factory=list)


@define
class Chart:
    """Everything read so far. ``find`` follows a reference: it is given the resource that holds it and its text."""

    on: date | None
    find: Callable[[Resource, Any], Resource | None]
    notes: list[Note] = field(factory=list)
    results: dict[str, list[Candidate]] = field(factory=dict)
    points: dict[tuple[str, date], Points] = field(factory=dict)
    conditions: dict[str, bool] = field(factory=dict)
    unsettled: dict[str, str] = field(factory=dict)
    """Conditions that may hold and cannot be told: neither true nor, by a complete list, false."""
    open_signs: dict[str, str] = field(factory=dict)
    """Acute signs that are on record and may or may not be there now."""
    presenting: dict[str, bool] = field(factory=dict)
    pregnant: bool | None = None
    tobacco: bool | None = None
    medicines: list[Medication] = field(factory=list)
    doubtful_medicine: bool = False
    """A medicine that may be taken and cannot be told, so that a list cannot be called complete."""
    doubtful_condition: bool = False
    """A resource that could not be read and may have been a condition or its treatment: the same of that list."""
    unmapped: list[str] = field(factory=list)
    remarks: list[str] = field(factory=list)

    def used(self, resource: Resource, what: str, detail: Detail = "", code: str = "") -> None:
        """A resource that entered the patient."""
        self.notes.append((resource["resourceType"], resource.get("id"), True, code, what, detail))

    def refused(self, resource: Resource, code: str, what: str = "", detail: Detail = "") -> None:
        """A resource, or a part of one, that did not."""
        self.notes.append((resource["resourceType"], resource.get("id"), False, code, what, detail))

    def doubt(self, kind: str) -> None:
        """A resource of a kind could not be read at all: whatever it may have said is unknown, and never false."""
        self.doubtful_medicine = self.doubtful_medicine or kind not in _NOT_MEDICINES
        self.doubtful_condition = self.doubtful_condition or kind not in _NOT_CONDITIONS

    def is_later(self, day: date) -> bool:
        """Whether a day is after the day of assessment."""
        return self.on is not None and day > self.on

    def days_ago(self, day: date) -> int | None:
        """Days from a day to the day of assessment; None where there is none."""
        return None if self.on is None else (self.on - day).days
