"""What a report is made of, and its three printed forms: text, Markdown and HTML from one structure, so that they
cannot differ in what they say.
"""

from __future__ import annotations

import textwrap
from html import escape
from itertools import zip_longest

from attrs import frozen

WIDTH = 76
_GUTTER = 13
_EDGE = 1
_GAP = 2


@frozen
class Point:
    """One thing: a lead in capitals ("SEPARATE"), the text, and notes below it."""

    text: str
    lead: str = ""
    notes: tuple[str, ...] = ()


@frozen
class Grid:
    """A small table: a header and rows of short cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@frozen
class Section:
    """A heading with what stands under it."""

    heading: str
    parts: tuple[Point | Grid, ...]


@frozen
class Report:
    """A title, a line below it, and sections in the order they are read."""

    title: str
    subtitle: tuple[str, ...]
    sections: tuple[Section, ...]


# --- text ----------------------------------------------------------------------------------------------------


def as_text(report: Report) -> str:
    """Plain text of at most 76 columns."""
    lines = [*textwrap.wrap(report.title, WIDTH)]
    for line in report.subtitle:
        lines += textwrap.wrap(line, WIDTH)
    lines.append("-" * WIDTH)
    for section in report.sections:
        lines += [*_section_lines(section), ""]
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _section_lines(section: Section) -> list[str]:
    body: list[str] = []
    for part in section.parts:
        indent = _EDGE if isinstance(part, Grid) and not _narrow(part) else _GUTTER
        lines = _grid_lines(part, WIDTH - indent) if isinstance(part, Grid) else _point_lines(part)
        body += [" " * indent + line for line in lines]
    heading = section.heading
    if not body or body[0][: len(heading) + 1].strip():
        return [heading, *body]
    return [heading + body[0][len(heading) :], *body[1:]]


def _point_lines(point: Point) -> list[str]:
    room = WIDTH - _GUTTER
    lead = f"{point.lead}  " if point.lead else ""
    hang = min(len(lead), 12)
    lines = textwrap.wrap(lead + point.text, room, subsequent_indent=" " * hang, break_on_hyphens=False) or [""]
    for note in point.notes:
        for paragraph in note.split("\n"):
            lines += textwrap.wrap(
                paragraph,
                room,
                initial_indent=" " * (hang or 2),
                subsequent_indent=" " * ((hang or 2) + 2),
                break_on_hyphens=False,
            )
    return lines


def _narrow(grid: Grid) -> bool:
    """Whether the table fits beside the headings without breaking a cell; else it takes the whole width."""
    return sum(_widths(grid)) + _GAP * (len(grid.header) - 1) <= WIDTH - _GUTTER


def _widths(grid: Grid) -> list[int]:
    return [max(len(row[index]) for row in (grid.header, *grid.rows)) for index in range(len(grid.header))]


def _grid_lines(grid: Grid, room: int) -> list[str]:
    """Columns as wide as they need; where they need too much, the widest give way and their cells are broken."""
    rows = [grid.header, *grid.rows]
    widths = _widths(grid)
    words = [max(len(word) for row in rows for word in row[index].split() or [""]) for index in range(len(widths))]
    while sum(widths) + _GAP * (len(widths) - 1) > room:
        spare = [index for index in range(len(widths)) if widths[index] > words[index]] or list(range(len(widths)))
        widths[max(spare, key=lambda index: widths[index])] -= 1
    return [line for row in rows for line in _row_lines(row, widths)]


def _row_lines(row: tuple[str, ...], widths: list[int]) -> list[str]:
    cells = [textwrap.wrap(cell, width, break_on_hyphens=False) for cell, width in zip(row, widths, strict=True)]
    lines = zip_longest(*cells, fillvalue="")
    padded = ([f"{part:<{width}}" for part, width in zip(line, widths, strict=True)] for line in lines)
    return [(" " * _GAP).join(parts).rstrip() for parts in padded]


# --- Markdown ------------------------------------------------------------------------------------------------


def as_markdown(report: Report) -> str:
    """The same as Markdown."""
    lines = [f"# {report.title}", "", *(f"{_plain(line)}  " for line in report.subtitle), ""]
    for section in report.sections:
        lines += [f"## {section.heading.capitalize()}", ""]
        for part in section.parts:
            lines += _grid_markdown(part) if isinstance(part, Grid) else _point_markdown(part)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _plain(text: str) -> str:
    """Names come as they were given: no HTML and no link is made of them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("](", "]\\(")


def _point_markdown(point: Point) -> list[str]:
    lead = f"**{_plain(point.lead)}** " if point.lead else ""
    notes = [f"  - {_plain(line)}" for note in point.notes for line in note.split("\n")]
    return [f"- {lead}{_plain(point.text)}", *notes]


def _grid_markdown(grid: Grid) -> list[str]:
    rows = [grid.header, tuple("---" for _ in grid.header), *grid.rows]
    return ["", *("| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in row) + " |" for row in rows), ""]


# --- HTML ----------------------------------------------------------------------------------------------------


def as_html(report: Report) -> str:
    """The same as a fragment of semantic HTML, without script or style."""
    parts = [f"<article><h1>{escape(report.title)}</h1>"]
    parts += [f"<p>{escape(line)}</p>" for line in report.subtitle]
    for section in report.sections:
        name = "report-" + "-".join(section.heading.lower().split())
        parts.append(f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(section.heading.capitalize())}</h2>')
        parts.append(_parts_html(section.parts))
        parts.append("</section>")
    return "".join([*parts, "</article>"])


def _parts_html(parts: tuple[Point | Grid, ...]) -> str:
    out: list[str] = []
    points = [part for part in parts if isinstance(part, Point)]
    out += [_grid_html(part) for part in parts if isinstance(part, Grid)]
    if points:
        out.append("<ul>" + "".join(_point_html(point) for point in points) + "</ul>")
    return "".join(out)


def _point_html(point: Point) -> str:
    lead = f"<strong>{escape(point.lead)}</strong> " if point.lead else ""
    notes = "".join(f"<li>{escape(line)}</li>" for note in point.notes for line in note.split("\n"))
    return f"<li>{lead}{escape(point.text)}{f'<ul>{notes}</ul>' if notes else ''}</li>"


def _grid_html(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in grid.header)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in grid.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
