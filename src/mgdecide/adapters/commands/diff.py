"""``mgdecide diff OLD.jsonl NEW.jsonl``: what changed between two sets of answers, and the rules behind it.

Each line is one assessment, as ``mgdecide assess --format json`` prints it on one line. Assessments are paired by
patient; where a patient stands several times, the first with the first, the second with the second.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mgdecide.adapters.commands.command_line import word, write_output


def add_arguments(parser: ArgumentParser) -> None:
    """Two files."""
    parser.add_argument("old", metavar="OLD.jsonl", help="assessments, one JSON object on each line")
    parser.add_argument("new", metavar="NEW.jsonl", help="the same patients, judged again")
    parser.add_argument("--format", type=word("--format", ("text", "json")), default="text", metavar="text|json")


def run(args: Namespace) -> int:
    """Print the change matrix; 0.

    Raises:
        InvalidInput: a file that cannot be read, or every line that is no assessment (MGD-L120 to L122).
    """
    import json

    from mgdecide.adapters.governance.verdict_diff import compare, diff_text
    from mgdecide.adapters.governance.verdict_lines import read_verdicts

    found = compare(read_verdicts(args.old), read_verdicts(args.new))
    write_output(
        json.dumps(found.to_record(), ensure_ascii=False, indent=2) if args.format == "json" else diff_text(found)
    )
    return 0
