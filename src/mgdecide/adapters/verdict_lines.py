"""Assessments from a file of JSON lines, each cut down to its verdicts so that a large set fits in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from attrs import frozen

from mgdecide.adapters.command_line import read_text
from mgdecide.adapters.suggestions import given_words, safe_text
from mgdecide.errors import InvalidInput, Problem

SCHEMA = "mgdecide/assessment/1"
_LARGEST = 2_000_000_000
_MOST_MISTAKES = 100


@frozen
class Verdicts:
    """What one assessment decided, with the rules and criteria it rests on."""

    gate: str
    closing: frozenset[str]
    status: str
    fits: Mapping[str, str]
    criteria: Mapping[str, Mapping[str, str]]
    findings: frozenset[str]
    knowledge: str


Key = tuple[str, int]
"""A patient, and which of the patient's assessments: 0 for the first."""


def read_verdicts(path: str) -> dict[Key, Verdicts]:
    """The verdicts of every line, by patient.

    Raises:
        InvalidInput: the file cannot be read; a line is not JSON (MGD-L120) or no assessment (MGD-L121); no line at
            all (MGD-L122).
    """
    text = read_text(path, "a file of assessments, one JSON object on each line", _LARGEST)
    problems: list[Problem] = []
    found: dict[Key, Verdicts] = {}
    seen: dict[str, int] = {}
    for at, line in _lines(text):
        where = f"{safe_text(path)} line {at}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            problems.append(Problem("MGD-L120", where, given_words(line), "one JSON object on each line"))
        else:
            verdicts = _verdicts(record)
            if verdicts is None:
                problems.append(Problem("MGD-L121", where, given_words(record), f'an assessment, "schema": "{SCHEMA}"'))
            else:
                patient = str(record.get("patient", ""))
                seen[patient] = nth = seen.get(patient, -1) + 1
                found[patient, nth] = verdicts
        if len(problems) >= _MOST_MISTAKES:
            break
    if not found and not problems:
        problems.append(Problem("MGD-L122", safe_text(path), "no assessment", "one assessment at least"))
    if problems:
        raise InvalidInput(problems)
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((at, line) for at, line in enumerate(text.split("\n"), start=1) if line.strip())


def _verdicts(record: object) -> Verdicts | None:
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        return None
    try:
        gate, urgent = record["gate"], record["urgent"]
        regimens = record["regimens"] or ()
        return Verdicts(
            gate=str(gate["state"]),
            closing=frozenset(str(each["rule"]) for each in (*gate["because"], *urgent)),
            status=str(record["status"]["category"]),
            fits={str(each["study"]): str(each["fit"]) for each in regimens},
            criteria={
                str(each["study"]): {str(c["text"]): str(c["verdict"]) for c in each["criteria"]} for each in regimens
            },
            findings=frozenset(str(each["rule"]) for each in record["findings"]),
            knowledge=str(record["provenance"]["knowledge"]),
        )
    except (KeyError, TypeError):
        return None
