"""A standardised effect told in points of a scale people know: the effect times a standard deviation with a source."""

from __future__ import annotations

from attrs import frozen

from mgdecide.evidence.inputs import finite, positive, refuse


@frozen
class Scale:
    """A named scale and the standard deviation used to re-express; the SD needs a source.

    Raises:
        InvalidInput: MGD-P103 an SD not above 0, MGD-P125 no source or no name.
    """

    name: str
    sd: float
    source: str

    def __attrs_post_init__(self) -> None:
        positive(self.sd, "scale.sd")
        for value, path in ((self.name, "scale.name"), (self.source, "scale.source")):
            if not value.strip():
                raise refuse("MGD-P125", path, "nothing", "a scale with a name and a source for its SD")


@frozen
class Points:
    """The same effect in points of ``scale``; negative is lower in the treated."""

    scale: Scale
    estimate: float
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """The re-expression in words, with the standard deviation and its source; no claim of an effect."""
        return (
            f"On the {self.scale.name} this difference equals {_signed(self.estimate)} points "
            f"(95% CI {_signed(self.low)} to {_signed(self.high)}), "
            f"taking a standard deviation of {self.scale.sd:g} points ({self.scale.source})."
        )


def in_points(smd: float, interval: tuple[float, float], scale: Scale) -> Points:
    """A standardised mean difference and its interval, multiplied by the scale's standard deviation."""
    return Points(
        scale,
        finite(smd, "smd") * scale.sd,
        finite(interval[0], "interval[0]") * scale.sd,
        finite(interval[1], "interval[1]") * scale.sd,
    )


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-0.0", "0.0")
