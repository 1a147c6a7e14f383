"""Time and memory of ``mgdecide cohort`` by number of rows, each size in a process of its own.

    python -m benchmarks.cohort_curve [ROWS ...] [--engine NAME] [--svg FILE] [--folder DIR]

The whole command is measured: looking at the files, judging, writing, and the summary, which reads the output again.
Memory is the process tree's own (``RssAnon``), looked at ten times a second; pages of the files that the system keeps
at hand are not counted. More than a million rows are so many copies of a file of a million, which is a folder for the
command; 30 million take 3 GB of disk with what is written. Linux only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from attrs import frozen

from benchmarks.cohort import write_facts
from mgdecide.adapters.pictures.canvas import DARK, INK, MUTED, SMALL, Axis, Canvas, draw_axis

SIZES = (100_000, 1_000_000, 10_000_000, 30_000_000)
A_FILE = 1_000_000


@frozen
class Point:
    """One size: seconds of the clock and of the CPU, the most memory in MB, GB of the input and the output."""

    rows: int
    clock: float
    cpu: float
    memory: float
    read: float
    written: float

    def __str__(self) -> str:
        return (
            f"  {self.rows:>12,} rows  {self.clock:>8.1f} s  CPU {self.cpu:>8.1f} s"
            f"  {self.cpu / self.rows * 1e6:>6.2f} us CPU a row  {self.rows / self.clock:>9,.0f} rows/s"
            f"  peak {self.memory:>6.0f} MB  in {self.read:.2f} GB  out {self.written:.2f} GB"
        )


def written(folder: Path, rows: int) -> Path:
    """A folder of facts with so many rows."""
    facts = folder / "facts"
    shutil.rmtree(facts, ignore_errors=True)
    facts.mkdir()
    first = facts / "0000.parquet"
    write_facts(first, min(rows, A_FILE))
    for number in range(1, rows // A_FILE):
        shutil.copyfile(first, facts / f"{number:04}.parquet")
    return facts


def measured(facts: Path, rows: int, engine: str) -> Point:
    """One run of the command over ``facts``."""
    out = facts.with_name("out.parquet")
    command = [sys.executable, "-m", "mgdecide.adapters.cli", "cohort", str(facts), str(out)]
    before, began = _cpu(), time.perf_counter()
    options = ["--engine", engine, "--format", "json"]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    most = 0.0
    while process.poll() is None:
        most = max(most, sum(map(_memory, _tree(process.pid))))
        time.sleep(0.1)
    clock, cpu = time.perf_counter() - began, _cpu() - before
    assert process.stdout is not None
    told = json.load(process.stdout)
    assert (process.returncode, told["rows"]) == (0, rows)
    read = sum(path.stat().st_size for path in facts.iterdir()) / 1e9
    point = Point(rows, clock, cpu, most, read, out.stat().st_size / 1e9)
    out.unlink()
    return point


def _cpu() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:  # it has just ended
        return
    for child in children:
        yield from _tree(child)


def _memory(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return int(text.partition("RssAnon:")[2].split()[0]) / 1024 if "RssAnon:" in text else 0.0


# --- the picture --------------------------------------------------------------------------------------------------


def drawn(curves: Mapping[str, Sequence[Point]]) -> str:
    """Seconds and memory over rows, one line an engine, as SVG."""
    title = "mgdecide cohort: time and memory by number of rows"
    note = (
        "The whole command, Parquet to Parquet: processor seconds on two cores together, memory of the process itself."
    )
    canvas = Canvas(840)
    top = canvas.heading(title, note)
    points = [point for curve in curves.values() for point in curve]
    across = Axis(0, max(point.rows for point in points) / 1e6, 90, 700)
    for label, value in (("seconds of the processor", _seconds), ("GB of memory", _gigabytes)):
        up = Axis(0, 1.1 * max(map(value, points)), top + 210, top + 26)
        canvas.text(16, top + 14, label, SMALL, fill=MUTED)
        for tick in up.ticks(5):
            canvas.line(across.left, up.at(tick), across.right, up.at(tick), "#d0d0d0")
            canvas.text(across.left - 10, up.at(tick) + 4, f"{tick:,g}", SMALL, anchor="end")
        for number, (engine, curve) in enumerate(curves.items()):
            colour = (DARK, "#8a4b0b", INK)[number % 3]
            at = [(across.at(point.rows / 1e6), up.at(value(point))) for point in curve]
            canvas.shape(at, stroke=colour, thick=2, closed=False)
            for x, y in at:
                canvas.circle(x, y, 4, colour, colour)
            canvas.text(at[-1][0] + 12, at[-1][1] + 4, f"{engine}: {value(curve[-1]):,.3g}", SMALL)
        top += 200 + draw_axis(canvas, across, top + 210, "million rows") + 16
    words = "; ".join(f"{engine}, {point}" for engine, curve in curves.items() for point in curve)
    return canvas.finish(top + 8, title, " ".join(words.split()))


def _seconds(point: Point) -> float:
    return point.cpu


def _gigabytes(point: Point) -> float:
    return point.memory / 1024


def main() -> None:
    """See the top of this file."""
    parser = ArgumentParser(description="time and memory of mgdecide cohort by number of rows")
    parser.add_argument("rows", nargs="*", type=int, default=SIZES)
    parser.add_argument("--engine", nargs="+", default=["polars"], choices=["polars", "duckdb", "spark"])
    parser.add_argument("--svg", type=Path, help="a picture to write")
    parser.add_argument("--folder", type=Path, help="where the files stand meanwhile (default: the system's)")
    args = parser.parse_args()
    curves: dict[str, list[Point]] = {engine: [] for engine in args.engine}
    with tempfile.TemporaryDirectory(prefix="mgdecide-bench-", dir=args.folder) as name:
        for rows in args.rows:
            facts = written(Path(name), rows)
            for engine in args.engine:
                load = os.getloadavg()[0]
                curves[engine].append(measured(facts, rows, engine))
                print(f"{engine:<8}{curves[engine][-1]}  load {load:.1f}", flush=True)
                if args.svg:  # after each, so that a run that is ended half way leaves what it found
                    args.svg.write_text(drawn({name: curve for name, curve in curves.items() if curve}), "utf-8")


if __name__ == "__main__":
    main()
