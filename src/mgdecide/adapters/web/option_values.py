"""How the value of an option is read, from TOML as from the text of a variable. A ValueError says what would do."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

ALGORITHMS = ("ES384", "RS384", "ES256", "ES512", "RS256", "RS512", "PS384")
"""Signatures that can be allowed: all of them asymmetric. CDS Hooks recommends the first two."""

_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
_LONGEST = 2_000


def text(given: object) -> str:
    """A text of one line."""
    if isinstance(given, str) and given.strip() and len(given) <= _LONGEST and given.isprintable():
        return given.strip()
    raise ValueError("a text on one line")


def texts(given: object) -> tuple[str, ...]:
    """A list of texts; in a variable they are separated by commas."""
    parts = given.split(",") if isinstance(given, str) else given
    if isinstance(parts, list | tuple) and all(isinstance(part, str) for part in parts):
        return tuple(part.strip().rstrip("/") for part in parts if part.strip())
    raise ValueError("a list of texts; in a variable, separated by commas")


def yes_no(given: object) -> bool:
    """True or false."""
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.strip().lower() in _YES + _NO:
        return given.strip().lower() in _YES
    raise ValueError("true or false")


def whole(low: int, high: int) -> Callable[[object], int]:
    """A whole number within bounds."""

    def read(given: object) -> int:
        plain = given.strip() if isinstance(given, str) else given
        if isinstance(plain, str) and plain.isascii() and plain.isdigit() and len(plain) < 12:
            plain = int(plain)
        if isinstance(plain, int) and not isinstance(plain, bool) and low <= plain <= high:
            return plain
        raise ValueError(f"a whole number from {low} to {high}")

    return read


def number(low: float, high: float) -> Callable[[object], float]:
    """A number within bounds."""

    def read(given: object) -> float:
        try:
            value = float(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else None
        except (ValueError, OverflowError):
            value = None
        if value is not None and low <= value <= high:
            return value
        raise ValueError(f"a number from {low:g} to {high:g}")

    return read


def address(given: object) -> str:
    """An absolute http or https address, without a slash at its end."""
    if isinstance(given, str) and len(given) <= _LONGEST and given.isprintable() and " " not in given:
        try:
            parts = urlsplit(given)
            usable = (
                parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
            )
            _ = parts.port
        except ValueError:
            usable = False
        if usable:
            return given.rstrip("/")
    raise ValueError("an address such as https://cds.example.org")


def algorithms(given: object) -> tuple[str, ...]:
    """Signature algorithms, asymmetric ones only."""
    if isinstance(given, list) and given and all(each in ALGORITHMS for each in given):
        return tuple(given)
    raise ValueError(f"a list of {', '.join(ALGORITHMS)}; never none, never a shared secret")
