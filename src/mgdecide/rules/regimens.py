"""Regimens as studied, with the fit of this patient; and what the bodies of evidence say of people like them."""

from __future__ import annotations

from functools import lru_cache

from mgdecide.domain.verdicts import EvidenceSummary, Gate, GateState, Regimen, Regimens, Withheld
from mgdecide.logic.resolve import Answer
from mgdecide.rules.populations import BodyPopulation
from mgdecide.rules.rulebook import Answers, Rulebook, fit_of


def regimens(book: Rulebook, answers: Answers, gate: Gate) -> Regimens | Withheld:
    """The regimens behind an open gate, ordered by fit and then by study; else why they are withheld."""
    if gate.state is not GateState.OPEN:
        return _withheld(gate)
    found, start = [], 0
    for study in book.studies:
        end = start + len(study.outputs)
        given = answers.criteria[start:end]
        found.append(study.regimen(fit_of(given[0]), study.verdicts(given)))
        start = end
    found.sort(key=_order)
    return Regimens(tuple(found))


def _order(regimen: Regimen) -> tuple[int, str]:
    return regimen.order


def _withheld(gate: Gate) -> Withheld:
    reasons = " ".join(reason.text for reason in gate.because)
    if gate.state is GateState.CLOSED:
        return Withheld(f"The gate is closed: {reasons}", gate.needs)
    return Withheld(f"The gate is undecided: {reasons}", gate.needs)


def fits(book: Rulebook, answers: Answers) -> dict[str, Answer]:
    """The fit of every study, whatever the gate; for cohorts."""
    found: dict[str, Answer] = {}
    start = 0
    for study in book.studies:
        found[study.study.id] = answers.criteria[start]
        start += len(study.outputs)
    return found


def evidence(book: Rulebook, answers: Answers) -> tuple[EvidenceSummary, ...]:
    """Every body of evidence, with its certainty in general and for this patient."""
    found, start = [], 0
    for body in book.bodies:
        end = start + len(body.questions)
        found.append(_summary(body, answers.populations[start:end]))
        start = end
    return tuple(found)


def _summary(population: BodyPopulation, answers: tuple[Answer, ...]) -> EvidenceSummary:
    """Indirectness is rated down one level where this patient is known to lie outside the people studied."""
    if False not in answers:
        return population.summary
    return _outside(
        population, tuple(text for text, answer in zip(population.texts, answers, strict=True) if answer is False)
    )


@lru_cache(maxsize=1024)
def _outside(population: BodyPopulation, texts: tuple[str, ...]) -> EvidenceSummary:
    """Patients outside in the same way share one summary."""
    return population.summary_outside(texts)
