"""Sustained load on the service, with clients that misbehave beside those that do not.

    python -m fuzz.load --minutes 10              8 good clients and 6 bad ones
    python -m fuzz.load --minutes 1 --kills 5     the service is killed and started again in between

Good clients send hook calls, feedback and records on kept connections, at a steady rate. Bad ones stall in the head or
the body, break off, send garbage, lie about lengths, send too much, or do not read. Held at the end:

- the same call was given the same bytes each time, whatever went on beside it;
- feedback that was acknowledged is in the file, once, and every line of it is whole;
- the service made no mistake, and every line of its log is one of ours;
- its memory has not grown.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import signal
import socket
import struct
import tempfile
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from attrs import define, field

from benchmarks.service import PATH, bodies
from tests.service.wire import Process, request, serving

FEEDBACK = f"{PATH}/feedback"
RECORD = b'{"age_years": 54, "sex": "female", "labs": [{"test": "serum_magnesium", "value": "0.61", "unit": "mmol/L"}]}'
SECONDS = 2.0
"""Time the service gives a client for its request."""


@define
class Seen:
    """What happened so far."""

    times: list[float] = field(factory=list)
    codes: Counter[str] = field(factory=Counter)
    answers: dict[int, bytes] = field(factory=dict)
    acknowledged: list[str] = field(factory=list)
    wrong: list[str] = field(factory=list)
    tricks: Counter[str] = field(factory=Counter)
    is_over: bool = False


async def good(service: Process, made: list[bytes], seen: Seen, draw: random.Random, rate: float) -> None:
    """One client that behaves; it comes again where its connection is cut."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
            while True:
                began = perf_counter()
                await _one_call(reader, writer, made, seen, draw)
                await asyncio.sleep(max(0.0, 1 / rate - (perf_counter() - began)))
        except (OSError, asyncio.IncompleteReadError):
            if not seen.is_over:
                seen.codes["line cut"] += 1
            await asyncio.sleep(0.05)


async def _one_call(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, made: list[bytes], seen: Seen, draw: random.Random
) -> None:
    kind = draw.random()
    at = draw.randrange(len(made))
    cards: list[str] = []
    if kind < 0.85:
        path, body = PATH, made[at]
    elif kind < 0.97:
        cards = [str(uuid.UUID(int=draw.getrandbits(128))) for _ in range(draw.randrange(1, 4))]
        path, body = FEEDBACK, _said(cards)
    else:
        path, body, at = "/assess", RECORD, -1
    began = perf_counter()
    writer.write(request(path, body))
    head = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head)
    assert found is not None
    answer = await reader.readexactly(int(found[1]))
    seen.times.append(perf_counter() - began)
    code = head[9:12].decode()
    seen.codes[code] += 1
    if code != "200":
        return
    if cards:
        seen.acknowledged += cards
    elif seen.answers.setdefault(at, answer) != answer:
        seen.wrong.append(f"call {at} was answered in two ways")


def _said(cards: list[str]) -> bytes:
    entry = {"outcome": "overridden", "outcomeTimestamp": "2026-08-29T09:30:00Z"}
    return json.dumps({"feedback": [entry | {"card": card} for card in cards]}).encode()


# --- bad clients --------------------------------------------------------------------------------------------

Trick = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes, random.Random], Awaitable[None]]


async def bad(service: Process, made: list[bytes], seen: Seen, draw: random.Random) -> None:
    """One client that does not behave, each time in another way."""
    while True:
        trick = draw.choice(TRICKS)
        seen.tricks[trick.__name__.strip("_")] += 1
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
            async with asyncio.timeout(4 * SECONDS):
                await trick(reader, writer, draw.choice(made), draw)
            writer.transport.abort()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.02)


async def _slow_head(_: object, writer: asyncio.StreamWriter, body: bytes, __: random.Random) -> None:
    whole = request(PATH, body)
    for at in range(len(whole)):
        writer.write(whole[at : at + 1])
        await writer.drain()
        await asyncio.sleep(0.05)


async def _slow_body(_: object, writer: asyncio.StreamWriter, body: bytes, __: random.Random) -> None:
    writer.write(request(PATH, body)[: -len(body)])
    for at in range(0, len(body), 50):
        writer.write(body[at : at + 50])
        await writer.drain()
        await asyncio.sleep(0.05)


async def _break_off(_: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes, draw: random.Random) -> None:
    whole = request(PATH, body)
    writer.write(whole[: draw.randrange(len(whole))])
    await asyncio.sleep(draw.random() / 50)
    own = writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, draw.randrange(2)))  # reset, or an end


async def _go_before_the_answer(_: object, writer: asyncio.StreamWriter, body: bytes, __: random.Random) -> None:
    writer.write(request(PATH, body) * 3)
    await writer.drain()


async def _garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes, draw: random.Random) -> None:
    writer.write(draw.randbytes(draw.randrange(1, 5_000)) + b"\r\n\r\n")
    await reader.read()


async def _lie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes, draw: random.Random) -> None:
    writer.write(request(PATH, body, length=len(body) + draw.randrange(-200, 200)))
    await reader.read()


async def _chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes, draw: random.Random) -> None:
    parts = b"".join(b"%x\r\n%b\r\n" % (draw.choice((5, 5, 5, 4, 6, 2**40)), body[:5]) for _ in range(20))
    writer.write(request(PATH, b"", Transfer_Encoding="chunked").replace(b"Content-Length: 0\r\n", b"") + parts)
    await reader.read()


async def _too_much(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes, draw: random.Random) -> None:
    writer.write(request("/assess", b"", length=50_000_000))
    for _part in range(50):
        writer.write(b" " * 100_000)
        await writer.drain()
    await reader.read(100)


async def _do_not_read(_: object, writer: asyncio.StreamWriter, __: bytes, ___: random.Random) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    for _ in range(400):
        writer.write(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def _say_nothing(reader: asyncio.StreamReader, *_: object) -> None:
    await reader.read()


TRICKS: tuple[Trick, ...] = (
    _slow_head, _slow_body, _break_off, _break_off, _go_before_the_answer, _garbage, _garbage, _lie, _chunks, _too_much,
    _do_not_read, _say_nothing,
)  # fmt: skip


# --- the run ------------------------------------------------------------------------------------------------


async def press(service: Process, seen: Seen, arguments: argparse.Namespace, seconds: float, seed: int) -> None:
    """Load for so long; a line of figures now and then; then the word to stop, or a kill, in the middle of it."""
    made, seen.is_over = bodies(200), False
    draws = random.Random(seed)
    tasks = [
        *(good(service, made, seen, random.Random(draws.random()), arguments.rate) for _ in range(arguments.clients)),
        *(bad(service, made, seen, random.Random(draws.random())) for _ in range(arguments.bad)),
    ]
    running = [asyncio.ensure_future(task) for task in tasks]
    until = perf_counter() + seconds
    while (left := until - perf_counter()) > 0:
        since, at = len(seen.times), perf_counter()
        await asyncio.sleep(min(left, arguments.every))
        print(_told(seen.times[since:], perf_counter() - at, service), flush=True)
    seen.is_over = True
    service.process.send_signal(signal.SIGKILL if arguments.kills else signal.SIGTERM)
    code = await asyncio.to_thread(service.process.wait, 30)
    if not arguments.kills and code not in (0, -signal.SIGTERM):
        seen.wrong.append(f"told to stop, it left with {code}")
    for each in running:
        each.cancel()
    for outcome in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(outcome, Exception):
            seen.wrong.append(f"a client failed: {outcome!r}")


def _told(times: list[float], seconds: float, service: Process) -> str:
    if not times:
        return "nothing was answered"
    ordered = sorted(times)
    p99, worst = ordered[int(len(ordered) * 0.99)], ordered[-1]
    return (
        f"{len(times) / seconds:6.0f}/s   p50 {median(ordered) * 1e3:6.2f} ms   p99 {p99 * 1e3:7.2f} ms   "
        f"worst {worst * 1e3:7.1f} ms   {service.memory():6.1f} MB"
    )


def held(folder: Path, seen: Seen) -> list[str]:
    """What does not hold of the files at the end."""
    wrong = list(seen.wrong)
    found: Counter[str] = Counter()
    for line in (folder / "feedback.jsonl").read_bytes().splitlines():
        try:
            found[json.loads(line)["card"]] += 1
        except ValueError:
            wrong.append("a line of feedback that is cut short")
    lost = [card for card in seen.acknowledged if not found[card]]
    if lost:
        wrong.append(f"{len(lost)} acknowledged and lost")
    if any(count > 1 for count in found.values()):
        wrong.append("feedback that is there twice")
    return wrong


def logged(service: Process) -> list[str]:
    """What does not hold of the log."""
    lines = [json.loads(line) for line in tuple(service.said)]
    odd = [line for line in lines if line["event"] not in ("request", "refused")]
    told = Counter(" ".join(str(line[key]) for key in _TOLD if key in line) for line in odd)
    return [f"in the log {count} times: {event}" for event, count in told.items()]


_TOLD = ("event", "logger", "kind", "where", "reason")


def main() -> int:
    """Run, print, and say whether everything held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rate", type=float, default=15, help="requests a second of each good client")
    parser.add_argument("--bad", type=int, default=6)
    parser.add_argument("--kills", type=int, default=0, help="kill it so many times and start it again")
    parser.add_argument("--every", type=float, default=30, help="seconds between lines")
    arguments = parser.parse_args()
    seen, wrong = Seen(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for round in range(arguments.kills + 1 if arguments.kills else 1):
            with serving(folder, body_seconds=SECONDS, max_body_bytes=1_000_000) as service:
                seconds = arguments.minutes * 60 / (arguments.kills + 1 if arguments.kills else 1)
                seen.answers.clear()  # cards name the port, which is another one each time
                asyncio.run(press(service, seen, arguments, seconds, 7 + round))
                wrong += logged(service)
        wrong += held(folder, seen)
    print(f"answers: {dict(sorted(seen.codes.items()))}; feedback acknowledged: {len(seen.acknowledged)}")
    print(f"tricks: {dict(sorted(seen.tricks.items()))}")
    print("wrong: " + ("; ".join(sorted(set(wrong))) or "nothing"))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
