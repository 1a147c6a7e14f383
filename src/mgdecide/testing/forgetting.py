"""Forgetting a fact of a patient: the operation behind the law that forgetting never opens a gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import evolve

from mgdecide.domain.patient import Patient
from mgdecide.errors import InvalidInput, Problem
from mgdecide.knowledge.catalogue import Fact, catalogue
from mgdecide.knowledge.edition import default_knowledge

# Measurements of one thing: forgetting what a patient's kidneys do forgets every figure it was told from.
TOLD_TOGETHER = ({"egfr", "serum_creatinine"},)

_WITHOUT: Mapping[str, Callable[[Patient], Patient]] = {
    "age_years": lambda patient: evolve(patient, age_years=None),
    "sex": lambda patient: evolve(patient, sex=None),
    "weight_kg": lambda patient: evolve(patient, weight_kg=None),
    "height_cm": lambda patient: evolve(patient, height_cm=None),
    "pregnancy": lambda patient: evolve(patient, pregnancy=None),
    "trimester": lambda patient: evolve(patient, trimester=None),
    "lactating": lambda patient: evolve(patient, lactating=None),
    "tobacco": lambda patient: evolve(patient, tobacco=None),
    "alcohol_drinks_per_day": lambda patient: evolve(patient, alcohol_drinks_per_day=None),
    "caffeine_mg_per_day": lambda patient: evolve(patient, caffeine_mg_per_day=None),
    "diet_magnesium_mg_per_day": lambda patient: evolve(patient, diet_magnesium_mg_per_day=None),
    "failed_antidepressant_trials": lambda patient: evolve(patient, failed_antidepressant_trials=None),
}


def forgettable() -> tuple[str, ...]:
    """Names of the facts that ``forget`` takes."""
    groups = {"labs", "scores", "conditions", "presenting", "medicines"}
    return tuple(
        fact.name for fact in catalogue() if fact.name in _WITHOUT or (fact.group in groups and not _is_part(fact))
    )


def forget(patient: Patient, fact: str) -> Patient:
    """The same patient with one fact unknown, all else as it was.

    A condition that a complete problem list made false becomes unknown alone: the others stay false. Kidney function
    is forgotten as a whole (eGFR and creatinine).

    Raises:
        InvalidInput: not the name of a fact that can be forgotten.
    """
    known = catalogue().facts.get(fact)
    if known is None or fact not in forgettable():
        raise InvalidInput(Problem("MGD-T101", "fact", repr(fact), "a fact of mgdecide.testing.forgettable()"))
    if fact in _WITHOUT:
        return _WITHOUT[fact](patient)
    if known.group == "labs":
        tests = next((set(group) for group in TOLD_TOGETHER if fact in group), {fact})
        return evolve(patient, labs=tuple(result for result in patient.labs if result.test not in tests))
    if known.group == "scores":
        return _forget_score(patient, known)
    if known.group == "medicines":
        return _forget_medicine(patient, known)
    return _forget_statement(patient, known)


def _is_part(fact: Fact) -> bool:
    return fact.kind == "yes_no" and fact.group == "labs"


def _forget_score(patient: Patient, fact: Fact) -> Patient:
    scores = []
    for score in patient.scores:
        if score.instrument == fact.instrument:
            if fact.item is None:
                score = evolve(score, total=None)
            else:
                score = evolve(score, items=tuple(each for each in score.items if each[0] != fact.item))
        scores.append(score)
    return evolve(patient, scores=tuple(scores))


def _forget_medicine(patient: Patient, fact: Fact) -> Patient:
    knowledge = default_knowledge()
    kept = tuple(
        medicine for medicine in patient.medications if fact.record not in knowledge.recognise(medicine).classes
    )
    return evolve(patient, medications=kept, medications_complete=False)


def _forget_statement(patient: Patient, fact: Fact) -> Patient:
    if fact.group == "presenting":
        return evolve(patient, presenting=[each for each in patient.presenting if each[0] != fact.name])
    said = dict(patient.conditions)
    if patient.conditions_complete:
        said = {other.name: said.get(other.name, False) for other in catalogue().group("conditions")}
    said.pop(fact.name, None)
    return evolve(patient, conditions=said, conditions_complete=False)
