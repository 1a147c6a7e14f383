"""Counts for Prometheus: how often, how fast, how loud. Labels come from a closed list; no patient is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mgdecide.adapters.cards.cards import Card

EDGES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
"""Seconds; the upper edges of the histogram's buckets."""

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counters of one process, kept in memory. Everything happens in one thread."""

    def __init__(self, library: str, knowledge: str) -> None:
        self._info = (("knowledge", knowledge), ("version", library))
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}
        self._cards: Counter[tuple[str, str]] = Counter()
        self._rules: Counter[str] = Counter()
        self._gates: Counter[str] = Counter()
        self._feedback: Counter[str] = Counter()
        self._unrecorded = 0
        self._later = 0

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request answered."""
        self._requests[route, method, status] += 1
        buckets = self._buckets.setdefault(route, [0] * (len(EDGES) + 1))
        buckets[next((at for at, edge in enumerate(EDGES) if seconds <= edge), len(EDGES))] += 1
        self._sums[route] = self._sums.get(route, 0.0) + seconds

    def decision(self, hook: str, gate: str, cards: tuple[Card, ...], later: int = 0) -> None:
        """One hook answered; ``later`` data of its chart were dated after today."""
        self._gates[gate] += 1
        self._later += later
        for card in cards:
            self._cards[hook, card.indicator] += 1
            self._rules.update(card.rules)

    def feedback(self, outcome: str) -> None:
        """One entry of feedback kept."""
        self._feedback[outcome] += 1

    def unrecorded(self) -> None:
        """Cards that were answered and could not be noted on disk."""
        self._unrecorded += 1

    def text(self, unlogged: int = 0) -> str:
        """The Prometheus text format. ``unlogged``: lines of the log that nobody took."""
        return "\n".join(self._lines(unlogged)) + "\n"

    def _lines(self, unlogged: int) -> Iterator[str]:
        yield from _head("mgdecide_info", "gauge", "Library and knowledge edition.")
        yield _line("mgdecide_info", self._info, 1)
        yield from _head("mgdecide_requests_total", "counter", "Requests answered, by route, method and status.")
        for (route, method, status), count in sorted(self._requests.items()):
            labels = (("method", method), ("route", route), ("status", str(status)))
            yield _line("mgdecide_requests_total", labels, count)
        yield from _head("mgdecide_request_seconds", "histogram", "Seconds from the first byte read to the answer.")
        for route, buckets in sorted(self._buckets.items()):
            yield from self._histogram(route, buckets)
        yield from _head("mgdecide_cards_total", "counter", "Cards, by hook and indicator.")
        for (hook, indicator), count in sorted(self._cards.items()):
            yield _line("mgdecide_cards_total", (("hook", hook), ("indicator", indicator)), count)
        yield from _counted("mgdecide_card_rules_total", "rule", "Rules that spoke on cards.", self._rules)
        yield from _counted("mgdecide_gates_total", "gate", "Hooks answered, by the state of the gate.", self._gates)
        yield from _counted("mgdecide_feedback_total", "outcome", "Feedback kept, by outcome.", self._feedback)
        yield from _head("mgdecide_unrecorded_total", "counter", "Answers whose cards could not be noted on disk.")
        yield _line("mgdecide_unrecorded_total", (), self._unrecorded)
        yield from _head("mgdecide_later_total", "counter", "Data dated after today. Many of them: look at the clock.")
        yield _line("mgdecide_later_total", (), self._later)
        yield from _head("mgdecide_unlogged_total", "counter", "Lines of the log that nobody took in time.")
        yield _line("mgdecide_unlogged_total", (), unlogged)

    def _histogram(self, route: str, buckets: list[int]) -> Iterator[str]:
        name, so_far = "mgdecide_request_seconds", 0
        for edge, count in zip((*(f"{edge:g}" for edge in EDGES), "+Inf"), buckets, strict=True):
            so_far += count
            yield _line(f"{name}_bucket", (("le", edge), ("route", route)), so_far)
        yield _line(f"{name}_sum", (("route", route),), round(self._sums[route], 6))
        yield _line(f"{name}_count", (("route", route),), so_far)


def _head(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"


def _counted(name: str, label: str, meaning: str, counts: Counter[str]) -> Iterator[str]:
    yield from _head(name, "counter", meaning)
    for value, count in sorted(counts.items()):
        yield _line(name, ((label, value),), count)


def _line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{key}="{text}"' for key, text in labels)
    return f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"
