"""The search for a root, quick and to the last digits; and statistics at the edges of what they accept."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import pytest
from attrs import evolve
from scipy import stats

from mgdecide.errors import InvalidInput
from mgdecide.evidence.between_studies import paule_mandel, restricted_maximum_likelihood, root
from mgdecide.evidence.effects import Arm
from mgdecide.evidence.forensic import (
    ArmFigures,
    Contrast,
    Outcome,
    PrintedArm,
    analysed_within,
    arms_add_up,
    change_against_means,
    check_outcome,
    flow_adds_up,
    grim,
    p_against_figures,
    p_against_interval,
)
from mgdecide.evidence.inputs import checked_correlation, head_count, positive, probability
from mgdecide.evidence.paired import correlation_from_paired_t, mean_difference_crossover, mean_difference_paired
from mgdecide.evidence.pooling import pool_rows
from mgdecide.evidence.recovered import effect_from_interval
from mgdecide.evidence.rows import Row, read_rows_csv
from mgdecide.evidence.stored import agrees
from mgdecide.evidence.study_rows import effect_of
from mgdecide.knowledge.body_types import BodyRow
from mgdecide.knowledge.edition import default_knowledge


@pytest.mark.parametrize(
    ("falling", "low", "high", "expected"),
    [
        (lambda x: 2.0 - x * x, 0.0, 2.0, math.sqrt(2)),
        (lambda x: 5.0 - x**3, 0.0, 100.0, 5 ** (1 / 3)),
        (lambda x: 1 / (1 + x) - 0.01, 0.0, 1000.0, 99.0),
        (lambda x: math.exp(-x) - 1e-6, 0.0, 50.0, 6 * math.log(10)),
        (lambda x: 0.3 - x, 0.0, 1.0, 0.3),
        (lambda x: 1 / (1e-8 + x) ** 2 - 1e6, 0.0, 1.0, 1e-3 - 1e-8),
    ],
    ids=["square root", "cube root", "hyperbola", "exponential", "line", "steep"],
)
def test_a_root_is_found_to_the_last_digits_and_soon(
    falling: Callable[[float], float], low: float, high: float, expected: float
) -> None:
    """Ridders' method doubles the digits with two evaluations; halving alone would take fifty."""
    asked: list[float] = []

    def counted(x: float) -> float:
        asked.append(x)
        return falling(x)

    assert root(counted, low, high) == pytest.approx(expected, rel=4e-15)
    assert len(asked) < 40
    assert all(low <= x <= high for x in asked)


def test_a_function_without_curvature_to_use_is_answered() -> None:
    assert root(lambda x: 0.0, 0.0, 1.0) == 0.5
    assert root(lambda x: 1.0 if x < 0.25 else -1.0, 0.0, 1.0) == pytest.approx(0.25, rel=1e-12)


def test_two_studies_have_their_tau_squared_in_closed_form() -> None:
    """With equal variances it is (y1 - y2)^2 / 2 - v; no less than 0, and where it is just 0, 0."""
    for estimator in (paule_mandel, restricted_maximum_likelihood):
        assert estimator([0.0, 3.0], [0.5, 0.5]) == pytest.approx(4.0, rel=1e-12)
        assert estimator([100.0, 103.0], [0.5, 0.5]) == pytest.approx(4.0, rel=1e-12)
        assert estimator([0.0, 1.0], [0.5, 0.5]) == pytest.approx(0.0, abs=1e-12)
        assert estimator([0.0, 0.1], [0.5, 0.5]) == 0.0
        assert estimator([0.0, 1000.0], [1e-4, 1e-4]) == pytest.approx(5e5 - 1e-4, rel=1e-12)


@pytest.mark.parametrize(
    ("yi", "vi"),
    [
        ([-0.7, -1.6, 1.8, -0.7], [0.032, 1.019, 0.655, 0.065]),
        ([-1.8, 0.0, -0.5, 0.1, 5.4], [2.434, 0.156, 0.231, 0.873, 2.926]),
        ([0.0, 0.0, 0.0, 5.0], [0.0001, 0.0001, 4.0, 9.0]),
    ],
    ids=["higher away from 0", "far higher", "highest at 0"],
)
def test_the_best_of_several_peaks_is_taken(yi: list[float], vi: list[float]) -> None:
    """The likelihood falls from 0 on in each; the grid of values tried here is the definition's own."""

    def likelihood(tau2: float) -> float:
        w = [1 / (v + tau2) for v in vi]
        mean = sum(a * y for a, y in zip(w, yi, strict=True)) / sum(w)
        squares = sum(a * (y - mean) ** 2 for a, y in zip(w, yi, strict=True))
        return -0.5 * (sum(math.log(v + tau2) for v in vi) + math.log(sum(w)) + squares)

    assert likelihood(0.0) > likelihood(1e-3)
    best = restricted_maximum_likelihood(yi, vi)
    tried = [0.0, *(10 ** (step / 100) for step in range(-500, 300))]
    assert likelihood(best) >= max(map(likelihood, tried))
    assert best == pytest.approx(max(tried, key=likelihood), rel=0.03)


def test_a_tau_squared_far_above_the_plain_variance_is_found() -> None:
    """Two precise trials that disagree among twenty coarse ones; REML of metafor 3.8-1 with halved steps."""
    yi, vi = [-1.0, 1.0, *[0.0] * 20], [0.003, 0.003, *[0.15] * 20]
    assert restricted_maximum_likelihood(yi, vi) == pytest.approx(0.163454471344, rel=1e-11)


def test_the_interval_that_is_narrower_is_told_of_effects_on_either_side_of_0() -> None:
    for sign in (1, -1):
        rows = [Row("a", sign * 2.0, 0.1), Row("b", sign * 2.01, 0.2), Row("c", sign * 1.99, 0.3)]
        assert any("narrower than the Wald" in warning for warning in pool_rows(rows).warnings)
        rows = [Row("a", sign * 2.0, 0.1), Row("b", sign * 9.0, 0.1), Row("c", sign * 1.0, 0.1)]
        assert not any("narrower than the Wald" in warning for warning in pool_rows(rows).warnings)


def test_an_interval_as_narrow_as_the_other_is_not_told_as_narrower() -> None:
    """At a level next to 0 both intervals have no width."""
    pool = pool_rows([Row("a", 2.0, 0.1), Row("b", 2.01, 0.2), Row("c", 1.99, 0.3)], level=1e-17)
    assert [each.ci for each in pool.methods] == [each.ci_knapp_hartung for each in pool.methods]
    assert not any("narrower than the Wald" in warning for warning in pool.warnings)


# --- within people ----------------------------------------------------------------------------------------------------


def test_intervals_within_people_have_one_degree_of_freedom_less_than_people() -> None:
    crossover = mean_difference_crossover(Arm(9.5, 5, 12), Arm(12, 4, 12), correlation=0.5)
    differences = mean_difference_paired(-2.5, 4.0, 12)
    assert (crossover.df, differences.df) == (11.0, 11.0)
    half = float(stats.t.ppf(0.975, 11)) * 4.0 / math.sqrt(12)
    assert differences.interval() == pytest.approx((-2.5 - half, -2.5 + half))


def test_a_paired_t_of_0_is_refused_and_of_1_is_not() -> None:
    with pytest.raises(InvalidInput, match="MGD-P123"):
        correlation_from_paired_t(Arm(9.5, 5, 40), Arm(12, 4, 40), 0.0)
    # SD of the differences 0.5 * sqrt(40) = 3.162: (25 + 16 - 10) / 40
    assert correlation_from_paired_t(Arm(12.5, 5, 40), Arm(12, 4, 40), 1.0) == pytest.approx(0.775)


# --- what is accepted -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "accepted", "refused"),
    [
        (lambda value: positive(value, "x"), [1e-300, 5], [0, -1, math.inf, math.nan]),
        (lambda value: checked_correlation(value, "x"), [-1, 0, 1], [-1.001, 1.001, math.nan]),
        (lambda value: probability(value, "x"), [1e-9, 0.999999], [0, 1, -0.5, 1.5]),
        (lambda value: head_count(value, "x"), [2, 3.0], [1, 2.5, True]),
        (lambda value: head_count(value, "x", at_least=0), [0, 1], [-1, 0.5, False]),
    ],
    ids=["above 0", "correlation", "probability", "people", "people who left"],
)
def test_the_ends_of_what_is_accepted(
    check: Callable[[float], float], accepted: list[float], refused: list[float]
) -> None:
    for value in accepted:
        assert check(value) == value
    for value in refused:
        with pytest.raises(InvalidInput):
            check(value)


# --- printed figures --------------------------------------------------------------------------------------------------


def test_people_who_are_counted_to_the_last() -> None:
    assert analysed_within("s", "people", 30, 30, "s").verdict == "consistent"
    assert analysed_within("s", "people", 30, 31, "s").verdict == "cannot be"
    found = flow_adds_up("s", "people", 30, 4, 25, "s")
    assert found.verdict == "cannot be"
    assert "30 people less 4 lost leave 26" in found.sentence
    assert flow_adds_up("s", "people", 30, 4, 26, "s").verdict == "consistent"
    assert arms_add_up("s", "people", {"a": 10, "b": 11}, 21, "s").verdict == "consistent"


def test_a_count_of_nobody_is_a_count() -> None:
    assert analysed_within("s", "people", 30, 0, "s").verdict == "consistent"
    assert analysed_within("s", "people", 0, 1, "s").verdict == "cannot be"
    assert flow_adds_up("s", "people", 30, 0, 30, "s").verdict == "consistent"
    assert flow_adds_up("s", "people", 30, 30, 0, "s").verdict == "consistent"
    assert flow_adds_up("s", "people", 0, 0, 1, "s").verdict == "cannot be"


@pytest.mark.parametrize(
    ("estimate", "low", "high", "p", "verdict"),
    [
        ("0.0", "-1.0", "1.0", "1.0", "consistent"),  # no difference at all
        ("0.0", "-1.0", "1.0", "0.5", "cannot be"),
        ("2.00", "0.04", "3.96", "0.0455", "consistent"),  # 1.96 standard errors of 1: z = 2, p = 0.0455
        ("-2.00", "-3.96", "-0.04", "0.0455", "consistent"),
        ("2.00", "0.04", "3.96", "0.5", "cannot be"),
        ("2", "0", "4", "0.01", "consistent"),  # 2.7 (0.7 to 4.7) cut off: z = 2.65, p = 0.008
        ("1.0", "1.0", "1.0", "0.000", "consistent"),  # an interval without width: any difference is certain
        ("1.0", "1.0", "1.0", "0.9", "cannot be"),
        ("0.0", "0.0", "0.0", "0.9", "consistent"),  # which the rounding of all three leaves open
    ],
)
def test_p_beside_an_interval(estimate: str, low: str, high: str, p: str, verdict: str) -> None:
    assert p_against_interval("s", "difference", estimate, low, high, p, "s").verdict == verdict


def test_the_p_that_is_told_is_that_of_the_normal_test() -> None:
    found = dict(p_against_interval("s", "difference", "2.00", "0.04", "3.96", "0.0455", "s").numbers)
    se = (3.96 - 0.04) / 2 / float(stats.norm.ppf(0.975))
    assert float(found["p computed"]) == pytest.approx(2 * float(stats.norm.sf(2 / se)), rel=1e-5)


@pytest.mark.parametrize(("figure", "p"), [("0.0", 1.0), ("1.0", 0.0)])
def test_an_interval_without_width_leaves_no_chance_to_a_difference(figure: str, p: float) -> None:
    found = dict(p_against_interval("s", "difference", figure, figure, figure, "0.5", "s").numbers)
    assert float(found["p computed"]) == p


def test_the_nearest_p_is_that_of_no_difference_where_the_rounded_estimate_allows_it() -> None:
    found = dict(p_against_interval("s", "difference", "0.0", "-1.0", "1.0", "1.0", "s").numbers)
    assert float(found["p highest"]) == 1.0
    assert 0.8 < float(found["p lowest"]) < 1.0


def test_a_change_is_told_with_the_difference_of_its_means() -> None:
    found = change_against_means("s", "x", "26.9", "11.3", "-15.6", "s")
    assert found.verdict == "consistent"
    assert "11.3 minus 26.9 is -15.6" in found.sentence


@pytest.mark.parametrize(("level", "words"), [(0.95, "95% interval"), (0.9, "90% interval")])
def test_an_effect_from_an_interval_names_its_level(level: float, words: str) -> None:
    assert words in effect_from_interval(1.0, 0.5, 1.5, measure="MD", level=level).how


def test_the_route_by_an_interval() -> None:
    """tarleton-2017 prints -6.0 (-7.9 to -4.2): a standard error of 3.7 / (2 * 1.959964) = 0.94389."""
    row = BodyRow(
        "tarleton-2017", "phq9-week-6", "", "interval", "magnesium", "none", (62, 62), "", assumed="", yi=0.0, vi=0.0
    )
    study = next(each for each in default_knowledge().studies if each.id == "tarleton-2017")
    effect = effect_of(row, study)
    assert effect.yi == -6.0
    assert effect.se == pytest.approx(0.94389, abs=1e-5)
    for other, words in (
        (evolve(row, outcome="none"), "the outcome none"),
        (evolve(row, via="p"), "an exact p value"),
    ):
        with pytest.raises(InvalidInput, match="MGD-P140") as caught:
            effect_of(other, study)
        assert words in str(caught.value)


def test_decimals_are_told_in_words() -> None:
    assert "1 decimal" in grim("s", "x", "26.9", 26, "s").sentence + grim("s", "x", "26.3", 3, "s").sentence


def test_two_people_are_enough_to_compare() -> None:
    found = p_against_figures("s", "x", PrintedArm("1.0", "1.0", 2), PrintedArm("2.0", "1.0", 2), "0.42", "s")
    # t = 1 / 1 with 2 degrees of freedom: p = 1 - 1/sqrt(3) = 0.42265
    assert found.verdict == "consistent"
    assert Decimal(dict(found.numbers)["p computed"]) == Decimal("0.42265")


@pytest.mark.parametrize(
    ("mean", "n", "words"),
    [("11.3", 10, "every mean of 1 decimal can"), ("11.26", 100, "every mean of 2 decimals can")],
)
def test_as_many_people_as_the_decimals_can_tell_are_no_test(mean: str, n: int, words: str) -> None:
    found = grim("s", "x", mean, n, "s")
    assert found.verdict == "cannot tell"
    assert words in found.sentence
    assert grim("s", "x", mean, n - 1, "s").verdict != "cannot tell"


@pytest.mark.parametrize(("n", "checked"), [(1, False), (2, True), (None, False)])
def test_an_outcome_with_a_p_is_compared_where_arms_have_two_people(n: int | None, checked: bool) -> None:
    arms = tuple(ArmFigures(label, n, endpoint=mean, endpoint_sd="1.0") for label, mean in (("a", "1.0"), ("b", "2.0")))
    found = check_outcome(Outcome("s", "x", "s", arms, Contrast(p="0.42")))
    assert ("p-against-figures" in [each.id for each in found]) is checked


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ((None, None), "the scale's ends"),
        ((14, None), "the stated entry range"),
        ((None, 29), "the stated entry range"),
    ],
)
def test_whose_bounds_the_spread_of_a_baseline_is_held_against(
    entry: tuple[float | None, float | None], words: str
) -> None:
    """Ten people within 0 to 63 with a mean of 20 cannot have an SD of 40, by any bounds."""
    arm = ArmFigures("a", 10, baseline="20.0", baseline_sd="40.0")
    outcome = Outcome("s", "x", "s", (arm,), low=0, high=63, entry_low=entry[0], entry_high=entry[1])
    sentence = next(each.sentence for each in check_outcome(outcome) if each.id == "bounded-sd")
    assert words in sentence
    assert f"within {entry[0] or 0} and {entry[1] or 63} " in sentence


def test_without_tolerance_the_same_digits_agree_and_no_others() -> None:
    pool = pool_rows([Row("a", 0.4, 0.1), Row("b", 0.5, 0.1)])
    found = pool.by("DL").estimate
    assert agrees(pool, {"DL": {"estimate": found}}, tolerance=0.0)
    assert not agrees(pool, {"DL": {"estimate": math.nextafter(found, 1.0)}}, tolerance=0.0)


def test_the_stored_tolerance_is_relative_above_one() -> None:
    pool = pool_rows([Row("a", 400.0, 100.0), Row("b", 500.0, 100.0)])
    found = pool.by("DL").estimate
    assert agrees(pool, {"DL": {"estimate": found * (1 + 9e-7)}})
    assert not agrees(pool, {"DL": {"estimate": found * (1 + 1.1e-6)}})


def test_a_number_that_is_missing_or_long_is_told_so() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_rows_csv("study,yi,vi\na,,0.1\nb," + "x" * 100 + ",0.1\n")
    empty, long = caught.value.problems
    assert empty.given == "nothing"
    assert long.given == repr("x" * 60)


def test_a_single_study_is_not_warned_of_asymmetry() -> None:
    (warning,) = pool_rows([Row("a", 0.1, 0.1)]).warnings
    assert warning.startswith("One study")
    assert any("asymmetry" in each for each in pool_rows([Row("a", 0.1, 0.1), Row("b", 0.2, 0.1)]).warnings)
