"""What is said of each status category, and the caveats beside it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from attrs import frozen


@frozen
class StatusWord:
    """The sentence of one category with its sources."""

    text: str
    sources: tuple[str, ...]


@frozen
class StatusWords:
    """Sentences by category, caveats by name."""

    categories: dict[str, StatusWord]
    caveats: dict[str, str]


@cache
def status_words() -> StatusWords:
    """The sentences this release ships."""
    table = tomllib.loads(files("mgdecide.knowledge").joinpath("status.toml").read_text(encoding="utf-8"))
    return StatusWords(
        {name: StatusWord(row["text"], tuple(row["sources"])) for name, row in table["category"].items()},
        dict(table["caveat"]),
    )
