"""The record of cards and of feedback: which cards were shown, for which rules, and what became of them.

``cards.jsonl`` has a line for every answer with cards, ``feedback.jsonl`` one for every entry of feedback; neither
holds anything of a patient. A line is whole or not there. With them overrides can be counted rule by rule (``shown``
is false in shadow mode).
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from mgdecide.adapters.cards.cards import Card
from mgdecide.adapters.web.feedback import Entry
from mgdecide.adapters.web.lines import Lines
from mgdecide.domain.verdicts import Json

_MOST_CARDS = 20_000
_TAIL = 5_000_000


class Ledger:
    """Writes both files and knows the rules of the cards in them."""

    def __init__(self, folder: Path, now: Callable[[], float], *, keep_comments: bool = False) -> None:
        self._cards = Lines(folder / "cards.jsonl")
        self._feedback = Lines(folder / "feedback.jsonl")
        self._now = now
        self._keep_comments = keep_comments
        self._rules: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        for card, rules in _known(self._cards.path):
            self._remember(card, rules)

    def record(self, service: str, gate: str, cards: Iterable[Card], *, shown: bool) -> None:
        """Note the cards of one answer.

        Raises:
            OSError: the disk would not take it; the cards are remembered all the same.
        """
        told = [{"uuid": card.uuid, "indicator": card.indicator, "rules": list(card.rules)} for card in cards]
        if not told:
            return
        for card in cards:
            self._remember(card.uuid, card.rules)
        self._cards.add(
            [{"at": self._instant(), "service": service, "gate": gate, "shown": shown, "cards": told}], sync=False
        )

    def keep(self, service: str, entries: Iterable[Entry]) -> None:
        """Put feedback on the disk; when this returns it is there.

        Raises:
            OSError: it could not be kept and must not be acknowledged.
        """
        self._feedback.add([self._line(service, entry) for entry in entries], sync=True)

    def rules_of(self, card: str) -> tuple[str, ...]:
        """The rules a card spoke for; none where the card is not known."""
        return self._rules.get(card, ())

    def _line(self, service: str, entry: Entry) -> Json:
        rules = self.rules_of(entry.card)
        line: Json = {
            "at": self._instant(),
            "service": service,
            "card": entry.card,
            "known": bool(rules),
            "rules": list(rules),
            "outcome": entry.outcome,
            "outcomeTimestamp": entry.at,
        }
        if entry.reason_code:
            line["reason"] = {"system": entry.reason_system, "code": entry.reason_code}
        if entry.suggestions:
            line["acceptedSuggestions"] = entry.suggestions
        if entry.comment:
            line["comment"] = entry.comment if self._keep_comments else True
        return line

    def _remember(self, card: str, rules: tuple[str, ...]) -> None:
        self._rules[card] = rules
        self._rules.move_to_end(card)
        if len(self._rules) > _MOST_CARDS:
            self._rules.popitem(last=False)

    def _instant(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _known(path: Path) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Cards of the last stretch of a file, so that feedback finds its rules after a restart."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            lines = file.read().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            for card in json.loads(line)["cards"]:
                yield str(card["uuid"]), tuple(str(rule) for rule in card["rules"])
        except (ValueError, KeyError, TypeError):  # a line cut at the beginning of the stretch
            continue
