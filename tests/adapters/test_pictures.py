"""Pictures: well-formed, the same every time, the numbers of their text twin, readable, never by colour alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.pictures import (
    Bar,
    Estimate,
    FitCell,
    FitRow,
    ForestGroup,
    ForestPool,
    ForestRow,
    LadderMark,
    Level,
    LevelEdge,
    LevelInterval,
    MapStudy,
    Picture,
    Rung,
    bar_per_hundred,
    change_matrix,
    day_schedule,
    dose_ladder,
    evidence_map,
    forest_plot,
    level_line,
    trial_fit_strip,
)
from mgdecide.adapters.pictures.canvas import Axis, amount, fold
from mgdecide.adapters.pictures.from_assessment import forest_of, pictures_of
from mgdecide.domain.dayplan import Dose
from mgdecide.domain.verdicts import Fit, Regimens, Verdict
from mgdecide.knowledge.bodies import load_bodies

EXAMPLES = Path(__file__).parents[2] / "src" / "mgdecide" / "adapters" / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json"))
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'a <b> & "c" \x00\x1b ]]> é 镁 ' + "x" * 90


def _assessed(name: str) -> dict[str, Picture]:
    return pictures_of(assess(read_patient((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))))


def _made() -> dict[str, Picture]:
    """One picture of every kind from made-up data, with hostile words in it."""
    row = ForestRow("one", "oxide, 302 mg", f"against {HOSTILE}", "blinding double", "high", "may fit", 2,
                    Estimate(-0.61, -1.17, -0.06), 61.0)  # fmt: skip
    lost = ForestRow("two", "", "", "blinding none", "not judged", why="prints no figure")
    pool = ForestPool("Pool", Estimate(-0.59, -1.01, -0.17), (-1.15, 0.19), "tau2 0.09, I2 54%")
    return {
        "strip": trial_fit_strip(
            (FitRow("s-1", HOSTILE, Fit.CANNOT_TELL, tuple(FitCell(f"need {v.value}", v) for v in Verdict)),)
        ),
        "ladder": dose_ladder(
            (
                LadderMark(Rung.UPPER, "US", 350, 350, "iom"),
                LadderMark(Rung.STUDY, HOSTILE, 301.52, 500),
                LadderMark(Rung.STUDY, "lost", None, None),
                LadderMark(Rung.PRODUCT, "oxide", 241.2, 400),
            )
        ),
        "level": level_line(
            Level(HOSTILE, "0.61", "mmol/L", "2026-08-20", "LOW", (("mg/dL", "1.48"),)),
            (LevelInterval("laboratory", "0.70", "1.00", used=True), LevelInterval("open", None, "0.95")),
            (LevelEdge("severe", "0.50", True), LevelEdge("high", "1.23", False)),
        ),
        "forest": forest_plot("Symptoms", "SMD", (ForestGroup("in", (row, lost), (pool,)),), (HOSTILE,)),
        "map": evidence_map(("oxide", "citrate"), ("a", HOSTILE), (MapStudy("m-1", "oxide", ("a",), True, 60),)),
        "day": day_schedule([Dose("alendronate", 420, 240, 240), Dose(HOSTILE, 1260, 120, 120)], [HOSTILE]),
        "matrix": change_matrix("Gate", ("open", "closed"), {("open", "closed"): 3, ("closed", HOSTILE): 1204}),
        "bars": bar_per_hundred("Cards", (Bar(HOSTILE, 12), Bar("not", None)), 1000, "patients"),
    }


@pytest.fixture(scope="module")
def every() -> dict[str, Picture]:
    found = {f"made:{name}": picture for name, picture in _made().items()}
    for name in NAMES:
        found |= {f"{name}:{kind}": picture for kind, picture in _assessed(name).items()}
    return found


def _elements(picture: Picture) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(picture.svg).iter())


def _texts(picture: Picture) -> str:
    return " ".join(each.text or "" for each in _elements(picture) if each.tag == f"{SVG}text")


def test_every_svg_is_well_formed_and_named(every: dict[str, Picture]) -> None:
    for name, picture in every.items():
        root = ElementTree.fromstring(picture.svg)
        assert root.get("role") == "img", name
        assert [each.tag for each in root][:2] == [f"{SVG}title", f"{SVG}desc"], name
        assert all(each.text for each in list(root)[:2]), name
        assert re.fullmatch(r"0 0 [\d.]+ [\d.]+", root.get("viewBox") or ""), name


def test_the_same_data_give_the_same_bytes() -> None:
    assert _made() == _made()
    assert _assessed("demo-1") == _assessed("demo-1")


def test_text_twins_are_at_most_76_columns(every: dict[str, Picture]) -> None:
    for name, picture in every.items():
        assert max(len(line) for line in picture.text.split("\n")) <= 76, name
        assert "\x1b" not in picture.text


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d.,:]*\d|\d", text))


@pytest.mark.parametrize("name", ["strip", "ladder", "level", "forest", "map", "day", "matrix", "bars"])
def test_the_numbers_of_the_picture_stand_in_its_twin(name: str) -> None:
    """Every number drawn is told; the ticks of an axis, the hours of the day are not data."""
    picture = _made()[name]
    axis = {
        each.text for each in _elements(picture) if each.tag == f"{SVG}text" and each.get("text-anchor") == "middle"
    }
    drawn = _numbers(" ".join(t for t in _texts(picture).split(" ") if t))
    ticks = _numbers(" ".join(filter(None, axis))) if name not in ("strip", "map", "matrix") else set()
    assert drawn - ticks <= _numbers(picture.text)
    assert drawn - ticks, "the picture tells numbers"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("strip", ("YN?-", "N 2 need not met", "met 1, not met 1, unknown 1")),
        ("ladder", ("301.5 to 500 mg", "not known", "241.2 to 400 mg", "350 mg")),
        ("level", ("0.61 mmol/L (1.48 mg/dL", "below 0.50", "above 1.23", "laboratory [used]", "no lower limit to")),
        ("forest", ("-0.61 (-1.17 to -0.06), weight 61%", "two: no usable figure", "prediction: -1.15 to 0.19")),
        ("map", ("a: 1; m-1 (60 people, double blind)", "3 of 4 cells are empty")),
        ("day", ("07:00  alendronate", "at least 4 hours")),
        ("matrix", ("1,207 of 1,207 changed", "to closed: 3")),
        ("bars", ("1.2 (12)", "not: not counted")),
    ],
)  # fmt: skip
def test_text_twins_say_what_was_given(name: str, words: tuple[str, ...]) -> None:
    text = " ".join(_made()[name].text.split())
    for each in words:
        assert " ".join(each.split()) in text


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2: relative luminance."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _placed(picture: Picture) -> Iterator[tuple[float, float, float, ElementTree.Element, str]]:
    """Each text with its left, right and baseline, and the fill of the last rectangle drawn under its middle."""
    rects: list[tuple[float, float, float, float, str]] = []
    for each in _elements(picture):
        if each.tag == f"{SVG}rect":
            x, y, w, h = (float(each.get(key, "0")) for key in ("x", "y", "width", "height"))
            rects.append((x, y, x + w, y + h, each.get("fill", "")))
        if each.tag == f"{SVG}text":
            x, y, size = (float(each.get(key, "0")) for key in ("x", "y", "font-size"))
            wide = len(each.text or "") * size * 0.5
            left = {"middle": x - wide / 2, "end": x - wide}.get(each.get("text-anchor", ""), x)
            under = [r[4] for r in rects if r[0] <= left + wide / 2 <= r[2] and r[1] <= y - size / 3 <= r[3]]
            yield left, left + wide, y, each, under[-1]


def test_text_is_readable_and_inside_the_sheet(every: dict[str, Picture]) -> None:
    for name, picture in every.items():
        root = ElementTree.fromstring(picture.svg)
        width, height = (float(each) for each in (root.get("viewBox") or "").split()[2:])
        for left, right, y, element, under in _placed(picture):
            assert float(element.get("font-size", "0")) >= 13, name
            assert _contrast(element.get("fill", ""), under) >= 4.5, (name, element.text)
            assert 0 <= left, (name, element.text)
            assert right <= width, (name, element.text)
            assert 0 < y <= height, (name, element.text)


def test_lines_of_text_do_not_lie_on_each_other(every: dict[str, Picture]) -> None:
    for name, picture in every.items():
        placed = [(left, right, y, e.text or "") for left, right, y, e, _ in _placed(picture)]
        for at, (left, right, y, text) in enumerate(placed):
            for other_left, other_right, other_y, other in placed[at + 1 :]:
                apart = right <= other_left or other_right <= left or abs(y - other_y) >= 12
                assert apart, (name, text, other)


def test_verdicts_are_told_by_shape_and_letter() -> None:
    """Without any fill the four verdicts still differ: tick, cross, question mark in a dashed frame, dash."""
    svg = _made()["strip"].svg
    assert "<polyline" in svg
    assert 'stroke-dasharray="5 4"' in svg
    labels = re.findall(r">(\d[YN-]?)</text>", svg)
    assert labels == ["1Y", "2N", "3", "4-"]
    assert ">?</text>" in svg


# --- from a real assessment ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_no_dose_of_a_study_behind_a_gate_that_is_not_open(name: str) -> None:
    assessment = assess(read_patient((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")))
    found = pictures_of(assessment)
    open_gate = isinstance(assessment.regimens, Regimens)
    assert ("trial-fit" in found) is open_gate
    assert ("rajizadeh-2017" in found["dose-ladder"].text) is open_gate
    assert ("301.5 to 500 mg elemental" in " ".join(found["forest-plot"].text.split())) is open_gate


def test_demo_shows_salt_as_element_and_the_value_in_its_own_unit() -> None:
    found = _assessed("demo-1")
    assert "241.2 mg" in found["dose-ladder"].text  # 400 mg of oxide: 400 x 24.305 / 40.304
    assert "Value: 1.48 mg/dL" in found["level-line"].text
    assert "1.7 to 2.6" in found["level-line"].text
    assert "11:00" in found["day-schedule"].text  # alendronate 07:00 and 4 hours


def test_the_value_stands_on_the_right_side_of_the_interval() -> None:
    axis = Axis(0.5, 1.5, 100, 200)
    assert axis.at(0.5) == 100
    assert axis.at(1.0) == 150
    assert axis.at(9.0) == 200
    assert axis.ticks() == [0.6, 0.8, 1.0, 1.2, 1.4]


def test_forest_plot_agrees_with_the_stored_pools_and_keeps_negative_trials() -> None:
    body = next(each for each in load_bodies() if each.id == "oral-magnesium-depressive-symptoms")
    picture = forest_of(body)
    assert picture is not None
    text = " ".join(picture.text.split())
    assert "-0.59 (-1.01 to -0.17)" in text  # metafor, REML with Knapp-Hartung
    assert "-0.74 (-1.16 to -0.31)" in text
    assert "rajizadeh-2017: -0.61" in text
    for null in ("ryszewska-2018", "fard-2017", "abiri-2022"):
        assert f"{null}: no usable figure" in text
    assert "Certainty very low" in text
    weights = [int(each) for each in re.findall(r"weight (\d+)%", text)]
    assert len(weights) == 4
    assert abs(sum(weights) - 100) <= 2


@pytest.mark.parametrize("body", [each for each in load_bodies() if each.rows], ids=lambda body: body.id)
def test_every_body_with_rows_has_a_forest_plot(body: object) -> None:
    held = next(each for each in load_bodies() if each is body)
    picture = forest_of(held)
    assert picture is not None
    ElementTree.fromstring(picture.svg)
    for member in held.rows:
        assert member.study in picture.text


def test_empty_cells_of_the_evidence_map_are_drawn() -> None:
    picture = _assessed("demo-1")["evidence-map"]
    told = re.search(r"(\d+) of (\d+) cells are empty", " ".join(picture.text.split()))
    assert told is not None
    assert picture.svg.count(">none</text>") == int(told[1]) > 50


@pytest.mark.parametrize(
    ("value", "told"), [(301.52, "301.5"), (500.0, "500"), (4000.0, "4,000"), (0.04, "0"), (-0.01, "0")]
)
def test_amounts_have_no_trailing_zero(value: float, told: str) -> None:
    assert amount(value) == told


def test_long_words_are_folded_and_nothing_is_lost() -> None:
    lines = fold("short " + "y" * 100, 200)
    assert "".join(lines).count("y") == 100
    assert max(map(len, lines)) <= 25


def test_nothing_to_draw_is_said() -> None:
    assert "No study" in trial_fit_strip(()).text
    assert "no time of" in day_schedule([Dose("a", 480, 900, 900)]).text.lower()
    with pytest.raises(ValueError, match="positive number"):
        bar_per_hundred("Cards", (), 0, "patients")


def test_a_child_is_shown_the_upper_levels_of_its_age() -> None:
    """Institute of Medicine 1997: 350 mg from 9 years on; EU 2001: 250 mg from 4 years on."""
    text = " ".join(_assessed("child")["dose-ladder"].text.split())
    assert "350 mg US upper level for this age" in text
    assert "250 mg EU upper level for this age" in text
    assert "adults" not in text
