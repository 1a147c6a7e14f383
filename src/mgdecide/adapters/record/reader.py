"""From the shape of a record to a patient: names, units, ranges, dates; every mistake noted, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from math import ceil

from attrs import evolve, frozen

from mgdecide.adapters.record.labs import read_lab
from mgdecide.adapters.record.limits import check_range, plain, plausible_ranges
from mgdecide.adapters.record.mistakes import Mistakes
from mgdecide.adapters.record.models import (
    DietShape,
    MedicationShape,
    ProductShape,
    RecordShape,
    SubstancesShape,
    TreatmentShape,
)
from mgdecide.adapters.record.problems import Location, path_of
from mgdecide.adapters.record.scores import read_score
from mgdecide.adapters.suggestions import one_of
from mgdecide.domain.patient import MagnesiumProduct, Medication, Patient
from mgdecide.errors import DoseError, PeriodMixed, Problem
from mgdecide.knowledge.catalogue import catalogue

_NO_DIET, _NO_SUBSTANCES, _NO_TREATMENT = DietShape(), SubstancesShape(), TreatmentShape()


def patient_of(shape: RecordShape, assessed_on: date | None, mistakes: Mistakes) -> Patient:
    """The patient a record describes, judged at ``assessed_on``; to be thrown away if a mistake was noted."""
    labs = [read_lab(lab, ("labs", at), assessed_on, mistakes) for at, lab in enumerate(shape.labs or ())]
    scores = [read_score(score, ("scores", at), assessed_on, mistakes) for at, score in enumerate(shape.scores or ())]
    diet, substances = shape.diet or _NO_DIET, shape.substances or _NO_SUBSTANCES
    treatment = shape.treatment_history or _NO_TREATMENT
    _check_ranges(shape, diet, substances, treatment, mistakes)
    return Patient(
        id=shape.id or "",
        assessed_on=assessed_on,
        age_years=shape.age_years,
        sex=_word(shape.sex, "sex", mistakes),
        weight_kg=shape.weight_kg,
        height_cm=shape.height_cm,
        pregnancy=_word(shape.pregnancy, "pregnancy", mistakes),
        trimester=shape.trimester,
        lactating=shape.lactating,
        labs=[lab for lab in labs if lab is not None],
        scores=[score for score in scores if score is not None],
        conditions=_statements(shape.conditions, "conditions", "MGD-R150", mistakes),
        conditions_complete=shape.conditions_complete or False,
        presenting=_statements(shape.presenting, "presenting", "MGD-R151", mistakes),
        medications=[_medicine(each, at, mistakes) for at, each in enumerate(shape.medications or ())],
        medications_complete=shape.medications_complete or False,
        magnesium_products=_products(shape.magnesium_products, mistakes),
        diet_magnesium_mg_per_day=diet.magnesium_mg_per_day,
        alcohol_drinks_per_day=substances.alcohol_drinks_per_day,
        tobacco=substances.tobacco,
        caffeine_mg_per_day=substances.caffeine_mg_per_day,
        failed_antidepressant_trials=treatment.adequate_antidepressant_trials_failed,
        acknowledged=_acknowledged(shape.acknowledged, mistakes),
    )


def _check_ranges(
    shape: RecordShape, diet: DietShape, substances: SubstancesShape, treatment: TreatmentShape, mistakes: Mistakes
) -> None:
    alcohol, caffeine = substances.alcohol_drinks_per_day, substances.caffeine_mg_per_day
    numbers: tuple[tuple[Decimal | int | None, str, str, Location], ...] = (
        (shape.age_years, "age_years", "years", ("age_years",)),
        (shape.weight_kg, "weight_kg", "kg", ("weight_kg",)),
        (shape.height_cm, "height_cm", "cm", ("height_cm",)),
        (shape.trimester, "trimester", "trimester", ("trimester",)),
        (diet.magnesium_mg_per_day, "diet_magnesium_mg_per_day", "mg/day", ("diet", "magnesium_mg_per_day")),
        (alcohol, "alcohol_drinks_per_day", "drinks/day", ("substances", "alcohol_drinks_per_day")),
        (caffeine, "caffeine_mg_per_day", "mg/day", ("substances", "caffeine_mg_per_day")),
        (treatment.adequate_antidepressant_trials_failed, "failed_antidepressant_trials", "trials",
         ("treatment_history", "adequate_antidepressant_trials_failed")),
    )  # fmt: skip
    for number, fact, unit, location in numbers:
        if number is not None:
            check_range(number, fact, unit, location, mistakes)


# --- words of the catalogue ---------------------------------------------------------------------------------

_WORD_ALIASES = {
    "f": "female",
    "woman": "female",
    "m": "male",
    "man": "male",
    "yes": "pregnant",
    "true": "pregnant",
    "no": "not pregnant",
    "false": "not pregnant",
}


@cache
def names(group: str) -> tuple[str, ...]:
    """The keys of a group of the catalogue."""
    return tuple(fact.name for fact in catalogue().group(group))


@cache
def _known(group: str) -> frozenset[str]:
    return frozenset(names(group))


def _word(given: str | None, fact: str, mistakes: Mistakes) -> str | None:
    values = catalogue().facts[fact].values
    if given is not None and given not in values:
        aliases = {key: name for key, name in _WORD_ALIASES.items() if name in values}
        mistakes.note("MGD-R152", (fact,), given, one_of(values, given, aliases))
        return None
    return given


def _statements(given: Mapping[str, bool | None] | None, group: str, code: str, mistakes: Mistakes) -> dict[str, bool]:
    if not given:
        return {}
    other = "presenting" if group == "conditions" else "conditions"
    for key in given if not given.keys() <= _known(group) else ():
        if key in _known(group):
            continue
        accepted = f'this key stands under "{other}"' if key in _known(other) else one_of(names(group), key)
        mistakes.note(code, (group, key), key, accepted)
    return {key: said for key, said in given.items() if said is not None}


@cache
def urgent_rules() -> tuple[str, ...]:
    """The ids of the urgent rules, which a clinician may acknowledge."""
    from mgdecide.knowledge.rule_entries import load_rule_entries

    return tuple(sorted(id for id, entry in load_rule_entries().items() if entry.kind == "urgent"))


def _acknowledged(given: list[str] | None, mistakes: Mistakes) -> frozenset[str]:
    for at, rule in enumerate(given or ()):
        if rule not in urgent_rules():
            mistakes.note("MGD-R190", ("acknowledged", at), rule, one_of(urgent_rules(), rule))
    return frozenset(given or ())


# --- medicines and products ---------------------------------------------------------------------------------


def _medicine(shape: MedicationShape, at: int, mistakes: Mistakes) -> Medication:
    if shape.name is None and shape.atc is None and shape.rxnorm is None:
        mistakes.missing(("medications", at), "a name, an atc code or an rxnorm number")
    return Medication(shape.name, shape.atc, shape.rxnorm, tuple(sorted(set(shape.times or ()))))


def _products(shapes: list[ProductShape] | None, mistakes: Mistakes) -> list[MagnesiumProduct] | None:
    if shapes is None:
        return None
    found = [_product(shape, ("magnesium_products", at), mistakes) for at, shape in enumerate(shapes)]
    return [product for product in found if product is not None]


def _product(shape: ProductShape, location: Location, mistakes: Mistakes) -> MagnesiumProduct | None:
    from mgdecide.domain.doses import BASES

    if shape.salt is None:
        mistakes.missing((*location, "salt"), 'the salt in full, such as "magnesium oxide"')
    if shape.amount is None:
        mistakes.missing((*location, "amount"), 'one dose with its unit, such as "400 mg"')
    if shape.basis is not None and shape.basis not in BASES:
        accepted = f"{one_of(BASES, shape.basis)}; leave it out where the label does not say"
        mistakes.note("MGD-R152", (*location, "basis"), shape.basis, accepted)
    if shape.per_day is not None and shape.per_day == 0:
        accepted = "more than 0 doses a day, or leave the product out"
        mistakes.note("MGD-R121", (*location, "per_day"), shape.per_day, accepted)
    label = _label(shape.salt, shape.amount, shape.basis)
    if isinstance(label, tuple):
        for problem in label:
            mistakes.add((*location, problem.path), evolve(problem, path=path_of((*location, problem.path))))
        return None
    most = plausible_ranges()["product_magnesium_mg_high", "mg/day"][1]
    if label.highest * (1 if shape.per_day is None else shape.per_day) > most:
        accepted = f"at most {plain(most)} mg of elemental magnesium a day"
        mistakes.note("MGD-R121", (*location, "amount"), shape.amount, accepted)
    return MagnesiumProduct(label.salt, label.amount, shape.basis, shape.per_day)


@frozen
class _Label:
    """What a label says, and the most elemental magnesium one dose of it can hold, in mg."""

    salt: str
    amount: str
    highest: Decimal


@lru_cache(maxsize=512)
def _label(salt: str | None, amount: str | None, basis: str | None) -> _Label | tuple[Problem, ...]:
    """The label, or every mistake in it; a label without salt or amount has been told already."""
    from mgdecide.domain.amounts import read_amount
    from mgdecide.domain.doses import BASES, read_dose
    from mgdecide.domain.intervals import as_interval
    from mgdecide.domain.salts import find_salt

    problems: list[Problem] = []
    try:
        found = None if salt is None else find_salt(salt)
    except DoseError as error:
        problems += error.problems
    try:
        read = None if amount is None else read_amount(amount)
    except DoseError as error:
        problems += error.problems
    if problems or found is None or read is None or amount is None or basis not in (None, *BASES):
        return tuple(problems)
    try:
        most = as_interval(read_dose(read, found, basis).elemental_mg).high
    except PeriodMixed as error:
        accepted = 'one dose; how many a day stands under "per_day"'
        return tuple(evolve(problem, accepted=accepted) for problem in error.problems)
    except DoseError as error:
        return error.problems
    return _Label(found.name, " ".join(amount.split()), Decimal(ceil(most)))
