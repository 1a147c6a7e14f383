"""``mgdecide cohort`` beset by faults: one clear error or one reported row, never a half that passes for a whole."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mgdecide.adapters.cohort_files import engines
from mgdecide.adapters.cohort_files.paths import Table, find_source
from mgdecide.testing.cohort_agreement import disagreements
from mgdecide.testing.cohort_oracle import expected_verdicts
from tests.adapters.fhir.test_bulk import charts, export
from tests.cohort.frames import generated, table, usual
from tests.cohort.test_command import COMMAND, COUNT, SEED, Outcome, Run, beside, facts, many, rows, run

__all__ = ["facts", "many", "run"]
ENGINES = ["polars", "duckdb"]
SPARK = pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow])


def called(*arguments: object, limit: int | None = None) -> Outcome:
    """In a process of its own, whose files may have ``limit`` bytes."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=300, preexec_fn=limited, check=False
    )
    assert "Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


# --- what stands in the file --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("egfr", "egfr"), ("EGFR", "egfr"), ("ward", "ward"), ("x", "X")])
def test_columns_of_one_name_are_an_error(run: Run, facts: Path, first: str, second: str) -> None:
    """Before any engine is asked: DuckDB would take the first, Polars and Spark raise errors of their own."""
    whole = table([usual()]).drop_columns("egfr")
    twice = [*whole.columns, pa.array([80.0]), pa.array([20.0])]
    pq.write_table(pa.Table.from_arrays(twice, [*whole.schema.names, first, second]), facts)
    out = facts.parent.parent / "out.parquet"
    found = run(facts, out)
    assert (found.code, found.out, found.codes) == (2, "", ["MGD-C106"])
    assert repr(first) in found.err
    assert repr(second) in found.err
    assert beside(out) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_of_wrong_units_is_told_by_row(run: Run, facts: Path, tmp_path: Path, engine: str) -> None:
    whole = table(generated(COUNT, SEED))
    index = whole.schema.get_field_index("serum_magnesium_unit")
    pq.write_table(whole.set_column(index, "serum_magnesium_unit", pa.array(["mg"] * COUNT)), facts)
    out = tmp_path / "out.parquet"
    record = json.loads(run(facts, out, "--engine", engine, "--format", "json").out)
    known = COUNT - whole.column("serum_magnesium").null_count
    assert record["unusable"]["serum_magnesium"]["rows"] == known
    assert record["unusable"]["serum_magnesium"]["words"] == {"mg": known}
    assert {row["status"] for row in rows(out)} == {"undetermined"}
    pq.write_table(whole.set_column(index, "serum_magnesium_unit", pa.array([1.0] * COUNT)), facts)
    assert run(facts, out, "--engine", engine, "--force").codes == ["MGD-C104"]


@pytest.mark.parametrize("engine", ENGINES)
def test_keys_that_repeat_are_rows_of_their_own(run: Run, facts: Path, tmp_path: Path, engine: str) -> None:
    some = generated(COUNT, SEED)[:100]
    pq.write_table(table([{**row, "patient": "same"} for row in some]), facts)
    assert run(facts, tmp_path / "out.parquet", "--engine", engine).code == 0
    judged = [{**row, "patient": at} for at, row in enumerate(rows(tmp_path / "out.parquet"))]
    assert disagreements([{**expected_verdicts(row), "patient": at} for at, row in enumerate(some)], judged) == []


@pytest.mark.parametrize("engine", [*ENGINES, SPARK])
def test_a_path_is_a_path_and_nothing_else(run: Run, tmp_path: Path, engine: str) -> None:
    """No pattern that other files match, and no column: to DuckDB ``sex=male`` would be one."""
    folder = tmp_path / "facts" / "dialysis=1"
    folder.mkdir(parents=True)
    some = generated(COUNT, SEED)[:60]
    for at, name in enumerate(("a[1]", "a1", "b*{x,y}? %20")):
        part = table(some[at * 20 : at * 20 + 20]).drop_columns("dialysis")
        pq.write_table(part, folder / f"{name}.parquet")
    found = run(tmp_path / "facts", tmp_path / "out.parquet", "--engine", engine)
    assert (found.code, found.err) == (0, "")
    want = [expected_verdicts({**row, "dialysis": None}) for row in some]
    assert disagreements(want, rows(tmp_path / "out.parquet")) == []


# --- an input that changes ----------------------------------------------------------------------------------------


def written_to(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"more")


def cut(path: Path) -> None:
    os.truncate(path, 1000)


def replaced(path: Path) -> None:
    other = path.with_name("other.parquet")
    pq.write_table(table([usual()]), other)
    other.replace(path)


CHANGES = [
    ("polars", change, before) for change in (written_to, cut, replaced, Path.unlink) for before in (True, False)
]


@pytest.mark.parametrize(
    ("engine", "change", "before"),
    [
        *CHANGES,
        ("duckdb", cut, True),
        ("duckdb", replaced, False),
        pytest.param("spark", cut, True, marks=[pytest.mark.spark, pytest.mark.slow]),
        pytest.param("spark", replaced, False, marks=[pytest.mark.spark, pytest.mark.slow]),
    ],
)
def test_an_input_that_changes_meanwhile(
    run: Run,
    facts: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    change: Callable[[Path], None],
    before: bool,
) -> None:
    """Once its columns were looked at, and once it was read."""
    judged = engines.ENGINES[engine]

    def meanwhile(run: engines.Run) -> None:
        if before:
            change(facts)
        judged(run)
        if not before:
            change(facts)

    monkeypatch.setattr(engines, "ENGINES", {engine: meanwhile})
    found = run(facts, tmp_path / "out.parquet", "--engine", engine)
    assert (found.code, found.out, found.codes) == (2, "", ["MGD-C209"])
    assert beside(tmp_path / "out.parquet") == []


def test_an_export_that_changes_meanwhile(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "facts"
    folder.mkdir()
    export(folder, charts(2))

    def meanwhile(run: engines.Run) -> None:
        written_to(folder / "Condition.000.ndjson")
        engines.run_polars(run)

    monkeypatch.setattr(engines, "ENGINES", {"polars": meanwhile})
    found = run(folder, tmp_path / "out.parquet")
    assert (found.code, found.codes) == (2, ["MGD-C209"])
    assert "Condition.000.ndjson" in found.err
    assert beside(tmp_path / "out.parquet") == []


# --- no room, no right --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("engine", "limit"), [("polars", 100), ("polars", 20_000), ("duckdb", 20_000)])
def test_a_full_disk(facts: Path, tmp_path: Path, engine: str, limit: int) -> None:
    found = called(facts, tmp_path / "out.parquet", "--engine", engine, limit=limit)
    assert (found.code, found.out, found.codes) == (2, "", ["MGD-C206"])
    assert beside(tmp_path / "out.parquet") == []


def test_a_full_disk_while_an_export_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    folder.mkdir()
    export(folder, charts(5))
    found = called(folder, tmp_path / "out.parquet", limit=5_000)
    assert (found.code, found.out, found.codes) == (2, "", ["MGD-C206"])
    assert beside(tmp_path / "out.parquet") == []


def test_what_stopped_an_engine(facts: Path, tmp_path: Path) -> None:
    given = engines.Run(Table((facts,), COUNT), tmp_path / "x.partial" / "out.parquet", "patient", None, "duckdb")
    given.out.parent.mkdir()
    (stopped,) = engines._failure(given, RuntimeError("out of memory\nand more"))
    assert (stopped.code, stopped.path, stopped.given) == ("MGD-C210", "duckdb", "out of memory")
    (full,) = engines._failure(given, RuntimeError("No space left on device"))
    assert (full.code, full.path) == ("MGD-C206", str(tmp_path))
    content = bytearray(facts.read_bytes())
    content[4 : len(content) // 2] = bytes(len(content) // 2 - 4)
    facts.write_bytes(bytes(content))
    (spoiled,) = engines._failure(given, RuntimeError("out of memory"))
    assert (spoiled.code, spoiled.path) == ("MGD-C203", str(facts))


AS_ANOTHER = """
import os, sys
import mgdecide.adapters.commands.govern, mgdecide.adapters.governance.findings
from mgdecide.adapters.cli import main
facts, export, out, *closed, commands = sys.argv[1:]
main(["cohort", facts, out + ".1"])     # what is imported late is imported now, while everything may be read
main(["cohort", export, out + ".2"])
for path in closed:
    os.chmod(path, 0)
if os.geteuid() == 0:
    os.seteuid(65534)
codes = [main(command.split()) for command in commands.split(";")]
sys.exit(codes != [2] * len(codes))
"""


@pytest.fixture
def everybodys(facts: Path) -> Iterator[Path]:
    """A folder that any user may come to, with facts and an export; pytest's own are closed to others."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        (Path(folder) / "export" / "more").mkdir(parents=True)
        export(Path(folder) / "export", charts(2))
        shutil.copy(facts, Path(folder) / "in.parquet")
        yield Path(folder)


def as_another(folder: Path, closed: list[str], *commands: str) -> list[str]:
    """The codes a user is told to whom some places are closed."""
    arguments = [folder / "in.parquet", folder / "export", folder / "out.parquet", *(folder / name for name in closed)]
    said = ";".join(commands).replace("@", f"{folder}/")
    script = [sys.executable, "-c", AS_ANOTHER, *map(str, arguments), said]
    done = subprocess.run(script, capture_output=True, text=True, timeout=300, check=False)
    for name in closed:
        (folder / name).chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.glob("out.parquet*")} == {"out.parquet.1", "out.parquet.2"}
    return [line.split("]")[0].removeprefix("[") for line in done.stderr.splitlines()]


def test_files_that_may_not_be_read(everybodys: Path) -> None:
    closed = ["in.parquet", "export/Condition.000.ndjson"]
    judged = ["cohort @in.parquet @out.parquet", "cohort @export @out.parquet"]
    assert as_another(everybodys, closed, *judged) == ["MGD-C203", "MGD-F144"]


def test_a_folder_that_may_not_be_looked_into_is_not_left_out(everybodys: Path) -> None:
    """Its files would be missing from the answer, and nobody would know."""
    judged = ["cohort @export @out.parquet", "cohort @export/more/in.parquet @out.parquet"]
    written = ["cohort @in.parquet @export/more/out.parquet", "govern findings @export"]
    told = as_another(everybodys, ["export/more"], *judged, *written)
    assert told == ["MGD-C201", "MGD-C201", "MGD-C206", "MGD-C201"]


def test_links_that_lead_in_a_circle(run: Run, facts: Path, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "one")
    assert run(tmp_path / "one", tmp_path / "out.parquet").codes == ["MGD-C201"]
    assert run(facts, tmp_path / "one", "--force").codes == ["MGD-C206"]


def test_an_output_that_is_no_file_is_left_alone(run: Run, facts: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert run(facts, tmp_path / "pipe", "--force").codes == ["MGD-L105"]
    assert (tmp_path / "pipe").is_fifo()


# --- runs that are ended, and runs side by side -------------------------------------------------------------------


@pytest.mark.parametrize("engine", [*ENGINES, SPARK])
def test_a_run_that_is_killed_leaves_nothing_that_passes_for_an_output(many: Path, tmp_path: Path, engine: str) -> None:
    out = tmp_path / "out.parquet"
    with subprocess.Popen([*COMMAND, str(many), str(out), "--engine", engine]) as process:
        _wait_for(lambda: list(tmp_path.glob(".out.parquet.*.partial/out*")))
        children = list(_children(process.pid))
        process.kill()
    (left,) = beside(out)
    assert re.fullmatch(r"\.out\.parquet\..+\.partial", left)
    for half in (tmp_path / left).rglob("*.parquet"):
        with pytest.raises(pa.ArrowInvalid):
            pq.ParquetFile(half)
    _wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    assert find_source(str(tmp_path)).files == (many,)  # nor is the half read, where a folder is given


def test_of_two_runs_to_one_output_one_writes_it(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    command = [*COMMAND, str(facts), str(out)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=300)[1] for process in runs]
    assert sorted(process.returncode for process in runs) == [0, 2], told
    assert "[MGD-L123]" in "".join(told)
    assert pq.read_table(out, columns=["gate"]).num_rows == COUNT
    assert beside(out) == ["out.parquet"]


@pytest.fixture
def large_export(tmp_path: Path) -> Path:
    """Enough text that it is read by two processes, for some seconds."""
    small, large = tmp_path / "small", tmp_path / "facts"
    small.mkdir()
    large.mkdir()
    export(small, charts(10))
    for path in small.glob("*.ndjson"):
        text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
        with (large / path.name).open("w", encoding="utf-8") as stream:
            for copy in range(400):
                stream.write(re.sub(r'(Patient/|"Patient", "id": ")', rf"\g<1>{copy}-", text))
    for path in (*small.iterdir(), small):
        path.unlink() if path.is_file() else path.rmdir()
    return large


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks at processes as Linux shows them")
@pytest.mark.parametrize(("ending", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_processes_that_read_an_export_end_with_the_run(
    large_export: Path, tmp_path: Path, ending: signal.Signals, code: int
) -> None:
    """Ctrl-C in a terminal reaches all of them; the others only the first."""
    out = tmp_path / "out.parquet"
    with subprocess.Popen(
        [*COMMAND, str(large_export), str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        _wait_for(lambda: len(list(_children(process.pid))) >= 2 or process.poll() is not None)
        time.sleep(0.5)
        children = list(_children(process.pid))
        assert children
        (os.killpg if ending is signal.SIGINT else os.kill)(process.pid, ending)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"Traceback" not in err
    _wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    if ending is not signal.SIGKILL:
        assert err == b""
        assert beside(out) == []
    else:
        assert all(name.endswith(".partial") for name in beside(out))


def _wait_for(what: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            found = [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
        for child in found:
            yield child
            yield from _children(child)
