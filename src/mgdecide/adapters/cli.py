"""The command line: which commands there are, and how a mistake is told. Everything else is imported by the command.

Exit codes: 0 done, or gate open; 3 gate undecided; 4 gate closed; 2 bad input (one line for each mistake on standard
error, nothing on standard output); 70 a mistake of ours.
"""

from __future__ import annotations

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
    """One command: what it does, in a line, and the module with its ``add_arguments`` and ``run``."""

    summary: str
    module: str


COMMANDS = {
    "assess": Command("judge one patient record or FHIR R4 Bundle", "assess"),
    "batch": Command("judge a file with one patient on each line", "batch"),
    "demo": Command("judge a bundled patient", "demo"),
    "dose": Command("salt to elemental magnesium and back", "dose"),
    "pool": Command("pool a body of evidence again from its trial rows", "pool"),
    "evidence": Command("list the evidence, check its printed numbers, try a new study", "evidence"),
    "cohort": Command("judge a Parquet file, or FHIR Bulk Data, row by row", "cohort"),
    "serve": Command("CDS Hooks service, JSON API and workbench", "serve"),
    "diff": Command("compare two sets of assessments", "diff"),
    "govern": Command("findings, cards, overrides and changes, counted by rule", "govern"),
    "schema": Command("print a JSON Schema: patient, assessment or cohort", "schema"),
    "explain": Command("what an error code, a rule or a fact means", "explain"),
    "laws": Command("the numbered laws the property tests prove", "laws"),
}

_HELP = """usage: mgdecide COMMAND ...

Clinical decision support for magnesium and depression. It informs a clinician; it never prescribes.

commands:
{commands}

mgdecide COMMAND --help tells more. Try: mgdecide demo
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(given)
    except MgdecideError as error:
        _tell(error.problems, _wants_json(given))
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
        raise InvalidInput(Problem("MGD-L100", "command", "nothing", one_of(COMMANDS) + "; see: mgdecide --help"))
    if given[0] in ("-h", "--help", "help"):
        listed = "\n".join(f"  {name:<9} {command.summary}" for name, command in COMMANDS.items())
        write_output(_HELP.format(commands=listed))
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
    parser = Parser(prog=f"mgdecide {name}", description=command.summary, allow_abbrev=False)
    getattr(module, "add_arguments", DELEGATED.get(name, lambda _: None))(parser)
    code = module.run(parser.parse_args(rest))
    return code if isinstance(code, int) else 0


def _module(name: str, command: Command) -> ModuleType:
    path = f"mgdecide.adapters.commands.{command.module}"
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing.startswith("mgdecide"):
            given, accepted = "a command this build does not hold", one_of(n for n in COMMANDS if n != name)
        else:
            given, accepted = f"the package {missing} is not installed", f'pip install "mgdecide[{_extra(name)}]"'
        raise InvalidInput(Problem("MGD-L111", name, given, accepted)) from None


def _extra(name: str) -> str:
    return {"pool": "evidence", "serve": "service", "laws": "test"}.get(name, name)


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
    return Problem("MGD-L199", "", given, "this is a mistake in mgdecide; please report it with these words")


if __name__ == "__main__":
    sys.exit(main())
