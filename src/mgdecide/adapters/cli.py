"""The command line: which commands there are, and how a mistake is told. Everything else is imported by the command.

Exit codes: 0 done, or gate open; 3 gate undecided; 4 gate closed; 2 bad input (one line for each mistake on standard
error, nothing on standard output); 70 a mistake of ours.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import pairwise
from types import ModuleType

from attrs import frozen

from mgdecide.adapters.commands.command_line import BAD_INPUT, Parser, write_output
from mgdecide.adapters.commands.delegated_arguments import DELEGATED
from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.errors import InvalidInput, MgdecideError, Problem

_OURS = 70
_INTERRUPTED = 130


@frozen
class Command:
    """One command: what it does, in a line; the module with its ``add_arguments`` and ``run``; how it is called."""

    summary: str
    module: str
    example: str
    extra: str = ""
    """The extra it needs beyond the core, where it does."""


COMMANDS = {
    "assess": Command("judge one patient record or FHIR R4 Bundle", "assess", "mgdecide assess patient.json"),
    "batch": Command("judge a file with one patient on each line", "batch", "mgdecide batch in.jsonl out.jsonl"),
    "demo": Command("judge a bundled patient", "demo", "mgdecide demo closed-kidney --format brief"),
    "dose": Command(
        "salt to elemental magnesium and back", "dose", 'mgdecide dose "500 mg" --salt "magnesium oxide" --basis salt'
    ),
    "pool": Command(
        "pool a body of evidence again from its trial rows",
        "pool",
        "mgdecide pool oral-magnesium-depressive-symptoms",
        "evidence",
    ),
    "evidence": Command(
        "list the evidence, check its printed numbers, try a new study",
        "evidence",
        "mgdecide evidence sof oral-magnesium-depressive-symptoms",
    ),
    "cohort": Command(
        "judge a Parquet file, or FHIR Bulk Data, row by row",
        "cohort",
        "mgdecide cohort facts.parquet verdicts.parquet",
        "cohort",
    ),
    "serve": Command("CDS Hooks service, JSON API and workbench", "serve", "mgdecide serve --check", "service"),
    "diff": Command("compare two sets of assessments", "diff", "mgdecide diff old.jsonl new.jsonl"),
    "govern": Command(
        "findings, cards, overrides and changes, counted by rule", "govern", "mgdecide govern findings verdicts.jsonl"
    ),
    "schema": Command("print a JSON Schema: patient, assessment or cohort", "schema", "mgdecide schema patient"),
    "explain": Command("what an error code, a rule or a fact means", "explain", "mgdecide explain gate.kidney"),
    "laws": Command("the numbered laws the property tests prove", "laws", "mgdecide laws"),
}
_EXTRAS = {"evidence": "evidence", "govern": "cohort", "laws": "test"}
"""What a command needs for a part of what it does."""

_HELP = """usage: mgdecide COMMAND ...

Clinical decision support for magnesium and depression. It informs a clinician; it never prescribes.

commands:
{commands}

[cohort], [evidence] and [service] are extras: pip install "mgdecide[service]"
exit codes: 0 gate open, or done; 3 gate undecided; 4 gate closed; 2 input that cannot be used

Each command has its own help: mgdecide assess --help
A first look: mgdecide demo
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(given)
    except MgdecideError as error:
        _tell(error.problems, _wants_json(given))
        return BAD_INPUT
    except ModuleNotFoundError as error:
        if not error.name or error.name.startswith("mgdecide"):
            _tell([_unforeseen(error)], _wants_json(given))
            return _OURS
        _tell([_not_installed(given[0], error.name)], _wants_json(given))
        return BAD_INPUT
    except SystemExit as leaving:  # --help and --version of argparse
        return leaving.code if isinstance(leaving.code, int) else 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # a mistake of ours: told without a traceback and without the patient's data
        _tell([_unforeseen(error)], _wants_json(given))
        return _OURS


def _run(given: list[str]) -> int:
    if not given:
        raise InvalidInput(Problem("MGD-L100", "command", "nothing", one_of(COMMANDS) + "; try: mgdecide demo"))
    if given[0] in ("-h", "--help", "help"):
        write_output(_HELP.format(commands="\n".join(_listed(*each) for each in COMMANDS.items())))
        return 0
    if given[0] in ("-V", "--version"):
        from mgdecide import __version__

        write_output(f"mgdecide {__version__}")
        return 0
    name, *rest = given
    command = COMMANDS.get(name)
    if command is None:
        raise InvalidInput(Problem("MGD-L100", "command", given_words(name), one_of(COMMANDS, name)))
    module = _module(name, command)
    parser = Parser(
        prog=f"mgdecide {name}",
        description=_description(command),
        epilog=f"example: {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    getattr(module, "add_arguments", DELEGATED.get(name, lambda _: None))(parser)
    code = module.run(parser.parse_args(rest))
    return code if isinstance(code, int) else 0


def _listed(name: str, command: Command) -> str:
    return f"  {name:<9} {command.summary}" + (f"  [{command.extra}]" if command.extra else "")


def _description(command: Command) -> str:
    sentence = f"{command.summary[0].upper()}{command.summary[1:]}."
    return f'{sentence} Needs: pip install "mgdecide[{command.extra}]"' if command.extra else sentence


def _module(name: str, command: Command) -> ModuleType:
    path = f"mgdecide.adapters.commands.{command.module}"
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        if error.name and not error.name.startswith("mgdecide"):
            raise
        given, accepted = "a command this build does not hold", one_of(n for n in COMMANDS if n != name)
        raise InvalidInput(Problem("MGD-L111", name, given, accepted)) from None


def _not_installed(name: str, package: str) -> Problem:
    """A package that belongs to an extra, and which one brings it."""
    extra = COMMANDS[name].extra or _EXTRAS.get(name, "")
    accepted = f'install the extra: pip install "mgdecide[{extra}]"' if extra else f"install {package}"
    return Problem("MGD-L111", name, f"not installed: {package}", accepted)


def _wants_json(given: Sequence[str]) -> bool:
    """Whether ``--format json`` was asked for, also where the rest of the line cannot be read."""
    return "--format=json" in given or any(pair == ("--format", "json") for pair in pairwise(given))


def _tell(problems: Iterable[Problem], as_json: bool) -> None:
    """One line for each mistake on standard error, or all of them as one JSON list."""
    if as_json:
        text = json.dumps([problem.to_record() for problem in problems], indent=2)
    else:
        text = "\n".join(" ".join(str(problem).split()) for problem in problems)
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:  # nobody is listening; the exit code still tells
        pass


def _unforeseen(error: Exception) -> Problem:
    """The kind of exception and the place in our code; never its text, which may hold a patient's data."""
    trace, where = error.__traceback__, "unknown place"
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("mgdecide"):
            where = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    given = f"{type(error).__name__} in {where}"
    return Problem("MGD-L199", "", given, "please report it with these words: this is a mistake in mgdecide, not yours")


if __name__ == "__main__":
    sys.exit(main())
