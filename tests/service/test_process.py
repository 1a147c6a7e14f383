"""The service as a process of its own: it starts, answers what is under way when it is told to stop, and leaves."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.service.ehr import KIDNEY, VIEW, hook_call


def start(folder: Path, *options: str) -> tuple[subprocess.Popen[str], int]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MGDECIDE_")}
    command = [sys.executable, "-m", "mgdecide.adapters.cli", "serve", "--port", "0", "--data-dir", str(folder)]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline())
    assert found is not None
    return process, int(found[1])


def test_a_request_under_way_is_answered_after_the_word_to_stop(tmp_path: Path) -> None:
    process, port = start(tmp_path)
    try:
        body = json.dumps(hook_call(VIEW, KIDNEY.prefetch())).encode()
        head = f"POST /cds-services/{VIEW} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:500])
            other = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            other.request("GET", "/readyz")  # answered: the service has the first half of the call by now
            assert other.getresponse().read() == b'{"status":"ready"}'
            other.close()
            process.send_signal(signal.SIGTERM)
            threading.Event().wait(0.5)
            assert process.poll() is None
            client.sendall(body[500:])
            assert client.recv(64).startswith(b"HTTP/1.1 200")
        assert process.wait(timeout=15) in (0, -signal.SIGTERM)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=2)
        assert (tmp_path / "cards.jsonl").read_text(encoding="utf-8").count("\n") == 1
    finally:
        process.kill()
        process.communicate()


def test_a_port_that_is_taken_is_a_mistake_with_a_code(tmp_path: Path) -> None:
    process, port = start(tmp_path)
    try:
        again = subprocess.run(
            [sys.executable, "-m", "mgdecide.adapters.cli", "serve", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert again.returncode == 2
        assert "MGD-S108" in again.stderr
        assert "Traceback" not in again.stderr
    finally:
        process.terminate()
        process.communicate(timeout=20)
