"""A patient as the record it could have been read from."""

from __future__ import annotations

from decimal import Decimal

from mgdecide.adapters.record.values import clock_text
from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import MagnesiumProduct, Medication, Patient
from mgdecide.domain.scores import Score

Record = dict[str, object]


def write_record(patient: Patient) -> Record:
    """A record that ``read_patient`` reads back to an equal patient; unknown things are absent.

    What only another reader can know (where a value came from, what it could not use) has no place in a record and
    is left out.
    """
    record: Record = {
        "id": patient.id or None,
        "assessed_on": patient.assessed_on.isoformat() if patient.assessed_on else None,
        "age_years": _number(patient.age_years),
        "sex": patient.sex,
        "weight_kg": _number(patient.weight_kg),
        "height_cm": _number(patient.height_cm),
        "pregnancy": patient.pregnancy,
        "trimester": patient.trimester,
        "lactating": patient.lactating,
        "labs": [_lab(result) for result in patient.labs] or None,
        "scores": [_score(score) for score in patient.scores] or None,
        "conditions": dict(patient.conditions) or None,
        "conditions_complete": patient.conditions_complete or None,
        "presenting": dict(patient.presenting) or None,
        "medications": [_medicine(medicine) for medicine in patient.medications] or None,
        "medications_complete": patient.medications_complete or None,
        "magnesium_products": None
        if patient.magnesium_products is None
        else [_product(product) for product in patient.magnesium_products],
        "diet": _known({"magnesium_mg_per_day": _number(patient.diet_magnesium_mg_per_day)}) or None,
        "substances": _known(
            {
                "alcohol_drinks_per_day": _number(patient.alcohol_drinks_per_day),
                "tobacco": patient.tobacco,
                "caffeine_mg_per_day": _number(patient.caffeine_mg_per_day),
            }
        )
        or None,
        "treatment_history": _known({"adequate_antidepressant_trials_failed": patient.failed_antidepressant_trials})
        or None,
        "acknowledged": sorted(patient.acknowledged) or None,
    }
    return _known(record)


def _known(record: Record) -> Record:
    return {key: value for key, value in record.items() if value is not None}


def _number(number: Decimal | None) -> int | str | None:
    """Whole numbers as numbers, others as text, so that no digit is lost."""
    if number is None:
        return None
    return int(number) if number.as_tuple().exponent == 0 else f"{number:f}"


def _lab(result: LabResult) -> Record:
    reference = _known({"low": _digits(result.reference.low), "high": _digits(result.reference.high)})
    return _known(
        {
            "test": result.test,
            "value": result.shown,
            "unit": result.unit,
            "on": result.on.isoformat() if result.on else None,
            "reference": reference or None,
            "haemolysed": result.haemolysed,
            "unit_confirmed": result.unit_confirmed,
            "loinc": _mismatching_code(result.test, result.unit) if result.code_mismatch else None,
        }
    )


def _mismatching_code(test: str, unit: str) -> str | None:
    """A code of the test whose property speaks against the unit: the code itself was not kept."""
    from mgdecide.knowledge.codes import loinc_codes

    for code in loinc_codes().values():
        if code.fact == test and code.use == "accept" and not code.agrees_with(unit):
            return code.code
    return None


def _digits(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _score(score: Score) -> Record:
    total = score.total
    if score.mismatch and total is not None and total == sum(points for _, points in score.items):
        total -= 1  # the total given was lower and is not kept; any lower one reads back the same
    return _known(
        {
            "instrument": score.instrument,
            "total": total,
            "items": {str(item): points for item, points in score.items} or None,
            "on": score.on.isoformat() if score.on else None,
        }
    )


def _medicine(medicine: Medication) -> Record:
    times = [clock_text(minutes) for minutes in medicine.times] or None
    return _known({"name": medicine.name, "atc": medicine.atc, "rxnorm": medicine.rxnorm, "times": times})


def _product(product: MagnesiumProduct) -> Record:
    return _known(
        {
            "salt": product.salt,
            "amount": product.amount,
            "basis": product.basis,
            "per_day": _number(product.per_day),
        }
    )
