"""Code systems by their addresses, and what a concept is called in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mgdecide.adapters.fhir.chart import Resource

LOINC = frozenset(("http://loinc.org", "https://loinc.org", "urn:oid:2.16.840.1.113883.6.1"))
RXNORM = frozenset(("http://www.nlm.nih.gov/research/umls/rxnorm", "urn:oid:2.16.840.1.113883.6.88"))
ATC = frozenset(("http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"))

SYSTEMS: Mapping[str, str] = {
    "http://snomed.info/sct": "snomed",
    "https://snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-gm": "icd10",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm": "icd10",
    "http://fhir.de/CodeSystem/dimdi/icd-10-gm": "icd10",
    "urn:oid:2.16.840.1.113883.6.90": "icd10",
    "urn:oid:2.16.840.1.113883.6.3": "icd10",
    "http://www.cms.gov/Medicare/Coding/ICD10": "icd10",
}
"""Short names of the systems diagnoses and procedures are coded in. SNOMED CT may name its edition behind a slash."""


def system_of(coding: Resource) -> str:
    """The short name of a coding's system; empty for one that is not known here."""
    address = coding.get("system")
    if address is None:
        return ""
    found = SYSTEMS.get(address)
    if found is None and address.startswith("http://snomed.info/sct/"):
        return "snomed"
    return found or ""


def coded(concept: Resource) -> Iterator[tuple[str, str]]:
    """System and code of each coding of a known system; ICD-10 codes with their point, in capitals."""
    for coding in concept.get("coding", ()):
        system = system_of(coding)
        code = coding.get("code")
        if system == "snomed" and code is not None:
            yield system, code
        elif system == "icd10" and code is not None:
            yield system, with_point(code)


def with_point(code: str) -> str:
    """``g7000`` as ``G70.00``: exports leave the point out."""
    code = code.strip().upper()
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and "." not in code else code


def shown(concept: Resource) -> str:
    """A concept in words: its text, a display, or its first code.

    Raises TypeError where one of them is no text: a list or an object shown as Python writes it is nobody's medicine.
    """
    text = concept.get("text")
    if text:
        return _text(text)
    first = ""
    for coding in concept.get("coding", ()):
        text = coding.get("display")
        if text:
            return _text(text)
        first = first or coding.get("code") or ""
    return _text(first)


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise TypeError("a text")
    return given[:120]
