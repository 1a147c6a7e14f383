"""What forbids oral magnesium. Every contraindication is three-valued: while one cannot be told, so is the gate.

Intravenous magnesium is never a regimen here, so nothing in this file speaks of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import OTHER_MAGNESIUM_HIGH, SERUM_MAGNESIUM, UNIT_CONFIRMED, has
from mgdecide.logic.questions import Always, Any, Choose, Provided, Question, YesNo, limit, surely
from mgdecide.rules.data_quality import UNIT_SUSPECT
from mgdecide.rules.derived import AV_BLOCK, SEVERE_KIDNEY_DISEASE, fresh, kidney_below
from mgdecide.rules.row import acknowledged_column
from mgdecide.rules.status import ABOVE_UPPER_LIMIT
from mgdecide.rules.urgent import RULES as URGENT

_UNCONFIRMED = UNIT_SUSPECT & ~surely(UNIT_CONFIRMED)

CONTRAINDICATIONS: Mapping[str, Question] = {
    "gate.kidney": kidney_below(limit("oral-magnesium.kidney-stop")) | SEVERE_KIDNEY_DISEASE,
    "gate.dialysis": has("dialysis"),
    "gate.acute-kidney-injury": has("acute_kidney_injury"),
    "gate.av-block": AV_BLOCK,
    "gate.myasthenia": has("myasthenia_gravis") | has("lambert_eaton"),
    # Ileus is an acute sign, and unknown acute signs stay silent; where it is known no acknowledgement lifts it.
    "gate.bowel-obstruction": has("bowel_obstruction") | surely(has("ileus")),
    "gate.high-magnesium": Provided(fresh(SERUM_MAGNESIUM), ABOVE_UPPER_LIMIT | surely(OTHER_MAGNESIUM_HIGH)),
    # A suspect unit leaves the gate undecided: neither reading may open it before someone has looked.
    "gate.unit-suspect": Choose(surely(_UNCONFIRMED), Always(None), Always(False)),
}

ASKS: Mapping[str, tuple[str, ...]] = {
    "gate.kidney": ("egfr", "serum_creatinine", "age_years", "sex"),
    "gate.bowel-obstruction": ("bowel_obstruction",),
    "gate.high-magnesium": ("serum_magnesium",),
    "gate.unit-suspect": ("serum_magnesium_unit_confirmed",),
}
"""What to measure or ask where a contraindication reads more facts than decide it; else every fact it reads."""

RULES: Mapping[str, Question] = {
    rule: question for rule, question in CONTRAINDICATIONS.items() if rule != "gate.unit-suspect"
}
"""The contraindications as findings. A suspect unit has a finding of its own among the data-quality rules."""


CONTRAINDICATED: Question = Any(tuple(surely(question) for question in RULES.values()))
"""At least one contraindication is known."""


def acknowledged(rule: str) -> Question:
    """A clinician has dealt with this urgent rule."""
    return surely(YesNo(acknowledged_column(rule)))


CLOSING: Question = Any(
    (
        *(surely(question) & ~acknowledged(rule) for rule, question in URGENT.items()),
        *CONTRAINDICATIONS.values(),
    )
)
"""True: the gate is closed; unknown: undecided; false: open."""

ANY_URGENT: Question = Any(tuple(URGENT.values()))
