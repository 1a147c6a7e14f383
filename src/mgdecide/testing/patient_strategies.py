"""Hypothesis strategies for patients, drawn where rules change their mind: at, just below and just above edges."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from mgdecide.domain.laboratory import LabResult, ReferenceInterval
from mgdecide.domain.patient import MagnesiumProduct, Medication, Patient
from mgdecide.domain.scores import Score
from mgdecide.knowledge.catalogue import COMPARATORS, Fact, catalogue
from mgdecide.knowledge.edition import default_knowledge

_DIGITS = 8
"""No laboratory prints more; a derived edge can have forty."""
ASSESSED_ON = date(2026, 8, 29)
_MEDICINES = (
    "alendronate",
    "omeprazole",
    "sertraline",
    "citalopram",
    "furosemide",
    "hydrochlorothiazide",
    "spironolactone",
    "digoxin",
    "ciprofloxacin",
    "doxycycline",
    "levothyroxine",
    "lithium",
    "raltegravir",
    "gabapentin",
    "metformin",
    "atorvastatin",
    "an invented medicine",
)
_PRODUCTS = (
    ("magnesium oxide", "400 mg", "salt"),
    ("magnesium oxide", "250 mg", "elemental"),
    ("magnesium citrate", "200 mg", None),
    ("magnesium chloride hexahydrate", "500 mg", "salt"),
)


def _rarely(strategy: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Decimal | None]:
    return st.one_of(st.none(), strategy)


@cache
def _edges(fact: str, unit: str) -> tuple[Decimal, ...]:
    """Every published edge of a fact in one unit, with its neighbours one last digit away."""
    found: set[Decimal] = set()
    for limit in default_knowledge().limits.values():
        if limit.fact == fact and unit in limit.edges and len(limit.edges[unit].as_tuple().digits) <= _DIGITS:
            edge = limit.edges[unit]
            exponent = edge.as_tuple().exponent
            step = Decimal((0, (1,), exponent)) if isinstance(exponent, int) else Decimal(0)  # one last digit
            found |= {edge, edge - step, edge + step}
    return tuple(sorted(found))


def numbers(fact: str, unit: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Plausible values of a fact in one unit, often at an edge."""
    low, high = default_knowledge().plausible(fact, unit)
    anywhere = st.decimals(Decimal(str(low)), Decimal(str(high)), places=places, allow_nan=False)
    edges = [edge for edge in _edges(fact, unit) if low <= edge <= high]
    return st.one_of(st.sampled_from(edges), anywhere) if edges else anywhere


@st.composite
def lab_results(draw: st.DrawFn, fact: Fact | None = None) -> LabResult:
    """A laboratory result in any accepted unit, dated or not, with or without the laboratory's own interval."""
    test = fact or draw(st.sampled_from(catalogue().kind("lab")))
    unit = draw(st.sampled_from(test.units))
    interval = ReferenceInterval()
    if draw(st.booleans()):
        low, high = sorted(draw(st.lists(numbers(test.name, unit), min_size=2, max_size=2, unique=True)))
        interval = ReferenceInterval(draw(st.sampled_from([low, None])), draw(st.sampled_from([high, None])))
    magnesium = test.name == "serum_magnesium"
    return LabResult(
        test=test.name,
        value=draw(numbers(test.name, unit)),
        unit=unit,
        comparator=draw(st.sampled_from([None, None, None, None, *COMPARATORS])),
        on=draw(st.one_of(st.none(), st.integers(0, 200).map(lambda days: ASSESSED_ON - timedelta(days)))),
        reference=interval,
        haemolysed=draw(st.sampled_from([None, True, False])) if magnesium else None,
        unit_confirmed=draw(st.sampled_from([None, True, False])) if magnesium else None,
    )


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """A questionnaire score within its instrument's range."""
    instrument = draw(st.sampled_from(sorted({fact.instrument for fact in catalogue().group("scores")})))
    total: int | None = None
    items: list[tuple[int, int]] = []
    for fact in catalogue().group("scores"):
        if fact.instrument == instrument:
            low, high = default_knowledge().plausible(fact.name, "points")
            points = draw(st.one_of(st.none(), st.integers(int(low), int(high))))
            if points is not None and fact.item is not None:
                items.append((fact.item, points))
            elif points is not None:
                total = points
    if total is None and not items:
        total = 0
    on = draw(st.one_of(st.none(), st.integers(0, 200).map(lambda days: ASSESSED_ON - timedelta(days))))
    return Score(instrument, total, tuple(items), on)


def medications() -> st.SearchStrategy[Medication]:
    """Medicines by name, most of them of a class that some rule asks about."""
    return st.builds(Medication, name=st.sampled_from(_MEDICINES), times=st.just(()))


def products() -> st.SearchStrategy[MagnesiumProduct]:
    """Magnesium products with every kind of label."""
    per_day = st.sampled_from([None, Decimal(1), Decimal(2)])
    return st.builds(_product, st.sampled_from(_PRODUCTS), per_day)


def _product(label: tuple[str, str, str | None], per_day: Decimal | None) -> MagnesiumProduct:
    salt, amount, basis = label
    return MagnesiumProduct(salt, amount, basis, per_day)


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    """Patients of every kind: with much or little known, contradictory, ill, young, old."""
    core = [draw(lab_results(catalogue().facts[name])) for name in ("serum_magnesium", "egfr") if draw(_MOSTLY)]
    conditions = [fact.name for fact in catalogue().group("conditions")]
    presenting = [fact.name for fact in catalogue().group("presenting")]
    return Patient(
        id="generated",
        assessed_on=draw(st.sampled_from([ASSESSED_ON, ASSESSED_ON, None])),
        age_years=draw(_rarely(numbers("age_years", "years", places=0))),
        sex=draw(st.sampled_from([None, "female", "male", "other"])),
        weight_kg=draw(_rarely(numbers("weight_kg", "kg", places=0))),
        height_cm=draw(_rarely(numbers("height_cm", "cm", places=0))),
        pregnancy=draw(st.sampled_from([None, "pregnant", "not pregnant"])),
        lactating=draw(st.sampled_from([None, True, False])),
        labs=core + draw(st.lists(lab_results(), max_size=5)),
        scores=draw(st.lists(scores(), max_size=3)),
        conditions=draw(st.dictionaries(st.sampled_from(conditions), st.booleans(), max_size=4)),
        conditions_complete=draw(_MOSTLY),
        presenting=draw(st.dictionaries(st.sampled_from(presenting), st.booleans(), max_size=3)),
        medications=draw(st.lists(medications(), max_size=3)),
        medications_complete=draw(_MOSTLY),
        magnesium_products=draw(st.one_of(st.none(), st.lists(products(), max_size=2))),
        diet_magnesium_mg_per_day=draw(_rarely(numbers("diet_magnesium_mg_per_day", "mg/day", places=0))),
        alcohol_drinks_per_day=draw(_rarely(numbers("alcohol_drinks_per_day", "drinks/day", places=0))),
        tobacco=draw(st.sampled_from([None, True, False])),
        caffeine_mg_per_day=draw(_rarely(numbers("caffeine_mg_per_day", "mg/day", places=0))),
        failed_antidepressant_trials=draw(st.sampled_from([None, 0, 1, 2, 3])),
    )


_MOSTLY = st.sampled_from([True, True, True, False])
