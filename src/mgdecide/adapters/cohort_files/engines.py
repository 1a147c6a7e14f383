"""From Parquet to Parquet on each engine: scan, judge, write, never holding the whole.

Each writes one file, ``out``, in the order of the input's rows, and tells how far it is.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread

from attrs import frozen

from mgdecide.adapters.cohort_files.paths import Table, damaged
from mgdecide.adapters.cohort_files.progress import Share, shown, watched
from mgdecide.adapters.commands.command_line import shown_path
from mgdecide.cohort import judge
from mgdecide.errors import InvalidInput, Problem
from mgdecide.knowledge.edition import Knowledge


@frozen
class Run:
    """What is to be judged, by which knowledge, and where the verdicts go."""

    table: Table
    out: Path
    key: str
    knowledge: Knowledge | None
    engine: str = "polars"

    def files(self) -> list[str]:
        """The input files as engines take them."""
        return [str(path) for path in self.table.files]


def run_polars(run: Run) -> None:
    """Polars' streaming engine; its threads are ``POLARS_MAX_THREADS``."""
    _need("polars", "cohort")
    import polars as pl

    seen = 0

    def counted(frame: pl.DataFrame) -> pl.DataFrame:
        nonlocal seen
        seen += frame.height
        return frame

    try:
        judged = judge(pl.scan_parquet(run.files(), glob=False), key=run.key, knowledge=run.knowledge)
        if watched():
            judged = judged.map_batches(counted, streamable=True)
        with shown("judging", lambda: seen / max(run.table.rows, 1), run.table.rows):
            judged.sink_parquet(run.out, compression="zstd")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InvalidInput(_failure(run, error)) from None


def run_duckdb(run: Run) -> None:
    """DuckDB in this process; what does not fit into memory is laid down beside the output."""
    _need("duckdb", "duckdb")
    import duckdb

    atexit.register(_hushed)
    with duckdb.connect(config={"temp_directory": str(run.out.with_suffix(".spill"))}) as connection:
        progress = _duckdb_progress(connection)
        try:
            # By default DuckDB, and no other engine, makes a column of a folder named sex=male.
            files = [_for_duckdb(path) for path in run.files()]
            frame = connection.read_parquet(files, hive_partitioning=False)
            judged = judge(frame, key=run.key, knowledge=run.knowledge)
            with shown("judging", progress, run.table.rows):
                _interruptible(lambda: judged.write_parquet(str(run.out), compression="zstd"), connection.interrupt)
        except duckdb.Error as error:
            raise InvalidInput(_failure(run, error)) from None


def _hushed() -> None:
    """When Python ends, DuckDB tells on standard error of types that narwhals keeps; nobody needs that."""
    with suppress(OSError, ValueError):
        sys.stderr.flush()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _interruptible(work: Callable[[], object], interrupt: Callable[[], object]) -> None:
    """Do the work beside this thread, which alone hears Ctrl-C; DuckDB hears nothing while it works."""
    failed: list[BaseException] = []
    done = Event()  # waited for in place of the thread: a join that Ctrl-C meets takes the thread for ended

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()

    Thread(target=guarded, daemon=True).start()
    try:
        while not done.wait(timeout=0.1):
            pass
    except KeyboardInterrupt:
        interrupt()
        done.wait()
        failed.clear()  # its frames hold what DuckDB would miss at the end
        raise
    if failed:
        raise failed.pop()


def _duckdb_progress(connection: object) -> Share:
    asked: Callable[[], float] | None = getattr(connection, "query_progress", None)
    execute: Callable[[str], object] | None = getattr(connection, "execute", None)
    if asked is None or execute is None or not watched():
        return lambda: None
    execute("SET enable_progress_bar = true")
    execute("SET enable_progress_bar_print = false")

    def share() -> float | None:
        percent = asked()
        return None if percent < 0 else percent / 100

    return share


def run_spark(run: Run) -> None:
    """Spark on this machine; its parts are joined into one file. On a cluster call ``judge`` in a job of your own."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    from mgdecide.adapters.cohort_files.spark_session import spark_session

    with _unheard():
        session: SparkSession = spark_session()
    parts = run.out.with_suffix(".parts")
    try:
        frame = session.read.parquet(*(_for_spark(path) for path in run.table.files))
        judged = judge(frame, key=run.key, knowledge=run.knowledge)
        with _unlogged(), shown("judging", _spark_progress(session), run.table.rows):
            judged.write.parquet(f"file://{parts.resolve()}", compression="zstd")
    except PySparkException as error:
        raise InvalidInput(_failure(run, error)) from None
    join(sorted(parts.glob("part-*.parquet")), run.out)


def _for_duckdb(path: str) -> str:
    """The path of one file, and not of all that match it."""
    return re.sub(r"([[*?])", r"[\1]", path)


def _for_spark(path: Path) -> str:
    """The path of one file, and not of all that match it."""
    return "file://" + re.sub(r"([][{}*?\\])", r"\\\1", str(path.resolve()))


@contextmanager
def _unheard() -> Iterator[None]:
    """Java inherits a standard error that goes nowhere; what goes wrong comes back as an exception."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def _unlogged() -> Iterator[None]:
    """py4j logs a traceback of its own for Ctrl-C."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _spark_progress(session: object) -> Share:
    tracker = getattr(getattr(session, "sparkContext", None), "statusTracker", lambda: None)()
    if tracker is None:
        return lambda: None

    def share() -> float | None:
        stages = [tracker.getStageInfo(each) for each in tracker.getActiveStageIds()]
        counts = [(stage.numCompletedTasks, stage.numTasks) for stage in stages if stage is not None]
        tasks = sum(total for _, total in counts)
        return sum(done for done, _ in counts) / tasks if tasks else None

    return share


def join(parts: list[Path], out: Path) -> None:
    """Parquet files of one schema as one, a row group at a time."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(parts[0]) as first, pq.ParquetWriter(out, first.schema_arrow, compression="zstd") as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(group))


ENGINES: Mapping[str, Callable[[Run], None]] = {"polars": run_polars, "duckdb": run_duckdb, "spark": run_spark}


def _need(package: str, extra: str) -> None:
    if find_spec(package) is None:
        raise InvalidInput(
            Problem("MGD-C208", package, "not installed", f'install the extra: pip install "mgdecide[{extra}]"')
        )


_NO_ROOM = (
    "No space left",
    "not enough space",
    "Disk quota",
    "File too large",
    "Read-only file",
    "Could not write file",
)


def _failure(run: Run, error: Exception) -> list[Problem]:
    """What stopped an engine in the middle: no room for the output, an input damaged within, or it says itself."""
    words = " ".join(str(error).split("\n", 1)[0].split())[:160]
    place = shown_path(str(run.out.parent.parent))
    full = words if any(each in str(error) for each in _NO_ROOM) else _no_room(run.out.parent)
    if full:
        return [Problem("MGD-C206", place, full, "a place with room")]
    accepted = "every input file can be read; more memory, another place or another --engine may help"
    return damaged(run.table.files) or [Problem("MGD-C210", run.engine, words, accepted)]


def _no_room(folder: Path) -> str:
    """Why not even a little can be written, while what the engine wrote still stands there; empty where it can."""
    try:
        (folder / "room").write_bytes(bytes(1 << 20))
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
