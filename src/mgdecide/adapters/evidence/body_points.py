"""A standardised effect of a body told in points of the scales its file names, each with the spread it rests on."""

from __future__ import annotations

from mgdecide.evidence.points import Points, Scale, in_points
from mgdecide.knowledge.body_types import Body
from mgdecide.knowledge.scales import load_scales

_STANDARDISED = "SMD"


def points_of(body: Body, measure: str | None, estimate: float, interval: tuple[float, float]) -> tuple[Points, ...]:
    """The effect in points of each scale of ``body.points_in``; empty for an effect that is not standardised."""
    if measure != _STANDARDISED:
        return ()
    return tuple(in_points(estimate, interval, _scale(name)) for name in body.points_in)


def published_points(body: Body) -> tuple[Points, ...]:
    """The same for the effect as published; empty without one, or where an end of its interval is not known."""
    effect = body.effect
    if effect is None:
        return ()
    return points_of(body, effect.measure, float(effect.estimate), (float(effect.low), float(effect.high)))


def _scale(name: str) -> Scale:
    spread = load_scales()[name].spread
    assert spread is not None, name
    assert spread.points is not None, name
    return Scale(name, float(spread.points), f"{spread.words}: {', '.join(spread.sources)}")
