"""Answers made into findings: text, reasons and sources, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from mgdecide.domain.verdicts import Finding, Reason
from mgdecide.logic.resolve import Answer
from mgdecide.logic.words import NOT_KNOWN, Leaf
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Rule
from mgdecide.rules.vocabulary import DERIVED
from mgdecide.rules.wording import Wording, alphabetically, bare


def findings(rules: Iterable[Rule], answers: Iterable[Answer], wording: Wording) -> tuple[Finding, ...]:
    """The findings of the rules that hold, worst first, then by rule and medicine."""
    found = [
        finding
        for rule, answer in zip(rules, answers, strict=True)
        if answer is True
        for finding in _of_rule(rule, wording)
    ]
    found.sort(key=lambda finding: finding.order)
    return tuple(found)


def _of_rule(rule: Rule, wording: Wording) -> Iterator[Finding]:
    reasons = partial(reasons_of, rule, wording)
    if rule.interaction is None:
        yield _finding(rule, wording.fill(rule), reasons, "")
        return
    row, knowledge = rule.interaction.row, wording.rulebook.knowledge
    named = {
        knowledge.name_of(medicine)
        for name in rule.interaction.classes
        for medicine in wording.reading.medicines.get(name, ())
    }
    for medicine in sorted(named, key=alphabetically) or [row.name]:
        yield _finding(rule, wording.fill(rule, medicine), reasons, medicine)


def _finding(rule: Rule, text: str, reasons: partial[tuple[Reason, ...]], subject: str) -> Finding:
    entry, sources = rule.entry, rule.sources
    return Finding(entry.id, entry.kind, entry.severity, entry.action, text, sources, reasons, subject, rule.details)


def reasons_of(rule: Rule, wording: Wording) -> tuple[Reason, ...]:
    """The comparisons that made a rule hold, each with the value as given."""
    leaves = dict.fromkeys(wording.rulebook.explain(rule)(wording.answers.values))
    return tuple([_reason(leaf, wording) for leaf in leaves if _tells(leaf, wording.reading)])


def _tells(leaf: Leaf, reading: Reading) -> bool:
    """Of what a calculation lacks, only the facts that are really unknown, and not the columns beside them."""
    if leaf.comparison != NOT_KNOWN:
        return True
    return reading.row.get(leaf.fact) is None and not leaf.fact.endswith("_age_days")


def _reason(leaf: Leaf, wording: Wording) -> Reason:
    reading, book = wording.reading, wording.rulebook
    result = reading.results.get(leaf.fact)
    if result is not None:
        return Reason(leaf.fact, result.shown, leaf.comparison, result.unit)
    if leaf.fact in DERIVED:
        number, _, unit = DERIVED[leaf.fact]
        value: object = book.value(number, wording.answers)
    else:
        known = book.knowledge.catalogue.facts.get(leaf.fact)
        unit = known.units[0] if known and known.units else ""
        value = reading.row.get(leaf.fact)
    return Reason(leaf.fact, "unknown" if value is None else bare(value), leaf.comparison, unit)
