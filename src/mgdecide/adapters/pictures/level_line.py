"""Level line: one result in its own unit, on named intervals and on the edges of the reporting categories."""

from __future__ import annotations

from attrs import frozen

from mgdecide.adapters.pictures.canvas import (
    BLUE,
    DARK,
    FAINT,
    INK,
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

_WIDTH, _LEFT, _RIGHT = 820, 316, 652


@frozen
class LevelInterval:
    """A named interval; an end that is None is not given. ``low`` and ``high`` are the digits shown."""

    name: str
    low: str | None
    high: str | None
    used: bool = False
    """The one the finding rests on."""

    @property
    def told(self) -> str:
        """Both ends in words."""
        return f"{self.low or 'no lower limit'} to {self.high or 'no upper limit'}"


@frozen
class LevelEdge:
    """The edge of a category: ``below`` it (or above it) the category holds."""

    name: str
    value: str
    below: bool

    @property
    def told(self) -> str:
        """The edge in words."""
        return f"{'below' if self.below else 'above'} {self.value}"


@frozen
class Level:
    """A result as reported. ``comparator`` is set where the laboratory sent only "less than" or "more than"."""

    test: str
    value: str
    unit: str
    on: str
    finding: str
    converted: tuple[tuple[str, str], ...] = ()
    comparator: str = ""

    @property
    def told(self) -> str:
        """The value with its unit, its day, and the other units for showing."""
        others = ", ".join(f"{value} {unit}" for unit, value in self.converted)
        shown = f" ({others}, for showing only)" if others else ""
        return f"{self.comparator}{self.value} {self.unit}{shown}, {self.on or 'no date'}"


def level_line(level: Level, intervals: tuple[LevelInterval, ...], edges: tuple[LevelEdge, ...]) -> Picture:
    """One row for each interval and each edge; the value runs through all of them as one upright line."""
    title = f"{level.test}: {level.finding}"
    notes = (f"Value: {level.told}.", "Every comparison is made in the reported unit.")
    numbers = [float(level.value), *(float(edge.value) for edge in edges)]
    numbers += [float(end) for each in intervals for end in (each.low, each.high) if end is not None]
    reach = (max(numbers) - min(numbers)) or 1.0
    axis = Axis(max(0.0, min(numbers) - reach * 0.08), max(numbers) + reach * 0.08, _LEFT, _RIGHT)
    canvas = Canvas(_WIDTH)
    top = y = canvas.heading(title, *notes)
    rows: list[tuple[float, LevelInterval | LevelEdge]] = []
    y += 24
    for interval in intervals:
        rows.append((y, interval))
        y += max(26, len(_name(interval)) * line_height(SMALL) + 8)
    split, y = y, y + 24
    for edge in edges:
        rows.append((y, edge))
        y += 26
    for value in axis.ticks():
        canvas.line(axis.at(value), top + 18, axis.at(value), y + 4, FAINT)
    canvas.rect(16, split + 1, _WIDTH - 32, 22)
    canvas.text(16, top + 17, "Intervals", bold=True)
    canvas.text(16, split + 17, "Edges of the categories", bold=True)
    for at, row in rows:
        if isinstance(row, LevelInterval):
            _interval(canvas, axis, row, at)
        else:
            _edge(canvas, axis, row, at)
    x = axis.at(float(level.value))
    canvas.line(x, top + 22, x, y + 4, INK, thick=2.5)
    canvas.shape([(x, top + 10), (x + 7, top + 18), (x, top + 26), (x - 7, top + 18)], INK)
    canvas.text(*_beside(axis, x, top), f"{level.comparator}{level.value} {level.unit}", bold=True)
    y += draw_axis(canvas, axis, y + 4, level.unit, decimals=1 if reach < 20 else 0)
    described = "; ".join([*notes, *(f"{_title(row)}: {row.told} {level.unit}" for _, row in rows)])
    return Picture(canvas.finish(y + 8, title, described), _text(title, notes, level, intervals, edges))


def _beside(axis: Axis, x: float, top: float) -> tuple[float, float]:
    """Where the value is written: right of its mark, or left of it near the right end."""
    return (x + 14, top + 14) if x < axis.right - 100 else (x - 110, top + 14)


def _title(row: LevelInterval | LevelEdge) -> str:
    return row.name + (" [used]" if isinstance(row, LevelInterval) and row.used else "")


def _name(row: LevelInterval) -> list[str]:
    return fold(_title(row), _LEFT - 36, SMALL)


def _interval(canvas: Canvas, axis: Axis, row: LevelInterval, y: float) -> None:
    for index, line in enumerate(_name(row)):
        canvas.text(24, y + 16 + index * line_height(SMALL), line, SMALL, bold=row.used)
    left = axis.left if row.low is None else axis.at(float(row.low))
    right = axis.right if row.high is None else axis.at(float(row.high))
    canvas.rect(left, y + 5, right - left, 14, BLUE, INK if row.used else RULE, thick=2.5 if row.used else 1)
    canvas.text(_RIGHT + 14, y + 16, row.told, SMALL, bold=row.used)


def _edge(canvas: Canvas, axis: Axis, row: LevelEdge, y: float) -> None:
    x, way = axis.at(float(row.value)), -1 if row.below else 1
    canvas.text(24, y + 16, row.name, SMALL)
    canvas.line(x, y + 4, x, y + 20, DARK, thick=2.5)
    canvas.shape([(x, y + 6), (x + way * 14, y + 12), (x, y + 18)], DARK, DARK)
    canvas.text(_RIGHT + 14, y + 16, row.told, SMALL)


def _text(
    title: str, notes: tuple[str, ...], level: Level, intervals: tuple[LevelInterval, ...], edges: tuple[LevelEdge, ...]
) -> str:
    lines = [title, *notes, "", f"Intervals, {level.unit}"]
    lines += [f"  {row.told:<16} {_title(row)}" for row in intervals] or ["  none"]
    lines += ["", f"Edges of the categories, {level.unit}"]
    lines += [f"  {row.told:<16} {row.name}" for row in edges] or ["  none"]
    return twin(*lines)
