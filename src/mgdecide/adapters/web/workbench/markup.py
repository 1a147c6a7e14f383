"""Small pieces of HTML, every text escaped. A ``Html`` is finished markup; a ``str`` is text until it is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NewType

Html = NewType("Html", str)

NOTHING = Html("")


def text(given: object) -> Html:
    """Text as markup."""
    return Html(escape(str(given), quote=True))


def words(given: object) -> Html:
    """A sentence or a figure as markup; the unit of eGFR as it is printed. Never for what may be edited or copied."""
    return text(str(given).replace("/1.73m2", "/1.73 m²"))


def tag(name: str, /, *inner: Html, **attributes: str | bool | None) -> Html:
    """An element. ``class_`` and ``for_`` lose their underscore, other underscores become hyphens; False is left out.

    >>> tag("p", text("a < b"), class_="note")
    '<p class="note">a &lt; b</p>'
    """
    return Html(f"<{name}{_attributes(attributes)}>{''.join(inner)}</{name}>")


def void(name: str, /, **attributes: str | bool | None) -> Html:
    """An element without an end, such as ``input``."""
    return Html(f"<{name}{_attributes(attributes)}>")


def _attributes(given: dict[str, str | bool | None]) -> str:
    told = ""
    for key, value in given.items():
        name = key.rstrip("_").replace("_", "-")
        if value is True:
            told += f" {name}"
        elif value is not False and value is not None:
            told += f' {name}="{escape(value, quote=True)}"'
    return told


def join(parts: Iterable[Html]) -> Html:
    """Pieces one after the other."""
    return Html("".join(parts))


def items(parts: Iterable[Html], **attributes: str | bool | None) -> Html:
    """A list; nothing where there is nothing in it."""
    inner = [tag("li", part) for part in parts]
    return tag("ul", *inner, **attributes) if inner else NOTHING


def table(caption: str, header: Iterable[str], rows: Iterable[Iterable[Html]], **attributes: str | bool | None) -> Html:
    """A table with a caption; the first cell of a row is its heading. It scrolls by itself where it is too wide."""
    names = list(header)
    head = tag("tr", *(tag("th", text(cell), scope="col") for cell in names))
    body = [_row(list(row), names) for row in rows]
    inner = tag("table", tag("caption", text(caption)), tag("thead", head), tag("tbody", *body), **attributes)
    return tag("div", inner, class_="scrolls", role="region", aria_label=caption, tabindex="0")


def _row(cells: list[Html], names: list[str]) -> Html:
    first, *rest = cells
    others = (tag("td", cell, data_label=name) for cell, name in zip(rest, names[1:], strict=True))
    return tag("tr", tag("th", first, scope="row"), *others)


def details(summary: Html, *inner: Html, **attributes: str | bool | None) -> Html:
    """Something to unfold."""
    return tag("details", tag("summary", summary), tag("div", *inner, class_="unfolded"), **attributes)


def hidden(name: str, value: str) -> Html:
    """A value that travels with a form."""
    return void("input", type="hidden", name=name, value=value)


# --- signs: a shape beside every word, so that nothing is told by colour alone ------------------------------

_SHAPES = {
    "open": '<circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2.4"/>'
    '<path d="M7 12.5l3.4 3.4L17 8.8" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "closed": '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" fill="currentColor"/>'
    '<path d="M8.5 8.5l7 7m0-7l-7 7" stroke="#fff" stroke-width="2.4" fill="none"/>',
    "undecided": '<path d="M12 1.5L22.5 12 12 22.5 1.5 12z" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    '<path d="M9.6 9.7c0-1.5 1-2.4 2.4-2.4s2.4.9 2.4 2.2c0 1.7-2.3 1.9-2.3 3.8" fill="none" stroke="currentColor" '
    'stroke-width="2"/><circle cx="12.1" cy="16.4" r="1.3" fill="currentColor"/>',
    "critical": '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" fill="currentColor"/>'
    '<path d="M12 6.5v7" stroke="#fff" stroke-width="2.6"/><circle cx="12" cy="17" r="1.6" fill="#fff"/>',
    "warning": '<path d="M12 2.5L23 21.5H1z" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    '<path d="M12 9v6" stroke="currentColor" stroke-width="2.2"/><circle cx="12" cy="18" r="1.2" fill="currentColor"/>',
    "info": '<rect x="2.5" y="2.5" width="19" height="19" rx="3" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M12 11v6" stroke="currentColor" stroke-width="2.2"/>'
    '<circle cx="12" cy="7.6" r="1.3" fill="currentColor"/>',
    "met": '<path d="M4 12.5l5 5L20 6.5" fill="none" stroke="currentColor" stroke-width="2.8"/>',
    "not met": '<path d="M5 5l14 14M19 5L5 19" fill="none" stroke="currentColor" stroke-width="2.8"/>',
    "unknown": '<path d="M8.3 8.8c0-2.4 1.6-3.8 3.8-3.8s3.8 1.4 3.8 3.5c0 2.8-3.6 3-3.6 6" fill="none" '
    'stroke="currentColor" stroke-width="2.6"/><circle cx="12.2" cy="19" r="1.8" fill="currentColor"/>',
    "not applicable": '<path d="M4 12h16" fill="none" stroke="currentColor" stroke-width="2.8"/>',
}


def sign(name: str, size: int = 20) -> Html:
    """A shape; the word always stands beside it, so it is hidden from screen readers."""
    return Html(
        f'<svg class="sign" width="{size}" height="{size}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{_SHAPES[name]}</svg>"
    )
