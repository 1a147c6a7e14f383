"""A file of JSON Lines on disk that loses nothing it has acknowledged: not to a crash, a full disk or a neighbour."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

from mgdecide.domain.verdicts import Json


class Lines:
    """A file that is only ever added to. Safe to be used from several threads and several processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = -1
        self._is: os.stat_result

    def __del__(self) -> None:
        self._close()

    def add(self, records: list[Json], *, sync: bool) -> None:
        """Add lines, all or none; with ``sync`` they are on the disk when this returns.

        Raises:
            OSError: they could not be written; the file is as it was.
        """
        content = "".join(_encode(each) + "\n" for each in records).encode(errors="replace")
        with self._lock:
            self._open()
            _lock(self._file, True)
            try:
                self._add(content, sync)
            finally:
                _lock(self._file, False)

    def _add(self, content: bytes, sync: bool) -> None:
        before = os.lseek(self._file, 0, os.SEEK_END)
        if before and os.pread(self._file, 1, before - 1) != b"\n":
            content = b"\n" + content  # a line that a crash cut short stays one bad line
        try:
            _write(self._file, content)
            if sync:
                os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, before)
            raise

    def _open(self) -> None:
        """Open the file where it is not open, or was moved away since."""
        if self._file >= 0 and self._is_there():
            return
        self._close()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._is = os.fstat(self._file)
        if is_new:
            _keep_name(self.path.parent)

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.stat(self.path), self._is)
        except OSError:
            return False

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _write(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def _lock(file: int, held: bool) -> None:
    """Other processes of the service wait: else what one takes back could be what another has acknowledged."""
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX if held else fcntl.LOCK_UN)


def _keep_name(folder: Path) -> None:
    """Put the name of a new file on the disk too: without it a loss of power takes the whole file."""
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
