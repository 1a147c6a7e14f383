"""What makes a low magnesium more likely: medicines, gut, kidney, alcohol, substances, diabetes, hormones, score.

Each is a reason to measure. None says that magnesium would help.
"""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import AGE, ALCOHOL, AUDIT_C, CAFFEINE, POTASSIUM, TOBACCO, has, on
from mgdecide.logic.questions import Pick, Provided, Question, coefficient, either_known, known, limit
from mgdecide.rules.derived import (
    CHILD,
    DEPLETION_SCORE,
    DEPLETION_SCORE_HIGH,
    FEMALE,
    PREGNANT,
    fresh,
    kidney_below,
)

GUT_LOSS = (
    has("chronic_diarrhoea")
    | has("inflammatory_bowel_disease")
    | has("coeliac_disease")
    | has("short_bowel")
    | has("high_output_stoma")
    | has("chronic_pancreatitis")
    | has("bariatric_surgery")
)
# Limits that differ by sex: a value beyond both needs no sex.
_AUDIT_POSITIVE = (AUDIT_C >= limit("audit-c.positive-men")) | (FEMALE & (AUDIT_C >= limit("audit-c.positive-women")))
_DRINKS_A_WEEK = ALCOHOL * coefficient("alcohol.days-in-week")
_HEAVY_DRINKING = (_DRINKS_A_WEEK >= limit("alcohol.week-men")) | (
    FEMALE & (_DRINKS_A_WEEK >= limit("alcohol.week-women"))
)
ALCOHOL_RISK = has("alcohol_use_disorder") | either_known(_AUDIT_POSITIVE, _HEAVY_DRINKING)

_HIGH_SCORE = limit("depletion-score.group-high")

RULES: Mapping[str, Question] = {
    "risk.ppi": on("ppi"),
    "risk.loop-diuretic": on("loop_diuretic"),
    "risk.thiazide-diuretic": on("thiazide_diuretic"),
    "risk.platinum": on("platinum"),
    "risk.egfr-antibody": on("egfr_antibody"),
    "risk.kidney-wasting-medicine": (
        on("aminoglycoside") | on("amphotericin") | on("foscarnet") | on("pentamidine") | on("calcineurin_inhibitor")
    ),
    "risk.digoxin": on("digoxin"),
    "risk.shift": on("theophylline") | on("beta2_agonist") | on("insulin") | has("refeeding_risk"),
    "risk.gut-loss": GUT_LOSS,
    "risk.kidney-loss": has("gitelman_syndrome") | has("hypercalcaemia") | has("hyperthyroidism"),
    "risk.hormones": (
        has("cushing_syndrome")
        | has("hyperaldosteronism")
        | on("corticosteroid")
        | (has("hypertension") & Provided(fresh(POTASSIUM), POTASSIUM < limit("secondary-cause.potassium-low")))
    ),
    "risk.alcohol": ALCOHOL_RISK,
    "risk.substances": (
        has("opioid_use_disorder")
        | has("cocaine_use_disorder")
        | has("nicotine_dependence")
        | has("substance_use_disorder")
        | TOBACCO
    ),
    "risk.caffeine": CAFFEINE > Pick(PREGNANT, limit("caffeine.note-above-pregnancy"), limit("caffeine.note-above")),
    "risk.type-2-diabetes": has("type_2_diabetes"),
    "risk.eating-disorder": has("eating_disorder") | has("refeeding_risk"),
    "risk.older-age": AGE >= limit("older-person.oxide-laxative"),
    "risk.depletion-score": DEPLETION_SCORE >= _HIGH_SCORE,
    "risk.depletion-score-range": ~known(DEPLETION_SCORE) & (DEPLETION_SCORE_HIGH >= _HIGH_SCORE),
    # A low eGFR raises the score and the danger alike: the answer is to measure.
    "risk.depletion-score-low-kidney": kidney_below(limit("oral-magnesium.kidney-stop"))
    & (DEPLETION_SCORE_HIGH >= _HIGH_SCORE),
    "risk.pregnancy": PREGNANT,
    "risk.child": CHILD,
}
