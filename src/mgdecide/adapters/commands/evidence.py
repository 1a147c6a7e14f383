"""``mgdecide evidence list | check | add``: what is held, whether its numbers hold together, what a study changes.

    list                  every body of evidence and every study
    check [STUDY ...]     the checks of printed numbers; all studies where none is named
    add FILE.toml         what a study file would change; nothing is written

A check that fails is a flag on the study, never an error of the caller's: the exit code stays 0.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from attrs import evolve

from mgdecide.adapters.commands.command_line import read_lines, read_text, word, write_output
from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.errors import InvalidInput, InvalidRecord, Problem

if TYPE_CHECKING:
    from mgdecide.domain.patient import Patient
    from mgdecide.knowledge.study_types import Study

_LARGEST_STUDY = 1_000_000
_MOST_MISTAKES = 100


def add_arguments(parser: ArgumentParser) -> None:
    """What to do, and with which studies, bodies or file."""
    parser.add_argument("what", type=word("WHAT", _DOERS), metavar="WHAT", help=" or ".join(_DOERS))
    parser.add_argument("names", nargs="*", metavar="NAME", help="studies (check), one file (add)")
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
        raise InvalidInput(Problem("MGD-L101", "NAME", given_words(args.names[0]), "no name after evidence list"))


def _list(args: Namespace) -> str:
    from mgdecide.adapters.evidence.holdings_report import list_record, list_text

    return _json(list_record()) if args.format == "json" else list_text()


def _check(args: Namespace) -> str:
    from mgdecide.adapters.evidence.holdings_report import check_record, check_text
    from mgdecide.knowledge.studies import load_study, study_ids

    held = study_ids()
    unknown = [name for name in args.names if name not in held]
    if unknown:
        raise InvalidInput([Problem("MGD-P152", "STUDY", given_words(name), one_of(held, name)) for name in unknown])
    studies = [load_study(id) for id in dict.fromkeys(args.names or held)]
    return _json(check_record(studies)) if args.format == "json" else check_text(studies, everything=args.all)


def _add(args: Namespace) -> str:
    from mgdecide.adapters.evidence.addition_report import addition_record, addition_text
    from mgdecide.adapters.evidence.study_addition import addition
    from mgdecide.knowledge.bodies import load_bodies
    from mgdecide.knowledge.studies import load_studies

    if len(args.names) != 1:
        given = f"{len(args.names)} names"
        raise InvalidInput(Problem("MGD-L101", "FILE.toml", given, "one study file, or the id of one study held"))
    held = {study.id: study for study in load_studies()}
    study = held.get(args.names[0]) or _read(args.names[0])
    found = addition(study, load_bodies(), held, _patients(args.patients))
    return _json(addition_record(found)) if args.format == "json" else addition_text(found)


def _read(path: str) -> Study:
    """The study of a file that need not be among those held; its id is the name of the file."""
    from pathlib import PurePath

    from mgdecide.knowledge.study_reading import read_study

    text = read_text(path, "a study file (TOML), or the id of a study held", _LARGEST_STUDY)
    return read_study(text, f"studies/{PurePath(path).name}")


def _patients(path: str | None) -> list[Patient]:
    """The bundled patients, or those of a file with one record on each line."""
    from mgdecide.adapters.examples import example_names, example_text
    from mgdecide.adapters.record.records import read_patient

    if path is None:
        return [read_patient(example_text(name)) for name in example_names()]
    found, problems = [], list[Problem]()
    for number, line in read_lines(path, "a file of patient records, one JSON object on each line"):
        try:
            found.append(read_patient(line.decode("utf-8", "replace")))
        except InvalidRecord as error:
            problems += [evolve(each, path=f"line {number}: {each.path}") for each in error.problems]
    if problems:
        raise InvalidRecord(problems[:_MOST_MISTAKES])
    return found


def _sof(args: Namespace) -> str:
    """Summary of Findings by GRADE's layout, of all bodies or of those named."""
    from mgdecide.adapters.evidence.body_pools import find_body
    from mgdecide.adapters.evidence.sof import sof_tables, sof_text
    from mgdecide.knowledge.bodies import load_bodies

    every = load_bodies()
    bodies = [find_body(every, name) for name in args.names] or list(every)
    return "\n".join(sof_text(table) for table in sof_tables(bodies))


_DOERS: Mapping[str, Callable[[Namespace], str]] = {"list": _list, "check": _check, "add": _add, "sof": _sof}


def _json(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)
