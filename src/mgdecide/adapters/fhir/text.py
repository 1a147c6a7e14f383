"""Bundle text to plain values: digits kept, every trap of the format refused, nothing but InvalidRecord raised."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mgdecide.adapters.fhir.quick_json import NOT_SURE, quick_json
from mgdecide.adapters.fhir.reasons import TOO_LARGE
from mgdecide.adapters.record import json_text as record_json
from mgdecide.errors import InvalidRecord, Problem

LARGEST = 200_000_000
"""Characters of text that are read. The largest charts of a lifetime seen while this was written had 40 million."""
DEEPEST = 64
"""Levels of nesting; the resources of R4 need about twenty."""


class _TwiceError(ValueError):
    """A key given twice in one object."""


def _pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(given)
    if len(value) != len(given):
        raise _TwiceError
    return value


_decode_carefully: Callable[[str], Any] = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=_pairs).decode


def strict_value(content: str) -> Any:
    """The value of JSON text, fractions as Decimal; by the quick decoder where there is one and it is sure of it.

    Raises ValueError (no JSON, a key given twice), ArithmeticError (a number out of all bounds), RecursionError.
    """
    quick = quick_json()
    value = quick.value(content) if quick is not None else NOT_SURE
    return _decode_counting(content) if value is NOT_SURE else value


def _decode_counting(content: str) -> Any:
    """The value of JSON text. That no key was given twice is told by counting; where counting cannot tell, with care.

    With white space struck out, every key ends in a quote and a colon, so there are at most so many keys in the text:
    if the objects hold as many, none was lost.
    """
    held = 0

    def counted(value: dict[str, Any]) -> dict[str, Any]:
        nonlocal held
        held += len(value)
        return value

    value = json.JSONDecoder(parse_float=Decimal, object_hook=counted).decode(content)
    most = content.encode("utf-8", "replace").translate(None, b" \t\r\n").count(b'":')
    return value if held == most else _decode_carefully(content)


def bundle_value(text: str | bytes) -> Any:
    """The value of a Bundle's JSON text; fractions as Decimal, so that 0.750 keeps its digits.

    Raises:
        InvalidRecord: MGD-F135 too large; MGD-R101 empty, R102 not JSON, R103 not UTF-8 or a byte order mark, R105
            nested too deeply, R106 a key given twice.
    """
    if len(text) > LARGEST:
        accepted = f"at most {LARGEST}: one patient's chart"
        raise InvalidRecord(Problem(TOO_LARGE, "", f"{len(text)} characters", accepted))
    content = record_json._decoded(text) if len(text) <= record_json.LARGEST else _large(text)
    try:
        value = strict_value(content)
    except (ValueError, ArithmeticError, RecursionError):
        return _told(content)
    if _nests_deeply(content):
        given = f"more than {DEEPEST} levels of nesting"
        raise InvalidRecord(Problem("MGD-R105", "", given, f"at most {DEEPEST} levels"))
    return value


def _large(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"bytes that are not UTF-8 (at byte {error.start})"
        raise InvalidRecord(Problem("MGD-R103", "", found, "UTF-8 text")) from None


def _told(content: str) -> Any:
    """Read again by the careful reader, which words every mistake with its place."""
    if len(content) <= record_json.LARGEST:
        return record_json.read_json(content)
    given = "text that is not JSON, or an object with a key given twice"
    raise InvalidRecord(Problem("MGD-R102", "", given, "valid JSON"))


_NOT_BRACKETS = bytes(each for each in range(256) if each not in b"{}[]")


def _nests_deeply(content: str) -> bool:
    """Whether brackets nest too deeply: empty pairs are struck out until none is left, one level at a time."""
    brackets = content.encode("utf-8", "replace").translate(None, _NOT_BRACKETS)
    for _ in range(DEEPEST):
        fewer = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
    return bool(brackets) and _depth(content) > DEEPEST


def _depth(content: str) -> int:
    """The exact depth, brackets inside texts left out; only asked where the quick way could not tell."""
    deepest = depth = 0
    inside = escaped = False
    for letter in content:
        if inside:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                inside = False
        elif letter == '"':
            inside = True
        elif letter in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "}]":
            depth -= 1
    return deepest
