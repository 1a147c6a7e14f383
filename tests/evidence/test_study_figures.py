"""Which figures of a study file are checked, and which of them an effect is taken from."""

from __future__ import annotations

import pytest
from attrs import evolve

from mgdecide.errors import InvalidInput
from mgdecide.evidence.study_checks import checks_of
from mgdecide.evidence.study_rows import effect_of
from mgdecide.knowledge.body_types import BodyRow
from mgdecide.knowledge.studies import load_study
from mgdecide.knowledge.study_types import (
    ArmRow,
    Backing,
    DoseReading,
    Study,
    StudyContrast,
    StudyDose,
    StudyOutcome,
)

READ, WORKED_OUT = Backing("verified", ("article",)), Backing("derived", ("article",), "by hand")


def trial(
    rows: tuple[ArmRow, ...] = (), contrasts: tuple[StudyContrast, ...] = (), dose: StudyDose | None = None
) -> Study:
    """A trial with these figures and no others."""
    outcome = StudyOutcome("score", "Score", "PHQ-9", "depressive symptoms", "week 6", rows, contrasts, READ)
    return evolve(load_study("tarleton-2017"), outcomes=(outcome,), arms=(), dose=dose, checks=())


# --- checks -----------------------------------------------------------------------------------------------------------


def test_a_share_is_checked_where_people_were_counted() -> None:
    rows = (ArmRow("a", n=30, events=22, percent="73.2"), ArmRow("b", percent="73.2"), ArmRow("c", n=30, events=22))
    (found,) = checks_of(trial(rows))
    assert (found.id, found.what, found.verdict) == ("percentage", "Score, a", "cannot be")
    assert "22 of 30 is 73.33%" in found.sentence


def test_a_check_names_the_group_in_the_words_of_the_study() -> None:
    study = load_study("tarleton-2017")
    for arm in study.arms:
        outcomes = trial((ArmRow(arm.id, n=30, events=22, percent="73.2"),)).outcomes
        told = {check.what for check in checks_of(evolve(study, outcomes=outcomes, dose=None, checks=()))}
        assert {what for what in told if what.startswith("Score")} == {f"Score, {arm.label}"}
    assert len({arm.label for arm in study.arms}) == len(study.arms) > 1


@pytest.mark.parametrize(("backing", "verdicts"), [(READ, ["cannot be"]), (WORKED_OUT, [])])
def test_only_a_comparison_that_was_read_is_checked(backing: Backing, verdicts: list[str]) -> None:
    """tarleton-2019 prints -0.25 (-3.33 to -0.09), which does not lie evenly."""
    contrast = StudyContrast("MD", backing, "-0.25", "-3.33", "-0.09")
    assert [check.verdict for check in checks_of(trial(contrasts=(contrast,)))] == verdicts


@pytest.mark.parametrize(("adjusted", "verdict"), [(False, "cannot be"), (True, "cannot tell")])
def test_the_p_of_an_adjusted_analysis_is_not_judged_by_the_arms(adjusted: bool, verdict: str) -> None:
    """barragan-2008: 11.4 (3.8) and 10.9 (4.3) with 12 and 11 people give p = 0.77."""
    rows = (
        ArmRow("a", n=12, endpoint="11.4", endpoint_sd="3.8"),
        ArmRow("b", n=11, endpoint="10.9", endpoint_sd="4.3"),
    )
    (found,) = checks_of(trial(rows, (StudyContrast("p", READ, p="0.27", adjusted=adjusted),)))
    assert (found.id, found.verdict) == ("p-against-figures", verdict)


def dose(*readings: tuple[str, str, str]) -> StudyDose:
    """A dose of salt with these readings, of which the source prints 301.5 mg elemental."""
    listed = tuple(DoseReading(*each) for each in readings)
    return StudyDose("as stated", "salt", (), "salt", "oral", 6.0, 1, listed, "301.5", "", "", READ)


def test_each_mass_of_salt_is_held_against_its_own_forms() -> None:
    """500 mg of oxide hold 301.5 mg of magnesium, 600 mg of citrate 97 mg."""
    given = dose(("oxide", "500", "301.5"), ("elemental", "301.5", "301.5"), ("citrate", "600", "97"))
    found = {dict(check.numbers)["salt mg"]: check for check in checks_of(trial(dose=given))}
    assert {mass: check.verdict for mass, check in found.items()} == {"500": "consistent", "600": "cannot be"}
    assert "500 mg of salt hold 302 mg as oxide; " in found["500"].sentence
    assert "600 mg of salt hold 97 mg as citrate; " in found["600"].sentence


def test_a_reading_as_all_magnesium_is_no_share_of_a_salt() -> None:
    assert checks_of(trial(dose=dose(("oxide", "301.5", "301.5")))) == ()


# --- effects ----------------------------------------------------------------------------------------------------------


def row(via: str, assumed: str = "") -> BodyRow:
    return BodyRow("tarleton-2017", "score", "", via, "a", "b", (23, 23), "lower", assumed=assumed, yi=0.0, vi=0.0)


def test_an_effect_from_p_says_what_the_row_assumes() -> None:
    study = trial(contrasts=(StudyContrast("p", READ, p="0.01"),))
    plain, assuming = effect_of(row("p"), study), effect_of(row("p", "23 in each arm"), study)
    assert round(plain.yi, 2) == -0.78  # afsharfar-2021 in the dossier
    assert assuming.assumptions == (*plain.assumptions, "23 in each arm")
    assert all(plain.assumptions)


def test_an_effect_from_an_interval_takes_the_difference_in_points_that_has_one() -> None:
    """tarleton-2017 prints -6.0 (-7.9 to -4.2)."""
    contrasts = (
        StudyContrast("SMD", READ, "-0.9", "-1.4", "-0.4"),
        StudyContrast("MD", READ, "-5.0"),
        StudyContrast("MD", READ, low="-7.9", high="-4.2"),
        StudyContrast("MD", READ, "-6.0", "-7.9", "-4.2"),
    )
    effect = effect_of(row("interval"), trial(contrasts=contrasts))
    assert (effect.yi, effect.measure) == (-6.0, "MD")
    assert effect.se == pytest.approx(3.7 / 2 / 1.959964, abs=1e-6)
    with pytest.raises(InvalidInput, match="MGD-P140"):
        effect_of(row("interval"), trial(contrasts=contrasts[:3]))


@pytest.mark.parametrize("second", [ArmRow("b", endpoint="10.9"), ArmRow("b", endpoint_sd="4.3")])
def test_a_mean_without_its_spread_makes_no_effect(second: ArmRow) -> None:
    study = trial((ArmRow("a", endpoint="11.4", endpoint_sd="3.8"), second))
    with pytest.raises(InvalidInput, match="MGD-P140") as caught:
        effect_of(row("end scores"), study)
    assert "endpoint and endpoint_sd of b in the study file" in str(caught.value)
