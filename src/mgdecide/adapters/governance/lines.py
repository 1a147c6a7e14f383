"""JSON Lines as the service writes them, read one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mgdecide.adapters.commands.command_line import read_lines, shown_path
from mgdecide.adapters.suggestions import given_words
from mgdecide.errors import InvalidInput, Problem

_MOST_MISTAKES = 100


def objects(path: str, member: str, what: str) -> Iterator[dict[str, Any]]:
    """The objects of a file, each with ``member``; a line that a crash cut short is an error like any other.

    Raises:
        InvalidInput: the file cannot be read (MGD-L104 to L106); every line that is not such an object (MGD-L130); no
            line at all (MGD-L132). Of very many mistakes the first hundred.
    """
    problems: list[Problem] = []
    none = True
    for number, line in read_lines(path, what):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = line.decode("utf-8", "replace").strip()
        if isinstance(value, dict) and member in value:
            none = False
            yield value
        else:
            where = f"{shown_path(path)} line {number}"
            problems.append(Problem("MGD-L130", where, given_words(value), f"an object with {member}: {what}"))
        if len(problems) >= _MOST_MISTAKES:
            break
    if none and not problems:
        problems.append(Problem("MGD-L132", shown_path(path), "no line", f"one line at least: {what}"))
    if problems:
        raise InvalidInput(problems)


def rules_of(entry: dict[str, Any]) -> tuple[str, ...]:
    """The rules a card speaks for, each once."""
    rules = entry.get("rules")
    return tuple(dict.fromkeys(map(str, rules))) if isinstance(rules, list) else ()
