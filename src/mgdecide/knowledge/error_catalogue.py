"""What every error code means, with an example and the way out. Read by ``mgdecide explain`` and the documentation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from attrs import frozen


@frozen
class ErrorEntry:
    """One code. ``example`` is something that raises it; ``fix`` is what to do."""

    code: str
    title: str
    means: str
    example: str
    fix: str


@cache
def error_catalogue() -> Mapping[str, ErrorEntry]:
    """Every entry of ``errors/*.toml``, by code, in the order of codes."""
    rows: dict[str, Mapping[str, str]] = {}
    for path in files("mgdecide.knowledge").joinpath("errors").iterdir():
        if path.name.endswith(".toml"):
            rows.update(tomllib.loads(path.read_text(encoding="utf-8")))
    return MappingProxyType(
        {
            code: ErrorEntry(code, row["title"], row["means"], row["example"], row["fix"])
            for code, row in sorted(rows.items())
        }
    )
