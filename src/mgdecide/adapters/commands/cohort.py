"""``mgdecide cohort IN OUT``: facts in Parquet, or FHIR Bulk Data, to verdicts in Parquet; whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import warnings
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from mgdecide.adapters.cohort_files.paths import (
    Form,
    Source,
    Table,
    check_parquet,
    check_target,
    find_source,
    unchanged,
)
from mgdecide.adapters.commands.command_line import day, shown_path, word, write_output
from mgdecide.cohort.columns import DEFAULT_KEY
from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from mgdecide.adapters.bulk.report import BulkReport
    from mgdecide.adapters.cohort_files.reasons import Reasons
    from mgdecide.adapters.cohort_files.summary import CohortSummary
    from mgdecide.knowledge.edition import Knowledge

_MOST_COLUMNS = 12
_LISTS = (("--problem-list", "conditions"), ("--medication-list", "medicines"))


def add_arguments(parser: ArgumentParser) -> None:
    """IN, OUT and how they are to be read and written."""
    told = "a Parquet file, a folder of them, or a folder of FHIR Bulk Data NDJSON"
    parser.add_argument("input", metavar="IN", help=told)
    parser.add_argument("output", metavar="OUT", help="the Parquet file to write; it appears whole or not at all")
    engines = ("polars", "duckdb", "spark")
    parser.add_argument(
        "--engine",
        type=word("--engine", engines),
        default="polars",
        metavar="|".join(engines),
        help="(default: polars)",
    )
    parser.add_argument("--key", default=DEFAULT_KEY, metavar="COLUMN", help="names each row (default: patient)")
    parser.add_argument("--site", metavar="FILE", help="a site's limits, locale and crisis line (TOML)")
    parser.add_argument("--force", action="store_true", help="put the new file in the place of one that is there")
    parser.add_argument("--format", type=word("--format", ("text", "json")), default="text", metavar="text|json")
    parser.add_argument("--on", type=day, metavar="DATE", help="for NDJSON: the day of assessment (default: today)")
    for option, words in _LISTS:
        meaning = f"for NDJSON: whether {words} that are not listed are absent"
        parser.add_argument(
            option, type=word(option, ("complete", "partial")), metavar="complete|partial", help=meaning
        )


@frozen
class Outcome:
    """What was done, for telling."""

    out: str
    engine: str
    summary: CohortSummary
    reasons: tuple[Reasons, ...]
    reading: BulkReport | None
    notes: tuple[str, ...]


def run(args: Namespace) -> int:
    """Judge and tell; 0.

    Raises:
        MgdecideError: every mistake in the arguments, the files and their columns; OUT is then as it was before.
    """
    from mgdecide.adapters.commands.assess import site_knowledge

    source = find_source(args.input)
    _check_options(args, source)
    target = check_target(args.output, source, force=args.force)
    knowledge = site_knowledge(args.site)
    with _ended_by_signal(), _scratch(target) as scratch:
        judged = scratch / "out.parquet"
        with unchanged(source.files):
            table, reading = _facts(args, source, scratch)
            notes = _judge(args, table, judged, knowledge)
            summary, reasons = _account(table, judged, knowledge)
        _put(judged, target, args)
    _tell(Outcome(args.output, args.engine, summary, reasons, reading, notes), args.format)
    return 0


def _check_options(args: Namespace, source: Source) -> None:
    """A day and completeness are columns of a fact table; they are asked for only where a chart is read."""
    given = {"--on": args.on, "--problem-list": args.problem_list, "--medication-list": args.medication_list}
    asked = [option for option, value in given.items() if value is not None]
    if source.form is Form.PARQUET and asked:
        accepted = "columns of the Parquet file in its place: ages of results, conditions_complete, ..."
        raise InvalidInput([Problem("MGD-C207", option, "an option for NDJSON", accepted) for option in asked])


def _facts(args: Namespace, source: Source, scratch: Path) -> tuple[Table, BulkReport | None]:
    """The Parquet files to judge; an export is first read into one."""
    if source.form is Form.PARQUET:
        return check_parquet(source.files), None
    from mgdecide.adapters.bulk.facts import facts_from_ndjson
    from mgdecide.adapters.cohort_files.progress import shown

    facts = scratch / "facts.parquet"
    try:
        with shown("reading"):
            _, report = facts_from_ndjson(
                source.path,
                on=args.on or _today(),
                conditions_complete=args.problem_list == "complete",
                medications_complete=args.medication_list == "complete",
                processes=os.cpu_count() or 1,
                out=facts,
            )
    except OSError as error:  # of writing: a file that cannot be read is told by its name
        raise _unwritable(args.output, error) from None
    return check_parquet((facts,)), report


def _today() -> date:
    return datetime.now().astimezone().date()


def _judge(args: Namespace, table: Table, out: Path, knowledge: Knowledge | None) -> tuple[str, ...]:
    """Write the verdicts; gives back what was remarked on the columns."""
    from mgdecide.adapters.cohort_files.engines import ENGINES, Run
    from mgdecide.cohort.schema import ColumnNotUsed

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ColumnNotUsed)
        ENGINES[args.engine](Run(table, out, args.key, knowledge, args.engine))
    return tuple(str(each.message) for each in caught if issubclass(each.category, ColumnNotUsed))


def _account(table: Table, judged: Path, knowledge: Knowledge | None) -> tuple[CohortSummary, tuple[Reasons, ...]]:
    from mgdecide.adapters.cohort_files.progress import shown
    from mgdecide.adapters.cohort_files.reasons import reasons_of
    from mgdecide.adapters.cohort_files.summary import summarise
    from mgdecide.knowledge.edition import default_knowledge

    with shown("counting"):
        summary = summarise(judged)
        if summary.rows != table.rows:
            raise RuntimeError("rows were lost")
        reasons = reasons_of(table.files, summary.unusable, knowledge or default_knowledge())
    return summary, reasons


def _tell(outcome: Outcome, format: str) -> None:
    from mgdecide.adapters.cohort_files.summary import summary_text

    for note in outcome.notes:
        print(f"note: {note}", file=sys.stderr)
    if format == "json":
        record = {
            "out": outcome.out,
            "engine": outcome.engine,
            **outcome.summary.to_record(),
            "unusable": {
                each.column: {"rows": outcome.summary.unusable[each.column], **each.to_record()}
                for each in outcome.reasons
            },
            "reading": None if outcome.reading is None else outcome.reading.to_record(),
            "notes": list(outcome.notes),
        }
        write_output(json.dumps(record, ensure_ascii=False, indent=2))
        return
    lines = [line for each in outcome.reasons[:_MOST_COLUMNS] for line in each.lines()]
    rest = len(outcome.reasons) - _MOST_COLUMNS
    lines += [f"{'':>14}and {rest} columns with fewer; all of them with --format json"] if rest > 0 else []
    parts = [] if outcome.reading is None else [outcome.reading.to_text(), ""]
    parts += [summary_text(outcome.summary, lines), "", f"Written: {shown_path(outcome.out)}"]
    write_output("\n".join(parts))


# --- whole or not at all ------------------------------------------------------------------------------------


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A hidden folder beside OUT, on the same disk, so that moving the finished file is one step; then it is gone."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", suffix=".partial", dir=target.parent))
    except OSError as error:
        raise _unwritable(str(target), error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(judged: Path, target: Path, args: Namespace) -> None:
    """The finished file under its name; one that appeared there in the meantime is not lost without ``--force``."""
    try:
        if args.force:
            os.replace(judged, target)
        else:
            os.link(judged, target)
    except FileExistsError:
        accepted = "a new name, or --force to put the new file in its place"
        raise InvalidInput(
            Problem("MGD-L123", shown_path(args.output), "a file that came in the meantime", accepted)
        ) from None
    except OSError as error:
        if args.force or os.path.lexists(target):
            raise _unwritable(args.output, error) from None
        os.replace(judged, target)  # a disk that knows no links


def _unwritable(path: str, error: OSError) -> InvalidInput:
    told = error.strerror or type(error).__name__
    return InvalidInput(Problem("MGD-C206", shown_path(path), told, "a folder with room that can be written in"))


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """A request to end (SIGTERM) tidies up as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
