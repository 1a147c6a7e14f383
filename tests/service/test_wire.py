"""Slow, broken and greedy clients on real sockets: each gets an answer or is let go, and nobody else notices."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterable, Iterator

import pytest

from tests.service.ehr import KIDNEY, VIEW, hook_call
from tests.service.wire import Process, everything, is_outcome, one_answer, request, serving, status

HOOK = f"/cds-services/{VIEW}"
FEEDBACK = f"{HOOK}/feedback"
CALL = json.dumps(hook_call(VIEW, KIDNEY.prefetch())).encode()
SAID = json.dumps(
    {
        "feedback": [
            {
                "card": "2f3f8e5c-0c39-4f52-8a05-5d5c8c1e7d3a",
                "outcome": "overridden",
                "outcomeTimestamp": "2026-08-29T09:30:00Z",
                "overrideReason": {"reason": {"code": "specialist", "system": "urn:mgdecide:override-reason"}},
            }
        ]
    }
).encode()
SECONDS, MOST, CROWD = 0.5, 200_000, 30


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A service with small bounds."""
    folder = tmp_path_factory.mktemp("wire")
    with serving(folder, body_seconds=SECONDS, max_body_bytes=MOST, max_connections=CROWD) as found:
        yield found
        assert found.is_well
        found.logged()


# --- slow ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", [b"P", b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nX: ", b"\r\n"])
def test_a_head_that_never_ends_is_408(hasty: Process, begun: bytes) -> None:
    began = time.monotonic()
    answer = hasty.say(begun)
    assert status(answer) == 408
    assert is_outcome(answer)
    assert time.monotonic() - began < SECONDS + 2


def test_who_says_nothing_is_let_go(hasty: Process) -> None:
    assert hasty.say() == b""


def test_a_head_in_drops_does_not_win_time(hasty: Process) -> None:
    began = time.monotonic()
    with hasty.connect() as client:
        assert is_cut_off(client, (bytes([each]) for each in b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 1_000), 0.05)
    assert time.monotonic() - began < SECONDS + 3


def is_cut_off(client: socket.socket, parts: Iterable[bytes], pause: float) -> bool:
    """Whether a client that sends on and on is cut off before it has sent everything."""
    try:
        for part in parts:
            client.sendall(part)
            time.sleep(pause)
    except OSError:
        return True
    return False


def test_a_body_that_never_ends_is_408(hasty: Process) -> None:
    answer = hasty.say(request(HOOK, CALL)[:-100])
    assert status(answer) == 408
    assert is_outcome(answer)
    chunked = hasty.say(request(HOOK, b'5\r\n{"a":\r\n', Transfer_Encoding="chunked", Content_Length=""))
    assert status(chunked) in (400, 408)


def test_a_kept_connection_that_falls_silent_in_its_second_head(hasty: Process) -> None:
    with hasty.connect() as client:
        client.sendall(request(HOOK, CALL))
        assert one_answer(client)[0] == 200
        client.sendall(b"GET /he")
        assert status(everything(client)) == 408


def test_a_client_that_does_not_read_is_let_go(hasty: Process) -> None:
    before = hasty.memory()
    with hasty.connect(buffer=4_096) as client:
        asked = (b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 5 for _ in range(2_000))
        assert is_cut_off(client, asked, 0.01)
    assert hasty.memory() - before < 20


def test_requests_sent_far_ahead_are_not_piled_up(hasty: Process) -> None:
    before = hasty.memory()
    with hasty.connect() as client:
        assert is_cut_off(client, (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 1_000 for _ in range(2_000)), 0.001)
    assert hasty.memory() - before < 20
    assert hasty.is_well


# --- broken -------------------------------------------------------------------------------------------------


def test_cut_in_the_middle_of_the_body_leaves_nothing_behind(hasty: Process) -> None:
    before = len(hasty.lines("cards.jsonl"))
    for at in range(100, len(CALL), max(1, len(CALL) // 20)):
        with hasty.connect() as client:
            client.sendall(request(HOOK, CALL)[: at - len(CALL)])
    assert hasty.is_well
    assert len(hasty.lines("cards.jsonl")) == before


def test_a_client_that_closes_its_half_after_a_whole_request_gets_its_answer(hasty: Process) -> None:
    for path, body in ((HOOK, CALL), (FEEDBACK, SAID), ("/assess", b"{}"), ("/nowhere", b"{}")):
        with hasty.connect() as client:
            client.sendall(request(path, body))
            client.shutdown(socket.SHUT_WR)
            assert status(everything(client)) == (404 if path == "/nowhere" else 200), path


def test_a_client_that_closes_its_half_in_the_middle_gets_none(hasty: Process) -> None:
    before = len(hasty.lines("feedback.jsonl"))
    with hasty.connect() as client:
        client.sendall(request(FEEDBACK, SAID)[:-10])
        client.shutdown(socket.SHUT_WR)
        assert everything(client) == b""
    assert len(hasty.lines("feedback.jsonl")) == before


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,  # the hello of TLS
        b"\x00" * 100,
        b"\xff\xfe\xfd\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA\x00B: c\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        request(HOOK, CALL, Content_Length="-5"),
        request(HOOK, CALL, Content_Length="12abc"),
        request(HOOK, CALL, Content_Length="99999999999999999999999999"),
        request(HOOK, CALL, Content_Length="5\r\nContent-Length: 6"),
        request(HOOK, CALL, Transfer_Encoding="chunked"),  # beside a Content-Length
        request(HOOK, b"zz\r\n{}\r\n0\r\n\r\n", Transfer_Encoding="chunked", Content_Length="0"),
    ],
)
def test_what_is_no_http_is_400(hasty: Process, garbage: bytes) -> None:
    answer = hasty.say(garbage)
    assert status(answer) == 400, answer
    assert is_outcome(answer)
    assert hasty.is_well


def chunked(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    head = f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + end


def test_chunks_are_read(hasty: Process) -> None:
    with hasty.connect() as client:
        client.sendall(chunked(*(CALL[at : at + 7] for at in range(0, len(CALL), 7))))
        assert one_answer(client)[0] == 200
        client.sendall(chunked(CALL, end=b"0\r\nX-Trailer: y\r\n\r\n"))
        assert one_answer(client)[0] == 200


@pytest.mark.parametrize("size", [b"-1", b"0x5", b"ffffffffffffffffff", b"5;a=" + b"b" * 80_000, b"", b" "])
def test_nonsense_for_chunks_ends_the_connection(hasty: Process, size: bytes) -> None:
    answer = hasty.say(chunked(end=size + b"\r\n12345\r\n"))
    assert b"HTTP/1.1 200" not in answer
    assert hasty.is_well


def test_trailers_without_end_are_cut_off(hasty: Process) -> None:
    with hasty.connect() as client:
        client.sendall(chunked(CALL, end=b"0\r\n"))
        assert is_cut_off(client, (b"X-%d: %b\r\n" % (each, b"y" * 10_000) for each in range(4_000)), 0.002)
    assert hasty.is_well


def test_a_wrong_length(hasty: Process) -> None:
    """Too long: the rest is waited for, in vain. Too short: what is left over is no request."""
    assert status(hasty.say(request(HOOK, CALL, length=len(CALL) + 1))) == 408
    answer = hasty.say(request(HOOK, CALL, length=len(CALL) - 5))
    assert status(answer) == 400
    assert b"HTTP/1.1 200" not in answer


def test_two_requests_in_one_go_get_two_answers_in_their_order(hasty: Process) -> None:
    with hasty.connect() as client:
        client.sendall(request(HOOK, CALL) + request("/assess", b"[]") + request(HOOK, CALL, Connection="close"))
        answers = everything(client)
    assert [status(b"HTTP/1.1" + each) for each in answers.split(b"HTTP/1.1")[1:]] == [200, 400, 200]


def test_the_offer_of_another_protocol_is_passed_over(hasty: Process) -> None:
    """Java's own client offers h2c with its first POST; a browser's socket is not spoken here."""
    with hasty.connect() as client:
        for _ in range(2):
            client.sendall(
                request(HOOK, CALL, Connection="Upgrade, HTTP2-Settings", Upgrade="h2c", HTTP2_Settings="AAMAAABk")
            )
            assert one_answer(client)[0] == 200
        client.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert one_answer(client) == (200, {"status": "ok"})


# --- greedy -------------------------------------------------------------------------------------------------


def test_a_head_that_is_too_large_is_431(hasty: Process) -> None:
    for end in (b"a" * 400_000, b" HTTP/1.1\r\nX: " + b"y" * 400_000, b" HTTP/1.1\r\n" + b"X: y\r\n" * 60_000):
        answer = hasty.say(b"GET /" + end)
        assert status(answer) in (0, 431), answer[:100]  # 0: told, and cut before all of it was sent
    assert hasty.is_well


def test_a_body_that_is_too_large_is_413_and_the_answer_arrives(hasty: Process) -> None:
    """Also while the client is still sending: nothing may cut the line before the answer is read."""
    for path in (HOOK, "/assess", FEEDBACK):
        with hasty.connect() as client:
            client.sendall(request(path, b" " * (5 * MOST)))
            assert one_answer(client) == one_answer_of_size()
            client.sendall(request(HOOK, CALL))  # the connection can still be used
            assert one_answer(client)[0] == 200
        with hasty.connect() as client:
            client.sendall(chunked(*[b" " * 10_000] * 30).replace(HOOK.encode(), path.encode(), 1))
            assert one_answer(client) == one_answer_of_size()


def one_answer_of_size() -> tuple[int, dict[str, object]]:
    text = f"A request may have at most {MOST} bytes."
    return 413, {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "too-long", "details": {"text": text}}],
    }


def test_who_asks_before_sending_too_much_is_told_at_once(hasty: Process) -> None:
    answer = hasty.say(request(HOOK, b"", length=10 * MOST, Expect="100-continue"))
    assert status(answer) == 413
    assert b" 100 " not in answer
    with hasty.connect() as client:
        client.sendall(request(HOOK, CALL, Expect="100-continue")[: -len(CALL)])
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(CALL)
        assert one_answer(client)[0] == 200


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_compressed_bodies_are_not_unpacked(hasty: Process, coding: str) -> None:
    bomb = gzip.compress(b" " * 20_000_000)
    for path in (HOOK, FEEDBACK, "/assess", "/read"):
        code, body = hasty.call(path, {}, Content_Encoding=coding)
        assert (code, body["resourceType"]) == (415, "OperationOutcome")
    answer = hasty.say(request(HOOK, bomb, Content_Encoding=coding, Connection="close"))
    assert status(answer) == 415
    assert hasty.call(HOOK, json.loads(CALL), Content_Encoding="identity")[0] == 200


def test_more_connections_than_there_is_room_for_are_told_so_and_the_rest_go_on(hasty: Process) -> None:
    with hasty.connect() as early:
        early.sendall(request(HOOK, CALL))
        assert one_answer(early)[0] == 200
        crowd = [hasty.connect() for _ in range(CROWD + 10)]
        early.sendall(request(HOOK, CALL))
        assert one_answer(early)[0] == 200
        codes = [status(everything(client)) for client in crowd]
        assert codes.count(503) >= 10
        for client in crowd:
            client.close()
    assert hasty.is_well


def test_what_clients_do_wrong_is_counted_and_costs_no_memory(hasty: Process) -> None:
    before = hasty.memory()
    for _ in range(100):
        hasty.say(b"\x00\r\n\r\n")
        with hasty.connect() as client:
            client.sendall(request(HOOK, CALL)[:-500])
    assert hasty.memory() - before < 5
    assert 'mgdecide_requests_total{method="other",route="other",status="400"}' in hasty.get("/metrics")
