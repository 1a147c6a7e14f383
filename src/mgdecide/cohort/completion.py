"""What a row says beyond its own cells, as in a patient's record.

A condition that a complete problem list does not name is absent, and likewise a medicine; a remark about the record
that nobody made does not apply; who takes a magnesium product is on one. ``rules.row`` does the same for one patient.
"""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.questions import (
    Always,
    Choose,
    FirstKnown,
    Literal,
    Node,
    NoNumber,
    Pick,
    Question,
    YesNo,
    known,
    surely,
)

_FALSE, _TRUE = Always(False), Always(True)
_UNKNOWN = Always(None)


def completed_facts(knowledge: Knowledge) -> Mapping[str, Node]:
    """By fact, what is known of it from the columns as they were given."""
    catalogue = knowledge.catalogue
    facts: dict[str, Node] = {fact.name: surely(YesNo(fact.name)) for fact in catalogue.group("record")}
    no_condition = _absent(surely(catalogue.yes_no("conditions_complete")))
    no_medicine = _absent(
        surely(catalogue.yes_no("medications_complete")) & ~surely(catalogue.yes_no("unrecognised_medicine"))
    )
    facts |= {name: _else(YesNo(name), no_condition) for name in knowledge.no_conditions}
    facts |= {name: _else(YesNo(name), no_medicine) for name in knowledge.no_medicines}
    taken, on = catalogue.yes_no("takes_magnesium_product"), catalogue.yes_no("on_magnesium_product")
    either = surely(taken | on)
    facts[on.name] = Choose(either, _TRUE, _else(on, no_medicine))
    facts[taken.name] = Choose(either, _TRUE, taken)
    for end in ("low", "high"):
        amount = catalogue.number(f"product_magnesium_mg_{end}")
        none_taken = Pick(surely(~taken) & ~surely(on), Literal(0.0), NoNumber())
        facts[amount.name] = FirstKnown((amount, none_taken))
    return facts


def _absent(complete: Question) -> Question:
    """False where the list is complete, else unknown."""
    return Choose(complete, _FALSE, _UNKNOWN)


def _else(fact: Question, otherwise: Question) -> Question:
    return Choose(known(fact), fact, otherwise)
