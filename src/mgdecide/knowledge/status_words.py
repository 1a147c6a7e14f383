"""What is said of each status category, and the caveats beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from attrs import frozen

from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

LEVELS = (
    "critical_low",
    "severe_hypo",
    "hypo",
    "below_nhanes1",
    "suboptimal",
    "adequate",
    "high_mild",
    "high",
    "high_extreme",
)
"""The categories of a result, from the lowest to the highest."""
CATEGORIES = ("not_given", "undetermined", *LEVELS)
CAVEATS: Mapping[str, tuple[str, ...]] = {
    "undated": (),
    "stale": ("days",),
    "haemolysed": (),
    "comparator": ("value",),
    "age_unknown": (),
    "pregnant": (),
    "normal": (),
    "same_day": ("others",),
}
"""The caveats there are, each with the places that its text may have."""


@frozen
class StatusWord:
    """The sentence of one category with its sources."""

    text: str
    sources: tuple[str, ...]


@frozen
class StatusWords:
    """Sentences by category, caveats by name."""

    categories: dict[str, StatusWord]
    caveats: dict[str, str]


@cache
def status_words() -> StatusWords:
    """The sentences this release ships."""
    return read_status_words((KNOWLEDGE / "status.toml").read_text(encoding="utf-8"))


def read_status_words(text: str) -> StatusWords:
    """Read the sentences from TOML.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a category or caveat missing or unknown, a key missing or of the
            wrong kind, or a place in braces that nothing fills. All mistakes at once.
    """
    return read_table(text, "status.toml", _words)


def _words(file: Entry) -> StatusWords:
    file.text("reviewed")
    categories, caveats = file.inner("category"), file.inner("caveat")
    found = StatusWords(
        {name: _word(categories.inner(name)) for name in CATEGORIES},
        {name: _caveat(caveats, name, places) for name, places in CAVEATS.items()},
    )
    categories.done()
    caveats.done()
    return found


def _word(entry: Entry) -> StatusWord:
    found = StatusWord(entry.text("text"), entry.sources(None, "sources"))
    entry.done()
    return found


def _caveat(entry: Entry, name: str, places: tuple[str, ...]) -> str:
    text = entry.text(name)
    rest = text
    for place in places:
        rest = rest.replace(f"{{{place}}}", "")
    if "{" in rest or "}" in rest:
        accepted = " or ".join(f"{{{place}}}" for place in places) or "no braces"
        entry.mistake("MGD-K201", name, text, f"in braces only what is filled: {accepted}")
    return text
