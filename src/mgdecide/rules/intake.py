"""Magnesium eaten against what is required, and magnesium from products against the upper level.

The upper level speaks of supplements and medicines only; food is never counted against it. For one person a diet is
reported as below the average requirement, between it and the recommended allowance, or at or above that.
"""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.knowledge.facts import (
    AGE,
    DIET_MAGNESIUM,
    LACTATING,
    PREGNANCY,
    PRODUCT_MAGNESIUM_HIGH,
    PRODUCT_MAGNESIUM_LOW,
    SEX,
    TAKES_PRODUCT,
)
from mgdecide.knowledge.intake import IntakeRow, intake_rows
from mgdecide.logic.questions import All, Least, Literal, NoNumber, Number, Pick, Question, known, limit, surely
from mgdecide.rules.derived import CHILD


def _applies(row: IntakeRow) -> Question:
    terms: list[Question] = [AGE >= Literal(row.age_from)]
    if row.age_below is not None:
        terms.append(AGE < Literal(row.age_below))
    if row.sex is not None:
        terms.append(SEX.equals(row.sex))
    if row.state == "pregnant":
        terms.append(surely(PREGNANCY.equals("pregnant")))
    if row.state == "lactating":
        terms.append(surely(LACTATING))
    return All(tuple(terms))


def reference_intake(issuer: str, measure: str) -> Number:
    """A reference intake in mg a day for this person's age, sex and state; unknown where age or sex is."""
    rows = [row for row in intake_rows() if (row.issuer, row.measure) == (issuer, measure)]
    special_first = sorted(rows, key=lambda row: row.state == "")
    found: Number = NoNumber()
    for row in reversed(special_first):
        found = Pick(_applies(row), Literal(row.milligrams), found)
    return found


AVERAGE_REQUIREMENT = reference_intake("IOM", "EAR")
RECOMMENDED_ALLOWANCE = reference_intake("IOM", "RDA")

DIET_BELOW_AVERAGE_REQUIREMENT = DIET_MAGNESIUM < AVERAGE_REQUIREMENT

UPPER_LEVEL = Pick(CHILD, Least((reference_intake("IOM", "UL"), limit("upper-level.here"))), limit("upper-level.here"))
"""The upper level from supplements and medicines: a child's by age where it is lower, else the one of the locale."""

RULES: Mapping[str, Question] = {
    "intake.diet-below-requirement": DIET_BELOW_AVERAGE_REQUIREMENT,
    "intake.diet-between": (DIET_MAGNESIUM >= AVERAGE_REQUIREMENT) & (DIET_MAGNESIUM < RECOMMENDED_ALLOWANCE),
    "intake.diet-at-allowance": DIET_MAGNESIUM >= RECOMMENDED_ALLOWANCE,
    "intake.products-above-upper-level": PRODUCT_MAGNESIUM_LOW > UPPER_LEVEL,
    "intake.products-may-exceed-upper-level": (PRODUCT_MAGNESIUM_HIGH > UPPER_LEVEL)
    & (PRODUCT_MAGNESIUM_LOW <= UPPER_LEVEL),
    "intake.products-not-counted": surely(TAKES_PRODUCT) & ~known(PRODUCT_MAGNESIUM_HIGH),
}
