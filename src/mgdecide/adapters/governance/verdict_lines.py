"""Assessments from a file of JSON lines, each cut down to its verdicts so that a large set fits in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeVar

from attrs import frozen

from mgdecide.adapters.commands.command_line import read_lines, shown_path
from mgdecide.adapters.suggestions import given_words
from mgdecide.errors import InvalidInput, Problem

SCHEMA = "mgdecide/assessment/1"
ERROR_SCHEMA = "mgdecide/error/1"
"""A line of ``mgdecide batch`` that could not be read."""
NOT_READ = "not read"
"""The gate and the status of such a line."""
_MOST_MISTAKES = 100

Pairs = tuple[tuple[str, str], ...]


@frozen
class Verdicts:
    """What one assessment decided, with the rules and criteria it rests on.

    ``fits`` pairs study and fit; ``criteria`` pairs study and its requirements with their verdicts.
    """

    gate: str
    closing: frozenset[str]
    status: str
    fits: Pairs
    criteria: tuple[tuple[str, Pairs], ...]
    findings: frozenset[str]
    knowledge: str


Key = tuple[str, int]
"""A patient, and which of the patient's assessments: 0 for the first."""


def read_verdicts(path: str) -> dict[Key, Verdicts]:
    """The verdicts of every line, by patient.

    Raises:
        InvalidInput: the file cannot be read (MGD-L104 to L106); a line is not JSON (MGD-L120) or no assessment
            (MGD-L121); no line at all (MGD-L122). Of very many mistakes the first hundred.
    """
    problems: list[Problem] = []
    found: dict[Key, Verdicts] = {}
    seen: dict[str, int] = {}
    shared = _Shared()
    for number, line in read_lines(path, "a file of assessments, one JSON object on each line"):
        where = f"{shown_path(path)} line {number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            given = given_words(line.decode("utf-8", "replace").strip())
            problems.append(Problem("MGD-L120", where, given, "one JSON object on each line"))
        else:
            verdicts = _verdicts(record, shared)
            if verdicts is None:
                problems.append(Problem("MGD-L121", where, given_words(record), f'an assessment, "schema": "{SCHEMA}"'))
            else:
                patient = str(record.get("patient", ""))
                seen[patient] = nth = seen.get(patient, -1) + 1
                found[patient, nth] = verdicts
        if len(problems) >= _MOST_MISTAKES:
            break
    if not found and not problems:
        problems.append(Problem("MGD-L122", shown_path(path), "no assessment", "one assessment at least"))
    if problems:
        raise InvalidInput(problems)
    return found


_T = TypeVar("_T")


class _Shared:
    """Equal values kept once: most patients share most of their verdicts with others."""

    def __init__(self) -> None:
        self._kept: dict[object, object] = {}

    def __call__(self, value: _T) -> _T:
        return self._kept.setdefault(value, value)  # type: ignore[return-value]  # an equal value of the same type


def _verdicts(record: object, shared: _Shared) -> Verdicts | None:
    if isinstance(record, dict) and record.get("schema") == ERROR_SCHEMA:
        return Verdicts(NOT_READ, frozenset(), NOT_READ, (), (), frozenset(), "")
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        return None
    try:
        gate, regimens = record["gate"], record["regimens"] or ()
        return Verdicts(
            gate=shared(str(gate["state"])),
            closing=shared(_rules((*gate["because"], *record["urgent"]))),
            status=shared(str(record["status"]["category"])),
            fits=shared(tuple((str(each["study"]), str(each["fit"])) for each in regimens)),
            criteria=tuple(shared((str(each["study"]), _criteria(each["criteria"]))) for each in regimens),
            findings=shared(_rules(record["findings"])),
            knowledge=shared(str(record["provenance"]["knowledge"])),
        )
    except (KeyError, TypeError):
        return None


def _rules(entries: Iterable[dict[str, object]]) -> frozenset[str]:
    return frozenset(str(each["rule"]) for each in entries)


def _criteria(entries: Iterable[dict[str, object]]) -> Pairs:
    return tuple((str(each["text"]), str(each["verdict"])) for each in entries)
