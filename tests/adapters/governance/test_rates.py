"""Findings, cards and overrides counted by rule: figures by hand, from files as they are written."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from mgdecide import assess, read_patient
from mgdecide.adapters.cards.cards import cards
from mgdecide.adapters.cards.words import OVERRIDE_REASONS, OVERRIDE_SYSTEM
from mgdecide.adapters.cli import main
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.governance.cards import ANY, shown_rates
from mgdecide.adapters.governance.findings import finding_rates
from mgdecide.adapters.governance.overrides import override_rates
from mgdecide.adapters.governance.tables import Rate, RateTable
from mgdecide.adapters.web.feedback import Entry
from mgdecide.adapters.web.ledger import Ledger
from mgdecide.errors import InvalidInput

SUICIDE = {"id": "s", "assessed_on": "2026-08-29", "scores": [
    {"instrument": "PHQ-9", "total": 12, "items": {"9": 2}, "on": "2026-08-28"}]}  # fmt: skip


def written(path: Path, *records: Any) -> str:
    path.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return str(path)


def rates(table: RateTable) -> dict[str, tuple[int, int]]:
    return {row.name: (row.count, row.of) for row in table.rows}


@given(st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_intervals_are_those_of_wilson(drawn: tuple[int, int]) -> None:
    count, of = drawn
    low, high = Rate("r", count, of).interval
    theirs = proportion_confint(count, of, method="wilson")
    assert (low, high) == pytest.approx((100 * theirs[0], 100 * theirs[1]), abs=1e-9)
    assert 0 <= low <= Rate("r", count, of).per_hundred <= high <= 100


def test_nothing_to_count_in_is_no_rate_of_a_hundred() -> None:
    assert (Rate("r", 0, 0).per_hundred, Rate("r", 0, 0).interval) == (0.0, (0.0, 100.0))


# --- findings -----------------------------------------------------------------------------------------------


def test_findings_of_a_cohort(tmp_path: Path) -> None:
    table = pa.table(
        {
            "patient": list("abcd"),
            "gate": ["open", "closed", "undecided", "open"],
            "finding.risk.ppi": [True, True, None, False],
            "finding.gate.kidney": [False, True, False, False],
            "finding.risk.alcohol": pa.array([None, None, None, None], pa.bool_()),
        }
    )
    pq.write_table(table, tmp_path / "v.parquet")
    found = finding_rates(str(tmp_path / "v.parquet"))
    assert [(row.name, row.count, row.of, row.unknown) for row in found.rows] == [
        ("risk.ppi", 2, 4, 1),
        ("gate.kidney", 1, 4, 0),
        ("risk.alcohol", 0, 4, 4),
    ]
    text = found.to_text()
    assert "     50.0          2          4          1  risk.ppi" in text
    assert "and 1 without any" in text


def test_findings_of_assessments(tmp_path: Path) -> None:
    made = [assess(read_patient(example_text(name))) for name in example_names()]
    path = written(tmp_path / "a.jsonl", *(each.to_record() for each in made), {"schema": "mgdecide/error/1"})
    found = rates(finding_rates(path))
    for rule, (count, of) in found.items():
        assert (count, of) == (sum(any(f.rule == rule for f in each.findings) for each in made), len(made))
    assert found


def test_facts_are_no_verdicts(tmp_path: Path) -> None:
    pq.write_table(pa.table({"patient": ["a"], "egfr": [20.0]}), tmp_path / "facts.parquet")
    with pytest.raises(InvalidInput, match="MGD-L131"):
        finding_rates(str(tmp_path / "facts.parquet"))


# --- cards --------------------------------------------------------------------------------------------------


def test_cards_of_patients(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calm = {"id": "c", "assessed_on": "2026-08-29"}
    path = written(tmp_path / "p.jsonl", SUICIDE, calm, {"no": "record"})
    assert main(["govern", "cards", path, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = {row["rule"]: row for row in told["rows"]}
    expected = {rule for card in cards(assess(read_patient(SUICIDE)), "patient-view") for rule in card.rules}
    assert set(rows) == {ANY, *expected}
    assert (rows[ANY]["count"], rows[ANY]["of"], rows[ANY]["critical"]) == (1, 2, 1)
    assert "left out: 1" in told["notes"][0]


def test_one_patient_counts_once_for_a_rule_and_at_its_loudest(tmp_path: Path) -> None:
    loud = {"indicator": "critical", "rules": ["a", "b"]}
    soft = {"indicator": "info", "rules": ["a", "c", "c"]}
    path = written(tmp_path / "cards.jsonl", {"cards": [soft, loud]}, {"cards": [soft]}, {"cards": [], "shown": False})
    found = shown_rates(path)
    assert rates(found) == {ANY: (2, 2), "a": (2, 2), "c": (2, 2), "b": (1, 2)}
    assert {row.name: row.beside for row in found.rows}["a"] == (("critical", 1), ("info", 1))
    assert "shadow mode, left out: 1" in found.notes[0]
    assert rates(shown_rates(path, shadow=True)) == {ANY: (0, 1)}


def test_the_service_writes_what_is_read_here(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, lambda: 1.8e9)
    made = cards(assess(read_patient(SUICIDE)), "patient-view")
    for number in range(4):
        ledger.record("mgdecide", "closed", made, shown=True)
        outcome = "accepted" if number == 0 else "overridden"
        reason = "" if number == 0 else list(OVERRIDE_REASONS)[number % 2]
        at = f"2026-08-29T09:30:0{number}Z"
        ledger.keep("mgdecide", [Entry(made[0].uuid, outcome, OVERRIDE_SYSTEM, reason, "", 0, at)])
    repeated = Entry(made[0].uuid, "overridden", OVERRIDE_SYSTEM, list(OVERRIDE_REASONS)[1], "", 0, at)
    ledger.keep("mgdecide", [repeated])
    ledger.keep("mgdecide", [Entry("00000000-0000-4000-8000-000000000000", "accepted", "", "", "", 0, at)])
    found = override_rates(str(tmp_path / "feedback.jsonl"), str(tmp_path / "cards.jsonl"))
    assert rates(found) == dict.fromkeys(made[0].rules, (3, 4))
    one, other = list(OVERRIDE_REASONS)[:2]
    assert found.rows[0].beside == (("shown", 4), (other, 2), (one, 1))
    assert "left out: 1" in found.to_text()
    assert "counted once: 1" in found.to_text()
    assert "95 % interval 30.1 to 95.4" in found.to_text()  # Wilson's interval of 3 in 4, as statsmodels gives it
    assert rates(shown_rates(str(tmp_path / "cards.jsonl")))[ANY] == (4, 4)


# --- every form ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["findings", "cards", "overrides"])
@pytest.mark.parametrize("form", ["text", "csv", "json", "svg"])
def test_every_table_in_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, form: str) -> None:
    feedback = [
        {"outcome": "overridden", "rules": ["=rule&<b>"], "card": str(n), "outcomeTimestamp": "t"} for n in "ab"
    ]
    path = {
        "findings": written(tmp_path / "a.jsonl", assess(read_patient(SUICIDE)).to_record()),
        "cards": written(tmp_path / "p.jsonl", SUICIDE),
        "overrides": written(tmp_path / "f.jsonl", *feedback),
    }[what]
    assert main(["govern", what, path, "--format", form]) == 0
    out = capsys.readouterr().out
    if form == "json":
        assert json.loads(out)["schema"] == "mgdecide/governance/1"
    elif form == "csv":
        rows = list(csv.DictReader(out.splitlines()))
        assert all(0 <= float(row["per_hundred"]) <= 100 for row in rows)
        assert all(row["rule"][0] not in "=+-@" for row in rows)
    elif form == "svg":
        assert out.startswith("<svg ")
        assert "<b>" not in out
    else:
        assert all(len(line) <= 76 for line in out.splitlines())
    assert out


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["findings", "missing.jsonl"], "MGD-L104"),
        (["cards", "empty.jsonl"], "MGD-L132"),
        (["overrides", "empty.jsonl"], "MGD-L132"),
        (["overrides", "cards.jsonl"], "MGD-L130"),
        (["cards", "--shown", "nonsense.jsonl"], "MGD-L130"),
        (["findings", "empty.jsonl", "--format", "xml"], "MGD-L102"),
        (["nothing"], "MGD-L102"),
    ],
)
def test_what_cannot_be_counted_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: list[str], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.jsonl").write_text("\n")
    Path("nonsense.jsonl").write_text("nonsense\n")
    written(Path("cards.jsonl"), {"cards": []})
    assert main(["govern", *args]) == 2
    told = capsys.readouterr()
    assert code in told.err
    assert not told.out
