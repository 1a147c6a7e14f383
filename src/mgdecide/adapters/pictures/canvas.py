"""A sheet to draw on: escaped SVG written by hand, the same bytes for the same picture, readable without colour.

Lengths are in user units; type is sized for a page about as wide as the sheet.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from attrs import define, field, frozen

from mgdecide.adapters.report.text_lines import wrapped

PAPER = "#ffffff"
INK = "#1a1a1a"
MUTED = "#4a4a4a"
RULE = "#6b6b6b"
"""Lines and frames: at least 3:1 against every fill below (WCAG 1.4.11)."""
FAINT = "#d0d0d0"
"""Lines that only guide the eye and carry nothing."""
GREY = "#ececec"
BLUE = "#dfeaf6"
SAND = "#fbe6cf"
DARK = "#0b4f8a"
"""Filled shapes."""

SMALL, BODY, HEAD = 13, 14, 17
"""Sizes of type; nothing is smaller than SMALL."""
_PER_CHARACTER = 0.56
"""Width of a character of Arial or Liberation Sans in ems, on the broad side."""
_BOLDER = 1.08
_FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"


@frozen
class Picture:
    """One picture: an SVG document, and the same numbers and words as text of at most 76 columns."""

    svg: str
    text: str


def amount(value: float) -> str:
    """A number for people: at most one decimal, no trailing zero, a comma from 1,000.

    >>> amount(301.52), amount(4000.0)
    ('301.5', '4,000')
    """
    told = f"{value:,.1f}".removesuffix(".0")
    return "0" if told == "-0" else told


def span(low: float, high: float) -> str:
    """``301.5 to 500``, or one number where both ends print alike."""
    first, last = amount(low), amount(high)
    return first if first == last else f"{first} to {last}"


def line_height(size: float) -> float:
    """From one baseline to the next."""
    return size * 1.3


def fold(text: str, width: float, size: float = BODY, *, hyphens: bool = False) -> list[str]:
    """The text on as many lines as it takes to fit ``width``; a long word is broken rather than clipped."""
    most = max(4, int(width / (size * _PER_CHARACTER)))
    return textwrap.wrap(text, most, break_on_hyphens=hyphens) or [""]


def twin(*paragraphs: str) -> str:
    """Paragraphs as text of at most 76 columns; one that starts with spaces keeps that indent on all its lines."""
    lines: list[str] = []
    for paragraph in paragraphs:
        indent = paragraph[: len(paragraph) - len(paragraph.lstrip(" "))]
        hang = indent + "  " if indent else ""
        lines += list(_whole(printable(paragraph).strip(), indent, hang)) or [""]
    return "\n".join(lines)


def _whole(text: str, indent: str, hang: str) -> Iterable[str]:
    """As ``wrapped``, with words too long for a line broken."""
    words = " ".join(part for word in text.split() for part in textwrap.wrap(word, 60, break_on_hyphens=False))
    return wrapped(words, indent, hang)


def printable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(each if _allowed(each) else " " for each in text)


def _allowed(each: str) -> bool:
    return each in "\n\t" or ("\x20" <= each <= "\ud7ff") or ("\ue000" <= each <= "\ufffd") or each > "\uffff"


@define
class Canvas:
    """Collects shapes, those drawn later above; ``finish`` is told the height once everything is drawn."""

    width: float
    _parts: list[str] = field(factory=list, init=False)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = PAPER,
        stroke: str = "none",
        *,
        thick: float = 1,
        dashed: bool = False,
    ) -> None:
        """A rectangle."""
        place = f'x="{_digits(x)}" y="{_digits(y)}" width="{_digits(max(width, 0))}" height="{_digits(height)}"'
        self._parts.append(f'<rect {place} fill="{fill}"{_stroke(stroke, thick, dashed)}/>')

    def line(
        self, x1: float, y1: float, x2: float, y2: float, stroke: str = RULE, *, thick: float = 1, dashed: bool = False
    ) -> None:
        """A straight line."""
        place = f'x1="{_digits(x1)}" y1="{_digits(y1)}" x2="{_digits(x2)}" y2="{_digits(y2)}"'
        self._parts.append(f"<line {place}{_stroke(stroke, thick, dashed)}/>")

    def shape(
        self,
        points: Sequence[tuple[float, float]],
        fill: str = "none",
        stroke: str = INK,
        *,
        thick: float = 1,
        closed: bool = True,
    ) -> None:
        """A polygon, or an open line through the points."""
        listed = " ".join(f"{_digits(x)},{_digits(y)}" for x, y in points)
        name = "polygon" if closed else "polyline"
        self._parts.append(f'<{name} points="{listed}" fill="{fill}"{_stroke(stroke, thick, False)}/>')

    def circle(self, x: float, y: float, radius: float, fill: str = PAPER, stroke: str = RULE) -> None:
        """A circle."""
        place = f'cx="{_digits(x)}" cy="{_digits(y)}" r="{_digits(radius)}"'
        self._parts.append(f'<circle {place} fill="{fill}"{_stroke(stroke, 1.5, False)}/>')

    def text(
        self,
        x: float,
        y: float,
        told: str,
        size: float = BODY,
        *,
        fill: str = INK,
        bold: bool = False,
        anchor: str = "start",
    ) -> None:
        """One line of text with its baseline at ``y``; ``anchor`` is start, middle or end."""
        look = ' font-weight="bold"' if bold else ""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        place = f'x="{_digits(x)}" y="{_digits(y)}" font-size="{_digits(size)}"'
        self._parts.append(f'<text {place} fill="{fill}"{look}{where}>{escape(printable(told))}</text>')

    def lines(
        self, x: float, y: float, told: str, width: float, size: float = BODY, *, fill: str = INK, bold: bool = False
    ) -> float:
        """A text folded to ``width``, its first baseline at ``y``; the height it took."""
        folded = fold(told, width / (_BOLDER if bold else 1), size)
        for index, each in enumerate(folded):
            self.text(x, y + index * line_height(size), each, size, fill=fill, bold=bold)
        return len(folded) * line_height(size)

    def heading(self, title: str, *notes: str) -> float:
        """The title and its notes at the top; where the picture may begin."""
        y = 28 + self.lines(16, 28, title, self.width - 32, HEAD, bold=True)
        for note in filter(None, notes):
            y += self.lines(16, y, note, self.width - 32, SMALL, fill=MUTED) + 2
        return y - 4

    def finish(self, height: float, title: str, description: str) -> str:
        """The document; ``description`` is read out where the picture is not seen."""
        size = f'width="{_digits(self.width)}" height="{_digits(height)}"'
        box = quoteattr(f"0 0 {_digits(self.width)} {_digits(height)}")
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox={box} {size} role="img" font-family="{_FONT}">'
        words = f"<title>{escape(printable(title))}</title><desc>{escape(printable(description))}</desc>"
        paper = f'<rect x="0" y="0" {size} fill="{PAPER}"/>'
        return "\n".join([head, words, paper, *self._parts, "</svg>"]) + "\n"


def _digits(value: float) -> str:
    """A coordinate: at most two decimals."""
    told = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def _stroke(colour: str, thick: float, dashed: bool) -> str:
    if colour == "none":
        return ""
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return f' stroke="{colour}" stroke-width="{_digits(thick)}"{dashes}'


@frozen
class Axis:
    """A linear axis from ``low`` to ``high`` (above it), drawn between ``left`` and ``right``."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Where a value stands; beyond the ends it stands at the end."""
        inside = min(max(value, self.low), self.high)
        return self.left + (inside - self.low) / (self.high - self.low) * (self.right - self.left)

    def holds(self, value: float) -> bool:
        """Whether the value lies on the axis."""
        return self.low <= value <= self.high

    def ticks(self, most: int = 8) -> list[float]:
        """Round values along the axis, at most so many."""
        step = _round_step((self.high - self.low) / max(most - 1, 1))
        first = math.ceil(self.low / step - 1e-9)
        return [round(index * step, 10) for index in range(first, math.floor(self.high / step + 1e-9) + 1)]


def _round_step(raw: float) -> float:
    """The next 1, 2 or 5 times a power of ten, not below ``raw``."""
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= raw * (1 - 1e-9))


def draw_axis(canvas: Canvas, axis: Axis, y: float, label: str, *, decimals: int = 0) -> float:
    """Ticks with their values and the name of the axis below; the height it took."""
    canvas.line(axis.left, y, axis.right, y, INK)
    for value in axis.ticks():
        canvas.line(axis.at(value), y, axis.at(value), y + 6, INK)
        canvas.text(axis.at(value), y + 20, f"{value:,.{decimals}f}" if value else "0", SMALL, anchor="middle")
    canvas.text((axis.left + axis.right) / 2, y + 40, label, SMALL, anchor="middle", fill=MUTED)
    return 48
