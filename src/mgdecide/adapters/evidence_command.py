"""``mgdecide evidence list | check | sof | add``: what is held, whether its numbers hold together, what a study changes.

    list                  every body of evidence and every study
    check [STUDY ...]     the checks of printed numbers; all studies where none is named
    sof BODY ...          the Summary of Findings of bodies
    add FILE.toml         what a study file would change; nothing is written

A check that fails is a flag on the study, never an error of the caller's: the exit code stays 0.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping

from mgdecide.adapters.command_line import word, write_output
from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.errors import InvalidInput, Problem


def add_arguments(parser: ArgumentParser) -> None:
    """What to do, and with which studies, bodies or file."""
    parser.add_argument("what", type=word("WHAT", _DOERS), metavar="|".join(_DOERS), help="what to do")
    parser.add_argument("names", nargs="*", metavar="NAME", help="studies (check), bodies (sof), one file (add)")
    parser.add_argument("--all", action="store_true", help="check: also print the checks that found nothing")
    parser.add_argument("--patients", metavar="FILE.jsonl", help="add: records to judge, in place of the bundled ones")
    parser.add_argument("--format", type=word("--format", ("text", "json")), default="text", metavar="text|json")


def run(args: Namespace) -> int:
    """Print the answer; 0.

    Raises:
        InvalidInput: a name that is not known (MGD-P150, P152), arguments that do not belong to it (MGD-L101).
        InvalidKnowledge: a study file that cannot be loaded (add).
    """
    _refuse_strangers(args)
    write_output(_DOERS[args.what](args))
    return 0


def _refuse_strangers(args: Namespace) -> None:
    """An option that would have no effect is told, not passed over."""
    for option, given, owner in (("--all", args.all, "check"), ("--patients", args.patients, "add")):
        if given and args.what != owner:
            raise InvalidInput(Problem("MGD-L101", option, f"evidence {args.what}", f"an option of evidence {owner}"))
    if args.what == "list" and args.names:
        raise InvalidInput(Problem("MGD-L101", "NAME", given_words(args.names[0]), "evidence list takes no name"))


def _list(args: Namespace) -> str:
    from mgdecide.adapters.evidence_report import list_record, list_text

    return _json(list_record()) if args.format == "json" else list_text()


def _check(args: Namespace) -> str:
    from mgdecide.adapters.evidence_report import check_record, check_text
    from mgdecide.knowledge.studies import load_study, study_ids

    held = study_ids()
    unknown = [name for name in args.names if name not in held]
    if unknown:
        raise InvalidInput(
            [Problem("MGD-P152", "STUDY", given_words(name), one_of(held, name)) for name in unknown]
        )
    studies = [load_study(id) for id in dict.fromkeys(args.names or held)]
    return _json(check_record(studies)) if args.format == "json" else check_text(studies, everything=args.all)


_DOERS: Mapping[str, Callable[[Namespace], str]] = {"list": _list, "check": _check}


def _json(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)
