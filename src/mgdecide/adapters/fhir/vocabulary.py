"""What the codes of a chart mean here, in the form the readers ask: one look-up a code.

Codes of tests and diagnoses come from ``knowledge.codes``; how long an entry speaks of today, coded answers and items
of questionnaires from ``knowledge/chart.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from attrs import field, frozen

from mgdecide.knowledge import codes
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.codes import ConditionCode, LoincCode
from mgdecide.knowledge.instruments import instruments


@frozen
class Target:
    """What the code of an Observation means.

    ``kind`` is ``lab``, ``measure``, ``total``, ``item``, ``panel``, ``answer``, ``not needed`` or ``other specimen``.
    """

    kind: str
    fact: str = ""
    instrument: str = ""
    item: int = 0
    code: LoincCode | None = None
    note: str = ""
    label: str = field(init=False)
    """A questionnaire's total or item, in words."""
    highest: int = field(init=False)
    """The most points it can have."""

    @label.default
    def _label(self) -> str:
        return f"{self.instrument} total" if self.kind == "total" else f"{self.instrument} item {self.item}"

    @highest.default
    def _highest(self) -> int:
        known = instruments().get(self.instrument)
        if known is None:
            return 0
        return known.items[self.item] if self.kind == "item" else known.highest


@frozen
class Answer:
    """A question with coded answers: codes of a yes, codes of a no, and for how many days each speaks of today."""

    yes: frozenset[str]
    no: frozenset[str]
    days: tuple[int, int]


@frozen
class Vocabulary:
    """Code tables and house rules as plain dictionaries."""

    observations: Mapping[str, Target]
    questions: Mapping[str, Answer]
    """By fact: pregnancy, lactating, tobacco."""
    measures: Mapping[tuple[str, str], Decimal]
    """What a body measure is multiplied by, by fact and unit."""
    days: Mapping[str, int]
    brief: Mapping[str, int]
    """Conditions that pass, with the days within which an entry of one speaks of today."""
    lasting: frozenset[str]
    lasting_procedures: frozenset[str]
    procedures_now: frozenset[str]
    words: Mapping[str, tuple[str, ...]]
    any_word: re.Pattern[str]
    """Finds any of ``words``."""
    conditions: frozenset[str]
    signs: frozenset[str]

    def hinted(self, text: str) -> tuple[str, ...]:
        """The facts that a text no table knows may speak of."""
        if self.any_word.search(text) is None:
            return ()
        lower = text.casefold()
        return tuple(key for key, hints in self.words.items() if any(hint in lower for hint in hints))


@lru_cache(maxsize=20_000)
def meaning(system: str, code: str) -> ConditionCode | None:
    """What a code of ``snomed`` or ``icd10`` says; None where it is not in the tables."""
    return codes.snomed(code) if system == "snomed" else codes.icd10(code)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this release, read once."""
    chart = tomllib.loads(files("mgdecide.knowledge").joinpath("chart.toml").read_text(encoding="utf-8"))
    days: dict[str, int] = chart["days"]
    return Vocabulary(
        observations=dict(_observations(chart)),
        questions={
            "pregnancy": _answer(chart["pregnancy"], days["pregnant"], days["not_pregnant"]),
            "lactating": _answer(chart["lactating"], days["lactating"], days["lactating"]),
            "tobacco": _answer(chart["tobacco"], days["smoking"], days["smoking"]),
        },
        measures={
            (fact, unit): Decimal(factor) for fact, units in chart["measures"].items() for unit, factor in units.items()
        },
        days=days,
        brief=chart["brief"],
        lasting=frozenset(chart["lasting"]["conditions"]),
        lasting_procedures=frozenset(chart["lasting"]["procedures"]),
        procedures_now=frozenset(chart["lasting"]["procedures_now"]),
        words={key: tuple(words) for key, words in chart["words"].items()},
        any_word=_any(word for hints in chart["words"].values() for word in hints),
        conditions=frozenset(fact.name for fact in catalogue().group("conditions")),
        signs=frozenset(fact.name for fact in catalogue().group("presenting")),
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)


def _answer(row: Mapping[str, Any], yes_days: int, no_days: int) -> Answer:
    return Answer(frozenset(row["yes"]), frozenset(row["no"]), (yes_days, no_days))


def _observations(chart: Mapping[str, Any]) -> Iterator[tuple[str, Target]]:
    for code, known in codes.loinc_codes().items():
        target = _target(known)
        if target is not None:
            yield code, target
    for instrument, items in chart["items"].items():
        for code, item in items.items():
            yield code, Target("item", instrument=instrument, item=item)
    for code, instrument in chart["panels"].items():
        yield code, Target("panel", instrument=instrument)
    for fact in ("pregnancy", "lactating", "tobacco"):
        yield chart[fact]["question"], Target("answer", fact)


def _target(known: LoincCode) -> Target | None:
    if known.use == "none" or known.fact is None:
        return Target("not needed", note=known.display)
    if known.use in ("reject", "map_after_check"):
        return Target("other specimen", note=known.note or known.display)
    fact = catalogue().facts[known.fact]
    if fact.kind == "lab":
        return Target("lab", fact.name, code=known, note=known.note)
    if fact.instrument:
        return Target("total" if fact.item is None else "item", "", fact.instrument, fact.item or 0, note=known.note)
    return Target("measure", fact.name) if fact.name in ("weight_kg", "height_cm") else None
