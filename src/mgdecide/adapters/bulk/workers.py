"""Work dealt out to processes that end with the one that asked, however that ends, and say nothing when it does."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Given], Made], given: Iterable[Given], processes: int) -> Iterator[Made]:
    """What ``work`` makes of each, in order. If the caller stops half way, by Ctrl-C or otherwise, so do they."""
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    with theirs, ours, ProcessPoolExecutor(processes, context, _begin, (theirs,)) as pool:
        try:
            with _unheard_by_children():
                made = pool.map(work, given)
            yield from made
        except BaseException:
            ours.close()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal; one that hears it while it starts prints a traceback of its own."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it starts a process of its own, and hears Ctrl-C again afterwards
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(asked: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(asked,), daemon=True).start()


def _end_with(asked: Connection) -> None:
    """Nothing is ever sent: the other end is closed, or gone with its process."""
    parent = parent_process()
    wait([asked] if parent is None else [asked, parent.sentinel])
    os._exit(0)
