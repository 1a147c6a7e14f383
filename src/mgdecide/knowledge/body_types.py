"""Bodies of evidence as values: a question, the studies that bear on it, and why we are as sure of it as we are."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from mgdecide.knowledge.study_types import Backing, Expression, Source

CERTAINTIES = ("high", "moderate", "low", "very low")
DOMAINS = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
LEVELS: Mapping[str, tuple[int, ...]] = {
    "not serious": (0,),
    "serious": (-1,),
    "very serious": (-2,),
    "suspected": (-1, 0),
    "not rated": (0,),
}
"""GRADE's words for a domain, and how many levels each may take off."""

KINDS = ("benefit", "harm", "biomarker", "association")
SIZES = ("large", "important", "slight", "little or no")
DIRECTIONS = ("reduces", "increases")
POOLS = ("default", "flagged", "outside")
"""``default``: in every pool; ``flagged``: only in the second pool, because printed figures do not hold together;
``outside``: bears on the question and is in no pool (another comparator, no control, no usable figures)."""

ROUTES = ("p", "change scores", "end scores", "interval")


@frozen
class BodyEffect:
    """A pooled effect as published, in the digits shown; ``printed`` keeps those of the source."""

    measure: str
    estimate: str
    low: str
    high: str
    printed: str
    unit: str
    note: str
    backing: Backing


@frozen
class GradeDomain:
    """One GRADE domain: levels taken off (0, -1 or -2), why, who judged it and when."""

    domain: str
    level: str
    levels: int
    reason: str
    author: str
    date: str


@frozen
class PopulationCriterion:
    """One thing that holds for the people studied; where it is known not to hold, the evidence is indirect."""

    text: str
    requires: Expression


@frozen
class BodyStudy:
    """A study of the body, in which pool it is, and why."""

    study: str
    pool: str
    why: str


@frozen
class BodyRow:
    """One study's effect for pooling: where its figures stand and by which route ``yi`` and ``vi`` come from them.

    ``n`` are the people compared, treated first; ``direction`` is given where a p value alone tells none; ``assumed``
    says what had to be taken for granted.
    """

    study: str
    outcome: str
    pool: str
    via: str
    treated: str
    control: str
    n: tuple[int, int]
    direction: str
    assumed: str
    yi: float
    vi: float


@frozen
class StoredPool:
    """A pool as computed when this edition was made. ``digest`` is that of its rows; a test pools them again.

    ``methods`` has the shape of the "methods" of ``mgdecide pool``.
    """

    name: str
    measure: str
    digest: str
    methods: Mapping[str, Mapping[str, object]]


@frozen(eq=False)
class Body:
    """A body of evidence. ``intervention_words`` and ``outcome_words`` are written as inside a sentence.

    ``participants`` and ``studies`` are those of the effect as published, else of the studies named; ``None`` where
    they could not be read.
    """

    id: str
    question: str
    order: int
    kind: str
    population: str
    intervention: str
    comparator: str
    outcome: str
    intervention_words: str
    outcome_words: str
    start: str
    start_reason: str
    certainty: str
    certainty_note: str
    size: str
    direction: str
    rule: str
    participants: int | None
    studies: int | None
    effect: BodyEffect | None
    domains: tuple[GradeDomain, ...]
    population_criteria: tuple[PopulationCriterion, ...]
    members: tuple[BodyStudy, ...]
    sources: Mapping[str, Source]
    rows: tuple[BodyRow, ...] = ()
    rows_note: str = ""
    stored: tuple[StoredPool, ...] = ()
    no_data: tuple[str, ...] = ()
    points_in: tuple[str, ...] = ()
    """Scales whose points tell a standardised effect."""

    @property
    def flagged_out(self) -> tuple[str, ...]:
        """The studies left out of the default pool because printed figures do not hold together."""
        return tuple(each.study for each in self.members if each.pool == "flagged")

    @property
    def references(self) -> tuple[str, ...]:
        """The studies of the body, then the addresses read for figures that are no study's of ours."""
        addresses = (address for source in self.sources.values() for address in source.address)
        return tuple(dict.fromkeys((*(each.study for each in self.members), *addresses)))

    def pool_rows(self, pool: str) -> tuple[BodyRow, ...]:
        """The rows of the ``default`` pool, or those of the default and the ``flagged`` ones together."""
        wanted = ("default",) if pool == "default" else ("default", "flagged")
        return tuple(row for row in self.rows if row.pool in wanted)


def certainty_from(start: str, levels: int) -> str:
    """The certainty ``levels`` (0 or negative) below ``start``, never below very low."""
    return CERTAINTIES[min(CERTAINTIES.index(start) - levels, len(CERTAINTIES) - 1)]
