"""The numbers of a study file: arms, outcomes with each arm's printed figures, comparisons, and claims."""

from __future__ import annotations

from mgdecide.knowledge.reading import Entry
from mgdecide.knowledge.study_backing import Backer, printed, whole
from mgdecide.knowledge.study_types import (
    ArmRow,
    Claim,
    Figure,
    StudyArm,
    StudyContrast,
    StudyOutcome,
)

ARM_ROLES = ("magnesium", "control", "other")
OUTCOME_KINDS = (
    "depressive symptoms",
    "remission or response",
    "anxiety or stress",
    "magnesium status",
    "harm",
    "addiction",
    "premenstrual symptoms",
    "other",
)
MEASURES = ("MD", "SMD", "RR", "p", "finding")
COMPARED = ("baseline", "endpoint", "change")


def read_arms(entry: Entry, back: Backer) -> tuple[StudyArm, ...]:
    """The groups, in the order of the file."""
    return tuple(_arm(each, back) for each in entry.tables("arm"))


def _arm(entry: Entry, back: Backer) -> StudyArm:
    arm = StudyArm(
        id=entry.text("id"),
        label=entry.text("label"),
        role=entry.word("role", ARM_ROLES),
        randomised=whole(entry, "randomised"),
        analysed=whole(entry, "analysed"),
        backing=back(entry),
    )
    entry.done()
    return arm


def read_outcomes(entry: Entry, back: Backer) -> tuple[StudyOutcome, ...]:
    """The outcomes, in the order of the file; ids are unique within it."""
    found = tuple(_outcome(each, back) for each in entry.tables("outcome"))
    ids = [each.id for each in found]
    for id in ids:
        if ids.count(id) > 1:
            entry.mistake("MGD-K204", "outcome.id", id, "each outcome once")
    return found


def _outcome(entry: Entry, back: Backer) -> StudyOutcome:
    outcome = StudyOutcome(
        id=entry.text("id"),
        name=entry.text("name"),
        scale=entry.text("scale"),
        kind=entry.word("kind", OUTCOME_KINDS),
        time=entry.text("time", ""),
        rows=tuple(_row(each) for each in entry.tables("row")),
        contrasts=tuple(_contrast(each, back) for each in entry.tables("contrast")),
        backing=back(entry),
        whole_scores=entry.flag("whole_scores", False),
        decimals=whole(entry, "decimals"),
        scale_range=_range(entry, "scale_range"),
        entry_range=_range(entry, "entry_range"),
        unit=entry.text("unit", ""),
        note=entry.text("note", ""),
    )
    if not outcome.rows and not outcome.contrasts:
        entry.mistake("MGD-K201", "row", "nothing", "at least one row or contrast")
    entry.done()
    return outcome


def _row(entry: Entry) -> ArmRow:
    row = ArmRow(
        arm=entry.text("arm"),
        n=whole(entry, "n"),
        events=whole(entry, "events"),
        percent=printed(entry, "percent"),
        baseline=printed(entry, "baseline"),
        baseline_sd=printed(entry, "baseline_sd"),
        endpoint=printed(entry, "endpoint"),
        endpoint_sd=printed(entry, "endpoint_sd"),
        change=printed(entry, "change"),
        change_sd=printed(entry, "change_sd"),
        change_p=printed(entry, "change_p"),
    )
    entry.done()
    return row


def _contrast(entry: Entry, back: Backer) -> StudyContrast:
    contrast = StudyContrast(
        measure=entry.word("measure", MEASURES),
        backing=back(entry),
        estimate=printed(entry, "estimate"),
        low=printed(entry, "low"),
        high=printed(entry, "high"),
        p=printed(entry, "p"),
        compares=entry.word("compares", COMPARED, "endpoint"),
        adjusted=entry.flag("adjusted", False),
        finding=entry.text("finding", ""),
        note=entry.text("note", ""),
    )
    entry.done()
    return contrast


def _range(entry: Entry, key: str) -> tuple[float, float] | None:
    if not entry.has(key):
        return None
    ends = entry.texts(key)
    try:
        low, high = (float(end) for end in ends)
    except ValueError:
        entry.mistake("MGD-K202", key, ends, 'two numbers in quotes, such as ["0", "63"]')
        return None
    return low, high


def read_claims(entry: Entry, back: Backer) -> tuple[Claim, ...]:
    """What the study says, with its figures, in the order of the file."""
    return tuple(_claim(each, back) for each in entry.tables("claim"))


def _claim(entry: Entry, back: Backer) -> Claim:
    claim = Claim(
        text=entry.text("text"),
        caveat=entry.text("caveat"),
        figures=tuple(_figure(each) for each in entry.tables("figures")),
        backing=back(entry),
    )
    entry.done()
    return claim


def _figure(entry: Entry) -> Figure:
    figure = Figure(
        what=entry.text("what"),
        value=entry.text("value"),
        low=printed(entry, "low"),
        high=printed(entry, "high"),
        p=printed(entry, "p"),
        unit=entry.text("unit", ""),
    )
    entry.done()
    return figure
