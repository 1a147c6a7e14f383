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
from mgdecide.knowledge.scales import Scale, load_scales


@frozen
class Instrument:
    """One questionnaire in one version. ``items`` maps item number to its highest points; all begin at 0."""

    name: str
    items: Mapping[int, int]
    highest: int
    aliases: tuple[str, ...]


class _Row(TypedDict, total=False):
    name: str
    aliases: list[str]
    numbers: list[int]
    points: int
    others: dict[str, int]


@cache
def instruments() -> Mapping[str, Instrument]:
    """The instruments of this edition, by name.

    Raises:
        InvalidKnowledge: points that do not add up to the highest total, or items of another number (MGD-K301).
    """
    table = tomllib.loads(files("mgdecide.knowledge").joinpath("instruments.toml").read_text(encoding="utf-8"))
    rows: dict[str, _Row] = {row["name"]: row for row in table["instrument"]}
    return MappingProxyType({name: _instrument(scale, rows.get(name, {})) for name, scale in load_scales().items()})


def _instrument(scale: Scale, row: _Row) -> Instrument:
    numbers = row.get("numbers", list(range(1, scale.items + 1)))
    usual = row["points"] if scale.item_range is None else int(scale.item_range[1])
    others = row.get("others", {})
    items = {number: others.get(str(number), usual) for number in numbers}
    if len(items) != scale.items or sum(items.values()) != scale.high:
        given = f"{len(items)} items that add up to {sum(items.values())}"
        accepted = f"{scale.items} items that add up to {scale.high}, as in scales.toml"
        raise InvalidKnowledge(Problem("MGD-K301", f"instruments.toml: {scale.instrument}", given, accepted))
    return Instrument(scale.instrument, MappingProxyType(items), int(scale.high), tuple(row.get("aliases", ())))
