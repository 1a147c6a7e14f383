"""Is serum magnesium low, normal or high, by which published criteria, or can that not be told?

The laboratory's own interval replaces the default limits; the edges of the severe categories stay. Every comparison
is made in the unit that was reported, with the edge printed for that unit.
"""

from __future__ import annotations

from mgdecide.knowledge.facts import SERUM_MAGNESIUM, TRIMESTER
from mgdecide.knowledge.status_words import LEVELS
from mgdecide.logic.questions import FirstKnown, Least, Limit, Literal, OwnEdge, Pick, Question, Sorted, known, limit
from mgdecide.rules.derived import CHILD, PREGNANT

CATEGORIES = (*LEVELS, "undetermined")


def _in_trimester(end: str) -> Pick:
    """The limit of the trimester; unknown where the trimester is, and where the site has set none."""
    first, second, third = (limit(f"pregnancy.trimester-{number}.{end}") for number in ("1", "2", "3"))
    return Pick(TRIMESTER <= Literal(1.0), first, Pick(TRIMESTER <= Literal(2.0), second, third))


def _limit(own: OwnEdge, end: str, adult: Limit) -> FirstKnown:
    """The laboratory's own limit; else the child's; else the trimester's where a site has set it; else the adult's."""
    default = Pick(PREGNANT, FirstKnown((_in_trimester(end), adult)), adult)
    return FirstKnown((own, Pick(CHILD, limit(f"children.default.{end}"), default)))


LOWER_LIMIT = _limit(SERUM_MAGNESIUM.own_low, "low", limit("serum-magnesium.hypo-default"))
UPPER_LIMIT = _limit(SERUM_MAGNESIUM.own_high, "high", limit("serum-magnesium.high-default"))

LOWER_LIMIT_SHOWN = SERUM_MAGNESIUM.edge(LOWER_LIMIT)
"""The lower limit in force, in the reported unit."""
UPPER_LIMIT_SHOWN = SERUM_MAGNESIUM.edge(UPPER_LIMIT)
"""The upper limit in force, in the reported unit."""

BELOW_LOWER_LIMIT: Question = SERUM_MAGNESIUM < LOWER_LIMIT
"""Below the laboratory's own lower limit, or the default one where it sent none."""

_MILD_HIGH = limit("serum-magnesium.hyper")
ABOVE_UPPER_LIMIT: Question = SERUM_MAGNESIUM > Least((UPPER_LIMIT, _MILD_HIGH))
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
"""CTCAE grade of hypomagnesaemia in the reported unit's column; grade 1 only against the laboratory's own limit."""

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
