"""What one study file would change: its checks, the pools it would join, and whose answers. Nothing is written.

A study that is held already is compared with its absence, so the same command also reviews one that was just added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from mgdecide.adapters.evidence.body_pools import pool_names
from mgdecide.assessment import Assessment, assess
from mgdecide.domain.patient import Patient
from mgdecide.domain.verdicts import Json, Regimens
from mgdecide.errors import InvalidInput
from mgdecide.evidence.forensic import Check, flagged
from mgdecide.evidence.pooling import Pool, pool_rows
from mgdecide.evidence.study_checks import checks_of
from mgdecide.evidence.study_rows import effect_of, rows_of
from mgdecide.knowledge.body_types import Body, BodyRow
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.study_types import Study, StudyOutcome

WITHHELD = "withheld"
_OF_A_STUDY = ("regimens", "unknowns", "provenance")
"""The parts of an answer that a study may change; the others are compared to show that they stay."""


@frozen
class PoolChange:
    """One pool of a body before and after; None where it has no row."""

    name: str
    before: Pool | None
    after: Pool | None


@frozen
class BodyChange:
    """What the study does to one body. ``row`` is None where its figures give none, and ``reason`` says why."""

    body: Body
    row: BodyRow | None
    reason: str
    after: Body
    pools: tuple[PoolChange, ...]


@frozen
class AnswerChange:
    """The patients by the fit of the study for them, and those of whom anything else changes."""

    fits: Mapping[str, tuple[str, ...]]
    otherwise: tuple[str, ...]


@frozen
class Addition:
    """Everything that one study file changes."""

    study: Study
    held: bool
    checks: tuple[Check, ...]
    bodies: tuple[BodyChange, ...]
    answers: AnswerChange | None

    @property
    def is_flagged(self) -> bool:
        """Whether printed figures do not hold together: then it is only in the pools with flagged studies."""
        return _is_flagged(self.study, self.checks)


def addition(study: Study, bodies: Iterable[Body], held: Mapping[str, Study], patients: Sequence[Patient]) -> Addition:
    """Compare the knowledge without and with ``study``; ``held`` are the studies there are.

    Raises:
        InvalidInput: a declared check that cannot be run, a row that does not follow from its study file (MGD-P140).
    """
    checks = checks_of(study)
    concerned = [body for body in bodies if body.id == study.body or study.id in [each.study for each in body.members]]
    changes = tuple(_body_change(body, study, _is_flagged(study, checks), held) for body in concerned)
    answers = _answers(study, patients) if study.is_regimen else None
    return Addition(study, study.id in held, checks, changes, answers)


def _is_flagged(study: Study, checks: tuple[Check, ...]) -> bool:
    return bool(study.flags or flagged(checks))


# --- pools --------------------------------------------------------------------------------------------------


def _body_change(body: Body, study: Study, is_flagged: bool, held: Mapping[str, Study]) -> BodyChange:
    without = evolve(body, rows=tuple(row for row in body.rows if row.study != study.id))
    present = next((row for row in body.rows if row.study == study.id), None)
    placed = next((each for each in body.members if each.study == study.id), None)
    if present is not None:
        row, reason = present, ""
    elif placed is not None and placed.pool == "outside":
        row, reason = None, placed.why
    else:
        row, reason = _row(study, _kinds(body, held), "flagged" if is_flagged else "default")
    after = without if row is None else evolve(without, rows=(*without.rows, row))
    names = dict.fromkeys((*pool_names(without), *pool_names(after)))
    pools = tuple(PoolChange(name, _pool(without, name), _pool(after, name)) for name in names)
    return BodyChange(body, row, reason, after, pools)


def _kinds(body: Body, held: Mapping[str, Study]) -> frozenset[str]:
    """The kinds of outcome that the rows of a body are about."""
    return frozenset(
        outcome.kind
        for row in body.rows
        if row.study in held
        for outcome in held[row.study].outcomes
        if outcome.id == row.outcome
    )


def _pool(body: Body, name: str) -> Pool | None:
    rows = body.pool_rows(name)
    return pool_rows(rows_of(rows)) if rows else None


def _row(study: Study, kinds: frozenset[str], pool: str) -> tuple[BodyRow | None, str]:
    """The row its figures give by means and SDs: end scores first, as the bodies speak of scores at the end."""
    treated = [arm.id for arm in study.arms if arm.role == "magnesium"]
    control = [arm.id for arm in study.arms if arm.role == "control"]
    if not kinds:
        return None, "this body has no rows, so nothing of it is pooled"
    if len(treated) != 1 or len(control) != 1:
        return None, "which groups to compare is for a person to say (one magnesium and one control group are needed)"
    for outcome in (each for each in study.outcomes if each.kind in kinds):
        for via in ("end scores", "change scores"):
            row = _by(study, outcome, via, (treated[0], control[0]), pool)
            if row is not None:
                return row, ""
    return None, "it prints no mean, standard deviation and number of people for both groups of such an outcome"


def _by(study: Study, outcome: StudyOutcome, via: str, arms: tuple[str, str], pool: str) -> BodyRow | None:
    people = {row.arm: row.n for row in outcome.rows}
    treated, control = people.get(arms[0]), people.get(arms[1])
    if treated is None or control is None:
        return None
    row = BodyRow(study.id, outcome.id, pool, via, *arms, (treated, control), "lower", "", 0.0, 0.0)
    try:
        effect = effect_of(row, study)
    except InvalidInput:  # this route's figures are not printed
        return None
    return evolve(row, yi=effect.yi, vi=effect.vi)


# --- answers ------------------------------------------------------------------------------------------------


def _answers(study: Study, patients: Sequence[Patient]) -> AnswerChange:
    known = default_knowledge()
    others = tuple(each for each in known.studies if each.id != study.id)
    before = evolve(known, studies=others)
    after = evolve(known, studies=tuple(sorted((*others, study), key=lambda each: each.id)))
    fits: dict[str, list[str]] = {}
    otherwise: list[str] = []
    for number, patient in enumerate(patients, start=1):
        name = patient.id or f"patient {number}"
        old, new = assess(patient, knowledge=before), assess(patient, knowledge=after)
        fits.setdefault(_fit(new, study.id), []).append(name)
        if _rest(old) != _rest(new):
            otherwise.append(name)
    return AnswerChange({fit: tuple(names) for fit, names in sorted(fits.items())}, tuple(otherwise))


def _fit(assessment: Assessment, study: str) -> str:
    held = assessment.regimens
    if not isinstance(held, Regimens):
        return WITHHELD
    return next(str(each.to_record()["fit"]) for each in held.items if each.study == study)


def _rest(assessment: Assessment) -> Json:
    return {key: value for key, value in assessment.to_record().items() if key not in _OF_A_STUDY}
