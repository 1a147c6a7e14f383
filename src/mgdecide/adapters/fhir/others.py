"""Procedures, and resources that are read only to say that no rule asks about them."""

from __future__ import annotations

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import Chart, Resource
from mgdecide.adapters.fhir.codings import shown
from mgdecide.adapters.fhir.conditions import said
from mgdecide.adapters.fhir.dates import day_of, effective_text
from mgdecide.adapters.fhir.vocabulary import Vocabulary

_DONE = frozenset(("completed", "in-progress"))


def read_procedure(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """A Procedure that leaves something lasting (bariatric surgery, pacemaker), or goes on now (dialysis)."""
    concept = resource.get("code") or {}
    status = resource.get("status")
    found = said(concept)
    facts = () if found is None else found.facts
    keys = [key for key in facts if key in words.lasting_procedures or key in words.procedures_now]
    if not keys:
        chart.refused(resource, reasons.NOT_NEEDED if found else reasons.CODE_UNKNOWN, shown(concept))
        return
    if status not in _DONE:
        chart.refused(resource, reasons.STATUS, shown(concept), str(status or "no status"))
        return
    text = effective_text(resource, "performed")
    day = None if text is None else day_of(text)
    if day is not None and chart.is_later(day) and status != "in-progress":
        chart.refused(resource, reasons.LATER, shown(concept), str(text))
        return
    ago = None if day is None else chart.days_ago(day)
    for key in keys:
        if key in words.lasting_procedures or status == "in-progress" or (ago or 0) <= words.days["procedure"]:
            chart.conditions[key] = True
            chart.used(resource, key, shown(concept))
        else:
            chart.refused(resource, reasons.NOT_NOW, key, str(text))


def read_allergy(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """An AllergyIntolerance: no rule asks; one to magnesium is said beside the gate."""
    concept = resource.get("code") or {}
    text = shown(concept)
    chart.refused(resource, reasons.NOT_NEEDED, "allergy or intolerance", text)
    if "magnesium" in text.casefold():
        chart.remarks.append(f"The chart names an allergy or intolerance: {text}.")


def read_order(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """A ServiceRequest: what is asked for has not happened."""
    chart.refused(resource, reasons.NOT_NEEDED, "an order", shown(resource.get("code") or {}))


def read_medication(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """A Medication by itself says what something is, not that anyone takes it."""
