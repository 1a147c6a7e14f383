"""Pictures on the page, each with its text twin below it. Drawn by ``adapters.pictures`` from the same assessment."""

from __future__ import annotations

from mgdecide.adapters.pictures import Picture
from mgdecide.adapters.pictures import from_assessment as drawn
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, details, tag, text
from mgdecide.assessment import Assessment
from mgdecide.knowledge.edition import Knowledge


def level_line(assessment: Assessment, knowledge: Knowledge) -> Html:
    """The patient's value on named intervals."""
    return _figure(drawn.level_of(assessment, knowledge), "Level line")


def fit_strip(assessment: Assessment) -> Html:
    """Every study by every criterion."""
    return _figure(drawn.trial_fit_of(assessment), "Trial-fit strip")


def dose_ladder(assessment: Assessment, knowledge: Knowledge) -> Html:
    """Doses on one axis of elemental magnesium."""
    return _figure(drawn.ladder_of(assessment, knowledge), "Dose ladder")


def forest_plot(assessment: Assessment, body: str, knowledge: Knowledge) -> Html:
    """The studies of a body; each with this patient's fit where the gate is open."""
    found = next((each for each in knowledge.bodies if each.id == body), None)
    return NOTHING if found is None else _figure(drawn.forest_of(found, assessment), "Forest plot")


def day_schedule(assessment: Assessment, knowledge: Knowledge) -> Html:
    """The 24 hours, where medicines must be kept apart from magnesium."""
    return _figure(drawn.day_of(assessment, knowledge), "The day")


def _figure(picture: Picture | None, name: str) -> Html:
    """The picture, which scrolls by itself where it is too wide, and the same as text."""
    if picture is None:
        return NOTHING
    sheet = tag("div", Html(picture.svg), class_="scrolls sheet", role="region", aria_label=name, tabindex="0")
    twin = tag("pre", text(picture.text), tabindex="0", aria_label=f"{name} as text")
    return tag("figure", sheet, details(text(f"{name} as text"), twin))
