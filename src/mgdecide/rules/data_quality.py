"""Doubts about the data: units, age, samples, statements that contradict each other. None of them corrects anything."""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.facts import (
    AGE,
    CODE_UNIT_MISMATCH,
    CONDITIONS_COMPLETE,
    CONFLICTING_RESULTS,
    CREATININE,
    EGFR,
    HAEMOLYSED,
    MEDICATIONS_COMPLETE,
    MEDICINE_MISMATCH,
    PREGNANCY,
    SCORE_MISMATCH,
    SERUM_MAGNESIUM,
    SEX,
    UNDATED_RESULT,
    UNIT_CONFIRMED,
    UNRECOGNISED_MEDICINE,
    UNTAKEN_LIMIT,
    has,
)
from mgdecide.logic.questions import Any, Known, Lab, Number, Question, known, limit, surely
from mgdecide.rules.derived import CKD_EPI_2021, SEVERE_KIDNEY_DISEASE, fresh, kidney_below

_LOW, _HIGH = SERUM_MAGNESIUM.own_low, SERUM_MAGNESIUM.own_high


def _within(id: str, value: Number) -> Question:
    return (value >= limit(f"{id}.low")) & (value <= limit(f"{id}.high"))


def _interval_looks_like(unit: str) -> Question:
    """The laboratory's own interval has the numbers that are usual in ``unit``, whatever unit is stated."""
    return _within(f"unit-pattern.{unit}.low", _LOW) & _within(f"unit-pattern.{unit}.high", _HIGH)


def _value_within(id: str) -> Question:
    return (SERUM_MAGNESIUM >= limit(f"{id}.low")) & (SERUM_MAGNESIUM <= limit(f"{id}.high"))


_MOLAR = SERUM_MAGNESIUM.has_unit("mmol/L")
_MASS = SERUM_MAGNESIUM.has_unit("mg/dL")
_CHARGE = SERUM_MAGNESIUM.has_unit("mEq/L")

UNIT_SUSPECT_HIGH = _MOLAR & (SERUM_MAGNESIUM >= limit("unit-suspect.mmol.from"))
UNIT_SUSPECT_LOW = (_MASS & _value_within("unit-suspect.mg-dl-low")) | (_CHARGE & _value_within("unit-suspect.meq-low"))
UNIT_SUSPECT_CHARGE = (
    _CHARGE
    & (SERUM_MAGNESIUM > limit("unit-suspect.meq-high.low"))
    & (SERUM_MAGNESIUM <= limit("unit-suspect.meq-high.high"))
)
UNIT_SUSPECT_INTERVAL = (
    (_MASS & _value_within("unit-suspect.mg-dl-as-meq") & _within("unit-pattern.meq.high", _HIGH))
    | (_MOLAR & (_interval_looks_like("meq") | _interval_looks_like("mg-dl")))
    | (_MASS & (_interval_looks_like("mmol") | _interval_looks_like("meq")))
    | (_CHARGE & (_interval_looks_like("mmol") | _interval_looks_like("mg-dl")))
)

_UNCONFIRMED = ~surely(UNIT_CONFIRMED)

UNIT_SUSPECT = (
    surely(UNIT_SUSPECT_HIGH) | surely(UNIT_SUSPECT_LOW) | surely(UNIT_SUSPECT_CHARGE) | surely(UNIT_SUSPECT_INTERVAL)
)

_LABS: tuple[Lab, ...] = tuple(catalogue().lab(fact.name) for fact in catalogue().kind("lab"))


def _differ(left_above_right: Question, right_above_left: Question) -> Question:
    return left_above_right | right_above_left


_REPORTED = EGFR.in_unit("mL/min/1.73m2")
_DIFFERENCE = limit("data-quality.kidney-difference")

RULES: Mapping[str, Question] = {
    "data-quality.unit-suspect-high": surely(UNIT_SUSPECT_HIGH) & _UNCONFIRMED,
    "data-quality.unit-suspect-low": surely(UNIT_SUSPECT_LOW) & _UNCONFIRMED,
    "data-quality.unit-suspect-charge": surely(UNIT_SUSPECT_CHARGE) & _UNCONFIRMED,
    "data-quality.unit-suspect-interval": surely(UNIT_SUSPECT_INTERVAL) & _UNCONFIRMED,
    "data-quality.code-unit-mismatch": CODE_UNIT_MISMATCH,
    "data-quality.interval-not-used": UNTAKEN_LIMIT,
    "data-quality.stale": Any(tuple(surely(lab.age_days > limit("stale.result")) for lab in _LABS)),
    "data-quality.undated": Any((*(Known(lab) & ~known(lab.age_days) for lab in _LABS), UNDATED_RESULT)),
    "data-quality.haemolysed": HAEMOLYSED & known(SERUM_MAGNESIUM),
    "data-quality.conflicting-results": CONFLICTING_RESULTS,
    # Only where both count: of a stale figure it would be wrong to say that the lower one decides.
    "data-quality.kidney-figures-differ": (
        fresh(EGFR)
        & fresh(CREATININE)
        & _differ(_REPORTED - CKD_EPI_2021 > _DIFFERENCE, CKD_EPI_2021 - _REPORTED > _DIFFERENCE)
    ),
    "data-quality.kidney-stage-and-figures": SEVERE_KIDNEY_DISEASE & ~kidney_below(limit("oral-magnesium.kidney-stop")),
    "data-quality.score-mismatch": SCORE_MISMATCH,
    "data-quality.pregnancy-implausible": PREGNANCY.equals("pregnant")
    & (
        SEX.equals("male")
        | (AGE > limit("data-quality.pregnancy-oldest"))
        | (AGE < limit("data-quality.pregnancy-youngest"))
    ),
    "data-quality.block-without-heart-block": has("mobitz_ii_or_third_degree_av_block") & ~has("heart_block"),
    "data-quality.dialysis-without-kidney-disease": has("dialysis")
    & ~has("chronic_kidney_disease")
    & ~has("acute_kidney_injury"),
    "data-quality.resistant-without-depression": has("treatment_resistant_depression")
    & ~has("major_depressive_disorder")
    & ~has("recurrent_depressive_disorder")
    & ~has("depressive_disorder"),
    "data-quality.unrecognised-medicine": UNRECOGNISED_MEDICINE,
    "data-quality.medicine-mismatch": MEDICINE_MISMATCH,
    "data-quality.problem-list-partial": ~CONDITIONS_COMPLETE,
    "data-quality.medication-list-partial": ~MEDICATIONS_COMPLETE,
}
