"""The nearest valid name to one that is not known, and what a caller gave in words that fit a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_LONGEST = 60
_MOST_LISTED = 24
_FEW = 12
_LONGEST_NAME = 200


def given_words(given: object) -> str:
    """What was given, short and safe to print: never more than a line, never an escape sequence.

    >>> given_words({"a": 1})
    'an object'
    """
    match given:
        case None:
            return "null"
        case bool():
            return "true" if given else "false"
        case str():
            return _quoted(given)
        case bytes() | bytearray():
            return "bytes"
        case Mapping():
            return "an object" if given else "an empty object"
        case list() | tuple():
            return "a list" if given else "an empty list"
        case int():
            return str(given) if given.bit_length() < 200 else "a number of very many digits"
        case float():
            return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(given), repr(given))
        case _:
            return safe_text(str(given)) if type(given).__module__ in ("decimal", "datetime") else type(given).__name__


def _quoted(text: str) -> str:
    return f'"{safe_text(text)}"'


def safe_text(text: str, most: int = _LONGEST) -> str:
    """A text cut to a length that fits a line, with characters that a terminal would obey written as escapes."""
    short = text if len(text) <= most else text[: most - 3] + "..."
    return "".join(letter if is_printable(letter) else f"\\u{ord(letter):04x}" for letter in short)


def is_printable(letter: str) -> bool:
    """Neither a control character, nor half a surrogate pair, nor a mark that turns the direction of writing."""
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def nearest(given: object, names: Iterable[str], aliases: Mapping[str, str] | None = None) -> str | None:
    """The nearest of ``names``, if one is near; case and punctuation make no difference.

    ``aliases`` are other words for a name, which are suggested for it and never taken.
    """
    if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_NAME:
        return None
    plain = {_plain(key): name for key, name in (aliases or {}).items()} | {_plain(name): name for name in names}
    wanted = _plain(given)
    found = [wanted] if wanted in plain else get_close_matches(wanted, plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def one_of(names: Iterable[str], given: object = None, aliases: Mapping[str, str] | None = None) -> str:
    """``one of a, b, c``; the nearest name to ``given`` comes first, and then a long list is only begun."""
    listed = tuple(names)
    near = nearest(given, listed, aliases)
    most = _MOST_LISTED if near is None else _FEW
    words = ", ".join(listed[:most]) + (f", ... ({len(listed)} in all)" if len(listed) > most else "")
    accepted = f"one of {words}" if len(listed) > 1 else words
    return accepted if near is None else f'did you mean "{near}"? Accepted: {accepted}'


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
