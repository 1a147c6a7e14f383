"""``mgdecide assess FILE``: a patient record or FHIR R4 Bundle in, a report or JSON out; the exit code is the gate."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from attrs import evolve

from mgdecide.adapters.command_line import day, read_input, read_text, word, write_output

if TYPE_CHECKING:
    from mgdecide.assessment import Assessment
    from mgdecide.domain.patient import Patient
    from mgdecide.knowledge.edition import Knowledge

EXIT_CODES = {"open": 0, "undecided": 3, "closed": 4}
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
    parser.add_argument("--format", type=word("--format", ("text", "json")), default="text", metavar="text|json")
    parser.add_argument("--site", metavar="FILE", help="a site's limits, locale and crisis line (TOML)")


def run(args: Namespace) -> int:
    """Judge the patient and print; 0 open, 3 undecided, 4 closed.

    Raises:
        MgdecideError: every mistake in the input.
    """
    from mgdecide.adapters.record_json import LARGEST
    from mgdecide.assessment import assess

    knowledge = site_knowledge(args.site)
    content = read_input(args.file, "a patient record or FHIR R4 Bundle in JSON", LARGEST)
    today = datetime.now().astimezone().date()
    patient, from_where = read_any(content, args.on, today)
    patient = with_lists(patient, args.problem_list, args.medication_list)
    assessment = assess(patient, knowledge=knowledge)
    write_output(shown(assessment, args.format, from_where))
    return EXIT_CODES[assessment.gate.state.value]


def site_knowledge(path: str | None) -> Knowledge | None:
    """The knowledge with a site's overlay, or None where no site is given."""
    if path is None:
        return None
    from mgdecide.knowledge.edition import default_knowledge, with_overlay
    from mgdecide.knowledge.overlay import read_overlay

    return with_overlay(default_knowledge(), read_overlay(read_text(path, "a site overlay in TOML", _LARGEST_SITE)))


def read_any(content: bytes, on: date | None, today: date) -> tuple[Patient, str]:
    """The patient of a record or a Bundle, and where the day of assessment is from.

    Raises:
        InvalidRecord: every mistake of a record; a FHIR resource that is no Bundle (MGD-R108).
    """
    from mgdecide.adapters.record_json import read_json
    from mgdecide.adapters.records import read_patient
    from mgdecide.errors import InvalidRecord, Problem

    value = read_json(content)
    if isinstance(value, Mapping) and "resourceType" in value:
        if value["resourceType"] != "Bundle":
            given = f"a FHIR resource of type {str(value['resourceType'])[:60]!r}"
            raise InvalidRecord(Problem("MGD-R108", "resourceType", given, "a FHIR R4 Bundle, or a patient record"))
        return _read_bundle(value, on, today)
    patient = read_patient(content, on=on, today=today)
    own = isinstance(value, Mapping) and value.get("assessed_on") is not None
    return patient, "given by --on" if on else "the record's own day" if own else "today; the record names no day"


def _read_bundle(bundle: Mapping[str, object], on: date | None, today: date) -> tuple[Patient, str]:
    from mgdecide.adapters.fhir import read_fhir

    patient, _ = read_fhir(bundle, on=on or today)
    return patient, "given by --on" if on else "today; a Bundle names no day"


def with_lists(patient: Patient, problems: str | None, medicines: str | None) -> Patient:
    """The patient with the caller's word on whether a list is complete."""
    if problems is not None:
        patient = evolve(patient, conditions_complete=problems == "complete")
    if medicines is not None:
        patient = evolve(patient, medications_complete=medicines == "complete")
    return patient


def shown(assessment: Assessment, format: str, from_where: str) -> str:
    """The report with the day of assessment and where it is from, or the JSON of the published schema."""
    if format == "json":
        return assessment.to_json()
    from mgdecide.adapters.report import report_text

    return f"{report_text(assessment).rstrip()}\n\nJudged at {assessment.patient.assessed_on} ({from_where}).\n"
