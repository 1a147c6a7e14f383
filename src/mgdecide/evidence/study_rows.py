"""The rows of a body of evidence, worked out again from the figures that its study files print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mgdecide.evidence.effects import Arm, Effect, hedges_g, hedges_g_of_changes
from mgdecide.evidence.inputs import refuse
from mgdecide.evidence.recovered import Direction, effect_from_interval, hedges_g_from_p
from mgdecide.evidence.rows import Row, checked_rows
from mgdecide.knowledge.body_types import BodyRow
from mgdecide.knowledge.study_types import ArmRow, Study, StudyOutcome


def rows_of(listed: Iterable[BodyRow]) -> tuple[Row, ...]:
    """The rows as they are stored, ready to be pooled."""
    return checked_rows(Row(row.study, row.yi, row.vi) for row in listed)


def rows_again(listed: Iterable[BodyRow], studies: Mapping[str, Study]) -> tuple[Row, ...]:
    """The same rows from the figures of the study files; equal to ``rows_of`` where nothing has changed.

    Raises:
        InvalidInput: MGD-P140 an outcome, a group or a figure that the study file does not hold.
    """
    effects = ((row.study, effect_of(row, studies[row.study])) for row in listed)
    return checked_rows(Row(study, effect.yi, effect.vi) for study, effect in effects)


def effect_of(row: BodyRow, study: Study) -> Effect:
    """One study's effect by the route its row names; a negative one means less with magnesium.

    Raises:
        InvalidInput: MGD-P140 as above.
    """
    outcome = _outcome(row, study)
    match row.via:
        case "p":
            return _from_p(row, outcome)
        case "interval":
            return _from_interval(row, outcome)
        case "change scores":
            return hedges_g_of_changes(*_arms(row, outcome, "change", "change_sd"))
        case _:
            return hedges_g(*_arms(row, outcome, "endpoint", "endpoint_sd"))


def _from_p(row: BodyRow, outcome: StudyOutcome) -> Effect:
    """From the one exact p value between groups that the outcome prints."""
    for contrast in outcome.contrasts:
        if contrast.measure == "p" and contrast.p is not None and contrast.p[0].isdigit():
            assuming = (row.assumed,) if row.assumed else ()
            way: Direction = "higher" if row.direction == "higher" else "lower"
            return hedges_g_from_p(float(contrast.p), *row.n, way, assuming=assuming)
    raise _missing(row, "an exact p value")


def _from_interval(row: BodyRow, outcome: StudyOutcome) -> Effect:
    for contrast in outcome.contrasts:
        if contrast.measure == "MD" and contrast.estimate and contrast.low and contrast.high:
            numbers = (float(contrast.estimate), float(contrast.low), float(contrast.high))
            return effect_from_interval(*numbers, measure="MD")
    raise _missing(row, "an estimate with its interval")


def _arms(row: BodyRow, outcome: StudyOutcome, mean: str, sd: str) -> tuple[Arm, Arm]:
    found: list[Arm] = []
    for id, n in ((row.treated, row.n[0]), (row.control, row.n[1])):
        figures = _figures(row, outcome, id)
        centre, spread = getattr(figures, mean), getattr(figures, sd)
        if centre is None or spread is None:
            raise _missing(row, f"{mean} and {sd} of {id}")
        found.append(Arm(float(centre), float(spread), n))
    return found[0], found[1]


def _figures(row: BodyRow, outcome: StudyOutcome, arm: str) -> ArmRow:
    for each in outcome.rows:
        if each.arm == arm:
            return each
    raise _missing(row, f"the group {arm}")


def _outcome(row: BodyRow, study: Study) -> StudyOutcome:
    for outcome in study.outcomes:
        if outcome.id == row.outcome:
            return outcome
    raise _missing(row, f"the outcome {row.outcome}")


def _missing(row: BodyRow, what: str) -> Exception:
    return refuse("MGD-P140", f"{row.study}.{row.outcome}", "nothing", f"{what} in the study file")
