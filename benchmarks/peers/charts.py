"""One-patient FHIR R4 Bundles of thirty resources with known answers: python charts.py N OUT.ndjson

Deterministic, every value made up. A line is one Bundle; OUT.expect.ndjson holds the answers by the generator's own
draw, so that they check every engine alike.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

LOINC, RX, SCT, UCUM = (
    "http://loinc.org",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://snomed.info/sct",
    "http://unitsofmeasure.org",
)
PPI = ["7646", "283742", "17128", "40790", "114979", "816346"]
DIURETIC = ["4603", "5487", "1808", "38413", "2409"]
CHELATED = ["10582", "2551", "82122", "10395", "3640", "46041"]
OTHER_RX = ["83367", "36567", "29046", "36437", "32937", "6809", "1191", "17767"]
DEPRESSION = ["35489007", "370143000", "36923009", "310497006"]
MG_CONTRA = ["91637004", "27885002", "233917008"]
RISK_DX = ["44054006", "7200002", "34000006", "24526004"]
OTHER_DX = ["38341003", "55822004", "195967001", "13645005", "396275006", "40930008", "162864005"]
TODAY_Y = 2026


def cc(system: str, code: str) -> dict[str, Any]:
    """A concept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


def obs(i: int, pid: str, loinc: str, value: float, unit: str, when: str) -> dict[str, Any]:
    """A result."""
    return {
        "resourceType": "Observation",
        "id": f"o{i}",
        "status": "final",
        "category": [cc("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")],
        "code": cc(LOINC, loinc),
        "subject": {"reference": f"Patient/{pid}"},
        "effectiveDateTime": when,
        "issued": when[:10] + "T09:00:00.000Z",
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        "referenceRange": [{"low": {"value": 1, "unit": unit, "system": UCUM, "code": unit}}],
    }


def make(n: int, rng: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """A Bundle and its answers."""
    pid = f"p{n:06d}"
    year = rng.randint(1935, 2014)
    res = [
        {
            "resourceType": "Patient",
            "id": pid,
            "active": True,
            "identifier": [{"system": "urn:example:mrn", "value": str(n)}],
            "name": [{"use": "official", "family": f"Family{n}", "given": ["Given"]}],
            "gender": rng.choice(["female", "male"]),
            "birthDate": f"{year}-01-01",
        }
    ]
    i = 0

    def add_obs(loinc: str, v: float, u: str, y: int, m: int) -> None:
        nonlocal i
        i += 1
        res.append(obs(i, pid, loinc, v, u, f"{y}-{m:02d}-{rng.randint(1, 28):02d}T08:00:00Z"))

    # two magnesium results, the later one decides
    for y in (2024, 2025):
        mmol = round(rng.uniform(0.55, 1.05), 2)
        if abs(mmol - 0.75) < 0.02:
            mmol = 0.80
        u = rng.choice(["mmol/L", "mg/dL", "meq/L", "umol/L"])
        v = {
            "mmol/L": mmol,
            "mg/dL": round(mmol * 2.4305, 3),
            "meq/L": round(mmol * 2, 2),
            "umol/L": round(mmol * 1000),
        }[u]
        add_obs("19123-9" if u == "mg/dL" else "2601-3", v, u, y, rng.randint(1, 12))
        last_mg = mmol
    for y in (2024, 2025):
        phq = rng.randint(0, 27)
        add_obs("44261-6", phq, "{score}", y, rng.randint(1, 12))
    for y in (2024, 2025):
        egfr = rng.randint(10, 120)
        add_obs("98979-8", egfr, "mL/min/{1.73_m2}", y, rng.randint(1, 12))
    for loinc, u, lo, hi in (
        ("2823-3", "mmol/L", 3.0, 5.5),
        ("17861-6", "mg/dL", 8.0, 10.5),
        ("2160-0", "mg/dL", 0.5, 3.0),
        ("718-7", "g/dL", 9, 17),
        ("29463-7", "kg", 45, 120),
        ("8302-2", "cm", 150, 195),
        ("4548-4", "%", 4.8, 10),
        ("2345-7", "mg/dL", 70, 250),
    ):
        add_obs(loinc, round(rng.uniform(lo, hi), 1), u, 2025, rng.randint(1, 12))
    meds = rng.sample(OTHER_RX, 3)
    ppi, diu, chel = rng.random() < 0.35, rng.random() < 0.3, rng.random() < 0.2
    meds += [rng.choice(PPI)] if ppi else []
    meds += [rng.choice(DIURETIC)] if diu else []
    meds += [rng.choice(CHELATED)] if chel else []
    for k, m in enumerate(meds):
        res.append(
            {
                "resourceType": "MedicationRequest",
                "id": f"m{k}",
                "status": "active",
                "intent": "order",
                "medicationCodeableConcept": cc(RX, m),
                "subject": {"reference": f"Patient/{pid}"},
                "authoredOn": "2025-06-01",
                "dosageInstruction": [
                    {"text": "1 daily", "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}
                ],
            }
        )
    res.append(
        {
            "resourceType": "MedicationRequest",
            "id": "mstop",
            "status": "stopped",
            "intent": "order",
            "medicationCodeableConcept": cc(RX, PPI[0]),
            "subject": {"reference": f"Patient/{pid}"},
            "authoredOn": "2020-06-01",
        }
    )
    dep, contra, nrisk = rng.random() < 0.6, rng.random() < 0.1, rng.choice([0, 0, 1, 1, 2])
    dx = (
        rng.sample(OTHER_DX, 3)
        + ([rng.choice(DEPRESSION)] if dep else [])
        + ([rng.choice(MG_CONTRA)] if contra else [])
        + rng.sample(RISK_DX, nrisk)
    )
    for k, d in enumerate(dx):
        res.append(
            {
                "resourceType": "Condition",
                "id": f"c{k}",
                "clinicalStatus": cc("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
                "code": cc(SCT, d),
                "subject": {"reference": f"Patient/{pid}"},
                "onsetDateTime": "2021-03-01",
            }
        )
    k = 0
    while len(res) < 30:
        k += 1
        res.append(
            {
                "resourceType": "Encounter",
                "id": f"e{k}",
                "status": "finished",
                "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
                "subject": {"reference": f"Patient/{pid}"},
                "period": {
                    "start": f"2025-{1 + k % 12:02d}-01T10:00:00Z",
                    "end": f"2025-{1 + k % 12:02d}-01T10:30:00Z",
                },
            }
        )
    age = TODAY_Y - year
    risks = sum([ppi, diu, nrisk > 0, age >= 70, egfr < 60])
    e = {
        "Adult": age >= 18,
        "LowMagnesium": last_mg < 0.75,
        "PhqInRange": 5 <= phq <= 19,
        "SevereCkd": egfr < 30,
        "OnPpi": ppi,
        "OnDiuretic": diu,
        "ChelatedDrug": chel,
        "Depression": dep,
        "Contraindicated": contra,
        "TwoRisks": risks >= 2,
    }
    e["TrialMatched"] = (
        e["Adult"] and e["PhqInRange"] and not e["SevereCkd"] and not e["Contraindicated"] and e["Depression"]
    )
    return {
        "resourceType": "Bundle",
        "id": f"b{n}",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:example:{r['resourceType']}:{pid}:{r['id']}", "resource": r} for r in res],
    }, {"id": pid, **e}


def write(count: int, out: Path) -> None:
    """Charts and answers, a line each."""
    rng = random.Random(20261121)
    made = [make(number, rng) for number in range(count)]
    out.write_text("".join(json.dumps(bundle, separators=(",", ":")) + "\n" for bundle, _ in made))
    out.with_suffix(".expect.ndjson").write_text("".join(json.dumps(answers) + "\n" for _, answers in made))


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
