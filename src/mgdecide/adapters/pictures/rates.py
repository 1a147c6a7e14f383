"""Rates with denominators of their own: a bar per row, its numbers beside it, an interval where there is one."""

from __future__ import annotations

from attrs import frozen

from mgdecide.adapters.pictures.canvas import (
    DARK,
    INK,
    MUTED,
    PAPER,
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

_WIDTH, _LEFT, _RIGHT = 1080, 380, 800
_HALF = 50.0


@frozen
class RateBar:
    """So many of ``of``; the interval per hundred, if there is one; further words below the name."""

    label: str
    count: int
    of: int
    interval: tuple[float, float] | None = None
    beside: str = ""
    unknown: int = 0
    """How many could not be told."""

    @property
    def per_hundred(self) -> float:
        """Of a hundred; 0 where there is nothing to count in."""
        return 100 * self.count / self.of if self.of else 0.0


def rate_bars(title: str, bars: tuple[RateBar, ...], unit: str, notes: tuple[str, ...] = ()) -> Picture:
    """Bars in the order given, each with its own denominator; ``unit`` is what they are counted in ("patients")."""
    highest = max((bar.interval[1] if bar.interval else bar.per_hundred for bar in bars), default=0.0)
    axis = Axis(0, 100 if highest > _HALF else max(10, -(-highest // 10) * 10), _LEFT, _RIGHT)
    lined = ("Lines: 95 % intervals.",) if any(bar.interval for bar in bars) else ()
    canvas = Canvas(_WIDTH)
    y = canvas.heading(title, *notes, *lined)
    for bar in bars:
        y += _row(canvas, axis, bar, y)
    if not bars:
        canvas.text(16, y + 17, "nothing to show", SMALL, fill=MUTED)
        y += 30
    y += draw_axis(canvas, axis, y + 2, f"per 100 {unit}")
    rows = [line for bar in bars for line in _told_rows(bar)] or ["  nothing to show"]
    text = twin(title, *notes, "", f"Per 100 {unit}:", *rows)
    return Picture(canvas.finish(y + 8, title, f"Bars per 100 {unit}."), text)


def _row(canvas: Canvas, axis: Axis, bar: RateBar, y: float) -> float:
    """One bar; the height it took."""
    name = fold(bar.label, _LEFT - 36, SMALL)
    beside = fold(bar.beside, _LEFT - 36, SMALL) if bar.beside else []
    for index, line in enumerate([*name, *beside]):
        ink = INK if index < len(name) else MUTED
        canvas.text(16, y + 17 + index * line_height(SMALL), line, SMALL, fill=ink)
    canvas.rect(_LEFT, y + 4, _RIGHT - _LEFT, 18, stroke=RULE)
    if bar.count:
        canvas.rect(_LEFT, y + 4, axis.at(bar.per_hundred) - _LEFT, 18, DARK)
    if bar.interval is not None:
        low, high = (axis.at(end) for end in bar.interval)
        canvas.rect(low, y + 10.5, high - low, 5, PAPER)  # a pale band, so that the line is seen on bar and paper alike
        canvas.line(low, y + 13, high, y + 13, INK, thick=1.5)
        for end in (low, high):
            canvas.line(end, y + 7, end, y + 19, INK, thick=1.5)
    canvas.text(_RIGHT + 14, y + 17, _told(bar), SMALL)
    return max(30, (len(name) + len(beside)) * line_height(SMALL) + 12)


def _told(bar: RateBar) -> str:
    unknown = f"; unknown {bar.unknown:,}" if bar.unknown else ""
    return f"{bar.per_hundred:.1f} ({bar.count:,} of {bar.of:,}{unknown})"


def _told_rows(bar: RateBar) -> list[str]:
    interval = f", 95 % interval {bar.interval[0]:.1f} to {bar.interval[1]:.1f}" if bar.interval else ""
    return [f"  {bar.label}: {_told(bar)}{interval}", *([f"    {bar.beside}"] if bar.beside else [])]
