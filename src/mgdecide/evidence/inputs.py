"""Guards shared by the statistics: a number is finite and in range, or the caller is told what would be accepted."""

from __future__ import annotations

import math

from mgdecide.errors import InvalidInput, Problem


def refuse(code: str, path: str, given: object, accepted: str) -> InvalidInput:
    """The error to raise for one unusable value."""
    return InvalidInput(Problem(code=code, path=path, given=str(given), accepted=accepted))


def finite(value: float, path: str) -> float:
    """The value itself, when it is a finite number (MGD-P102 otherwise)."""
    if isinstance(value, bool) or not math.isfinite(value):
        raise refuse("MGD-P102", path, value, "a finite number")
    return float(value)


def positive(value: float, path: str) -> float:
    """The value itself, when it is finite and above 0 (MGD-P103 otherwise)."""
    if finite(value, path) <= 0:
        raise refuse("MGD-P103", path, value, "a number above 0")
    return float(value)


def head_count(value: int, path: str, at_least: int = 2) -> int:
    """The number of people, when it is whole and large enough (MGD-P120 otherwise)."""
    if isinstance(value, bool) or value != int(value) or value < at_least:
        raise refuse("MGD-P120", path, value, f"a whole number of people, at least {at_least}")
    return int(value)


def checked_correlation(value: float, path: str) -> float:
    """The value itself, when it lies within -1 and 1 (MGD-P121 otherwise)."""
    if not -1 <= finite(value, path) <= 1:
        raise refuse("MGD-P121", path, value, "a correlation from -1 to 1")
    return float(value)


def probability(value: float, path: str) -> float:
    """The value itself, when it lies strictly between 0 and 1 (MGD-P122 otherwise)."""
    if not 0 < finite(value, path) < 1:
        raise refuse("MGD-P122", path, value, "a number above 0 and below 1")
    return float(value)
