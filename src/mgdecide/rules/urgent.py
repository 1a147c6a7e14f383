"""What needs a person now. Closing the gate for these rests on what is known, so unknown signs stay silent."""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import (
    BDI2_ITEM_9,
    CALCIUM,
    EPDS_ITEM_10,
    HAMD17_ITEM_3,
    MADRS_ITEM_10,
    OTHER_MAGNESIUM_CRITICAL_LOW,
    PHOSPHATE,
    PHQ9_ITEM_9,
    POTASSIUM,
    QTC,
    SERUM_MAGNESIUM,
    has,
    on,
)
from mgdecide.logic.questions import Provided, Question, either_known, known, limit, surely
from mgdecide.rules.derived import (
    ALBUMIN_CORRECTED_CALCIUM,
    BODY_MASS_INDEX,
    SEVERE_KIDNEY_DISEASE,
    kidney_below,
    not_old,
)

SUICIDE_ITEM = (
    (PHQ9_ITEM_9 >= limit("suicide-item.phq9"))
    | (BDI2_ITEM_9 >= limit("suicide-item.bdi2"))
    | (EPDS_ITEM_10 >= limit("suicide-item.epds"))
    | (HAMD17_ITEM_3 >= limit("suicide-item.hamd17"))
    | (MADRS_ITEM_10 >= limit("suicide-item.madrs"))
)

SUICIDAL_THOUGHTS = SUICIDE_ITEM | has("suicidal_thoughts")
"""By an item of a scale, or recorded as such."""

_MAGNESIUM_NOW = not_old(SERUM_MAGNESIUM)
_BELOW_CRITICAL = SERUM_MAGNESIUM < limit("serum-magnesium.critical-low")
_BELOW_SEVERE = SERUM_MAGNESIUM < limit("serum-magnesium.severe-hypo")
# A result printed only as "less than 0.5" may be critical: treated as critical until the exact value is known.
CRITICAL_LOW = Provided(
    _MAGNESIUM_NOW,
    surely(OTHER_MAGNESIUM_CRITICAL_LOW) | _BELOW_CRITICAL | (surely(_BELOW_SEVERE) & ~known(_BELOW_CRITICAL)),
)
SEVERE_LOW = Provided(_MAGNESIUM_NOW, _BELOW_SEVERE)

_LOW_POTASSIUM = Provided(not_old(POTASSIUM), POTASSIUM < limit("urgent.potassium-low"))
_LOW_CALCIUM = either_known(
    Provided(not_old(CALCIUM), ALBUMIN_CORRECTED_CALCIUM < limit("urgent.adjusted-calcium-low", "mmol/L")),
    Provided(not_old(CALCIUM) & ~known(ALBUMIN_CORRECTED_CALCIUM), CALCIUM < limit("urgent.adjusted-calcium-low")),
)
_SIGNS_OF_LOW = (
    has("syncope")
    | has("palpitations")
    | has("arrhythmia")
    | has("ventricular_arrhythmia")
    | has("seizure")
    | has("tetany")
    | has("confusion")
    | has("acute_heart_failure")
    | has("acute_coronary_syndrome")
    | on("digoxin")
    | Provided(not_old(QTC), QTC >= limit("qtc.high-risk"))
    | _LOW_POTASSIUM
    | _LOW_CALCIUM
)
_SIGNS_OF_HIGH = (
    has("hypotension")
    | has("bradycardia")
    | has("lost_reflexes")
    | has("somnolence")
    | has("respiratory_depression")
    | has("ileus")
    | kidney_below(limit("oral-magnesium.kidney-stop"))
    | SEVERE_KIDNEY_DISEASE
)

RULES: Mapping[str, Question] = {
    "urgent.suicide-item": SUICIDAL_THOUGHTS,
    "urgent.suicide-emergency": (
        has("suicide_plan")
        | has("suicide_intent")
        | has("recent_attempt")
        | (has("suicide_means") & SUICIDAL_THOUGHTS)
        | (HAMD17_ITEM_3 >= limit("suicide-item.hamd17-attempt"))
        | (MADRS_ITEM_10 >= limit("suicide-item.madrs-plans"))
    ),
    "urgent.critical-low-magnesium": CRITICAL_LOW,
    "urgent.low-magnesium-with-signs": SEVERE_LOW & _SIGNS_OF_LOW,
    "urgent.emergency-signs": (has("ventricular_arrhythmia") | has("seizure") | has("respiratory_depression")),
    "urgent.high-magnesium": Provided(
        _MAGNESIUM_NOW,
        (SERUM_MAGNESIUM > limit("urgent.critical-high"))
        | ((SERUM_MAGNESIUM > limit("serum-magnesium.hyper")) & _SIGNS_OF_HIGH),
    ),
    "urgent.refeeding": (
        (has("refeeding_risk") | (BODY_MASS_INDEX < limit("urgent.refeeding-bmi")))
        & (
            Provided(_MAGNESIUM_NOW, SERUM_MAGNESIUM < limit("serum-magnesium.hypo-default"))
            | Provided(not_old(POTASSIUM), POTASSIUM < limit("urgent.refeeding-potassium"))
            | Provided(not_old(PHOSPHATE), PHOSPHATE < limit("urgent.refeeding-phosphate"))
        )
    ),
    "urgent.ileus": has("ileus"),
}
