"""``mgdecide cohort``: what it writes, what it tells, and that OUT appears whole or not at all."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import frozen

from mgdecide.adapters.cli import main
from mgdecide.adapters.cohort_files.progress import told
from mgdecide.testing.cohort_agreement import disagreements
from mgdecide.testing.cohort_oracle import expected_verdicts
from tests.adapters.fhir.test_bulk import charts, export
from tests.cohort.frames import expected, generated, table, usual

COUNT, SEED = 600, 11


@frozen
class Outcome:
    code: int
    out: str
    err: str

    @property
    def codes(self) -> list[str]:
        return [line.split("]")[0].removeprefix("[") for line in self.err.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Outcome:
        code = main(["cohort", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Facts in a folder of their own; OUT goes beside it."""
    path = tmp_path / "facts" / "in.parquet"
    path.parent.mkdir()
    pq.write_table(table(generated(COUNT, SEED)), path, row_group_size=97)
    return path


def beside(path: Path) -> list[str]:
    """What is left where OUT was written."""
    return sorted(each.name for each in path.parent.iterdir() if each.name != "facts")


def rows(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return found


# --- verdicts ---------------------------------------------------------------------------------------------------


SPARK = pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow])


@pytest.mark.parametrize("engine", ["polars", "duckdb", SPARK])
def test_parquet_to_parquet(run: Run, facts: Path, tmp_path: Path, engine: str) -> None:
    out = tmp_path / "out.parquet"
    found = run(facts, out, "--engine", engine)
    assert (found.code, found.err) == (0, "")
    assert disagreements(expected(COUNT, SEED), rows(out)) == []
    assert beside(out) == ["out.parquet"]
    if engine != "spark":
        assert [row["patient"] for row in rows(out)] == [row["patient"] for row in generated(COUNT, SEED)]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_folder_of_files_as_spark_writes_it(run: Run, tmp_path: Path, engine: str) -> None:
    folder, whole = tmp_path / "facts", table(generated(COUNT, SEED))
    folder.mkdir()
    for part in range(3):
        pq.write_table(whole.slice(part * 200, 200), folder / f"part-{part}.parquet")
    (folder / "_SUCCESS").touch()
    (folder / ".part-0.parquet.crc").write_bytes(b"crc")
    assert run(folder, tmp_path / "out.parquet", "--engine", engine).code == 0
    assert disagreements(expected(COUNT, SEED), rows(tmp_path / "out.parquet")) == []


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_no_rows(run: Run, tmp_path: Path, engine: str) -> None:
    pq.write_table(table([]), tmp_path / "in.parquet")
    found = run(tmp_path / "in.parquet", tmp_path / "out.parquet", "--engine", engine)
    assert (found.code, found.err, found.out.split("\n")[0]) == (0, "", "0 rows")
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_another_key_and_a_site_s_limits(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        'name = "North"\nversion = "1"\napprover = "Dr A. Example"\n[limits]\n'
        '"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }\n',
        encoding="utf-8",
    )
    facts, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    renamed = table([usual(egfr=40.0)]).rename_columns({"patient": "mrn"})
    pq.write_table(renamed, facts)
    assert run(facts, out, "--key", "mrn").code == 0
    assert (rows(out)[0]["mrn"], rows(out)[0]["gate"]) == ("a", "open")
    assert run(facts, out, "--key", "mrn", "--site", site, "--force").code == 0
    assert rows(out)[0]["gate"] == "closed"


def test_a_column_with_nearly_a_fact_s_name_is_noted(run: Run, tmp_path: Path) -> None:
    pq.write_table(table([usual()]).rename_columns({"egfr": "eGFR_ml"}), tmp_path / "in.parquet")
    found = run(tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert found.err.startswith("note: column 'eGFR_ml' is not used; did you mean 'egfr")
    assert json.loads(run(tmp_path / "in.parquet", tmp_path / "two.parquet", "--format", "json").out)["notes"]


# --- the account ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_summary_counts_what_was_written(run: Run, facts: Path, tmp_path: Path, engine: str) -> None:
    found = json.loads(run(facts, tmp_path / "out.parquet", "--engine", engine, "--format", "json").out)
    want = expected(COUNT, SEED)
    assert (found["rows"], found["engine"]) == (COUNT, engine)
    assert found["gate"] == Counter(row["gate"] for row in want)
    assert found["status"] == Counter(row["status"] for row in want)
    for name in want[0]:
        if name.startswith("finding."):
            counts = found["findings"][name.removeprefix("finding.")]
            true = sum(row[name] is True for row in want)
            assert (counts["true"], counts["unknown"]) == (true, sum(row[name] is None for row in want))
            assert counts["true"] + counts["false"] + counts["unknown"] == COUNT
            assert math.isclose(counts["per_hundred"], 100 * true / COUNT, abs_tol=1e-4)
        if name.startswith("fit."):
            assert found["fits"][name.removeprefix("fit.")] == Counter(row[name] for row in want if row[name])
    assert found["rows_with_unusable_cells"] == sum(row["unusable"] is not None for row in want)
    named = Counter(name for row in want for name in str(row["unusable"] or "").split(",") if name)
    assert {name: each["rows"] for name, each in found["unusable"].items()} == named
    for name, each in found["unusable"].items():  # every unusable cell has one reason
        assert sum(each["reasons"].values()) == named[name], name


def test_why_cells_could_not_be_used(run: Run, tmp_path: Path) -> None:
    cells: list[dict[str, object]] = [
        {"serum_magnesium_unit": "mmol"},
        {"serum_magnesium_unit": "mmol"},
        {"serum_magnesium_unit": None},
        {"serum_magnesium": 700.0},
        {"serum_magnesium": math.nan},
        {"serum_magnesium": None, "serum_magnesium_unit": "mmol"},
        {"sex": "F"},
        {"age_years": 200.0},
        {"egfr": math.inf},
    ]
    pq.write_table(table([usual(**each) for each in cells]), tmp_path / "in.parquet")
    out = run(tmp_path / "in.parquet", tmp_path / "out.parquet").out
    tail = [" ".join(line.split()) for line in out[out.index("Cells that could") :].splitlines()]
    for line in (
        "8 88.9 rows have one or more",
        "2 serum_magnesium: a unit that is not accepted ('mmol')",
        "1 serum_magnesium: no unit",
        "1 serum_magnesium: outside what is plausible",
        "1 serum_magnesium: NaN or infinite",
        "1 sex: a word that is not accepted ('F')",
        "accepted: female, male, other",
        "1 age_years: outside what is plausible",
        "accepted: 0 to 120",
        "1 egfr: NaN or infinite",
    ):
        assert line in tail, line


def test_the_text_tells_of_gate_status_findings_and_fits(run: Run, facts: Path, tmp_path: Path) -> None:
    out = run(facts, tmp_path / "out.parquet").out
    want = expected(COUNT, SEED)
    closed = sum(row["gate"] == "closed" for row in want)
    assert f"{closed:>12,}  {100 * closed / COUNT:>5.1f}  closed" in out
    for title in ("Gate of oral magnesium", "Status of serum magnesium", "Findings per hundred rows", "Fits, of"):
        assert title in out
    assert out.rstrip().endswith(f"Written: {tmp_path / 'out.parquet'}")


# --- Bulk Data --------------------------------------------------------------------------------------------------


def test_bulk_data_is_read_and_judged(run: Run, tmp_path: Path) -> None:
    from mgdecide.adapters.bulk.facts import facts_from_ndjson
    from tests.adapters.fhir.charts import DAY

    folder, out = tmp_path / "facts", tmp_path / "out.parquet"
    folder.mkdir()
    export(folder, charts(12))
    found = run(folder, out, "--on", DAY, "--problem-list", "complete", "--medication-list", "complete")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("Read ")
    assert "of 12 patients" in found.out.split("\n")[0]
    read, _ = facts_from_ndjson(folder, on=DAY, conditions_complete=True, medications_complete=True)
    assert disagreements(map(expected_verdicts, read.to_pylist()), rows(out)) == []
    assert beside(out) == ["out.parquet"]
    record = json.loads(run(folder, tmp_path / "two.parquet", "--format", "json").out)
    assert record["reading"]["patients"] == record["rows"] == 12


# --- mistakes ---------------------------------------------------------------------------------------------------


def truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def damaged(path: Path) -> None:
    """The footer is whole, the pages before it are not."""
    content = bytearray(path.read_bytes())
    content[4 : len(content) // 2] = bytes(len(content) // 2 - 4)
    path.write_bytes(bytes(content))


def without_key(path: Path) -> None:
    pq.write_table(table([usual()]).drop_columns("patient"), path)


def no_parquet(path: Path) -> None:
    path.write_text("patient,egfr\na,80\n", encoding="utf-8")


def not_there(path: Path) -> None:
    path.unlink()


def replaced_egfr(path: Path) -> None:
    whole = table([usual()])
    index = whole.schema.get_field_index("egfr")
    pq.write_table(whole.set_column(index, "egfr", pa.array(["80"])), path)


MISTAKES: list[tuple[Callable[[Path], None], str]] = [
    (truncated, "MGD-C203"),
    (damaged, "MGD-C203"),
    (no_parquet, "MGD-C203"),
    (not_there, "MGD-C201"),
    (replaced_egfr, "MGD-C104"),
    (without_key, "MGD-C102"),
]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(("spoil", "code"), MISTAKES, ids=[spoil.__name__ for spoil, _ in MISTAKES])
def test_a_spoiled_input(
    run: Run, facts: Path, tmp_path: Path, spoil: Callable[[Path], None], code: str, engine: str
) -> None:
    spoil(facts)
    found = run(facts, tmp_path / "out.parquet", "--engine", engine)
    assert (found.code, found.out, found.codes) == (2, "", [code])
    assert beside(tmp_path / "out.parquet") == []


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize(("spoil", "code"), MISTAKES, ids=[spoil.__name__ for spoil, _ in MISTAKES])
def test_a_spoiled_input_on_spark(
    run: Run, facts: Path, tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    test_a_spoiled_input(run, facts, tmp_path, spoil, code, "spark")


def test_files_of_different_columns(run: Run, facts: Path, tmp_path: Path) -> None:
    replaced_egfr(facts.with_name("second.parquet"))
    found = run(facts.parent, tmp_path / "out.parquet")
    assert (found.code, found.codes) == (2, ["MGD-C204"])
    assert "second.parquet" in found.err
    assert "'egfr'" in found.err


def test_a_folder_of_neither_or_both(run: Run, facts: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(empty, tmp_path / "out.parquet").codes == ["MGD-C202"]
    (facts.parent / "Patient.ndjson").write_text("{}\n", encoding="utf-8")
    assert run(facts.parent, tmp_path / "out.parquet").codes == ["MGD-C202"]
    assert run(facts.parent / "Patient.ndjson", tmp_path / "out.parquet").codes == ["MGD-C202"]


def test_out_is_not_in(run: Run, facts: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.parquet"
    link.symlink_to(facts)
    before = facts.read_bytes()
    for source, target in ((facts, facts), (facts, link), (facts.parent, facts.parent / "out.parquet")):
        assert run(source, target, "--force").codes == ["MGD-C205"]
    assert facts.read_bytes() == before


def test_an_output_that_is_there_already_is_kept(run: Run, facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    out.write_text("mine", encoding="utf-8")
    assert run(facts, out).codes == ["MGD-L123"]
    assert out.read_text(encoding="utf-8") == "mine"
    truncated(facts)
    assert run(facts, out, "--force").codes == ["MGD-C203"]
    assert out.read_text(encoding="utf-8") == "mine"
    pq.write_table(table([usual()]), facts)
    assert run(facts, out, "--force").code == 0
    assert rows(out)[0]["gate"] == "open"


def test_an_output_that_comes_in_the_meantime_is_kept(
    run: Run, facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mgdecide.adapters.cohort_files import engines as cohort_engines

    out = tmp_path / "out.parquet"

    def another(run: cohort_engines.Run) -> None:
        cohort_engines.run_polars(run)
        out.write_text("of another", encoding="utf-8")

    monkeypatch.setattr(cohort_engines, "ENGINES", {"polars": another})
    assert run(facts, out).codes == ["MGD-L123"]
    assert out.read_text(encoding="utf-8") == "of another"


def test_a_place_that_cannot_be_written(run: Run, facts: Path, tmp_path: Path) -> None:
    assert run(facts, tmp_path / "no" / "out.parquet").codes == ["MGD-C206"]
    (tmp_path / "out.parquet").mkdir()
    assert run(facts, tmp_path / "out.parquet").codes == ["MGD-L105"]


def test_options_of_bulk_data_have_no_place_beside_parquet(run: Run, facts: Path, tmp_path: Path) -> None:
    found = run(facts, tmp_path / "out.parquet", "--on", "2026-08-29", "--problem-list", "complete")
    assert found.codes == ["MGD-C207", "MGD-C207"]


def test_mistakes_as_json(run: Run, tmp_path: Path) -> None:
    found = run(tmp_path / "in.parquet", tmp_path / "out.parquet", "--format", "json")
    assert json.loads(found.err)[0]["code"] == "MGD-C201"


@pytest.mark.parametrize("package", ["polars", "duckdb"])
def test_an_engine_that_is_not_installed(
    run: Run, facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    from mgdecide.adapters.cohort_files import engines as cohort_engines

    monkeypatch.setattr(cohort_engines, "find_spec", lambda name: None)
    found = run(facts, tmp_path / "out.parquet", "--engine", package)
    assert found.codes == ["MGD-C208"]
    assert "pip install" in found.err


# --- a run that is watched, and one that is ended ---------------------------------------------------------------


def test_how_far_it_is() -> None:
    assert told("judging", 0.42, 1_000_000, 12.3) == "judging     42%  420,000 of 1,000,000 rows  12 s"
    assert told("judging", 1.7, 10, 1.0) == "judging    100%  10 of 10 rows  1 s"
    assert told("reading", None, None, 3.0) == "reading    3 s"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Enough rows that a run can be met half way."""
    path = tmp_path / "facts" / "many.parquet"
    path.parent.mkdir(exist_ok=True)
    one = table(generated(COUNT, SEED))
    with pq.ParquetWriter(path, one.schema) as writer:
        for _ in range(150):
            writer.write_table(one)
    return path


COMMAND = [sys.executable, "-m", "mgdecide.adapters.cli", "cohort"]


@pytest.mark.parametrize(
    ("engine", "ending"),
    [
        ("polars", signal.SIGINT),
        ("polars", signal.SIGTERM),
        ("duckdb", signal.SIGINT),
        pytest.param("duckdb", signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param("spark", signal.SIGINT, marks=[pytest.mark.spark, pytest.mark.slow]),
        pytest.param("spark", signal.SIGTERM, marks=[pytest.mark.spark, pytest.mark.slow]),
    ],
)
def test_a_run_that_is_ended_leaves_nothing(many: Path, tmp_path: Path, engine: str, ending: int) -> None:
    out = tmp_path / "out.parquet"
    process = subprocess.Popen(
        [*COMMAND, str(many), str(out), "--engine", engine], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 120
    while not list(tmp_path.glob(".out.parquet.*.partial/out*")) and time.monotonic() < until:
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(ending)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    assert b"MGD-" not in err
    assert beside(out) == []


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_progress_is_shown_on_a_terminal_only(many: Path, tmp_path: Path, engine: str) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, str(many), str(tmp_path / "out.parquet"), "--engine", engine],
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = bytearray()
    while chunk := _read(ours):
        shown += chunk
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert b"judging" in shown
    assert b"of 90,000 rows" in shown
    assert shown.endswith(b"\r\x1b[K")
    assert b"judging" not in out


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""


def test_the_engines_named_in_help_are_those_there_are() -> None:
    from mgdecide.adapters.cohort_files.engines import ENGINES

    assert set(ENGINES) == {"polars", "duckdb", "spark"}
