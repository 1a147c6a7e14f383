"""What is published about a rule: its kind, severity, action, wording and sources. The condition is in ``rules``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from attrs import frozen

from mgdecide.domain.verdicts import Severity
from mgdecide.errors import InvalidKnowledge, Problem

KINDS = ("urgent", "risk", "caution", "interaction", "companion", "data_quality", "context")
ACTIONS = ("avoid", "separate", "adjust", "monitor", "measure", "ask", "review", "none")


@frozen
class RuleEntry:
    """One rule as a clinician reviews it.

    ``text`` may name facts in braces (``{egfr}``), filled with the value as given; ``unknown_text`` is what the gate
    says while a contraindication cannot be told. ``verified`` is false where a source was recalled, not read.
    """

    id: str
    kind: str
    severity: Severity
    action: str
    text: str
    sources: tuple[str, ...]
    verified: bool
    reviewed: str
    unknown_text: str = ""
    note: str = ""


def load_rule_entries() -> dict[str, RuleEntry]:
    """Every entry of ``knowledge/rules/*.toml`` by rule id.

    Raises:
        InvalidKnowledge: an entry without a source, with an unknown kind, severity or action, or given twice.
    """
    entries: dict[str, RuleEntry] = {}
    folder = files("mgdecide.knowledge").joinpath("rules")
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".toml"):
            for entry in read_rule_entries(path.read_text(encoding="utf-8"), path.name):
                if entry.id in entries:
                    raise _bad(path.name, entry.id, "given twice", "one entry for each rule")
                entries[entry.id] = entry
    return entries


def read_rule_entries(text: str, where: str) -> tuple[RuleEntry, ...]:
    """Entries of one file: tables ``[rule."gate.kidney"]``."""
    table = tomllib.loads(text)
    return tuple(_entry(id, row, where, table["reviewed"]) for id, row in table["rule"].items())


def _entry(id: str, row: Mapping[str, object], where: str, reviewed: str) -> RuleEntry:
    for key, words in (("kind", KINDS), ("action", ACTIONS), ("severity", tuple(each.value for each in Severity))):
        if row.get(key) not in words:
            raise _bad(where, f"{id}.{key}", repr(row.get(key)), f"one of {', '.join(words)}")
    sources, text = row.get("sources"), row.get("text")
    if not isinstance(sources, list) or not sources:
        raise _bad(where, f"{id}.sources", repr(sources), "at least one key of the source register")
    if not isinstance(text, str) or not text:
        raise _bad(where, f"{id}.text", repr(text), "one sentence or more")
    return RuleEntry(
        id=id,
        kind=str(row["kind"]),
        severity=Severity(row["severity"]),
        action=str(row["action"]),
        text=text,
        sources=tuple(str(source) for source in sources),
        verified=bool(row.get("verified", True)),
        reviewed=str(row.get("reviewed", reviewed)),
        unknown_text=str(row.get("unknown", "")),
        note=str(row.get("note", "")),
    )


def _bad(where: str, key: str, given: str, accepted: str) -> InvalidKnowledge:
    return InvalidKnowledge(Problem("MGD-K104", f"rules/{where}: {key}", given, accepted))
