"""Dose ladder: every amount of magnesium on one axis of elemental mg a day, so that salt is not taken for element."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from mgdecide.adapters.pictures.canvas import (
    DARK,
    FAINT,
    INK,
    PAPER,
    SMALL,
    Axis,
    Canvas,
    Picture,
    draw_axis,
    fold,
    line_height,
    span,
    twin,
)

_WIDTH, _LEFT, _RIGHT = 840, 340, 690
AXIS = "elemental magnesium, mg a day"


class Rung(Enum):
    """What an amount is, in the order of the ladder."""

    INTAKE = "Intake reference: food and everything else together"
    UPPER = "Upper level: supplements and medicines only; food does not count"
    STUDY = "As studied; not a prescription. A bar shows every reading the label allows"
    PRODUCT = "This patient's products, by label"
    DIET = "This patient's food; does not count towards an upper level"


@frozen
class LadderMark:
    """One amount or interval in elemental mg a day; ``low`` and ``high`` None where it is not known."""

    rung: Rung
    label: str
    low: float | None
    high: float | None
    source: str = ""

    @property
    def told(self) -> str:
        """The amount in words."""
        if self.low is None or self.high is None:
            return "not known"
        return f"{span(self.low, self.high)} mg"


def dose_ladder(
    marks: tuple[LadderMark, ...], notes: tuple[str, ...] = (), title: str = "Dose ladder: elemental magnesium a day"
) -> Picture:
    """Amounts by kind, in the order given. Upper levels run as dashed lines down to what counts towards them."""
    highest = max((mark.high for mark in marks if mark.high is not None), default=0)
    axis = Axis(0, max(100.0, -(-highest // 100) * 100), _LEFT, _RIGHT)
    canvas = Canvas(_WIDTH)
    top = y = canvas.heading(title, *notes)
    placed: list[tuple[LadderMark, float]] = []
    heads: list[tuple[Rung, float]] = []
    for rung in Rung:
        of_rung = [mark for mark in marks if mark.rung is rung]
        if of_rung:
            heads.append((rung, y))
            y += 26
        for mark in of_rung:
            placed.append((mark, y))
            y += len(_label(mark)) * line_height(SMALL) + 10
    counted = next((at for rung, at in heads if rung is Rung.DIET), y)
    _guides(canvas, axis, placed, (top, counted, y))
    for rung, at in heads:
        canvas.rect(16, at + 1, _WIDTH - 32, 22)
        canvas.text(16, at + 17, rung.value, bold=True)
    for mark, at in placed:
        _mark(canvas, axis, mark, at)
    y += draw_axis(canvas, axis, y + 4, AXIS)
    described = "; ".join(f"{mark.label}: {mark.told}" for mark in marks)
    return Picture(canvas.finish(y + 8, title, f"{described}."), _text(title, notes, marks))


def _guides(
    canvas: Canvas, axis: Axis, placed: list[tuple[LadderMark, float]], ends: tuple[float, float, float]
) -> None:
    top, counted, bottom = ends
    for value in axis.ticks():
        canvas.line(axis.at(value), top, axis.at(value), bottom + 4, FAINT)
    for mark, y in placed:
        if mark.rung is Rung.UPPER and mark.high is not None:
            canvas.line(axis.at(mark.high), y + 14, axis.at(mark.high), counted, INK, thick=1.5, dashed=True)


def _label(mark: LadderMark) -> list[str]:
    told = f"{mark.label} ({mark.source})" if mark.source else mark.label
    return fold(told, _LEFT - 36, SMALL)


def _mark(canvas: Canvas, axis: Axis, mark: LadderMark, y: float) -> None:
    for index, line in enumerate(_label(mark)):
        canvas.text(24, y + 15 + index * line_height(SMALL), line, SMALL)
    canvas.text(_RIGHT + 14, y + 15, mark.told, SMALL, bold=True)
    if mark.low is None or mark.high is None:
        return
    left, right, middle = axis.at(mark.low), axis.at(mark.high), y + 11
    match mark.rung:
        case Rung.INTAKE:
            canvas.shape([(left - 6, middle - 7), (left + 6, middle - 7), (left, middle + 6)], INK)
        case Rung.UPPER:
            canvas.rect(left - 2, middle - 9, 4, 18, INK)
        case Rung.PRODUCT | Rung.DIET:
            canvas.rect(axis.left, middle - 6, left - axis.left, 12, DARK, INK)
            if right > left:
                canvas.rect(left, middle - 6, right - left, 12, PAPER, INK, dashed=True)
        case Rung.STUDY:
            _interval(canvas, left, right, middle)


def _interval(canvas: Canvas, left: float, right: float, y: float) -> None:
    """A bar with its ends; a diamond where there is only one reading."""
    if right - left < 1:
        canvas.shape([(left, y - 6), (left + 6, y), (left, y + 6), (left - 6, y)], DARK)
        return
    canvas.line(left, y, right, y, DARK, thick=4)
    for end in (left, right):
        canvas.line(end, y - 7, end, y + 7, DARK, thick=2)


def _text(title: str, notes: tuple[str, ...], marks: tuple[LadderMark, ...]) -> str:
    lines = [title, *notes, f"Amounts are {AXIS}."]
    for rung in Rung:
        of_rung = [mark for mark in marks if mark.rung is rung]
        lines += ["", rung.value] if of_rung else []
        lines += [f"  {mark.told:<16} {mark.label}{f' ({mark.source})' if mark.source else ''}" for mark in of_rung]
    return twin(*lines)
