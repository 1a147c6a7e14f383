"""What is published about a rule: its kind, severity, action, wording and sources. The condition is in ``rules``."""

from __future__ import annotations

from attrs import frozen

from mgdecide.domain.verdicts import Severity
from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_files, read_table

KINDS = ("urgent", "risk", "caution", "interaction", "companion", "data_quality", "context")
SEVERITIES = tuple(each.value for each in Severity)
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
        InvalidKnowledge: the codes of ``read_rule_entries``; an entry given in two files (MGD-K104).
    """
    entries: dict[str, RuleEntry] = {}
    for name, text in read_files((KNOWLEDGE / "rules").glob("*.toml")).items():
        for entry in read_rule_entries(text, name):
            if entry.id in entries:
                problem = Problem("MGD-K104", f"rules/{name}: {entry.id}", "given twice", "one entry for each rule")
                raise InvalidKnowledge(problem)
            entries[entry.id] = entry
    return entries


def read_rule_entries(text: str, where: str) -> tuple[RuleEntry, ...]:
    """Entries of one file: tables ``[rule."gate.kidney"]``.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind, or a word that is
            none of the few; MGD-K205 an entry without a source. All mistakes at once.
    """
    return read_table(text, f"rules/{where}", _entries)


def _entries(file: Entry) -> tuple[RuleEntry, ...]:
    reviewed = file.text("reviewed")
    return tuple(_entry(id, entry, reviewed) for id, entry in file.named("rule"))


def _entry(id: str, entry: Entry, reviewed: str) -> RuleEntry:
    found = RuleEntry(
        id=id,
        kind=entry.word("kind", KINDS),
        severity=Severity(entry.word("severity", SEVERITIES)),
        action=entry.word("action", ACTIONS),
        text=entry.text("text"),
        sources=entry.sources(None, "sources"),
        verified=entry.flag("verified", True),
        reviewed=entry.text("reviewed", reviewed),
        unknown_text=entry.text("unknown", ""),
        note=entry.text("note", ""),
    )
    entry.done()
    return found
