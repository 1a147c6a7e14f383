"""The gate's state with the rules behind it, and what to measure or ask while it is undecided."""

from __future__ import annotations

from mgdecide.domain.verdicts import Finding, Gate, GateReason, GateState
from mgdecide.logic.needs import facts_in
from mgdecide.logic.questions import YesNo
from mgdecide.rules.row import Reading, acknowledged_column
from mgdecide.rules.rulebook import Answers, Rulebook
from mgdecide.rules.wording import Wording

STATES = {True: GateState.CLOSED, None: GateState.UNDECIDED, False: GateState.OPEN}


def gate_verdict(
    book: Rulebook, answers: Answers, urgent: tuple[Finding, ...], wording: Wording
) -> Gate:
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
    needs = tuple(dict.fromkeys(fact for _, question in unknown for fact in _unknown_facts(question, book, row)))
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


def _unknown_facts(question: object, book: Rulebook, row: dict[str, object]) -> list[str]:
    """The facts below an undecided question that are unknown, or known but too old, undated or unconfirmed."""
    from mgdecide.logic.questions import Node

    assert isinstance(question, Node)
    catalogue = book.knowledge.catalogue
    found: list[str] = []
    for fact in facts_in(question):
        owner = catalogue.owner(fact)
        if row.get(fact) is None and owner in catalogue.facts and owner not in found:
            found.append(owner)
    return found
