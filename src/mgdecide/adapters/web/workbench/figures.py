"""Pictures on the page, each with its text twin. Drawn by ``adapters.pictures`` from the same assessment."""

from __future__ import annotations

from mgdecide.adapters.web.workbench.markup import NOTHING, Html
from mgdecide.assessment import Assessment


def level_line(assessment: Assessment) -> Html:
    """The patient's value on named intervals."""
    return NOTHING


def fit_strip(assessment: Assessment) -> Html:
    """Every study by every criterion."""
    return NOTHING


def dose_ladder(assessment: Assessment) -> Html:
    """Doses on one axis of elemental magnesium."""
    return NOTHING


def forest_plot(assessment: Assessment, body: str) -> Html:
    """The studies of a body, with this patient's fit."""
    return NOTHING
