"""Rows of a cohort by the thousand: from a seed, every column, at and beside every published edge, some spoiled.

For tests and benchmarks of cohort engines. The same seed gives the same rows, on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

from attrs import frozen

from mgdecide.cohort.columns import (
    DEFAULT_KEY,
    CohortColumns,
    LabColumns,
    NumberColumn,
    WordColumn,
    cohort_columns,
)
from mgdecide.knowledge.edition import Knowledge, default_knowledge

_SPOILED_NUMBERS = (math.nan, math.inf, -math.inf, -1.0, 1e21, 1e300)
_SPOILED_WORDS = ("", "?", "Female", "mg", "furlong/L", "=")
# How much of a row is known: a chart just opened, a usual one, a thorough one.
_SHARES_KNOWN = (0.03, 0.3, 0.3, 0.8)
_MAGNESIUM = "serum_magnesium"
_CORE = (_MAGNESIUM, "egfr", "age_years", "sex", "conditions_complete", "medications_complete")
_SHARE_TRUE = 0.12
_SHARE_WITH_SIGN = 0.06
# Two rows of five are of people whom nothing keeps from a trial, else hardly a gate would ever open.
_SHARE_CALM = 0.4
_CALM_SHARE_TRUE = 0.01
_CALM: Mapping[str, tuple[object, ...]] = {
    "age_years": tuple(float(age) for age in range(18, 80, 3)),
    "conditions_complete": (True,),
    "medications_complete": (True, True, False),
    "serum_magnesium": (0.66, 0.7, 0.74, 0.75, 0.76, 0.82, 0.85, 0.9),
    "serum_magnesium_unit": ("mmol/L",),
    "serum_magnesium_age_days": (0.0, 30.0, 90.0, None),
    "egfr": (30.0, 59.9, 60.0, 75.0, 90.0, 110.0),
    "egfr_unit": ("mL/min/1.73m2", None),
    "egfr_age_days": (0.0, 30.0, 90.0),
    "phq9_item_9": (0.0, 0.0, None),
    "phq9_total": (4.0, 5.0, 9.0, 10.0, 14.0, 15.0, 19.0, 20.0, None),
    "major_depressive_disorder": (True, False, None),
    "type_2_diabetes": (True, False, None),
    "pregnancy": ("not pregnant", None),
}


@frozen
class _Pools:
    """Numbers worth trying: for plain facts by name, for laboratory facts by name and unit."""

    plain: Mapping[str, tuple[float, ...]]
    labs: Mapping[tuple[str, str], tuple[float, ...]]


def cohort_rows(
    count: int, seed: int = 0, *, spoiled: float = 0.01, knowledge: Knowledge | None = None
) -> Iterator[dict[str, object]]:
    """``count`` input rows of ``judge``; every row has every column.

    ``spoiled`` is the share of cells, among those that are known, that no engine may use.
    """
    used = knowledge or default_knowledge()
    columns, pools = cohort_columns(used), _pools(used)
    random = Random(seed)
    for index in range(count):
        calm = random.random() < _SHARE_CALM
        row = _row(random, columns, pools, spoiled, calm)
        if calm:
            row |= {name: random.choice(values) for name, values in _CALM.items()}
        yield {DEFAULT_KEY: f"p{seed}-{index}", **row}


def _row(random: Random, columns: CohortColumns, pools: _Pools, spoiled: float, calm: bool) -> dict[str, object]:
    share = 0.05 if calm else random.choice(_SHARES_KNOWN)
    share_true = _CALM_SHARE_TRUE if calm else _SHARE_TRUE
    row: dict[str, object] = {}
    for column in columns.simple:
        known = random.random() < (0.9 if column.name in _CORE else share)
        row[column.name] = None
        if known and isinstance(column, NumberColumn):
            row[column.name] = _number(random, pools.plain[column.name], spoiled)
        elif known and isinstance(column, WordColumn):
            row[column.name] = _word(random, column.words, spoiled)
        elif known:
            row[column.name] = random.random() < (0.8 if column.name in _CORE else share_true)
    for lab in columns.labs:
        row.update(_lab(random, lab, pools, random.random() < (0.9 if lab.name in _CORE else share), spoiled))
    return row


def _lab(random: Random, lab: LabColumns, pools: _Pools, known: bool, spoiled: float) -> dict[str, object]:
    unit = random.choice(lab.unit.words)
    numbers = pools.labs[lab.name, unit]
    age, low, high = (column.name for column in lab.companions)
    row: dict[str, object] = dict.fromkeys((lab.name, lab.unit.name, lab.comparator.name, age, low, high))
    if known or random.random() < spoiled:  # companions of a value that is missing count for nothing
        row[age] = _number(random, (0.0, 1.0, 30.0, 90.0, 91.0, 400.0), spoiled)
        row[lab.unit.name] = _word(random, (unit,), spoiled)
    if known:
        row[lab.name] = _number(random, numbers, spoiled)
        if random.random() < _SHARE_WITH_SIGN:
            row[lab.comparator.name] = _word(random, lab.comparator.words, spoiled)
        if random.random() < spoiled or (len(lab.unit.words) == 1 and random.random() < 0.5):
            row[lab.unit.name] = None
        if random.random() < 0.1:
            row[age] = None
        if random.random() < 0.4:
            row[low], row[high] = sorted((random.choice(numbers), random.choice(numbers)))
        if random.random() < 0.1:
            row[random.choice((low, high))] = _number(random, numbers, spoiled)
    return row


def _number(random: Random, pool: tuple[float, ...], spoiled: float) -> float:
    return random.choice(_SPOILED_NUMBERS) if random.random() < spoiled else random.choice(pool)


def _word(random: Random, words: tuple[str, ...], spoiled: float) -> str:
    return random.choice(_SPOILED_WORDS) if random.random() < spoiled else random.choice(words)


def _pools(knowledge: Knowledge) -> _Pools:
    plain: dict[str, tuple[float, ...]] = {}
    labs: dict[tuple[str, str], tuple[float, ...]] = {}
    for fact in knowledge.catalogue:
        for unit in fact.units:
            pool = _pool(knowledge, fact.name, unit)
            labs[fact.name, unit] = plain[fact.name] = pool
    return _Pools(plain, labs)


def _pool(knowledge: Knowledge, fact: str, unit: str) -> tuple[float, ...]:
    """Both ends of what is plausible and a step beyond, numbers between, and every edge with its neighbours."""
    low, high = knowledge.plausible(fact, unit)
    spread = {low + (high - low) * step / 16 for step in range(17)} | {math.nextafter(high, math.inf)}
    near = {low + (high - low) * step / 400 for step in range(9)}
    edges: set[float] = set()
    for limit in knowledge.limits.values():
        if limit.fact == fact and unit in limit.edges:
            edge = limit.edges[unit]
            step = Decimal(1).scaleb(int(edge.as_tuple().exponent))
            edges |= {float(each) for each in (edge - step, edge, edge + step)}
            edges |= {math.nextafter(float(edge), side) for side in (-math.inf, math.inf)}
    within = {number for number in edges if low <= number <= high}
    return tuple(sorted(spread | near)) + tuple(sorted(within)) * 2
