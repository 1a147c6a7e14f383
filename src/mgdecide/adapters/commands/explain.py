"""``mgdecide explain CODE``: what an error code, a rule or a fact means; no network needed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mgdecide.adapters.commands.command_line import write_output


def add_arguments(parser: ArgumentParser) -> None:
    """What to explain."""
    words = 'an error code ("MGD-R131"), a rule ("gate.kidney") or a fact ("egfr")'
    parser.add_argument("code", metavar="CODE", help=words)


def run(args: Namespace) -> int:
    """Print the explanation; 0.

    Raises:
        InvalidInput: nothing is known by that name (MGD-L113).
    """
    from mgdecide.adapters.report.explanation import explain

    write_output(explain(args.code))
    return 0
