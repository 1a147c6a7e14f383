"""Bars per hundred: how often each thing happens, with one denominator and its count beside every bar."""

from __future__ import annotations

from attrs import frozen

from mgdecide.adapters.pictures.canvas import (
    DARK,
    RULE,
    SMALL,
    Axis,
    Canvas,
    Picture,
    draw_axis,
    fold,
    line_height,
    twin,
)

_WIDTH, _LEFT, _RIGHT = 840, 330, 680


@frozen
class Bar:
    """So many of the denominator. ``count`` None where it was not counted, which is not 0."""

    label: str
    count: int | None


def bar_per_hundred(title: str, bars: tuple[Bar, ...], of: int, unit: str, notes: tuple[str, ...] = ()) -> Picture:
    """Bars in the order given.

    Args:
        of: the denominator of every bar.
        unit: what is counted against ("patients").

    Raises:
        ValueError: a denominator that is not positive.
    """
    if of <= 0:
        raise ValueError(f"per hundred of {of}; a positive number of {unit} is meant")
    head = f"Per 100 {unit}; counted in {of:,} {unit}."
    highest = max((_per_hundred(bar, of) for bar in bars), default=0)
    axis = Axis(0, 100 if highest <= 100 else -(-highest // 100) * 100, _LEFT, _RIGHT)
    canvas = Canvas(_WIDTH)
    y = canvas.heading(title, head, *notes)
    for bar in bars:
        lines = fold(bar.label, _LEFT - 36, SMALL)
        for index, line in enumerate(lines):
            canvas.text(16, y + 17 + index * line_height(SMALL), line, SMALL)
        canvas.rect(_LEFT, y + 4, _RIGHT - _LEFT, 18, stroke=RULE, dashed=bar.count is None)
        if bar.count:
            canvas.rect(_LEFT, y + 4, axis.at(_per_hundred(bar, of)) - _LEFT, 18, DARK)
        canvas.text(_RIGHT + 14, y + 17, _told(bar, of), SMALL)
        y += max(30, len(lines) * line_height(SMALL) + 12)
    y += draw_axis(canvas, axis, y + 2, f"per 100 {unit}")
    lines = [title, head, *notes, "", *(f"  {bar.label}: {_told(bar, of)}" for bar in bars)]
    return Picture(canvas.finish(y + 8, title, head), twin(*lines))


def _per_hundred(bar: Bar, of: int) -> float:
    return 0.0 if bar.count is None else 100 * bar.count / of


def _told(bar: Bar, of: int) -> str:
    if bar.count is None:
        return "not counted"
    return f"{_per_hundred(bar, of):.1f} ({bar.count:,})"
