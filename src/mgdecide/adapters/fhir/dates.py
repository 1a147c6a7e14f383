"""Days out of FHIR's date, dateTime and instant. A day is the local day as written, whatever the time zone."""

from __future__ import annotations

from datetime import date
from typing import Any

UNDATED_DAY = date.min
"""Stands for no date at all while results are put in order; nothing in a chart is that old."""


def day_of(text: Any) -> date:
    """The day of a full or partial date; of a partial one its first possible day.

    The first day is the careful reading: a result is then at least as old as it can be. No conversion between time
    zones is made, because the day a laboratory printed is the day it meant.

    Raises:
        ValueError: not a date of FHIR R4.
    """
    if len(text) >= 10:
        if text[4] != "-" or text[7] != "-" or (len(text) > 10 and text[10] != "T"):
            raise ValueError(text)
        return date.fromisoformat(text[:10])
    if len(text) == 7 and text[4] == "-":
        return date(int(text[:4]), int(text[5:]), 1)
    if len(text) == 4 and text.isdigit():
        return date(int(text), 1, 1)
    raise ValueError(text)


def is_partial(text: str) -> bool:
    """Whether a date stops at the month or the year."""
    return len(text) < 10


def effective_text(resource: dict[str, Any], stem: str = "effective") -> str | None:
    """The text of the moment an Observation (or ``performed`` Procedure) is of; the end of a period, else its start."""
    text = resource.get(stem + "DateTime")
    if text is None:
        text = resource.get(stem + "Instant")
    if text is None:
        period = resource.get(stem + "Period")
        if period is not None:
            text = period.get("end") or period.get("start")
    if text is None:
        text = resource.get("issued")
    if text is not None and not isinstance(text, str):
        raise ValueError("a date that is not text")
    return text


def completed_years(born: date, on: date) -> int:
    """Age in completed years; someone born on 29 February turns a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
