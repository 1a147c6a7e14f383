"""Charts that other people's generators make, and the official R4 examples, read whole without an unhandled case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mgdecide.adapters.bulk.facts import facts_from_ndjson
from mgdecide.adapters.fhir import ReadingReport, read_fhir
from mgdecide.assessment import assess
from mgdecide.domain.patient import Patient
from mgdecide.errors import InvalidRecord

ON = date(2026, 1, 1)


def generated(folder: Path, command: str, *arguments: str) -> Iterator[Path]:
    program = Path(sys.executable).with_name(command)
    if not program.exists():
        assert "CI" not in os.environ, f"{command} is not installed"
        pytest.skip(f"{command} is not installed; it comes with the extra dev")
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True, timeout=600)
    yield from sorted(folder.rglob("*.json"))


def read_whole(text: str) -> tuple[Patient, ReadingReport]:
    patient, report = read_fhir(text, on=ON)
    assert not report.with_code("MGD-F103"), report.with_code("MGD-F103")[:3]
    assert all(len(line) <= 76 for line in report.to_text().splitlines())
    assert assess(patient).to_record()["patient"] == patient.id
    return patient, report


def by_hand(bundle: dict[str, object], code: str) -> list[tuple[str, str]]:
    """Day and digits of every final result of a LOINC code, read the plain way."""
    entries = bundle["entry"]
    assert isinstance(entries, list)
    held = [entry["resource"] for entry in entries if entry["resource"]["resourceType"] == "Observation"]
    return sorted(
        (each["effectiveDateTime"][:10], str(each["valueQuantity"]["value"]))
        for each in held
        if each["status"] == "final" and any(coding.get("code") == code for coding in each["code"]["coding"])
    )


@pytest.mark.slow
def test_lifelong_charts_of_synthea(tmp_path: Path) -> None:
    seen = 0
    for path in generated(tmp_path, "synthea", "-p", "6", "-s", "42", "-r", "20260101", "-a", "60-90"):
        text = path.read_text(encoding="utf-8")
        if '"resourceType": "Patient"' not in text and '"resourceType":"Patient"' not in text:
            continue
        patient, report = read_whole(text)
        whole = json.loads(text)
        for code, test in (("19123-9", "serum_magnesium"), ("2160-0", "serum_creatinine")):
            wanted = [found for found in by_hand(whole, code) if found[0] <= ON.isoformat()]
            newest = [result for result in patient.labs if result.test == test]
            assert bool(newest) == bool(wanted)
            if newest:
                assert newest[0].on is not None
                assert newest[0].on.isoformat() == wanted[-1][0]
        assert report.resources == len(whole["entry"])
        seen += 1
    assert seen >= 6


@pytest.mark.slow
def test_bundles_and_an_export_of_carebundle(tmp_path: Path) -> None:
    for name in ("bundles", "bulk"):
        (tmp_path / name).mkdir()
    made = ("generate", "--profile", "mixed", "--count", "60", "--seed", "7", "--sex", "mixed", "--out", ".")
    patients = [
        read_whole(path.read_text(encoding="utf-8"))[0] for path in generated(tmp_path / "bundles", "carebundle", *made)
    ]
    assert len(patients) == 60
    assert all(patient.labs and patient.age_years is not None and patient.weight_kg is not None for patient in patients)
    list(generated(tmp_path / "bulk", "carebundle", *made, "--format", "ndjson"))
    table, report = facts_from_ndjson(tmp_path / "bulk", on=ON)
    assert (table.num_rows, report.unreadable, report.not_dealt) == (60, 0, 0)
    assert not report.by_reason["MGD-F103"]
    assert sum(value is not None for value in table.column("egfr").to_pylist()) == sum(
        any(result.test == "egfr" for result in patient.labs) for patient in patients
    )


@pytest.mark.slow
def test_the_official_examples() -> None:
    """The folder of the unpacked npm package ``hl7.fhir.r4.examples`` is named by MGDECIDE_FHIR_EXAMPLES."""
    folder = os.environ.get("MGDECIDE_FHIR_EXAMPLES")
    if folder is None:
        pytest.skip("MGDECIDE_FHIR_EXAMPLES is not set")
    seen, refused = 0, list[str]()
    for path in sorted(Path(folder).rglob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        if "resourceType" not in value:
            continue
        whole = (
            value if value["resourceType"] == "Bundle" else {"resourceType": "Bundle", "entry": [{"resource": value}]}
        )
        try:
            _, report = read_fhir(whole, on=ON)
        except InvalidRecord as error:
            refused.append(error.code)
            continue
        assert not report.with_code("MGD-F103"), (path.name, report.with_code("MGD-F103"))
        seen += 1
    assert seen > 1000
    assert set(refused) == {"MGD-F101"}  # Bundles of several patients
