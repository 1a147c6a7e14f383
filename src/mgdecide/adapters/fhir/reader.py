"""A FHIR R4 Bundle to one patient, with an account of every resource. Nothing is guessed and nothing is silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.bundle import (
    Belonging,
    Finder,
    belonging,
    contents_of,
    one_patient,
    subject_of,
    whose,
)
from mgdecide.adapters.fhir.chart import WRONG_SHAPE, Chart, Resource
from mgdecide.adapters.fhir.conditions import read_condition
from mgdecide.adapters.fhir.medicines import read_administration, read_request, read_statement
from mgdecide.adapters.fhir.observations import newest_answer, newest_labs, newest_measure, read_observation
from mgdecide.adapters.fhir.others import read_allergy, read_medication, read_order, read_procedure
from mgdecide.adapters.fhir.person import Person, read_person
from mgdecide.adapters.fhir.points import read_questionnaire, scores
from mgdecide.adapters.fhir.quantities import Refused
from mgdecide.adapters.fhir.report import ReadingReport
from mgdecide.adapters.fhir.text import bundle_value
from mgdecide.adapters.fhir.vocabulary import Vocabulary, vocabulary
from mgdecide.domain.patient import Medication, Patient
from mgdecide.errors import InvalidInput, InvalidRecord, Problem

Reader = Callable[[Resource, Chart, Vocabulary], None]

READERS: Mapping[str, Reader] = {
    "Observation": read_observation,
    "Condition": read_condition,
    "MedicationRequest": read_request,
    "MedicationStatement": read_statement,
    "MedicationAdministration": read_administration,
    "Procedure": read_procedure,
    "QuestionnaireResponse": read_questionnaire,
    "AllergyIntolerance": read_allergy,
    "ServiceRequest": read_order,
    "Medication": read_medication,
    "Specimen": read_medication,
}
_OF_NO_PATIENT = frozenset(("Medication", "Specimen"))


def read_fhir(
    bundle: Mapping[str, object] | str | bytes,
    *,
    on: date | None = None,
    conditions_complete: bool = False,
    medications_complete: bool = False,
) -> tuple[Patient, ReadingReport]:
    """The patient a Bundle describes, and what became of every resource.

    Args:
        bundle: a FHIR R4 Bundle of one patient, as mapping or JSON text; of any type (collection, searchset, document).
        on: the day of assessment. No clock is read here: without it age and ages of results are unknown.
        conditions_complete: the caller's word that conditions not in the chart are absent.
        medications_complete: the caller's word that medicines not in the chart are not taken.

    A condition or a medicine of the chart that cannot be told keeps a list from being called complete for what it
    may be: it is never made false.

    Raises:
        InvalidRecord: text that is not JSON (MGD-R101 to R106), not a Bundle (MGD-F100), more than one patient
            (MGD-F101), too large (MGD-F135). Everything else is told in the report.
    """
    if isinstance(on, datetime) or not isinstance(on, date | None):
        raise InvalidInput(Problem("MGD-R160", "on", type(on).__name__, "a date"))
    value = bundle_value(bundle) if isinstance(bundle, str | bytes | bytearray) else bundle
    try:
        contents = contents_of(value)
        resource, address = one_patient(contents)
        subject = subject_of(contents) if resource is None else None
    except RecursionError:
        raise InvalidRecord(Problem("MGD-R105", "", "very many levels of nesting", "at most 64 levels")) from None
    of = belonging(resource, address, subject)
    chart = Chart(on, Finder(contents.resources, contents.addresses))
    if resource is None:
        chart.notes.append(("Bundle", "", False, reasons.NO_PATIENT, "", subject or ""))
        chart.remarks.append("The chart holds no Patient: age and sex were not given.")
    for path in contents.broken:
        chart.notes.append(("Bundle", "", False, reasons.SHAPE, path, ""))
        chart.doubt("")
    return read_resources(
        contents.resources,
        resource,
        of,
        chart,
        conditions_complete=conditions_complete,
        medications_complete=medications_complete,
    )


def read_resources(
    resources: Sequence[Resource],
    patient: Resource | None,
    of: Belonging | None,
    chart: Chart,
    *,
    conditions_complete: bool = False,
    medications_complete: bool = False,
) -> tuple[Patient, ReadingReport]:
    """Read the resources of one patient. ``of`` is None where they are known to be the patient's, as in a bulk export.

    The same for one Bundle and for a folder of many patients; never raises for what a resource holds.
    """
    words = vocabulary()
    person = Person(id=(of.relative.removeprefix("Patient/") if of is not None and patient is None else ""))
    if patient is not None:
        try:
            person = read_person(patient, chart, words)
        except WRONG_SHAPE:
            chart.refused(patient, reasons.SHAPE)
    unread = _read_all(_current(resources, chart), of, chart, words)
    assembled = _assemble(person, chart, words, conditions_complete, medications_complete)
    report = ReadingReport(person.id, chart.on, len(resources), tuple(sorted(unread.items())), tuple(chart.notes))
    return assembled, report


def _read_all(resources: Iterable[Resource], of: Belonging | None, chart: Chart, words: Vocabulary) -> Counter[str]:
    unread: Counter[str] = Counter()
    own = frozenset() if of is None else of.own
    for resource in resources:
        kind = resource["resourceType"]
        reader = READERS.get(kind)
        if reader is None:
            if kind != "Patient":
                unread[kind[:64]] += 1
            continue
        try:
            if of is not None and resource.get("subject", _NOBODY).get("reference") not in own:
                belongs = whose(resource, of)
                if belongs is False:
                    chart.refused(resource, reasons.OTHER_PATIENT)
                    continue
                if belongs is None and kind not in _OF_NO_PATIENT:
                    chart.used(resource, "", "", reasons.NO_SUBJECT)
            reader(resource, chart, words)
        except Refused as refused:
            chart.refused(resource, refused.code, "", refused.found)
            chart.doubt(kind)
        except WRONG_SHAPE:
            chart.refused(resource, reasons.SHAPE)
            chart.doubt(kind)
    return unread


_NOBODY: dict[str, object] = {}


def _current(resources: Sequence[Resource], chart: Chart) -> Iterable[Resource]:
    """The resources, each in one version: of several with one id the last updated counts."""
    if _all_different(resources):
        return resources
    newest: dict[tuple[str, str], Resource] = {}
    loose: list[Resource] = []
    for resource in resources:
        id = resource.get("id")
        if type(id) is not str:
            loose.append(resource)
            continue
        key = resource["resourceType"], id
        other = newest.setdefault(key, resource)
        if other is not resource and other != resource:
            keep, drop = _later_of(other, resource)
            newest[key] = keep
            if drop["resourceType"] in READERS:
                chart.refused(drop, reasons.SUPERSEDED)
    return [*newest.values(), *loose]


def _all_different(resources: Sequence[Resource]) -> bool:
    """Whether no two resources of one type share an id; the cheaper question, whether any two do, is asked first."""
    try:
        if len({each["id"] for each in resources}) == len(resources):
            return True
    except (KeyError, TypeError):
        pass  # one without an id, or with one that is no text
    return len({(each["resourceType"], str(each.get("id"))) for each in resources}) == len(resources)


def _later_of(one: Resource, other: Resource) -> tuple[Resource, Resource]:
    """The version that counts, and the one that does not; where that cannot be told, the one that withdraws."""
    first, second = _updated(one), _updated(other)
    if first != second:
        return (other, one) if second > first else (one, other)
    statuses = f"{other.get('status')} {other.get('verificationStatus')}"
    return (other, one) if "entered-in-error" in statuses else (one, other)


def _updated(resource: Resource) -> str:
    meta = resource.get("meta")
    return str(meta.get("lastUpdated") or "") if isinstance(meta, dict) else ""


# --- putting the patient together ---------------------------------------------------------------------------


def _assemble(
    person: Person, chart: Chart, words: Vocabulary, conditions_complete: bool, medications_complete: bool
) -> Patient:
    pregnancy = newest_answer("pregnancy", chart, words)
    lactating = newest_answer("lactating", chart, words)
    tobacco = newest_answer("tobacco", chart, words)
    longest = words.days["body_measure"]
    labs = newest_labs(chart)
    weight = newest_measure("weight_kg", chart, words, longest)
    height = newest_measure("height_cm", chart, words, longest)
    pregnant = True if chart.pregnant else pregnancy
    conditions, complete = _conditions(chart, words, conditions_complete and not chart.doubtful_condition)
    if conditions_complete and chart.doubtful_condition:
        chart.remarks.append("The problem list is not called complete: a resource of the chart could not be read.")
    if medications_complete and chart.doubtful_medicine:
        chart.remarks.append("The medication list is not called complete: one medicine of the chart cannot be told.")
    for key, name in sorted(chart.open_signs.items()):
        if key not in chart.presenting:
            sign = key.replace("_", " ")
            chart.remarks.append(f"Whether there is {sign} now cannot be told from the chart ({name}): ask.")
    if chart.unmapped:
        chart.remarks.append(f"Conditions of the chart that are not in the catalogue: {_some(chart.unmapped)}.")
    return Patient(
        id=person.id,
        assessed_on=chart.on,
        age_years=person.age_years,
        sex=person.sex,
        weight_kg=weight,
        height_cm=height,
        pregnancy=None if pregnant is None else "pregnant" if pregnant else "not pregnant",
        lactating=lactating,
        labs=labs,
        scores=scores(chart),
        conditions=conditions,
        conditions_complete=complete,
        presenting=chart.presenting,
        medications=_once(chart.medicines),
        medications_complete=medications_complete and not chart.doubtful_medicine,
        tobacco=chart.tobacco if chart.tobacco is not None else tobacco,
        notes=tuple(dict.fromkeys(chart.remarks)),
    )


def _conditions(chart: Chart, words: Vocabulary, complete: bool) -> tuple[dict[str, bool], bool]:
    """What is known of conditions. A complete list says no to everything else, except to what was left open."""
    unsettled = {key: name for key, name in chart.unsettled.items() if key not in chart.conditions}
    if not unsettled:
        return chart.conditions, complete
    for key, name in sorted(unsettled.items()):
        chart.remarks.append(f"Whether {key.replace('_', ' ')} is present cannot be told from the chart ({name}).")
    if not complete:
        return chart.conditions, False
    absent = {key: False for key in words.conditions if key not in unsettled}
    return absent | chart.conditions, False


def _once(medicines: list[Medication]) -> list[Medication]:
    """Each medicine once; orders of the same one are taken together, with the clock times of all."""
    found: dict[tuple[str | None, str | None, str | None], Medication] = {}
    for each in medicines:
        key = each.name, each.atc, each.rxnorm
        other = found.get(key)
        if other is None:
            found[key] = each
        elif each.times != other.times:
            times = tuple(sorted({*other.times, *each.times}))
            found[key] = Medication(each.name, each.atc, each.rxnorm, times, other.source)
    return list(found.values())


def _some(texts: list[str]) -> str:
    different = list(dict.fromkeys(texts))
    more = f" and {len(different) - _MOST_NAMED} more" if len(different) > _MOST_NAMED else ""
    return "; ".join(different[:_MOST_NAMED]) + more


_MOST_NAMED = 12
