"""CDS Hooks 2.0.1: discovery, three hooks, feedback."""

from __future__ import annotations

import asyncio

from fastapi import Request, Response

from mgdecide.adapters.cards.points import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from mgdecide.adapters.fhir.text import bundle_value
from mgdecide.adapters.web.decision import Decision, decide
from mgdecide.adapters.web.feedback import Entry, read_feedback
from mgdecide.adapters.web.fhir_client import complete
from mgdecide.adapters.web.hook_request import read_request
from mgdecide.adapters.web.outcomes import ServiceError, refused
from mgdecide.adapters.web.prefetch import queries
from mgdecide.adapters.web.service import JSON, Service, encoded, json_response, refuse_other_types
from mgdecide.domain.verdicts import Json
from mgdecide.errors import MgdecideError

SERVICES = {
    "mgdecide-patient-view": (
        PATIENT_VIEW,
        "Magnesium: urgent findings, gate and status",
        "Shows what is urgent, a low or doubtful serum magnesium, and whether anything forbids oral magnesium.",
    ),
    "mgdecide-order-select": (
        ORDER_SELECT,
        "Magnesium orders and interactions",
        "Checks magnesium being ordered, and medicines being ordered that clash with magnesium.",
    ),
    "mgdecide-order-sign": (
        ORDER_SIGN,
        "Magnesium orders and interactions",
        "Checks magnesium being signed, and medicines being signed that clash with magnesium.",
    ),
}
"""By id: hook, title, description."""

USAGE = (
    "FHIR R4. Send every prefetch key: null where there is no data. Times to keep apart are information only; the "
    "service never writes an order."
)


def discovery() -> Json:
    """The discovery document."""
    prefetch = {query.key: query.template for query in queries()}
    return {
        "services": [
            {
                "hook": hook,
                "id": id,
                "title": title,
                "description": description,
                "prefetch": prefetch,
                "usageRequirements": USAGE,
            }
            for id, (hook, title, description) in SERVICES.items()
        ]
    }


def hook_of(id: str) -> str:
    """The hook of a service. Raises ServiceError (404) for an id that is none."""
    if id not in SERVICES:
        raise ServiceError(404, "not-found", "There is no CDS service of this id; see /cds-services.")
    return SERVICES[id][0]


async def body_of(request: Request) -> object:
    """The body as plain values, fractions as Decimal.

    Raises:
        ServiceError: 415, 400.
    """
    refuse_other_types(request, JSON)
    return _values(await request.body())


def _values(content: bytes) -> object:
    try:
        return bundle_value(content)
    except MgdecideError as error:
        raise refused(error.problems, code="structure") from None


async def call(service: Service, id: str, request: Request) -> Response:
    """Answer one hook."""
    await service.admit(request)
    hook_of(id)
    refuse_other_types(request, JSON)
    return Response(await answer(service, id, await request.body()), media_type=JSON)


async def answer(service: Service, id: str, content: bytes) -> bytes:
    """The answer to the body of a call that was let in.

    Raises:
        ServiceError: 400 for a body that is no call; 412 and 400 as ``decide`` has them.
    """
    hook = SERVICES[id][0]
    asked = read_request(_values(content), hook)
    found = await complete(asked, service.settings, service.transport)
    decision = decide(asked, found, service.today(), service.site)
    _note(service, id, hook, decision)
    record = decision.to_record()
    return encoded(record | {"cards": []} if service.settings.shadow else record)


def _note(service: Service, id: str, hook: str, decision: Decision) -> None:
    """Count the cards and note them on disk; a disk that is full does not keep a card from being shown."""
    gate = decision.assessment.gate.state.value
    service.metrics.decision(hook, gate, decision.cards, decision.later)
    if decision.later:
        service.log.write(
            "dated-after-today", level="warning", number=decision.later, today=service.today().isoformat()
        )
    try:
        service.ledger.record(id, gate, decision.cards, shown=not service.settings.shadow)
    except OSError as error:
        service.metrics.unrecorded()
        service.log.write("cards-not-recorded", level="warning", reason=type(error).__name__)


async def feedback(service: Service, id: str, request: Request) -> Response:
    """Keep feedback; 200 only once it is on the disk."""
    await service.admit(request)
    hook_of(id)
    entries = read_feedback(await body_of(request))
    await asyncio.to_thread(_keep, service, id, entries)
    for entry in entries:
        service.metrics.feedback(entry.outcome)
    return json_response({})


def _keep(service: Service, id: str, entries: tuple[Entry, ...]) -> None:
    try:
        service.ledger.keep(id, entries)
    except OSError as error:
        service.log.write("feedback-not-kept", level="error", reason=type(error).__name__)
        raise ServiceError(503, "transient", "The feedback could not be kept; send it again.") from None
