"""The numbers that a check carries: by scipy's own tests where there is one, else by hand."""

from __future__ import annotations

import math
from statistics import stdev

import pytest
from scipy import stats

from mgdecide.errors import InvalidInput
from mgdecide.evidence.effects import Effect
from mgdecide.evidence.forensic import (
    ArmFigures,
    Check,
    Contrast,
    Outcome,
    PrintedArm,
    arms_add_up,
    bounded_sd,
    check_outcome,
    correlation_of_change,
    elemental_against_salt,
    grim,
    interval_against_estimate,
    p_against_change,
    p_against_figures,
    p_against_interval,
    percentage,
    registered_n,
    sd_or_standard_error,
)
from mgdecide.evidence.forensic.printed import overlap, p_text, printed


def number(check: Check, name: str) -> float:
    return float(dict(check.numbers)[name])


# Printed so finely that rounding leaves nothing open.
FINE = [
    ((21.5, 12.0, 5), (12.0, 3.0, 40)),  # few people who spread widely: Student's p is the lowest, Welch's the highest
    ((21.5, 12.0, 140), (20.0, 3.0, 6)),  # few people who spread little: Student's p is the highest
    ((11.4, 3.8, 12), (10.9, 4.3, 11)),
    ((3.0, 1.2, 2), (5.0, 0.4, 3)),
]


def fine(mean: float, sd: float, n: int) -> PrintedArm:
    return PrintedArm(f"{mean:.9f}", f"{sd:.9f}", n)


@pytest.mark.parametrize(("first", "second"), FINE)
def test_p_of_two_groups_over_the_usual_tests(
    first: tuple[float, float, int], second: tuple[float, float, int]
) -> None:
    found = p_against_figures("s", "x", fine(*first), fine(*second), "0.02", "s")
    student = stats.ttest_ind_from_stats(*first, *second)
    welch = stats.ttest_ind_from_stats(*first, *second, equal_var=False)
    every = [float(p) for p in (student.pvalue, welch.pvalue, 2 * stats.norm.sf(abs(welch.statistic)))]
    assert number(found, "p computed") == pytest.approx(every[0], rel=1e-5)
    assert number(found, "p lowest") == pytest.approx(min(every), rel=1e-5)
    assert number(found, "p highest") == pytest.approx(max(every), rel=1e-5)
    assert number(found, "difference") == pytest.approx(first[0] - second[0])


@pytest.mark.parametrize(("first", "second"), FINE)
def test_the_difference_that_a_p_needs_has_that_p(
    first: tuple[float, float, int], second: tuple[float, float, int]
) -> None:
    found = p_against_figures("s", "x", fine(*first), fine(*second), "0.02", "s")
    needed = number(found, "difference for the printed p")
    assert stats.ttest_ind_from_stats(needed, *first[1:], 0.0, *second[1:]).pvalue == pytest.approx(0.02, rel=1e-4)


def test_the_difference_that_a_p_needs_goes_by_the_spreads_as_printed() -> None:
    """barragan-2008, the end scores."""
    found = p_against_figures("s", "x", PrintedArm("11.4", "3.8", 12), PrintedArm("10.9", "4.3", 11), ".27", "s")
    needed = number(found, "difference for the printed p")
    assert stats.ttest_ind_from_stats(needed, 3.8, 12, 0.0, 4.3, 11).pvalue == pytest.approx(0.27, rel=1e-4)


def test_a_p_is_told_with_what_tests_and_rounding_leave_open() -> None:
    """scipy: Student 0.0000923, Welch 0.1515; with a thousand people each all three tests give 0.264."""
    few = p_against_figures("s", "x", fine(*FINE[0][0]), fine(*FINE[0][1]), "0.02", "s")
    assert "gives p below 0.001 (below 0.001 to 0.152 over rounding); the printed" in few.sentence
    many = p_against_figures("s", "x", fine(10.0, 2.0, 1000), fine(10.1, 2.0, 1000), "0.26", "s")
    assert "gives p 0.264; the printed" in many.sentence


@pytest.mark.parametrize("sds", [("1", "1.000000"), ("1.000000", "1")])
def test_a_spread_may_have_been_cut_off(sds: tuple[str, str]) -> None:
    """Five and four points in ten people each; one SD of 1.9 that is printed 1: Student's p is 0.158."""
    assert round(float(stats.ttest_ind_from_stats(5, 1.9, 10, 4, 1, 10).pvalue), 3) == 0.158
    arms = [PrintedArm(mean, sd, 10) for mean, sd in zip(("5.000000", "4.000000"), sds, strict=True)]
    assert p_against_figures("s", "x", arms[0], arms[1], "0.158", "s").verdict == "consistent"


@pytest.mark.parametrize(("second", "p"), [("1.0", 1.0), ("2.0", 0.0)])
def test_people_who_do_not_differ_leave_no_chance_to_a_difference(second: str, p: float) -> None:
    found = p_against_figures("s", "x", PrintedArm("1.0", "0.0", 9), PrintedArm(second, "0.0", 9), "0.5", "s")
    assert number(found, "p computed") == p


@pytest.mark.parametrize(("change", "p"), [("0.0", 1.0), ("1.0", 0.0)])
def test_people_who_all_change_alike_leave_no_chance_to_a_change(change: str, p: float) -> None:
    assert number(p_against_change("s", "x", change, "0.0", 9, "0.5", "s"), "p computed") == p


def test_p_of_a_change_within_people() -> None:
    found = p_against_change("s", "x", "1.500000000", "2.000000000", 6, "0.1", "s")
    t = 1.5 / (2 / math.sqrt(6))
    student, normal = 2 * float(stats.t.sf(t, 5)), 2 * float(stats.norm.sf(t))
    assert number(found, "p computed") == pytest.approx(student, rel=1e-5)
    assert number(found, "p lowest") == pytest.approx(normal, rel=1e-5)
    assert number(found, "p highest") == pytest.approx(student, rel=1e-5)


def test_p_of_an_interval_by_the_normal_test_and_by_t_of_two_arms_of_five() -> None:
    found = p_against_interval("s", "x", "2.000000000", "0.040000000", "3.960000000", "0.0455", "s")
    normal, t = (2 * float(law.sf(2 / (1.96 / law.ppf(0.975)))) for law in (stats.norm, stats.t(2 * 5 - 2)))
    assert number(found, "p computed") == pytest.approx(normal, rel=1e-5)
    assert (number(found, "p lowest"), number(found, "p highest")) == pytest.approx((normal, t), rel=1e-5)


def test_a_p_below_a_thousandth_is_told_so() -> None:
    """tarleton-2017 prints -6.0 (-7.9 to -4.2); the other is 1.96 standard errors of 1 about 2: p = 0.0455."""
    small = p_against_interval("s", "x", "-6.0", "-7.9", "-4.2", "<0.001", "s")
    assert small.sentence.endswith("-7.9 to -4.2 give p below 0.001; the printed p is below 0.001.")
    large = p_against_interval("s", "x", "2.00", "0.04", "3.96", "0.05", "s")
    assert large.sentence.endswith("0.04 to 3.96 give p about 0.046; the printed p is 0.05.")


def test_the_other_end_is_told_from_either_end() -> None:
    """-0.50 + 0.09 and -0.50 + 3.33; in logs 1.34 * 1.34 / 1.67 and 1.34 * 1.34 / 1.01."""
    points = interval_against_estimate("s", "x", "-0.25", "-3.33", "-0.09", "s")
    assert points.sentence == (
        "x: the printed interval -3.33 to -0.09 cannot lie evenly about its estimate -0.25: from -0.09 the other end "
        "would be -0.41, from -3.33 it would be 2.83."
    )
    ratio = interval_against_estimate("s", "x", "1.34", "1.01", "1.67", "s", ratio=True)
    assert ratio.sentence == (
        "x: the printed interval 1.01 to 1.67 cannot lie evenly (in logs) about its estimate 1.34: from 1.67 the other "
        "end would be 1.08, from 1.01 it would be 1.78."
    )
    assert number(ratio, "middle of the interval") == pytest.approx(math.sqrt(1.01 * 1.67), rel=1e-5)


@pytest.mark.parametrize(
    ("estimate", "low", "high", "verdict"),
    [
        ("0.49", "1", "2", "consistent"),
        ("0.48", "1", "2", "cannot be"),
        ("1", "0", "0.49", "consistent"),
        ("1", "0", "0.48", "cannot be"),
    ],
)
def test_an_estimate_in_other_digits_may_just_meet_an_end(estimate: str, low: str, high: str, verdict: str) -> None:
    """1 may stand for 0.5 upwards; 0.49 for up to 0.5, 0.48 for up to 0.49."""
    assert interval_against_estimate("s", "x", estimate, low, high, "s", even=False).verdict == verdict


def test_the_widest_spread_is_that_of_half_the_people_at_each_end() -> None:
    """Ten scores from 10 to 30: with five at each end the SD is 10 * sqrt(10/9)."""
    found = bounded_sd("s", "x", "20", "3", 10, 10, 30, "s")
    assert number(found, "limit at the printed mean") == 10
    assert number(found, "limit allowing for rounding and n") == pytest.approx(stdev([10] * 5 + [30] * 5), rel=1e-5)
    with pytest.raises(InvalidInput, match="MGD-P135"):
        bounded_sd("s", "x", "20", "3", 10, 20, 20, "s")


def test_the_widest_spread_with_all_its_digits_is_possible() -> None:
    for people in (2, 4, 6, 10, 26):
        scores = [0] * (people // 2) + [10] * (people // 2)
        assert bounded_sd("s", "x", "5.0", repr(stdev(scores)), people, 0, 10, "s").verdict == "consistent"


def test_the_correlation_that_is_implied() -> None:
    """(4.0^2 + 5.0^2 - 3.0^2) / (2 * 4.0 * 5.0) = 32 / 40."""
    found = correlation_of_change("s", "x", "4.0", "5.0", "3.0", "s")
    assert number(found, "implied correlation") == pytest.approx(0.8)
    assert "(implied correlation 0.80)" in found.sentence


@pytest.mark.parametrize(("before", "after"), [("0.0", "5.0"), ("5.0", "0.0"), ("0.0", "0.0")])
@pytest.mark.parametrize("change", ["5.0", "50.0"])
def test_where_nobody_differs_no_correlation_is_told(before: str, after: str, change: str) -> None:
    found = correlation_of_change("s", "x", before, after, change, "s")
    assert "implied correlation" not in dict(found.numbers)
    assert "implied" not in found.sentence
    assert found.sentence.endswith(f"{after} after.")


def test_spreads_that_fit_as_neither_but_for_rounding() -> None:
    """1 and 2 with spreads of 1.0 in ten each: t = 2.236, p = 0.038; as standard errors t = 0.707, p = 0.489."""
    found = sd_or_standard_error("s", "x", PrintedArm("1", "1.0", 10), PrintedArm("2", "1.0", 10), "0.2", "s")
    assert found.verdict == "cannot tell"
    assert found.sentence == (
        "x: read as standard deviations the printed spreads 1.0 and 1.0 give p 0.038, read as standard errors p 0.489; "
        "the printed p is 0.2. It fits only at the far end of the rounding of the means."
    )
    for name, sd in (("p if sd", 1.0), ("p if standard error", math.sqrt(10))):
        p = stats.ttest_ind_from_stats(1, sd, 10, 2, sd, 10).pvalue
        assert number(found, name) == pytest.approx(float(p), rel=1e-5)


@pytest.mark.parametrize(("p", "words"), [("0.2", "Neither reading gives it."), ("0.489", "They cannot be standard")])
def test_spreads_are_read_as_standard_errors_only_where_these_give_the_p(p: str, words: str) -> None:
    """As above, printed finely."""
    found = sd_or_standard_error("s", "x", fine(1.0, 1.0, 10), fine(2.0, 1.0, 10), p, "s")
    assert words in found.sentence


def test_a_share_that_was_cut_off_to_nothing_is_told_so() -> None:
    """1 of 150 is 0.67%: rounded 1, cut off 0."""
    found = percentage("s", "x", "0", 150, "s", count=1)
    assert (found.verdict, "unless digits were cut off" in found.sentence) == ("cannot be", True)
    found = percentage("s", "x", "2", 150, "s", count=1)
    assert (found.verdict, "cut off" in found.sentence) == ("cannot be", False)


def test_means_are_not_held_to_be_of_whole_scores_unless_that_is_said() -> None:
    arms = (ArmFigures("a", 26, endpoint="11.26"),)
    assert grim("s", "x", "11.26", 26, "s").verdict == "cannot be"
    assert check_outcome(Outcome("s", "x", "s", arms)) == ()


def test_a_comparison_is_not_held_to_be_a_ratio_unless_that_is_said() -> None:
    """tarleton-2019 prints -0.93 (-1.81 to -0.06)."""
    (found,) = check_outcome(Outcome("s", "x", "s", (), Contrast("-0.93", "-1.81", "-0.06")))
    assert (found.id, found.verdict) == ("interval-against-estimate", "consistent")


@pytest.mark.parametrize("group", [0, 1])
def test_a_group_of_nobody_is_a_group(group: int) -> None:
    assert arms_add_up("s", "people", {"a": 10, "b": group}, 10, "s").verdict == ["consistent", "cannot be"][group]
    assert arms_add_up("s", "people", {"a": group}, 0, "s").verdict == ["consistent", "cannot be"][group]
    found = registered_n("s", "people", 0, group, "s", registered_is="actual")
    assert found.verdict == ["consistent", "cannot be"][group]
    found = registered_n("s", "people", group, 0, "s", registered_is="actual")
    assert found.verdict == ["consistent", "cannot be"][group]


@pytest.mark.parametrize(("share", "verdict"), [(0.095, "consistent"), (0.105, "consistent"), (0.1051, "cannot be")])
def test_a_stated_dose_may_lie_a_twentieth_off(share: float, verdict: str) -> None:
    """1000 mg of salt and 100 mg of magnesium stated."""
    assert elemental_against_salt("s", "x", "1000", "100", {"form": share}, "s").verdict == verdict


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5])
def test_a_salt_is_neither_without_magnesium_nor_all_of_it(share: float) -> None:
    with pytest.raises(InvalidInput, match="MGD-P139"):
        elemental_against_salt("s", "x", "1000", "100", {"form": share}, "s")


def test_a_p_is_told_to_three_decimals() -> None:
    assert [p_text(p) for p in (0.0, 0.00099, 0.001, 0.0456, 1.0)] == [
        "below 0.001",
        "below 0.001",
        "0.001",
        "0.046",
        "1.000",
    ]


def test_what_a_text_or_a_truth_value_means_is_not_read_from_its_place() -> None:
    with pytest.raises(TypeError):
        Check("id", "study", "consistent", "Sentence.", (), "source", "what")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        PrintedArm("1.0", "0.5", 9, True)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Effect(-0.5, 0.1, "how", (), "SMD")  # type: ignore[call-arg]


def test_nothing_printed_may_be_something_of_either_sign_cut_off() -> None:
    assert (printed("0.0", "x").low, printed("0.0", "x").high) == (-0.1, 0.1)


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ((0.1 + 0.2, 1.0), (0.0, 0.3), True),  # 0.30000000000000004 on the machine
        ((0.0, 0.3), (0.1 + 0.2, 1.0), True),
        ((1e6, 1e6), (1e6 + 1e-4, 1e6 + 1e-4), True),
        ((1e6, 1e6), (1e6 + 1, 1e6 + 1), False),
        ((1e-6, 1e-6), (2e-6, 2e-6), False),
        ((0.0, 0.0), (0.0, 0.0), True),
    ],
)
def test_ranges_are_not_parted_by_a_rounding_error(
    first: tuple[float, float], second: tuple[float, float], shared: bool
) -> None:
    assert overlap(*first, *second) is shared
