"""Two sets of answers compared: counts by hand, and the rules behind each change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.cli import main
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.governance.verdict_diff import compare, diff_text
from mgdecide.adapters.governance.verdict_lines import read_verdicts
from mgdecide.errors import InvalidInput


def record(patient: str, gate: str, *rules: str, status: str = "adequate", **more: Any) -> dict[str, Any]:
    """As much of an assessment as the comparison reads."""
    return {
        "schema": "mgdecide/assessment/1",
        "patient": patient,
        "urgent": [],
        "gate": {"state": gate, "because": [{"rule": rule} for rule in rules], "needs": []},
        "status": {"category": status},
        "findings": [{"rule": rule} for rule in more.get("findings", ())],
        "regimens": more.get("regimens"),
        "provenance": {"knowledge": more.get("knowledge", "2026.11")},
    }


def regimen(fit: str, **criteria: str) -> dict[str, Any]:
    verdicts = [{"text": text, "verdict": verdict} for text, verdict in criteria.items()]
    return {"study": "tarleton-2017", "fit": fit, "criteria": verdicts}


def lines(path: Path, *records: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return str(path)


@pytest.fixture
def sets(tmp_path: Path) -> tuple[str, str]:
    old = lines(
        tmp_path / "old.jsonl",
        record("a", "open", regimens=[regimen("cannot tell", Adult="met", PHQ="unknown")], knowledge="2026.05"),
        record("b", "open", regimens=[regimen("fits", Adult="met", PHQ="met")], knowledge="2026.05"),
        record("c", "undecided", "gate.kidney", knowledge="2026.05"),
        record("d", "closed", "gate.myasthenia", knowledge="2026.05"),
        record("gone", "open", knowledge="2026.05"),
    )
    new = lines(
        tmp_path / "new.jsonl",
        record("a", "open", status="suboptimal", regimens=[regimen("fits", Adult="met", PHQ="met")], findings=["x.y"]),
        record("b", "closed", "gate.kidney"),
        record("c", "closed", "gate.kidney"),
        record("d", "closed", "gate.myasthenia"),
        record("more", "open"),
        record("more", "open"),
    )
    return old, new


def test_every_count(sets: tuple[str, str]) -> None:
    found = compare(*(read_verdicts(path) for path in sets)).to_record()
    assert (found["paired"], found["only_old"], found["only_new"]) == (4, 1, 2)
    assert found["knowledge"] == {"old": ["2026.05"], "new": ["2026.11"]}
    assert found["gate"] == {
        "changed": 2,
        "matrix": {"open": {"open": 1, "closed": 1}, "undecided": {"closed": 1}, "closed": {"closed": 1}},
        "behind": {"gate.kidney": 2},
    }
    assert found["status"] == {
        "changed": 1,
        "matrix": {"adequate": {"adequate": 3, "suboptimal": 1}},
        "behind": {"x.y": 1},
    }
    assert found["fits"] == {
        "tarleton-2017": {
            "changed": 2,
            "matrix": {"cannot tell": {"fits": 1}, "fits": {"withheld": 1}},
            "behind": {"PHQ": 1, "the gate": 1},
        }
    }
    assert found["findings"] == {"appeared": {"x.y": 1}, "gone": {}}


def test_for_people(sets: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *sets]) == 0
    text = capsys.readouterr().out
    assert "4 assessments in both sets; knowledge 2026.05 against 2026.11" in text
    assert "GATE    2 changed" in text
    assert "gate.kidney (2)" in text
    assert "FIT     tarleton-2017: 2 changed" in text
    rows = [line.split() for line in text.splitlines() if line.strip().startswith("from ")]
    assert ["from", "open", "1", "0", "1"] in rows


def test_a_set_against_itself_has_not_changed(tmp_path: Path) -> None:
    records = [assess(read_patient(example_text(name))).to_record() for name in example_names()]
    path = lines(tmp_path / "same.jsonl", *records, *records)
    found = compare(read_verdicts(path), read_verdicts(path))
    assert found.paired == 2 * len(records)
    assert (found.gate.changed, found.status.changed) == (0, 0)
    assert all(change.changed == 0 for change in found.fits.values())
    assert "GATE    no change" in diff_text(found)
    assert main(["diff", path, path, "--format", "json"]) == 0


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ["MGD-L122"]),
        ("\n\n", ["MGD-L122"]),
        ("{\n}\n", ["MGD-L120", "MGD-L120"]),
        ("[" * 100_000, ["MGD-L120"]),
        ('{"age_years": 54}\n[]\n3\n', ["MGD-L121"] * 3),
        ('{"schema": "mgdecide/assessment/1"}', ["MGD-L121"]),
        ('{"schema": "mgdecide/assessment/1", "gate": 3, "urgent": null}', ["MGD-L121"]),
    ],
)
def test_lines_that_are_no_assessments(tmp_path: Path, content: str, codes: list[str]) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        read_verdicts(str(path))
    assert [problem.code for problem in raised.value.problems] == codes


def test_the_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(record("a", "open")) + "\n\n{}\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        read_verdicts(str(path))
    assert raised.value.problems[0].path.endswith("bad.jsonl line 3")
