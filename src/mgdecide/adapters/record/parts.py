"""Taking a record apart, so that one mistake does not hide the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mgdecide.adapters.record.problems import Location, path_of, unknown_key
from mgdecide.adapters.suggestions import given_words, safe_text
from mgdecide.errors import Problem

Mistake = tuple[Location, Problem]

_DEEPEST = 8
"""Levels that are copied; a record has four, and what lies deeper is a mistake as a whole."""


def plain_mapping(given: Mapping[object, object], at: Location, found: list[Mistake]) -> dict[str, object]:
    """A copy made of dicts and lists with text keys; keys that cannot be one are noted and left out."""
    plain: dict[str, object] = {}
    for key, value in given.items():
        name = str(key) if type(key) is int else key
        if not isinstance(name, str) or not name.isprintable():
            shown = safe_text(name) if isinstance(name, str) else f"a key of type {type(name).__name__}"
            found.append(((*at, shown), unknown_key((*at, shown))))
        elif name in plain:
            problem = Problem("MGD-R106", path_of((*at, name)), "this key more than once", "each key once")
            found.append(((*at, name), problem))
        else:
            plain[name] = _plain(value, (*at, name), found)
    return plain


def _plain(value: object, at: Location, found: list[Mistake]) -> object:
    if len(at) > _DEEPEST:
        return given_words(value)
    if isinstance(value, Mapping):
        return plain_mapping(value, at, found)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [_plain(each, (*at, index), found) for index, each in enumerate(value)]
    return value


_STAND_INS: Mapping[object, object] = {"times": "00:00", "acknowledged": ""}
"""What takes the place of a set-aside entry, where an empty object would be a mistake of its own."""


def set_aside(record: dict[str, object], location: Location) -> None:
    """Remove what stands at a location. An entry of a list is replaced, so that the others keep their places."""
    holder: object = record
    for part in location[:-1]:
        if isinstance(holder, dict) or (isinstance(holder, list) and isinstance(part, int)):
            holder = holder[part]  # type: ignore[index]  # a key of a dict or an index of a list, as just checked
    last = location[-1]
    if isinstance(holder, dict):
        holder.pop(last, None)
    elif isinstance(holder, list) and isinstance(last, int):
        holder[last] = _STAND_INS.get(location[-2], {})
