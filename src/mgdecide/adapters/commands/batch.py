"""``mgdecide batch IN.jsonl OUT.jsonl``: a record or a FHIR Bundle on each line in, an assessment on each line out.

A line that cannot be read becomes one JSON object with its mistakes; the others go on. One line is held at a time.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from mgdecide.adapters.commands.assess import site_knowledge
from mgdecide.adapters.commands.command_line import BAD_INPUT, day, read_lines, shown_path, write_output
from mgdecide.adapters.governance.verdict_lines import ERROR_SCHEMA, NOT_READ
from mgdecide.adapters.suggestions import safe_text
from mgdecide.errors import InvalidInput, InvalidRecord, Problem

if TYPE_CHECKING:
    from mgdecide.knowledge.edition import Knowledge

_GATES = ("open", "undecided", "closed")


def add_arguments(parser: ArgumentParser) -> None:
    """Two files, a site's limits, the day."""
    parser.add_argument("file", metavar="IN.jsonl", help="a patient record or FHIR R4 Bundle on each line")
    parser.add_argument("out", metavar="OUT.jsonl", help="where the assessments go, one on each line; must not exist")
    parser.add_argument("--site", metavar="FILE", help="a site's limits, locale and crisis line (TOML)")
    words = "the day ages and staleness are judged at (default: each record's assessed_on, else today)"
    parser.add_argument("--on", type=day, metavar="DATE", help=words)


def run(args: Namespace) -> int:
    """Judge every line; 0, or 2 where a line could not be read. OUT appears whole or not at all.

    Raises:
        InvalidInput: IN cannot be read (MGD-L104 to L106), OUT exists (MGD-L123) or cannot be written (MGD-L109).
    """
    knowledge, today = site_knowledge(args.site), datetime.now().astimezone().date()
    if os.path.lexists(args.out):
        raise InvalidInput(Problem("MGD-L123", shown_path(args.out), "a file that is there already", "a new name"))
    partial = f"{args.out}.partial-{os.getpid()}"
    counts: Counter[str] = Counter()
    try:
        with open(partial, "x", encoding="utf-8") as file:
            for verdict, line in judged_lines(args.file, knowledge, args.on, today):
                counts[verdict] += 1
                file.write(line + "\n")
        os.replace(partial, args.out)
    except OSError as error:
        given = f"an output that cannot be written ({error.strerror})"
        raise InvalidInput(Problem("MGD-L109", shown_path(args.out), given, "a path with room")) from None
    finally:
        with suppress(OSError):
            os.unlink(partial)
    write_output(_summary(counts))
    if counts[NOT_READ]:
        sys.stderr.write(
            f'{counts[NOT_READ]} of the lines could not be read; in OUT they have "schema": "{ERROR_SCHEMA}"\n'
        )
    return BAD_INPUT if counts[NOT_READ] else 0


def judged_lines(path: str, knowledge: Knowledge | None, on: date | None, today: date) -> Iterator[tuple[str, str]]:
    """For each line the gate, or ``not read``, and the JSON that stands for it."""
    from mgdecide.adapters.incoming import read_incoming
    from mgdecide.assessment import assess

    for number, line in read_lines(path, "a file with a patient record or FHIR R4 Bundle on each line"):
        try:
            patient = read_incoming(line, on=on, today=today).patient
        except InvalidRecord as error:
            problems = [problem.to_record() for problem in error.problems]
            who = {"schema": ERROR_SCHEMA, "patient": _id(line), "line": number}
            yield NOT_READ, _json({**who, "problems": problems})
        else:
            assessment = assess(patient, knowledge=knowledge)
            yield assessment.gate.state.value, _json(assessment.to_record())


def _id(line: bytes) -> str:
    """The patient's identifier where the line has one, so that two runs can be compared."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    found = record.get("id") if isinstance(record, dict) else None
    return safe_text(found) if isinstance(found, str) else ""


def _summary(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    told = "  ".join(f"{name} {counts.get(name, 0):,}" for name in _GATES)
    return f"{total:,} {'line' if total == 1 else 'lines'}    {told}  not read {counts.get(NOT_READ, 0):,}"


def _json(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False)
