"""What ``mgdecide dose`` answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mgdecide.adapters.report.dose import DoseRecord, dose_record, dose_text
from mgdecide.domain.safeprint import check
from mgdecide.domain.salts import salts
from mgdecide.errors import DoseError

OXIDE = "magnesium oxide"
TABLE = (Path(__file__).parents[1] / "domain" / "salt_figures.csv").read_text(encoding="utf-8").splitlines()
FIGURES = [tuple(row.values()) for row in csv.DictReader(line for line in TABLE if not line.startswith("#"))]


def test_the_record_has_the_keys_of_the_contract() -> None:
    record = dose_record("500 mg", "Magnesium Oxide", "salt")
    assert list(record) == ["salt", "stated", "basis", "elemental_mg", "elemental_mmol", "elemental_meq", "salt_mg"]
    assert record == {
        "salt": "magnesium oxide",
        "stated": "500 mg",
        "basis": "salt",
        # 500 x 24.305 / 40.304 = 301.52094; / 24.305 = 12.40572
        "elemental_mg": {"low": 301.5209, "high": 301.5209},
        "elemental_mmol": {"low": 12.4057, "high": 12.4057},
        "elemental_meq": {"low": 24.8114, "high": 24.8114},
        "salt_mg": {"low": 500.0, "high": 500.0},
    }
    assert json.loads(json.dumps(record)) == record


@pytest.mark.parametrize(
    ("amount", "salt", "basis", "said", "elemental", "of_salt"),
    [
        ("500 mg", OXIDE, None, "not stated", (301.5, 500.0), (500.0, 829.1)),
        ("500 mg", OXIDE, "elemental", "elemental", (500.0, 500.0), (829.1, 829.1)),
        ("4 g", "magnesium sulfate", "salt", "salt", (394.5, 807.7), (4000.0, 4000.0)),
        ("2.5 g", "magnesium chloride", "salt", "salt", (298.9, 638.2), (2500.0, 2500.0)),
        ("10 mmol", "magnesium aspartate dihydrate", None, "elemental", (243.1, 243.1), (3245.2, 3245.2)),
        ("20 mEq", "magnesium aspartate dihydrate", "elemental", "elemental", (243.1, 243.1), (3245.2, 3245.2)),
        ("400 mg", "magnesium glycinate", None, "not stated", (46.6, 400.0), (400.0, 3430.6)),
        ("105 mg", "basic magnesium carbonate", "salt", "salt", (25.2, 30.2), (105.0, 105.0)),
    ],
)
def test_readings(
    amount: str,
    salt: str,
    basis: str | None,
    said: str,
    elemental: tuple[float, float],
    of_salt: tuple[float, float],
) -> None:
    record = dose_record(amount, salt, basis)
    assert record["basis"] == said
    assert record["stated"] == amount
    for given, expected in ((record["elemental_mg"], elemental), (record["salt_mg"], of_salt)):
        assert (given["low"], given["high"]) == pytest.approx(expected, abs=0.06)
    assert_units_agree(record)


def assert_units_agree(record: DoseRecord) -> None:
    for mg, mmol, meq in (
        (record["elemental_mg"]["low"], record["elemental_mmol"]["low"], record["elemental_meq"]["low"]),
        (record["elemental_mg"]["high"], record["elemental_mmol"]["high"], record["elemental_meq"]["high"]),
    ):
        assert mmol == pytest.approx(mg / 24.305, abs=1e-4)
        assert meq == pytest.approx(2 * mmol, abs=2e-4)


@pytest.mark.parametrize(("id", "mass", "share", "salt_for_100_mg"), FIGURES)
def test_every_form_by_name(id: str, mass: str, share: str, salt_for_100_mg: str) -> None:
    (salt,) = (each for each in salts() if each.id == id)
    record = dose_record("100 mg", salt.name, "salt")
    assert record["salt"] == salt.name
    assert record["elemental_mg"]["low"] == record["elemental_mg"]["high"]
    assert record["elemental_mg"]["low"] == pytest.approx(100 * float(share), abs=0.001)
    again = dose_record("100 mg", salt.name, "elemental")
    assert again["salt_mg"]["low"] == pytest.approx(float(salt_for_100_mg), rel=2e-4)


def test_small_amounts_keep_four_significant_digits() -> None:
    record = dose_record("1 microgram", OXIDE, "salt")
    assert record["elemental_mg"]["low"] == 0.000603
    assert record["elemental_mmol"]["low"] == pytest.approx(0.001 / 40.304, rel=1e-3)


@pytest.mark.parametrize(
    ("amount", "salt", "basis", "code"),
    [
        ("500 Mg", OXIDE, None, "MGD-U102"),
        ("20 mEq", OXIDE, "salt", "MGD-U104"),
        ("500 mg per day", OXIDE, None, "MGD-U105"),
        ("1,5 g", OXIDE, None, "MGD-U106"),
        ("500 tablets", OXIDE, None, "MGD-U108"),
        ("-500 mg", OXIDE, None, "MGD-U109"),
        ("nan mg", OXIDE, None, "MGD-U109"),
        ("5000 g", OXIDE, None, "MGD-U109"),
        ("500 mg", "magnesium stearate", None, "MGD-U111"),
        ("500 mg", OXIDE, "both", "MGD-U114"),
    ],
)
def test_bad_input_has_one_problem_of_one_line(amount: str, salt: str, basis: str | None, code: str) -> None:
    for answer in (dose_record, dose_text):
        with pytest.raises(DoseError) as caught:
            answer(amount, salt, basis)
        (problem,) = caught.value.problems
        assert problem.code == code
        assert "\n" not in str(problem)


def test_without_basis_the_text_shows_both_readings() -> None:
    assert dose_text("500 mg", "MgO") == "\n".join(
        (
            "500 mg magnesium oxide (salt or elemental: not stated)",
            "  elemental magnesium  302 to 500 mg",
            "                       12.4 to 20.6 mmol",
            "                       24.8 to 41.1 mEq",
            "  salt                 500 to 829 mg",
            "",
            "  If 500 mg is the salt, it holds 302 mg elemental magnesium.",
            "  If 500 mg is elemental, it takes 829 mg of the salt.",
            "  The label or the maker says which; give it as --basis salt or elemental.",
        )
    )


def test_without_hydrate_the_text_shows_each_form() -> None:
    lines = dose_text("4 g", "MgSO4", "salt").splitlines()
    assert lines[0] == "4 g magnesium sulfate (salt)"
    assert "    magnesium sulfate, anhydrous    808 mg elemental" in lines
    assert "    magnesium sulfate heptahydrate  394 mg elemental" in lines
    lines = dose_text("20 mEq", "MgSO4").splitlines()
    assert "    magnesium sulfate, anhydrous    1,204 mg of salt" in lines


def test_goods_that_vary_say_so() -> None:
    assert "24 to 28.8 %" in dose_text("500 mg", "magnesium carbonate", "salt")


@pytest.mark.parametrize("basis", ["salt", "elemental", None])
@pytest.mark.parametrize("name", ["magnesium oxide", "magnesium carbonate", "magnesium citrate", "Magtein", "malate"])
def test_the_text_is_safe_and_fits_76_columns(name: str, basis: str | None) -> None:
    text = dose_text("1500 mg", name, basis)
    assert check(text) == ()
    assert max(len(line) for line in text.splitlines()) <= 76
