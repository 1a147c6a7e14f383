"""How quick the CDS Hooks service is, and whether its memory stays: one worker, loopback, bodies of about 13 kB.

    python benchmarks/service.py                      latency at 1 and 8 clients, as fast as they can and paced
    python benchmarks/service.py --requests 200000    memory over so many requests

Every body is another patient, so nothing can be answered from a cache (there is none). "As fast as they can" means
that each client sends its next request the moment it has its answer: the worker is then always busy, and the median
at eight clients is eight times the work of one request. "Paced" clients send so many requests a second and wait
between. "Floor" is an empty application behind the same server: it reads the body, looks at nothing and sends an
answer of the same size; no service in this language can be quicker. "Work" is the processor time of the worker for
one request: what is left when other programs on the machine, the clients among them, are taken out. Everything is
measured in rounds, and of each figure the best round is told: other programs can only add. The yardstick is taken in
between, in the same way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import timeit
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any

Json = dict[str, Any]
PATH = "/cds-services/mgdecide-patient-view"
BODIES = 400
_LABS = (
    ("2601-3", "mmol/L", 0.55, 1.05),
    ("98979-8", "mL/min/{1.73_m2}", 18, 110),
    ("2160-0", "mg/dL", 0.5, 2.5),
    ("2823-3", "mmol/L", 3.2, 5.2),
    ("17861-6", "mg/dL", 8, 10.5),
    ("1751-7", "g/dL", 3, 5),
    ("44261-6", "{score}", 0, 27),
    ("2276-4", "ng/mL", 8, 300),
    ("2951-2", "mmol/L", 130, 146),
    ("718-7", "g/dL", 9, 17),
)
_DRUGS = ("7646", "4603", "36437", "10582", "83367", "36567", "29046", "6809")
_PROBLEMS = ("370143000", "44054006", "38341003", "55822004", "195967001")


def bodies(count: int, seed: int = 7) -> list[bytes]:
    """Hook calls of invented patients, each with a prefetch of some 30 resources."""
    draw = random.Random(seed)
    today = datetime.now().astimezone().date()
    return [json.dumps(_call(f"p{each}", draw, today)).encode() for each in range(count)]


def _call(id: str, draw: random.Random, today: Any) -> Json:
    subject = {"reference": f"Patient/{id}"}

    def observed(code: str, unit: str, low: float, high: float, days: int) -> Json:
        return {
            "resourceType": "Observation",
            "id": f"{id}-{code}-{days}",
            "status": "final",
            "category": [
                {
                    "coding": [
                        {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}
                    ]
                }
            ],
            "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": code},
            "subject": subject,
            "effectiveDateTime": (today - timedelta(days=days)).isoformat(),
            "valueQuantity": {
                "value": round(draw.uniform(low, high), 2),
                "unit": unit,
                "system": "http://unitsofmeasure.org",
                "code": unit,
            },
        }

    def coded(kind: str, key: str, system: str, code: str, **more: Any) -> Json:
        return {
            "resourceType": kind,
            "id": f"{id}-{code}",
            key: {"coding": [{"system": system, "code": code}]},
            "subject": subject,
            **more,
        }

    labs = [
        observed(code, unit, low, high, days)
        for code, unit, low, high in _LABS
        for days in (draw.randrange(1, 40), draw.randrange(50, 300))
    ]
    rxnorm, snomed = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"
    orders = [
        coded("MedicationRequest", "medicationCodeableConcept", rxnorm, code, status="active", intent="order")
        for code in draw.sample(_DRUGS, 5)
    ]
    active = {"coding": [{"code": "active"}]}
    problems = [coded("Condition", "code", snomed, code, clinicalStatus=active) for code in draw.sample(_PROBLEMS, 4)]
    patient = {
        "resourceType": "Patient",
        "id": id,
        "gender": draw.choice(("female", "male")),
        "birthDate": "1961-04-02",
    }
    prefetch: Json = {
        "patient": patient,
        "labs": _bundle(labs),
        "medications": _bundle(orders),
        "conditions": _bundle(problems),
    }
    prefetch |= dict.fromkeys(("scores", "statements", "procedures", "questionnaires"))
    context = {"userId": "Practitioner/1", "patientId": id}
    return {
        "hook": "patient-view",
        "hookInstance": str(uuid.UUID(int=draw.getrandbits(128))),
        "context": context,
        "prefetch": prefetch,
    }


def _bundle(resources: list[Json]) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]}


# --- service and clients ------------------------------------------------------------------------------------


SERVE = ["-m", "mgdecide.adapters.cli", "serve", "--port", "0"]
SERVE_NOTHING = [
    "-c",
    """
import socket, sys, uvicorn
async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]}
    await send(head)
    await send({"type": "http.response.body", "body": bytes(1000)})
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", file=sys.stderr, flush=True)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    uvicorn.Server(config).run(sockets=[listening])
""",
]


@contextmanager
def service(arguments: list[str] = SERVE) -> Iterator[tuple[str, int, int]]:
    """The service as a user starts it, or another: host, port, process id."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, *arguments]
        environment = {**os.environ, "MGDECIDE_DATA_DIR": folder}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stderr is not None
            found = re.search(r"http://([\d.]+):(\d+)", process.stderr.readline())
            assert found is not None
            threading.Thread(target=lambda: [None for _ in process.stderr or ()], daemon=True).start()
            try:
                yield found[1], int(found[2]), process.pid
            finally:
                process.terminate()
                process.wait(timeout=20)


async def _client(
    host: str, port: int, calls: Iterator[bytes], until: float, pause: float, times: list[float], late: float = 0
) -> None:
    """One connection that is kept; ``pause`` seconds from the start of one call to the start of the next."""
    await asyncio.sleep(late)
    reader, writer = await asyncio.open_connection(host, port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nContent-Length: "
    for body in calls:
        began = perf_counter()
        if began > until:
            break
        writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        found = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        assert found is not None
        await reader.readexactly(int(found[1]))
        times.append(perf_counter() - began)
        if pause:
            await asyncio.sleep(max(0.0, began + pause - perf_counter()))
    writer.close()


def _endless(made: list[bytes], start: int, most: int | None = None) -> Iterator[bytes]:
    at = start
    while most is None or at < start + most:
        yield made[at % len(made)]
        at += 1


async def measure(
    host: str, port: int, made: list[bytes], clients: int, seconds: float, rate: float = 0
) -> list[float]:
    """Latencies in seconds. ``rate`` is requests a second of each client; 0 for as fast as it can."""
    times: list[float] = []
    until = perf_counter() + seconds
    pause = 1 / rate if rate else 0.0
    await asyncio.gather(
        *(
            _client(host, port, _endless(made, 53 * each), until, pause, times, pause * each / clients)
            for each in range(clients)
        )
    )
    return times


def resident(process: int) -> float:
    """Memory of a process in MB."""
    with open(f"/proc/{process}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def worked(process: int) -> float:
    """Processor seconds of a process so far; by the scheduler's own count where there is one, which is finer."""
    try:
        with open(f"/proc/{process}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e9
    except OSError:
        with open(f"/proc/{process}/stat", encoding="ascii") as file:
            user, system = file.read().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def yardstick(made: list[bytes]) -> float:
    """Processor seconds of ``json.loads`` of one body here and now."""
    return min(timeit.repeat(lambda: [json.loads(body) for body in made[:20]], process_time, number=2, repeat=10)) / 40


class Best:
    """The best round of each figure, in one line."""

    def __init__(self) -> None:
        self.rate, self.p50, self.p99, self.work = 0.0, float("inf"), float("inf"), float("inf")

    def add(self, times: list[float], seconds: float, work: float) -> None:
        """One round more."""
        ordered = sorted(times)
        self.rate = max(self.rate, len(times) / seconds)
        self.p50 = min(self.p50, median(ordered))
        self.p99 = min(self.p99, ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))])
        self.work = min(self.work, work / len(times))

    def told(self, name: str, yard: float) -> str:
        """The line; work also in yardsticks."""
        return (
            f"{name:<42} {self.rate:6.0f}/s   p50 {self.p50 * 1e3:6.2f} ms   p99 {self.p99 * 1e3:6.2f} ms   "
            f"work {self.work * 1e3:5.2f} ms = {self.work / yard:4.1f} json.loads"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.5, help="of one round")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--requests", type=int, help="send so many and watch the memory, in place of latencies")
    parser.add_argument("--rate", type=float, default=25, help="requests a second of each paced client")
    arguments = parser.parse_args()
    made = bodies(BODIES)
    print(f"{len(made)} bodies, {sum(map(len, made)) / len(made) / 1000:.1f} kB on average")
    with service() as (host, port, process), service(SERVE_NOTHING) as floor:
        asyncio.run(measure(host, port, made, 2, 2))
        print(f"resident memory after warming up: {resident(process):.1f} MB")
        if arguments.requests:
            asyncio.run(_soak(host, port, made, process, arguments.requests))
            return
        running = {"": (host, port, process), "floor: ": floor}
        cases = [(which, *load) for load in ((1, 0.0), (8, 0.0), (8, arguments.rate)) for which in running]
        best, yard = {case: Best() for case in cases}, float("inf")
        for _ in range(arguments.rounds):
            for case in cases:
                which, clients, rate = case
                to, port, asked = running[which]
                before = worked(asked)
                times = asyncio.run(measure(to, port, made, clients, arguments.seconds, rate))
                best[case].add(times, arguments.seconds, worked(asked) - before)
                yard = min(yard, yardstick(made))
        print(f"yardstick: json.loads of a body took {yard * 1e6:.0f} us at best")
        for which, clients, rate in cases:
            how = f"paced, {rate:g} a second each" if rate else "as fast as they can"
            name = f"{which}{clients} client{'s' * (clients > 1)}, {how}"
            print(best[which, clients, rate].told(name, yard))
        print(f"resident memory at the end: {resident(process):.1f} MB")


async def _soak(host: str, port: int, made: list[bytes], process: int, requests: int) -> None:
    done = 0
    while done < requests:
        share = min(20_000, requests - done) // 8
        times: list[float] = []
        began = perf_counter()
        clients = (_client(host, port, _endless(made, 53 * each, share), float("inf"), 0, times) for each in range(8))
        await asyncio.gather(*clients)
        done += len(times)
        rate = len(times) / (perf_counter() - began)
        print(f"{done:>8} requests   {resident(process):6.1f} MB   {rate:6.0f} requests/s", flush=True)


if __name__ == "__main__":
    main()
