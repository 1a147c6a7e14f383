"""Charts with planted answers: what was put in is known, so what is read can be compared fact by fact.

Every chart holds a trap beside each truth: an older or withdrawn result, a stopped order, a refuted diagnosis, a
resource of someone else. Codes are those the knowledge knows; the answers come from the draw, not from the reader.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import define, field

from tests.adapters.fhir.charts import (
    DAY,
    ICD,
    RXNORM,
    SNOMED,
    VERIFICATION,
    Resource,
    concept,
    condition,
    observation,
    quantity,
    request,
)

PPIS = ("7646", "283742", "17128", "40790", "114979", "198051")  # ingredients, and omeprazole as a clinical drug
DIURETICS = ("4603", "5487", "2409")
NEUTRAL = ("83367", "36567", "161", "6809")  # statins, paracetamol, metformin
CONDITIONS = {
    "major_depressive_disorder": (SNOMED, "370143000"),
    "myasthenia_gravis": (ICD, "G70.00"),
    "type_2_diabetes": (SNOMED, "44054006"),
    "chronic_kidney_disease": (SNOMED, "709044004"),
    "inflammatory_bowel_disease": (ICD, "K50.90"),
    "coeliac_disease": (SNOMED, "396331005"),
}
MG_UNITS = {
    "mmol/L": (Decimal(1), "2601-3"),
    "mg/dL": (Decimal("2.4305"), "19123-9"),
    "meq/L": (Decimal(2), "2601-3"),
    "umol/L": (Decimal(1000), "2601-3"),
}


@define
class Planted:
    """A Bundle and what was planted in it."""

    bundle: dict[str, Any]
    age: int
    sex: str
    results: dict[str, tuple[Decimal, str, date]]
    phq9: int
    conditions: dict[str, bool]
    medicines: frozenset[str]
    resources: list[Resource] = field(factory=list)


def chart(rng: random.Random, number: int) -> Planted:
    """One chart of about thirty resources."""
    me = f"p{number}"
    born = date(rng.randint(1940, 2006), rng.randint(1, 12), rng.randint(1, 28))
    age = DAY.year - born.year - ((DAY.month, DAY.day) < (born.month, born.day))
    sex = rng.choice(["female", "male"])
    held: list[Resource] = [{"resourceType": "Patient", "id": me, "gender": sex, "birthDate": born.isoformat()}]
    results: dict[str, tuple[Decimal, str, date]] = {}
    _results(rng, held, results)
    phq9 = rng.randint(0, 27)
    held.append(observation("44261-6", id="phq-old", valueInteger=(phq9 + 5) % 28, on="2025-01-01"))
    held.append(
        rng.choice(
            [observation("44261-6", id="phq", valueInteger=phq9), observation("44261-6", phq9, "{score}", id="phq")]
        )
    )
    found = frozenset(_medicines(rng, held))
    conditions = dict.fromkeys(_conditions(rng, held), True)
    for each in held[1:]:
        each["subject"] = {"reference": f"Patient/{me}"}
    held.append(
        observation("2823-3", 1.1, "mmol/L", id="stranger", subject={"reference": "Patient/stranger"}, on="2026-08-28")
    )
    held.append({"resourceType": "Encounter", "id": "e", "status": "finished"})
    entries = [{"fullUrl": f"urn:chart:{me}:{each['resourceType']}:{each['id']}", "resource": each} for each in held]
    rng.shuffle(entries)
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return Planted(whole, age, sex, results, phq9, conditions, found, held)


def _results(rng: random.Random, held: list[Resource], results: dict[str, tuple[Decimal, str, date]]) -> None:
    unit = rng.choice(list(MG_UNITS))
    factor, code = MG_UNITS[unit]
    tests = [
        ("serum_magnesium", code, unit, Decimal(rng.randint(55, 105)) / 100 * factor),
        ("egfr", "98979-8", "mL/min/{1.73_m2}", Decimal(rng.randint(10, 120))),
        ("serum_creatinine", "2160-0", "mg/dL", Decimal(rng.randint(5, 30)) / 10),
        ("serum_potassium", "2823-3", "mmol/L", Decimal(rng.randint(30, 55)) / 10),
        ("serum_calcium", "17861-6", "mg/dL", Decimal(rng.randint(80, 105)) / 10),
        ("hba1c", "4548-4", "%", Decimal(rng.randint(48, 100)) / 10),
    ]
    for fact, loinc, ucum, value in tests:
        day = DAY - timedelta(days=rng.randint(0, 200))
        results[fact] = value, ucum, day
        other = value * Decimal("1.1")
        held.append(observation(loinc, value, ucum, id=f"{fact}-new", on=f"{day}T08:00:00Z"))
        held.append(observation(loinc, other, ucum, id=f"{fact}-old", on=f"{day - timedelta(days=30)}T08:00:00Z"))
        held.append(
            rng.choice(
                [
                    observation(loinc, other, ucum, id=f"{fact}-trap", on=str(day), status="entered-in-error"),
                    observation(loinc, other, ucum, id=f"{fact}-trap", on=str(DAY + timedelta(days=3))),
                    observation(loinc, other, ucum, id=f"{fact}-trap", on=str(day), status="preliminary"),
                    observation(
                        loinc,
                        id=f"{fact}-trap",
                        on=str(day),
                        valueQuantity=quantity(other, ucum, unit="[pH]", code="kat"),
                    ),
                ]
            )
        )


def _medicines(rng: random.Random, held: list[Resource]) -> list[str]:
    taken = [rng.choice(NEUTRAL)]
    taken += [rng.choice(PPIS)] if rng.random() < 0.5 else []
    taken += [rng.choice(DIURETICS)] if rng.random() < 0.5 else []
    for at, code in enumerate(taken):
        if rng.random() < 0.3:
            reference = {"reference": f"#med{at}"}
            inside = [{"resourceType": "Medication", "id": f"med{at}", "code": concept(code, RXNORM)}]
            held.append(
                request(id=f"m{at}", medicationCodeableConcept=None, medicationReference=reference, contained=inside)
            )
        else:
            held.append(request(code, id=f"m{at}"))
    held.append(request("82122", RXNORM, rng.choice(["stopped", "completed", "on-hold", "cancelled"]), id="m-stopped"))
    return taken


def _conditions(rng: random.Random, held: list[Resource]) -> list[str]:
    present = rng.sample(list(CONDITIONS), rng.randint(0, 4))
    for key in present:
        system, code = CONDITIONS[key]
        held.append(condition(code, system, id=f"c-{key}"))
    held.append(condition("27885002", id="c-refuted", verificationStatus=concept("refuted", VERIFICATION)))
    held.append(condition("235494005", SNOMED, "resolved", id="c-resolved"))  # chronic pancreatitis
    return present
