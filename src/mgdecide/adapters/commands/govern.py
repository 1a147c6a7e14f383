"""``mgdecide govern WHAT FILE...``: how often rules speak, how often they are overruled, what a new edition changes.

WHAT is ``findings``, ``cards``, ``overrides`` or ``changes``; each is one table, as text, CSV, JSON or a picture (SVG).
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from datetime import datetime
from typing import TYPE_CHECKING

from mgdecide.adapters.commands.command_line import Parser, day, word, write_output

if TYPE_CHECKING:
    from mgdecide.adapters.governance.tables import RateTable

FORMATS = ("text", "csv", "json", "svg")


def add_arguments(parser: ArgumentParser) -> None:
    """What is asked, and of which files."""
    asked = parser.add_subparsers(dest="what", required=True, metavar="WHAT", parser_class=Parser)

    findings = asked.add_parser("findings", help="findings per hundred patients, by rule", allow_abbrev=False)
    findings.add_argument("file", metavar="FILE", help="verdicts of mgdecide cohort (Parquet) or of mgdecide batch")

    cards = asked.add_parser("cards", help="cards per hundred patients, by rule", allow_abbrev=False)
    cards.add_argument("file", metavar="FILE", help="a patient record or FHIR R4 Bundle on each line")
    cards.add_argument("--shown", action="store_true", help="FILE is the cards.jsonl of a service in its place")
    cards.add_argument("--shadow", action="store_true", help="of that file, what was recorded in shadow mode")
    cards.add_argument("--on", type=day, metavar="DATE", help="the day of assessment")
    cards.add_argument("--site", metavar="SITE.toml", help="a site's limits, locale and crisis line")

    overrides = asked.add_parser("overrides", help="override rates, by rule", allow_abbrev=False)
    overrides.add_argument("file", metavar="FEEDBACK", help="the feedback.jsonl of a service")
    overrides.add_argument("--cards", metavar="FILE", help="its cards.jsonl: how often each rule was shown")

    changes = asked.add_parser("changes", help="verdicts of two runs compared", allow_abbrev=False)
    changes.add_argument("old", metavar="OLD", help="verdicts of mgdecide cohort (Parquet) or of mgdecide batch")
    changes.add_argument("new", metavar="NEW", help="the same patients, judged again")
    changes.add_argument("--key", default="patient", metavar="COLUMN", help="names each row of Parquet")
    changes.add_argument("--of", default="gate", metavar="VERDICT", help="the picture: gate, status or a study's id")
    for each in (findings, cards, overrides, changes):
        each.add_argument("--format", type=word("--format", FORMATS), default="text", metavar="|".join(FORMATS))


def run(args: Namespace) -> int:
    """Print the table; 0.

    Raises:
        InvalidInput: a file that cannot be read or is not what was asked for; see ``mgdecide.adapters.governance``.
    """
    write_output(_changes(args) if args.what == "changes" else _rates(args))
    return 0


def _rates(args: Namespace) -> str:
    table = _table(args)
    if args.format == "csv":
        return table.to_csv()
    if args.format == "json":
        return _json(table.to_record())
    return table.picture().svg if args.format == "svg" else table.to_text()


def _table(args: Namespace) -> RateTable:
    if args.what == "findings":
        from mgdecide.adapters.governance.findings import finding_rates

        return finding_rates(args.file)
    if args.what == "overrides":
        from mgdecide.adapters.governance.overrides import override_rates

        return override_rates(args.file, args.cards)
    from mgdecide.adapters.commands.assess import site_knowledge
    from mgdecide.adapters.governance.cards import card_rates, shown_rates

    if args.shown or args.shadow:
        return shown_rates(args.file, shadow=args.shadow)
    today = datetime.now().astimezone().date()
    return card_rates(args.file, on=args.on, today=today, knowledge=site_knowledge(args.site))


def _changes(args: Namespace) -> str:
    from mgdecide.adapters.governance.changes import changes, changes_csv, changes_picture
    from mgdecide.adapters.governance.verdict_diff import diff_text

    found = changes(args.old, args.new, args.key)
    if args.format == "csv":
        return changes_csv(found)
    if args.format == "json":
        return _json(found.to_record())
    return changes_picture(found, args.of).svg if args.format == "svg" else diff_text(found)


def _json(record: object) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2)
