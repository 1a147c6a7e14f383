"""Damage: texts and values bent the way broken senders, transports and attackers bend them.

Pure functions of their input and a ``random.Random``; with one seed the damage is the same on every machine. The fuzz
harnesses, the door laws and the long runs all draw from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import TypeAlias

Value: TypeAlias = object
"""A plain value as JSON and TOML have them; its shape is not known until looked at."""

Path: TypeAlias = tuple[str | int, ...]

JUNK: tuple[Value, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**63,
    -(10**30),
    10**400,
    0.0,
    -0.0,
    1e-320,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "0",
    "0.70",
    "1,5",
    "1e999999",
    "-0",
    "NaN",
    "<",
    "<=",
    "\u2264 0.7",
    "mmol/L",
    "Mg",
    "2026-02-30",
    "2026-08-29",
    "0000-00-00",
    "9999-12-31T23:59:60+99:99",
    "25:61",
    "\x00",
    "\ud800",
    "\u202e",
    "\u0661\u0662",
    "a" * 5000,
    "__class__",
    "{0.__class__}",
    "%s",
    "../../etc/passwd",
    "http://localhost/Patient/1",
    "#",
    [],
    {},
    [None],
    [[]],
    {"": None},
    {"value": {}},
    [{}] * 50,
)
"""Values that stood in the place of another one in some broken message."""

TOKENS: tuple[bytes, ...] = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b":",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\x00",
    b"\xff",
    b"\xc0\x80",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\n",
    b"\r",
    b"NaN",
    b"-Infinity",
    b"1e99999",
    b"-",
    b"0" * 400,
    b"9" * 5000,
    b"null",
    b"true",
    b'"id":"x",',
    b"[" * 100,
    b'{"a":' * 100,
    b"[" * 100_000,
    b"#",
    b"'''",
    b"=",
    b"[[limits]]",
    b"/*",
)
"""Pieces that parsers stumble over."""

_DEEPEST_PATH = 100

_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7", "utf-8-sig")


def damaged(text: bytes, chance: Random) -> bytes:
    """A text with one to four kinds of damage done to its bytes."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        text = chance.choice(_BYTE_DAMAGE)(text, chance)
    return text


def bent(value: Value, chance: Random) -> Value:
    """A value bent in one to four places: replaced, dropped, doubled, renamed, nested or exchanged with another."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        paths = list(places(value))
        value = _at(value, chance.choice(paths), chance.choice(_VALUE_DAMAGE), chance)
    return value


def places(value: Value, path: Path = ()) -> Iterator[Path]:
    """The path of every value inside a value, the whole one first; those nested a hundred deep are passed over."""
    yield path
    if len(path) == _DEEPEST_PATH:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from places(inner, (*path, at))


def as_text(value: Value) -> bytes:
    """JSON text of a bent value; what JSON cannot write is written as Python reads it back (NaN, surrogates)."""
    return json.dumps(value, ensure_ascii=True).encode("ascii")


# --- bytes --------------------------------------------------------------------------------------------------


def _slice(text: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + chance.choice((1, 2, 8, 64, 512)))


def _cut_off(text: bytes, chance: Random) -> bytes:
    return text[: chance.randrange(len(text) + 1)]


def _flip(text: bytes, chance: Random) -> bytes:
    if not text:
        return text
    at = chance.randrange(len(text))
    return text[:at] + bytes((text[at] ^ (1 << chance.randrange(8)),)) + text[at + 1 :]


def _insert(text: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(TOKENS) + text[at:]


def _overwrite(text: bytes, chance: Random) -> bytes:
    start, end = _slice(text, chance)
    return text[:start] + chance.choice(TOKENS) + text[end:]


def _drop(text: bytes, chance: Random) -> bytes:
    start, end = _slice(text, chance)
    return text[:start] + text[end:]


def _repeat(text: bytes, chance: Random) -> bytes:
    start, end = _slice(text, chance)
    return text[:end] + text[start:end] * chance.choice((1, 2, 100)) + text[end:]


def _recode(text: bytes, chance: Random) -> bytes:
    return text.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


def _double_key(text: bytes, chance: Random) -> bytes:
    at = text.find(b"{", chance.randrange(len(text) + 1))
    return text if at < 0 else text[: at + 1] + b'"id":"a","id":"b",' + text[at + 1 :]


_BYTE_DAMAGE: tuple[Callable[[bytes, Random], bytes], ...] = (
    _cut_off,
    _flip,
    _insert,
    _overwrite,
    _drop,
    _repeat,
    _recode,
    _double_key,
)


# --- values -------------------------------------------------------------------------------------------------


def _at(value: Value, path: Path, change: Callable[[Value, Random], Value], chance: Random) -> Value:
    if not path:
        return change(value, chance)
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {key: _at(inner, rest, change, chance) if key == step else inner for key, inner in value.items()}
    if isinstance(value, list):
        return [_at(inner, rest, change, chance) if at == step else inner for at, inner in enumerate(value)]
    return value


def _replace(value: Value, chance: Random) -> Value:
    return chance.choice(JUNK)


def _nest(value: Value, chance: Random) -> Value:
    for _ in range(chance.choice((1, 3, 70))):
        value = [value] if chance.random() < 0.5 else {"value": value}
    return value


def _lose_one(value: Value, chance: Random) -> Value:
    if isinstance(value, Mapping) and value:
        lost = chance.choice(list(value))
        return {key: inner for key, inner in value.items() if key != lost}
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return value[:at] + value[at + 1 :]
    return None


def _gain_one(value: Value, chance: Random) -> Value:
    if isinstance(value, Mapping):
        return {**value, chance.choice(("", "id", "value", "extension", "\x00", "unit")): chance.choice(JUNK)}
    if isinstance(value, list):
        return [*value, *(value[-1:] or [chance.choice(JUNK)])]
    return [value, value]


def _rename_one(value: Value, chance: Random) -> Value:
    if isinstance(value, Mapping) and value:
        old = chance.choice(list(value))
        return {(f"{key} " if key == old else key): inner for key, inner in value.items()}
    return str(value)


def _exchange(value: Value, chance: Random) -> Value:
    if isinstance(value, Mapping) and len(value) > 1:
        one, other = chance.sample(list(value), 2)
        return {**value, one: value[other], other: value[one]}
    if isinstance(value, list):
        return chance.sample(value, len(value))
    return chance.choice(JUNK)


_VALUE_DAMAGE: tuple[Callable[[Value, Random], Value], ...] = (
    _replace,
    _replace,
    _nest,
    _lose_one,
    _gain_one,
    _rename_one,
    _exchange,
)
