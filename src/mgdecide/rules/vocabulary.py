"""The names and numbers that words need: labels of facts, names of derived numbers, limits with their units."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.questions import Limit, Number
from mgdecide.rules import derived, intake

DERIVED: Mapping[str, tuple[Number, str, str]] = {
    "egfr_ckd_epi_2021": (derived.CKD_EPI_2021, "calculated eGFR (CKD-EPI 2021)", "mL/min/1.73m2"),
    "body_mass_index": (derived.BODY_MASS_INDEX, "body mass index", "kg/m2"),
    "fractional_excretion_magnesium": (derived.FRACTIONAL_EXCRETION, "fractional excretion of magnesium", "%"),
    "albumin_corrected_magnesium": (derived.ALBUMIN_CORRECTED, "albumin-corrected magnesium", "mmol/L"),
    "albumin_corrected_calcium": (derived.ALBUMIN_CORRECTED_CALCIUM, "albumin-adjusted calcium", "mmol/L"),
    "magnesium_depletion_score": (derived.DEPLETION_SCORE, "Magnesium Depletion Score", "points"),
    "magnesium_depletion_score_low": (derived.DEPLETION_SCORE_LOW, "lowest Magnesium Depletion Score", "points"),
    "magnesium_depletion_score_high": (derived.DEPLETION_SCORE_HIGH, "highest Magnesium Depletion Score", "points"),
    "average_requirement": (intake.AVERAGE_REQUIREMENT, "estimated average requirement", "mg/day"),
    "recommended_allowance": (intake.RECOMMENDED_ALLOWANCE, "recommended dietary allowance", "mg/day"),
}
"""Derived numbers that have a name: the expression, its English name and its unit."""

_NAMES = {number: name for name, (number, _, _) in DERIVED.items()}


@frozen(eq=False)
class Words:
    """The vocabulary of one knowledge."""

    knowledge: Knowledge

    def label(self, fact: str) -> str:
        """The English name of a fact, a column or a derived number."""
        if fact in DERIVED:
            return DERIVED[fact][1]
        catalogue = self.knowledge.catalogue
        known = catalogue.facts.get(fact)
        if known is not None:
            return known.label
        owner = catalogue.facts.get(catalogue.owner(fact))
        if owner is None:
            return fact.replace("_", " ")
        if fact == f"{owner.name}_age_days":
            return f"age of {owner.label}"
        return f"{owner.label} ({fact.removeprefix(owner.name).strip('_').replace('_', ' ')})"

    def name_of(self, node: Number) -> str | None:
        """The name of a derived number, if it has one."""
        return _NAMES.get(node)

    def limit_words(self, limit: Limit, units: tuple[str, ...]) -> str:
        """A limit as printed, unit by unit."""
        return self.knowledge.limit_words(limit.id, limit.unit)
