"""An assessment as FHIR R4: a GuidanceResponse for the gate, a DetectedIssue for each safety finding.

Ids are worked out from patient, day, edition and rule, so the same assessment gives the same Bundle. Nothing is null
or empty: what is not known is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import NAMESPACE_URL, UUID, uuid5

from mgdecide.adapters.fhir.needs import data_requirement
from mgdecide.assessment import Assessment
from mgdecide.domain.patient import Patient
from mgdecide.domain.verdicts import Finding, GateReason, GateState, Reason, Regimens, Severity
from mgdecide.knowledge.edition import default_knowledge

Json = dict[str, object]

MODULE = "urn:mgdecide:oral-magnesium"
RULES = "urn:mgdecide:rule"
_NAMESPACE = uuid5(NAMESPACE_URL, MODULE)
_ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_SEVERITY = {Severity.CRITICAL: "high", Severity.WARNING: "moderate", Severity.INFO: "low"}
_SAFETY = frozenset(("urgent", "caution", "interaction"))
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)

_ACTIONS = {
    "avoid": "Avoid the combination or the product",
    "separate": "Separate the times of taking",
    "adjust": "Adjust the dose",
    "monitor": "Monitor",
    "measure": "Measure",
    "ask": "Ask the patient",
    "review": "Have it reviewed by a clinician",
}


def to_fhir(assessment: Assessment) -> Json:
    """A Bundle of type collection: one GuidanceResponse, then the DetectedIssues, gravest first.

    The status of the GuidanceResponse is ``data-required`` while the gate is undecided, and its ``dataRequirement``
    names what would decide it; else ``success``. DetectedIssues are given for urgent findings, cautions, interactions
    and whatever closes the gate; regimens and evidence have no place in R4 and are left out.
    """
    issues = [_issue(assessment, finding) for finding in _safety(assessment)]
    known = {finding.rule for finding in _safety(assessment)}
    issues += [_closing(assessment, reason) for reason in assessment.gate.because
               if assessment.gate.state is GateState.CLOSED and reason.rule not in known]  # fmt: skip
    resources = [_guidance(assessment, issues), *issues]
    return {
        "resourceType": "Bundle",
        "id": str(_id(assessment, "bundle")),
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }


def _safety(assessment: Assessment) -> tuple[Finding, ...]:
    findings = (*assessment.urgent, *assessment.findings)
    return tuple(sorted((each for each in findings if each.kind in _SAFETY), key=lambda each: each.order))


def _id(assessment: Assessment, what: str) -> UUID:
    patient, provenance = assessment.patient, assessment.provenance
    on = patient.assessed_on.isoformat() if patient.assessed_on else ""
    return uuid5(_NAMESPACE, "|".join((patient.id, on, provenance.library, provenance.digest, what)))


def _known(resource: Json) -> Json:
    """Without what is empty: FHIR knows neither null nor an empty list."""
    return {key: value for key, value in resource.items() if value not in (None, "", [], {})}


def _subject(patient: Patient) -> Json | None:
    if not patient.id:
        return None
    if _ID.fullmatch(patient.id):
        return {"reference": f"Patient/{patient.id}"}
    return {"identifier": {"value": patient.id}}


def _day(patient: Patient) -> str | None:
    return patient.assessed_on.isoformat() if patient.assessed_on else None


# --- GuidanceResponse ---------------------------------------------------------------------------------------


def _guidance(assessment: Assessment, issues: list[Json]) -> Json:
    gate = assessment.gate
    undecided = gate.state is GateState.UNDECIDED
    return _known(
        {
            "resourceType": "GuidanceResponse",
            "id": str(_id(assessment, "guidance")),
            "contained": [_output(assessment)],
            "moduleCanonical": f"{MODULE}|{assessment.provenance.library}",
            "status": "data-required" if undecided else "success",
            "subject": _subject(assessment.patient),
            "occurrenceDateTime": _day(assessment.patient),
            "reasonCode": [{"text": f"The gate for oral magnesium is {gate.state.value}."}],
            "note": [{"text": text} for text in _notes(assessment, issues)],
            "outputParameters": {"reference": "#output"},
            "dataRequirement": [data_requirement(fact) for fact in gate.needs] if undecided else [],
        }
    )


def _notes(assessment: Assessment, issues: list[Json]) -> Iterator[str]:
    yield from (f"{reason.text} [{reason.rule}]" for reason in assessment.gate.because)
    yield from (f"Not checked: {text}" for text in assessment.not_checked)
    if not isinstance(assessment.regimens, Regimens):
        yield assessment.regimens.reason
    if not issues:
        yield "No safety finding; that is not a statement that there is no risk."


def _output(assessment: Assessment) -> Json:
    status, provenance = assessment.status, assessment.provenance
    given = {
        "gate": assessment.gate.state.value,
        "magnesium-status": status.category,
        "magnesium": f"{status.value} {status.unit}" if status.value is not None else "",
        "knowledge": provenance.knowledge,
        "knowledge-digest": provenance.digest,
        "library": provenance.library,
    }
    parameters = [{"name": name, "valueString": text} for name, text in given.items() if text]
    return {"resourceType": "Parameters", "id": "output", "parameter": parameters}


# --- DetectedIssue ------------------------------------------------------------------------------------------


def _issue(assessment: Assessment, finding: Finding) -> Json:
    interaction = finding.kind == "interaction"
    coding = {"coding": [{"system": _ACT, "code": "DRG", "display": "Drug Interaction Alert"}]} if interaction else {}
    text = f"{finding.kind}: {finding.rule}"
    return _frame(assessment, f"{finding.rule}|{finding.subject}", finding.rule) | _known(
        {
            "code": coding | {"text": text},
            "severity": _SEVERITY[finding.severity],
            "implicated": _implicated(assessment.patient, finding),
            "evidence": [
                {
                    "code": [
                        {"text": " ".join(filter(None, (reason.fact, reason.value, reason.unit, reason.comparison)))}
                    ]
                }
                for reason in finding.because
            ],
            "detail": finding.text,
            "mitigation": [{"action": {"text": _ACTIONS[finding.action]}}] if finding.action in _ACTIONS else [],
        }
    )


def _told(reason: Reason) -> str:
    return " ".join(filter(None, (reason.fact, reason.value, reason.unit, reason.comparison)))


def _closing(assessment: Assessment, reason: GateReason) -> Json:
    return _frame(assessment, f"gate|{reason.rule}", reason.rule) | {
        "code": {
            "coding": [{"system": _ACT, "code": "CIND", "display": "Contraindication Alert"}],
            "text": f"gate: {reason.rule}",
        },
        "severity": "high",
        "detail": reason.text,
        "mitigation": [{"action": {"text": _ACTIONS["avoid"]}}],
    }


def _frame(assessment: Assessment, what: str, rule: str) -> Json:
    return _known(
        {
            "resourceType": "DetectedIssue",
            "id": str(_id(assessment, what)),
            "identifier": [{"system": RULES, "value": rule}],
            "status": "final",
            "patient": _subject(assessment.patient),
            "identifiedDateTime": _day(assessment.patient),
        }
    )


def _implicated(patient: Patient, finding: Finding) -> list[Json]:
    """The orders of the medicine a finding is about, where the chart said which they were."""
    if not finding.subject:
        return []
    name_of = default_knowledge().name_of
    sources = [each.source for each in patient.medications if "/" in each.source and name_of(each) == finding.subject]
    return [{"reference": source, "display": finding.subject} for source in sources] or [{"display": finding.subject}]
