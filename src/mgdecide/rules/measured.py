"""What was measured beside magnesium, and where it stands: kidney function, scores, items that ask about suicide.

Nothing is decided here. The figures are those the rules judged, beside the published edges they are read against.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from attrs import frozen

from mgdecide.domain.patient import Patient
from mgdecide.domain.verdicts import Json
from mgdecide.knowledge.facts import CREATININE, EGFR
from mgdecide.knowledge.scales import Scale, SuicideItem, load_scales
from mgdecide.logic.questions import Question, limit
from mgdecide.rules.derived import CKD_EPI_2021, fresh
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Answers, Rulebook

_STOP = "oral-magnesium.kidney-stop"
_KIDNEY_UNIT = EGFR.units[0]


@frozen
class Measured:
    """One figure: ``compared`` is what it was read against, ``finding`` what that says; empty without edges."""

    fact: str
    label: str
    value: str
    unit: str
    compared: str
    finding: str
    on: date | None
    sources: tuple[str, ...]
    verified: bool

    def to_record(self) -> Json:
        return {
            "fact": self.fact,
            "label": self.label,
            "value": self.value,
            "unit": self.unit,
            "compared": self.compared,
            "finding": self.finding,
            "on": self.on.isoformat() if self.on else None,
            "sources": list(self.sources),
            "verified": self.verified,
        }


def measured(patient: Patient, reading: Reading, answers: Answers, book: Rulebook) -> tuple[Measured, ...]:
    """Kidney figures, then scores and items in the order of the catalogue."""
    return (*_kidney(reading, answers, book), *_scores(patient, reading))


def _kidney(reading: Reading, answers: Answers, book: Rulebook) -> Iterator[Measured]:
    edge = limit(_STOP)
    if EGFR.name in reading.results:
        told = reading.results[EGFR.name]
        finding = _kidney_finding(fresh(EGFR), EGFR < edge, answers, book)
        yield _kidney_row(EGFR.name, "eGFR, reported", told.shown, finding, told.on, book)
    calculated = book.value(CKD_EPI_2021, answers)
    if isinstance(calculated, float):
        on = reading.results[CREATININE.name].on if CREATININE.name in reading.results else None
        finding = _kidney_finding(fresh(CREATININE), CKD_EPI_2021 < edge, answers, book)
        label = "eGFR, calculated (CKD-EPI 2021)"
        yield _kidney_row("egfr_ckd_epi_2021", label, f"{calculated:g}", finding, on, book)


def _kidney_row(fact: str, label: str, value: str, finding: str, on: date | None, book: Rulebook) -> Measured:
    knowledge = book.knowledge
    compared = f"gate closes below {knowledge.limit_words(_STOP, _KIDNEY_UNIT)}"
    return Measured(
        fact,
        label,
        value,
        _KIDNEY_UNIT,
        compared,
        finding,
        on,
        knowledge.sources_of(_STOP),
        knowledge.is_verified(_STOP),
    )


def _kidney_finding(current: Question, below: Question, answers: Answers, book: Rulebook) -> str:
    if book.value(current, answers) is not True:
        return "stale or undated: not counted"
    return {True: "below", False: "not below", None: "cannot tell"}[_yes_no(book.value(below, answers))]


def _yes_no(answer: object) -> bool | None:
    return answer if isinstance(answer, bool) else None


def _scores(patient: Patient, reading: Reading) -> Iterator[Measured]:
    for scale in load_scales().values():
        total = reading.row.get(scale.fact)
        if isinstance(total, float):
            yield _score(scale, int(total), patient)
        item = scale.suicide_item
        points = None if item is None else reading.row.get(item.fact)
        if item is not None and isinstance(points, float):
            yield _item(scale, item, int(points), patient)


def _score(scale: Scale, total: int, patient: Patient) -> Measured:
    on = _newest(patient, scale.instrument)
    unit = f"of {scale.high:f}"
    if scale.bands is None:
        return Measured(scale.fact, scale.instrument, str(total), unit, "", "", on, (), True)
    band = scale.bands.of(Decimal(total))
    nexts = [each.start for each in scale.bands.bands if each.start > band.start]
    last = nexts[0] - 1 if nexts else scale.high
    return Measured(
        scale.fact,
        scale.instrument,
        str(total),
        unit,
        f"{band.start:f} to {last:f} {band.words}",
        band.words,
        on,
        scale.bands.sources,
        scale.bands.verified,
    )


def _item(scale: Scale, item: SuicideItem, points: int, patient: Patient) -> Measured:
    finding = "positive" if points >= item.positive else "not positive"
    given = [
        score.on
        for score in patient.scores
        if score.instrument == scale.instrument and score.item(item.number) == points
    ]
    return Measured(
        item.fact,
        f"{scale.instrument} item {item.number}{'' if given else ', implied by the total'}",
        str(points),
        f"of {item.high:f}",
        f"positive from {item.positive:f} on",
        finding,
        given[-1] if given else None,
        item.sources,
        item.verified,
    )


def _newest(patient: Patient, instrument: str) -> date | None:
    """The day of the newest administration that recorded the total; scores are sorted by day."""
    days = [score.on for score in patient.scores if score.instrument == instrument and score.total is not None]
    return days[-1] if days else None
