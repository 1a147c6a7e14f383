"""From a row of a cohort back to a patient, with every reason told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from mgdecide.assessment import Assessment, assess_reading
from mgdecide.cohort.completion import completed_facts
from mgdecide.cohort.judging import enter
from mgdecide.domain.laboratory import LabResult, ReferenceInterval
from mgdecide.domain.patient import Patient
from mgdecide.domain.scores import Score
from mgdecide.knowledge.catalogue import Catalogue
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.frame import compile_frame
from mgdecide.logic.questions import Measure, Node, YesNo
from mgdecide.logic.resolve import Row
from mgdecide.rules.row import Reading, acknowledged_column
from mgdecide.rules.rulebook import rulebook
from mgdecide.rules.urgent import RULES as URGENT


def explained(native: Any, key: str, knowledge: Knowledge) -> tuple[Assessment, ...]:
    """See ``mgdecide.cohort.explain``."""
    book = rulebook(knowledge)
    return tuple(
        assess_reading(patient, Reading(row, {result.test: result for result in patient.labs}, {}, {}, (), ()), book)
        for patient, row in clean_rows(native, key, knowledge)
    )


def clean_rows(native: Any, key: str, knowledge: Knowledge) -> Iterator[tuple[Patient, dict[str, object]]]:
    """Each row as a patient and as its facts, cleaned and completed; unknown facts are absent."""
    entered = enter(native, key, knowledge)
    completed = completed_facts(knowledge)
    program = compile_frame(
        {name: _fact(name, knowledge.catalogue) for name in completed},
        knowledge,
        frozenset(entered.columns),
        entered.opened.verbs,
        completed=completed,
    )
    others = tuple(name for name in entered.columns if name not in completed)
    for id, row in entered.opened.rows((*entered.steps, *program.selects((key, *others)))):
        facts = {name: value for name, value in row.items() if value is not None}
        yield patient_of(facts, knowledge.catalogue, str(id)), facts


def _fact(name: str, catalogue: Catalogue) -> Node:
    return YesNo(name) if catalogue.facts[name].kind == "yes_no" else Measure(name, catalogue.facts[name].units[0])


def patient_of(row: Row, catalogue: Catalogue, id: str) -> Patient:
    """The patient a clean row speaks of, as far as a record can say it.

    Days are not known: a row holds the age of a result, not its date. Medicines have no names: a row says which
    classes are taken.
    """
    return Patient(
        id=id,
        age_years=_decimal(row, "age_years"),
        sex=_word(row, "sex"),
        weight_kg=_decimal(row, "weight_kg"),
        height_cm=_decimal(row, "height_cm"),
        pregnancy=_word(row, "pregnancy"),
        trimester=_whole(row, "trimester"),
        lactating=_answer(row, "lactating"),
        labs=tuple(_labs(row, catalogue)),
        scores=tuple(_scores(row, catalogue)),
        conditions=_statements(row, catalogue, "conditions"),
        conditions_complete=row.get("conditions_complete") is True,
        presenting=_statements(row, catalogue, "presenting"),
        medications_complete=row.get("medications_complete") is True,
        diet_magnesium_mg_per_day=_decimal(row, "diet_magnesium_mg_per_day"),
        alcohol_drinks_per_day=_decimal(row, "alcohol_drinks_per_day"),
        tobacco=_answer(row, "tobacco"),
        caffeine_mg_per_day=_decimal(row, "caffeine_mg_per_day"),
        failed_antidepressant_trials=_whole(row, "failed_antidepressant_trials"),
        acknowledged=frozenset(rule for rule in URGENT if row.get(acknowledged_column(rule)) is True),
    )


def _labs(row: Row, catalogue: Catalogue) -> Iterator[LabResult]:
    for fact in catalogue.kind("lab"):
        value, unit = _decimal(row, fact.name), _word(row, f"{fact.name}_unit")
        if value is not None and unit is not None:
            interval = ReferenceInterval(_decimal(row, f"{fact.name}_low"), _decimal(row, f"{fact.name}_high"))
            yield LabResult(
                test=fact.name,
                value=value,
                unit=unit,
                comparator=_word(row, f"{fact.name}_comparator"),
                reference=interval,
                haemolysed=_answer(row, f"{fact.name}_haemolysed"),
                unit_confirmed=_answer(row, f"{fact.name}_unit_confirmed"),
            )


def _scores(row: Row, catalogue: Catalogue) -> Iterator[Score]:
    by_instrument: dict[str, dict[int | None, int]] = {}
    for fact in catalogue.group("scores"):
        points = _whole(row, fact.name)
        if points is not None:
            by_instrument.setdefault(fact.instrument, {})[fact.item] = points
    for instrument, points_by_item in by_instrument.items():
        items = tuple((item, points) for item, points in points_by_item.items() if item is not None)
        yield Score(instrument, points_by_item.get(None), items)


def _statements(row: Row, catalogue: Catalogue, group: str) -> dict[str, bool]:
    found = {fact.name: row.get(fact.name) for fact in catalogue.group(group)}
    return {name: value for name, value in found.items() if isinstance(value, bool)}


def _decimal(row: Row, name: str) -> Decimal | None:
    """The shortest digits that stand for the number."""
    value = row.get(name)
    if not isinstance(value, float):
        return None
    return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))


def _whole(row: Row, name: str) -> int | None:
    value = row.get(name)
    return int(value) if isinstance(value, float) and value.is_integer() else None


def _word(row: Row, name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) else None


def _answer(row: Mapping[str, object], name: str) -> bool | None:
    value = row.get(name)
    return value if isinstance(value, bool) else None
