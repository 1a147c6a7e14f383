"""Is serum magnesium low, normal or high, by which published criteria, or can that not be told?

The laboratory's own interval replaces the default limits; the edges of the severe categories stay. Every comparison
is made in the unit that was reported, with the edge printed for that unit.
"""

from __future__ import annotations

from mgdecide.knowledge.facts import SERUM_MAGNESIUM
from mgdecide.logic.questions import Choose, FirstKnown, Least, OwnEdge, Pick, Question, Sorted, known, limit
from mgdecide.rules.derived import CHILD, PREGNANT

CATEGORIES = (
    "critical_low",
    "severe_hypo",
    "hypo",
    "below_nhanes1",
    "suboptimal",
    "adequate",
    "high_mild",
    "high",
    "high_extreme",
    "undetermined",
)


def _or_own(own: OwnEdge, default: str) -> FirstKnown:
    return FirstKnown((own, limit(default)))


LOWER_LIMIT_ADULT = _or_own(SERUM_MAGNESIUM.own_low, "serum-magnesium.hypo-default")
LOWER_LIMIT_CHILD = _or_own(SERUM_MAGNESIUM.own_low, "children.default.low")
UPPER_LIMIT_ADULT = _or_own(SERUM_MAGNESIUM.own_high, "serum-magnesium.high-default")
UPPER_LIMIT_CHILD = _or_own(SERUM_MAGNESIUM.own_high, "children.default.high")

BELOW_LOWER_LIMIT: Question = Choose(CHILD, SERUM_MAGNESIUM < LOWER_LIMIT_CHILD, SERUM_MAGNESIUM < LOWER_LIMIT_ADULT)
"""Below the laboratory's own lower limit, or the default one where it sent none."""

LOWER_LIMIT = Pick(CHILD, SERUM_MAGNESIUM.edge(LOWER_LIMIT_CHILD), SERUM_MAGNESIUM.edge(LOWER_LIMIT_ADULT))
"""The lower limit in force, in the reported unit."""
UPPER_LIMIT = Pick(CHILD, SERUM_MAGNESIUM.edge(UPPER_LIMIT_CHILD), SERUM_MAGNESIUM.edge(UPPER_LIMIT_ADULT))
"""The upper limit in force, in the reported unit."""

_MILD_HIGH = limit("serum-magnesium.hyper")
ABOVE_UPPER_LIMIT: Question = Choose(
    CHILD,
    SERUM_MAGNESIUM > Least((UPPER_LIMIT_CHILD, _MILD_HIGH)),
    SERUM_MAGNESIUM > Least((UPPER_LIMIT_ADULT, _MILD_HIGH)),
)
"""Above the upper limit; a laboratory's limit above the CTCAE grade 3 edge does not raise it further."""

STATUS = Sorted(
    (
        ("critical_low", SERUM_MAGNESIUM < limit("serum-magnesium.critical-low")),
        ("severe_hypo", SERUM_MAGNESIUM < limit("serum-magnesium.severe-hypo")),
        ("hypo", BELOW_LOWER_LIMIT),
        ("high_extreme", SERUM_MAGNESIUM > limit("serum-magnesium.hyper-extreme")),
        ("high", SERUM_MAGNESIUM > _MILD_HIGH),
        ("high_mild", ABOVE_UPPER_LIMIT),
        ("below_nhanes1", (SERUM_MAGNESIUM < limit("serum-magnesium.nhanes-1-low")) & ~CHILD),
        ("suboptimal", (SERUM_MAGNESIUM < limit("serum-magnesium.risk-limit")) & ~CHILD & ~PREGNANT),
    ),
    otherwise="adequate",
)

_HAS_CTCAE_UNIT = SERUM_MAGNESIUM.has_unit("mg/dL", "mmol/L", "mg/L", "umol/L")

HYPO_GRADE = Sorted(
    (
        ("no unit", ~_HAS_CTCAE_UNIT),
        ("4", SERUM_MAGNESIUM < limit("ctcae.hypomagnesaemia-4")),
        ("3", SERUM_MAGNESIUM < limit("ctcae.hypomagnesaemia-3")),
        ("2", SERUM_MAGNESIUM < limit("ctcae.hypomagnesaemia-2")),
        ("no limit", ~known(SERUM_MAGNESIUM.own_low)),
        ("1", SERUM_MAGNESIUM < SERUM_MAGNESIUM.own_low),
    ),
    otherwise="0",
)
"""CTCAE grade of hypomagnesaemia in the column of the reported unit; grade 1 only against the laboratory's own limit."""

HYPER_GRADE = Sorted(
    (
        ("no unit", ~_HAS_CTCAE_UNIT),
        ("4", SERUM_MAGNESIUM > limit("ctcae.hypermagnesaemia-4")),
        ("3", SERUM_MAGNESIUM > limit("ctcae.hypermagnesaemia-3")),
        ("no limit", ~known(SERUM_MAGNESIUM.own_high)),
        ("1", SERUM_MAGNESIUM > SERUM_MAGNESIUM.own_high),
    ),
    otherwise="0",
)
"""CTCAE grade of hypermagnesaemia; there is no grade 2."""
