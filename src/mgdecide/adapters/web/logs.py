"""Logs: one JSON object a line on standard error, of a closed list of members. Nothing given by a client is in it."""

from __future__ import annotations

import json
import logging
import os
import select
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO


class Log:
    """Writes lines; one that nobody takes is dropped, never an error and never a reason to wait."""

    def __init__(self, now: Callable[[], float], stream: TextIO | None = None) -> None:
        self._now = now
        self._stream = stream
        self._file = _file_of(sys.stderr) if stream is None else -1
        self.dropped = 0

    def write(self, event: str, **members: str | int | float) -> None:
        """One line: when, what, and members of ours."""
        at = datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = _encode({"at": at, "event": event, **members}) + "\n"
        try:
            if self._file >= 0:
                self.dropped += not _put(self._file, text.encode())
            else:
                stream = self._stream or sys.stderr
                stream.write(text)
                stream.flush()
        except (OSError, ValueError):
            self.dropped += 1

    def mistake(self, error: BaseException, request: str) -> None:
        """A mistake of ours: the kind of exception and the place in our code, never its text."""
        self.write(
            "mistake", level="error", request=request, kind=type(error).__name__, where=place(error.__traceback__)
        )


_encode = json.JSONEncoder(separators=(",", ":")).encode


def _file_of(stream: TextIO | None) -> int:
    try:
        return stream.fileno() if stream is not None else -1
    except (OSError, ValueError):
        return -1


def _put(file: int, line: bytes) -> bool:
    """Write a line in one go where it can be taken at once: a reader that is stuck must not stop the service."""
    if hasattr(select, "poll"):
        asked = select.poll()
        asked.register(file, select.POLLOUT)
        if not asked.poll(0):
            return False
    return os.write(file, line) == len(line)


class Others(logging.Handler):
    """What libraries log, as lines of ours: who and how bad, and the kind of an exception; never a word of theirs."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """One record of a library."""
        error = record.exc_info[1] if record.exc_info else None
        kind = {"kind": type(error).__name__, "where": place(error.__traceback__)} if error else {}
        self._log.write("library", level=record.levelname.lower(), logger=record.name, **kind)


def take_over(log: Log) -> None:
    """For a process that is nothing but the service: whatever would be printed elsewhere goes through this log."""
    logging.getLogger().addHandler(Others(log))
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what is no HTTP is told by the connection

    def told(kind: type[BaseException], where: str) -> None:
        log.write("mistake", level="error", kind=kind.__name__, where=where)

    sys.unraisablehook = lambda given: told(given.exc_type, "unraisable")
    threading.excepthook = lambda given: told(given.exc_type, "thread")


def place(trace: TracebackType | None) -> str:
    """The innermost line of mgdecide in a traceback."""
    where = "unknown"
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("mgdecide"):
            where = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where
