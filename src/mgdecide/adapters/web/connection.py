"""One connection of ``mgdecide serve``: what a client may cost before any request of its is whole.

The application behind bounds requests; this bounds what comes before one. A head must arrive in time and be small, a
client that reads no answer is let go, connections are counted, and what is no HTTP is answered like any other mistake.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import suppress
from typing import cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from mgdecide.adapters.web.logs import Log
from mgdecide.adapters.web.metrics import Metrics
from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.settings import Settings

LARGEST_HEAD = 64_000
"""Bytes of a request that are not its body: first line, headers, framing of chunks."""
_FRAMING = 16
"""Each byte of a body pays for so many bytes of framing: chunks of one byte have five."""
MOST_WAITING = 32
"""Requests that a client may send ahead before the first of them is answered."""
_LINGER = 0.5
_LAST_ANSWER = 10.0
_LOOK_ROUND = 0.5
_OTHER_FILES = 100
"""Files that a process needs beside its connections, with some to spare."""
_NO_HTTP = (400, "structure", "This is no HTTP request.")
_LARGE_HEAD = (431, "too-long", f"The head of a request may have at most {LARGEST_HEAD} bytes.")
_SLOW = (408, "timeout", "The request did not arrive in time.")
_CROWDED = (503, "throttled", "Too many connections at once.")


class Connections:
    """All connections of one server: how many there are, and which have waited too long."""

    def __init__(self, settings: Settings, log: Log, metrics: Metrics) -> None:
        self.log = log
        self.metrics = metrics
        self.most = affordable(settings.max_connections)
        self._seconds = settings.body_seconds
        self._open: set[Connection] = set()
        self._is_watched = False

    def protocol(self) -> type[asyncio.Protocol]:
        """The class of connection for uvicorn."""
        return type("Connection", (Connection,), {"all": self})

    def add(self, connection: Connection) -> bool:
        """Count one more; whether there is room for it."""
        self._open.add(connection)
        if not self._is_watched:
            self._is_watched = True
            connection.loop.call_later(_LOOK_ROUND, self._look_round, connection.loop)
        return len(self._open) <= self.most

    def drop(self, connection: Connection) -> None:
        """One less."""
        self._open.discard(connection)

    @property
    def are_far_too_many(self) -> bool:
        """Whether not even a word of refusal can be afforded."""
        return len(self._open) > self.most + _OTHER_FILES // 2

    def _look_round(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let go of clients that are late with their request or do not read."""
        for connection in tuple(self._open):
            connection.end_if_late(self._seconds)
        self._is_watched = bool(self._open)
        if self._is_watched:
            loop.call_later(_LOOK_ROUND, self._look_round, loop)


class Connection(HttpToolsProtocol):
    """A connection with bounds of time and size on everything that is not the body of a request."""

    all: Connections

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._waiting_since = 0.0
        """When the client began to owe us the rest of a request; 0 while it owes nothing."""
        self._paused_since = 0.0
        """When the client stopped to read; 0 while it reads."""
        self._extra = 0
        self._in_body = False
        self._is_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """A client has come; one too many is told so and let go."""
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, _Line(transport))
        self._waiting_since = self.loop.time()
        if not self.all.add(self):
            if self.all.are_far_too_many:
                transport.abort()
            else:
                self._refuse(_CROWDED)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self.all.drop(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request."""
        if self._is_over:
            return
        if not self._waiting_since:
            self._waiting_since = self.loop.time()
        self._extra += len(data)
        super().data_received(data if self._in_body else _without_offer(data))
        if self._extra > LARGEST_HEAD and not self._is_over:
            self._refuse(_LARGE_HEAD)

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio keeps the way out open for True
        """The client sends no more. One that has sent its request whole still gets its answer."""
        if self._is_over or self._waiting_since or not self._is_answering:
            return None
        self.cycle.keep_alive = False
        return True

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; those after a chunked body are of no use and not kept."""
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there."""
        super().on_headers_complete()
        self._in_body = True
        if len(self.pipeline) > MOST_WAITING:
            raise ValueError  # ends the reading of what is there, and the connection

    def on_body(self, body: bytes) -> None:
        """Part of a body."""
        self._extra = max(0, self._extra - (1 + _FRAMING) * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: from now on it is we who are waited for."""
        self._in_body = False
        self._waiting_since = 0.0
        self._extra = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer is given; the last one, if nothing more is read."""
        super().on_response_complete()
        if self._is_over:
            self.transport.close()

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        self._paused_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client has read."""
        self._paused_since = 0.0
        super().resume_writing()

    def end_if_late(self, seconds: float) -> None:
        """Let a client go that is late: with an answer where its head is missing, else the door has answered."""
        latest = self.loop.time() - seconds
        if self._paused_since and self._paused_since < latest:
            self.transport.abort()
        elif self._waiting_since and self._waiting_since < latest and not self._is_over:
            if not self._in_body:
                self._refuse(_SLOW)
            elif self._waiting_since < latest - seconds or not self._is_answering:
                self.transport.abort()

    @property
    def _is_answering(self) -> bool:
        """Whether the answer to a request is under way."""
        cycle = getattr(self, "cycle", None)
        return cycle is not None and not cycle.response_complete

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP. uvicorn's own words are not ours."""
        self._refuse(_NO_HTTP)

    def _refuse(self, why: tuple[int, str, str]) -> None:
        """Answer from here, and read no more; the answer must have a chance to be read before the line is cut."""
        self._is_over = True
        self._unset_keepalive_if_required()
        status, code, text = why
        self.all.metrics.request("other", "other", status, 0.0)
        self.all.log.write("refused", status=status)
        if self.transport.is_closing():
            return
        if self._is_answering and (
            self.pipeline or not self._in_body
        ):  # a whole request came before: its answer is the last
            self.cycle.keep_alive = False
            self.pipeline.clear()
            self.loop.call_later(_LAST_ANSWER, self.transport.abort)
            return
        was_told = self._is_answering and self.cycle.response_started
        if self._is_answering:  # the request will never be whole; whoever waits for it is told that the client has gone
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        silent = self._extra == 0 and status == _SLOW[0]  # never said anything: nothing to be answered
        if not silent and not was_told:
            body = json.dumps(ServiceError(status, code, text).outcome()).encode()
            head = f"HTTP/1.1 {status} {_PHRASES[status]}\r\ncontent-type: application/json\r\n"
            head += f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
            self.transport.write(head.encode() + body)
        with suppress(OSError, RuntimeError, NotImplementedError):
            self.transport.write_eof()
        self.loop.call_later(_LINGER, self.transport.abort)


class _Line:
    """A transport to which nothing is written any more once it is closed: uvloop takes that for a mistake of ours."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Send, if anybody can still be reached."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)


_OFFER = re.compile(rb"\r\nupgrade:[^\r\n]*", re.IGNORECASE)


def _without_offer(data: bytes) -> bytes:
    """A head without the offer of another protocol, which would cost its body: Java offers h2c with a first POST."""
    end = data.find(b"\r\n\r\n")
    found = _OFFER.search(data, 0, end if end >= 0 else len(data))
    return data[: found.start()] + data[found.end() :] if found else data


_PHRASES = {
    400: "Bad Request",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


def affordable(most: int) -> int:
    """As many connections as the system lets this process have open files for; its soft limit is raised for that."""
    if sys.platform == "win32":
        return most
    import resource

    wanted = most + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY not in (soft, hard) and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if soft == resource.RLIM_INFINITY else max(1, min(most, soft - _OTHER_FILES))
