"""What a client is told when something went wrong: a status and an OperationOutcome, with nothing of the patient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from mgdecide.domain.verdicts import Json
from mgdecide.errors import Problem


class ServiceError(Exception):
    """A request that is answered with an error. ``code`` is a FHIR issue type; ``text`` holds nothing given."""

    def __init__(self, status: int, code: str, text: str, diagnostics: str = "", *, expression: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.issues: tuple[Json, ...] = (issue(code, text, diagnostics, expression),)
        self.headers: dict[str, str] = {}

    @property
    def texts(self) -> list[str]:
        """What is told, without codes."""
        told = (each["details"] for each in self.issues)
        return [str(each["text"]) for each in told if isinstance(each, dict)]

    def outcome(self) -> Json:
        """The body of the answer."""
        return outcome(self.issues)


def issue(code: str, text: str, diagnostics: str = "", expression: str = "") -> Json:
    """One issue of an OperationOutcome; what is empty is left out."""
    record: Json = {"severity": "error", "code": code, "details": {"text": text}}
    if diagnostics:
        record["diagnostics"] = diagnostics
    return record | {"expression": [expression]} if expression else record


def outcome(issues: Iterable[Json]) -> Json:
    """An OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def refused(problems: Iterable[Problem], status: int = 400, code: str = "invalid") -> ServiceError:
    """An error of ours as an answer: codes, places and what would be accepted; never what was given."""
    error = ServiceError(status, code, "")
    error.issues = tuple(issue(code, without_values(each), each.code, path_of(each)) for each in problems)
    return error


_TOLD = 200


def without_values(problem: Problem) -> str:
    """What would be accepted. What was given may be a patient's, and stays out of answers and logs."""
    return problem.accepted if len(problem.accepted) <= _TOLD else problem.accepted[: _TOLD - 3] + "..."


def path_of(problem: Problem) -> str:
    """Where the mistake is, as far as the path is of names that we know: any other key may hold anything."""
    end = 0
    for step in _STEP.finditer(problem.path):
        if step.start() != end or (step[1] and step[1] not in _names()):
            break
        end = step.end()
    return problem.path[:end]


_STEP = re.compile(r"\.?([A-Za-z0-9_]+)|\[\d{1,9}\]", re.ASCII)
_OTHER_NAMES = frozenset(
    ("context", "entry", "feedback", "hook", "hookInstance", "on", "prefetch", "resource", "resourceType")
)


@cache
def _names() -> frozenset[str]:
    """The names of a patient record, and those of the outer levels of calls and Bundles."""
    from mgdecide.adapters.schema.published import schema

    return frozenset(_properties(schema("patient"))) | _OTHER_NAMES


def _properties(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        named = value.get("properties")
        yield from named if isinstance(named, dict) else ()
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _properties(each)


def problem_record(problem: Problem) -> Json:
    """One mistake of a record, for the JSON API: as the command line tells it, without the value."""
    return {
        "code": problem.code,
        "path": path_of(problem),
        "given": _kind(problem.given),
        "accepted": without_values(problem),
    }


_SAFE = frozenset(("null", "true", "false", "NaN", "Infinity", "-Infinity", "an object", "a list", "an empty object"))


def _kind(given: str) -> str:
    """What kind of thing was given, without its value."""
    if given in _SAFE or given.startswith("an unknown key"):
        return given if given in _SAFE else "an unknown key"
    if given.startswith('"'):
        return "a text"
    if given[:1].isdigit() or given[:1] == "-":
        return "a number"
    return "something else"
