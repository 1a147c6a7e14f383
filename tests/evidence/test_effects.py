"""Effects against metafor's escalc, and against the figures the trials' dossier derives by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, cast

import pytest
from attrs import astuple

from mgdecide.errors import InvalidInput
from mgdecide.evidence.effects import (
    Arm,
    Effect,
    hedges_g,
    hedges_g_of_changes,
    log_risk_ratio,
    mean_difference,
    mean_difference_of_changes,
    small_sample_factor,
)
from mgdecide.evidence.paired import (
    correlation_from_paired_t,
    hedges_g_crossover,
    mean_difference_crossover,
    mean_difference_paired,
)
from mgdecide.evidence.recovered import hedges_g_from_p, hedges_g_from_t


class Answers(TypedDict):
    yi: list[float]
    vi: list[float]


class ArmsRow(TypedDict):
    study: str
    m1i: float
    sd1i: float
    n1i: int
    m2i: float
    sd2i: float
    n2i: int


class PRow(TypedDict):
    study: str
    p: float
    n1i: int
    n2i: int
    ti: float


class RiskRow(TypedDict):
    study: str
    ai: int
    n1i: int
    ci: int
    n2i: int


class PairedRow(TypedDict):
    study: str
    m1i: float
    sd1i: float
    m2i: float
    sd2i: float
    ni: int
    ri: float


class Effects(TypedDict):
    arms: list[ArmsRow]
    SMD: Answers
    MD: Answers
    MD_equal_variances: Answers
    from_p: list[PRow]
    SMD_from_p: Answers
    risks: list[RiskRow]
    RR: Answers
    paired: list[PairedRow]
    MC: Answers
    SMCR: Answers


ORACLE = Path(__file__).parent / "oracle" / "metafor.json"
METAFOR = cast(Effects, json.loads(ORACLE.read_text(encoding="utf-8"))["effects"])


def same(effect: Effect, answers: Answers, index: int) -> None:
    assert effect.yi == pytest.approx(answers["yi"][index], abs=1e-6)
    assert effect.vi == pytest.approx(answers["vi"][index], abs=1e-6)


def arms_of(row: ArmsRow) -> tuple[Arm, Arm]:
    return Arm(row["m1i"], row["sd1i"], row["n1i"]), Arm(row["m2i"], row["sd2i"], row["n2i"])


@pytest.mark.parametrize("index", range(len(METAFOR["arms"])), ids=[row["study"] for row in METAFOR["arms"]])
def test_arms_as_in_metafor(index: int) -> None:
    treated, control = arms_of(METAFOR["arms"][index])
    same(hedges_g(treated, control), METAFOR["SMD"], index)
    same(mean_difference(treated, control), METAFOR["MD"], index)
    same(mean_difference(treated, control, equal_variances=True), METAFOR["MD_equal_variances"], index)


@pytest.mark.parametrize("index", range(len(METAFOR["from_p"])), ids=[row["study"] for row in METAFOR["from_p"]])
def test_p_and_t_as_in_metafor(index: int) -> None:
    row = METAFOR["from_p"][index]
    same(hedges_g_from_p(row["p"], row["n1i"], row["n2i"], "lower"), METAFOR["SMD_from_p"], index)
    same(hedges_g_from_t(row["ti"], row["n1i"], row["n2i"]), METAFOR["SMD_from_p"], index)


@pytest.mark.parametrize("index", range(len(METAFOR["risks"])), ids=[row["study"] for row in METAFOR["risks"]])
def test_risk_ratios_as_in_metafor(index: int) -> None:
    row = METAFOR["risks"][index]
    effect = log_risk_ratio(row["ai"], row["n1i"], row["ci"], row["n2i"])
    same(effect, METAFOR["RR"], index)
    assert bool(effect.assumptions) == (row["study"] != "rodriguez-moran-2024")


@pytest.mark.parametrize("index", range(len(METAFOR["paired"])), ids=[row["study"] for row in METAFOR["paired"]])
def test_crossovers_as_in_metafor(index: int) -> None:
    row = METAFOR["paired"][index]
    treated, control = Arm(row["m1i"], row["sd1i"], row["ni"]), Arm(row["m2i"], row["sd2i"], row["ni"])
    same(mean_difference_crossover(treated, control, correlation=row["ri"]), METAFOR["MC"], index)
    same(hedges_g_crossover(treated, control, correlation=row["ri"]), METAFOR["SMCR"], index)


RAJIZADEH = Arm(-15.65, 8.92, 26), Arm(-10.4, 7.9, 27)
BARRAGAN = Arm(11.4, 3.8, 12), Arm(10.9, 4.3, 11)
RODRIGUEZ_MORAN = Arm(9.2, 7.5, 30), Arm(21.6, 9.1, 29)
MAHBOOBI = Arm(-7.13, 5.67, 26), Arm(-5.42, 6.71, 26)


def rounded(effect: Effect, digits: int) -> tuple[float, float, float]:
    low, high = effect.interval()
    return round(effect.yi, digits), round(low, digits), round(high, digits)


@pytest.mark.parametrize(
    ("effect", "digits", "printed"),
    [
        (mean_difference_of_changes(*RAJIZADEH, equal_variances=True), 1, (-5.2, -9.9, -0.6)),
        (hedges_g_of_changes(*RAJIZADEH), 2, (-0.61, -1.17, -0.06)),
        (mean_difference(*BARRAGAN, equal_variances=True), 1, (0.5, -3.0, 4.0)),
        (mean_difference(*BARRAGAN), 1, (0.5, -3.0, 4.0)),
        (mean_difference(*RODRIGUEZ_MORAN, equal_variances=True), 1, (-12.4, -16.7, -8.1)),
        (hedges_g(*RODRIGUEZ_MORAN), 2, (-1.47, -2.05, -0.89)),
        (mean_difference_of_changes(*MAHBOOBI, equal_variances=True), 1, (-1.7, -5.2, 1.8)),
        (hedges_g_from_p(0.01, 23, 23, "lower"), 2, (-0.78, -1.38, -0.18)),
        (hedges_g_from_p(0.001, 30, 30, "lower"), 2, (-0.88, -1.41, -0.35)),
        (hedges_g_from_p(0.02, 45, 45, "lower"), 2, (-0.50, -0.91, -0.08)),
    ],
    ids=[
        "rajizadeh MD",
        "rajizadeh g",
        "barragan MD",
        "barragan MD, Welch",
        "rodriguez-moran MD",
        "rodriguez-moran g",
        "mahboobi MD",
        "afsharfar g",
        "nazarinasab g",
        "sultana g",
    ],
)
def test_the_dossiers_derived_figures(effect: Effect, digits: int, printed: tuple[float, float, float]) -> None:
    assert rounded(effect, digits) == printed


def test_rajizadeh_difference_to_the_last_printed_digit() -> None:
    effect = mean_difference_of_changes(*RAJIZADEH, equal_variances=True)
    assert (round(effect.yi, 2), round(effect.se, 2)) == (-5.25, 2.31)


def test_rodriguez_moran_risk_ratio() -> None:
    effect = log_risk_ratio(22, 30, 10, 29)
    low, high = effect.interval()
    assert [round(math.exp(value), 2) for value in (effect.yi, low, high)] == [2.13, 1.23, 3.67]


@pytest.mark.parametrize("of", [mean_difference, mean_difference_of_changes])
@pytest.mark.parametrize("arms", [BARRAGAN, (Arm(21.5, 12, 140), Arm(20, 3, 12)), (Arm(3, 1.2, 2), Arm(5, 0.4, 3))])
def test_arms_are_not_taken_to_spread_alike_unless_that_is_said(
    of: Callable[..., Effect], arms: tuple[Arm, Arm]
) -> None:
    """scipy's t tests give the p, Welch's and Student's (ttest_ind_from_stats)."""
    from scipy.stats import t, ttest_ind_from_stats

    for said, alike, assumed in (({}, False, ()), ({"equal_variances": True}, True, ("the two arms spread alike",))):
        effect = of(*arms, **said)
        test = ttest_ind_from_stats(*(figure for arm in arms for figure in astuple(arm)), equal_var=alike)
        assert 2 * t.sf(abs(effect.yi / effect.se), effect.df) == pytest.approx(float(test.pvalue), rel=1e-9)
        assert effect.assumptions == assumed


def test_the_risk_of_a_single_person_has_a_ratio() -> None:
    """1 of 1 against 1 of 2, half a person added to each cell: 1.5/2 against 1.5/3."""
    effect = log_risk_ratio(1, 1, 1, 2)
    assert math.exp(effect.yi) == pytest.approx(1.5)
    assert effect.vi == pytest.approx(1 / 1.5 - 1 / 2 + 1 / 1.5 - 1 / 3)


def test_j_is_the_exact_factor() -> None:
    """Closed forms of the gamma function at 2, 3 and 4, and the usual approximation where it is good."""
    root_pi = math.sqrt(math.pi)
    assert small_sample_factor(2) == pytest.approx(1 / root_pi)
    assert small_sample_factor(3) == pytest.approx(root_pi / 2 / math.sqrt(1.5))
    assert small_sample_factor(4) == pytest.approx(2 / root_pi / math.sqrt(2))
    assert small_sample_factor(51) == pytest.approx(1 - 3 / (4 * 51 - 1), abs=1e-4)


def test_treated_and_control_exchanged_turn_the_sign_only() -> None:
    there, back = hedges_g(*RODRIGUEZ_MORAN), hedges_g(*reversed(RODRIGUEZ_MORAN))
    assert there.yi == pytest.approx(-back.yi)
    assert there.vi == pytest.approx(back.vi)


def test_paired_differences_equal_the_crossover_with_its_own_correlation() -> None:
    treated, control = Arm(9.5, 5, 40), Arm(12, 4, 40)
    from_arms = mean_difference_crossover(treated, control, correlation=0.5)
    sd_of_differences = math.sqrt(25 + 16 - 2 * 0.5 * 5 * 4)
    from_differences = mean_difference_paired(-2.5, sd_of_differences, 40)
    assert from_arms.vi == pytest.approx(from_differences.vi)
    assert from_differences.assumptions == ()
    t = -2.5 / from_differences.se
    assert correlation_from_paired_t(treated, control, t) == pytest.approx(0.5)


def test_every_effect_says_how_and_what_it_assumes() -> None:
    effect = hedges_g_from_p(0.01, 23, 23, "lower", assuming=("23 in each arm",))
    assert effect.how == "Hedges' g from a two-sided p and n"
    assert "23 in each arm" in effect.assumptions
    assert any("two-sided" in each for each in effect.assumptions)
    assert any("correlation between periods 0.5" in each for each in _crossover(0.5).assumptions)


def _crossover(correlation: float) -> Effect:
    return hedges_g_crossover(Arm(9, 4, 20), Arm(11, 5, 20), correlation=correlation)


def test_bad_input_is_refused_with_a_code() -> None:
    for code, attempt in (
        ("MGD-P103", lambda: Arm(1, 0, 10)),
        ("MGD-P102", lambda: Arm(math.nan, 1, 10)),
        ("MGD-P120", lambda: Arm(1, 1, 1)),
        ("MGD-P121", lambda: _crossover(1.2)),
        ("MGD-P120", lambda: mean_difference_crossover(Arm(1, 1, 10), Arm(1, 1, 11), correlation=0.5)),
        ("MGD-P120", lambda: log_risk_ratio(11, 10, 1, 10)),
        ("MGD-P120", lambda: log_risk_ratio(0, 0, 1, 10)),
        ("MGD-P122", lambda: hedges_g_from_p(0.0, 10, 10, "lower")),
        ("MGD-P122", lambda: hedges_g(*BARRAGAN).interval(95)),
        ("MGD-P121", lambda: correlation_from_paired_t(Arm(9.5, 5, 40), Arm(12, 4, 40), 0.5)),
    ):
        with pytest.raises(InvalidInput) as caught:
            attempt()
        assert caught.value.code == code


def test_degrees_of_freedom_are_named_and_not_taken_for_another_number() -> None:
    found = mean_difference(*BARRAGAN)
    with pytest.raises(TypeError):
        Effect(found.yi, found.vi, found.how, found.assumptions, 21.0, measure=found.measure)  # type: ignore[misc,arg-type]
    assert Effect(found.yi, found.vi, found.how, found.assumptions, measure=found.measure, df=found.df) == found
