"""Edges of the checks, and figures that cannot be read."""

from __future__ import annotations

import pytest

from mgdecide.errors import InvalidInput
from mgdecide.evidence.forensic import (
    ArmFigures,
    Contrast,
    Outcome,
    PrintedArm,
    analysed_within,
    arms_add_up,
    bounded_sd,
    change_against_means,
    check_outcome,
    correlation_of_change,
    elemental_against_salt,
    grim,
    interval_against_estimate,
    p_against_change,
    percentage,
)
from mgdecide.evidence.forensic.printed import printed, printed_p


@pytest.mark.parametrize(
    ("mean", "n", "verdict"),
    [
        ("11.26", 99, "consistent"),  # 1115/99 = 11.2626
        ("11.26", 60, "cannot be"),  # 675/60 = 11.2500, 676/60 = 11.2667
        ("11.26", 100, "cannot tell"),  # a hundred people reach every hundredth
        ("11.26", None, "cannot tell"),
        ("0.00", 26, "consistent"),
        ("-0.04", 26, "consistent"),
        ("-0.03", 26, "cannot be"),
        ("12", 3, "cannot tell"),
        ("0.125", 8, "consistent"),
        ("0.12", 8, "consistent"),  # a half rounded to even
        ("0.13", 8, "consistent"),  # and up
    ],
)
def test_grim(mean: str, n: int | None, verdict: str) -> None:
    assert grim("x", "x", mean, n, "s").verdict == verdict


def test_grim_items_refine_the_grain() -> None:
    assert grim("x", "x", "1.27", 10, "s").verdict == "cannot be"
    assert grim("x", "x", "1.27", 10, "s", items=7).verdict == "consistent"  # 89/70 = 1.2714


@pytest.mark.parametrize(
    ("mean", "sd", "n", "verdict"),
    [
        ("5.0", "5.0", None, "consistent"),  # half at each end
        ("5.0", "5.3", 10, "consistent"),  # 5 * sqrt(10/9) = 5.270
        ("5.0", "5.4", 10, "cannot be"),
        ("5.0", "7.1", 2, "consistent"),  # two people at the two ends
        ("5.0", "7.3", None, "cannot be"),
        ("0", "0", 10, "consistent"),
        ("10", "0", 10, "consistent"),
        ("10.6", "1", 10, "cannot be"),
        ("-1", "1", 10, "cannot be"),
        ("5", "-1", 10, "cannot be"),
    ],
)
def test_bounded_sd_from_0_to_10(mean: str, sd: str, n: int | None, verdict: str) -> None:
    assert bounded_sd("x", "x", mean, sd, n, 0, 10, "s").verdict == verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [("1.0", "consistent"), ("9.0", "consistent"), ("0.7", "cannot be"), ("9.3", "cannot be"), ("-1", "cannot be")],
)
def test_the_change_of_sds_4_and_5_lies_from_1_to_9(change: str, verdict: str) -> None:
    assert correlation_of_change("x", "x", "4.0", "5.0", change, "s").verdict == verdict


def test_changes() -> None:
    assert change_against_means("x", "x", "20.0", "12.0", "-8.0", "s").verdict == "consistent"
    turned = change_against_means("x", "x", "20.0", "12.0", "8.0", "s")
    assert (turned.verdict, "sign turned" in turned.sentence) == ("consistent", True)
    assert change_against_means("x", "x", "63.33", "71.51", "44.31", "s").verdict == "cannot be"
    assert p_against_change("x", "x", "1.0", "-0.5", 20, "0.5", "s").verdict == "cannot be"
    assert p_against_change("x", "x", "0.0", "0.0", 20, "1.0", "s").verdict == "consistent"


def test_counts() -> None:
    assert percentage("x", "x", "110.0", 10, "s", count=11).verdict == "cannot be"
    assert percentage("x", "x", "33.3", 1000, "s").verdict == "cannot tell"
    assert percentage("x", "x", "33.3", 999, "s").verdict == "consistent"
    assert percentage("x", "x", "100", 7, "s").verdict == "consistent"
    assert percentage("x", "x", "104", 26, "s").verdict == "cannot be"
    assert analysed_within("x", "x", 60, 53, "s").verdict == "consistent"
    assert analysed_within("x", "x", 60, 61, "s").verdict == "cannot be"


def test_an_estimate_outside_its_interval() -> None:
    check = interval_against_estimate("x", "x", "0.4", "0.6", "0.9", "s")
    assert check.verdict == "cannot be"
    assert check.sentence == "x: the printed interval 0.6 to 0.9 does not contain its estimate 0.4."


@pytest.mark.parametrize(("high", "verdict"), [("0.49", "consistent"), ("0.48", "cannot be")])
def test_ends_printed_in_other_digits_may_just_meet(high: str, verdict: str) -> None:
    """1 may stand for 0.5 upwards; 0.49 for up to 0.5, 0.48 for up to 0.49."""
    assert interval_against_estimate("x", "x", "0.5", "1", high, "s").verdict == verdict


def test_a_number_keeps_its_digits() -> None:
    number = printed("−.50", "x")
    assert (number.text, number.value, number.decimals, number.unit) == ("-0.50", -0.5, 2, 0.01)
    assert [number.low, number.high] == pytest.approx([-0.51, -0.495])
    assert printed("26.9", "x", 2).decimals == 2


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [(".27", 0.265, 0.28), ("= 0.27", 0.265, 0.28), ("<.001", 0, 0.001), ("> .05", 0.05, 1), ("0.001", 0, 0.002)],
)
def test_p_values(text: str, low: float, high: float) -> None:
    p = printed_p(text, "p")
    assert [p.low, p.high] == pytest.approx([low, high])


def test_bad_figures_are_refused_with_a_code_and_a_path() -> None:
    for code, path, attempt in (
        ("MGD-P132", "mean", lambda: grim("x", "x", "11,26", 26, "s")),
        ("MGD-P132", "mean", lambda: grim("x", "x", 11.26, 26, "s")),  # type: ignore[arg-type]  # what TOML may hold
        ("MGD-P133", "mean", lambda: grim("x", "x", "11.26", 26, "s", decimals=1)),
        ("MGD-P120", "n", lambda: grim("x", "x", "11.26", 0, "s")),
        ("MGD-P134", "p", lambda: printed_p("ns", "p")),
        ("MGD-P134", "p", lambda: printed_p("1.2", "p")),
        ("MGD-P134", "p", lambda: printed_p(0.05, "p")),  # type: ignore[arg-type]  # likewise
        ("MGD-P135", "high", lambda: bounded_sd("x", "x", "5", "1", 9, 10, 0, "s")),
        ("MGD-P136", "ratio", lambda: interval_against_estimate("x", "x", "1", "-1", "2", "s", ratio=True)),
        ("MGD-P137", "parts", lambda: arms_add_up("x", "x", {}, 0, "s")),
        ("MGD-P137", "fractions", lambda: elemental_against_salt("x", "x", "500", "300", {}, "s")),
        ("MGD-P139", "fractions.oxide", lambda: elemental_against_salt("x", "x", "5", "3", {"oxide": 60.3}, "s")),
        ("MGD-P120", "arm.n", lambda: PrintedArm("1", "1", 1)),
    ):
        with pytest.raises(InvalidInput) as caught:
            attempt()
        assert (caught.value.code, caught.value.problems[0].path) == (code, path)


def test_an_outcome_without_figures_allows_no_check() -> None:
    assert check_outcome(Outcome("x", "BDI", "s", (ArmFigures("a"), ArmFigures("b")), Contrast(), True)) == ()
    assert check_outcome(Outcome("x", "BDI", "s", (ArmFigures("a", n=20, endpoint_sd="3.1"),))) == ()


@pytest.mark.parametrize(
    "contrast",
    [Contrast("-1.0"), Contrast("-1.0", "-2.0"), Contrast("-1.0", high="0.1"), Contrast(low="-2.0", high="0.1")],
)
def test_an_interval_that_is_not_whole_is_not_checked(contrast: Contrast) -> None:
    assert check_outcome(Outcome("x", "BDI", "s", (), contrast)) == ()


def test_an_outcome_as_printed_in_barragan_2008() -> None:
    """Bounds of the GDS are 0 to 30, entry at 11 or more; the p of the endpoint is the one that does not follow."""
    outcome = Outcome(
        study="barragan-2008",
        name="GDS",
        source="s",
        arms=(
            ArmFigures("magnesium", 12, "17.9", "3.9", "11.4", "3.8"),
            ArmFigures("imipramine", 11, "16.1", "4.5", "10.9", "4.3"),
        ),
        contrast=Contrast(p=".27"),
        whole_scores=True,
        low=0,
        high=30,
        entry_low=11,
    )
    checks = check_outcome(outcome)
    assert [check.id for check in checks if check.verdict == "cannot be"] == ["p-against-figures"]
    assert [check.what for check in checks if check.id == "bounded-sd"] == [
        "GDS, baseline, magnesium",
        "GDS, endpoint, magnesium",
        "GDS, baseline, imipramine",
        "GDS, endpoint, imipramine",
    ]
    assert "the stated entry range" in next(check.sentence for check in checks if check.id == "bounded-sd")
