"""One questionnaire of a record: instrument, total and items within their ranges."""

from __future__ import annotations

from datetime import date

from mgdecide.adapters.record.labs import note_future
from mgdecide.adapters.record.mistakes import Mistakes
from mgdecide.adapters.record.models import ScoreShape
from mgdecide.adapters.record.problems import Location
from mgdecide.adapters.suggestions import one_of
from mgdecide.domain.scores import Score
from mgdecide.knowledge.instruments import Instrument, instruments


def read_score(shape: ScoreShape, location: Location, last_day: date | None, mistakes: Mistakes) -> Score | None:
    """The score, or None after noting why it cannot be used.

    With every item given the total is their sum. Where a total was given too and differs, or is less than the items
    that were given, the higher reading counts and the score says that they differ.
    """
    before = len(mistakes.found)
    if shape.on is not None and last_day is not None and shape.on > last_day:
        note_future(shape.on, last_day, (*location, "on"), mistakes)
    if shape.total is None and not shape.items:
        mistakes.missing((*location, "total"), "the total score, or points under items")
    instrument = _instrument(shape.instrument, location, mistakes)
    if instrument is None:
        return None
    if shape.total is not None and shape.total > instrument.highest:
        mistakes.note("MGD-R141", (*location, "total"), shape.total, f"0 to {instrument.highest} for {instrument.name}")
    items = _items(shape.items or {}, instrument, location, mistakes)
    if len(mistakes.found) > before:
        return None
    added, complete = sum(items.values()), len(items) == len(instrument.items)
    total = added if complete and shape.total is None else shape.total
    mismatch = total is not None and (added > total or (complete and added != total))
    return Score(
        instrument=instrument.name,
        total=max(total, added) if total is not None and mismatch else total,
        items=tuple(sorted(items.items())),
        on=shape.on,
        mismatch=mismatch,
    )


def _instrument(given: str | None, location: Location, mistakes: Mistakes) -> Instrument | None:
    known = instruments()
    if given is None:
        mistakes.missing((*location, "instrument"), f"an instrument: {one_of(known)}")
        return None
    found = known.get(given)
    if found is None:
        aliases = {alias: each.name for each in known.values() for alias in each.aliases}
        mistakes.note("MGD-R140", (*location, "instrument"), given, one_of(known, given, aliases))
    return found


def _items(
    given: dict[str, int | None], instrument: Instrument, location: Location, mistakes: Mistakes
) -> dict[int, int]:
    found: dict[int, int] = {}
    for key, points in given.items():
        item = int(key) if key.isascii() and key.isdigit() and len(key) <= 3 and key[0] != "0" else None
        highest = instrument.items.get(item) if item is not None else None
        if item is None or highest is None:
            numbers = ", ".join(map(str, instrument.items))
            mistakes.note("MGD-R142", (*location, "items", key), key, f"an item of {instrument.name}: {numbers}")
        elif points is not None and points > highest:
            accepted = f"0 to {highest} for item {item} of {instrument.name}"
            mistakes.note("MGD-R141", (*location, "items", key), points, accepted)
        elif points is not None:
            found[item] = points
    return found
