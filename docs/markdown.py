"""Pieces of Markdown that the generated pages are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable

NOTE = "<!-- Written by docs/pages.py (make pages): change the knowledge, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A page: the note who wrote it, its title, and its parts."""
    return "\n\n".join((NOTE, f"# {title}", *(part for part in parts if part)))


def cell(text: object) -> str:
    """A cell of a table: on one line, bars escaped, angle brackets not taken for markup."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def prose(text: str) -> str:
    """A text that holds no markup of its own."""
    return " ".join(text.split()).replace("<", "&lt;").replace("*", "\\*").replace("[", "\\[")


def sentence(text: str) -> str:
    """A note as a sentence of its own."""
    return f"{text[:1].upper()}{prose(text[1:]).rstrip('.')}." if text else ""


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table, with its head."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell(each) for each in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def link(page: str, id: str) -> str:
    """A link to the entry of another generated page."""
    return f"[{id}]({page}.md#{anchor(id)})"


def anchor(heading: str) -> str:
    """As GitHub and MyST make it: small letters, no point, spaces to hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def address(text: str) -> str:
    """A web address or a DOI as a link; any other reference as it is."""
    if re.fullmatch(r"https?://[^\s<>]+", text):
        return f"<{text}>"
    if re.fullmatch(r"doi:10\.[^\s<>]+", text):
        return f"[{text}](https://doi.org/{text.removeprefix('doi:')})"
    return prose(text)


def folded(summary: str, text: str) -> str:
    """A text that unfolds below its summary; the same on GitHub and on the site."""
    return f"<details><summary>{summary}</summary>\n\n```text\n{text.strip()}\n```\n\n</details>"
