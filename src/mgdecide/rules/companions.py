"""What belongs beside a magnesium result: potassium, calcium, the QT interval; zinc, selenium and iron."""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import (
    CALCIUM,
    FERRITIN,
    POTASSIUM,
    QTC,
    SELENIUM,
    SERUM_MAGNESIUM,
    SEX,
    ZINC,
    has,
    on,
)
from mgdecide.logic.questions import Provided, Question, either_known, known, limit
from mgdecide.rules.depression import DEPRESSED
from mgdecide.rules.derived import ALBUMIN_CORRECTED_CALCIUM, FEMALE, fresh, not_old
from mgdecide.rules.intake import DIET_BELOW_AVERAGE_REQUIREMENT
from mgdecide.rules.risks import ALCOHOL_RISK, GUT_LOSS
from mgdecide.rules.status import ABOVE_UPPER_LIMIT, BELOW_LOWER_LIMIT

_LOW = Provided(not_old(SERUM_MAGNESIUM), BELOW_LOWER_LIMIT)
_ABNORMAL = _LOW | Provided(not_old(SERUM_MAGNESIUM), ABOVE_UPPER_LIMIT)
_QT_RISK = on("qt_prolonging") | Provided(not_old(QTC), QTC >= limit("qtc.cardiac-target-shown"))
_LOW_POTASSIUM = Provided(not_old(POTASSIUM), POTASSIUM < limit("urgent.refeeding-potassium"))
_LOW_CALCIUM = either_known(
    Provided(not_old(CALCIUM), ALBUMIN_CORRECTED_CALCIUM < limit("companion.calcium-low", "mmol/L")),
    Provided(not_old(CALCIUM) & ~known(ALBUMIN_CORRECTED_CALCIUM), CALCIUM < limit("companion.calcium-low")),
)
_KNOWN_POTASSIUM_AND_CALCIUM = known(Provided(fresh(POTASSIUM), known(POTASSIUM))) & known(
    Provided(fresh(CALCIUM), known(CALCIUM))
)

# Where the limits differ by sex, a value beyond both needs no sex: written with "or", not with a choice.
RULES: Mapping[str, Question] = {
    "companion.electrolytes": (
        _ABNORMAL
        | _QT_RISK
        | on("loop_diuretic")
        | on("thiazide_diuretic")
        | has("arrhythmia")
        | has("ventricular_arrhythmia")
    )
    & ~_KNOWN_POTASSIUM_AND_CALCIUM,
    "companion.low-potassium": _LOW & _LOW_POTASSIUM,
    "companion.low-calcium": _LOW & _LOW_CALCIUM,
    "companion.qtc-prolonged": Provided(
        not_old(QTC),
        (QTC >= limit("qtc.prolonged-women")) | (~FEMALE & (QTC >= limit("qtc.prolonged-men"))),
    ),
    "companion.qt-magnesium-target": _QT_RISK
    & Provided(not_old(SERUM_MAGNESIUM), SERUM_MAGNESIUM <= limit("cardiac-target.magnesium")),
    "companion.low-zinc": Provided(
        not_old(ZINC), (ZINC < limit("zinc.low-women")) | (SEX.equals("male") & (ZINC < limit("zinc.low-men")))
    ),
    "companion.low-selenium": Provided(not_old(SELENIUM), SELENIUM < limit("selenium.low")),
    "companion.high-selenium": Provided(not_old(SELENIUM), SELENIUM > limit("selenium.high-concern.low")),
    "companion.low-ferritin": Provided(not_old(FERRITIN), FERRITIN < limit("ferritin.low-clinical")),
    "companion.trace-element-screen": DEPRESSED
    & (DIET_BELOW_AVERAGE_REQUIREMENT | GUT_LOSS | has("anaemia") | has("vegan_diet") | ALCOHOL_RISK)
    & ~(known(ZINC) & known(FERRITIN)),
}
