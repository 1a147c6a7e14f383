"""JSON text to values with msgspec, where it is installed (extra ``fast``): in half the time, the same values.

msgspec refuses whatever the standard library refuses, and more. What it refuses, and whatever may hold a key given
twice, is left to the standard library, whose answer counts.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, Final

from attrs import frozen

NOT_SURE: Final = object()
"""Stands for no value: the text has to be read with care."""


@frozen
class QuickJson:
    """A decoder that keeps digits, and the encoder that tells whether it lost a key."""

    decode: Callable[[str], Any]
    encode: Callable[[Any], bytes]

    def value(self, content: str) -> Any:
        """The value of a text, or ``NOT_SURE``.

        Every text of a JSON document stands between two quotation marks that are not escaped. Written out again, the
        value has as many of them as the text unless a key was lost on the way, with what it held.
        """
        try:
            value = self.decode(content)
            written = self.encode(value)
        except (ValueError, TypeError, ArithmeticError, RecursionError):
            return NOT_SURE
        given = content.count('"')
        if "\\" in content:
            if "\\\\" in content or "\\u00" in content:  # may be or may make a backslash: then \\" tells nothing
                return NOT_SURE
            given -= content.count('\\"')
            return value if given == written.count(b'"') - written.count(b'\\"') else NOT_SURE
        return value if given == written.count(b'"') else NOT_SURE


@cache
def quick_json() -> QuickJson | None:
    """The quick decoder; None where msgspec is not installed."""
    try:
        import msgspec
    except ImportError:
        return None
    decode = msgspec.json.Decoder(float_hook=Decimal).decode
    return QuickJson(decode, msgspec.json.Encoder(decimal_format="number").encode)
