"""A hospital's own program with mgdecide inside: its charts, its pages, our decisions. Needs the extra ``service``.

python examples/embed_in_a_program.py          serves it at http://127.0.0.1:8020/
python examples/embed_in_a_program.py --try    asks it what a clinician and an EHR would, and prints the answers

Two ways at once, each of use without the other:
- the library, called by the program itself: a panel on its own page for a chart it holds;
- the whole service (CDS Hooks, JSON API, workbench), mounted below /magnesium of the same program.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from html import escape
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse

from mgdecide import Regimens, Withheld, assess
from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.web.app import create_app
from mgdecide.adapters.web.settings import Settings

TODAY = datetime.now().astimezone().date()
LAST_WEEK = (TODAY - timedelta(days=7)).isoformat()


def result(code: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": "Patient/17"},
        "effectiveDateTime": LAST_WEEK,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }


CHARTS: dict[str, list[dict[str, Any]]] = {
    "17": [
        {"resourceType": "Patient", "id": "17", "gender": "female", "birthDate": "1960-05-05"},
        result("2601-3", 0.61, "mmol/L"),
        result("98979-8", 22, "mL/min/{1.73_m2}"),
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "alendronate 70 mg tablet"},
            "subject": {"reference": "Patient/17"},
        },
    ]
}
"""The program's own store; an invented patient."""


def panel(chart: list[dict[str, Any]]) -> str:
    """What the program shows of magnesium beside the rest of a chart."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in chart]}
    patient, reading = read_fhir(bundle, on=TODAY, medications_complete=True)
    assessment = assess(patient)
    lines = [finding.text for finding in assessment.urgent]
    lines.append(f"Gate for oral magnesium: {assessment.gate.state.value}.")
    lines += [reason.text for reason in assessment.gate.because]
    match assessment.regimens:  # a type, not a flag: no regimen is reached past a gate that is not open
        case Withheld():
            lines.append("No regimen is shown.")
        case Regimens(items=found):
            lines += [f"{each.study}: {each.fit.value}, certainty {each.certainty}" for each in found]
    lines += [f"Not checked: {line}" for line in assessment.not_checked[:2]]
    used, unused = reading.counts["used"], reading.counts["not used"]
    lines.append(f"Read from the chart: {used} entries used, {unused} not used.")
    told = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<section><h2>Magnesium</h2><ul>{told}</ul><a href='/magnesium/'>Workbench</a></section>"


def create_program(data: str) -> FastAPI:
    """The hospital's program."""
    service = create_app(Settings(data_dir=data, public_url="http://127.0.0.1:8020/magnesium"))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.router.lifespan_context(service):  # a mounted application is not started by its host
            yield

    program = FastAPI(title="A hospital's program", lifespan=lifespan)

    @program.get("/patients/{id}", response_class=HTMLResponse)
    async def patient(id: str) -> str:
        if id not in CHARTS:
            raise HTTPException(404)
        return f"<!doctype html><html lang='en'><title>Patient {escape(id)}</title>{panel(CHARTS[id])}</html>"

    program.mount("/magnesium", service)
    return program


async def try_it() -> None:
    """Ask what a clinician's browser and an EHR would ask."""
    import httpx

    with tempfile.TemporaryDirectory() as data:
        program = create_program(data)
        async with (
            program.router.lifespan_context(program),
            httpx.AsyncClient(transport=httpx.ASGITransport(program), base_url="http://127.0.0.1:8020") as client,
        ):
            page = (await client.get("/patients/17")).text
            print(page.replace("<li>", "\n- ").split("<ul>")[1].split("</ul>")[0].replace("</li>", ""))
            services = (await client.get("/magnesium/cds-services")).json()["services"]
            print("services:", ", ".join(each["id"] for each in services))
            held: dict[str, list[dict[str, Any]]] = {}
            for resource in CHARTS["17"]:
                held.setdefault(resource["resourceType"], []).append({"resource": resource})
            bundles = {kind: {"resourceType": "Bundle", "entry": entries} for kind, entries in held.items()}
            call = {
                "hook": "patient-view",
                "hookInstance": "6e2f3a52-0f2f-4c53-9d36-2c7b4e8f0a11",
                "context": {"userId": "Practitioner/1", "patientId": "17"},
                "prefetch": dict.fromkeys(services[0]["prefetch"])
                | {
                    "patient": CHARTS["17"][0],
                    "labs": bundles["Observation"],
                    "medications": bundles["MedicationRequest"],
                },
            }
            answer = (await client.post("/magnesium/cds-services/mgdecide-patient-view", json=call)).json()
            for card in answer["cards"]:
                print(f"card, {card['indicator']}: {card['summary']}")
            print("workbench:", (await client.get("/magnesium/")).status_code)


def main() -> None:
    if "--try" in sys.argv[1:]:
        asyncio.run(try_it())
        return
    import uvicorn

    uvicorn.run(create_program("mgdecide-data"), host="127.0.0.1", port=8020)


if __name__ == "__main__":
    main()
