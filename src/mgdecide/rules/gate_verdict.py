"""The gate's state with the rules behind it, and what to measure or ask while it is undecided."""

from __future__ import annotations

from mgdecide.domain.verdicts import Finding, Gate, GateReason, GateState
from mgdecide.knowledge.catalogue import Fact
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
    unknown = [
        (entry, question)
        for (entry, question), answer in zip(book.contraindications, answers.contraindications, strict=True)
        if answer is None
    ]
    needs = tuple(dict.fromkeys(fact for entry, question in unknown for fact in _needed(entry.id, question, book, row)))
    if state is GateState.UNDECIDED:
        return Gate(
            state, tuple(GateReason(entry.id, entry.unknown_text, entry.sources) for entry, _ in unknown), needs
        )
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


def _needed(rule: str, question: Question, book: Rulebook, row: dict[str, object]) -> list[str]:
    """Facts an undecided contraindication lacks: unknown, or known but too old or undated."""
    catalogue = book.knowledge.catalogue
    asked = gate.ASKS.get(rule) or tuple(dict.fromkeys(catalogue.owner(fact) for fact in facts_in(question)))
    return [name for name in asked if name in catalogue.facts and not _is_current(catalogue.facts[name], book, row)]


def _is_current(fact: Fact, book: Rulebook, row: dict[str, object]) -> bool:
    if row.get(fact.name) is None:
        return False
    if fact.kind != "lab":
        return True
    age = row.get(f"{fact.name}_age_days")
    return isinstance(age, float) and age <= book.knowledge.number("stale.result")
