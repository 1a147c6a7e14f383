"""How fast charts are read: JSON text of a Bundle to a finished assessment, and a folder of NDJSON to a fact table.

    python benchmarks/fhir.py                    charts of about 30 resources made here, one of 3,000, an export
    python benchmarks/fhir.py BUNDLES.ndjson     the same over your own Bundles, one a line

Times are the least of several runs, in seconds of this process's own processor time, so that neighbours on the machine
disturb them little; the export is also timed by the clock against DuckDB's bare ``read_json`` over the same files.
Every further process of an export starts an interpreter and reads the knowledge first: two pay off from some thousand
patients on.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.fhir.text import bundle_value
from mgdecide.assessment import assess

ON = date(2026, 1, 1)
UCUM = "http://unitsofmeasure.org"
TESTS = (
    ("19123-9", "mg/dL", 1.2, 2.6), ("98979-8", "mL/min/{1.73_m2}", 15, 110), ("2160-0", "mg/dL", 0.5, 3.0),
    ("2823-3", "mmol/L", 3.0, 5.5), ("17861-6", "mg/dL", 8.0, 10.5), ("4548-4", "%", 4.8, 10), ("718-7", "g/dL", 9, 17),
    ("2345-7", "mg/dL", 70, 250), ("29463-7", "kg", 45, 120), ("8302-2", "cm", 150, 195), ("44261-6", "{score}", 0, 27),
)  # fmt: skip
MEDICINES = ("7646", "4603", "10582", "83367", "36567", "29046", "36437", "1191")
CONDITIONS = ("370143000", "44054006", "34000006", "38341003", "195967001", "40930008")


def chart(rng: random.Random, number: int, resources: int = 30) -> dict[str, Any]:
    """A chart of so many resources: two in three are results, the rest orders, diagnoses and encounters."""
    me = {"reference": f"Patient/p{number}"}
    born = f"{rng.randint(1935, 2005)}-06-01"
    held: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": f"p{number}", "gender": "female", "birthDate": born}
    ]
    while len(held) < resources * 2 // 3:
        code, unit, low, high = TESTS[len(held) % len(TESTS)]
        value = round(rng.uniform(low, high), 1) if unit != "{score}" else rng.randint(0, 27)
        day = ON - timedelta(days=rng.randint(0, 900))
        quantity = {"value": value, "unit": unit, "system": UCUM, "code": unit}
        concept = {"coding": [{"system": "http://loinc.org", "code": code}]}
        held.append({"resourceType": "Observation", "id": f"o{len(held)}", "status": "final", "subject": me,
                     "code": concept, "effectiveDateTime": f"{day}T08:00:00Z", "valueQuantity": quantity})  # fmt: skip
    for code in rng.sample(MEDICINES, 4):
        concept = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": code}]}
        held.append({"resourceType": "MedicationRequest", "id": f"m{code}", "status": "active", "intent": "order",
                     "medicationCodeableConcept": concept, "subject": me, "authoredOn": "2025-06-01"})  # fmt: skip
    active = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    for code in rng.sample(CONDITIONS, 3):
        concept = {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
        held += [
            {"resourceType": "Condition", "id": f"c{code}", "clinicalStatus": active, "subject": me, "code": concept}
        ]
    while len(held) < resources:
        held.append({"resourceType": "Encounter", "id": f"e{len(held)}", "status": "finished", "subject": me})
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in held]}


def least(name: str, function: Callable[[Any], object], inputs: Sequence[Any], runs: int = 5) -> float:
    """Print and return the seconds one input takes in the quickest of several runs."""
    gc.collect()
    gc.freeze()
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        for each in inputs:
            function(each)
        best = min(best, time.process_time() - start)
    each_takes = best / len(inputs)
    print(f"  {name:44s}{each_takes * 1e6:12.1f} us{1 / each_takes:12.0f} /s")
    return each_takes


def single(texts: list[str]) -> None:
    """Text to assessment, step by step."""
    print(f"{len(texts)} charts of {len(texts[0])} characters and the like")
    values = [bundle_value(text) for text in texts]
    patients = [read_fhir(value, on=ON)[0] for value in values]
    least("json.loads", json.loads, texts)
    least("json text to values, hardened", bundle_value, texts)
    least("read_fhir(values)", lambda value: read_fhir(value, on=ON), values)
    least("read_fhir(text)", lambda text: read_fhir(text, on=ON), texts)
    least("assess(patient)", assess, patients)
    least("text to finished assessment", lambda text: assess(read_fhir(text, on=ON)[0]), texts)


def bulk(bundles: list[dict[str, Any]]) -> None:
    """A folder of NDJSON to a fact table, against DuckDB only reading it."""
    try:
        import duckdb

        from mgdecide.adapters.bulk.facts import facts_from_ndjson
    except ImportError:
        print("bulk: needs the extra duckdb")
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        lines: dict[str, list[str]] = {}
        for bundle in bundles:
            for entry in bundle["entry"]:
                resource = entry["resource"]
                lines.setdefault(resource["resourceType"], []).append(json.dumps(resource, separators=(",", ":")))
        for kind, held in lines.items():
            (folder / f"{kind}.ndjson").write_text("\n".join(held), encoding="utf-8")
        start = time.perf_counter()
        for kind in lines:
            duckdb.sql(f"create or replace table t as select * from read_json('{folder / kind}.ndjson')")
        bare = time.perf_counter() - start
        print(f"export of {len(bundles)} patients, {sum(map(len, lines.values()))} resources")
        print(f"  DuckDB, bare read_json of every column {bare:8.2f} s")
        facts_from_ndjson(folder, on=ON, processes=1)  # the knowledge is read once, before the clock runs
        for processes in (1, 2):
            start = time.perf_counter()
            table, _report = facts_from_ndjson(folder, on=ON, processes=processes)
            took = time.perf_counter() - start
            rate = table.num_rows / took
            print(
                f"  facts, {processes} process(es) {took:8.2f} s {rate:8.0f} patients/s, {took / bare:.1f} times bare"
            )


def main() -> None:
    """Run everything."""
    if len(sys.argv) > 1:
        with Path(sys.argv[1]).open(encoding="utf-8") as stream:
            texts = [line for line, _ in zip(stream, range(2000), strict=False)]
    else:
        rng = random.Random(1)
        texts = [json.dumps(chart(rng, number), separators=(",", ":")) for number in range(500)]
    single(texts[:500])
    heavy = json.dumps(chart(random.Random(2), 0, 3000), separators=(",", ":"))
    print("one chart of 3,000 resources")
    least("text to finished assessment", lambda text: assess(read_fhir(text, on=ON)[0]), [heavy])
    bulk([json.loads(text) for text in texts])


if __name__ == "__main__":
    main()
