"""A FHIR R4 Bundle to look at: an invented patient whose chart has what charts have, good and bad.

It is made for the day it is shown, so that its results are always recent; one result is old on purpose.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

NAME = "fhir-bundle"
_SUBJECT = {"reference": "Patient/example"}
_LOINC, _SNOMED = "http://loinc.org", "http://snomed.info/sct"
_RXNORM, _UCUM = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://unitsofmeasure.org"


def example_bundle(today: date) -> str:
    """The Bundle as JSON text."""

    def result(id: str, code: str, words: str, value: float, unit: str, days: int, **more: Any) -> dict[str, Any]:
        quantity = {"value": value, "unit": unit, "system": _UCUM, "code": unit}
        return {
            "resourceType": "Observation",
            "id": id,
            "status": "final",
            "code": {"coding": [{"system": _LOINC, "code": code}], "text": words},
            "subject": _SUBJECT,
            "effectiveDateTime": (today - timedelta(days=days)).isoformat(),
            "valueQuantity": quantity,
            **more,
        }

    contradictory = {"value": 2.1, "unit": "mmol/L", "system": _UCUM, "code": "mg/dL"}
    resources = [
        {"resourceType": "Patient", "id": "example", "gender": "female", "birthDate": f"{today.year - 58}-03-01"},
        result("mg-1", "2601-3", "Magnesium, serum", 0.66, "mmol/L", 6),
        result("mg-2", "2601-3", "Magnesium, serum", 2.1, "mmol/L", 2, valueQuantity=contradictory),
        result("mg-3", "2601-3", "Magnesium, serum", 7.1, "mmol/L", 3, status="entered-in-error"),
        result("egfr-1", "98979-8", "eGFR (CKD-EPI 2021)", 68, "mL/min/{1.73_m2}", 6),
        result("k-1", "2823-3", "Potassium, serum", 3.4, "mmol/L", 6),
        result("ca-1", "17861-6", "Calcium, serum", 9.1, "mg/dL", 210),
        result("phq9-1", "44261-6", "PHQ-9 total score", 13, "{score}", 6),
        _problem("c-1", "370143000", "Major depressive disorder"),
        _problem("c-2", "44054006", "Type 2 diabetes"),
        _order("m-1", {"coding": [{"system": _RXNORM, "code": "198051"}], "text": "omeprazole 20 mg capsule"}),
        _order("m-2", {"text": "alendronate 70 mg tablet"}),
        _order("m-3", {"text": "herbal mixture from abroad"}),
    ]
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, indent=2)


def _problem(id: str, code: str, words: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": id,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": _SNOMED, "code": code}], "text": words},
        "subject": _SUBJECT,
    }


def _order(id: str, medicine: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": medicine,
        "subject": _SUBJECT,
    }
