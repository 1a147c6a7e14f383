"""A bulk export read as a fact table: every row is what the single-patient reader gives."""

from __future__ import annotations

import gzip
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mgdecide.adapters.bulk.facts import facts_from_ndjson
from mgdecide.adapters.bulk.files import key_of_line, kind_of_line
from mgdecide.adapters.fhir import read_fhir
from mgdecide.assessment import facts_of
from mgdecide.errors import InvalidInput
from tests.adapters.fhir.charts import DAY, magnesium, request
from tests.adapters.fhir.planted import Planted, chart
from tests.adapters.fhir.test_scores import ITEMS

Rows = dict[str, dict[str, object]]


def charts(count: int, seed: int = 3) -> list[Planted]:
    """Planted charts, and beside what was planted an operation and a questionnaire: every type an export may hold."""
    rng = random.Random(seed)
    made = [chart(rng, number) for number in range(count)]
    for each in made:
        for resource in (_procedure(rng), _questionnaire(rng)):
            resource["subject"] = {"reference": f"Patient/{each.resources[0]['id']}"}
            each.resources.append(resource)
            each.bundle["entry"].append({"resource": resource})
    return made


def _procedure(rng: random.Random) -> dict[str, Any]:
    code = rng.choice(
        ["442338001", "80146002"]
    )  # a gastric bypass, which lasts, and an appendicectomy, which nobody asks for
    day = f"{rng.randint(2001, 2027)}-05-01"
    status = rng.choice(["completed", "entered-in-error"])
    coding = {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
    return {"resourceType": "Procedure", "id": "op", "status": status, "code": coding, "performedDateTime": day}


def _questionnaire(rng: random.Random) -> dict[str, Any]:
    """All or some items of a PHQ-9."""
    items = [
        {"linkId": f"/44249-1/{code}", "answer": [{"valueInteger": rng.randint(0, 3)}]}
        for code in rng.sample(ITEMS, rng.choice([8, 9]))
    ]
    day = f"202{rng.randint(4, 7)}-08-01"
    return {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "authored": day, "item": items}


def export(folder: Path, made: list[Planted], *, seed: int = 1) -> None:
    """Write charts as an export: by type, in several files, packed and plain, in no order."""
    rng = random.Random(seed)
    lines: dict[str, list[str]] = {}
    for each in made:
        for resource in each.resources:
            if resource["id"] != "stranger":
                lines.setdefault(resource["resourceType"], []).append(json.dumps(resource, default=float))
    for kind, held in lines.items():
        rng.shuffle(held)
        half = len(held) // 2
        (folder / f"{kind}.000.ndjson").write_text("\n".join(held[:half]) + "\n", encoding="utf-8")
        with gzip.open(folder / f"{kind}.001.ndjson.gz", "wt", encoding="utf-8") as stream:
            stream.write("\n".join(held[half:]))


def expected(made: list[Planted]) -> Rows:
    rows: Rows = {}
    for each in made:
        kept = [entry for entry in each.bundle["entry"] if entry["resource"]["id"] != "stranger"]
        patient = read_fhir(json.dumps({**each.bundle, "entry": kept}, default=float), on=DAY)[0]
        rows[patient.id] = {name: value for name, value in facts_of(patient).items() if value is not None}
    return rows


def rows_of(table: Any) -> Rows:
    rows = {
        row.pop("patient"): {name: value for name, value in row.items() if value is not None}
        for row in table.to_pylist()
    }
    assert len(rows) == table.num_rows
    return rows


def test_every_row_is_what_the_single_reader_gives(tmp_path: Path) -> None:
    made = charts(200)
    export(tmp_path, made)
    table, report = facts_from_ndjson(tmp_path, on=DAY)
    assert rows_of(table) == expected(made)
    assert (report.patients, report.files) == (200, 2 * len(list(tmp_path.glob("*.gz"))))
    assert (
        report.resources["Observation"]
        == sum(each["resourceType"] == "Observation" for one in made for each in one.resources) - 200
    )
    assert "MGD-F107" in report.to_text()
    json.dumps(report.to_record())


@pytest.mark.slow
def test_every_row_of_thousands_is_what_the_single_reader_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = charts(3000, seed=11)
    export(tmp_path, made)
    monkeypatch.setattr("mgdecide.adapters.bulk.facts.MEGABYTES_A_PART", 4)
    assert rows_of(facts_from_ndjson(tmp_path, on=DAY, processes=2)[0]) == expected(made)


def test_the_order_of_files_and_the_number_of_parts_never_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = charts(12)
    for name, seed in (("a", 1), ("b", 2)):
        (tmp_path / name).mkdir()
        export(tmp_path / name, made, seed=seed)
    one = rows_of(facts_from_ndjson(tmp_path / "a", on=DAY)[0])
    monkeypatch.setattr("mgdecide.adapters.bulk.facts.MEGABYTES_A_PART", 0.01)
    assert rows_of(facts_from_ndjson(tmp_path / "b", on=DAY)[0]) == one


def test_written_whole_or_not_at_all(tmp_path: Path) -> None:
    made = charts(5)
    (tmp_path / "in").mkdir()
    export(tmp_path / "in", made)
    table, report = facts_from_ndjson(tmp_path / "in", on=DAY, out=tmp_path / "facts.parquet")
    assert (table.num_rows, report.patients) == (0, 5)
    assert rows_of(pq.read_table(tmp_path / "facts.parquet")) == expected(made)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["facts.parquet"]


def test_medications_of_the_export_are_followed(tmp_path: Path) -> None:
    order = request(medicationCodeableConcept=None, medicationReference={"reference": "Medication/omep"})
    rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm"
    medication = {"resourceType": "Medication", "id": "omep", "code": {"coding": [{"system": rxnorm, "code": "7646"}]}}
    (tmp_path / "MedicationRequest.ndjson").write_text(json.dumps(order))
    (tmp_path / "Medication.ndjson").write_text(json.dumps(medication))
    table, report = facts_from_ndjson(tmp_path, on=DAY)
    assert rows_of(table)["me"]["on_ppi"] is True
    assert report.without_patient == 1


def test_broken_lines_are_counted(tmp_path: Path) -> None:
    good = json.dumps(magnesium())
    (tmp_path / "Observation.ndjson").write_text(
        "\n".join([good, good[:-9], "{}", "nonsense", "", good.replace("Patient/me", "Group/x")])
    )
    table, report = facts_from_ndjson(tmp_path, on=DAY)
    assert rows_of(table)["me"]["serum_magnesium"] == 1.9
    assert (report.not_dealt, report.unreadable) == (3, 1)
    assert [(line.file, line.line, line.code) for line in sorted(report.bad_lines)] == [
        ("Observation.ndjson", 2, "MGD-F141"),
        ("Observation.ndjson", 3, "MGD-F141"),
        ("Observation.ndjson", 4, "MGD-F141"),
        ("Observation.ndjson", 6, "MGD-F142"),
    ]
    assert "Observation.ndjson line 2: not the JSON of a FHIR resource [MGD-F141]" in report.to_text()
    assert good not in json.dumps(report.to_record())


@pytest.mark.parametrize("bad", ['"status":"active","status":"stopped"', '"status":"active",'])
def test_a_patients_unreadable_line_keeps_its_lists_from_being_complete(tmp_path: Path, bad: str) -> None:
    (tmp_path / "Patient.ndjson").write_text('{"resourceType":"Patient","id":"a"}\n{"resourceType":"Patient","id":"b"}')
    line = f'{{"resourceType":"MedicationRequest","id":"m",{bad},"subject":{{"reference":"Patient/a"}}}}'
    (tmp_path / "MedicationRequest.ndjson").write_text(line + "\n")
    table, report = facts_from_ndjson(tmp_path, on=DAY, medications_complete=True, conditions_complete=True)
    rows = rows_of(table)
    assert "on_lithium" not in rows["a"]
    assert "myasthenia_gravis" not in rows["a"]
    assert rows["b"]["on_lithium"] is False
    assert rows["b"]["myasthenia_gravis"] is False
    assert "MedicationRequest.ndjson" in report.to_text()


def test_of_very_many_bad_lines_the_first_are_named_and_all_are_counted(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "Condition.ndjson").write_text("nonsense\n" * 250)
    _table, report = facts_from_ndjson(tmp_path, on=DAY)
    assert (report.not_dealt, len(report.bad_lines)) == (250, 100)
    assert str(report.bad_lines[0]).startswith("below/Condition.ndjson line 1: ")
    assert "and 240 more" in report.to_text()


@pytest.mark.parametrize("name", ["none", "empty"])
def test_a_folder_without_an_export_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput, match="MGD-F140"):
        facts_from_ndjson(tmp_path / name, on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("line", "kind", "key"),
    [
        (b'{"resourceType":"Observation","subject":{"reference":"Patient/a"}}', "Observation", b"a"),
        (
            b'{"resourceType":"Observation","subject":{"identifier":{"value":"x"},"reference":"Patient/a"}}',
            "Observation",
            b"a",
        ),
        (
            b'{"resourceType":"Observation","subject":{"reference":"https://x.example/fhir/Patient/a/_history/2"}}',
            "Observation",
            b"a",
        ),
        (
            b'{"contained":[{"resourceType":"Patient","id":"z"}],"resourceType":"Condition","subject":{"reference":"Patient/a"}}',
            "Condition",
            b"a",
        ),
        (b'{"resourceType":"AllergyIntolerance","patient":{"reference":"urn:uuid:a"}}', "AllergyIntolerance", b"a"),
        (b'{"resourceType":"Patient","id":"a","link":[{"id":"b"}]}', "Patient", b"a"),
        (b'{"resourceType":"Observation","subject":{"reference":"Group/a"}}', "Observation", None),
        (b'{"resourceType":"Observation"}', "Observation", None),
        (b"[]", "", None),
    ],
)
def test_lines_are_dealt_to_their_patient(line: bytes, kind: str, key: bytes | None) -> None:
    assert kind_of_line(line) == kind
    assert key_of_line(line, kind) == key


def test_two_processes_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = charts(8)
    export(tmp_path, made)
    monkeypatch.setattr("mgdecide.adapters.bulk.facts.MEGABYTES_A_PART", 0.02)
    assert rows_of(facts_from_ndjson(tmp_path, on=DAY, processes=2)[0]) == expected(made)


@pytest.mark.spark
def test_spark_gives_the_same(tmp_path: Path) -> None:
    from mgdecide.adapters.bulk.spark import facts_on_spark
    from mgdecide.adapters.cohort_files.spark_session import spark_session

    made = charts(10)
    export(tmp_path, made)
    assert rows_of(facts_on_spark(spark_session(), str(tmp_path), on=DAY).toArrow()) == expected(made)


@pytest.mark.spark
def test_spark_gives_the_same_account(tmp_path: Path) -> None:
    from mgdecide.adapters.bulk.spark import report_on_spark
    from mgdecide.adapters.cohort_files.spark_session import spark_session

    export(tmp_path, charts(10))
    (tmp_path / "Procedure.ndjson").write_text('nonsense\n{"resourceType":"Procedure"}\n')
    alone = facts_from_ndjson(tmp_path, on=DAY)[1].to_record()
    shared = report_on_spark(spark_session(), str(tmp_path), on=DAY).to_record()
    assert {str(line["code"]) for line in shared.pop("bad_lines")} == {"MGD-F141", "MGD-F142"}  # type: ignore[attr-defined]
    for name in ("bad_lines", "unknown_codes"):  # the code where Spark tells the words, the line where it tells none
        alone.pop(name)
        shared.pop(name, None)
    assert shared == alone
