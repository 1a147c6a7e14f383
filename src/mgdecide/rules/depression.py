"""Depression as the scales and the problem list tell it: shared sub-questions, no findings of their own."""

from __future__ import annotations

from mgdecide.knowledge.facts import (
    BDI2,
    DASS21,
    DASS42,
    EPDS,
    FAILED_TRIALS,
    GDS15,
    GDS30,
    HAMD17,
    MADRS,
    PHQ9,
    has,
)
from mgdecide.logic.questions import limit

DEPRESSIVE_SCORE = (
    (PHQ9 >= limit("scale.phq9-mild"))
    | (BDI2 >= limit("scale.bdi2-mild"))
    | (HAMD17 >= limit("scale.hamd17-mild"))
    | (MADRS >= limit("scale.madrs-mild"))
    | (EPDS >= limit("scale.epds-possible"))
    | (GDS15 >= limit("scale.gds15-mild"))
    | (GDS30 >= limit("scale.gds30-mild"))
    | (DASS21 >= limit("scale.dass21-mild"))
    | (DASS42 >= limit("scale.dass42-mild"))
)
"""Any depression scale above its band for minimal symptoms."""

DIAGNOSED = (
    has("major_depressive_disorder")
    | has("recurrent_depressive_disorder")
    | has("depressive_disorder")
    | has("treatment_resistant_depression")
)

DEPRESSED = DEPRESSIVE_SCORE | DIAGNOSED
"""Depressive symptoms by score, or a depressive disorder on the problem list."""

RESISTANT = has("treatment_resistant_depression") | (FAILED_TRIALS >= limit("treatment-resistance.failed-trials"))
"""Two or more adequate antidepressant trials failed, or so diagnosed."""
