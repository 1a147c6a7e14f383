"""One patient as a row of facts: the only place where a patient becomes columns.

The row holds what is known and nothing else; a column that is absent is unknown. It is the row that every engine
judges, so whatever a rule may read is here, and what is decided here (which of two results counts) is decided
the same for one patient and for a cohort.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from attrs import evolve, frozen

from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import MagnesiumProduct, Medication, Patient
from mgdecide.domain.scores import Score
from mgdecide.knowledge.catalogue import Fact
from mgdecide.knowledge.edition import Knowledge
from mgdecide.knowledge.medicines import Unrecognised

Judge = Callable[[Mapping[str, object]], str]
"""The status category of a magnesium reading, from its columns."""

# From the mildest to the gravest: of two results on one day the graver one is shown.
GRAVITY = (
    "adequate",
    "suboptimal",
    "below_nhanes1",
    "hypo",
    "severe_hypo",
    "high_mild",
    "high",
    "critical_low",
    "high_extreme",
)
_OPEN = 0.5
"""Half a step: between two categories."""
HIGH = ("high_mild", "high", "high_extreme")
OTHER_MAGNESIUM = ("other_magnesium_high", "other_magnesium_critical_low")


@frozen
class Reading:
    """A patient's row, and what it was made from, so that a report can name results and medicines as given."""

    row: dict[str, object]
    results: dict[str, LabResult]
    """The result of each test that counts."""
    same_day: dict[str, tuple[LabResult, ...]]
    """Other, differing results of the same test on the same day."""
    medicines: dict[str, tuple[Medication, ...]]
    """The medicines that belong to each class."""
    unrecognised: tuple[Medication, ...]
    undated: tuple[LabResult, ...]
    """Results without a date beside dated ones of the same test: shown, and not used."""


def read_patient_row(patient: Patient, knowledge: Knowledge, rank: Judge) -> Reading:
    """The fact row of one patient, with what it was made from."""
    row: dict[str, object] = {}
    _person(patient, row)
    results, same_day, undated = _labs(patient, knowledge, rank, row)
    _scores(patient.scores, knowledge, row)
    medicines, unrecognised = _medicines(patient, knowledge, row)
    _products(patient, medicines.get("magnesium_product", ()), knowledge, row)
    if patient.conditions_complete:
        row.update(knowledge.no_conditions)
    row.update(patient.conditions)
    row.update(patient.presenting)
    for rule in patient.acknowledged:
        row[acknowledged_column(rule)] = True
    return Reading(row, results, same_day, medicines, unrecognised, undated)


def acknowledged_column(rule: str) -> str:
    """The yes/no column that says an urgent rule was acknowledged: ``acknowledged_urgent_suicide_item``."""
    return "acknowledged_" + rule.replace(".", "_").replace("-", "_")


def _person(patient: Patient, row: dict[str, object]) -> None:
    for column, number in (
        ("age_years", patient.age_years),
        ("weight_kg", patient.weight_kg),
        ("height_cm", patient.height_cm),
        ("trimester", patient.trimester),
        ("diet_magnesium_mg_per_day", patient.diet_magnesium_mg_per_day),
        ("alcohol_drinks_per_day", patient.alcohol_drinks_per_day),
        ("caffeine_mg_per_day", patient.caffeine_mg_per_day),
        ("failed_antidepressant_trials", patient.failed_antidepressant_trials),
    ):
        if number is not None:
            row[column] = float(number)
    for column, value in (
        ("sex", patient.sex),
        ("pregnancy", patient.pregnancy),
        ("lactating", patient.lactating),
        ("tobacco", patient.tobacco),
    ):
        if value is not None:
            row[column] = value  # noqa: PERF403  # a comprehension would hide that unknowns are left out
    row["conditions_complete"] = patient.conditions_complete
    row["medications_complete"] = patient.medications_complete


# --- laboratory results: the newest counts; of several on one day the worse ---------------------------------


def _labs(
    patient: Patient, knowledge: Knowledge, rank: Judge, row: dict[str, object]
) -> tuple[dict[str, LabResult], dict[str, tuple[LabResult, ...]], tuple[LabResult, ...]]:
    chosen: dict[str, LabResult] = {}
    same_day: dict[str, tuple[LabResult, ...]] = {}
    newest: dict[str, list[LabResult]] = {}
    undated: list[LabResult] = []
    for result in patient.labs:  # sorted by test, then by day, undated first
        group = newest.setdefault(result.test, [])
        if group and group[0].on != result.on:
            undated += [each for each in group if each.on is None]
            group.clear()
        group.append(result)
    mismatch = not_used = False
    for test, group in newest.items():
        result = group[0]
        if len(group) > 1:
            result = _worse(knowledge.catalogue.facts[test], group, knowledge, rank)
            others = tuple(other for other in group if (other.shown, other.unit) != (result.shown, result.unit))
            if others:
                same_day[test] = others
                if test == "serum_magnesium":
                    _other_magnesium(others, patient, rank, row)
        chosen[test] = result
        mismatch = mismatch or result.code_mismatch
        not_used = not_used or result.interval_not_used
        row.update(columns_of(result, patient.assessed_on))
    for column in OTHER_MAGNESIUM:
        row.setdefault(column, False)  # a record tells every result there is
    row["conflicting_results"] = bool(same_day)
    row["code_unit_mismatch"] = mismatch
    row["interval_not_used"] = not_used
    row["undated_result"] = bool(undated)
    return chosen, same_day, tuple(undated)


def _other_magnesium(others: tuple[LabResult, ...], patient: Patient, rank: Judge, row: dict[str, object]) -> None:
    """Of differing results of one day each may close the gate: what the one that is shown does not say is kept here."""
    person: dict[str, object] = {key: row[key] for key in ("age_years", "pregnancy", "trimester") if key in row}
    categories = {rank({**person, **columns_of(other, patient.assessed_on)}) for other in others}
    high, critical_low = OTHER_MAGNESIUM
    row[high] = bool(categories & set(HIGH))
    row[critical_low] = "critical_low" in categories


def columns_of(result: LabResult, assessed_on: date | None) -> dict[str, object]:
    """The columns of one laboratory result; what the report did not say is absent."""
    name = result.test
    reference = result.reference
    unit, comparator, age_days, low, high = _columns_beside(name)
    columns: dict[str, object] = {name: float(result.value), unit: result.unit}
    if result.comparator is not None:
        columns[comparator] = result.comparator
    if result.on is not None and assessed_on is not None:
        columns[age_days] = float((assessed_on - result.on).days)
    if reference.low is not None:
        columns[low] = float(reference.low)
    if reference.high is not None:
        columns[high] = float(reference.high)
    if name == "serum_magnesium":
        if result.haemolysed is not None:
            columns["serum_magnesium_haemolysed"] = result.haemolysed
        if result.unit_confirmed is not None:
            columns["serum_magnesium_unit_confirmed"] = result.unit_confirmed
    return columns


@lru_cache(maxsize=256)
def _columns_beside(test: str) -> tuple[str, str, str, str, str]:
    """The names of the columns beside a test's number: unit, comparator, age, and its own interval."""
    return f"{test}_unit", f"{test}_comparator", f"{test}_age_days", f"{test}_low", f"{test}_high"


def _worse(fact: Fact, results: Iterable[LabResult], knowledge: Knowledge, rank: Judge) -> LabResult:
    if fact.worse == "status":
        return max(results, key=lambda result: (_gravity(result, rank), result.order))
    if fact.worse == "low":
        return max(results, key=lambda result: (-_in_first_unit(result, knowledge), result.order))
    return max(results, key=lambda result: (_in_first_unit(result, knowledge), result.order))


def _gravity(result: LabResult, rank: Judge) -> float:
    """How grave a magnesium result is. One that a comparator leaves open counts as the graver things it may be:
    "less than 0.45" may be lower than any 0.45, and "more than 0.95" may be high."""
    category = rank(columns_of(result, result.on))
    if category != "undetermined":
        return GRAVITY.index(category)
    if result.comparator in (">", ">="):
        return GRAVITY.index("high_mild") - _OPEN
    return GRAVITY.index(rank(columns_of(evolve(result, comparator=None), result.on))) + _OPEN


def _in_first_unit(result: LabResult, knowledge: Knowledge) -> Decimal:
    unit = knowledge.catalogue.facts[result.test].units[0]
    return knowledge.convert(result.test, result.value, result.unit, unit) or result.value


# --- scores -------------------------------------------------------------------------------------------------


def _scores(scores: tuple[Score, ...], knowledge: Knowledge, row: dict[str, object]) -> None:
    """For each score fact the newest administration that recorded it; on one day the higher.

    An item on suicide without a date may be the newest: it counts beside the newest dated one.
    """
    row["score_mismatch"] = any(score.mismatch for score in scores)
    if not scores:
        return
    by_instrument: dict[str, list[Score]] = {}
    for score in scores:  # sorted by instrument, then by day, undated first
        by_instrument.setdefault(score.instrument, []).append(score)
    facts = [fact for fact in knowledge.catalogue.group("scores") if fact.instrument in by_instrument]
    for fact in facts:
        taken = [
            (score.on, points)
            for score in by_instrument[fact.instrument]
            if (points := score.total if fact.item is None else score.item(fact.item)) is not None
        ]
        if taken:
            last = taken[-1][0]
            row[fact.name] = float(
                max(points for on, points in taken if on == last or (on is None and fact.item is not None))
            )
    for fact in facts:
        if fact.item is not None:
            _implied_item(fact, knowledge, row)


def _implied_item(fact: Fact, knowledge: Knowledge, row: dict[str, object]) -> None:
    """A total too high to be reached without an item implies points on it: PHQ-9 25 needs item 9 to be at least 1."""
    name = f"{fact.name.split('_item_')[0]}_total"
    total = row.get(name)
    if not isinstance(total, float):
        return
    implied = total - _without_it(fact.name, name, knowledge)
    given = row.get(fact.name)
    if implied > 0 and (not isinstance(given, float) or given < implied):
        row[fact.name] = implied
        row["score_mismatch"] = row["score_mismatch"] or isinstance(given, float)


@lru_cache(maxsize=256)
def _without_it(item: str, total: str, knowledge: Knowledge) -> float:
    """The highest total that can be reached without any points on one item."""
    return knowledge.plausible(total, "points")[1] - knowledge.plausible(item, "points")[1]


# --- medicines and products -----------------------------------------------------------------------------------


def _medicines(
    patient: Patient, knowledge: Knowledge, row: dict[str, object]
) -> tuple[dict[str, tuple[Medication, ...]], tuple[Medication, ...]]:
    """A class is false only if the list is complete, every medicine was recognised, and none may belong to it."""
    found: dict[str, tuple[Medication, ...]] = {}
    unrecognised: list[Medication] = []
    mismatch = False
    row_may: set[str] = set()
    for medicine in patient.medications:
        told = knowledge.recognise(medicine)
        if isinstance(told, Unrecognised):
            unrecognised.append(medicine)
        else:
            row_may |= told.possible
            mismatch = mismatch or bool(told.problems)
        for name in told.classes:
            found[name] = (*found.get(name, ()), medicine)
    if patient.medications_complete and not unrecognised:
        row.update(knowledge.no_medicines)
    for name in row_may:
        row.pop(f"on_{name}", None)
    for name in found:
        row[f"on_{name}"] = True
    row["unrecognised_medicine"] = bool(unrecognised)
    row["medicine_mismatch"] = mismatch
    return found, tuple(unrecognised)


def _products(
    patient: Patient, medicines: tuple[Medication, ...], knowledge: Knowledge, row: dict[str, object]
) -> None:
    """What magnesium is taken. A medicine that holds some and is no listed product leaves the upper end open."""
    products = patient.magnesium_products
    if products is None:
        if row.get("on_magnesium_product"):
            row["takes_magnesium_product"] = True
        return
    row["takes_magnesium_product"] = bool(products) or bool(row.get("on_magnesium_product"))
    if products:
        row["on_magnesium_product"] = True
    not_listed = [medicine for medicine in medicines if not _is_listed(medicine, products, knowledge)]
    intervals = [elemental_mg_per_day(product) for product in products]
    if all(interval is not None for interval in intervals) and (products or not not_listed):
        row["product_magnesium_mg_low"] = float(sum(low for low, _ in filter(None, intervals)))
        if not not_listed:
            row["product_magnesium_mg_high"] = float(sum(high for _, high in filter(None, intervals)))


def _is_listed(medicine: Medication, products: Iterable[MagnesiumProduct], knowledge: Knowledge) -> bool:
    """Whether a medicine with magnesium is one of the listed products, by the name of its salt."""
    told = knowledge.recognise(medicine)
    named = () if isinstance(told, Unrecognised) else told.ingredients
    return any(product.salt.startswith(part) for product in products for part in named)


def elemental_mg_per_day(product: MagnesiumProduct) -> tuple[Fraction, Fraction] | None:
    """Lowest and highest reading of a product's label in elemental mg a day; None where doses a day are not known."""
    if product.per_day is None:
        return None
    low, high = _elemental_mg(product.amount, product.salt, product.basis)
    return low * Fraction(product.per_day), high * Fraction(product.per_day)


@lru_cache(maxsize=1024)
def _elemental_mg(amount: str, salt: str, basis: str | None) -> tuple[Fraction, Fraction]:
    """Reading a label is slow beside judging it, and few labels are ever seen."""
    from mgdecide.domain.doses import read_dose

    low, high = read_dose(amount, salt, basis).elemental_mg_interval
    return low, high
