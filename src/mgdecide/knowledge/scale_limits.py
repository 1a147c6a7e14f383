"""The limits that scales define: band edges, suicide items (locked), response figures, and plausible scores.

Ids: ``scale.<key>-<band>``, ``scale.<key>-<other banding>-<band>``, ``scale.<key>-case``, ``suicide-item.<key>``,
``suicide-item.<key>-<level>``, ``plausible.<fact>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from mgdecide.knowledge.limit_types import Limit, Span
from mgdecide.knowledge.scales import Bands, Scale, SuicideItem

_POLICY = ("mgdecide-policy",)


def scale_limits(scales: Mapping[str, Scale]) -> Iterator[Limit | Span]:
    """Every limit and span the scales define, in the order of the scales."""
    for scale in scales.values():
        yield from _range(scale, scale.fact, scale.low, scale.high)
        for bands in (scale.bands, *scale.other_bands):
            if bands is not None:
                yield from _bands(scale, bands)
        case = scale.case_finding
        if case is not None and case.points is not None:
            meaning = f"From this {scale.instrument} total on: {case.words}."
            yield _limit(
                scale, f"scale.{scale.key}-case", meaning, scale.fact, case.points, case.sources, case.verified
            )
        if scale.suicide_item is not None:
            yield from _suicide(scale, scale.suicide_item)


def _range(scale: Scale, fact: str, low: Decimal, high: Decimal) -> Iterator[Limit | Span]:
    id, meaning = f"plausible.{fact}", f"Scores of {fact}, both ends included."
    yield _limit(scale, f"{id}.low", meaning, fact, low, _POLICY, True)
    yield _limit(scale, f"{id}.high", meaning, fact, high, _POLICY, True)
    yield Span(id, meaning, f"{id}.low", f"{id}.high")


def _bands(scale: Scale, bands: Bands) -> Iterator[Limit]:
    name = f"{bands.name}-" if bands.name else ""
    for band in bands.bands[1:]:
        id = f"scale.{scale.key}-{name}{band.slug}"
        meaning = f"From this {scale.instrument} total on the band is {band.words}."
        yield _limit(scale, id, meaning, scale.fact, band.start, bands.sources, bands.verified)


def _suicide(scale: Scale, item: SuicideItem) -> Iterator[Limit | Span]:
    yield from _range(scale, item.fact, item.low, item.high)
    id, name = f"suicide-item.{scale.key}", f"{scale.instrument} item {item.number}"
    meaning = f"From this on {name} is positive and calls for an assessment at the same contact."
    yield _limit(scale, id, meaning, item.fact, item.positive, item.sources, item.verified, item.note)
    for level, band in item.levels:
        meaning = f"From this on {name} stands for {band.words}."
        yield _limit(scale, f"{id}-{level}", meaning, item.fact, band.start, item.sources, item.verified, item.note)


def _limit(
    scale: Scale,
    id: str,
    meaning: str,
    fact: str,
    points: Decimal,
    sources: tuple[str, ...],
    verified: bool,
    note: str = "",
) -> Limit:
    edges = {"points": points}
    return Limit(
        id=id,
        meaning=meaning,
        fact=fact,
        printed=edges,
        edges=edges,
        base="points",
        derive="none",
        edition=scale.edition,
        sources=sources,
        verified=verified,
        # What an instrument defines is not a site's to change; the suicide item least of all.
        locked=id.startswith("suicide-item."),
        note=note,
    )
