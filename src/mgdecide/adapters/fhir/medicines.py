"""Medicines taken now: requests, statements and administrations, whatever way they name what is taken."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import Chart, Resource
from mgdecide.adapters.fhir.codings import ATC, RXNORM, shown
from mgdecide.adapters.fhir.dates import day_of
from mgdecide.adapters.fhir.vocabulary import Vocabulary
from mgdecide.domain.patient import Medication
from mgdecide.knowledge.medicines import Recognised, classify

_NOT_MEANT = frozenset(("proposal", "plan", "option"))
_UNCLEAR = frozenset(("unknown", "", "draft"))
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?", re.ASCII)


def read_request(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """A MedicationRequest that is active, meant, not forbidden, begun and not over."""
    if resource.get("intent") in _NOT_MEANT:
        chart.refused(resource, reasons.STATUS, _name(resource, chart), f"intent {resource['intent']}")
    elif resource.get("doNotPerform") is True:
        chart.refused(resource, reasons.STATUS, _name(resource, chart), "an order not to give it")
    elif _may_be_taken(resource, "active", chart):
        authored = resource.get("authoredOn")
        if authored is not None and chart.is_later(day_of(authored)):
            chart.refused(resource, reasons.LATER, _name(resource, chart), authored)
            return
        dosage = resource.get("dosageInstruction", ())
        begun, ended = _bounds(dosage)
        if ended is None and "dispenseRequest" in resource:
            ended = _end_of(resource["dispenseRequest"].get("validityPeriod"))
        _take(resource, dosage, begun, ended, chart)


def read_statement(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """A MedicationStatement that is active on the day."""
    if _may_be_taken(resource, "active", chart):
        period = resource.get("effectivePeriod") or {}
        start = resource.get("effectiveDateTime") or period.get("start")
        dosage = resource.get("dosage", ())
        _take(resource, dosage, None if start is None else day_of(start), _end_of(period) or _bounds(dosage)[1], chart)


def read_administration(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """A MedicationAdministration that goes on, or was completed within the last days."""
    status = resource.get("status")
    if status not in ("in-progress", "completed"):
        chart.refused(resource, reasons.STATUS, _name(resource, chart), str(status or "no status"))
        return
    period = resource.get("effectivePeriod") or {}
    text = resource.get("effectiveDateTime") or period.get("end") or period.get("start")
    day = None if text is None else day_of(text)
    if day is not None and chart.is_later(day) and status == "completed":
        chart.refused(resource, reasons.LATER, _name(resource, chart), str(text))
    elif status == "completed" and (day is None or (chart.days_ago(day) or 0) > words.days["administration"]):
        chart.refused(resource, reasons.OVER, _name(resource, chart), text or "undated")
    else:
        _take(resource, (), None, None, chart)


def _may_be_taken(resource: Resource, wanted: str, chart: Chart) -> bool:
    status = resource.get("status", "")
    if status == wanted:
        return True
    if status in _UNCLEAR:
        chart.doubtful_medicine = True
    chart.refused(resource, reasons.STATUS, _name(resource, chart), str(status) or "no status")
    return False


def _take(resource: Resource, dosage: Any, begun: date | None, ended: date | None, chart: Chart) -> None:
    if begun is not None and chart.is_later(begun):
        chart.refused(resource, reasons.LATER, _name(resource, chart), begun.isoformat())
        return
    if ended is not None and chart.on is not None and ended < chart.on:
        chart.refused(resource, reasons.OVER, _name(resource, chart), ended.isoformat())
        return
    concept = resource.get("medicationCodeableConcept")
    if concept is None:
        _take_referenced(resource, dosage, chart)
        return
    medicine = _medicine(concept, _times(dosage), resource)
    if medicine is None:
        chart.doubtful_medicine = True
        chart.refused(resource, reasons.CODE_UNKNOWN, "a medicine without name or code")
        return
    chart.medicines.append(medicine)
    chart.used(resource, "medicine", medicine)


def _take_referenced(resource: Resource, dosage: Any, chart: Chart) -> None:
    reference = resource.get("medicationReference")
    found = None if reference is None else chart.find(resource, reference)
    times = _times(dosage)
    if found is None or found.get("resourceType") != "Medication":
        display = (reference or {}).get("display")
        named = str(display) if display else "a medicine that is only referred to"
        chart.medicines.append(Medication(named, None, None, times, _source(resource)))
        chart.used(resource, "medicine", named, "" if display else reasons.NOT_FOUND)
        return
    if found.get("status") == "entered-in-error":
        chart.doubtful_medicine = True
        chart.refused(resource, reasons.STATUS, shown(found.get("code") or {}), "its Medication was entered in error")
        return
    medicine = _medicine(found.get("code") or {}, times, resource)
    taken = [medicine] if medicine is not None else []
    if medicine is None or not _known(medicine):  # a product of its own making is known by what it holds
        parts = [_medicine(part["itemCodeableConcept"], times, resource) for part in found.get("ingredient", ())
                 if "itemCodeableConcept" in part]  # fmt: skip
        named_parts = [part for part in parts if part is not None]
        taken = named_parts if named_parts and all(_known(part) for part in named_parts) else taken + named_parts
    if not taken:
        chart.doubtful_medicine = True
        chart.refused(resource, reasons.CODE_UNKNOWN, "a medicine without name or code")
    for each in taken:
        chart.medicines.append(each)
        chart.used(resource, "medicine", each)


def _medicine(concept: Resource, times: tuple[int, ...], resource: Resource) -> Medication | None:
    """Name and codes of a concept; of several RxNorm codes the first that is recognised."""
    atc = rxnorm = None
    others: list[str] = []
    for coding in concept.get("coding", ()):
        system = coding.get("system")
        code = coding.get("code")
        if type(code) is not str:
            continue
        if system in RXNORM:
            if rxnorm is None:
                rxnorm = code
            else:
                others.append(code)
        elif system in ATC and (atc is None or len(code) > len(atc)):
            atc = code
    if others and rxnorm is not None:
        rxnorm = next((code for code in (rxnorm, *others) if isinstance(classify(rxnorm=code), Recognised)), rxnorm)
    name = shown(concept) or None
    if name is not None and name in (rxnorm, atc):
        name = None
    if name is None and atc is None and rxnorm is None:
        return None
    return Medication(name, atc, rxnorm, times, _source(resource))


def _known(medicine: Medication) -> bool:
    return isinstance(classify(medicine.name, medicine.atc, medicine.rxnorm), Recognised)


def _source(resource: Resource) -> str:
    id = resource.get("id")
    return f"{resource['resourceType']}/{id}" if type(id) is str else ""


def _name(resource: Resource, chart: Chart) -> str:
    """What a medicine is called, for the report."""
    concept = resource.get("medicationCodeableConcept")
    if concept is None:
        reference = resource.get("medicationReference")
        found = None if reference is None else chart.find(resource, reference)
        concept = (found or {}).get("code") or {"text": (reference or {}).get("display", "")}
    return shown(concept)


# --- dosage -------------------------------------------------------------------------------------------------


def _times(dosage: Any) -> tuple[int, ...]:
    """Clock times of all dosage lines, as minutes after midnight."""
    found: set[int] = set()
    for line in dosage:
        timing = line.get("timing")
        repeat = None if timing is None else timing.get("repeat")
        for text in () if repeat is None else repeat.get("timeOfDay", ()):
            clock = _CLOCK.fullmatch(text)
            if clock is not None:
                found.add(int(clock[1]) * 60 + int(clock[2]))
    return tuple(sorted(found)) if found else ()


def _bounds(dosage: Any) -> tuple[date | None, date | None]:
    """The first day of the earliest line of a dosage and the last of the latest; None where any line has none."""
    starts: list[date] = []
    ends: list[date] = []
    for line in dosage:
        timing = line.get("timing")
        repeat = None if timing is None else timing.get("repeat")
        bounds = None if repeat is None else repeat.get("boundsPeriod")
        if bounds is None:
            return None, None
        start, end = bounds.get("start"), _end_of(bounds)
        starts += [] if start is None else [day_of(start)]
        ends += [] if end is None else [end]
    every = len(dosage)
    return min(starts) if len(starts) == every > 0 else None, max(ends) if len(ends) == every > 0 else None


def _end_of(period: Any) -> date | None:
    text = None if period is None else period.get("end")
    return None if text is None or len(text) < 10 else day_of(text)
