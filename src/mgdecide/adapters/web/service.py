"""What the routes share: settings, knowledge, who may call, the record of cards, counts, logs and a clock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, TextIO

from fastapi import Request, Response

from mgdecide.adapters.cards.cards import Link
from mgdecide.adapters.commands.assess import site_knowledge
from mgdecide.adapters.web.decision import Site
from mgdecide.adapters.web.ledger import Ledger
from mgdecide.adapters.web.logs import Log
from mgdecide.adapters.web.metrics import Metrics
from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.paths import mounted_at, path_in
from mgdecide.adapters.web.settings import Settings
from mgdecide.adapters.web.tokens import Gate
from mgdecide.knowledge.edition import default_knowledge

if TYPE_CHECKING:
    import httpx

JSON = "application/json"


class Service:
    """One running service. The clock is the only thing in it that is not told from outside."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
        stream: TextIO | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        fetch: Callable[[str], bytes] | None = None,
    ) -> None:
        knowledge = site_knowledge(settings.site or None) or default_knowledge()
        self.settings = settings
        self.clock = clock
        self.transport = transport
        self.log = Log(clock, stream)
        self.metrics = Metrics(knowledge.provenance.library, knowledge.provenance.knowledge)
        self.gate = Gate(settings, clock, fetch)
        self.ledger = Ledger(settings.folder, clock, keep_comments=settings.keep_comments)
        self.site = Site(
            knowledge, settings.conditions_complete, settings.medications_complete, links(settings.base_url, settings)
        )
        self.is_ready = False

    def today(self) -> date:
        """The day of assessment where a request names none: the service's own."""
        return datetime.fromtimestamp(self.clock()).astimezone().date()

    def address_of(self, request: Request) -> str:
        """The address that was called, as clients know it."""
        path = path_in(request.scope).rstrip("/")
        if self.settings.public_url:
            return self.settings.public_url + path
        host = request.headers.get("host", request.url.netloc)
        return f"{request.url.scheme}://{host}{mounted_at(request.scope)}{path}"

    async def admit(self, request: Request) -> None:
        """Let a call pass, or raise ServiceError."""
        if self.gate.is_open:
            return
        authorization, address = request.headers.get("authorization"), self.address_of(request)
        if self.gate.may_fetch:
            import asyncio

            await asyncio.to_thread(self.gate.check, authorization, address)
        else:
            self.gate.check(authorization, address)


def links(base: str, settings: Settings) -> tuple[Link, ...]:
    """Where a card leads: the workbench, if it is served."""
    return (Link("Open the magnesium workbench", f"{base}/"),) if settings.workbench else ()


def json_response(record: object, status: int = 200, media_type: str = JSON) -> Response:
    """Plain values as a JSON answer."""
    return Response(encoded(record), status, media_type=media_type)


def encoded(record: object) -> bytes:
    """Plain values as JSON. What is half a character is told as a question mark: it cannot be written."""
    return _encode(record).encode(errors="replace")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def refuse_other_types(request: Request, *accepted: str) -> None:
    """415 unless the body is declared as one of the accepted types, in UTF-8 and not compressed."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise ServiceError(415, "not-supported", "The body must not be compressed.")
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    other = "charset" in parameters.lower() and charset not in ("utf-8", "utf8")
    if other or kind.strip().lower() not in accepted:
        raise ServiceError(415, "not-supported", f"The body must be {' or '.join(accepted)} in UTF-8.")
