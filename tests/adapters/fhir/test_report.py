"""The account of a reading: complete, readable, and as JSON."""

from __future__ import annotations

import json

from mgdecide.adapters.fhir.reasons import REASONS
from tests.adapters.fhir.charts import condition, magnesium, observation, read, request


def test_every_resource_is_accounted_for() -> None:
    given = [
        magnesium(),
        magnesium(1.2, id="old", on="2026-01-01"),
        observation("718-7", 14, "g/dL"),
        condition("195967001"),
        request(),
        request("4603", status="stopped"),
        {"resourceType": "Encounter", "id": "e"},
    ]
    _, report = read(*given)
    told = {line.resource for line in report.lines} | {f"{kind}/{count}" for kind, count in report.unread}
    assert told == {
        "Patient/me",
        "Observation/o19123-9",
        "Observation/old",
        "Observation/o718-7",
        "Condition/c195967001",
        "MedicationRequest/m7646",
        "MedicationRequest/m4603",
        "Encounter/1",
    }
    assert report.resources == len(given) + 1
    assert report.counts["used"] == len(report.used)
    assert report.counts["not used"] == len(report.not_used)


def test_text_says_what_and_why_within_76_columns() -> None:
    _, report = read(magnesium(1.48), observation("x" * 300, 1), request("4603", status="stopped"))
    text = report.to_text()
    assert "serum_magnesium 1.48 mg/dL, 2026-08-20" in text
    assert "[MGD-F107]" in text
    assert REASONS["MGD-F116"].split()[0] in text
    assert max(map(len, text.splitlines())) <= 76


def test_escape_sequences_of_a_chart_never_reach_a_terminal() -> None:
    _, report = read(magnesium(code={"text": "\x1b[31mMagnesium\u202e"}, id="\x1b[2J"))
    assert "\x1b" not in report.to_text()
    assert "\u202e" not in report.to_text()


def test_record_is_json_with_reasons() -> None:
    record = read(magnesium(status="cancelled"))[1].to_record()
    assert json.loads(json.dumps(record)) == record
    lines = record["lines"]
    assert isinstance(lines, list)
    assert {
        "resource": "Observation/o19123-9",
        "used": False,
        "code": "MGD-F107",
        "what": "serum_magnesium",
        "detail": "cancelled",
        "why": REASONS["MGD-F107"],
    } in lines


def test_every_reason_is_a_sentence() -> None:
    assert all(code.startswith("MGD-F1") and text.endswith(".") for code, text in REASONS.items())
