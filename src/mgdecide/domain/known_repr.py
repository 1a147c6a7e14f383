"""How values with many fields that may be unknown are shown: by what is known of them."""

from __future__ import annotations

from attrs import AttrsInstance, fields


def known_repr(value: AttrsInstance) -> str:
    """Python that gives the value again, without the fields that are as they would be if left out.

    >>> from mgdecide.domain.patient import Medication
    >>> Medication(name="omeprazole")
    Medication(name='omeprazole')
    """
    given = ((each, getattr(value, each.name)) for each in fields(type(value)))
    shown = ", ".join(f"{each.name}={held!r}" for each, held in given if held != each.default)
    return f"{type(value).__name__}({shown})"
