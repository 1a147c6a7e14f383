"""Standardised effects in points: the printed figures times a standard deviation that somebody else published."""

from __future__ import annotations

import pytest

from mgdecide.adapters.evidence.body_points import points_of, published_points
from mgdecide.adapters.evidence.sof import sof_tables, sof_text
from mgdecide.errors import InvalidKnowledge
from mgdecide.knowledge.bodies import load_bodies, read_body
from mgdecide.knowledge.reading import KNOWLEDGE

BODIES = {body.id: body for body in load_bodies()}
FIRST = BODIES["oral-magnesium-depressive-symptoms"]


@pytest.mark.parametrize(
    ("scale", "sd", "estimate", "low", "high"),
    # -0.92 (-1.44 to -0.40), Moabedi 2023; SD 6.1 (Kroenke 2001) and 10 (Steer 2001)
    [("PHQ-9", 6.1, -5.612, -8.784, -2.440), ("BDI-II", 10.0, -9.2, -14.4, -4.0)],
)
def test_the_published_effect_in_points(scale: str, sd: float, estimate: float, low: float, high: float) -> None:
    found = {points.scale.name: points for points in published_points(FIRST)}[scale]
    assert found.scale.sd == sd
    assert (found.estimate, found.low, found.high) == pytest.approx((estimate, low, high))


def test_other_measures_have_no_points() -> None:
    assert points_of(FIRST, "MD", -5.0, (-9.0, -1.0)) == ()
    assert published_points(BODIES["oral-magnesium-diarrhoea"]) == ()


def test_the_table_says_the_points_and_that_the_certainty_stays() -> None:
    text = " ".join(sof_text(sof_tables([FIRST])[0]).split())
    assert "On the PHQ-9 this difference equals -5.6 points (95% CI -8.8 to -2.4)" in text
    assert "The certainty stays very low." in text


def test_a_scale_without_a_standard_deviation_is_refused() -> None:
    path = KNOWLEDGE / "bodies" / "oral-magnesium-depressive-symptoms.toml"
    text = path.read_text(encoding="utf-8").replace('points_in = ["PHQ-9", "BDI-II"]', 'points_in = ["MADRS"]')
    with pytest.raises(InvalidKnowledge, match="a scale with a standard deviation"):
        read_body(text, path.name)
