"""Forest plot with what a number hides: dose, comparator, blinding, risk of bias, flags, and whether this patient fits.

Nothing is pooled over a chosen few: the groups are those of the body of evidence, and studies without a usable figure
keep their row.
"""

from __future__ import annotations

from attrs import frozen

from mgdecide.adapters.pictures.canvas import (
    DARK,
    FAINT,
    GREY,
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

_STEP = line_height(SMALL)


@frozen
class _Columns:
    """Where each column begins, in pixels; the plot and the weights also where they end. No ``fit``: no patient."""

    width: int
    name: int
    bias: int
    fit: int | None
    plot: int
    plot_end: int
    weight: int
    told: int

    @property
    def overhang(self) -> int:
        """How far the words below the axis may reach beyond it on either side."""
        return 0 if self.plot_end - self.plot > 300 else 36

    @property
    def after_bias(self) -> int:
        """Where the risk of bias has to end."""
        return self.plot - 6 if self.fit is None else self.fit


_OF_A_PATIENT = _Columns(1180, 16, 400, 492, 590, 900, 965, 985)
_OF_NOBODY = _Columns(960, 16, 312, None, 420, 690, 755, 775)
"""Narrower, so that the type is larger on a page."""


@frozen
class Estimate:
    """An effect with its 95% interval."""

    value: float
    low: float
    high: float

    @property
    def told(self) -> str:
        """Two decimals, the sign kept, never a negative zero."""
        return f"{_two(self.value)} ({_two(self.low)} to {_two(self.high)})"


@frozen
class ForestRow:
    """One study. ``estimate`` None: no figure that could be pooled, and ``why``. ``fit``: how this patient compares.

    ``comparator`` with its preposition ("against placebo").
    """

    study: str
    dose: str
    comparator: str
    blinding: str
    risk_of_bias: str
    fit: str = ""
    flags: int = 0
    estimate: Estimate | None = None
    weight: float | None = None
    """Percent of the pool; None where the row is in none."""
    why: str = ""

    @property
    def about(self) -> str:
        """What was given against what, who knew it, and flags, as one line."""
        flags = f"{self.flags} flag{'s' * (self.flags != 1)}" if self.flags else ""
        told = (self.dose, self.comparator, self.blinding, flags)
        return ". ".join(filter(None, ("; ".join(filter(None, told)), self.why)))


@frozen
class ForestPool:
    """A pooled effect; ``prediction`` None where fewer than three studies give none."""

    label: str
    estimate: Estimate
    prediction: tuple[float, float] | None
    spread: str = ""

    @property
    def predicted(self) -> str:
        """The prediction interval in words."""
        if self.prediction is None:
            return "not defined for fewer than 3 studies"
        return f"{_two(self.prediction[0])} to {_two(self.prediction[1])}"


@frozen
class ForestGroup:
    """Rows under a heading, and the pools below them."""

    heading: str
    rows: tuple[ForestRow, ...]
    pools: tuple[ForestPool, ...] = ()


def forest_plot(
    title: str,
    measure: str,
    groups: tuple[ForestGroup, ...],
    notes: tuple[str, ...],
    *,
    lower: str = "less with magnesium",
    higher: str = "more with magnesium",
) -> Picture:
    """Studies with their intervals, pools as diamonds, prediction intervals as bars with open ends.

    Args:
        measure: what the axis shows ("Hedges' g").
        notes: the certainty and the rule first; they stand above the plot and in the text.
        lower, higher: what the two sides of zero mean.
    """
    at = _OF_A_PATIENT if any(row.fit for group in groups for row in group.rows) else _OF_NOBODY
    axis = _axis(groups, at)
    canvas = Canvas(at.width)
    y = top = canvas.heading(title, *notes)
    y += _heads(canvas, at, y)
    for group in groups:
        y += _heading(canvas, at, group.heading, y)
        for row in group.rows:
            y += _row(canvas, at, axis, row, y)
        for pool in group.pools:
            y += _pool(canvas, at, axis, pool, y)
    if axis.holds(0):
        canvas.line(axis.at(0), top + 28, axis.at(0), y + 6, INK)
    y += draw_axis(canvas, axis, y + 6, measure, decimals=1)
    canvas.text(axis.left - at.overhang, y + 22, f"← {lower}", SMALL)
    canvas.text(axis.right + at.overhang, y + 22, f"{higher} →", SMALL, anchor="end")
    text = _text(title, measure, groups, notes, (lower, higher))
    described = " ".join(f"{pool.label}: {pool.estimate.told}." for group in groups for pool in group.pools)
    return Picture(canvas.finish(y + 36, title, " ".join((*notes, described)).strip()), text)


def _axis(groups: tuple[ForestGroup, ...], at: _Columns) -> Axis:
    rows = [row.estimate for group in groups for row in group.rows if row.estimate is not None]
    pools = [pool for group in groups for pool in group.pools]
    ends = [end for each in (*rows, *(pool.estimate for pool in pools)) for end in (each.low, each.high)]
    ends += [end for pool in pools if pool.prediction for end in pool.prediction]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    margin = (high - low or 1.0) * 0.06
    return Axis(low - margin, high + margin, at.plot, at.plot_end)


def _heads(canvas: Canvas, at: _Columns, y: float) -> float:
    heads = ((at.name, "Study and what was done"), (at.bias, "Risk of bias"), (at.fit, "This patient"))
    for x, told in heads:
        if x is not None:
            canvas.text(x, y + 16, told, SMALL, bold=True)
    canvas.text(at.weight, y + 16, "Weight", SMALL, bold=True, anchor="end")
    canvas.text(at.told, y + 16, "Effect (95% CI)", SMALL, bold=True)
    canvas.line(16, y + 24, at.width - 16, y + 24, INK)
    return 28


def _heading(canvas: Canvas, at: _Columns, heading: str, y: float) -> float:
    lines = fold(heading, at.width - 48, SMALL)
    canvas.rect(16, y + 2, at.width - 32, len(lines) * _STEP + 5, GREY)
    canvas.lines(at.name + 4, y + 17, heading, at.width - 48, SMALL, bold=True)
    return len(lines) * _STEP + 11


def _row(canvas: Canvas, at: _Columns, axis: Axis, row: ForestRow, y: float) -> float:
    canvas.text(at.name, y + 16, row.study, SMALL, bold=True)
    height = 16 + canvas.lines(at.name, y + 16 + _STEP, row.about, at.bias - at.name + 24, SMALL, fill=MUTED)
    height = max(height, canvas.lines(at.bias, y + 16, row.risk_of_bias, at.after_bias - at.bias - 8, SMALL))
    if at.fit is not None:
        height = max(height, canvas.lines(at.fit, y + 16, row.fit, at.plot - at.fit - 14, SMALL))
    weight = "none" if row.weight is None else f"{row.weight:.0f}%"
    canvas.text(at.weight, y + 16, weight, SMALL, anchor="end")
    canvas.text(at.told, y + 16, "no usable figure" if row.estimate is None else row.estimate.told, SMALL)
    if row.estimate is not None:
        _whisker(canvas, axis, row.estimate, row.weight, y + 12)
    height += 14
    canvas.line(16, y + height, at.plot - 14, y + height, FAINT)
    return height


def _whisker(canvas: Canvas, axis: Axis, estimate: Estimate, weight: float | None, y: float) -> None:
    """A square as large as its weight; an empty one is in no pool above."""
    canvas.line(axis.at(estimate.low), y, axis.at(estimate.high), y, INK, thick=1.5)
    for end in (estimate.low, estimate.high):
        canvas.line(axis.at(end), y - 4, axis.at(end), y + 4, INK, thick=1.5)
    half = 5.0 if weight is None else 3.5 + weight**0.5 * 0.7
    fill = PAPER if weight is None else DARK
    canvas.rect(axis.at(estimate.value) - half, y - half, 2 * half, 2 * half, fill, INK)


def _pool(canvas: Canvas, at: _Columns, axis: Axis, pool: ForestPool, y: float) -> float:
    told = f"{pool.label}. {pool.spread}".rstrip()
    height = canvas.lines(at.name, y + 18, told, at.plot - at.name - 20, SMALL, bold=True)
    low, middle, high = (axis.at(each) for each in (pool.estimate.low, pool.estimate.value, pool.estimate.high))
    canvas.shape([(low, y + 14), (middle, y + 6), (high, y + 14), (middle, y + 22)], DARK)
    canvas.text(at.told, y + 18, pool.estimate.told, SMALL, bold=True)
    y += max(height, 20) + 10
    canvas.text(at.name, y + 14, "Prediction interval: a further study like these", SMALL)
    canvas.text(at.told, y + 14, pool.predicted if pool.prediction else "not defined", SMALL)
    if pool.prediction:
        left, right = (axis.at(each) for each in pool.prediction)
        canvas.line(left, y + 10, right, y + 10, RULE, thick=2, dashed=True)
        for end in (left, right):
            canvas.circle(end, y + 10, 4, PAPER, INK)
    return max(height, 20) + 40


def _two(value: float) -> str:
    told = f"{value:.2f}"
    return "0.00" if told == "-0.00" else told


def _text(
    title: str, measure: str, groups: tuple[ForestGroup, ...], notes: tuple[str, ...], sides: tuple[str, str]
) -> str:
    lines = [title, *notes, f"Effect: {measure}, 95% CI; below 0: {sides[0]}; above 0: {sides[1]}."]
    for group in groups:
        lines += ["", group.heading]
        for row in group.rows:
            weight = "no weight" if row.weight is None else f"weight {row.weight:.0f}%"
            effect = "no usable figure" if row.estimate is None else f"{row.estimate.told}, {weight}"
            lines += [f"  {row.study}: {effect}", f"      {row.about}", f"      risk of bias: {row.risk_of_bias}"]
            lines += [f"      this patient: {row.fit}"] if row.fit else []
        for pool in group.pools:
            lines += [f"  {pool.label}: {pool.estimate.told}. {pool.spread}", f"      prediction: {pool.predicted}"]
    return twin(*lines)
