"""Logs: one JSON object a line on standard error, of a closed list of members. Nothing given by a client is in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO


class Log:
    """Writes lines; one that nobody takes is dropped, never an error."""

    def __init__(self, now: Callable[[], float], stream: TextIO | None = None) -> None:
        self._now = now
        self._stream = stream

    def write(self, event: str, **members: str | int | float) -> None:
        """One line: when, what, and members of ours."""
        at = datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = json.dumps({"at": at, "event": event, **members}, separators=(",", ":"))
        try:
            stream = self._stream or sys.stderr
            stream.write(text + "\n")
            stream.flush()
        except (OSError, ValueError):
            pass

    def mistake(self, error: BaseException, request: str) -> None:
        """A mistake of ours: the kind of exception and the place in our code, never its text."""
        self.write(
            "mistake", level="error", request=request, kind=type(error).__name__, where=place(error.__traceback__)
        )


def place(trace: TracebackType | None) -> str:
    """The innermost line of mgdecide in a traceback."""
    where = "unknown"
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("mgdecide"):
            where = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where
