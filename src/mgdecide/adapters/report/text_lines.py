"""Lines of a text answer: wrapped to a width, with a hanging indent."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

WIDTH = 76


def wrapped(text: str, indent: str = "", hang: str | None = None) -> Iterator[str]:
    """A sentence on as many lines as it takes, the first after ``indent``, the others after ``hang``."""
    after = indent if hang is None else hang
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=after, break_long_words=False, break_on_hyphens=False
    )


def columns(rows: Iterable[tuple[str, ...]], indent: str = "  ") -> Iterator[str]:
    """A table with the first column to the left and the others to the right, as narrow as it can be."""
    table = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for first, *others in table:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([f"{indent}{first:<{widths[0]}}", *cells]).rstrip()
