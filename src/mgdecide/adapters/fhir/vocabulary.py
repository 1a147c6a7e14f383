"""What the codes of a chart mean here, in the form the readers ask: one look-up a code.

Codes of tests and diagnoses come from ``knowledge.codes``; how long an entry speaks of today, coded answers and items
of questionnaires from ``knowledge/chart.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache

from attrs import field, frozen

from mgdecide.knowledge import codes
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.codes import ConditionCode, LoincCode
from mgdecide.knowledge.instruments import instruments
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, read_table

DAYS = (
    "body_measure",
    "pregnant",
    "not_pregnant",
    "lactating",
    "smoking",
    "sign",
    "administration",
    "procedure",
    "adult_years",
)
"""What is asked of how many days an entry speaks of today."""


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
    possible: Mapping[str, tuple[str, ...]]
    """By code: facts that an active entry leaves open, because it says less than a rule asks."""
    words: Mapping[str, tuple[str, ...]]
    any_word: re.Pattern[str]
    """Finds any of ``words``."""
    conditions: frozenset[str]
    signs: frozenset[str]
    suicide_items: frozenset[tuple[str, int]]
    """Instrument and number of every item on suicide."""

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
    return read_vocabulary((KNOWLEDGE / "chart.toml").read_text(encoding="utf-8"))


def read_vocabulary(text: str) -> Vocabulary:
    """Read the vocabulary from TOML.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind; MGD-K202 a factor
            that is no number; MGD-K206 a fact or item that there is not. All mistakes at once.
    """
    return read_table(text, "chart.toml", _vocabulary)


def _vocabulary(file: Entry) -> Vocabulary:
    file.text("edition")
    file.texts("source")
    file.flag("verified", True)
    days = _wholes(file.inner("days"), DAYS)
    words, lasting = file.inner("words"), file.inner("lasting")
    conditions = frozenset(fact.name for fact in catalogue().group("conditions"))
    signs = frozenset(fact.name for fact in catalogue().group("presenting"))
    hints = {key: words.texts(key) for key in _facts(words, conditions | signs)}
    questions = {fact: file.inner(fact) for fact in ("pregnancy", "lactating", "tobacco")}
    found = Vocabulary(
        observations=dict(_observations(file, questions)),
        questions={
            fact: _answer(questions[fact], days[yes], days[no])
            for fact, yes, no in (
                ("pregnancy", "pregnant", "not_pregnant"),
                ("lactating", "lactating", "lactating"),
                ("tobacco", "smoking", "smoking"),
            )
        },
        measures={(fact, unit): entry.number(unit) for fact, entry in file.named("measures") for unit in entry},
        days=days,
        brief=_wholes(brief := file.inner("brief"), _facts(brief, conditions)),
        lasting=frozenset(lasting.texts("conditions", empty=True)),
        lasting_procedures=frozenset(lasting.texts("procedures", empty=True)),
        procedures_now=frozenset(lasting.texts("procedures_now", empty=True)),
        possible=_by_code(file.inner("possible"), conditions | signs),
        words=hints,
        any_word=_any(word for each in hints.values() for word in each),
        conditions=conditions,
        signs=signs,
        suicide_items=frozenset(
            (fact.instrument, fact.item) for fact in catalogue().group("scores") if fact.instrument and fact.item
        ),
    )
    lasting.done()
    return found


def _wholes(entry: Entry, keys: Iterable[str]) -> dict[str, int]:
    found = {key: entry.whole(key) for key in keys}
    entry.done()
    return found


def _by_code(entry: Entry, allowed: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for fact in _facts(entry, allowed):
        for code in entry.texts(fact):
            found[code] = (*found.get(code, ()), fact)
    return found


def _facts(entry: Entry, allowed: frozenset[str]) -> tuple[str, ...]:
    """The keys of a table about conditions, or conditions and signs."""
    for key in entry:
        if key not in allowed:
            entry.mistake("MGD-K206", key, key, "a condition or sign of facts.toml", allowed)
    return tuple(entry)


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)


def _answer(row: Entry, yes_days: int, no_days: int) -> Answer:
    found = Answer(frozenset(row.texts("yes")), frozenset(row.texts("no")), (yes_days, no_days))
    row.done()
    return found


def _observations(file: Entry, questions: Mapping[str, Entry]) -> Iterator[tuple[str, Target]]:
    for code, known in codes.loinc_codes().items():
        target = _target(known)
        if target is not None:
            yield code, target
    for instrument, items in file.named("items"):
        for code in items:
            item, there = items.whole(code), instruments().get(instrument)
            if there is None or item not in there.items:
                items.mistake("MGD-K206", code, str(item), f"an item of {instrument}")
            else:
                yield code, Target("item", instrument=instrument, item=item)
    panels = file.inner("panels")
    for code in panels:
        instrument = panels.text(code)
        if instrument not in instruments():
            panels.mistake("MGD-K206", code, instrument, "an instrument of instruments.toml", instruments())
        yield code, Target("panel", instrument=instrument)
    for fact, row in questions.items():
        yield row.text("question"), Target("answer", fact)


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
