"""What calls for care with oral magnesium without forbidding it."""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import AGE, PHOSPHATE, SERUM_MAGNESIUM, TAKES_PRODUCT, has, on
from mgdecide.logic.questions import Provided, Question, limit, surely
from mgdecide.rules.derived import PREGNANT, fresh, kidney_below, not_old
from mgdecide.rules.gate import CONTRAINDICATED
from mgdecide.rules.status import BELOW_LOWER_LIMIT

_STOP = kidney_below(limit("oral-magnesium.kidney-stop"))

RULES: Mapping[str, Question] = {
    "caution.kidney-moderate": ~_STOP & kidney_below(limit("oral-magnesium.kidney-caution")),
    "caution.conduction": (has("heart_block") & ~has("mobitz_ii_or_third_degree_av_block")) | has("bradycardia"),
    "caution.paced-block": has("mobitz_ii_or_third_degree_av_block") & has("pacemaker"),
    "caution.product-while-contraindicated": surely(TAKES_PRODUCT) & CONTRAINDICATED,
    "caution.struvite-stones": has("struvite_stones"),
    "caution.dehydration": has("dehydration"),
    "caution.older-product-user": (AGE >= limit("older-person.oxide-laxative")) & TAKES_PRODUCT,
    "caution.phenylketonuria": has("phenylketonuria"),
    "caution.fructose-intolerance": has("fructose_intolerance"),
    "caution.hyperphosphataemia": Provided(fresh(PHOSPHATE), PHOSPHATE > limit("companion.phosphate-high")),
    "caution.diarrhoea": has("chronic_diarrhoea") | has("irritable_bowel_syndrome"),
    "caution.gitelman-target": has("gitelman_syndrome")
    & Provided(not_old(SERUM_MAGNESIUM), BELOW_LOWER_LIMIT)
    & (SERUM_MAGNESIUM >= limit("gitelman.floor")),
    "caution.pregnancy-intravenous": PREGNANT,
    "caution.bipolar": has("bipolar_disorder") | on("bipolar_or_psychosis_medicine"),
}
