"""A small health record to call the service with: a chart, its prefetch, hook calls; and a service to be called."""

from __future__ import annotations

import io
import json
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from attrs import define, field, frozen

from mgdecide.adapters.web.app import create_app
from mgdecide.adapters.web.service import Service
from mgdecide.adapters.web.settings import Settings

with warnings.catch_warnings():  # it names a successor of httpx that is not needed here
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

Json = dict[str, Any]

NOW = datetime(2026, 8, 29, 12, tzinfo=UTC).timestamp()
DAY = "2026-08-29"
PATIENT = "p-1"
SUBJECT = {"reference": f"Patient/{PATIENT}"}
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
VIEW, SELECT, SIGN = "mgdecide-patient-view", "mgdecide-order-select", "mgdecide-order-sign"
HOOK_OF = {VIEW: "patient-view", SELECT: "order-select", SIGN: "order-sign"}


# --- resources ----------------------------------------------------------------------------------------------


def person(**more: Any) -> Json:
    return {"resourceType": "Patient", "id": PATIENT, "gender": "female", "birthDate": "1972-01-01", **more}


def observation(code: str, value: Any, unit: str, day: str = "2026-08-20", **more: Any) -> Json:
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return {
        "resourceType": "Observation",
        "id": f"o-{code}-{day}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": SUBJECT,
        "effectiveDateTime": day,
        "valueQuantity": quantity,
        **more,
    }


def magnesium(value: float, unit: str = "mmol/L", **more: Any) -> Json:
    return observation("2601-3" if unit == "mmol/L" else "19123-9", value, unit, **more)


def egfr(value: float, **more: Any) -> Json:
    return observation("98979-8", value, "mL/min/{1.73_m2}", **more)


def phq9_item_9(points: int) -> Json:
    coded = observation("44260-8", points, "{score}")
    del coded["valueQuantity"]
    return {**coded, "valueInteger": points}


def condition(code: str, words: str) -> Json:
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    return {
        "resourceType": "Condition",
        "id": f"c-{code}",
        "clinicalStatus": status,
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code, "display": words}], "text": words},
        "subject": SUBJECT,
        "recordedDate": "2026-08-01",
    }


def order(name: str, id: str = "", **more: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": id or f"m-{name.replace(' ', '-')}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": name},
        "subject": SUBJECT,
        **more,
    }


def draft(name: str, id: str = "d-1", **more: Any) -> Json:
    return order(name, id) | {"status": "draft", "intent": "proposal"} | more


def bundle(*resources: Json, **more: Any) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources], **more}


OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


# --- calls --------------------------------------------------------------------------------------------------


@frozen
class Chart:
    """What the health record knows; everything else is null in the prefetch."""

    labs: tuple[Json, ...] = ()
    conditions: tuple[Json, ...] = ()
    medications: tuple[Json, ...] = ()
    scores: tuple[Json, ...] = ()

    def prefetch(self) -> Json:
        found: Json = {"patient": person()}
        for key in ("labs", "conditions", "medications", "scores"):
            resources = getattr(self, key)
            found[key] = bundle(*resources) if resources else None
        return found | dict.fromkeys(("statements", "procedures", "questionnaires"))


LOW = Chart(labs=(magnesium(0.61), egfr(71)))
KIDNEY = Chart(labs=(magnesium(0.61), egfr(22)))
USUAL = Chart(labs=(magnesium(0.90), egfr(80)))


def hook_call(
    service: str, prefetch: Json | None, *drafts: Json, selections: list[str] | None = None, **more: Any
) -> Json:
    context: Json = {"userId": "Practitioner/1", "patientId": PATIENT}
    if service != VIEW:
        context["draftOrders"] = bundle(*drafts, type="collection")
    if service == SELECT:
        references = [f"{each['resourceType']}/{each['id']}" for each in drafts]
        context["selections"] = references if selections is None else selections
    call: Json = {"hook": HOOK_OF[service], "hookInstance": str(uuid.uuid4()), "context": context}
    if prefetch is not None:
        call["prefetch"] = prefetch
    return call | more


@define
class Running:
    """A service under test: a client, what it logged, and where it keeps things."""

    client: TestClient
    log: io.StringIO
    folder: Path
    service: Service
    clock: list[float] = field(factory=lambda: [NOW])

    def call(self, service: str, chart: Chart | Json | None, *drafts: Json, **more: Any) -> httpx.Response:
        prefetch = chart.prefetch() if isinstance(chart, Chart) else chart
        return self.post(f"/cds-services/{service}", hook_call(service, prefetch, *drafts, **more))

    def cards(self, service: str, chart: Chart, *drafts: Json, **more: Any) -> list[Json]:
        answer = self.call(service, chart, *drafts, **more)
        assert answer.status_code == 200, answer.text
        cards: list[Json] = answer.json()["cards"]
        return cards

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        found: httpx.Response = self.client.post(
            path, content=json.dumps(body), headers={"content-type": "application/json", **headers}
        )
        return found

    def lines(self, name: str) -> list[Json]:
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def logged(self) -> list[Json]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@contextmanager
def running(folder: Path, transport: httpx.AsyncBaseTransport | None = None, **settings: Any) -> Iterator[Running]:
    """A service in this process, with a clock that stands still."""
    log, clock = io.StringIO(), [NOW]
    service = Service(
        Settings(data_dir=str(folder), **settings), clock=lambda: clock[0], stream=log, transport=transport
    )
    with TestClient(create_app(service=service), raise_server_exceptions=False) as client:
        yield Running(client, log, folder, service, clock)
