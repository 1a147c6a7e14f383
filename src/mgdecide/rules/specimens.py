"""Other specimens than serum: ionised, red-cell and urine magnesium, fractional excretion, albumin."""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import (
    ALBUMIN,
    CREATININE,
    IONISED_MAGNESIUM,
    RED_CELL_MAGNESIUM,
    SERUM_MAGNESIUM,
    URINE_CREATININE,
    URINE_MAGNESIUM,
    URINE_MAGNESIUM_24H,
)
from mgdecide.logic.questions import FirstKnown, Provided, Question, known, limit
from mgdecide.rules.derived import (
    ALBUMIN_CORRECTED,
    FRACTIONAL_EXCRETION,
    fresh,
    kidney_below,
    not_old,
)
from mgdecide.rules.status import BELOW_LOWER_LIMIT

_LOW = Provided(not_old(SERUM_MAGNESIUM), BELOW_LOWER_LIMIT)
_NORMAL_KIDNEY = ~kidney_below(limit("oral-magnesium.kidney-caution"))
# The four figures belong to one time: a stale or undated one makes no fraction with the others.
_EXCRETION_IS_OF_NOW = fresh(URINE_MAGNESIUM) & fresh(URINE_CREATININE) & fresh(CREATININE) & fresh(SERUM_MAGNESIUM)
_IONISED_LOW = FirstKnown((IONISED_MAGNESIUM.own_low, limit("ionised-magnesium.interval.low")))
_IONISED_HIGH = FirstKnown((IONISED_MAGNESIUM.own_high, limit("ionised-magnesium.interval.high")))

RULES: Mapping[str, Question] = {
    "specimen.ionised-low": Provided(not_old(IONISED_MAGNESIUM), IONISED_MAGNESIUM < _IONISED_LOW),
    "specimen.ionised-high": Provided(not_old(IONISED_MAGNESIUM), IONISED_MAGNESIUM > _IONISED_HIGH),
    "specimen.red-cell": known(RED_CELL_MAGNESIUM),
    "specimen.urine-conserving": _LOW
    & Provided(fresh(URINE_MAGNESIUM_24H), URINE_MAGNESIUM_24H < limit("urine-magnesium-24h.wasting")),
    "specimen.urine-wasting": _LOW
    & Provided(fresh(URINE_MAGNESIUM_24H), URINE_MAGNESIUM_24H > limit("urine-magnesium-24h.wasting")),
    "specimen.fractional-excretion-high": _LOW
    & _NORMAL_KIDNEY
    & Provided(_EXCRETION_IS_OF_NOW, FRACTIONAL_EXCRETION > limit("fractional-excretion.wasting")),
    "specimen.fractional-excretion-indeterminate": _LOW
    & _NORMAL_KIDNEY
    & Provided(_EXCRETION_IS_OF_NOW, FRACTIONAL_EXCRETION > limit("fractional-excretion.possible-wasting"))
    & Provided(_EXCRETION_IS_OF_NOW, FRACTIONAL_EXCRETION <= limit("fractional-excretion.wasting")),
    "specimen.fractional-excretion-low": _LOW
    & Provided(_EXCRETION_IS_OF_NOW, FRACTIONAL_EXCRETION <= limit("fractional-excretion.possible-wasting")),
    "specimen.low-albumin": Provided(not_old(ALBUMIN), ALBUMIN < limit("albumin-correction.show-below"))
    & known(ALBUMIN_CORRECTED),
}
