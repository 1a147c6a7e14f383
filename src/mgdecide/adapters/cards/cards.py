"""CDS Hooks 2.0.1 cards: few, short, each with a reason and a way to say no. Never an order.

There is at most one card for each indicator; what else is as loud is told in its detail. A card's uuid is worked out
from its indicator and its rules alone, so that it is the same for every patient, says nothing of any, and lets the
overrides of a rule be counted. Attributes that would be empty are left out, as the specification asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import lru_cache

from attrs import frozen

from mgdecide.adapters.cards import words
from mgdecide.adapters.cards.points import HOOKS, INDICATORS, NO_DRAFTS, Drafts, Point, points
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import Json
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.medicines import Unrecognised

__all__ = ["HOOKS", "INDICATORS", "NOT_GIVEN", "NO_DRAFTS", "Card", "Drafts", "Link", "cards", "response"]

LONGEST_DETAIL = 600
NOT_GIVEN = "Not given by the health record: "
RULE_SYSTEM = "urn:mgdecide:rule"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:mgdecide:card")

_REASONS_FOR = {
    "urgent": ("already-acted", "specialist", "value-wrong", "not-relevant"),
    "gate": ("specialist", "will-monitor", "value-wrong", "already-acted", "not-relevant"),
    "value": ("already-acted", "will-monitor", "value-wrong", "specialist", "not-relevant"),
    "medicine": ("will-monitor", "tolerated-before", "specialist", "value-wrong", "patient-declined", "not-relevant"),
}


@frozen
class Link:
    """A page to read further; never with anything of the patient in its address."""

    label: str
    url: str

    def to_record(self) -> Json:
        """The JSON shape."""
        return {"label": self.label, "url": self.url, "type": "absolute"}


@frozen
class Card:
    """One card. ``rules`` are the rules it speaks for, its own first."""

    uuid: str
    indicator: str
    summary: str
    detail: str
    rules: tuple[str, ...]
    about: str
    label: str
    links: tuple[Link, ...] = ()

    def to_record(self) -> Json:
        """The JSON shape of CDS Hooks 2.0.1."""
        record: Json = {
            "uuid": self.uuid,
            "summary": self.summary,
            "indicator": self.indicator,
            "detail": self.detail,
            "source": {
                "label": self.label,
                "topic": {"system": RULE_SYSTEM, "code": self.rules[0], "display": _title(self.rules[0])},
            },
            "overrideReasons": [
                {"system": words.OVERRIDE_SYSTEM, "code": code, "display": words.OVERRIDE_REASONS[code]}
                for code in _REASONS_FOR[self.about]
            ],
        }
        return record | {"links": [link.to_record() for link in self.links]} if self.links else record


def cards(
    assessment: Assessment, hook: str, drafts: Drafts = NO_DRAFTS, links: tuple[Link, ...] = ()
) -> tuple[Card, ...]:
    """The cards of one assessment at one hook, the most urgent first; none where there is nothing to do.

    Args:
        hook: one of ``HOOKS``; an order hook speaks only of what ``drafts`` holds.
        links: put on every card.
    """
    label = f"mgdecide {assessment.provenance.knowledge}"
    found = points(assessment, hook, drafts)
    return tuple(
        _merged([point for point in found if point.indicator == indicator], label, links, assessment)
        for indicator in INDICATORS
        if any(point.indicator == indicator for point in found)
    )


def response(assessment: Assessment, found: Iterable[Card]) -> Json:
    """The answer to a hook: cards, and under ``extension`` who answered and the state of the gate."""
    return {
        "cards": [card.to_record() for card in found],
        "extension": {"mgdecide": {"gate": assessment.gate.state.value, **editions(assessment)}},
    }


def editions(assessment: Assessment) -> Json:
    """Library, knowledge and digest, and the name of a site that changed limits."""
    provenance = assessment.provenance
    record: Json = {
        "library": provenance.library,
        "knowledge": provenance.knowledge,
        "digest": provenance.digest,
    }
    site = (provenance.overlay or {}).get("name")
    return record | {"site": site} if site else record


def card_uuid(indicator: str, rules: Iterable[str]) -> str:
    """The uuid of a card: a name-based one (version 5) over its indicator and its rules."""
    return _name_based("|".join((indicator, *rules)))


@lru_cache(maxsize=4096)
def _name_based(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))


def _merged(found: list[Point], label: str, links: tuple[Link, ...], assessment: Assessment) -> Card:
    first = found[0]
    rules = tuple(dict.fromkeys(point.rule for point in found))
    return Card(
        uuid=card_uuid(first.indicator, rules),
        indicator=first.indicator,
        summary=_with_count(first.summary, len(found) - 1),
        detail=_detail(found, assessment),
        rules=rules,
        about=first.about,
        label=label,
        links=links,
    )


def _with_count(summary: str, more: int) -> str:
    if more < 1:
        return summary
    told = f"{summary} ({more} more inside)"
    return told if len(told) <= words.LONGEST_SUMMARY else summary


def _detail(found: list[Point], assessment: Assessment) -> str:
    """Each point as a bullet, then what was not checked; points that do not fit are counted."""
    last = _not_checked(assessment)
    texts = list(dict.fromkeys(point.text for point in found))
    lines: list[str] = []
    for at, text in enumerate(texts):
        rest = len(texts) - at - 1
        more = f"\n- and {rest} more" if rest else ""
        room = LONGEST_DETAIL - len("\n".join(lines)) - len(more) - len(last) - len("\n- ")
        line = words.as_markdown(text)
        if len(line) > room:
            if room < _WORTH_TELLING:
                lines.append(f"- and {rest + 1} more")
                break
            line = _cut(text, room)
        lines.append(f"- {line}")
    return "\n".join(lines) + last


def _not_checked(assessment: Assessment) -> str:
    """The last line: medicines that are not recognised, and what the health record did not give."""
    recognise = default_knowledge().recognise
    unread = sum(isinstance(recognise(medicine), Unrecognised) for medicine in assessment.patient.medications)
    told = [f"{unread} medicine{'s' * (unread != 1)} not recognised."] if unread else []
    missing = [note.removeprefix(NOT_GIVEN) for note in assessment.patient.notes if note.startswith(NOT_GIVEN)]
    if missing:
        told.append(words.as_markdown(words.clipped(f"Not given: {'; '.join(missing)}", _LONGEST_GAPS)))
    return f"\n\n**Not checked** {' '.join(told)}" if told else ""


_WORTH_TELLING = 60
_LONGEST_GAPS = 200


def _cut(text: str, room: int) -> str:
    """The longest clipping of a text that fits as Markdown, where some characters are written as two."""
    longest = room
    while len(words.as_markdown(words.clipped(text, longest))) > room:
        longest -= 1
    return words.as_markdown(words.clipped(text, longest))


def _title(rule: str) -> str:
    family, _, name = rule.partition(".")
    return f"{family.replace('-', ' ').capitalize()}: {name.replace('-', ' ').replace('_', ' ')}"
