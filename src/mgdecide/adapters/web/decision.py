"""From a checked request and the resources at hand to cards: plain functions, no web in them.

What could not be had is said: a gap in what is needed is an error (412), any other gap is listed as not checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import evolve, frozen

from mgdecide.adapters.cards.cards import NO_DRAFTS, NOT_GIVEN, Card, Drafts, Link, cards, response
from mgdecide.adapters.cards.points import ORDER_SELECT
from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.fhir.reasons import LATER
from mgdecide.adapters.web.hook_request import HookRequest, Resource
from mgdecide.adapters.web.outcomes import ServiceError, issue, refused
from mgdecide.adapters.web.prefetch import Gap, Prefetched
from mgdecide.assessment import Assessment, assess
from mgdecide.domain.patient import Medication, Patient
from mgdecide.domain.verdicts import Json
from mgdecide.errors import InvalidRecord
from mgdecide.knowledge.edition import Knowledge, default_knowledge


@frozen
class Site:
    """What a site says of its charts, and the knowledge it uses."""

    knowledge: Knowledge
    conditions_complete: bool = False
    medications_complete: bool = False
    links: tuple[Link, ...] = ()


@frozen(eq=False)
class Decision:
    """What was decided: the assessment and the cards to show."""

    assessment: Assessment
    cards: tuple[Card, ...]
    later: int = 0
    """Data dated after the day of assessment: one is a slip of a pen, many are a clock that is wrong."""

    def to_record(self) -> Json:
        """The answer to the hook."""
        return response(self.assessment, self.cards)


def decide(request: HookRequest, found: Prefetched, today: date, site: Site) -> Decision:
    """Judge one patient at one hook.

    Raises:
        ServiceError: 412 where something needed is missing; 400 where the data are of another patient, or of several.
    """
    _refuse_gaps(gap for gap in found.gaps if gap.query.needed)
    _refuse_others(request.patient, found.resources)
    ordered = _ordered(request)
    entries = [{"resource": resource} for resource in (*ordered.resources, *found.resources)]
    try:
        patient, report = read_fhir(
            {"resourceType": "Bundle", "type": "collection", "entry": entries},
            on=today,
            conditions_complete=site.conditions_complete,
            medications_complete=site.medications_complete,
        )
    except InvalidRecord as error:
        raise refused(error.problems) from None
    later = report.number_with(LATER)
    patient = _with_gaps(patient, found.gaps, later and f"{later} dated after {today.isoformat()}, not used.")
    assessment = assess(patient, knowledge=site.knowledge)
    drafts = _drafts(ordered, patient)
    return Decision(assessment, cards(assessment, request.hook, drafts, site.links), later)


_HOW_TO_MEND = (
    "Send the key (null where there is no data), or let the service fetch it: fhirServer with fhirAuthorization, and "
    "the host among the site's fhir_hosts."
)


def _refuse_gaps(gaps: Iterable[Gap]) -> None:
    issues = tuple(
        issue(
            "required",
            f"Cannot judge without {gap.query.meaning}: prefetch key {gap.query.key} is {gap.why}.",
            _HOW_TO_MEND,
            f"prefetch.{gap.query.key}",
        )
        for gap in gaps
    )
    if issues:
        error = ServiceError(412, "required", "")
        error.issues = issues
        raise error


def _refuse_others(patient: str, resources: Iterable[Resource]) -> None:
    """Data of another patient than the context names are never judged."""
    for resource in resources:
        if resource.get("resourceType") == "Patient" and resource.get("id") not in (None, patient):
            text = "The prefetched Patient is not the one of context.patientId."
            raise ServiceError(400, "invalid", text, expression="prefetch.patient")


def _with_gaps(patient: Patient, gaps: Iterable[Gap], later: str | int) -> Patient:
    notes = [f"{NOT_GIVEN}{gap.query.meaning} ({gap.why})." for gap in gaps]
    notes += [f"{NOT_GIVEN}{later}"] if later else []
    return evolve(patient, notes=(*patient.notes, *notes)) if notes else patient


# --- what is being ordered ----------------------------------------------------------------------------------

_PREFIX = "mgdecide-draft-"
_NOT_BY_MOUTH = ("intraven", "intramus", "infus", "inject", "parenteral", "subcutan")
_NOT_BY_MOUTH_CODES = ("47625008", "78421000", "34206005")


@frozen
class _Ordered:
    """The draft orders as orders that count: first so that they win over an equal one on the list."""

    resources: tuple[Resource, ...] = ()
    chosen: frozenset[str] = frozenset()
    """Sources of the orders the hook is about: the selected ones, or all."""
    by_mouth: frozenset[str] = frozenset()


def _ordered(request: HookRequest) -> _Ordered:
    entries = (request.drafts or {}).get("entry") or ()
    resources: list[Resource] = []
    chosen: set[str] = set()
    by_mouth: set[str] = set()
    selected = {reference.split("/_history/")[0].rsplit("/", 1)[-1] for reference in request.selections}
    for at, entry in enumerate(entries):
        draft = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(draft, dict):
            continue
        kind = draft.get("resourceType")
        if kind == "Medication":
            resources.append(draft)
        elif kind == "MedicationRequest" and draft.get("doNotPerform") is not True:
            id = f"{_PREFIX}{at}"
            resources.append(_as_order(draft, id))
            source = f"MedicationRequest/{id}"
            if request.hook != ORDER_SELECT or not selected or str(draft.get("id")) in selected:
                chosen.add(source)
            if _may_be_by_mouth(draft):
                by_mouth.add(source)
    return _Ordered(tuple(resources), frozenset(chosen), frozenset(by_mouth))


_KEPT = ("subject", "contained", "medicationCodeableConcept", "medicationReference")


def _as_order(draft: Resource, id: str) -> Resource:
    """A draft as an order in force, without bounds of time: what is asked is what would be if it were signed."""
    order = {key: draft[key] for key in _KEPT if key in draft}
    times = _times(draft)
    if times:
        order["dosageInstruction"] = [{"timing": {"repeat": {"timeOfDay": times}}}]
    return {"resourceType": "MedicationRequest", "id": id, "status": "active", "intent": "order", **order}


def _lines(draft: Resource) -> list[Resource]:
    lines = draft.get("dosageInstruction")
    return [line for line in (lines if isinstance(lines, list) else ()) if isinstance(line, dict)]


def _times(draft: Resource) -> list[Any]:
    found: list[Any] = []
    for line in _lines(draft):
        timing = line.get("timing")
        repeat = timing.get("repeat") if isinstance(timing, dict) else None
        times = repeat.get("timeOfDay") if isinstance(repeat, dict) else None
        found += times if isinstance(times, list) else []
    return found


def _may_be_by_mouth(draft: Resource) -> bool:
    """Not where every dosage line names a route that is none by mouth; where none names a route, by the name."""
    routes = [line["route"] for line in _lines(draft) if isinstance(line.get("route"), dict)]
    named = draft.get("medicationCodeableConcept")
    said = routes or ([named] if isinstance(named, dict) else [])
    return not said or not all(_is_parenteral(each) for each in said)


def _is_parenteral(concept: Resource) -> bool:
    codings = [each for each in concept.get("coding") or () if isinstance(each, dict)]
    if any(each.get("code") in _NOT_BY_MOUTH_CODES for each in codings):
        return True
    words = " ".join([str(concept.get("text", "")), *(str(each.get("display", "")) for each in codings)]).lower()
    return any(word in words for word in _NOT_BY_MOUTH)


def _drafts(ordered: _Ordered, patient: Patient) -> Drafts:
    if not ordered.chosen:
        return NO_DRAFTS
    chosen = [medicine for medicine in patient.medications if medicine.source in ordered.chosen]
    classes = [_classes(medicine) for medicine in chosen if medicine.source in ordered.by_mouth]
    return Drafts(
        magnesium=any("magnesium_product" in each for each in classes),
        antacid=any("magnesium_antacid_or_laxative" in each for each in classes),
        medicines=frozenset(
            name for medicine in chosen for name in (medicine.shown, default_knowledge().name_of(medicine))
        ),
    )


def _classes(medicine: Medication) -> frozenset[str]:
    return default_knowledge().recognise(medicine).classes
