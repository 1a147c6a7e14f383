"""The gate's state with the rules behind it, and what to measure or ask while it is undecided."""

from __future__ import annotations

from attrs import frozen

from mgdecide.domain.verdicts import Finding, Gate, GateReason, GateState
from mgdecide.knowledge.catalogue import Fact
from mgdecide.knowledge.rule_entries import RuleEntry
from mgdecide.logic.needs import facts_in
from mgdecide.logic.questions import Question
from mgdecide.rules import gate
from mgdecide.rules.row import acknowledged_column
from mgdecide.rules.rulebook import Answers, Rulebook
from mgdecide.rules.wording import Wording

STATES = {True: GateState.CLOSED, None: GateState.UNDECIDED, False: GateState.OPEN}


def gate_verdict(book: Rulebook, answers: Answers, urgent: tuple[Finding, ...], wording: Wording) -> Gate:
    """Closed by what is known; else undecided by what cannot be told; else open."""
    state = STATES[answers.closing]
    row = wording.reading.row
    if state is GateState.OPEN:
        return Gate(state)
    asked = zip(_undecided(book), answers.contraindications, strict=True)
    unknown = [each for each, answer in asked if answer is None]
    needs = tuple(
        dict.fromkeys(fact.name for each in unknown for fact in each.asks if not _is_current(fact, book, row))
    )
    if state is GateState.UNDECIDED:
        return Gate(state, tuple([each.reason for each in unknown]), needs)
    closing = [
        GateReason(finding.rule, finding.text, finding.sources)
        for finding in urgent
        if row.get(acknowledged_column(finding.rule)) is not True
    ]
    closing += [
        GateReason(rule.id, wording.fill(rule), rule.sources)
        for rule, answer in zip(book.rules, answers.findings, strict=True)
        if answer is True and rule.id.startswith("gate.")
    ]
    return Gate(state, tuple(closing), needs)


@frozen
class Undecided:
    """What is said of a contraindication that cannot be told, and the facts to measure or ask for it."""

    reason: GateReason
    asks: tuple[Fact, ...]


def _undecided(book: Rulebook) -> tuple[Undecided, ...]:
    """Of every contraindication of a rulebook, worked out once."""
    found = book.memo.get("undecided")
    if found is None:
        found = book.memo["undecided"] = tuple(_told(entry, when, book) for entry, when in book.contraindications)
    assert isinstance(found, tuple)
    return found


def _told(entry: RuleEntry, question: Question, book: Rulebook) -> Undecided:
    catalogue = book.knowledge.catalogue
    asked = gate.ASKS.get(entry.id) or tuple(dict.fromkeys(catalogue.owner(fact) for fact in facts_in(question)))
    facts = tuple(catalogue.facts[name] for name in asked if name in catalogue.facts)
    return Undecided(GateReason(entry.id, entry.unknown_text, entry.sources), facts)


def _is_current(fact: Fact, book: Rulebook, row: dict[str, object]) -> bool:
    """Whether a fact is known, and neither too old nor undated nor told only with a comparator."""
    if row.get(fact.name) is None:
        return False
    if fact.kind != "lab":
        return True
    if f"{fact.name}_comparator" in row:
        return False
    age = row.get(f"{fact.name}_age_days")
    return isinstance(age, float) and age <= book.stale_after
