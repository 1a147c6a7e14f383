"""Interactions of magnesium with medicines, with the hours that sources give and where they disagree."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeGuard

from attrs import frozen

from mgdecide.knowledge.medicine_class_table import load_medicine_classes
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

HOUR = 60
"""Minutes."""

ACTIONS = {"A": ("avoid", "adjust"), "B": ("separate",), "C": ("monitor", "measure", "review"), "D": ("none",)}
"""What a grade asks for; the first one where the row does not say."""
SEVERITIES = {"A": "critical", "B": "warning", "C": "info", "D": "info"}
ROUTES = ("oral", "intravenous")
FORMS = {
    "all": "every oral form",
    "antacid": "magnesium antacids, oxide and hydroxide",
    "hydroxide": "magnesium hydroxide, antacids and laxatives",
}
"""The forms of oral magnesium that a row speaks of."""

Hours = tuple[float, float]
"""Shortest and longest hours of a statement; the same number twice where it gives one."""


@frozen
class Statement:
    """What one source says. ``before``: the medicine so many hours before magnesium; None: the source is silent."""

    before: Hours | None
    after: Hours | None
    source: str
    verified: bool = True

    def __str__(self) -> str:
        if self.before == self.after and self.before is not None:
            return f"{_range(self.before)} apart"
        sides = [
            f"{_range(hours)} {side}"
            for side, hours in (("before", self.before), ("after", self.after))
            if hours is not None
        ]
        return f"{' or '.join(sides)} magnesium"

    def to_record(self) -> dict[str, object]:
        """For the output: hours as [shortest, longest], or null where the source is silent."""
        return {
            "before_hours": None if self.before is None else list(self.before),
            "after_hours": None if self.after is None else list(self.after),
            "source": self.source,
            "verified": self.verified,
        }


@frozen
class Separation:
    """The hours used, why these, and every published statement."""

    before: float
    after: float
    why: str
    statements: tuple[Statement, ...]

    @property
    def widest_before(self) -> float:
        """The longest hours before magnesium of any statement: what a day plan keeps."""
        return max(self.before, *(each.before[1] for each in self.statements if each.before is not None), 0)

    @property
    def widest_after(self) -> float:
        """The longest hours after magnesium of any statement."""
        return max(self.after, *(each.after[1] for each in self.statements if each.after is not None), 0)

    @property
    def widest_before_minutes(self) -> int:
        """``widest_before`` as a day plan counts it."""
        return round(self.widest_before * HOUR)

    @property
    def widest_after_minutes(self) -> int:
        """``widest_after`` as a day plan counts it."""
        return round(self.widest_after * HOUR)

    @property
    def sources_differ(self) -> bool:
        """Whether two statements give different hours for one side."""
        return any(
            len({hours for hours in side if hours is not None}) > 1
            for side in ([each.before for each in self.statements], [each.after for each in self.statements])
        )

    @property
    def in_words(self) -> str:
        """The hours used, as a part of a sentence."""
        if self.before == self.after:
            return f"at least {_range((self.before, self.before))} apart from magnesium"
        before, after = _range((self.before, self.before)), _range((self.after, self.after))
        return f"at least {before} before or {after} after magnesium"

    def to_record(self) -> dict[str, object]:
        """For the output: the hours used, the widest ones, and each statement."""
        return {
            "used": {"before_hours": self.before, "after_hours": self.after, "why": self.why},
            "widest": {"before_hours": self.widest_before, "after_hours": self.widest_after},
            "sources_differ": self.sources_differ,
            "statements": [each.to_record() for each in self.statements],
        }


@frozen
class Interaction:
    """One row. ``text`` has ``{medicine}`` left to fill; every other place is filled."""

    id: str
    name: str
    classes: tuple[str, ...]
    grade: str
    action: str
    severity: str
    route: str
    magnesium: str
    mechanism: str
    direction: str
    text: str
    sources: tuple[str, ...]
    verified: bool
    reviewed: str
    only_if: Mapping[str, object] | None = None
    separation: Separation | None = None

    @property
    def details(self) -> tuple[tuple[str, object], ...]:
        """Further members for the output of a finding."""
        told: list[tuple[str, object]] = [
            ("grade", self.grade),
            ("magnesium_forms", FORMS[self.magnesium]),
            ("direction", self.direction),
            ("mechanism", self.mechanism),
        ]
        if self.separation is not None:
            told.append(("separation", self.separation.to_record()))
        return tuple(told)


@cache
def load_interactions(route: str = "oral") -> tuple[Interaction, ...]:
    """The interactions this release ships, for one route of magnesium.

    Those of intravenous magnesium are not asked for by default: nobody is told that amlodipine is critical because
    of an infusion that was never planned.
    """
    return tuple(row for row in _read_once((KNOWLEDGE / "interactions.toml").read_text("utf-8")) if row.route == route)


@cache
def _read_once(text: str) -> tuple[Interaction, ...]:
    return read_interactions(text)


def read_interactions(text: str) -> tuple[Interaction, ...]:
    """Read interactions from TOML.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind, or a word that is
            none of the few; MGD-K204 two rows of one id; MGD-K205 a row or hours without a source; MGD-K113 an
            unknown class, hours that are none, or that no source states. All mistakes at once.
    """
    return read_table(text, "interactions.toml", _rows)


def _rows(file: Entry) -> tuple[Interaction, ...]:
    file.text("edition", "")
    reviewed = file.text("reviewed")
    for side in ("default_before", "default_after"):  # what `used` falls back on where no label was read
        _span(file, side)
    rows: dict[str, Interaction] = {}
    for entry in file.tables("interaction", "id", needed=True):
        row = _row(entry, reviewed)
        if row.id in rows:
            entry.mistake("MGD-K204", "id", row.id, "one row for each id")
        rows[row.id] = row
    return tuple(rows.values())


def _row(entry: Entry, reviewed: str) -> Interaction:
    grade = entry.word("grade", tuple(ACTIONS))
    separation = _separation(entry)
    row = Interaction(
        id=entry.text("id"),
        name=entry.text("name"),
        classes=entry.texts("classes", ()),
        grade=grade,
        action=entry.word("action", ACTIONS[grade], ACTIONS[grade][0]),
        severity=entry.word("severity", ("critical", "warning", "info"), SEVERITIES[grade]),
        route=entry.word("route", ROUTES, "oral"),
        magnesium=entry.word("magnesium", tuple(FORMS), "all"),
        mechanism=entry.text("mechanism"),
        direction=entry.text("direction"),
        text=_filled(entry.text("text"), separation),
        sources=_all_sources(entry.sources(None, "sources"), separation),
        verified=entry.flag("verified", True),
        reviewed=entry.text("reviewed", reviewed),
        only_if=entry.table("only_if") if entry.has("only_if") else None,
        separation=separation,
    )
    known = load_medicine_classes().classes
    for key in row.classes:
        if key not in known:
            entry.mistake("MGD-K113", "classes", key, "a key of medicines.toml", known)
    if not row.classes and not row.only_if:
        entry.mistake("MGD-K113", "classes", "no class and no condition", "classes, only_if or both")
    if row.action == "separate" and separation is None:
        entry.mistake("MGD-K113", "separation", "none", "what the sources say, and the hours used")
    entry.done()
    return row


def _separation(entry: Entry) -> Separation | None:
    if not entry.has("separation") and not entry.has("used"):
        return None
    statements = tuple(_statement(each) for each in entry.tables("separation", needed=True))
    if entry.value("separation") == []:
        entry.mistake("MGD-K113", "separation", "none", "what the sources say")
    used = entry.inner("used")
    found = Separation(_hours(used, "before"), _hours(used, "after"), used.text("why"), statements)
    used.done()
    return found


def _statement(entry: Entry) -> Statement:
    found = Statement(
        before=_span(entry, "before"),
        after=_span(entry, "after"),
        source=entry.text("source"),
        verified=entry.flag("verified", True),
    )
    if not entry.has("before") and not entry.has("after"):
        entry.mistake("MGD-K113", "before", "no hours", "hours before magnesium, after it, or both")
    entry.done()
    return found


def _span(entry: Entry, key: str) -> Hours | None:
    """Hours as one number or as the shortest and the longest; None where the key is absent."""
    given = entry.value(key)
    if given is None:
        return None
    ends = [float(each) for each in (given if isinstance(given, list) else [given, given]) if _is_hours(each)]
    if len(ends) != 2 or ends[0] > ends[1] or (isinstance(given, list) and len(given) != 2):
        entry.mistake("MGD-K113", key, repr(given), "hours from 0 to 24, or [shortest, longest]")
        return None
    return ends[0], ends[1]


def _is_hours(given: object) -> TypeGuard[int | float]:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= 24


def _hours(used: Entry, side: str) -> float:
    span = _span(used, side)
    if not used.has(side):
        used.mistake("MGD-K113", side, "nothing", "hours")
    return span[1] if span is not None else 0.0


def _filled(text: str, separation: Separation | None) -> str:
    if separation is None:
        return text
    text = text.replace("{apart}", separation.in_words)
    if not separation.sources_differ:
        return text
    told = dict.fromkeys(str(each) for each in separation.statements)
    return f"{text} Sources differ: {'; '.join(told)}."


def _range(hours: Hours) -> str:
    low, high = hours
    if low != high:
        return f"{low:g} to {high:g} hours"
    return "half an hour" if low == 0.5 else f"{low:g} hour{'' if low == 1 else 's'}"


def _all_sources(sources: tuple[str, ...], separation: Separation | None) -> tuple[str, ...]:
    stated = separation.statements if separation is not None else ()
    return tuple(dict.fromkeys((*sources, *(each.source for each in stated))))
