"""The instruments of depression, anxiety and drinking: range, bands, change that matters, the item on suicide.

Scores are stored, never the wording of items. Versions are kept apart: a raw DASS-21 total is not a DASS-42 total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, entries, exact, read_toml


@frozen
class Band:
    """Scores from ``start`` on, up to the next band."""

    start: Decimal
    words: str

    @property
    def slug(self) -> str:
        """The words as part of an id: ``moderately-severe``."""
        return self.words.replace(" ", "-")


@frozen
class Bands:
    """One banding of a total score, in rising order."""

    name: str
    bands: tuple[Band, ...]
    sources: tuple[str, ...]
    verified: bool

    def of(self, score: Decimal) -> Band:
        """The band of a score. Raises ``ValueError`` below the first band."""
        found = [band for band in self.bands if band.start <= score]
        if not found:
            raise ValueError(f"{score} is below the first band, which begins at {self.bands[0].start}")
        return found[-1]


@frozen
class Mark:
    """A published number of a scale: points, or percent of the baseline, or both."""

    points: Decimal | None
    percent: Decimal | None
    words: str
    sources: tuple[str, ...]
    verified: bool


@frozen
class SuicideItem:
    """The item that asks about death or suicide; positive from ``positive`` on. ``levels`` are what anchors say."""

    number: int
    fact: str
    low: Decimal
    high: Decimal
    positive: Decimal
    levels: tuple[tuple[str, Band], ...]
    sources: tuple[str, ...]
    verified: bool
    note: str = ""


@frozen
class Scale:
    """One instrument in one version."""

    instrument: str
    key: str
    fact: str
    version: str
    rater: str
    items: int
    low: Decimal
    high: Decimal
    item_range: tuple[Decimal, Decimal] | None
    missing_items_allowed: int
    bands: Bands | None
    other_bands: tuple[Bands, ...]
    case_finding: Mark | None
    changes: tuple[Mark, ...]
    response: Mark | None
    remissions: tuple[Mark, ...]
    spread: Mark | None
    """A standard deviation in points among people with depression, for telling a standardised effect in points."""
    suicide_item: SuicideItem | None
    licence: str
    edition: str
    note: str = ""


@cache
def load_scales() -> dict[str, Scale]:
    """The scales this release ships, by instrument (``"PHQ-9"``)."""
    path = KNOWLEDGE / "scales.toml"
    return read_scales(path.read_text(encoding="utf-8"), path.name)


def read_scales(text: str, path: str = "scales.toml", known: frozenset[str] | None = None) -> dict[str, Scale]:
    """Read scales from TOML; ``known`` are the source keys there are.

    Raises:
        InvalidKnowledge: bands that do not rise or leave the range, a figure without source, a float, two of a name.
    """
    problems: list[Problem] = []
    table = read_toml(text, path)
    edition = str(table.get("edition", ""))
    if not edition:
        problems.append(Problem("MGD-K201", f"{path}: edition", "nothing", "the edition of the file"))
    found: dict[str, Scale] = {}
    for entry in entries(table, "scale", path, problems):
        scale = _Reader(entry, known).scale(edition)
        if scale.instrument in found or scale.key in {each.key for each in found.values()}:
            entry.mistake("MGD-K204", "instrument", scale.instrument, "an instrument and a key that are not taken")
        found[scale.instrument] = scale
    if problems:
        raise InvalidKnowledge(problems)
    return found


class _Reader:
    def __init__(self, entry: Entry, known: frozenset[str] | None) -> None:
        self.entry = entry
        self.known = known

    def scale(self, edition: str) -> Scale:
        entry = self.entry
        low, high = self._range(entry, "range")
        banding = self._inner("bands")
        scale = Scale(
            instrument=entry.text("instrument"),
            key=entry.text("key"),
            fact=entry.text("fact"),
            version=entry.text("version"),
            rater=entry.word("rater", ("self", "clinician")),
            items=entry.whole("items"),
            low=low,
            high=high,
            item_range=self._range(entry, "item_range") if entry.has("item_range") else None,
            missing_items_allowed=self._missing(),
            bands=self._bands(banding, "", low, high) if banding else None,
            other_bands=tuple(self._bands(each, each.text("name"), low, high) for each in entry.tables("other_bands")),
            case_finding=self._mark(self._inner("case_finding"), "from"),
            changes=tuple(self._marks("change", "points")),
            response=self._mark(self._inner("response"), "points"),
            remissions=tuple(self._marks("remission", "at_most")),
            spread=self._mark(self._inner("spread"), "sd"),
            suicide_item=self._suicide(),
            licence=entry.text("licence"),
            edition=edition,
            note=entry.text("note", ""),
        )
        entry.done()
        return scale

    def _inner(self, key: str) -> Entry | None:
        if not self.entry.has(key):
            return None
        return Entry(self.entry.table(key), f"{self.entry.path}.{key}", self.entry.problems)

    def _range(self, entry: Entry, key: str) -> tuple[Decimal, Decimal]:
        given = [exact(each) for each in entry.texts(key)]
        if len(given) != 2 or given[0] is None or given[1] is None or given[0] >= given[1]:
            entry.mistake("MGD-K202", key, given, 'the lowest and the highest score, such as ["0", "27"]')
            return Decimal(0), Decimal(1)
        return given[0], given[1]

    def _missing(self) -> int:
        inner = self._inner("missing_items")
        if inner is None:
            return 0
        allowed = inner.whole("allowed")
        inner.sources(self.known)
        inner.flag("verified", False)
        inner.done()
        return allowed

    def _bands(self, entry: Entry, name: str, low: Decimal, high: Decimal) -> Bands:
        bands = []
        for each in entry.tables("list"):
            bands.append(Band(each.number("from"), each.text("words")))
            each.done()
        starts = [band.start for band in bands]
        if not starts or starts[0] != low or starts != sorted(set(starts)) or starts[-1] > high:
            accepted = f"bands that begin at {low}, rise, and stay within {high}"
            entry.mistake("MGD-K207", "list", [str(start) for start in starts], accepted)
        found = Bands(name, tuple(bands), entry.sources(self.known), entry.flag("verified", False))
        entry.done()
        return found

    def _marks(self, key: str, points: str) -> Iterator[Mark]:
        for each in self.entry.tables(key):
            mark = self._mark(each, points)
            if mark is not None:
                yield mark

    def _mark(self, entry: Entry | None, points: str) -> Mark | None:
        if entry is None:
            return None
        mark = Mark(
            points=entry.number(points) if entry.has(points) else None,
            percent=entry.number("percent") if entry.has("percent") else None,
            words=entry.text("words", ""),
            sources=entry.sources(self.known),
            verified=entry.flag("verified", False),
        )
        if mark.points is None and mark.percent is None:
            entry.mistake("MGD-K201", points, "nothing", f"{points} or percent")
        entry.done()
        return mark

    def _suicide(self) -> SuicideItem | None:
        entry = self._inner("suicide")
        if entry is None:
            return None
        low, high = self._range(entry, "range")
        levels = []
        for each in entry.tables("levels"):
            levels.append((each.text("name"), Band(each.number("from"), each.text("words"))))
            each.done()
        item = SuicideItem(
            number=entry.whole("item"),
            fact=entry.text("fact"),
            low=low,
            high=high,
            positive=entry.number("positive"),
            levels=tuple(levels),
            sources=entry.sources(self.known),
            verified=entry.flag("verified", False),
            note=entry.text("note", ""),
        )
        if not low < item.positive <= high:
            entry.mistake("MGD-K207", "positive", str(item.positive), f"above {low} and at most {high}")
        entry.done()
        return item


def scale_of(fact: str, scales: Mapping[str, Scale] | None = None) -> Scale | None:
    """The scale whose total is this fact; ``None`` for any other fact."""
    return next((scale for scale in (scales or load_scales()).values() if scale.fact == fact), None)
