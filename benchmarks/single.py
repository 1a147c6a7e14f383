"""One patient: what judging costs, in one run. ``make bench``.

Prints medians of CPU time, so that a busy machine disturbs little: assess() complete with reasons and texts (all but
the ledger), the ledger alone, reading a record, the same rules' bare answers, and the import of mgdecide against
the import of pydantic alone.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files

from mgdecide import Assessment, assess, read_patient
from mgdecide.assessment import facts_of
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.rulebook import rulebook

ROUNDS, CALLS = 15, 100
IMPORTS = 9


def microseconds(call: Callable[[], object], calls: int = CALLS) -> float:
    """Median over rounds of the CPU time of one call."""
    call()
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(calls):
            call()
        rounds.append((time.process_time() - start) / calls * 1e6)
    return statistics.median(rounds)


def import_milliseconds(statement: str) -> float:
    """Median wall time of a fresh interpreter that runs one import, less that of one that runs nothing."""

    def once(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return (time.perf_counter() - start) * 1e3

    pairs = [(once(statement), once("pass")) for _ in range(IMPORTS)]
    return statistics.median(full - bare for full, bare in pairs)


def main() -> None:
    text = files("mgdecide.adapters.examples").joinpath("demo-1.json").read_text(encoding="utf-8")
    record = json.loads(text)
    patient = read_patient(record)
    book, row = rulebook(default_knowledge()), facts_of(patient)
    judged = assess(patient)

    def in_words() -> Assessment:
        """Every part but the ledger and what is not checked; each is worded when it is first read."""
        found = assess(patient)
        parts = (found.urgent, found.gate, found.status, found.findings, found.regimens, found.evidence, found.measured)
        assert parts
        return found

    def complete() -> None:
        found = in_words()
        for finding in (*found.urgent, *found.findings):
            assert finding.because is not None

    print(f"rules {len(book.rules) + len(book.urgent)}, regimens {len(book.studies)}, findings {len(judged.findings)}")
    print(f"assess, complete with reasons   {microseconds(complete):9.1f} us")
    print(f"assess, every part in words     {microseconds(in_words):9.1f} us")
    print(f"assess, every question answered {microseconds(lambda: assess(patient)):9.1f} us")
    print(f"the same rules' bare answers    {microseconds(lambda: book.answer(row)):9.1f} us")
    print(
        f"the ledger alone                {microseconds(lambda: assess(patient).unknowns, 3):9.1f} us (with its assess)"
    )
    print(f"to_json, ledger included        {microseconds(lambda: assess(patient).to_json(), 3):9.1f} us")
    print(f"reading the record (mapping)    {microseconds(lambda: read_patient(record)):9.1f} us")
    print(f"reading the record (JSON text)  {microseconds(lambda: read_patient(text)):9.1f} us")
    ours, theirs = import_milliseconds("import mgdecide"), import_milliseconds("import pydantic; pydantic.BaseModel")
    door = import_milliseconds("from mgdecide import assess, read_patient")
    print(f"import mgdecide {ours:.1f} ms; its door opened {door:.1f} ms; import pydantic alone {theirs:.1f} ms")
    print(f"ratio of the imports {ours / theirs:.2f}; with the door opened {door / theirs:.2f}")


if __name__ == "__main__":
    main()
