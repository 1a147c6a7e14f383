"""What is known of one patient. Everything may be unknown; nothing is defaulted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import itemgetter

from attrs import field, frozen

from mgdecide.domain.known_repr import known_repr
from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.scores import Score

Statements = tuple[tuple[str, bool], ...]
"""Names with what was said of them, sorted by name; a name that is absent is unknown."""


@frozen(repr=False)
class Medication:
    """A medicine as given: a name, an ATC code, an RxNorm number, or several of them; clock times as minutes."""

    name: str | None = None
    atc: str | None = None
    rxnorm: str | None = None
    times: tuple[int, ...] = ()
    source: str = ""

    __repr__ = known_repr

    @property
    def shown(self) -> str:
        """The medicine in the caller's own words."""
        return self.name or (f"ATC {self.atc}" if self.atc else f"RxNorm {self.rxnorm}")


@frozen(repr=False)
class MagnesiumProduct:
    """A magnesium product as labelled: salt, amount of one dose, basis of the label, doses a day."""

    salt: str
    amount: str
    basis: str | None = None
    per_day: Decimal | None = None
    source: str = ""

    __repr__ = known_repr


def _statements(given: Mapping[str, bool] | Iterable[tuple[str, bool]]) -> Statements:
    return tuple(sorted(dict(given).items()))


def _in_order(results: Iterable[LabResult]) -> tuple[LabResult, ...]:
    """By test and day; the whole order is worked out only where two results share both."""
    given = list(results)
    keys = [(result.test, result.on.toordinal() if result.on else 0) for result in given]
    if len(set(keys)) == len(keys):
        return tuple(result for _, result in sorted(zip(keys, given, strict=True), key=itemgetter(0)))
    return tuple(sorted(given, key=lambda result: result.order))


def _scores_in_order(scores: Iterable[Score]) -> tuple[Score, ...]:
    return tuple(sorted(scores, key=lambda score: score.order))


def _medications_in_order(medications: Iterable[Medication]) -> tuple[Medication, ...]:
    return tuple(
        sorted(
            medications,
            key=lambda each: (
                each.shown.casefold(),
                each.atc or "",
                each.rxnorm or "",
                each.times,
                each.name or "",
                each.source,
            ),
        )
    )


def _products_in_order(products: Iterable[MagnesiumProduct] | None) -> tuple[MagnesiumProduct, ...] | None:
    if products is None:
        return None
    return tuple(
        sorted(products, key=lambda each: (each.salt, each.amount, each.basis or "", str(each.per_day), each.source))
    )


def _rules(rules: Iterable[str]) -> frozenset[str]:
    return frozenset(rules)


def _words_in_order(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words))


@frozen(repr=False)
class Patient:
    """One patient. Lists are kept in an order of their own, so the order they were given in never matters.

    ``conditions_complete`` and ``medications_complete`` say that what is not listed is absent; without them it is
    unknown. Acute signs (``presenting``) are never made false by a complete problem list.
    ``magnesium_products`` is None when nothing was said; an empty tuple says that none is taken.
    """

    id: str = ""
    assessed_on: date | None = None
    age_years: Decimal | None = None
    sex: str | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    pregnancy: str | None = None
    trimester: int | None = None
    lactating: bool | None = None
    labs: tuple[LabResult, ...] = field(default=(), converter=_in_order)
    scores: tuple[Score, ...] = field(default=(), converter=_scores_in_order)
    conditions: Statements = field(default=(), converter=_statements)
    conditions_complete: bool = False
    presenting: Statements = field(default=(), converter=_statements)
    medications: tuple[Medication, ...] = field(default=(), converter=_medications_in_order)
    medications_complete: bool = False
    magnesium_products: tuple[MagnesiumProduct, ...] | None = field(default=None, converter=_products_in_order)
    diet_magnesium_mg_per_day: Decimal | None = None
    alcohol_drinks_per_day: Decimal | None = None
    tobacco: bool | None = None
    caffeine_mg_per_day: Decimal | None = None
    failed_antidepressant_trials: int | None = None
    acknowledged: frozenset[str] = field(default=frozenset(), converter=_rules)
    notes: tuple[str, ...] = field(default=(), converter=_words_in_order)
    """What a reader could not use, in words; shown under what was not checked."""

    __repr__ = known_repr
