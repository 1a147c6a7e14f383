"""Two runs compared: cohorts give what assessments of the same patients give."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.cli import main
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.governance.changes import changes
from mgdecide.cohort import facts_of, judge

DAYS = ("2026-08-29", "2027-02-01")


def runs(folder: Path) -> dict[str, tuple[str, str]]:
    """The bundled patients judged on two days, as assessments and as a cohort; the second run in another order."""
    found: dict[str, tuple[str, str]] = {}
    records = [json.loads(example_text(name)) for name in example_names()]
    for kind in ("jsonl", "parquet"):
        paths = []
        for number, day in enumerate(DAYS):
            dated = [{**each, "id": f"e{at}", "assessed_on": day} for at, each in enumerate(records)]
            patients = [read_patient(each) for each in (dated if number == 0 else reversed(dated[1:]))]
            path = folder / f"{number}.{kind}"
            if kind == "jsonl":
                path.write_text("".join(json.dumps(assess(each).to_record()) + "\n" for each in patients))
            else:
                rows = [{"patient": each.id, **facts_of(each)} for each in patients]
                judge(pl.DataFrame(rows, infer_schema_length=None)).write_parquet(path)
            paths.append(str(path))
        found[kind] = (paths[0], paths[1])
    return found


def test_a_cohort_changes_as_its_assessments_do(tmp_path: Path) -> None:
    made = runs(tmp_path)
    alone, together = (changes(*made[kind], "patient").to_record() for kind in ("jsonl", "parquet"))
    for name in ("paired", "only_old", "only_new", "findings"):
        assert together[name] == alone[name]
    for name in ("gate", "status"):
        assert matrix(together, name) == matrix(alone, name)
    assert any(old != new for old, news in matrix(alone, "gate").items() for new in news)


def matrix(record: dict[str, Any], name: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = record[name]["matrix"]
    return found


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize("form", ["text", "csv", "json", "svg"])
def test_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, form: str) -> None:
    made = runs(tmp_path)[kind]
    assert main(["govern", "changes", *made, "--format", form]) == 0
    out = capsys.readouterr().out
    if form == "csv":
        gates = [row for row in csv.DictReader(out.splitlines()) if row["verdict"] == "gate"]
        assert sum(int(row["count"]) for row in gates) == len(example_names()) - 1
    elif form == "svg":
        assert "Gate of oral magnesium: before and after" in out
    else:
        assert "gate" in out.casefold()


def test_the_picture_of_a_fit_and_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = runs(tmp_path)["jsonl"]
    assert main(["govern", "changes", *made, "--format", "svg", "--of", "status"]) == 0
    assert "Status of serum magnesium" in capsys.readouterr().out
    assert main(["govern", "changes", *made, "--format", "svg", "--of", "stat"]) == 2
    assert 'Did you mean "status"' in capsys.readouterr().err


def test_what_cannot_be_paired_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = runs(tmp_path)
    verdicts = pl.read_parquet(made["parquet"][0])
    twice = tmp_path / "twice.parquet"
    pl.concat([verdicts, verdicts]).write_parquet(twice)
    for args, code in (
        ((made["jsonl"][0], made["parquet"][1]), "MGD-L133"),
        ((str(twice), made["parquet"][1]), "MGD-L134"),
        ((*made["parquet"], "--key", "ward"), "MGD-L134"),
    ):
        assert main(["govern", "changes", *args]) == 2
        assert code in capsys.readouterr().err
