"""Interactions of magnesium with medicines, with the hours that sources give and where they disagree."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NoReturn

from attrs import frozen

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.medicine_class_table import load_medicine_classes

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
    text = files("mgdecide.knowledge").joinpath("interactions.toml").read_text(encoding="utf-8")
    return tuple(row for row in _read_once(text) if row.route == route)


@cache
def _read_once(text: str) -> tuple[Interaction, ...]:
    return read_interactions(text)


def read_interactions(text: str) -> tuple[Interaction, ...]:
    """Read interactions from TOML.

    Raises:
        InvalidKnowledge: a row without a source, with hours that no source states and no reason for them, of an
            unknown class, grade, action, route or form; or two rows of one id.
    """
    table = tomllib.loads(text)
    rows = tuple(_row(row, str(table["reviewed"])) for row in table["interaction"])
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            _bad(row.id, "given twice", "one row for each id")
        seen.add(row.id)
    return rows


def _row(row: Mapping[str, object], reviewed: str) -> Interaction:
    id = str(row.get("id"))
    grade = _one_of(id, row, "grade", ACTIONS, "")
    sources = _strings(row.get("sources"))
    if not sources:
        _bad(f"{id}.sources", "none", "at least one key of the source register")
    classes = _strings(row.get("classes"))
    unknown = [key for key in classes if key not in load_medicine_classes().classes]
    if unknown:
        _bad(f"{id}.classes", ", ".join(unknown), "keys of medicines.toml")
    only_if = row.get("only_if")
    if not classes and not isinstance(only_if, dict):
        _bad(id, "no class and no condition", "classes, only_if or both")
    action = _one_of(id, row, "action", ACTIONS[grade], ACTIONS[grade][0])
    separation = _separation(id, row)
    if action == "separate" and separation is None:
        _bad(f"{id}.separation", "none", "what the sources say, and the hours used")
    text = str(row.get("text", ""))
    if not text:
        _bad(f"{id}.text", "none", "one sentence or more")
    return Interaction(
        id=id,
        name=str(row["name"]),
        classes=classes,
        grade=grade,
        action=action,
        severity=_one_of(id, row, "severity", ("critical", "warning", "info"), SEVERITIES[grade]),
        route=_one_of(id, row, "route", ROUTES, "oral"),
        magnesium=_one_of(id, row, "magnesium", FORMS, "all"),
        mechanism=str(row["mechanism"]),
        direction=str(row["direction"]),
        text=_filled(text, separation),
        sources=_all_sources(sources, separation),
        verified=row.get("verified", True) is True,
        reviewed=str(row.get("reviewed", reviewed)),
        only_if=only_if if isinstance(only_if, dict) else None,
        separation=separation,
    )


def _separation(id: str, row: Mapping[str, object]) -> Separation | None:
    given, used = row.get("separation"), row.get("used")
    if given is None and used is None:
        return None
    if not isinstance(given, list) or not isinstance(used, dict) or not given:
        _bad(f"{id}.separation", "statements without hours used, or hours without statements", "both")
    statements = tuple(_statement(id, each) for each in given)
    why = str(used.get("why", ""))
    if not why:
        _bad(f"{id}.used.why", "nothing", "why these hours and not others")
    return Separation(_hours(id, used, "before"), _hours(id, used, "after"), why, statements)


def _statement(id: str, row: Mapping[str, object]) -> Statement:
    source = str(row.get("source", ""))
    if not source:
        _bad(f"{id}.separation", "hours without a source", "the key of the source that states them")
    before, after = _span(id, row.get("before")), _span(id, row.get("after"))
    if before is None and after is None:
        _bad(f"{id}.separation", f"no hours from {source}", "hours before magnesium, after it, or both")
    return Statement(before, after, source, row.get("verified", True) is True)


def _span(id: str, value: object) -> Hours | None:
    if value is None:
        return None
    given: list[object] = value if isinstance(value, list) else [value, value]
    ends = [float(each) for each in given if isinstance(each, int | float) and 0 <= each <= 24]
    if len(given) != 2 or len(ends) != 2 or ends[0] > ends[1]:
        _bad(f"{id}.separation", repr(value), "hours from 0 to 24, or [shortest, longest]")
    return ends[0], ends[1]


def _hours(id: str, row: Mapping[str, object], side: str) -> float:
    span = _span(id, row.get(side))
    if span is None:
        _bad(f"{id}.used.{side}", "nothing", "hours")
    return span[1]


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


def _one_of(id: str, row: Mapping[str, object], key: str, allowed: Iterable[str], default: str) -> str:
    value = str(row.get(key, default))
    if value not in allowed:
        _bad(f"{id}.{key}", repr(value), f"one of {', '.join(allowed)}")
    return value


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _bad(key: str, given: str, accepted: str) -> NoReturn:
    raise InvalidKnowledge(Problem("MGD-K113", f"interactions.toml: {key}", given, accepted))
