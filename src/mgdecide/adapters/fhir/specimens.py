"""What an Observation says of its sample: haemolysed or not, and whether it was blood at all."""

from __future__ import annotations

import re
from typing import Any

from mgdecide.adapters.fhir.chart import Chart, Resource

_HAEMOLYSIS = re.compile(r"h(?:a?e)molys|h(?:a?e)molyz|hemolysis|haemolysis", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:no|not|non|without|free of|negative for|absent|nil)\b[^.;]{0,30}h(?:ae|e)moly"
    r"|h(?:ae|e)moly\w*(?:\s+index)?\s*[:=]?\s*(?:none|no|negative|neg|absent|not\b|nil|0\b)",
    re.IGNORECASE,
)
_HAEMOLYSED_CODES = frozenset(("HEM", "281279002", "118128002"))
"""HL7 v2 table 0493 (specimen condition); SNOMED CT: specimen haemolysed."""
_NOT_BLOOD = re.compile(
    r"\b(?:urine|urinary|csf|cerebrospinal|stool|faeces|feces|saliva|sweat|dialysate|ascit|pleural)", re.IGNORECASE
)
_NOT_BLOOD_CODES = frozenset(
    (
        "122575003",
        "258574006",
        "258580003",
        "276833005",
        "258450006",
        "119339001",
        "119342007",
        "UR",
        "CSF",
        "STL",
        "SAL",
    )
)
"""SNOMED CT: urine (spot, midstream, 24 hours), cerebrospinal fluid, stool, saliva; HL7 v2 table 0487."""


def haemolysed(observation: Resource, specimen: Resource | None) -> bool | None:
    """Whether the sample was haemolysed; None where nothing is said of it."""
    texts = [note["text"] for note in observation.get("note", ()) if "text" in note]
    codes: list[Any] = list(observation.get("interpretation", ()))
    if specimen is not None:
        texts += [note["text"] for note in specimen.get("note", ()) if "text" in note]
        codes += specimen.get("condition", ())
    for concept in codes:
        if any(coding.get("code") in _HAEMOLYSED_CODES for coding in concept.get("coding", ())):
            return True
        texts += _words(concept)
    said = [text for text in texts if _HAEMOLYSIS.search(text)]
    if not said:
        return None
    return any(not _NEGATED.search(text) for text in said)


def says_not_blood(specimen: Resource | None) -> str:
    """The name of a specimen that is not blood, serum or plasma; empty where nothing says so."""
    kind = None if specimen is None else specimen.get("type")
    if kind is None:
        return ""
    for coding in kind.get("coding", ()):
        if coding.get("code") in _NOT_BLOOD_CODES:
            return str(coding.get("display") or coding["code"])
    return next((text for text in _words(kind) if _NOT_BLOOD.search(text)), "")


def specimen_of(observation: Resource, chart: Chart) -> Resource | None:
    """The Specimen of an Observation; one that is only named is as good as its name."""
    reference = observation.get("specimen")
    if reference is None:
        return None
    found = chart.find(observation, reference)
    if found is None and reference.get("display"):
        return {"resourceType": "Specimen", "type": {"text": reference["display"]}}
    return found


def _words(concept: Resource) -> list[str]:
    texts = [concept.get("text"), *(coding.get("display") for coding in concept.get("coding", ()))]
    return [text for text in texts if text is not None]
