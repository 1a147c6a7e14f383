"""Damage to TOML: the values of a knowledge file bent, a few of its entries kept, and the whole written again.

Pure functions of their input and a ``random.Random``, as in ``hostile``.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from random import Random

from mgdecide.testing.hostile import Value, bent, damaged

_MOST = 8
"""Entries kept of a long list or table: what is wrong in one entry does not wait for the others."""
_LONG = 12

_ODD: tuple[Value, ...] = (
    -1,
    -0.5,
    float("nan"),
    float("inf"),
    float("-inf"),
    "-1",
    "NaN",
    "Infinity",
    "1e29",
    "1_000",
    " 1",
    "1,5",
    10**40,
    "",
    " ",
    "{",
    "{}",
    "{0}",
    "{days}",
    "|",
    " | ",
    "a | b | c | d | e",
    [],
    {},
    [[]],
    [{}],
    [""],
    {"": ""},
    {"fact": "egfr"},
    {"fact": "egfr", "less_than": 10**400},
    {"not": {"not": {"not": {"fact": "sex", "is": []}}}},
    {"any": [{"all": [3]}]},
    {"fact": ["egfr"]},
)


def bent_toml(text: str, chance: Random) -> str:
    """A TOML file with some of its entries, one to four of whose values were bent; now and then its bytes as well."""
    value: Value = _part(_parsed(text), chance)
    for _ in range(chance.choice((0, 1, 1, 2))):
        value = _with_odd(value, chance)
    value = bent(value, chance) if chance.random() < 0.7 else value
    written = as_toml(value)
    if chance.random() < 0.2:
        return damaged(written.encode("utf-8", "surrogatepass"), chance).decode("utf-8", "replace")
    return written


def part_of(text: str, chance: Random) -> str:
    """A TOML file with a few of the entries of each long list and table."""
    return as_toml(_part(_parsed(text), chance))


def as_toml(value: Value) -> str:
    """TOML text of a value; null, which TOML has not, is left out, and a value that is no table stands under a key."""
    table = value if isinstance(value, Mapping) else {"value": value}
    return "".join(f"{_quoted(key)} = {_inline(each)}\n" for key, each in table.items() if each is not None)


def _inline(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value) if math.isfinite(value) else str(value)  # nan, inf and -inf are TOML
        case int():
            return str(value)
        case Mapping():
            return "{" + ", ".join(f"{_quoted(k)} = {_inline(v)}" for k, v in value.items() if v is not None) + "}"
        case list() | tuple():
            return "[" + ", ".join(_inline(each) for each in value if each is not None) + "]"
        case _:
            return _quoted(value)


def _quoted(value: object) -> str:
    """JSON's escapes are TOML's, but for the delete sign; a lone surrogate stays as it is, and is no TOML."""
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


@lru_cache(maxsize=256)
def _parsed(text: str) -> Mapping[str, object]:
    return tomllib.loads(text)


def _part(value: Value, chance: Random) -> Value:
    """The value with a few of the entries of every long list or table, in their order."""
    if isinstance(value, Mapping):
        keys = list(value)
        kept = set(chance.sample(keys, _MOST)) if len(keys) > _LONG and chance.random() < 0.9 else set(keys)
        return {key: _part(value[key], chance) for key in keys if key in kept}
    if isinstance(value, list):
        kept_at = range(len(value))
        if len(value) > _LONG:
            return [_part(value[at], chance) for at in sorted(chance.sample(kept_at, _MOST))]
        return [_part(each, chance) for each in value]
    if isinstance(value, str) and value.count("\n") > _LONG:
        lines = value.split("\n")
        start = chance.randrange(len(lines))
        return "\n".join(lines[start : start + chance.choice((1, _MOST, 40))])
    return value


def _with_odd(value: Value, chance: Random) -> Value:
    """One value somewhere below replaced by an odd one, or a text with a piece of it damaged."""
    if isinstance(value, Mapping) and value:
        key = chance.choice(list(value))
        return {**value, key: _with_odd(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _with_odd(value[at], chance), *value[at + 1 :]]
    if isinstance(value, str) and chance.random() < 0.4:
        return damaged(value.encode(), chance).decode("utf-8", "replace")[:5_000]
    return chance.choice(_ODD)
