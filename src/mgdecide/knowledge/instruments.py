"""What a questionnaire's numbers can be: its items, the points each may have, the range of its total."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from attrs import frozen

from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table
from mgdecide.knowledge.scales import Scale, load_scales


@frozen
class Instrument:
    """One questionnaire in one version. ``items`` maps item number to its highest points; all begin at 0."""

    name: str
    items: Mapping[int, int]
    highest: int
    aliases: tuple[str, ...]


_MOST_ITEMS = 200


@cache
def instruments() -> Mapping[str, Instrument]:
    """The instruments of this edition, by name.

    Raises:
        InvalidKnowledge: the codes of ``read_instruments``.
    """
    return read_instruments((KNOWLEDGE / "instruments.toml").read_text(encoding="utf-8"), load_scales())


def read_instruments(text: str, scales: Mapping[str, Scale]) -> Mapping[str, Instrument]:
    """Read instruments from TOML, one for each of the scales; a scale without an entry has plain items.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind; MGD-K204 one given
            twice; MGD-K206 one that is no scale; MGD-K301 points that do not add up to the highest total, or items
            of another number. All mistakes at once.
    """
    return read_table(text, "instruments.toml", lambda file: MappingProxyType(_instruments(file, scales)))


def _instruments(file: Entry, scales: Mapping[str, Scale]) -> dict[str, Instrument]:
    file.text("reviewed")
    rows: dict[str, Entry] = {}
    for entry in file.tables("instrument", "name", needed=True):
        name = entry.text("name")
        if name in rows:
            entry.mistake("MGD-K204", "name", name, "each instrument once")
        if name not in scales:
            entry.mistake("MGD-K206", "name", name, "an instrument of scales.toml", scales)
        rows[name] = entry
    found = {name: _instrument(scale, rows.get(name) or _plain(name, file)) for name, scale in scales.items()}
    for entry in rows.values():
        entry.done()
    return found


def _plain(name: str, file: Entry) -> Entry:
    return Entry({}, f"{file.path}: instrument {name}", file.problems)


def _instrument(scale: Scale, entry: Entry) -> Instrument:
    """``points`` is the highest of an item where scales.toml gives no range; ``others`` are items that differ."""
    numbers = entry.wholes("numbers", tuple(range(1, min(scale.items, _MOST_ITEMS) + 1)))
    usual = entry.whole("points") if scale.item_range is None else int(scale.item_range[1])
    others = entry.inner("others") if entry.has("others") else Entry({}, entry.path, [])
    items = {number: others.whole(str(number)) if others.has(str(number)) else usual for number in numbers}
    others.done()
    if len(items) != scale.items or sum(items.values()) != scale.high:
        given = f"{len(items)} items that add up to {sum(items.values())}"
        accepted = f"{scale.items} items that add up to {scale.high}, as in scales.toml"
        entry.mistake("MGD-K301", "numbers", given, accepted)
    entry.texts("source", ())
    entry.flag("verified", True)
    entry.text("note", "")
    return Instrument(scale.instrument, MappingProxyType(items), int(scale.high), entry.texts("aliases", ()))
