"""How long a cohort takes, beside copying the same Parquet files.

    python benchmarks/cohort.py [ROWS] [--engine NAME ...]     1 million rows on each engine, beside copies

Time and memory by number of rows: benchmarks/cohort_curve.py.
Everything of one engine is taken in one run, after one another, so that the ratios hold on a machine with other work.
CPU seconds are told beside the seconds of the clock: on a busy machine compare those. Rows are generated charts of
``mgdecide.testing.cohort_rows`` (a pool of 20,000, drawn from anew), every column, a third of the cells known.
"""

from __future__ import annotations

import os
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mgdecide.adapters.bulk.columns import fact_schema
from mgdecide.cohort import judge
from mgdecide.testing.cohort_rows import cohort_rows

POOL, GROUP = 20_000, 65_536


def write_facts(path: Path, rows: int) -> None:
    """``rows`` rows drawn from a pool, with keys of their own."""
    pool = pa.Table.from_pylist(list(cohort_rows(POOL, 3, spoiled=0.0005)), fact_schema())
    random = Random(1)
    with pq.ParquetWriter(path, pool.schema, compression="zstd") as writer:
        for start in range(0, rows, GROUP):
            count = min(GROUP, rows - start)
            drawn = pool.take(pa.array([random.randrange(POOL) for _ in range(count)]))
            keys = pa.array([f"p{start + index}" for index in range(count)])
            writer.write_table(drawn.set_column(0, "patient", keys), row_group_size=GROUP)


def timed(what: str, work: Callable[[], object], cpu: Callable[[], float] = time.process_time) -> tuple[float, float]:
    """Seconds of the clock and of the CPU, told on a line."""
    clock, before = time.perf_counter(), cpu()
    work()
    found = time.perf_counter() - clock, cpu() - before
    print(f"  {what:<34} {found[0]:>8.2f} s   CPU {found[1]:>8.2f} s", flush=True)
    return found


def told(what: str, whole: tuple[float, float], *parts: tuple[float, float]) -> None:
    """The ratio of a time to a sum of times."""
    clock, cpu = (whole[at] / sum(part[at] for part in parts) for at in (0, 1))
    print(f"  {what:<34} {clock:>8.2f}     CPU {cpu:>8.2f}", flush=True)


def bench_polars(facts: Path, out: Path) -> None:
    """Judging beside copying the input and the output."""
    import polars as pl

    def copy(source: Path) -> None:
        pl.scan_parquet(source).sink_parquet(out.with_name("copy.parquet"), compression="zstd")

    copy(facts)
    judged = timed("judge", lambda: judge(pl.scan_parquet(facts)).sink_parquet(out, compression="zstd"))
    told(
        "judge / copies of in and out",
        judged,
        timed("copy in", lambda: copy(facts)),
        timed("copy out", lambda: copy(out)),
    )


def bench_duckdb(facts: Path, out: Path) -> None:
    """Judging beside copying the input and the output."""
    import duckdb

    connection = duckdb.connect()

    def copy(source: Path) -> None:
        connection.read_parquet(str(source)).write_parquet(str(out.with_name("copy.parquet")), compression="zstd")

    copy(facts)
    judged = timed(
        "judge", lambda: judge(connection.read_parquet(str(facts))).write_parquet(str(out), compression="zstd")
    )
    told(
        "judge / copies of in and out",
        judged,
        timed("copy in", lambda: copy(facts)),
        timed("copy out", lambda: copy(out)),
    )


def bench_spark(facts: Path, out: Path) -> None:
    """Judging beside the same expressions put to Spark by hand, a ``selectExpr`` for each step, and beside copies."""
    from mgdecide.adapters.cohort_files.spark_session import spark_session

    spark = spark_session()
    cpu = _java_time(spark)

    def write(frame: Any) -> None:
        frame.write.mode("overwrite").parquet(str(out), compression="zstd")

    def copy(path: Path) -> None:
        spark.read.parquet(str(path)).write.mode("overwrite").parquet(str(out.with_name("copy")), compression="zstd")

    frame = spark.read.parquet(str(facts))
    write(judge(frame))  # Java has now compiled what both will use
    native = timed("native", lambda: write(_by_hand(frame)), cpu)
    judged = timed("judge", lambda: write(judge(frame)), cpu)
    told("native / judge (aim: 0.67)", native, judged)
    copies = timed("copy in", lambda: copy(facts), cpu), timed("copy out", lambda: copy(out), cpu)
    told("judge / copies of in and out", judged, *copies)


def _by_hand(frame: Any) -> Any:
    """The same expressions, without ``judge``'s one query."""
    from mgdecide.cohort.columns import UNUSABLE
    from mgdecide.cohort.completion import completed_facts
    from mgdecide.cohort.judging import enter
    from mgdecide.cohort.outputs import cohort_outputs
    from mgdecide.knowledge.edition import default_knowledge
    from mgdecide.logic.frame import compile_frame
    from mgdecide.rules.rulebook import rulebook

    knowledge = default_knowledge()
    entered = enter(frame, "patient", knowledge)
    program = compile_frame(
        cohort_outputs(rulebook(knowledge)),
        knowledge,
        frozenset(entered.columns),
        entered.opened.verbs,
        completed=completed_facts(knowledge),
        spare=entered.opened.spare,
    )
    for step in (*entered.steps, *program.selects(("patient",), (UNUSABLE,))):
        frame = frame.selectExpr(*[f"{expression} AS `{name}`" for name, expression in step.items()])
    return frame


def _java_time(spark: Any) -> Callable[[], float]:
    """CPU seconds of the Java process."""
    pid = spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()

    def seconds() -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    return seconds


def main() -> None:
    """See the top of this file."""
    parser = ArgumentParser(description="cohort engines beside copies of the same files")
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument(
        "--engine", nargs="+", default=["polars", "duckdb", "spark"], choices=["polars", "duckdb", "spark"]
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mgdecide-bench-") as name:
        folder = Path(name)
        write_facts(folder / "facts.parquet", args.rows)
        benches = {"polars": bench_polars, "duckdb": bench_duckdb, "spark": bench_spark}
        for engine in args.engine:
            print(f"{engine}, {args.rows:,} rows, load {os.getloadavg()[0]:.1f}", flush=True)
            benches[engine](folder / "facts.parquet", folder / f"out-{engine}.parquet")


if __name__ == "__main__":
    main()
