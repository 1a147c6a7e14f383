"""Claims in circulation about magnesium and depression: when they concern this patient, with their other side.

A statement never says that magnesium treats depression, and a positive one is never shown without its negative
counterpart. None of them closes or opens anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import (
    AGE,
    PHQ9,
    PREGNANCY,
    RED_CELL_MAGNESIUM,
    SERUM_MAGNESIUM,
    TOBACCO,
    has,
    on,
)
from mgdecide.logic.questions import Provided, Question, known, limit, surely
from mgdecide.rules.depression import DEPRESSED, DEPRESSIVE_SCORE, RESISTANT
from mgdecide.rules.derived import ADULT, CHILD, FEMALE, kidney_below, not_old
from mgdecide.rules.intake import DIET_BELOW_AVERAGE_REQUIREMENT
from mgdecide.rules.status import BELOW_LOWER_LIMIT
from mgdecide.rules.urgent import SUICIDAL_THOUGHTS

_TRIAL_LOW = Provided(not_old(SERUM_MAGNESIUM), SERUM_MAGNESIUM < limit("statement.trial-low-magnesium"))
_PLACEBO_TRIAL_LOW = _TRIAL_LOW | Provided(
    not_old(SERUM_MAGNESIUM), FEMALE & (SERUM_MAGNESIUM < limit("statement.trial-low-magnesium-women"))
)
_LOW = Provided(not_old(SERUM_MAGNESIUM), BELOW_LOWER_LIMIT)
_BELOW_NHANES = Provided(not_old(SERUM_MAGNESIUM), SERUM_MAGNESIUM < limit("serum-magnesium.nhanes-1-low"))
# No trial is quoted to a person whom none of them reached: section by section the trials excluded these.
NOT_REACHED = (
    CHILD
    | surely(PREGNANCY.equals("pregnant"))
    | surely(has("bipolar_disorder"))
    | surely(has("psychosis"))
    | surely(SUICIDAL_THOUGHTS)
    | surely(has("suicide_plan") | has("suicide_intent") | has("recent_attempt"))
    | surely(kidney_below(limit("oral-magnesium.kidney-caution")))
    | surely(PHQ9 >= limit("scale.phq9-severe"))
)
_KIDNEY_SOUND = ~kidney_below(limit("oral-magnesium.kidney-caution"))

RULES: Mapping[str, Question] = {
    "statement.two-decisions": (_LOW | _PLACEBO_TRIAL_LOW) & DEPRESSED,
    "statement.low-magnesium-trial": ~NOT_REACHED & DEPRESSIVE_SCORE & _PLACEBO_TRIAL_LOW & ADULT & _KIDNEY_SOUND,
    "statement.low-magnesium-trial-not-here": DEPRESSIVE_SCORE & ~_PLACEBO_TRIAL_LOW,
    "statement.open-trial": ~NOT_REACHED
    & (PHQ9 >= limit("statement.open-trial-phq9-from"))
    & (PHQ9 <= limit("statement.open-trial-phq9-to"))
    & ~has("psychosis"),
    "statement.pooled-trials": DEPRESSED & ADULT,
    "statement.diet-association": DIET_BELOW_AVERAGE_REQUIREMENT,
    "statement.imipramine-comparison": ~NOT_REACHED
    & (AGE >= limit("statement.imipramine-comparison-age"))
    & has("type_2_diabetes")
    & _TRIAL_LOW
    & DEPRESSED,
    "statement.treatment-resistant": RESISTANT,
    "statement.resistant-measure": RESISTANT & _BELOW_NHANES,
    "statement.ssri-add-on": on("ssri") & DEPRESSED,
    "statement.hormones": has("cushing_syndrome") | has("hyperaldosteronism") | on("corticosteroid"),
    "statement.ketamine": on("ketamine"),
    "statement.trace-elements": DEPRESSED & DIET_BELOW_AVERAGE_REQUIREMENT,
    "statement.addiction": (
        has("opioid_use_disorder")
        | has("cocaine_use_disorder")
        | has("alcohol_use_disorder")
        | has("substance_use_disorder")
        | has("nicotine_dependence")
        | TOBACCO
    ),
    "statement.stress": has("ptsd"),
    "statement.red-cell-on-treatment": known(RED_CELL_MAGNESIUM) & (on("ssri") | on("tca")),
    "statement.no-extrapolation": DEPRESSED & NOT_REACHED,
}
