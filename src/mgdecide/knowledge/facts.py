"""The catalogue's facts as typed constants, for rules to build questions from.

mypy knows that ``EGFR`` is a laboratory fact and ``DIALYSIS`` a yes/no one; the units and allowed words come
from the catalogue, so a fact is declared once.
"""

from __future__ import annotations

from mgdecide.knowledge.catalogue import catalogue
from mgdecide.logic.questions import YesNo

_CATALOGUE = catalogue()

AGE = _CATALOGUE.number("age_years")
WEIGHT = _CATALOGUE.number("weight_kg")
HEIGHT = _CATALOGUE.number("height_cm")
SEX = _CATALOGUE.category("sex")
PREGNANCY = _CATALOGUE.category("pregnancy")
TRIMESTER = _CATALOGUE.number("trimester")
LACTATING = _CATALOGUE.yes_no("lactating")

SERUM_MAGNESIUM = _CATALOGUE.lab("serum_magnesium")
HAEMOLYSED = _CATALOGUE.yes_no("serum_magnesium_haemolysed")
UNIT_CONFIRMED = _CATALOGUE.yes_no("serum_magnesium_unit_confirmed")
IONISED_MAGNESIUM = _CATALOGUE.lab("ionized_magnesium")
RED_CELL_MAGNESIUM = _CATALOGUE.lab("rbc_magnesium")
URINE_MAGNESIUM_24H = _CATALOGUE.lab("urine_magnesium_24h")
URINE_MAGNESIUM = _CATALOGUE.lab("urine_magnesium")
URINE_CREATININE = _CATALOGUE.lab("urine_creatinine")
CREATININE = _CATALOGUE.lab("serum_creatinine")
EGFR = _CATALOGUE.lab("egfr")
ALBUMIN = _CATALOGUE.lab("albumin")
CALCIUM = _CATALOGUE.lab("serum_calcium")
POTASSIUM = _CATALOGUE.lab("serum_potassium")
PHOSPHATE = _CATALOGUE.lab("serum_phosphate")
ZINC = _CATALOGUE.lab("zinc")
FERRITIN = _CATALOGUE.lab("ferritin")
SELENIUM = _CATALOGUE.lab("selenium")
HBA1C = _CATALOGUE.lab("hba1c")
QTC = _CATALOGUE.lab("qtc")

PHQ9 = _CATALOGUE.number("phq9_total")
PHQ9_ITEM_9 = _CATALOGUE.number("phq9_item_9")
BDI2 = _CATALOGUE.number("bdi2_total")
BDI2_ITEM_9 = _CATALOGUE.number("bdi2_item_9")
HAMD17 = _CATALOGUE.number("hamd17_total")
HAMD17_ITEM_3 = _CATALOGUE.number("hamd17_item_3")
MADRS = _CATALOGUE.number("madrs_total")
MADRS_ITEM_10 = _CATALOGUE.number("madrs_item_10")
EPDS = _CATALOGUE.number("epds_total")
EPDS_ITEM_10 = _CATALOGUE.number("epds_item_10")
GAD7 = _CATALOGUE.number("gad7")
GDS15 = _CATALOGUE.number("gds15")
GDS30 = _CATALOGUE.number("gds30")
DASS21 = _CATALOGUE.number("dass21_depression")
DASS42 = _CATALOGUE.number("dass42_depression")
AUDIT_C = _CATALOGUE.number("audit_c")

FAILED_TRIALS = _CATALOGUE.number("failed_antidepressant_trials")
ALCOHOL = _CATALOGUE.number("alcohol_drinks_per_day")
CAFFEINE = _CATALOGUE.number("caffeine_mg_per_day")
TOBACCO = _CATALOGUE.yes_no("tobacco")
DIET_MAGNESIUM = _CATALOGUE.number("diet_magnesium_mg_per_day")
PRODUCT_MAGNESIUM_LOW = _CATALOGUE.number("product_magnesium_mg_low")
PRODUCT_MAGNESIUM_HIGH = _CATALOGUE.number("product_magnesium_mg_high")
TAKES_PRODUCT = _CATALOGUE.yes_no("takes_magnesium_product")

UNRECOGNISED_MEDICINE = _CATALOGUE.yes_no("unrecognised_medicine")
CONFLICTING_RESULTS = _CATALOGUE.yes_no("conflicting_results")
CODE_UNIT_MISMATCH = _CATALOGUE.yes_no("code_unit_mismatch")
UNTAKEN_LIMIT = _CATALOGUE.yes_no("interval_not_used")
SCORE_MISMATCH = _CATALOGUE.yes_no("score_mismatch")
MEDICINE_MISMATCH = _CATALOGUE.yes_no("medicine_mismatch")
UNDATED_RESULT = _CATALOGUE.yes_no("undated_result")
OTHER_MAGNESIUM_HIGH = _CATALOGUE.yes_no("other_magnesium_high")
OTHER_MAGNESIUM_CRITICAL_LOW = _CATALOGUE.yes_no("other_magnesium_critical_low")
CONDITIONS_COMPLETE = _CATALOGUE.yes_no("conditions_complete")
MEDICATIONS_COMPLETE = _CATALOGUE.yes_no("medications_complete")


def has(condition: str) -> YesNo:
    """A condition of the catalogue: ``has("myasthenia_gravis")``."""
    return _CATALOGUE.yes_no(condition)


def on(medicine_class: str) -> YesNo:
    """A medicine class of the catalogue: ``on("ppi")``."""
    return _CATALOGUE.yes_no(f"on_{medicine_class}")
