"""``mgdecide assess FILE``: a patient record or FHIR R4 Bundle in, a report or JSON out; the exit code is the gate."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date, datetime
from typing import TYPE_CHECKING

from mgdecide.adapters.commands.command_line import day, read_input, read_text, word, write_output

if TYPE_CHECKING:
    from mgdecide.adapters.incoming import Incoming
    from mgdecide.assessment import Assessment
    from mgdecide.domain.patient import Patient
    from mgdecide.knowledge.edition import Knowledge

EXIT_CODES = {"open": 0, "undecided": 3, "closed": 4}
FORMATS = ("text", "json", "brief", "markdown", "html", "patient", "fhir")
_LARGEST_SITE = 200_000


def add_arguments(parser: ArgumentParser) -> None:
    """FILE and how it is to be read."""
    parser.add_argument("file", metavar="FILE", help="a patient record or FHIR R4 Bundle in JSON; - for standard input")
    add_output_arguments(parser)
    words = "the day ages and staleness are judged at (default: the record's assessed_on, else today)"
    parser.add_argument("--on", type=day, metavar="DATE", help=words)
    for option, words in (("--problem-list", "conditions"), ("--medication-list", "medicines")):
        meaning = f"whether {words} that are not listed are absent"
        parser.add_argument(
            option, type=word(option, ("complete", "partial")), metavar="complete|partial", help=meaning
        )


def add_output_arguments(parser: ArgumentParser) -> None:
    """The format, and a site's own limits."""
    words = "json: the published schema; brief: the first screen; patient: plain words; fhir: an R4 Bundle"
    parser.add_argument(
        "--format", type=word("--format", FORMATS), default="text", metavar="|".join(FORMATS), help=words
    )
    parser.add_argument("--site", metavar="FILE", help="a site's limits, locale and crisis line (TOML)")


def run(args: Namespace) -> int:
    """Judge the patient and print; 0 open, 3 undecided, 4 closed.

    Raises:
        MgdecideError: every mistake in the input.
    """
    from mgdecide.adapters.incoming import read_incoming
    from mgdecide.assessment import assess

    knowledge = site_knowledge(args.site)
    read = read_incoming(
        read_input(args.file, "a patient record or FHIR R4 Bundle in JSON"),
        on=args.on,
        today=datetime.now().astimezone().date(),
        problem_list=args.problem_list,
        medication_list=args.medication_list,
    )
    assessment = assess(read.patient, knowledge=knowledge)
    write_output(shown(assessment, args.format, _told(read)))
    return EXIT_CODES[assessment.gate.state.value]


def _told(read: Incoming) -> str:
    """Which day it was judged at and why that, and for a Bundle what was used of it."""
    told = f"Judged at {read.patient.assessed_on} ({read.day_from})."
    return told if read.reading is None else f"{told}\n\n{read.reading.to_text().rstrip()}"


def site_knowledge(path: str | None) -> Knowledge | None:
    """The knowledge with a site's overlay, or None where no site is given."""
    if path is None:
        return None
    from mgdecide.knowledge.edition import default_knowledge, with_overlay
    from mgdecide.knowledge.overlay import read_overlay

    return with_overlay(default_knowledge(), read_overlay(read_text(path, "a site overlay in TOML", _LARGEST_SITE)))


def shown(assessment: Assessment, format: str, told: str) -> str:
    """The assessment in one of ``FORMATS``; the text report has below it what is told of the reading."""
    if format == "json":
        return assessment.to_json()
    if format == "fhir":
        return _as_fhir(assessment)
    from mgdecide.adapters.report import clinician as report

    match format:
        case "brief":
            return report.brief_text(assessment)
        case "markdown":
            return report.report_markdown(assessment)
        case "html":
            return report.report_html(assessment)
        case "patient":
            return report.patient_view(assessment)
        case _:
            return f"{report.report_text(assessment).rstrip()}\n\n{told}\n"


def _as_fhir(assessment: Assessment) -> str:
    import json

    from mgdecide.adapters.fhir import to_fhir

    return json.dumps(to_fhir(assessment), ensure_ascii=False, indent=2)


def read_any(content: bytes, on: date | None, today: date) -> tuple[Patient, str]:
    """The patient of a record or a Bundle, and where the day of assessment is from; see ``read_incoming``."""
    from mgdecide.adapters.incoming import read_incoming

    read = read_incoming(content, on=on, today=today)
    return read.patient, read.day_from
