"""``mgdecide schema NAME``: a published JSON Schema on standard output."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from mgdecide.adapters.commands.command_line import write_output


def add_arguments(parser: ArgumentParser) -> None:
    """Which schema."""
    parser.add_argument("name", metavar="patient|assessment|cohort")


def run(args: Namespace) -> int:
    """Print it; 0.

    Raises:
        InvalidInput: another name (MGD-L110).
    """
    from mgdecide.adapters.schema.published import schema

    write_output(json.dumps(schema(args.name), ensure_ascii=False, indent=2))
    return 0
