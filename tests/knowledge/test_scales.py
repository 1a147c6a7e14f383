"""Bands at their edges, suicide items, versions that must not be mixed up, and what does not load."""

from __future__ import annotations

from decimal import Decimal

import clincalc
import pytest

from mgdecide.errors import InvalidKnowledge
from mgdecide.knowledge.instruments import instruments
from mgdecide.knowledge.limits import load_limits
from mgdecide.knowledge.scales import load_scales, read_scales, scale_of

SCALES = load_scales()
LIMITS = load_limits()


def band(instrument: str, score: int) -> str:
    bands = SCALES[instrument].bands
    assert bands is not None
    return bands.of(Decimal(score)).words


@pytest.mark.parametrize(
    ("instrument", "edges"),
    [  # evidence/rules.md section 6; each number is the first score of its band
        ("PHQ-9", {0: "minimal", 5: "mild", 10: "moderate", 15: "moderately severe", 20: "severe"}),
        ("BDI-II", {0: "minimal", 14: "mild", 20: "moderate", 29: "severe"}),
        ("HAM-D17", {0: "normal", 8: "mild", 14: "moderate", 19: "severe", 23: "very severe"}),
        ("MADRS", {0: "none", 7: "mild", 20: "moderate", 35: "severe"}),
        ("GAD-7", {0: "minimal", 5: "mild", 10: "moderate", 15: "severe"}),
        ("EPDS", {0: "below the cut-offs", 10: "possible", 13: "probable"}),
        ("GDS-15", {0: "normal", 5: "mild", 9: "moderate", 12: "severe"}),
        ("GDS-30", {0: "normal", 10: "mild", 20: "severe"}),
        ("DASS-21-D", {0: "normal", 5: "mild", 7: "moderate", 11: "severe", 14: "extremely severe"}),
        ("DASS-42-D", {0: "normal", 10: "mild", 14: "moderate", 21: "severe", 28: "extremely severe"}),
    ],
)
def test_bands_at_at_and_below_every_edge(instrument: str, edges: dict[int, str]) -> None:
    below = ""
    for score, words in edges.items():
        assert band(instrument, score) == words
        if score:
            assert band(instrument, score - 1) == below
            key = SCALES[instrument].key
            assert LIMITS[f"scale.{key}-{words.replace(' ', '-')}"].printed == {"points": Decimal(score)}
        below = words
    assert band(instrument, int(SCALES[instrument].high)) == below


@pytest.mark.parametrize("score", range(28))
def test_phq9_bands_agree_with_another_calculator(score: int) -> None:
    answers = ([3] * (score // 3) + [score % 3] * (score % 3 > 0) + [0] * 9)[:9]
    theirs = clincalc.calculate("phq9", {"responses": answers})["working"]["severity"]
    assert theirs.removeprefix("none-").replace("-", " ") == band("PHQ-9", score)


@pytest.mark.parametrize("score", range(22))
def test_gad7_bands_agree_with_another_calculator(score: int) -> None:
    answers = ([3] * (score // 3) + [score % 3] * (score % 3 > 0) + [0] * 7)[:7]
    assert (
        f"indicates {band('GAD-7', score)} anxiety"
        in clincalc.calculate("gad7", {"responses": answers})["interpretation"]
    )


@pytest.mark.parametrize("raw", range(22))
def test_a_doubled_dass21_falls_in_the_same_band_of_dass42(raw: int) -> None:
    assert band("DASS-21-D", raw) == band("DASS-42-D", 2 * raw)


def test_a_raw_dass21_read_as_dass42_would_be_milder() -> None:
    assert (band("DASS-21-D", 8), band("DASS-42-D", 8)) == ("moderate", "normal")


def test_zimmerman_is_an_alternative_not_the_default() -> None:
    (zimmerman,) = SCALES["HAM-D17"].other_bands
    found = [zimmerman.of(Decimal(score)).words for score in (7, 8, 16, 17, 23, 24)]
    assert found == ["normal", "mild", "mild", "moderate", "moderate", "severe"]
    assert LIMITS["scale.hamd17-zimmerman-2013-severe"].printed == {"points": Decimal(24)}


@pytest.mark.parametrize(
    ("key", "fact", "positive"),
    [
        ("phq9", "phq9_item_9", 1),
        ("bdi2", "bdi2_item_9", 1),
        ("epds", "epds_item_10", 1),
        ("hamd17", "hamd17_item_3", 1),
        ("madrs", "madrs_item_10", 2),
        ("hamd17-wish", "hamd17_item_3", 2),
        ("hamd17-ideas", "hamd17_item_3", 3),
        ("hamd17-attempt", "hamd17_item_3", 4),
        ("madrs-frequent", "madrs_item_10", 4),
        ("madrs-plans", "madrs_item_10", 6),
    ],
)
def test_suicide_items_are_locked(key: str, fact: str, positive: int) -> None:
    limit = LIMITS[f"suicide-item.{key}"]
    assert (limit.fact, limit.printed) == (fact, {"points": Decimal(positive)})
    assert limit.locked
    assert not limit.overridable
    assert limit.verified


def test_only_these_instruments_ask_about_suicide() -> None:
    asking = {name for name, scale in SCALES.items() if scale.suicide_item is not None}
    assert asking == {"PHQ-9", "BDI-II", "EPDS", "HAM-D17", "MADRS"}


def test_no_scale_bands_suicide_risk() -> None:
    for scale in SCALES.values():
        if scale.suicide_item is not None:
            words = " ".join(band.words for _, band in scale.suicide_item.levels)
            assert not {"low", "medium", "high", "risk"} & set(words.split())


def test_change_response_and_remission() -> None:
    phq9 = SCALES["PHQ-9"]
    assert [(mark.points, mark.percent) for mark in phq9.changes] == [
        (Decimal(5), None),
        (Decimal("3.7"), Decimal(23)),
        (Decimal("1.7"), Decimal(21)),
    ]
    assert phq9.response is not None
    assert phq9.response.percent == 50
    assert [mark.points for mark in phq9.remissions] == [4]
    assert [mark.percent for mark in SCALES["BDI-II"].changes] == [Decimal("17.5"), Decimal(32), None]
    assert [mark.points for mark in SCALES["HAM-D17"].remissions] == [7]
    assert [mark.points for mark in SCALES["MADRS"].remissions] == [9, 12]


def test_ranges_agree_with_the_instruments_items() -> None:
    """Two files, written apart: the items' points add up to the top of the scale's range."""
    by_name = {each.name: each for each in instruments().values()}
    for name, scale in SCALES.items():
        assert sum(by_name[name].items.values()) == scale.high
        assert len(by_name[name].items) == scale.items
        if scale.suicide_item is not None:
            assert by_name[name].items[scale.suicide_item.number] == scale.suicide_item.high
        assert LIMITS[f"plausible.{scale.fact}.high"].printed == {"points": scale.high}


def test_a_score_below_the_first_band_is_an_error() -> None:
    bands = SCALES["PHQ-9"].bands
    assert bands is not None
    with pytest.raises(ValueError, match="begins at 0"):
        bands.of(Decimal(-1))


def test_scale_of_a_fact() -> None:
    found = scale_of("dass21_depression")
    assert found is not None
    assert found.instrument == "DASS-21-D"
    assert scale_of("age_years") is None


GOOD = """
edition = "1"
[[scale]]
instrument = "X"
key = "x"
fact = "x_total"
version = "v"
rater = "self"
items = 2
range = ["0", "6"]
licence = "Free."
[scale.bands]
source = ["s"]
list = [{ from = "0", words = "none" }, { from = "3", words = "some" }]
[scale.suicide]
item = 2
fact = "x_item_2"
range = ["0", "3"]
positive = "1"
source = ["s"]
"""


def test_a_good_scale_loads() -> None:
    assert read_scales(GOOD, known=frozenset({"s"}))["X"].high == 6


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('from = "3"', 'from = "7"', "MGD-K207"),
        ('from = "3"', 'from = "0"', "MGD-K207"),
        ('from = "0"', 'from = "1"', "MGD-K207"),
        ('from = "3"', "from = 3.5", "MGD-K202"),
        ('positive = "1"', 'positive = "0"', "MGD-K207"),
        ('positive = "1"', 'positive = "4"', "MGD-K207"),
        ('positive = "1"', "", "MGD-K202"),
        ('range = ["0", "6"]', 'range = ["6", "0"]', "MGD-K202"),
        ('range = ["0", "6"]', 'range = ["0"]', "MGD-K202"),
        ('source = ["s"]\nlist', 'source = ["t"]\nlist', "MGD-K205"),
        ('source = ["s"]\nlist', "list", "MGD-K205"),
        ("items = 2", 'items = "2"', "MGD-K201"),
        ('rater = "self"', 'rater = "friend"', "MGD-K201"),
        ('edition = "1"', "", "MGD-K201"),
        ('licence = "Free."', 'licence = "Free."\nbnds = "x"', "MGD-K201"),
    ],
)
def test_the_loader_refuses(old: str, new: str, code: str) -> None:
    assert old in GOOD
    with pytest.raises(InvalidKnowledge) as caught:
        read_scales(GOOD.replace(old, new), known=frozenset({"s"}))
    assert code in {problem.code for problem in caught.value.problems}


def test_an_instrument_is_declared_once() -> None:
    with pytest.raises(InvalidKnowledge) as caught:
        read_scales(GOOD + GOOD.replace('edition = "1"\n', ""), known=frozenset({"s"}))
    assert caught.value.code == "MGD-K204"
