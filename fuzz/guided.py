"""Coverage-guided attacks (atheris) on every door: ``python -m fuzz.guided all --seconds 60``.

    python -m fuzz.guided record bundle --seconds 300
    python -m fuzz.guided all --seconds 60

Each harness runs in a process of its own, starts from whole inputs, and fails on any exception but ``MgdecideError``
(behind the service's door: ``ServiceError``). What it found is written to fuzz/findings/; exit code 1 if anything was.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random

from fuzz import seeds
from fuzz.generate import DAY
from mgdecide.testing import door_laws, hostile, hostile_toml
from mgdecide.testing.door_proofs import knowledge_texts
from mgdecide.testing.knowledge_doors import KNOWLEDGE_DOORS

FINDINGS = Path(__file__).parent / "findings"
_KIND = "# "
_KINDS = tuple(KNOWLEDGE_DOORS)
Harness = Callable[[bytes], None]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _record(data: bytes) -> None:
    door_laws.text_of_a_record(data)


def _bundle(data: bytes) -> None:
    door_laws.text_of_a_bundle(data)


def _incoming(data: bytes) -> None:
    from mgdecide.adapters.incoming import read_incoming

    with door_laws.answered_or_told():
        read_incoming(data, today=DAY)


def _export(data: bytes) -> None:
    from mgdecide.adapters.bulk.facts import facts_from_ndjson

    with tempfile.TemporaryDirectory() as folder, door_laws.answered_or_told():
        Path(folder, "Observation.ndjson").write_bytes(data)
        facts_from_ndjson(folder, on=DAY)


def _hook(data: bytes) -> None:
    """What the service does with a body, without the network around it: read, check, read the prefetch, decide."""
    from mgdecide.adapters.fhir.text import bundle_value
    from mgdecide.adapters.web.decision import Site, decide
    from mgdecide.adapters.web.hook_request import read_request
    from mgdecide.adapters.web.outcomes import ServiceError
    from mgdecide.adapters.web.prefetch import prefetched
    from mgdecide.knowledge.edition import default_knowledge

    site = Site(default_knowledge())
    with door_laws.answered_or_told():
        value = bundle_value(data)
        for hook, _ in seeds.hook_calls():
            try:
                request = read_request(value, hook)
                decide(request, prefetched(request.prefetch), DAY, site).to_record()
            except ServiceError as error:
                if not 400 <= error.status < 500:
                    raise


def _overlay(data: bytes) -> None:
    door_laws.text_of_an_overlay(_text(data))


def _knowledge(data: bytes) -> None:
    """The first line names the kind; a line that names none leaves it to its length."""
    line, _, text = _text(data).partition("\n")
    kind = line.removeprefix(_KIND)
    door_laws.text_of_knowledge((kind if kind in _KINDS else _KINDS[len(line) % len(_KINDS)], text))


def _dose(data: bytes) -> None:
    amount, _, salt = _text(data).partition("|")
    door_laws.text_of_a_dose(amount, salt)


def _hook_seeds() -> tuple[bytes, ...]:
    return tuple(json.dumps(call).encode() for _, call in seeds.hook_calls())


def _knowledge_seeds() -> tuple[bytes, ...]:
    """Of each kind some parts of files, small enough to be changed often."""
    chance = Random(1)
    return tuple(
        f"{_KIND}{kind}\n{hostile_toml.part_of(chance.choice(knowledge_texts(kind)), chance)}".encode()
        for kind in _KINDS
        for _ in range(4)
    )


HARNESSES: Mapping[str, tuple[Harness, Callable[[], Iterable[bytes]]]] = {
    "record": (_record, seeds.record_texts),
    "bundle": (_bundle, seeds.bundle_texts),
    "incoming": (_incoming, lambda: (*seeds.record_texts(), *seeds.bundle_texts())),
    "export": (_export, seeds.export_texts),
    "hook": (_hook, _hook_seeds),
    "overlay": (_overlay, seeds.overlay_texts),
    "knowledge": (_knowledge, _knowledge_seeds),
    "dose": (_dose, lambda: (b"400 mg|magnesium oxide", b"10 mmol|magnesium citrate", b"1.5 g|magnesium chloride")),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the harnesses one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", choices=[*HARNESSES, "all"])
    parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args(arguments)
    names = list(HARNESSES) if "all" in args.names else args.names
    failed = [name for name in names if _run(name, args.seconds)]
    print(f"harnesses: {len(names)}, with findings: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def _run(name: str, seconds: int) -> bool:
    FINDINGS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for at, seed in enumerate(HARNESSES[name][1]()):
            Path(corpus, f"seed-{at}").write_bytes(seed)
        command = [sys.executable, "-m", "fuzz.guided_one", name, corpus, f"-max_total_time={seconds}"]
        command += ["-max_len=20000", "-timeout=30", "-rss_limit_mb=3000", f"-artifact_prefix={FINDINGS}/{name}-"]
        ran = subprocess.run(command, capture_output=True, text=True, errors="replace")
    told = [line for line in ran.stderr.splitlines() if line.startswith(("Done", "stat::", "#"))]
    print(f"{name:10} {'FOUND' if ran.returncode else 'nothing found'}  {told[-1] if told else ''}", flush=True)
    if ran.returncode:
        print("\n".join(ran.stderr.splitlines()[-40:]), flush=True)
    return ran.returncode != 0


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """What the fuzzer does to an input besides its own changes: damage of bytes or, where it is JSON, of values.

    The text after a line that names a kind of knowledge is TOML, and bent as such.
    """
    chance = Random(seed)
    line, _, text = data.partition(b"\n")
    if line.startswith(_KIND.encode()):
        try:
            bent = hostile_toml.bent_toml(text.decode(), chance)
        except (ValueError, RecursionError):
            return hostile.damaged(data, chance)[:most]
        return (line + b"\n" + bent.encode("utf-8", "replace"))[:most]
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        return hostile.damaged(data, chance)[:most]
    try:
        return hostile.as_text(hostile.bent(value, chance))[:most]
    except (ValueError, RecursionError, TypeError):
        return hostile.damaged(data, chance)[:most]


if __name__ == "__main__":
    sys.exit(main())
