"""The pictures of the bundled patients: well-formed, the same each time, and told in words as well."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest

from mgdecide import Assessment, Regimens, assess, read_patient
from mgdecide.adapters.pictures.from_assessment import pictures_of

EXAMPLES = sorted(path.name for path in files("mgdecide.adapters.examples").iterdir() if path.name.endswith(".json"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=EXAMPLES)
def assessment(request: pytest.FixtureRequest) -> Assessment:
    text = files("mgdecide.adapters.examples").joinpath(request.param).read_text(encoding="utf-8")
    return assess(read_patient(text))


def test_every_picture_is_well_formed_named_and_described(assessment: Assessment) -> None:
    for name, picture in pictures_of(assessment).items():
        root = ET.fromstring(picture.svg)
        assert root.tag == f"{SVG}svg", name
        assert root.get("role") == "img"
        assert root.get("viewBox")
        assert root.findtext(f"{SVG}title")
        assert not re.search(r"<script|href=|@import|url\(http", picture.svg)


def test_the_same_bytes_each_time(assessment: Assessment) -> None:
    assert pictures_of(assessment) == pictures_of(assess(assessment.patient))


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])-?\d+\.\d+", text))


def test_numbers_with_decimals_stand_in_the_words_too(assessment: Assessment) -> None:
    """Figures of the data, not the ticks of an axis, are in the text twin."""
    for name, picture in pictures_of(assessment).items():
        shown = {text for element in ET.fromstring(picture.svg).iter(f"{SVG}text") for text in element.itertext()}
        told = _numbers(picture.text)
        figures = set().union(*(_numbers(text) for text in shown if len(text.split()) > 1))
        assert figures <= told | {"0.05"}, f"{name}: {sorted(figures - told)}"


def test_no_trial_fit_behind_a_gate_that_is_not_open(assessment: Assessment) -> None:
    pictures = pictures_of(assessment)
    assert ("trial-fit" in pictures) is isinstance(assessment.regimens, Regimens)
