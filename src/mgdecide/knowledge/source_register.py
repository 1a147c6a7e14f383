"""The source register: what each source key stands for, and where it was read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from attrs import frozen


@frozen
class RegisteredSource:
    """One source. ``address`` is empty and ``verified`` false where it was recalled and not read."""

    key: str
    citation: str
    address: tuple[str, ...]
    verified: bool
    read: str


@cache
def source_register() -> Mapping[str, RegisteredSource]:
    """Every entry of ``sources/*.toml``, by key."""
    found: dict[str, RegisteredSource] = {}
    folder = files("mgdecide.knowledge").joinpath("sources")
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".toml"):
            for key, row in tomllib.loads(path.read_text(encoding="utf-8")).items():
                found[key] = RegisteredSource(
                    key=key,
                    citation=str(row["citation"]),
                    address=tuple(row.get("address", ())),
                    verified=bool(row.get("verified", False)),
                    read=str(row.get("read", "")),
                )
    return MappingProxyType(found)
