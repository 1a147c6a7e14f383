"""``mgdecide demo``: a bundled patient, judged. ``--record`` prints the record instead, to start one's own from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mgdecide.adapters.commands.assess import add_output_arguments, shown, site_knowledge
from mgdecide.adapters.commands.command_line import write_output
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.errors import InvalidInput, Problem


def add_arguments(parser: ArgumentParser) -> None:
    """Which of the bundled patients, and what of them."""
    parser.add_argument("name", nargs="?", default="demo-1", metavar="NAME", help="one of the bundled patients")
    add_output_arguments(parser)
    parser.add_argument("--record", action="store_true", help="print the patient record, unjudged")
    parser.add_argument("--list", action="store_true", help="list the bundled patients")


def run(args: Namespace) -> int:
    """Print the report; always 0.

    Raises:
        InvalidInput: no such bundled patient (MGD-L112).
    """
    if args.list:
        write_output("\n".join(example_names()))
        return 0
    if args.name not in example_names():
        raise InvalidInput(Problem("MGD-L112", "NAME", given_words(args.name), one_of(example_names(), args.name)))
    text = example_text(args.name)
    if args.record:
        write_output(text)
        return 0
    from mgdecide.adapters.record.records import read_patient
    from mgdecide.assessment import assess

    assessment = assess(read_patient(text), knowledge=site_knowledge(args.site))
    write_output(shown(assessment, args.format, "This patient is made up. Its record: mgdecide demo --record"))
    return 0
