"""Interactions of magnesium with medicines: one rule for each published row.

The condition is the medicine class, and for some rows a further one (dialysis, a low magnesium). The hours and the
disagreement between sources are data of the row; nothing here holds a number.
"""

from __future__ import annotations

from attrs import frozen

from mgdecide.domain.verdicts import Severity
from mgdecide.knowledge.edition import Knowledge
from mgdecide.knowledge.expressions import question_from
from mgdecide.knowledge.facts import SERUM_MAGNESIUM, on
from mgdecide.knowledge.interactions import Interaction
from mgdecide.knowledge.rule_entries import RuleEntry
from mgdecide.logic.questions import All, Any, Provided, Question
from mgdecide.rules.derived import kidney, not_old
from mgdecide.rules.status import BELOW_LOWER_LIMIT

NAMED_CONDITIONS = {"serum_magnesium_below_lln": Provided(not_old(SERUM_MAGNESIUM), BELOW_LOWER_LIMIT)}
"""Conditions a row may name that are questions of the status rule."""

SPECIAL = {"egfr": kidney}
"""Kidney function is told by the reported and the calculated figure alike."""


@frozen(eq=False)
class InteractionRule:
    """One interaction row as a rule."""

    row: Interaction
    entry: RuleEntry
    when: Question

    @property
    def classes(self) -> tuple[str, ...]:
        """The medicine classes whose members are named in the finding."""
        return self.row.classes


def interaction_rules(knowledge: Knowledge) -> tuple[InteractionRule, ...]:
    """Every interaction of the knowledge, in the order of its rule id."""
    return tuple(sorted((_rule(row, knowledge) for row in knowledge.interactions), key=lambda rule: rule.entry.id))


def _rule(row: Interaction, knowledge: Knowledge) -> InteractionRule:
    id = f"interaction.{row.id}"
    terms: list[Question] = [Any(tuple(on(name) for name in row.classes))] if row.classes else []
    if row.only_if is not None:
        terms.append(question_from(row.only_if, knowledge.exact_edges, id, NAMED_CONDITIONS, SPECIAL))
    entry = RuleEntry(
        id=id,
        kind="interaction",
        severity=Severity(row.severity),
        action=row.action,
        text=row.text,
        sources=row.sources,
        verified=row.verified,
        reviewed=row.reviewed,
    )
    return InteractionRule(row, entry, All(tuple(terms)))
