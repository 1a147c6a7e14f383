"""JSON text to plain values, with digits kept and every trap of the format refused.

JSON's own grammar leaves open what a key given twice means, how deep an object may go, and how long a number may be;
here each of these is a mistake with a code. Shared by every reader of text: records, Bundles, requests.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from mgdecide.adapters.suggestions import safe_text
from mgdecide.errors import InvalidRecord, Problem

LARGEST = 10_000_000
"""Bytes of text that are read; a patient's whole chart is a few hundred thousand."""
DEEPEST = 64
"""Levels of nesting that are read; a record needs four, FHIR R4 about twenty."""
_MOST_DIGITS = 100

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class Repeated(dict[str, object]):
    """An object that gave a key twice. Which one was meant cannot be told."""

    names: tuple[str, ...] = ()


def read_json(text: str | bytes) -> object:
    """The value of a JSON text; fractions as Decimal, so that 1.480 keeps its digits.

    Raises InvalidRecord: MGD-R101 empty, R102 not JSON, R103 not UTF-8 or a byte order mark, R104 too large, R105
    nested too deeply, R106 a key given twice (every one, with its path).
    """
    content = _decoded(text)
    if not content.strip():
        raise _refused("MGD-R101", "an empty text", "a JSON object; mgdecide demo --record prints one")
    try:
        value = _decode(content)
    except (ValueError, RecursionError):
        value = _read_carefully(content)
    if _too_deep(value, content):
        raise _refused("MGD-R105", f"more than {DEEPEST} levels of nesting", f"at most {DEEPEST} levels")
    return value


def _pairs(given: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(given)
    if len(value) != len(given):
        raise ValueError("a key given twice")
    return value


def _read_carefully(content: str) -> object:
    """The same once more, for a text that holds a mistake or a very long number; every repeated key is told."""
    seen: list[Repeated] = []
    value = _parsed(content, seen)
    if seen and not _too_deep(value, content):
        raise InvalidRecord(tuple(_repeated(value, "")))
    return value


def _decoded(text: str | bytes) -> str:
    if len(text) > LARGEST:
        unit = "characters" if isinstance(text, str) else "bytes"
        raise _refused("MGD-R104", f"more than {LARGEST} {unit}", "what is known of one patient, and no more")
    if isinstance(text, str):
        if text.startswith("\ufeff"):
            raise _refused("MGD-R103", "a byte order mark before the text", "UTF-8 without a byte order mark")
        return text
    for mark, name in _BYTE_ORDER_MARKS:
        if text.startswith(mark):
            raise _refused("MGD-R103", f"a {name} byte order mark", "UTF-8 without a byte order mark")
    try:
        return bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("MGD-R103", f"bytes that are not UTF-8 (at byte {error.start})", "UTF-8 text") from None


def _parsed(content: str, seen: list[Repeated]) -> object:
    def pairs(given: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(given)
        if len(value) == len(given):
            return value
        repeated = Repeated(value)
        times = Counter(name for name, _ in given)
        repeated.names = tuple(name for name, count in times.items() if count > 1)
        seen.append(repeated)
        return repeated

    try:
        return json.loads(content, object_pairs_hook=pairs, parse_float=_number, parse_int=_whole)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        given = f"text that is not JSON ({error.msg} at {where})"
        raise _refused("MGD-R102", given, _hint(content, error.pos)) from None
    except RecursionError:
        raise _refused("MGD-R105", "very many levels of nesting", f"at most {DEEPEST} levels") from None


def _number(digits: str) -> Decimal | str:
    """A number too long or too large to be one is left as its digits, for the reader of the field to refuse."""
    try:
        return Decimal(digits) if len(digits) <= _MOST_DIGITS else digits
    except InvalidOperation:
        return digits


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


_decode: Callable[[str], object] = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_number).decode

_FILE_NAME = re.compile(r"\S{1,200}\.(?:json|ndjson|jsonl|txt)", re.ASCII | re.IGNORECASE)
_WORDS = re.compile(r"(?:True|False|None|undefined|'|//|/\*|#)")


def _hint(content: str, position: int) -> str:
    """What is wrong, where it is one of the usual slips."""
    rest = content[position : position + 12].lstrip()
    before = content[:position].rstrip()
    if _WORDS.match(rest):
        return "JSON: double quotes, true, false, null, and no comments"
    if before.endswith(",") and rest[:1] in ("}", "]"):
        return "JSON: no comma after the last entry"
    if not rest:
        return "JSON: the text ends too early"
    if not position and _FILE_NAME.fullmatch(content.strip()):
        return "the JSON text itself, not the name of a file: Path(name).read_bytes() gives it"
    return "one JSON object"


def _too_deep(value: object, content: str) -> bool:
    if content.count("[") + content.count("{") <= DEEPEST:
        return False
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            return True
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
            if isinstance(inner, dict | list)
        ]
    return False


def _repeated(value: object, path: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        if isinstance(value, Repeated):
            for name in value.names:
                where = f"{path}.{name}" if path else name
                accepted = "each key once: which one counts cannot be told"
                yield Problem("MGD-R106", safe_text(where), "this key more than once", accepted)
        for name, inner in value.items():
            yield from _repeated(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _repeated(inner, f"{path}[{index}]")


def _refused(code: str, given: str, accepted: str) -> InvalidRecord:
    return InvalidRecord(Problem(code, "", given, accepted))
