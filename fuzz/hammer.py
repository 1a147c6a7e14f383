"""Very many generated records and mutated Bundles through reading and assessing, with the laws held on the way.

    python -m fuzz.hammer records --count 1000000 --seed 1
    python -m fuzz.hammer bundles --count 100000 --seed 1
    python -m fuzz.hammer broken  --count 100000 --seed 1     records bent and damaged
    python -m fuzz.hammer knowledge --count 100000 --seed 1   knowledge files of every kind, bent and damaged

Exit code 0 if nothing was found. A finding is written to fuzz/findings/ and told with its seed.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, cast

from fuzz.generate import DAY, Record, record, records
from fuzz.seeds import bundle_values, record_texts
from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.record.records import read_patient
from mgdecide.assessment import Assessment, assess
from mgdecide.domain.verdicts import GateState, Regimens, Withheld
from mgdecide.errors import MgdecideError
from mgdecide.testing.door_laws import answered_or_told
from mgdecide.testing.door_proofs import knowledge_texts
from mgdecide.testing.hostile import as_text, bent, damaged
from mgdecide.testing.hostile_toml import bent_toml
from mgdecide.testing.knowledge_doors import KNOWLEDGE_DOORS

FINDINGS = Path(__file__).parent / "findings"
_SOON = 10.0
"""Seconds for a knowledge file, most of which take milliseconds."""
_JSON_EVERY = 200
"""To JSON and back costs some twenty times an assessment, so only every so many."""


_REASONS_EVERY = 20
"""Reasons are worked out when they are first read, and cost as much as all the rest."""


def held(assessment: Assessment, given: str = "", *, reasons: bool = True) -> None:
    """The laws that cost little: ASSESS-05, -06 in part, and -07. Braces stand in a text only where one was given."""
    if assessment.gate.state is GateState.OPEN:
        assert isinstance(assessment.regimens, Regimens)
        assert not assessment.gate.needs
    else:
        assert isinstance(assessment.regimens, Withheld)
    if assessment.urgent:
        assert assessment.gate.state is GateState.CLOSED
    for finding in (*assessment.urgent, *assessment.findings):
        assert finding.sources
        assert finding.action
        assert finding.text
        assert "{" in given or "{" not in finding.text
        assert not reasons or finding.because or finding.kind in {"data_quality", "context"}, finding.rule


_endless: dict[int, Iterator[Record]] = {}


def one_record(chance: Random, at: int, told: Counter[str]) -> object:
    """A whole record: it must be accepted, and every law must hold."""
    made = next(_endless.setdefault(id(chance), records(chance)))
    try:
        assessment = assess(read_patient(made))
        held(assessment, reasons=at % _REASONS_EVERY == 0)
        if at % _JSON_EVERY == 0:
            json.loads(assessment.to_json())
        told[f"gate {assessment.gate.state.value}"] += 1
        told[f"status {assessment.status.category}"] += 1
    except MgdecideError as error:
        told[f"refused {error.code}"] += 1
    except Exception:
        traceback.print_exc()
        return made
    return None


def one_bundle(chance: Random, at: int, told: Counter[str]) -> object:
    """A Bundle bent in its values, every third one damaged in its bytes: answered, or refused with a code."""
    value = bent(chance.choice(bundle_values()), chance)
    given: object = damaged(as_text(value), chance) if at % 3 == 0 else value
    try:
        with answered_or_told():
            try:
                patient, report = read_fhir(cast(Mapping[str, Any], given), on=DAY)
                held(assess(patient), " ".join(medicine.shown for medicine in patient.medications))
                report.to_record()
                told["read and assessed"] += 1
            except MgdecideError as error:
                told[f"refused {error.code}"] += 1
                raise
    except AssertionError:
        traceback.print_exc(limit=-3)
        return given
    return None


def one_broken_record(chance: Random, at: int, told: Counter[str]) -> object:
    """A record bent in its values, every other one damaged in its bytes."""
    made: object = bent(record(chance), chance)
    given = damaged(as_text(made) if at % 4 else chance.choice(record_texts()), chance) if at % 2 else made
    try:
        with answered_or_told():
            try:
                patient = read_patient(cast(Mapping[str, object], given), today=DAY)
                held(assess(patient), " ".join(medicine.shown for medicine in patient.medications))
                told["read and assessed"] += 1
            except MgdecideError as error:
                told[f"refused {error.code}"] += 1
                raise
    except AssertionError:
        traceback.print_exc(limit=-3)
        return given
    return None


def one_knowledge_file(chance: Random, at: int, told: Counter[str]) -> object:
    """A file of the next kind of knowledge with bent values, every fifth with damaged bytes too: answered soon."""
    kind = list(KNOWLEDGE_DOORS)[at % len(KNOWLEDGE_DOORS)]
    text = bent_toml(chance.choice(knowledge_texts(kind)), chance)
    began = monotonic()
    try:
        with answered_or_told():
            try:
                KNOWLEDGE_DOORS[kind].read(text)
                told["read and used"] += 1
            except MgdecideError as error:
                told[f"refused {error.code}"] += 1
                raise
        assert monotonic() - began < _SOON, f"{kind} took {monotonic() - began:.1f} s"
    except AssertionError:
        traceback.print_exc(limit=-3)
        return text
    return None


KINDS: Mapping[str, Callable[[Random, int, Counter[str]], object]] = {
    "records": one_record,
    "bundles": one_bundle,
    "broken": one_broken_record,
    "knowledge": one_knowledge_file,
}


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 if nothing was found, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    one, chance, told, found = KINDS[args.kind], Random(args.seed), Counter[str](), 0
    began = monotonic()
    for at in range(1, args.count + 1):
        given = one(chance, at, told)
        if given is not None:
            found += 1
            if found <= 20:
                _keep(args.kind, args.seed, at, given)
        if at % 50_000 == 0:
            print(f"{at} of {args.count}, {at / (monotonic() - began):.0f} a second, {found} findings", flush=True)
    print(f"{args.kind}: {args.count} inputs, seed {args.seed}, {monotonic() - began:.0f} s, {found} findings")
    for what, count in told.most_common():
        print(f"  {count:>9}  {what}")
    return 1 if found else 0


def _keep(kind: str, seed: int, at: int, given: object) -> None:
    FINDINGS.mkdir(exist_ok=True)
    path = FINDINGS / f"{kind}-{seed}-{at}.txt"
    path.write_bytes(given if isinstance(given, bytes) else repr(given).encode("utf-8", "backslashreplace"))
    print(f"input {at}: written to {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
