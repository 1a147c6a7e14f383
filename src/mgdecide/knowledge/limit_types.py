"""Published limits and coefficients as values: exact numbers with unit, edition, source and a lock against loosening.

A limit maps each unit to its edge. Edges a source printed stand as printed; the others are derived from them and
known as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from mgdecide.knowledge.conversions import Conversions, Derive

Stricter: TypeAlias = Literal["higher", "lower"]


@frozen
class Limit:
    """One limit of one fact.

    ``printed`` are the edges the source gives, ``edges`` those and the derived ones. A site may change the limit
    if ``overridable``, towards ``stricter`` only where that is set; ``locked`` means never. A ``site_only`` limit
    has no edges until a site has set it: what is printed about it is not sure enough to be used unasked.
    ``verified`` says that someone read the number in the source.
    """

    id: str
    meaning: str
    fact: str
    printed: Mapping[str, Decimal]
    edges: Mapping[str, Decimal]
    base: str
    derive: Derive
    edition: str
    sources: tuple[str, ...]
    verified: bool
    overridable: bool = False
    stricter: Stricter | None = None
    locked: bool = False
    site_only: bool = False
    note: str = ""

    @property
    def derived(self) -> frozenset[str]:
        """The units whose edge is converted from a printed one."""
        return frozenset(self.edges) - frozenset(self.printed)

    def loosens(self, unit: str, edge: Decimal) -> bool:
        """Whether ``edge`` would lie on the forbidden side of the present one."""
        if self.stricter is None:
            return False
        return edge < self.edges[unit] if self.stricter == "higher" else edge > self.edges[unit]


@frozen
class Span:
    """A range with two ends, each a limit of its own (``<id>.low`` and ``<id>.high``)."""

    id: str
    meaning: str
    low: str
    high: str


@frozen
class Coefficient:
    """A number of an equation or a score; sites cannot change it."""

    id: str
    meaning: str
    value: Decimal
    unit: str
    edition: str
    sources: tuple[str, ...]
    verified: bool
    note: str = ""


@frozen
class Choice:
    """A limit that stands for another one, by the locale of the site (``US`` or ``EU``)."""

    id: str
    meaning: str
    by_locale: Mapping[str, str]
    default: str


@frozen
class Limits:
    """All limits and coefficients of one edition. Choices stand among the limits as well, with their default."""

    conversions: Conversions
    limits: Mapping[str, Limit]
    spans: Mapping[str, Span]
    coefficients: Mapping[str, Coefficient]
    choices: Mapping[str, Choice]
    orders: tuple[tuple[str, ...], ...]

    def chosen(self, choice: Choice, locale: str) -> Limit:
        """The limit a choice stands for in a locale, under the id of the choice."""
        found = self.limits[choice.by_locale[locale]]
        return evolve(found, id=choice.id, meaning=choice.meaning, overridable=False, stricter=None)

    def with_limits(self, changed: Mapping[str, Limit]) -> Limits:
        """The same, with some limits replaced or added."""
        return evolve(self, limits={**self.limits, **changed})

    def plausible(self, fact: str) -> tuple[Limit, Limit] | None:
        """The plausible range of a fact, both ends included; ``None`` where there is none."""
        found = self.spans.get(f"plausible.{fact}")
        return None if found is None else (self.limits[found.low], self.limits[found.high])

    def disorder(self) -> tuple[tuple[str, str, str], ...]:
        """(lower id, higher id, unit) wherever two limits that must rise do not, in any unit both are given in."""
        pairs = [pair for order in self.orders for pair in pairwise(order)]
        pairs += [(span.low, span.high) for span in self.spans.values()]
        found: list[tuple[str, str, str]] = []
        for low, high in pairs:
            lower, higher = self.limits[low].edges, self.limits[high].edges
            found += [(low, high, unit) for unit in lower if unit in higher and lower[unit] >= higher[unit]]
        return tuple(found)
