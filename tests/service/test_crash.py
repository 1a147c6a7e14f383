"""Killed, full, two at once: feedback that was acknowledged is in the file, whole, once."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mgdecide.adapters.web.lines import Lines
from tests.service.ehr import KIDNEY, VIEW, hook_call
from tests.service.wire import Process, one_answer, request, serving

HOOK = f"/cds-services/{VIEW}"
FEEDBACK = f"{HOOK}/feedback"


def said(*cards: str) -> bytes:
    entry = {"outcome": "overridden", "outcomeTimestamp": "2026-08-29T09:30:00Z"}
    return json.dumps({"feedback": [entry | {"card": card} for card in cards]}).encode()


def kept(service: Process) -> list[str]:
    """Cards of the whole lines of the file; a line cut short may only be one that nobody was told of."""
    found = []
    for line in (service.folder / "feedback.jsonl").read_bytes().splitlines():
        try:
            found.append(str(json.loads(line)["card"]))
        except ValueError:
            continue
    return found


def feed(service: Process, acknowledged: list[str]) -> None:
    """Send feedback on a kept connection until the line breaks; note what was acknowledged."""
    try:
        with service.connect() as client:
            while True:
                cards = [str(uuid.uuid4()) for _ in range(3)]
                client.sendall(request(FEEDBACK, said(*cards)))
                if one_answer(client)[0] == 200:
                    acknowledged.extend(cards)
    except (OSError, AssertionError):
        return


def test_killed_in_the_middle_of_requests_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    with serving(tmp_path) as service:
        card = service.call(HOOK, hook_call(VIEW, KIDNEY.prefetch()))[1]["cards"][0]["uuid"]
        clients = [threading.Thread(target=feed, args=(service, acknowledged)) for _ in range(6)]
        for client in clients:
            client.start()
        time.sleep(0.7)
        service.kill()
        for client in clients:
            client.join(timeout=20)
    with (tmp_path / "feedback.jsonl").open("ab") as file:
        file.write(b'{"at":"2026-08-29T09:30:00.000Z","service":"mgde')  # as a loss of power leaves it
    with serving(tmp_path) as service:
        assert service.call(FEEDBACK, json.loads(said(card)))[0] == 200
        found = kept(service)
        last = json.loads((tmp_path / "feedback.jsonl").read_bytes().splitlines()[-1])
    assert len(acknowledged) > 30
    assert set(acknowledged) <= set(found)
    assert len(found) == len(set(found))
    assert (last["card"], last["known"]) == (card, True)


def test_a_neighbours_cut_line_does_not_spoil_ours(tmp_path: Path) -> None:
    """Two processes, one file: the other is killed in mid-line while ours has it open."""
    ours = Lines(tmp_path / "f.jsonl")
    ours.add([{"a": 1}], sync=True)
    with (tmp_path / "f.jsonl").open("ab") as file:
        file.write(b'{"b":')
    ours.add([{"c": 3}], sync=True)
    assert (tmp_path / "f.jsonl").read_text() == '{"a":1}\n{"b":\n{"c":3}\n'


def test_what_one_takes_back_is_never_what_another_has_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is in the middle of a line that will fail, another has to wait."""
    path = tmp_path / "f.jsonl"
    one, other = Lines(path), Lines(path)
    waiting = threading.Thread(target=other.add, args=([{"other": 1}],), kwargs={"sync": False})
    written = os.write

    def full(file: int, content: bytes) -> int:
        monkeypatch.setattr(os, "write", written)
        written(file, bytes(content)[:3])
        waiting.start()
        waiting.join(timeout=0.3)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        one.add([{"one": 1}], sync=False)
    waiting.join(timeout=5)
    assert path.read_text() == '{"other":1}\n'


# --- full ---------------------------------------------------------------------------------------------------


@contextmanager
def tiny_disk(folder: Path) -> Iterator[None]:
    """A disk of 64 kB; the test is passed over where none can be had."""
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.slow  # the next one shows the same without a disk of its own
def test_a_full_disk_is_503_never_200_and_is_got_over(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk"), serving(tmp_path / "disk") as service:
        acknowledged, refused = until_full(service)
        ballast = tmp_path / "disk" / "ballast"
        assert service.call(HOOK, hook_call(VIEW, KIDNEY.prefetch()))[0] == 200  # a card is shown all the same
        assert "mgdecide_unrecorded_total 1" in service.get("/metrics")
        ballast.unlink()
        check_recovery(service, acknowledged, refused)


def until_full(service: Process) -> tuple[list[str], list[str]]:
    """Feedback until the disk takes no more: what was acknowledged, and what was refused."""
    (service.folder / "ballast").write_bytes(b"\0" * 40_000)
    acknowledged: list[str] = []
    refused: list[str] = []
    while len(refused) < 5:
        cards = [str(uuid.uuid4()) for _ in range(7)]
        code, body = service.call(FEEDBACK, json.loads(said(*cards)))
        if code == 200:
            acknowledged += cards
        else:
            assert (code, body["resourceType"], body["issue"][0]["code"]) == (503, "OperationOutcome", "transient")
            refused += cards
        assert len(acknowledged) < 5_000
    while True:  # the last bytes too
        try:
            with (service.folder / "ballast").open("ab") as file:
                file.write(b"\0" * 512)
        except OSError:
            return acknowledged, refused


def check_recovery(service: Process, acknowledged: list[str], refused: list[str]) -> None:
    again = str(uuid.uuid4())
    assert service.call(FEEDBACK, json.loads(said(again)))[0] == 200
    found = [line["card"] for line in service.lines("feedback.jsonl")]  # every line whole
    assert found == [*acknowledged, again]
    assert not set(refused) & set(found)
    assert {line["reason"] for line in service.logged() if line["event"] == "feedback-not-kept"} == {"OSError"}


def test_a_file_that_may_not_grow_is_503_and_is_got_over(tmp_path: Path) -> None:
    """The same without a disk of its own: the system lets no file of the process grow."""
    with serving(tmp_path) as service:
        first, second, third = (str(uuid.uuid4()) for _ in range(3))
        assert service.call(FEEDBACK, json.loads(said(first)))[0] == 200
        size = (tmp_path / "feedback.jsonl").stat().st_size
        pid = service.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + 20, hard))
        assert service.call(FEEDBACK, json.loads(said(second)))[0] == 503
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
        assert service.call(FEEDBACK, json.loads(said(third)))[0] == 200
        assert [line["card"] for line in service.lines("feedback.jsonl")] == [first, third]


# --- told to stop, not heard --------------------------------------------------------------------------------


def test_told_to_stop_it_finishes_what_is_whole_and_waits_for_no_one_else(tmp_path: Path) -> None:
    with serving(tmp_path, body_seconds=1.5) as service:
        idle, half_head, half_body, whole = (service.connect() for _ in range(4))
        half_head.sendall(b"POST /assess HTTP/1.1\r\nHo")
        half_body.sendall(request(FEEDBACK, said("x"))[:-5])
        card = str(uuid.uuid4())
        whole.sendall(request(FEEDBACK, said(card)))
        assert one_answer(whole)[0] == 200
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=10) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < 5
        assert kept(service) == [card]
        with pytest.raises(ConnectionRefusedError):
            service.connect()
        for client in (idle, half_head, half_body, whole):
            client.close()


def test_a_log_that_nobody_reads_does_not_stop_the_service(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    command = ["--port", str(port := free_port()), "--data-dir", str(tmp_path)]
    process = subprocess.Popen([sys.executable, "-m", "mgdecide", "serve", *command], stderr=writer)
    try:
        os.close(writer)
        service = Process(process, port, tmp_path)  # its log is read by nobody
        wait_for(port)
        with service.connect() as client:
            for _ in range(700):  # some 120 kB of log: twice what a pipe holds
                client.sendall(b"GET /cds-services HTTP/1.1\r\nHost: x\r\n\r\n")
                assert one_answer(client)[0] == 200
        assert "mgdecide_unlogged_total 0" not in service.get("/metrics")
        assert service.is_well
    finally:
        process.kill()
        process.wait()
        os.close(reader)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it did not start")
