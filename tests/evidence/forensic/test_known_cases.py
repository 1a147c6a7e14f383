"""The checks on printed figures that are known not to hold together, and on their sound neighbours.

Figures as in the dossier of trials: rajizadeh-2017, rodriguez-moran-2024, tarleton-2019, barragan-2008 and others.
"""

from __future__ import annotations

import re

import pytest

from mgdecide.domain import safeprint
from mgdecide.evidence.forensic import (
    Check,
    PrintedArm,
    arms_add_up,
    bounded_sd,
    change_against_means,
    correlation_of_change,
    elemental_against_salt,
    flagged,
    flow_adds_up,
    grim,
    interval_against_estimate,
    p_against_change,
    p_against_figures,
    p_against_interval,
    percentage,
    registered_n,
    sd_or_standard_error,
)

CHLORIDE = {"anhydrous": 0.2553, "dihydrate": 0.1850, "hexahydrate": 0.1196}

# --- rajizadeh-2017 ---------------------------------------------------------------------------------------------------
RAJIZADEH_MEANS = [
    grim("rajizadeh-2017", f"BDI-II, {when}", mean, n, "rajizadeh-2017", decimals=2)
    for when, mean, n in (
        ("baseline, magnesium", "26.9", 26),
        ("endpoint, magnesium", "11.26", 26),
        ("baseline, placebo", "25.6", 27),
        ("endpoint, placebo", "15.2", 27),
    )
]
RAJIZADEH_SPREAD = correlation_of_change(
    "rajizadeh-2017", "serum magnesium, placebo", "0.13", "0.27", "0.03", "rajizadeh-2017"
)
RAJIZADEH_PAIRED_P = p_against_change(
    "rajizadeh-2017", "serum magnesium, placebo", "0.09", "0.03", 27, "0.110", "rajizadeh-2017"
)


def test_rajizadeh_means_at_the_two_decimals_of_their_column() -> None:
    assert [check.verdict for check in RAJIZADEH_MEANS] == ["cannot be"] * 4
    assert RAJIZADEH_MEANS[1].sentence == (
        "BDI-II, endpoint, magnesium: the printed mean 11.26 cannot come from whole scores of 26 people (nearest: "
        "292 / 26 = 11.2308, 293 / 26 = 11.2692), unless digits were cut off instead of rounded."
    )
    assert dict(RAJIZADEH_MEANS[1].numbers)["n"] == "26"
    assert dict(RAJIZADEH_MEANS[1].numbers)["decimals"] == "2"


def test_rajizadeh_cut_off_digits_explain_one_mean_of_four() -> None:
    tolerant = grim("rajizadeh-2017", "x", "11.26", 26, "s", truncation_tolerated=True)
    assert tolerant.verdict == "consistent"
    assert grim("rajizadeh-2017", "x", "26.9", 26, "s", decimals=2, truncation_tolerated=True).verdict == "cannot be"


def test_rajizadeh_one_decimal_tells_nothing() -> None:
    assert grim("rajizadeh-2017", "x", "26.9", 26, "s").verdict == "cannot tell"


def test_rajizadeh_serum_spread_implies_a_correlation_of_1_27() -> None:
    assert RAJIZADEH_SPREAD.verdict == "cannot be"
    assert float(dict(RAJIZADEH_SPREAD.numbers)["implied correlation"]) == pytest.approx(1.27, abs=0.005)
    # The dossier: 0.03 reads like a slip for about 0.28 to 0.30, whose p is near .11.
    assert correlation_of_change("r", "x", "0.13", "0.27", "0.29", "s").verdict == "consistent"
    assert p_against_change("r", "x", "0.09", "0.29", 27, "0.110", "s").verdict == "consistent"


def test_rajizadeh_paired_p() -> None:
    assert RAJIZADEH_PAIRED_P.verdict == "cannot be"
    assert p_against_change("r", "BDI-II", "-15.65", "8.92", 26, "0.001", "s").verdict == "consistent"


def test_rajizadeh_what_does_hold() -> None:
    first, second = PrintedArm("-15.65", "8.92", 26), PrintedArm("-10.4", "7.9", 27)
    check = p_against_figures("rajizadeh-2017", "BDI-II change", first, second, "0.02", "s")
    assert check.verdict == "consistent"
    assert float(dict(check.numbers)["p computed"]) == pytest.approx(0.027, abs=0.0005)  # the dossier's derived p
    assert change_against_means("r", "BDI-II", "26.9", "11.26", "-15.65", "s").verdict == "consistent"
    assert percentage("r", "normal magnesium", "88.5", 26, "s").verdict == "consistent"
    assert percentage("r", "normal magnesium", "48.1", 27, "s").verdict == "consistent"


# --- rodriguez-moran-2024 ---------------------------------------------------------------------------------------------
RODRIGUEZ_MORAN = [
    bounded_sd(
        "rodriguez-moran-2024", f"BDI, baseline, {arm}", mean, sd, n, 11, 29, "s", bounds="entry from 11 to below 30"
    )
    for arm, mean, sd, n in (("magnesium", "28.8", "3.7", 30), ("control", "28.4", "3.8", 29))
]
RODRIGUEZ_MORAN_SHARE = percentage("rodriguez-moran-2024", "BDI below 11", "73.2", 30, "s", count=22)


def test_rodriguez_moran_spread_beyond_the_bound_of_the_entry_range() -> None:
    assert [check.verdict for check in RODRIGUEZ_MORAN] == ["cannot be"] * 2
    limits = [float(dict(check.numbers)["limit at the printed mean"]) for check in RODRIGUEZ_MORAN]
    assert [round(limit, 1) for limit in limits] == [1.9, 3.2]
    # On the scale itself, 0 to 63, the same figures are possible.
    assert bounded_sd("r", "x", "28.8", "3.7", 30, 0, 63, "s").verdict == "consistent"


def test_rodriguez_moran_shares() -> None:
    assert RODRIGUEZ_MORAN_SHARE.verdict == "cannot be"
    assert "22 of 30 is 73.33%" in RODRIGUEZ_MORAN_SHARE.sentence
    assert percentage("r", "x", "34.5", 29, "s", count=10).verdict == "consistent"
    assert percentage("r", "any mild event", "20.0", 30, "s", count=6).verdict == "consistent"
    assert percentage("r", "any mild event", "10", 29, "s", count=3).verdict == "consistent"


# --- tarleton-2019 and tarleton-2017 ----------------------------------------------------------------------------------
TARLETON_2019 = interval_against_estimate("tarleton-2019", "PHQ-2, adjusted", "-0.25", "-3.33", "-0.09", "s")


def test_tarleton_2019_interval() -> None:
    assert TARLETON_2019.verdict == "cannot be"
    assert "from -0.09 the other end would be -0.41" in TARLETON_2019.sentence
    assert dict(TARLETON_2019.numbers)["middle of the interval"] == "-1.71"


@pytest.mark.parametrize(
    ("estimate", "low", "high"),
    [
        ("-0.19", "-0.31", "-0.07"),  # tarleton-2019, PHQ-2 crude
        ("-0.93", "-1.81", "-0.06"),  # tarleton-2019, PHQ-9 crude
        ("-1.09", "-1.96", "-0.21"),  # tarleton-2019, PHQ-9 adjusted
        ("-6.0", "-7.9", "-4.2"),  # tarleton-2017, PHQ-9
        ("-4.5", "-6.6", "-2.4"),  # tarleton-2017, GAD-7
        ("-0.919", "-1.443", "-0.396"),  # moabedi-2023
        ("2.12", "-0.11", "4.36"),  # sajjadi-2022
    ],
)
def test_sound_intervals(estimate: str, low: str, high: str) -> None:
    assert interval_against_estimate("x", "x", estimate, low, high, "s").verdict == "consistent"


def test_ratios_lie_evenly_in_logs() -> None:
    assert interval_against_estimate("x", "RR", "1.34", "1.01", "1.79", "s", ratio=True).verdict == "consistent"
    assert interval_against_estimate("x", "RR", "1.34", "1.01", "1.67", "s", ratio=True).verdict == "cannot be"
    assert interval_against_estimate("x", "RR", "1.34", "1.01", "1.67", "s", ratio=True, even=False).verdict == (
        "consistent"
    )
    assert interval_against_estimate("x", "RR", "0.98", "1.01", "1.67", "s", even=False).verdict == "cannot be"


@pytest.mark.parametrize(
    ("estimate", "low", "high", "p", "verdict"),
    [
        ("-0.93", "-1.81", "-0.06", "0.037", "consistent"),
        ("-1.09", "-1.96", "-0.21", "0.015", "consistent"),
        ("-6.0", "-7.9", "-4.2", "<0.001", "consistent"),
        ("-1.09", "-1.96", "-0.21", "0.15", "cannot be"),
        ("-1.09", "-1.96", "0.21", "<0.001", "cannot be"),
    ],
)
def test_p_beside_intervals(estimate: str, low: str, high: str, p: str, verdict: str) -> None:
    assert p_against_interval("tarleton", "x", estimate, low, high, p, "s").verdict == verdict


# --- barragan-2008 ----------------------------------------------------------------------------------------------------
BARRAGAN_END = p_against_figures(
    "barragan-2008", "GDS, endpoint", PrintedArm("11.4", "3.8", 12), PrintedArm("10.9", "4.3", 11), ".27", "s"
)
BARRAGAN_SERUM = sd_or_standard_error(
    "barragan-2008",
    "serum magnesium, baseline",
    PrintedArm("1.3", ".04", 12),
    PrintedArm("1.4", ".04", 11),
    ".09",
    "s",
)


def test_barragan_p_both_ways() -> None:
    assert BARRAGAN_END.verdict == "cannot be"
    numbers = dict(BARRAGAN_END.numbers)
    assert float(numbers["p computed"]) == pytest.approx(0.77, abs=0.005)
    assert "that p needs a difference of 1.9; the printed means differ by 0.5" in BARRAGAN_END.sentence
    before = PrintedArm("17.9", "3.9", 12), PrintedArm("16.1", "4.5", 11)
    assert p_against_figures("barragan-2008", "GDS, baseline", *before, ".34", "s").verdict == "consistent"


def test_an_adjusted_p_is_not_judged() -> None:
    arms = PrintedArm("11.4", "3.8", 12), PrintedArm("10.9", "4.3", 11)
    assert p_against_figures("x", "x", *arms, ".27", "s", adjusted=True).verdict == "cannot tell"


def test_barragan_serum_spreads_fit_as_standard_errors() -> None:
    """As standard errors they return the printed p (.092); means of one decimal leave the other reading barely open."""
    numbers = dict(BARRAGAN_SERUM.numbers)
    assert float(numbers["p if standard error"]) == pytest.approx(0.092, abs=0.0005)
    assert float(numbers["p if sd"]) < 0.001
    assert BARRAGAN_SERUM.verdict == "cannot tell"
    assert "fit as standard errors" in BARRAGAN_SERUM.sentence


def test_standard_errors_are_told_where_the_means_are_printed_finely() -> None:
    first, second = PrintedArm("1.30", "0.04", 12), PrintedArm("1.40", "0.04", 11)
    check = sd_or_standard_error("x", "x", first, second, ".09", "s")
    assert check.verdict == "cannot be"
    assert check.sentence.endswith("They cannot be standard deviations.")
    real = PrintedArm("1.30", "0.14", 12), PrintedArm("1.40", "0.13", 11)
    assert sd_or_standard_error("x", "x", *real, ".09", "s").verdict == "consistent"
    neither = sd_or_standard_error("x", "x", first, second, ".6", "s")
    assert neither.verdict == "cannot tell"
    assert "Neither reading gives it" in neither.sentence


# --- doses, counts ----------------------------------------------------------------------------------------------------
SISTER_DOSE = elemental_against_salt("nct05630339", "daily dose", "1000", "300", CHLORIDE, "s")
KOZIELEC = arms_add_up("kozielec-1997", "children", {"boys": 94, "girls": 20}, 116, "s")
MEHDI = registered_n("mehdi-2017", "people", 21, 12, "s", registered_is="actual")


@pytest.mark.parametrize(
    ("salt", "elemental", "fits"),
    [("2500", "450", "dihydrate"), ("2000", "248", "hexahydrate")],
    ids=["barragan-2008", "tarleton-2017"],
)
def test_doses_that_one_hydrate_can_give(salt: str, elemental: str, fits: str) -> None:
    check = elemental_against_salt("x", "dose", salt, elemental, CHLORIDE, "s")
    assert check.verdict == "consistent"
    assert check.sentence.endswith(f"which fits {fits}.")


def test_a_dose_that_no_form_of_the_salt_can_give() -> None:
    assert SISTER_DOSE.verdict == "cannot be"
    assert SISTER_DOSE.sentence == (
        "daily dose: 1,000 mg of salt hold 255 mg as anhydrous, 185 mg as dihydrate, 120 mg as hexahydrate; "
        "300 mg elemental is stated, which fits none of these forms."
    )


def test_people() -> None:
    assert KOZIELEC.verdict == "cannot be"
    assert KOZIELEC.sentence == "children: 94 boys + 20 girls make 114, not the printed 116."
    assert arms_add_up("kozielec-1997", "children", {"deficient": 68, "control": 48}, 116, "s").verdict == "consistent"
    assert arms_add_up("tarleton-2017", "people", {"first": 62, "second": 64}, 126, "s").verdict == "consistent"
    assert MEHDI.verdict == "cannot be"
    assert registered_n("x", "people", 20, 12, "s", registered_is="target").verdict == "cannot tell"
    assert registered_n("x", "people", 12, 12, "s", registered_is="actual").verdict == "consistent"
    assert flow_adds_up("tarleton-2017", "people", 126, 14, 112, "s").verdict == "consistent"
    assert flow_adds_up("mahboobi-2022", "people", 74, 20, 52, "s").verdict == "cannot be"


# --- words ------------------------------------------------------------------------------------------------------------
ALL: tuple[Check, ...] = (
    *RAJIZADEH_MEANS,
    RAJIZADEH_SPREAD,
    RAJIZADEH_PAIRED_P,
    *RODRIGUEZ_MORAN,
    RODRIGUEZ_MORAN_SHARE,
    TARLETON_2019,
    BARRAGAN_END,
    BARRAGAN_SERUM,
    SISTER_DOSE,
    KOZIELEC,
    MEHDI,
)
MOTIVES = re.compile(
    r"fraud|fabricat|fake|falsif|manipulat|suspicio|dishonest|mislead|conceal|hid|invent|author|error\b|wrong|blame",
    re.IGNORECASE,
)


@pytest.mark.parametrize("check", ALL, ids=lambda check: f"{check.study} {check.id} {check.what}")
def test_sentences_are_neutral_and_safe_to_read(check: Check) -> None:
    assert not MOTIVES.search(check.sentence)
    assert safeprint.check(check.sentence) == ()
    assert check.sentence.endswith(".")
    assert check.what in check.sentence
    assert check.source
    assert check.numbers


def test_flags_are_what_cannot_be() -> None:
    assert set(ALL) - set(flagged(ALL)) == {BARRAGAN_SERUM}


def test_the_record() -> None:
    assert KOZIELEC.to_record() == {
        "id": "arms-add-up",
        "study": "kozielec-1997",
        "what": "children",
        "verdict": "cannot be",
        "sentence": "children: 94 boys + 20 girls make 114, not the printed 116.",
        "numbers": {"n boys": "94", "n girls": "20", "sum": "114", "total": "116"},
        "source": "s",
    }
