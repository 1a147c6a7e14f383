"""How far a long run is, on a terminal only; elsewhere nothing is printed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

_EVERY = 0.25
_CLEAR = "\r\x1b[K"

Share = Callable[[], float | None]
"""How much is done, from 0 to 1; None while that is not known."""


def watched() -> bool:
    """Whether somebody looks on."""
    return sys.stderr.isatty()


@contextmanager
def shown(what: str, share: Share = lambda: None, rows: int | None = None) -> Iterator[None]:
    """Show ``what``, the share done and the seconds gone on one line of a terminal, and wipe it at the end."""
    if not watched():
        yield
        return
    done = Event()
    line = Thread(target=_draw, args=(what, share, rows, done), daemon=True)
    line.start()
    try:
        yield
    finally:
        done.set()
        line.join(timeout=2)
        print(_CLEAR, end="", file=sys.stderr, flush=True)


def _draw(what: str, share: Share, rows: int | None, done: Event) -> None:
    began = time.monotonic()
    while not done.wait(_EVERY):
        print(_CLEAR + told(what, share(), rows, time.monotonic() - began), end="", file=sys.stderr, flush=True)


def told(what: str, share: float | None, rows: int | None, seconds: float) -> str:
    """The line: ``judging     42%  420,000 of 1,000,000 rows  12 s``."""
    parts = [f"{what:<9}"]
    if share is not None:
        share = min(max(share, 0.0), 1.0)
        parts.append(f"{share:>4.0%}")
        if rows is not None:
            parts.append(f"{int(share * rows):,} of {rows:,} rows")
    elif rows is not None:
        parts.append(f"{rows:,} rows")
    parts.append(f"{seconds:.0f} s")
    return "  ".join(parts)
