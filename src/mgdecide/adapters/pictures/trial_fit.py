"""Trial-fit strip: one row per study, one cell per requirement, so that "cannot tell" is seen and not only read."""

from __future__ import annotations

from attrs import frozen

from mgdecide.adapters.pictures.canvas import (
    BLUE,
    GREY,
    INK,
    MUTED,
    PAPER,
    RULE,
    SAND,
    SMALL,
    Canvas,
    Picture,
    twin,
)
from mgdecide.domain.verdicts import FIT_ORDER, Fit, Verdict

LETTERS = {Verdict.MET: "Y", Verdict.NOT_MET: "N", Verdict.UNKNOWN: "?", Verdict.NOT_APPLICABLE: "-"}
SIGNS = {Verdict.MET: "✓", Verdict.NOT_MET: "✕", Verdict.UNKNOWN: "?", Verdict.NOT_APPLICABLE: "–"}
FIT_WORDS = {Fit.FITS: "fits", Fit.CANNOT_TELL: "cannot tell", Fit.DOES_NOT_FIT: "does not fit"}
_FILLS = {Verdict.MET: BLUE, Verdict.NOT_MET: SAND, Verdict.UNKNOWN: PAPER, Verdict.NOT_APPLICABLE: GREY}
_LEGEND = "✓ Y: met; ✕ N: not met; ?: cannot be told; – -: does not apply."
_CELL, _LEFT, _WIDTH = 36, 250, 840
_PER_ROW = (_WIDTH - _LEFT - 16) // _CELL


@frozen
class FitCell:
    """One requirement and its verdict."""

    text: str
    verdict: Verdict


@frozen
class FitRow:
    """One study: its name, what it gave, the fit as a whole and every requirement."""

    study: str
    note: str
    fit: Fit
    cells: tuple[FitCell, ...]


def trial_fit_strip(
    rows: tuple[FitRow, ...], title: str = "How this patient compares with the people studied"
) -> Picture:
    """Rows by fit and then by study, never by size of effect. Requirements not met or unknown are written out."""
    listed = sorted(rows, key=lambda row: (FIT_ORDER[row.fit], row.study))
    note = "As studied; not a prescription. A study with one requirement that cannot be told is not called a fit."
    canvas = Canvas(_WIDTH)
    y = canvas.heading(title, note, _LEGEND)
    if not listed:
        y += canvas.lines(16, y + 16, "No study to compare with.", _WIDTH - 32)
    for row in listed:
        canvas.line(16, y, _WIDTH - 16, y)
        y += _row(canvas, row, y)
    return Picture(
        canvas.finish(y + 12, title, " ".join(map(_told, listed)) or "No study."), _text(title, note, listed)
    )


def _row(canvas: Canvas, row: FitRow, y: float) -> float:
    left = canvas.lines(16, y + 20, row.study, _LEFT - 28, bold=True)
    left += canvas.lines(16, y + 20 + left, f"{FIT_WORDS[row.fit]}: {_counts(row)}", _LEFT - 28, SMALL)
    if row.note:
        left += canvas.lines(16, y + 20 + left, row.note, _LEFT - 28, SMALL, fill=MUTED)
    right = 8.0
    for index, cell in enumerate(row.cells):
        _cell(canvas, _LEFT + index % _PER_ROW * _CELL, y + 8 + index // _PER_ROW * 52, index + 1, cell.verdict)
    right += (len(row.cells) + _PER_ROW - 1) // _PER_ROW * 52
    for index, cell in enumerate(row.cells, 1):
        if cell.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN):
            told = f"{SIGNS[cell.verdict]} {index} {cell.text}"
            right += canvas.lines(_LEFT, y + right + 12, told, _WIDTH - _LEFT - 16, SMALL)
    return max(left + 20, right + 10)


def _cell(canvas: Canvas, x: float, y: float, number: int, verdict: Verdict) -> None:
    unknown = verdict is Verdict.UNKNOWN
    canvas.rect(x, y, _CELL - 6, 46, _FILLS[verdict], RULE, thick=1.5, dashed=unknown)
    middle = x + (_CELL - 6) / 2
    _sign(canvas, middle, y + 14, verdict)
    canvas.text(middle, y + 40, f"{number}{'' if unknown else LETTERS[verdict]}", SMALL, anchor="middle")


def _sign(canvas: Canvas, x: float, y: float, verdict: Verdict) -> None:
    """The sign as lines, so that no font is needed for it."""
    match verdict:
        case Verdict.MET:
            canvas.shape([(x - 7, y), (x - 2, y + 6), (x + 8, y - 7)], thick=2.5, closed=False)
        case Verdict.NOT_MET:
            canvas.line(x - 6, y - 6, x + 6, y + 6, INK, thick=2.5)
            canvas.line(x - 6, y + 6, x + 6, y - 6, INK, thick=2.5)
        case Verdict.UNKNOWN:
            canvas.text(x, y + 7, "?", 19, bold=True, anchor="middle")
        case Verdict.NOT_APPLICABLE:
            canvas.line(x - 6, y, x + 6, y, INK, thick=2.5)


def _counts(row: FitRow) -> str:
    told = [(Verdict.MET, "met"), (Verdict.NOT_MET, "not met"), (Verdict.UNKNOWN, "unknown")]
    counts = [f"{word} {sum(cell.verdict is verdict for cell in row.cells)}" for verdict, word in told]
    return ", ".join(counts)


def _told(row: FitRow) -> str:
    return f"{row.study} {FIT_WORDS[row.fit]}: {_counts(row)}."


def _text(title: str, note: str, rows: list[FitRow]) -> str:
    lines = [title, note, "Y met  N not met  ? cannot be told  - does not apply"]
    for row in rows:
        strip = "".join(LETTERS[cell.verdict] for cell in row.cells)
        lines += ["", f"{row.study}  {FIT_WORDS[row.fit]}: {_counts(row)}", f"  {row.note}", f"  [{strip}]"]
        lines += [f"    {LETTERS[cell.verdict]} {index} {cell.text}" for index, cell in enumerate(row.cells, 1)]
    return twin(*(lines if rows else [*lines, "No study to compare with."]))
