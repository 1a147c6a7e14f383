"""``mgdecide dose AMOUNT --salt NAME``: what a stated amount holds, in mg, mmol and mEq of magnesium and as salt."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from mgdecide.adapters.commands.command_line import word, write_output


def add_arguments(parser: ArgumentParser) -> None:
    """The amount, the salt and the basis."""
    parser.add_argument("amount", nargs="+", metavar="AMOUNT", help='one dose with its unit: "400 mg", "10 mmol"')
    parser.add_argument("--salt", required=True, metavar="NAME", help='in full: "magnesium chloride hexahydrate"')
    parser.add_argument("--basis", metavar="salt|elemental", help="what the amount is of; both readings without it")
    parser.add_argument("--format", type=word("--format", ("text", "json")), default="text", metavar="text|json")


def run(args: Namespace) -> int:
    """Print the answer; 0.

    Raises:
        DoseError: an amount, salt or basis that cannot be read (MGD-U101 to U114).
    """
    from mgdecide.adapters.report.dose import dose_record, dose_text

    amount = " ".join(args.amount)
    if args.format == "json":
        write_output(json.dumps(dose_record(amount, args.salt, args.basis), ensure_ascii=False, indent=2))
    else:
        write_output(dose_text(amount, args.salt, args.basis))
    return 0
