"""``mgdecide batch``: a line in, a line out; a bad line does not stop the others, and OUT is whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.cli import main
from mgdecide.adapters.examples import example_names, example_text

EXAMPLES = [json.loads(example_text(name)) for name in example_names()]


def _lines(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def _read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_line_is_the_assessment_of_its_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    source = _lines(tmp_path / "in.jsonl", *(json.dumps({"assessed_on": "2026-08-29", **each}) for each in EXAMPLES))
    assert main(["batch", source, str(out)]) == 0
    expected = [assess(read_patient({"assessed_on": "2026-08-29", **each})).to_record() for each in EXAMPLES]
    assert _read(out) == json.loads(json.dumps(expected))
    gates = [each["gate"]["state"] for each in expected]  # type: ignore[index]
    told = capsys.readouterr()
    assert f"{len(EXAMPLES)} lines" in told.out
    for gate in ("open", "undecided", "closed"):
        assert f"{gate} {gates.count(gate)}" in told.out
    assert told.err == ""


def test_a_bad_line_is_told_and_the_others_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    good, bad = json.dumps(EXAMPLES[0]), '{"id": "b", "age_years": -1}'
    assert main(["batch", _lines(tmp_path / "in.jsonl", good, bad, "{", "", good), str(out)]) == 2
    first, second, third, last = _read(out)
    assert first == last
    assert (second["schema"], second["patient"], second["line"]) == ("mgdecide/error/1", "b", 2)
    assert second["problems"][0]["path"] == "age_years"  # type: ignore[index]
    assert (third["schema"], third["patient"], third["line"]) == ("mgdecide/error/1", "", 3)
    told = capsys.readouterr()
    assert "not read 2" in told.out
    assert "2 of the lines could not be read" in told.err


def test_two_runs_can_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = {"id": "a", "assessed_on": "2026-08-29", "conditions": {"myasthenia_gravis": True}}
    for name, record in (("old", one), ("new", {**one, "age_years": -1})):
        main(["batch", _lines(tmp_path / f"{name}-in.jsonl", json.dumps(record)), str(tmp_path / f"{name}.jsonl")])
    capsys.readouterr()
    assert main(["diff", str(tmp_path / "old.jsonl"), str(tmp_path / "new.jsonl"), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["gate"]["matrix"] == {"closed": {"not read": 1}}


def test_an_output_that_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("kept", encoding="utf-8")
    assert main(["batch", _lines(tmp_path / "in.jsonl", "{}"), str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "kept"
    assert "MGD-L123" in capsys.readouterr().err


@pytest.mark.parametrize(("source", "out", "code"), [("none.jsonl", "o", "L104"), ("in.jsonl", "no/folder", "L109")])
def test_files_that_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, out: str, code: str
) -> None:
    _lines(tmp_path / "in.jsonl", "{}")
    assert main(["batch", str(tmp_path / source), str(tmp_path / out)]) == 2
    assert f"MGD-{code}" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


@pytest.mark.parametrize(
    ("format", "start"),
    [("brief", "MAGNESIUM AND"), ("markdown", "# MAGNESIUM"), ("html", "<article>"), ("patient", "")],
)
def test_the_other_forms_of_a_report(capsys: pytest.CaptureFixture[str], format: str, start: str) -> None:
    assert main(["demo", "--format", format]) == 0
    assert capsys.readouterr().out.startswith(start)
