"""Derived numbers and shared sub-questions: expressions over facts, with every coefficient from the knowledge.

A derived number is rounded once, so that the last bit of a power on another engine cannot flip an edge.
"""

from __future__ import annotations

from collections.abc import Callable

from mgdecide.knowledge.facts import (
    AGE,
    ALBUMIN,
    CALCIUM,
    CREATININE,
    EGFR,
    HEIGHT,
    PREGNANCY,
    SERUM_MAGNESIUM,
    SEX,
    URINE_CREATININE,
    URINE_MAGNESIUM,
    WEIGHT,
    has,
)
from mgdecide.logic.questions import (
    Choose,
    Compare,
    Greatest,
    Lab,
    LabCompare,
    Least,
    Limit,
    Literal,
    NoNumber,
    Number,
    Operator,
    Pick,
    Provided,
    Question,
    Rounded,
    UnitEdges,
    coefficient,
    known,
    limit,
    surely,
)

ADULT = AGE >= limit("adult.from-age")
CHILD = surely(AGE < limit("adult.from-age"))
"""Known to be under 18. An unknown age is judged by adult limits, with a caveat."""
PREGNANT = surely(PREGNANCY.equals("pregnant"))
FEMALE = Provided(SEX.equals("female", "male"), SEX.equals("female"))
"""Unknown where sex is neither word: no equation is guessed."""

_ONE = Literal(1.0)


def fresh(lab: Lab) -> Question:
    """The result is dated and not stale on the day of assessment."""
    return surely(lab.age_days <= limit("stale.result"))


def not_old(lab: Lab) -> Question:
    """Not known to be stale: an undated result passes, for what may rest on any known value."""
    return ~surely(lab.age_days > limit("stale.result"))


def _ckd_epi_2021() -> Number:
    """142 x min(Scr/k, 1)^a x max(Scr/k, 1)^-1.200 x 0.9938^age (x 1.012 if female); adults only."""
    creatinine = CREATININE.in_unit("mg/dL")
    kappa = Pick(FEMALE, coefficient("ckd-epi-2021.kappa-female"), coefficient("ckd-epi-2021.kappa-male"))
    alpha = Pick(FEMALE, coefficient("ckd-epi-2021.alpha-female"), coefficient("ckd-epi-2021.alpha-male"))
    ratio = creatinine / kappa
    value = (
        coefficient("ckd-epi-2021.scale")
        * Least((ratio, _ONE)) ** alpha
        * Greatest((ratio, _ONE)) ** coefficient("ckd-epi-2021.exponent")
        * coefficient("ckd-epi-2021.age-base") ** AGE
        * Pick(FEMALE, coefficient("ckd-epi-2021.female"), _ONE)
    )
    return Pick(ADULT, Rounded(value, 1), NoNumber())


CKD_EPI_2021 = _ckd_epi_2021()
"""eGFR from creatinine in mL/min/1.73m2, to one decimal; unknown under 18 and where sex is neither or unknown."""


# Where the equation speaks at all: a fresh creatinine in someone not known to be under 18 or of another sex.
_EGFR_IS_THERE = fresh(EGFR) & known(EGFR)
_EQUATION_APPLIES = fresh(CREATININE) & known(CREATININE) & ~CHILD & ~surely(SEX.equals("other"))


def kidney_below(edge: Limit) -> Question:
    """Kidney function below an edge, by the reported and the calculated eGFR; the worse of the two decides.

    Either alone suffices. Stale results count as unknown. Where a creatinine is there but age or sex is missing, the
    calculated figure is unknown, not absent: it might be the worse one.
    """
    return _kidney(EGFR < edge, CKD_EPI_2021 < edge)


SEVERE_KIDNEY_DISEASE = surely(has("chronic_kidney_disease_stage_4_or_5"))
"""Stage 4 begins where the kidney stop lies: the stage on a problem list stops as a figure does."""


def kidney(operator: Operator, edge: float) -> Question:
    """Kidney function compared with a study's own edge, the worse of the two figures deciding."""
    edges = UnitEdges(EGFR, tuple((unit, edge) for unit in EGFR.units))
    if operator in (Operator.MORE, Operator.AT_LEAST):
        below = Operator.AT_MOST if operator is Operator.MORE else Operator.LESS
        return ~kidney(below, edge)
    return _kidney(LabCompare(EGFR, operator, edges), Compare(CKD_EPI_2021, operator, Literal(edge)))


def _kidney(reported: Question, calculated: Question) -> Question:
    reported, calculated = Provided(fresh(EGFR), reported), Provided(fresh(CREATININE), calculated)
    # A reported "<60" is there, though it does not tell on which side of 30 it lies: no calculated figure outvotes it.
    return Choose(_EGFR_IS_THERE, Choose(_EQUATION_APPLIES, reported | calculated, reported), calculated)


def _body_mass_index() -> Number:
    metres = HEIGHT / coefficient("bmi.centimetres-per-metre")
    return Rounded(WEIGHT / (metres * metres), 1)


BODY_MASS_INDEX = _body_mass_index()
"""Weight over height squared in kg/m2, to one decimal."""


def _fractional_excretion() -> Number:
    """100 x (urine Mg x plasma creatinine) / (0.7 x plasma Mg x urine creatinine), in percent."""
    excreted = URINE_MAGNESIUM.in_unit("mg/dL") * CREATININE.in_unit("mg/dL")
    filtered = (
        coefficient("fractional-excretion.filterable-share")
        * SERUM_MAGNESIUM.in_unit("mg/dL")
        * URINE_CREATININE.in_unit("mg/dL")
    )
    return Rounded(coefficient("fractional-excretion.percent") * excreted / filtered, 2)


FRACTIONAL_EXCRETION = _fractional_excretion()
"""Fractional excretion of magnesium in percent, to two decimals."""

ALBUMIN_CORRECTED = Rounded(
    SERUM_MAGNESIUM.in_unit("mmol/L")
    + coefficient("albumin-correction.slope") * (coefficient("albumin-correction.reference") - ALBUMIN.in_unit("g/L")),
    3,
)
"""Albumin-corrected magnesium in mmol/L. An extra line where albumin is low; never used for a category."""


ALBUMIN_CORRECTED_CALCIUM = Rounded(
    CALCIUM.in_unit("mmol/L")
    + coefficient("adjusted-calcium.slope") * (coefficient("adjusted-calcium.reference") - ALBUMIN.in_unit("g/L")),
    2,
)
"""Albumin-adjusted calcium in mmol/L."""


def _depletion_score(read: Callable[[Question], Question]) -> Number:
    """The sum of points, with every item read by ``read``: as it is, at its best or at its worst."""
    from mgdecide.knowledge.facts import ALCOHOL, on

    heavy = (ALCOHOL > limit("depletion-score.alcohol-men")) | (
        FEMALE & (ALCOHOL > limit("depletion-score.alcohol-women"))
    )
    reduced = read(kidney_below(limit("depletion-score.kidney-reduced-below")))
    mild = read(kidney_below(limit("depletion-score.kidney-mild-below")))
    none = Literal(0.0)
    return (
        Pick(read(on("diuretic")), coefficient("depletion-score.diuretic"), none)
        + Pick(read(on("ppi")), coefficient("depletion-score.proton-pump-inhibitor"), none)
        + Pick(
            reduced,
            coefficient("depletion-score.kidney-reduced"),
            Pick(mild, coefficient("depletion-score.kidney-mild"), none),
        )
        + Pick(read(heavy), coefficient("depletion-score.alcohol"), none)
    )


def _as_it_is(question: Question) -> Question:
    return question


def _possibly(question: Question) -> Question:
    return ~surely(~question)


DEPLETION_SCORE = _depletion_score(_as_it_is)
"""Magnesium Depletion Score, 0 to 5; unknown while an item is."""
DEPLETION_SCORE_LOW = _depletion_score(surely)
"""The score if every unknown item is absent."""
DEPLETION_SCORE_HIGH = _depletion_score(_possibly)
"""The score if every unknown item is present."""

AV_BLOCK = has("mobitz_ii_or_third_degree_av_block") & ~has("pacemaker")
KIDNEY_KNOWN = known(kidney_below(limit("oral-magnesium.kidney-stop")))
