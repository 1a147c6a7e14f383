"""Exports with faults: one reported line, or one clear error before anything is read or written."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mgdecide.adapters.bulk.facts import facts_from_ndjson
from mgdecide.errors import InvalidInput
from tests.adapters.fhir.charts import DAY, magnesium, request
from tests.adapters.fhir.test_bulk import Rows, charts, expected, export, rows_of

COMPLETE = {"conditions_complete": True, "medications_complete": True}
DIABETES = {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}]}


def condition(**members: object) -> str:
    subject = {"reference": "Patient/me"}
    status = {"coding": [{"code": "active"}]}
    return json.dumps(
        {"resourceType": "Condition", "subject": subject, "clinicalStatus": status, "code": DIABETES, **members}
    )


def read(folder: Path, **keywords: Any) -> tuple[Rows, Any]:
    table, report = facts_from_ndjson(folder, on=DAY, **keywords)
    return rows_of(table), report


def problems(folder: Path, **keywords: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as raised:
        read(folder, **keywords)
    return [(problem.code, problem.path) for problem in raised.value.problems]


# --- a file that breaks off ---------------------------------------------------------------------------------------


def cut_packed(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def spoil_packed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def not_packed(path: Path) -> None:
    path.write_bytes(gzip.decompress(path.read_bytes()))


@pytest.mark.parametrize("spoil", [cut_packed, spoil_packed, not_packed])
def test_a_packed_file_that_breaks_off_is_an_error(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    (tmp_path / "in").mkdir()
    export(tmp_path / "in", charts(5))
    spoil(tmp_path / "in" / "Condition.001.ndjson.gz")
    out = tmp_path / "facts.parquet"
    assert problems(tmp_path / "in", out=out) == [("MGD-F144", "Condition.001.ndjson.gz")]
    assert [each.name for each in tmp_path.iterdir()] == ["in"]


def test_a_plain_file_that_stops_in_the_middle_of_a_line_is_an_error(tmp_path: Path) -> None:
    export(tmp_path, charts(5))
    for name in ("Condition", "Patient"):
        path = tmp_path / f"{name}.000.ndjson"
        path.write_bytes(path.read_bytes()[:-40])
    assert problems(tmp_path) == [("MGD-F144", "Condition.000.ndjson"), ("MGD-F144", "Patient.000.ndjson")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_opened_is_an_error(tmp_path: Path) -> None:
    export(tmp_path, charts(2))
    (tmp_path / "Condition.000.ndjson").chmod(0)
    assert problems(tmp_path) == [("MGD-F144", "Condition.000.ndjson")]


def test_a_last_line_without_an_end_may_be_whole(tmp_path: Path) -> None:
    (tmp_path / "Observation.ndjson").write_text(json.dumps(magnesium()), encoding="utf-8")
    assert read(tmp_path)[0]["me"]["serum_magnesium"] == 1.9


# --- lines that cannot be used --------------------------------------------------------------------------------------

BROKEN_LINES = {
    "cut": condition()[:-9].encode(),
    "not UTF-8": condition(note="caf\xe9", id="ä").encode("utf-8")[:-1] + b',"x":"\xff"}',
    "a key given twice": (condition()[:-1] + ',"code": {}}').encode(),
    "deep": (condition()[:-1] + ',"x":' + "[" * 100_000 + "]" * 100_000 + "}").encode(),
}


@pytest.mark.parametrize("line", BROKEN_LINES.values(), ids=BROKEN_LINES)
def test_a_line_that_cannot_be_read_keeps_its_patient_s_lists_from_being_complete(tmp_path: Path, line: bytes) -> None:
    """What stood there may have been any condition: for this patient none is false; for the others all are."""
    (tmp_path / "Condition.ndjson").write_bytes(line + b"\n")
    patients = [{"resourceType": "Patient", "id": name} for name in ("me", "other")]
    (tmp_path / "Patient.ndjson").write_text("\n".join(map(json.dumps, patients)), encoding="utf-8")
    rows, report = read(tmp_path, **COMPLETE)
    assert "dialysis" not in rows["me"]
    assert rows["me"].get("conditions_complete") is not True
    assert rows["other"]["conditions_complete"] is True
    assert (report.unreadable, report.not_dealt) == (1, 0)
    assert [(bad.file, bad.line, bad.code) for bad in report.bad_lines] == [("Condition.ndjson", 1, "MGD-F141")]


def test_a_line_that_is_too_long_does_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgdecide.adapters.bulk.files.LONGEST_LINE", 500)
    monkeypatch.setattr("mgdecide.adapters.bulk.files._BLOCK", 64)
    lines = [condition(), condition(note="x" * 2000), json.dumps({"resourceType": "Condition", "note": "x" * 2000})]
    (tmp_path / "Condition.ndjson").write_text("\n".join([*lines, condition(id="last"), ""]), encoding="utf-8")
    rows, report = read(tmp_path)
    assert rows["me"]["type_2_diabetes"] is True
    assert (report.unreadable, report.not_dealt, report.resources["Condition"]) == (0, 2, 4)
    assert [(bad.line, bad.code) for bad in report.bad_lines] == [(2, "MGD-F143"), (3, "MGD-F143")]
    assert problems(tmp_path, conditions_complete=True) == [("MGD-F145", "problem list")]  # the third is nobody's
    (tmp_path / "Condition.ndjson").write_text("\n".join([*lines[:2], ""]), encoding="utf-8")
    assert read(tmp_path, **COMPLETE)[0]["me"].get("conditions_complete") is not True


@pytest.mark.parametrize(
    ("file", "line", "lists"),
    [
        ("Condition", '{"resourceType": "Condition"}', ["problem list"]),
        ("Condition", "nonsense", ["problem list"]),
        ("Procedure", '{"resourceType": "Procedure", "subject": {"reference": "Group/7"}}', ["problem list"]),
        ("MedicationRequest", "nonsense", ["medication list"]),
        ("1", "nonsense", ["problem list", "medication list"]),
        ("Observation", "nonsense", []),
        ("Observation", '{"resourceType": "Observation", "subject": {"reference": "Device/7"}}', []),
        ("Condition", '{"resourceType": "Condition", "subject": {"reference": "Patient/\xff"}}', ["problem list"]),
    ],
)
def test_a_line_of_nobody_keeps_a_list_from_being_called_complete(
    tmp_path: Path, file: str, line: str, lists: list[str]
) -> None:
    """It may be anybody's: what it says would be taken for absent."""
    (tmp_path / f"{file}.ndjson").write_bytes(line.encode("latin-1") + b"\n")
    (tmp_path / "Patient.ndjson").write_text('{"resourceType": "Patient", "id": "me"}\n', encoding="utf-8")
    assert read(tmp_path)[1].not_dealt == 1
    if lists:
        assert problems(tmp_path, **COMPLETE) == [("MGD-F145", name) for name in lists]
    else:
        assert read(tmp_path, **COMPLETE)[0]["me"]["conditions_complete"] is True


def test_a_damaged_medication_is_no_medicine_that_can_be_told(tmp_path: Path) -> None:
    lines = ['{"resourceType": "Medication", "id": "a", "code"', '{"resourceType": "Medication"}', "[]", ""]
    (tmp_path / "Medication.ndjson").write_text("\n".join(lines), encoding="utf-8")
    order = request(medicationCodeableConcept=None, medicationReference={"reference": "Medication/a"})
    (tmp_path / "MedicationRequest.ndjson").write_text(json.dumps(order), encoding="utf-8")
    assert read(tmp_path)[0]["me"].get("medications_complete") is not True


# --- files that are no part of an export ----------------------------------------------------------------------------


def test_other_files_and_hidden_ones_are_left_alone(tmp_path: Path) -> None:
    made = charts(5)
    export(tmp_path, made)
    for name in ("manifest.json", "readme.txt", "table.parquet", ".hidden.ndjson", "_half.ndjson"):
        (tmp_path / name).write_text("nonsense", encoding="utf-8")
    (tmp_path / ".mgdecide-x.partial").mkdir()
    (tmp_path / ".mgdecide-x.partial" / "Patient.ndjson").write_text("nonsense", encoding="utf-8")
    (tmp_path / "Patient.folder.ndjson").mkdir()
    (tmp_path / "Patient.nowhere.ndjson").symlink_to(tmp_path / "nowhere")
    outcome = '{"resourceType": "OperationOutcome", "issue": []}\n'
    (tmp_path / "error.ndjson").write_text(outcome, encoding="utf-8")
    rows, report = read(tmp_path, **COMPLETE)
    assert set(rows) == set(expected(made))
    assert (report.not_dealt, report.unreadable, report.bad_lines) == (0, 0, [])


def test_line_ends_of_windows_and_its_mark_at_the_start(tmp_path: Path) -> None:
    made = charts(5)
    export(tmp_path, made)
    for path in tmp_path.glob("*.ndjson"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    rows, report = read(tmp_path)
    assert rows == expected(made)
    assert report.not_dealt == report.unreadable == 0


@pytest.mark.parametrize("block", [1, 7, 300])
def test_where_blocks_end_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    made = charts(2)
    export(tmp_path, made)
    monkeypatch.setattr("mgdecide.adapters.bulk.files._BLOCK", block)
    assert read(tmp_path)[0] == expected(made)


# --- on Spark -------------------------------------------------------------------------------------------------------


@pytest.mark.spark
def test_spark_knows_lines_of_nobody_too(tmp_path: Path) -> None:
    from mgdecide.adapters.bulk.spark import facts_on_spark
    from mgdecide.adapters.cohort_files.spark_session import spark_session

    (tmp_path / "Condition.ndjson").write_bytes(BROKEN_LINES["not UTF-8"] + b"\n" + BROKEN_LINES["cut"] + b"\n")
    (tmp_path / "Patient.ndjson").write_text('{"resourceType": "Patient", "id": "other"}\n', encoding="utf-8")
    rows = rows_of(facts_on_spark(spark_session(), str(tmp_path), on=DAY, **COMPLETE).toArrow())
    assert rows["me"].get("conditions_complete") is not True
    assert rows["other"]["conditions_complete"] is True
    (tmp_path / "Medication.ndjson").write_text('{"resourceType": "Medication", "id": \n', encoding="utf-8")
    (tmp_path / "1.ndjson").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"MGD-F145.*problem list"):
        facts_on_spark(spark_session(), str(tmp_path), on=DAY, conditions_complete=True)
