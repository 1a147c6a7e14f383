"""The outermost layer: limits, security headers, cross-origin rules, one log line and one count for each request.

Whatever goes wrong inside becomes an answer here, so that no traceback and no exception text ever leaves.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from time import perf_counter
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from mgdecide.adapters.web.logs import Log
from mgdecide.adapters.web.metrics import Metrics
from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.paths import path_in
from mgdecide.adapters.web.settings import Settings

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

ShortWay: TypeAlias = App
"""What answers POST at one path without the machinery of routes, which costs a tenth of a hook call."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_NO_STORE = (b"cache-control", b"no-store")
_ALLOWED_METHODS = b"GET, POST, OPTIONS"
_ALLOWED_HEADERS = b"authorization, content-type"
_TOO_MANY = "Too many requests at once."
_OUR_MISTAKE = "The service made a mistake; nothing was decided."


class Door:
    """ASGI middleware around everything else."""

    def __init__(self, settings: Settings, log: Log, metrics: Metrics, short: Mapping[str, ShortWay]) -> None:
        self._app: App = _nowhere
        self._settings = settings
        self._log = log
        self._metrics = metrics
        self._short = short
        self._now = 0

    def around(self, app: App) -> Door:
        """This door, leading to an application."""
        self._app = app
        return self

    def knows_short_way(self, scope: Scope) -> bool:
        """Whether a request is answered without the application."""
        return scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in self._short

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit = _Visit(scope, receive, send, self._settings)
        self._now += 1
        try:
            if self._now > self._settings.max_connections:
                raise ServiceError(503, "throttled", _TOO_MANY)
            if visit.is_preflight:
                await visit.answer_preflight()
            else:
                visit.refuse_large()
                way = self._short[scope["path"]] if self.knows_short_way(scope) else self._app
                await way(scope, visit.receive, visit.send)
        except _GoneError:
            visit.status = 499
        except ServiceError as error:
            await visit.fail(error)
        except Exception as error:
            self._log.mistake(error, visit.id)
            await visit.fail(ServiceError(500, "exception", _OUR_MISTAKE, visit.id))
        finally:
            self._now -= 1
            self._tell(scope, visit)

    def _tell(self, scope: Scope, visit: _Visit) -> None:
        seconds = perf_counter() - visit.began
        route = route_of(scope)
        method = scope["method"] if scope["method"] in ("GET", "POST", "OPTIONS", "HEAD") else "other"
        self._metrics.request(route, method, visit.status, seconds)
        if route not in _WATCHED:
            self._log.write(
                "request",
                request=visit.id,
                method=method,
                route=route,
                status=visit.status,
                milliseconds=round(seconds * 1000, 2),
                bytes_in=visit.bytes_in,
            )


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    raise ServiceError(503, "transient", "The service is starting.")


class _GoneError(Exception):
    """The client has gone in the middle of its request."""


class _Visit:
    """One request on its way through."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
        self.began = perf_counter()
        self.id = secrets.token_hex(16)
        self.status = 500
        self.bytes_in = 0
        self._scope = scope
        self._receive = receive
        self._send = send
        self._settings = settings
        self._started = False
        self._whole = False
        self._headers = {name.lower(): value for name, value in scope["headers"]}
        self._origin = self._headers.get(b"origin", b"").decode("latin-1")
        scope.setdefault("state", {})["request_id"] = self.id

    @property
    def is_preflight(self) -> bool:
        """A browser asking whether it may."""
        return self._scope["method"] == "OPTIONS" and b"access-control-request-method" in self._headers

    def refuse_large(self) -> None:
        """Refuse a body that says that it is too large before any of it is read."""
        length = self._headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._settings.max_body_bytes:
            raise _too_large(self._settings)

    async def receive(self) -> Message:
        """The next part of the request, within bounds of size and time."""
        if self._whole:
            return await self._receive()
        left = self._settings.body_seconds - (perf_counter() - self.began)
        try:
            async with asyncio.timeout(max(left, 0.001)):
                message = await self._receive()
        except TimeoutError:
            raise ServiceError(408, "timeout", "The request did not arrive in time.") from None
        if message["type"] == "http.disconnect":
            raise _GoneError
        self.bytes_in += len(message.get("body", b""))
        if self.bytes_in > self._settings.max_body_bytes:
            raise _too_large(self._settings)
        self._whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """The next part of the answer, with our headers on its start."""
        if message["type"] == "http.response.start":
            self._started = True
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._own_headers(message)]
        await self._send(message)

    def _own_headers(self, message: Message) -> list[tuple[bytes, bytes]]:
        headers = [*_HEADERS, (b"x-request-id", self.id.encode())]
        if all(name.lower() != b"cache-control" for name, _ in message.get("headers", ())):
            headers.append(_NO_STORE)
        return headers + self._cross_origin()

    def _cross_origin(self) -> list[tuple[bytes, bytes]]:
        if not self._origin:
            return []
        if not self._may(self._origin):
            return [(b"vary", b"Origin")]
        return [
            (b"access-control-allow-origin", self._origin.encode("latin-1")),
            (b"access-control-expose-headers", b"x-request-id"),
            (b"vary", b"Origin"),
        ]

    def _may(self, origin: str) -> bool:
        """Whether pages of an origin may call: those the site names; by default pages of this machine, on loopback."""
        origins = self._settings.cors_origins
        if origins:
            return "*" in origins or origin in origins
        return self._settings.is_loopback and is_own_machine(urlsplit(origin).hostname or "")

    async def answer_preflight(self) -> None:
        """204, with what is allowed."""
        if not self._may(self._origin):
            raise ServiceError(403, "forbidden", "Pages of this origin may not call the service.")
        headers = [
            (b"access-control-allow-methods", _ALLOWED_METHODS),
            (b"access-control-allow-headers", _ALLOWED_HEADERS),
            (b"access-control-max-age", b"600"),
            (b"content-length", b"0"),
        ]
        if self._headers.get(b"access-control-request-private-network") == b"true":
            headers.append((b"access-control-allow-private-network", b"true"))
        await self.send({"type": "http.response.start", "status": 204, "headers": headers})
        await self.send({"type": "http.response.body", "body": b""})

    async def fail(self, error: ServiceError) -> None:
        """Answer with an error, unless the answer has already begun."""
        self.status = error.status
        if self._started:
            return
        body = json.dumps(error.outcome()).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        headers += [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
        if not self._whole and (error.status != _TOO_LARGE or b"expect" in self._headers):
            headers.append((b"connection", b"close"))  # the rest of the request is not waited for
        await self.send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


_TOO_LARGE = 413
"""To this answer the line is not cut: a client that is still sending might never read it."""


def _too_large(settings: Settings) -> ServiceError:
    return ServiceError(_TOO_LARGE, "too-long", f"A request may have at most {settings.max_body_bytes} bytes.")


def is_own_machine(host: str) -> bool:
    """Whether a host is a loopback name or address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_WATCHED = ("/healthz", "/readyz", "/metrics")
_ROUTES = ("/", "/assess", "/read", "/cds-services", "/openapi.json", "/patient-view", *_WATCHED)


def route_of(scope: Scope) -> str:
    """The route of a path, for logs and counts; never the path itself, which a client makes up."""
    path = path_in(scope)
    if path in _ROUTES:
        return path
    parts = path.strip("/").split("/")
    if parts[0] == "cds-services" and len(parts) in (2, 3):
        return "/cds-services/{id}" + ("/feedback" if len(parts) == 3 else "")
    if parts[0] in ("schemas", "static", "workbench", "explain") and len(parts) == 2:
        return f"/{parts[0]}/{{name}}"
    return "other"
