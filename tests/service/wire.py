"""The service as a process of its own, and clients that speak to it byte by byte."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field

Json = dict[str, Any]
PATIENCE = 10.0


@define
class Process:
    """A running service: where it listens, where it keeps things, and what it said."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    said: list[str] = field(factory=list)

    def connect(self, buffer: int = 0) -> socket.socket:
        """A connection; with ``buffer``, of a client that takes in no more than so many bytes."""
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", self.port))
        return client

    def say(self, *parts: bytes, pause: float = 0) -> bytes:
        """Everything that is answered to some bytes until the service closes or is silent for long."""
        with self.connect() as client:
            for part in parts:
                client.sendall(part)
                time.sleep(pause)
            return everything(client)

    def call(self, path: str, body: object, **headers: str) -> tuple[int, Json]:
        """One request on a connection of its own: status and body."""
        answer = self.say(request(path, json.dumps(body).encode(), Connection="close", **headers))
        return status(answer), json.loads(answer.partition(b"\r\n\r\n")[2] or b"{}")

    def get(self, path: str) -> str:
        """What is at a path."""
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        return self.say(head.encode()).partition(b"\r\n\r\n")[2].decode()

    @property
    def is_well(self) -> bool:
        """Whether it runs and is ready."""
        return self.process.poll() is None and self.get("/readyz") == '{"status":"ready"}'

    def lines(self, name: str) -> list[Json]:
        """A file of JSON Lines of its folder; every line must be whole."""
        path = self.folder / name
        return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []

    def logged(self) -> list[Json]:
        """What it has logged so far; every line must be JSON."""
        return [json.loads(line) for line in tuple(self.said)]

    def memory(self) -> float:
        """Resident megabytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(folder: Path, *options: str, **settings: object) -> Iterator[Process]:
    """The service, started as a user starts it; ``settings`` by environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MGDECIDE_")}
    environment |= {f"MGDECIDE_{key.upper()}": str(value) for key, value in settings.items()}
    command = [sys.executable, "-m", "mgdecide", "serve", "--port", "0", "--data-dir", str(folder), *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment)
    assert process.stderr is not None
    said: list[str] = []
    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline().decode())
        assert found is not None
        listening = threading.Thread(
            target=lambda: said.extend(line.decode() for line in iter(process.stderr.readline, b"")),  # type: ignore[union-attr]
            daemon=True,
        )
        listening.start()
        yield Process(process, int(found[1]), folder, said)
    finally:
        process.kill()
        process.wait()
        listening.join(timeout=5)
        process.stderr.close()


def request(path: str, body: bytes, method: str = "POST", length: int | str | None = None, **headers: str) -> bytes:
    """A whole request; ``length`` in place of the true one."""
    given = {"Host": "x", "Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    given.setdefault("Content-Length", str(len(body) if length is None else length))
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def everything(client: socket.socket) -> bytes:
    """What arrives until the other side closes; an error where it does not within our patience."""
    parts = []
    while True:
        try:
            part = client.recv(65536)
        except ConnectionResetError:
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts)


def one_answer(client: socket.socket) -> tuple[int, Json]:
    """The next answer on a connection that stays."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = client.recv(65536)
        assert part, got
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head)
    assert found is not None
    while len(body) < int(found[1]):
        part = client.recv(65536)
        assert part
        body += part
    return status(head), json.loads(body)


def status(answer: bytes) -> int:
    """The status of an answer; 0 where there is none."""
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return int(found[1]) if found else 0


def is_outcome(answer: bytes) -> bool:
    """Whether the body of an answer is an OperationOutcome."""
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    return bool(body["resourceType"] == "OperationOutcome")
