"""``mgdecide assess FILE``: a patient record or FHIR R4 Bundle in, a report or JSON out; the exit code is the gate."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from mgdecide.adapters.command_line import day, read_input, read_text, word, write_output
from mgdecide.adapters.suggestions import given_words
from mgdecide.errors import InvalidRecord, Problem

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
    from mgdecide.assessment import assess

    knowledge = site_knowledge(args.site)
    content = read_input(args.file, "a patient record or FHIR R4 Bundle in JSON")
    today = datetime.now().astimezone().date()
    read = read_any(content, args, today)
    assessment = assess(read.patient, knowledge=knowledge)
    write_output(shown(assessment, args.format, read.told))
    return EXIT_CODES[assessment.gate.state.value]


def site_knowledge(path: str | None) -> Knowledge | None:
    """The knowledge with a site's overlay, or None where no site is given."""
    if path is None:
        return None
    from mgdecide.knowledge.edition import default_knowledge, with_overlay
    from mgdecide.knowledge.overlay import read_overlay

    return with_overlay(default_knowledge(), read_overlay(read_text(path, "a site overlay in TOML", _LARGEST_SITE)))


@frozen
class Read:
    """A patient, and what is told of the reading: where the day is from, what of a Bundle was used."""

    patient: Patient
    told: str


def read_any(content: bytes, args: Namespace, today: date) -> Read:
    """The patient of a record or a Bundle, with the caller's words on it.

    Raises:
        InvalidRecord: every mistake of a record; a FHIR resource that is no Bundle (MGD-R108).
    """
    from mgdecide.adapters.record_json import read_json
    from mgdecide.adapters.records import read_patient

    if b'"resourceType"' in content:
        from mgdecide.adapters.fhir.text import bundle_value

        value = bundle_value(content)
        if isinstance(value, Mapping) and "resourceType" in value:
            return _read_bundle(value, args, today)
    patient = read_patient(content, on=args.on, today=today)
    if args.problem_list is not None:
        patient = evolve(patient, conditions_complete=args.problem_list == "complete")
    if args.medication_list is not None:
        patient = evolve(patient, medications_complete=args.medication_list == "complete")
    if args.on is not None:
        return Read(patient, _judged_at(patient, "given by --on"))
    record = read_json(content)
    own = isinstance(record, Mapping) and record.get("assessed_on") is not None
    why = "the record's own day" if own else "today; the record names no day"
    return Read(patient, _judged_at(patient, why))


def _judged_at(patient: Patient, why: str) -> str:
    return f"Judged at {patient.assessed_on} ({why})."


def _read_bundle(bundle: Mapping[str, object], args: Namespace, today: date) -> Read:
    """A Bundle's lists are complete only by the caller's word, and only for what the reader could tell."""
    from mgdecide.adapters.fhir import read_fhir

    if bundle["resourceType"] != "Bundle":
        given = f"a FHIR resource of type {given_words(bundle['resourceType'])}"
        raise InvalidRecord(Problem("MGD-R108", "resourceType", given, "a FHIR R4 Bundle, or a patient record"))
    patient, report = read_fhir(
        bundle,
        on=args.on or today,
        conditions_complete=args.problem_list == "complete",
        medications_complete=args.medication_list == "complete",
    )
    why = "given by --on" if args.on else "today; a Bundle names no day"
    return Read(patient, f"{_judged_at(patient, why)}\n\n{report.to_text().rstrip()}")


def shown(assessment: Assessment, format: str, told: str) -> str:
    """The report with what is told of the reading below it, or the JSON of the published schema."""
    if format == "json":
        return assessment.to_json()
    from mgdecide.adapters.report import report_text

    return f"{report_text(assessment).rstrip()}\n\n{told}\n"
