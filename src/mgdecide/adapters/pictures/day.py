"""Day schedule: hours apart turned into clock times on one bar of 24 hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mgdecide.adapters.pictures.canvas import (
    BLUE,
    DARK,
    FAINT,
    INK,
    MUTED,
    RULE,
    SAND,
    SMALL,
    Axis,
    Canvas,
    Picture,
    fold,
    line_height,
    twin,
)
from mgdecide.domain.dayplan import DAY, Dose, Window, Windows, clock, plan, told

_WIDTH, _LEFT, _RIGHT = 1080, 260, 1050
_TITLE = "Day schedule: when magnesium may be taken"


def day_schedule(doses: Sequence[Dose], without_times: Sequence[str] = ()) -> Picture:
    """One row for each dose with the hours it keeps free of magnesium, and one with what is left.

    Args:
        doses: medicines with clock times; the widest published hours.
        without_times: medicines that must be kept apart and whose times are not known.
    """
    ordered = sorted(set(doses), key=lambda dose: (dose.minute, dose.medicine))
    found = plan(ordered)
    notes = ["For review, the widest published hours kept. Not a prescription.", str(found)]
    if without_times:
        notes.append(f"No time was given for {', '.join(sorted(without_times))}: not in this plan.")
    axis = Axis(0, DAY, _LEFT, _RIGHT)
    canvas = Canvas(_WIDTH)
    top = y = canvas.heading(_TITLE, *notes)
    y += 26
    rows: list[tuple[Dose, float]] = []
    for dose in ordered:
        rows.append((dose, y))
        y += max(34, len(_label(dose)) * line_height(SMALL) + 12)
    for hour in range(0, 25, 3):
        x = axis.at(hour * 60)
        canvas.text(x, top + 16, "24:00" if hour == 24 else clock(hour * 60), SMALL, anchor="middle")
        canvas.line(x, top + 22, x, y + 34, FAINT)
    for dose, at in rows:
        _dose(canvas, axis, dose, at)
    _windows(canvas, axis, found.items if isinstance(found, Windows) else (), y)
    canvas.line(16, y - 2, _WIDTH - 16, y - 2)
    legend = "Black mark: the dose. Dashed: keep magnesium away. Bar with thick frame: magnesium may be taken."
    canvas.text(16, y + 84, legend, SMALL, fill=MUTED)
    text = twin(_TITLE, *notes, "", *told(ordered).split("\n")[:-1], *_apart(ordered))
    return Picture(canvas.finish(y + 100, _TITLE, " ".join(notes)), text)


def _label(dose: Dose) -> list[str]:
    return fold(f"{clock(dose.minute)} {dose.medicine}", _LEFT - 32, SMALL)


def _dose(canvas: Canvas, axis: Axis, dose: Dose, y: float) -> None:
    for index, line in enumerate(_label(dose)):
        canvas.text(16, y + 20 + index * line_height(SMALL), line, SMALL)
    for first, last in _pieces(dose.minute - dose.after, dose.after + dose.before):
        canvas.rect(axis.at(first), y + 6, axis.at(last) - axis.at(first), 20, SAND, RULE, dashed=True)
    canvas.rect(axis.at(dose.minute) - 3, y + 3, 6, 26, INK)


def _windows(canvas: Canvas, axis: Axis, windows: Sequence[Window], y: float) -> None:
    canvas.text(16, y + 24, "magnesium may be taken", SMALL, bold=True)
    if not windows:
        canvas.text(axis.left, y + 24, "at no time of this day", SMALL, bold=True)
    narrow = 0
    for window in windows:
        for first, last in _pieces(window.start, window.minutes):
            left, right = axis.at(first), axis.at(last)
            canvas.rect(left, y + 8, max(right - left, 3), 24, BLUE, DARK, thick=2.5)
            told_ends = f"{clock(first)} to {'24:00' if last == DAY else clock(last)}"
            if right - left > 110:
                canvas.text((left + right) / 2, y + 25, told_ends, SMALL, anchor="middle")
            else:
                middle = min(max((left + right) / 2, _LEFT + 40), _RIGHT - 40)
                canvas.text(middle, y + 48 + narrow % 2 * 15, told_ends, SMALL, anchor="middle")
                narrow += 1


def _pieces(start: int, minutes: int) -> Iterator[tuple[int, int]]:
    """A stretch of the day as one piece, or two where it passes midnight."""
    minutes, first = min(minutes, DAY), start % DAY
    if first + minutes <= DAY:
        yield first, first + minutes
    else:
        yield first, DAY
        yield 0, first + minutes - DAY


def _apart(doses: Sequence[Dose]) -> list[str]:
    """How long each dose keeps magnesium away, in words."""
    return [
        f"  {dose.medicine} at {clock(dose.minute)}: magnesium at least {_hours(dose.before)} after it, "
        f"and it at least {_hours(dose.after)} after magnesium"
        for dose in doses
    ]


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' * (hours != 1)}"] if hours or not rest else []
    return " ".join([*parts, f"{rest} minutes"] if rest else parts)
