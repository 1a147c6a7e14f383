"""What a questionnaire's numbers can be: its items, the points each may have, the range of its total."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypedDict

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem


@frozen
class Instrument:
    """One questionnaire in one version. ``items`` maps item number to its highest points; all begin at 0."""

    name: str
    items: Mapping[int, int]
    highest: int
    aliases: tuple[str, ...]
    sources: tuple[str, ...]
    verified: bool


class _Row(TypedDict, total=False):
    name: str
    items: list[int]
    points: int
    exceptions: dict[str, int]
    highest: int
    aliases: list[str]
    source: list[str]
    verified: bool


@cache
def instruments() -> Mapping[str, Instrument]:
    """The instruments of this edition, by name.

    Raises:
        InvalidKnowledge: points that do not add up to the highest total (MGD-K301).
    """
    table = tomllib.loads(files("mgdecide.knowledge").joinpath("instruments.toml").read_text(encoding="utf-8"))
    return MappingProxyType({row["name"]: _instrument(row) for row in table["instrument"]})


def _instrument(row: _Row) -> Instrument:
    exceptions = row.get("exceptions", {})
    items = {item: exceptions.get(str(item), row["points"]) for item in row["items"]}
    if sum(items.values()) != row["highest"]:
        given = f"items that add up to {sum(items.values())}"
        raise InvalidKnowledge(Problem("MGD-K301", f"instruments.toml: {row['name']}", given, str(row["highest"])))
    return Instrument(
        name=row["name"],
        items=MappingProxyType(items),
        highest=row["highest"],
        aliases=tuple(row.get("aliases", ())),
        sources=tuple(row["source"]),
        verified=row["verified"],
    )
