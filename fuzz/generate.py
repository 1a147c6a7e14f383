"""Patient records made fast and by the hundred thousand: at the published edges, beside them, and anywhere plausible.

No Hypothesis here: a generator that only draws makes thousands of records a second. With one seed, the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from random import Random

from mgdecide.knowledge.catalogue import Fact, catalogue
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.medicine_register import load_register
from mgdecide.testing.patient_strategies import ASSESSED_ON, _edges

Record = dict[str, object]


_USUAL = {
    ("serum_magnesium", "mmol/L"): (0.3, 1.6),
    ("serum_magnesium", "mg/dL"): (0.8, 4.0),
    ("serum_magnesium", "mEq/L"): (0.6, 3.2),
    ("egfr", "mL/min/1.73m2"): (5.0, 130.0),
}
"""Where most of the edges are; the rest of what is plausible is one flat answer."""


@cache
def _choices(fact: str, unit: str) -> tuple[tuple[str, ...], float, float]:
    low, high = default_knowledge().plausible(fact, unit)
    low, high = _USUAL.get((fact, unit), (low, high))
    return tuple(f"{edge:f}" for edge in _edges(fact, unit) if low <= edge <= high), low, high


def number(fact: str, unit: str, chance: Random) -> str:
    """A plausible value as a laboratory prints it; every other one at an edge or one last digit beside it."""
    edges, low, high = _choices(fact, unit)
    if edges and chance.random() < 0.5:
        return chance.choice(edges)
    text = f"{chance.uniform(low, high):.{chance.choice((0, 1, 2))}f}"
    return text if low <= float(text) <= high else f"{low:.6g}"


def _day(chance: Random) -> str:
    return (ASSESSED_ON - timedelta(days=chance.choice((0, 1, 6, 7, 8, 30, 89, 90, 91, 400)))).isoformat()


def _sometimes(chance: Random, record: Record, key: str, make: Callable[[], object], odds: float = 0.5) -> None:
    if chance.random() < odds:
        record[key] = make()


def _lab(fact: Fact, chance: Random) -> Record:
    unit = chance.choice(fact.units)
    lab: Record = {"test": fact.name, "value": number(fact.name, unit, chance), "unit": unit}
    _sometimes(chance, lab, "on", lambda: _day(chance), 0.8)
    _sometimes(chance, lab, "comparator", lambda: chance.choice(("<", "<=", ">", ">=")), 0.1)
    if chance.random() < 0.3:
        low, high = sorted((number(fact.name, unit, chance) for _ in range(2)), key=float)
        lab["reference"] = {"low": low, "high": high} if float(low) < float(high) else {"high": high}
    if fact.name == "serum_magnesium":
        _sometimes(chance, lab, "haemolysed", lambda: chance.random() < 0.3, 0.3)
        _sometimes(chance, lab, "unit_confirmed", lambda: chance.random() < 0.5, 0.5)
    return lab


def _score(chance: Random) -> Record:
    facts = chance.choice(_instruments())
    score: Record = {"instrument": facts[0].instrument, "on": _day(chance)}
    items: dict[str, int] = {}
    for fact in facts:
        low, high = default_knowledge().plausible(fact.name, "points")
        points = chance.randint(int(low), int(high))
        if fact.item is not None:
            items[str(fact.item)] = points
        else:
            score["total"] = points
    if items and chance.random() < 0.5:
        score["items"] = items
    return score


@cache
def _instruments() -> tuple[tuple[Fact, ...], ...]:
    found: dict[str, list[Fact]] = {}
    for fact in catalogue().group("scores"):
        found.setdefault(fact.instrument, []).append(fact)
    return tuple(tuple(facts) for facts in found.values())


@cache
def _medicines() -> tuple[str, ...]:
    return (*sorted(load_register().names), "an invented medicine", "Mg", "magnesium sulfate")


def _some(group: str, most: int, chance: Random) -> Mapping[str, bool]:
    return {chance.choice(_names(group)): chance.random() < 0.5 for _ in range(chance.randint(0, most))}


@cache
def _names(group: str) -> tuple[str, ...]:
    return tuple(fact.name for fact in catalogue().group(group))


_PRODUCTS: tuple[Record, ...] = (
    {"salt": "magnesium oxide", "amount": "400 mg", "basis": "salt", "per_day": 1},
    {"salt": "magnesium oxide", "amount": "250 mg", "basis": "elemental", "per_day": 2},
    {"salt": "magnesium citrate", "amount": "200 mg"},
    {"salt": "magnesium chloride hexahydrate", "amount": "500 mg", "basis": "salt"},
    {"salt": "magnesium glycinate", "amount": "10 mmol", "per_day": 3},
)


Make = Callable[[Random], object]

_FIELDS: tuple[tuple[str, float, Make], ...] = (
    ("assessed_on", 0.9, lambda chance: ASSESSED_ON.isoformat()),
    ("age_years", 0.9, lambda chance: number("age_years", "years", chance)),
    ("sex", 0.9, lambda chance: chance.choice(("female", "male", "other"))),
    ("weight_kg", 0.6, lambda chance: number("weight_kg", "kg", chance)),
    ("height_cm", 0.6, lambda chance: number("height_cm", "cm", chance)),
    ("pregnancy", 0.6, lambda chance: chance.choice(("pregnant", "not pregnant"))),
    ("lactating", 0.6, lambda chance: chance.random() < 0.3),
    ("labs", 1.0, lambda chance: _labs(chance)),
    ("labs", 1.0, lambda chance: _labs(chance)),  # twice: what most rules ask about is drawn anew most often
    ("scores", 0.6, lambda chance: [_score(chance) for _ in range(chance.choice((1, 1, 2)))]),
    ("conditions", 0.8, lambda chance: _some("conditions", chance.choice((0, 1, 4)), chance)),
    ("conditions_complete", 1.0, lambda chance: chance.random() < 0.7),
    ("presenting", 0.3, lambda chance: _some("presenting", 2, chance)),
    (
        "medications",
        0.8,
        lambda chance: [{"name": chance.choice(_medicines())} for _ in range(chance.choice((0, 1, 3)))],
    ),
    ("medications_complete", 1.0, lambda chance: chance.random() < 0.7),
    ("magnesium_products", 0.6, lambda chance: [dict(chance.choice(_PRODUCTS)) for _ in range(chance.randint(0, 2))]),
    ("diet", 0.6, lambda chance: {"magnesium_mg_per_day": number("diet_magnesium_mg_per_day", "mg/day", chance)}),
    ("treatment_history", 0.3, lambda chance: {"adequate_antidepressant_trials_failed": chance.randint(0, 3)}),
)
"""Each key of a record, how often it is there, and what is drawn for it."""


def _labs(chance: Random) -> list[Record]:
    labs = catalogue().kind("lab")
    wanted = [fact for fact in labs if fact.name in _MOSTLY and chance.random() < 0.8]
    return [
        _lab(fact, chance) for fact in (*wanted, *(chance.choice(labs) for _ in range(chance.choice((0, 0, 1, 3)))))
    ]


_MOSTLY = ("serum_magnesium", "egfr", "serum_creatinine")


def record(chance: Random) -> Record:
    """One record that the schema allows; what it says of one patient need not fit together."""
    found: Record = {"id": "generated"}
    for field in _FIELDS:
        _draw(found, field, chance)
    return found


def records(chance: Random) -> Iterator[Record]:
    """Records without end: each but every fiftieth is the one before with two of its keys drawn anew."""
    while True:
        found = record(chance)
        for _ in range(50):
            yield found
            for field in chance.sample(_FIELDS, 2):
                _draw(found, field, chance)


def _draw(found: Record, field: tuple[str, float, Make], chance: Random) -> None:
    key, odds, make = field
    found.pop(key, None)
    if chance.random() < odds:
        found[key] = make(chance)


DAY: date = ASSESSED_ON
