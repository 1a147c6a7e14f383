"""Hook calls by the short way: past the machinery of routes, which costs more than a tenth of one.

The routes of the application describe the same calls, and answer them where it is mounted below a path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastapi import Request, Response

from mgdecide.adapters.web import cds_hooks
from mgdecide.adapters.web.door import Receive, Scope, Send, ShortWay
from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.service import JSON, Service, refuse_other_types

_JSON = (b"content-type", b"application/json")
Told = Callable[[Request, ServiceError], Response]


def short_ways(service: Service, told: Told) -> dict[str, ShortWay]:
    """By path: what answers POST there.

    Args:
        told: how an error is answered.
    """
    return {f"/cds-services/{id}": _short_way(service, id, told) for id in cds_hooks.SERVICES}


def _short_way(service: Service, id: str, told: Told) -> ShortWay:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if not service.gate.is_open:
                await service.admit(Request(scope))
            if not _is_plain_json(scope["headers"]):
                refuse_other_types(Request(scope), JSON)
            body = await cds_hooks.answer(service, id, await _body(receive))
        except ServiceError as error:
            await told(Request(scope), error)(scope, receive, send)
            return
        length = (b"content-length", b"%d" % len(body))
        await send({"type": "http.response.start", "status": 200, "headers": [length, _JSON]})
        await send({"type": "http.response.body", "body": body})

    return call


def _is_plain_json(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the body is said to be JSON, in just these words; anything else is looked at more closely."""
    is_json = False
    for pair in headers:
        if pair == _JSON:
            is_json = True
        elif pair[0] in (b"content-type", b"content-encoding"):
            return False
    return is_json


async def _body(receive: Receive) -> bytes:
    """The whole body; the door bounds its size and time."""
    message = await receive()
    if not message.get("more_body", False):
        return bytes(message.get("body", b""))
    parts = [message.get("body", b"")]
    while message.get("more_body", False):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts)
