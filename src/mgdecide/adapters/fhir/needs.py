"""What would have to be known, as FHIR DataRequirements."""

from __future__ import annotations

from functools import cache

from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.codes import loinc_codes, snomed_codes

FACTS = "urn:mgdecide:fact"
_LOINC = "http://loinc.org"
_SNOMED = "http://snomed.info/sct"
_MOST_CODES = 8


def data_requirement(fact: str) -> dict[str, object]:
    """The DataRequirement of a fact: the type of resource that would hold it, and codes it is known by.

    The first code of every filter is the fact's own name in the catalogue.
    """
    known = catalogue().facts.get(fact)
    group = known.group if known is not None else ""
    label = known.label if known is not None else fact.replace("_", " ")
    own: dict[str, object] = {"system": FACTS, "code": fact, "display": label}
    if fact in ("age_years", "sex"):
        return {"type": "Patient", "mustSupport": ["birthDate" if fact == "age_years" else "gender"],
                "codeFilter": [{"path": "code", "code": [own]}]}  # fmt: skip
    if group == "medicines" or fact == "medications_complete":
        return {"type": "MedicationStatement", "codeFilter": [{"path": "medication", "code": [own]}]}
    if group == "conditions" or group == "presenting" or fact == "conditions_complete":
        return {"type": "Condition", "codeFilter": [{"path": "code", "code": [own, *_snomed(fact)]}]}
    return {"type": "Observation", "codeFilter": [{"path": "code", "code": [own, *_loinc(fact)]}]}


@cache
def _loinc(fact: str) -> tuple[dict[str, object], ...]:
    found = [each for each in loinc_codes().values() if each.fact == fact and each.use == "accept"]
    return tuple({"system": _LOINC, "code": each.code, "display": each.display} for each in found[:_MOST_CODES])


@cache
def _snomed(fact: str) -> tuple[dict[str, object], ...]:
    found = [each for each in snomed_codes().values() if each.facts == (fact,)]
    return tuple({"system": _SNOMED, "code": each.code, "display": each.display} for each in found[:_MOST_CODES])
