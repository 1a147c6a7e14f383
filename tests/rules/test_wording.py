"""The places of published texts, filled: results as reported, both readings of a doubtful unit, medicines as named."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide.domain.laboratory import LabResult
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.facts import SERUM_MAGNESIUM
from mgdecide.logic.questions import LabIn, limit
from mgdecide.rules.derived import CKD_EPI_2021
from mgdecide.rules.vocabulary import Words
from mgdecide.rules.wording import Wording, bare, shown_result
from tests.rules.judge import healthy, judged, lab, magnesium, record

Row = dict[str, Any]


def wording(*labs: Row, **more: Any) -> Wording:
    return judged(record(*labs, **more))._wording


def text(rule: str, given: Row) -> str:
    assessment = judged(given)
    return next(each.text for each in (*assessment.urgent, *assessment.findings) if each.rule == rule)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.48", "1.48 mg/dL"),
        ("<0.5", "less than 0.5 mg/dL"),
        ("<=0.5", "at most 0.5 mg/dL"),
        (">9", "more than 9 mg/dL"),
        (">=9.0", "at least 9.0 mg/dL"),
    ],
)
def test_a_result_is_shown_as_reported(value: str, shown: str) -> None:
    result: LabResult = wording(magnesium(value, "mg/dL")).reading.results["serum_magnesium"]
    assert shown_result(result) == shown


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("serum_magnesium", "1.48 mg/dL"),
        ("age_years", "54 years"),
        ("diet_magnesium_mg_per_day", "210.5 mg/day"),
        ("sex", "female"),
        ("dialysis", "false"),
        ("bipolar_disorder", "true"),
        ("weight_kg", "not known"),
        ("serum_magnesium_unit", "not known"),  # a column, not a fact
        ("no_fact", "not known"),
    ],
)
def test_a_fact_is_shown_with_its_unit(fact: str, words: str) -> None:
    given = {"conditions": {"dialysis": False, "bipolar_disorder": True}}
    diet = {"diet": {"magnesium_mg_per_day": "210.5"}}
    assert wording(magnesium("1.48", "mg/dL"), **given, **diet).fact(fact) == words


@pytest.mark.parametrize(("value", "words"), [(True, "true"), (False, "false"), (54.0, "54"), (3, "3"), ("a", "a")])
def test_a_bare_value(value: object, words: str) -> None:
    assert bare(value) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        # 24.305 g/mol, valence 2: 2.0 mmol/L are 4.86 mg/dL; 2.0 mg/dL 0.823 mmol/L; 2.0 mEq/L 1.00 mmol/L
        (
            "2.0",
            "mmol/L",
            "As reported 2.0 mmol/L (that is 4.86 mg/dL); the same digits in mg/dL 2.0 mg/dL (that is 0.823 mmol/L); "
            "the same digits in mEq/L 2.0 mEq/L (that is 1 mmol/L).",
        ),
        (
            "0.8",
            "mg/dL",
            "As reported 0.8 mg/dL (that is 0.329 mmol/L); the same digits in mmol/L 0.8 mmol/L (that is 1.94 mg/dL); "
            "the same digits in mEq/L 0.8 mEq/L (that is 0.4 mmol/L).",
        ),
    ],
)
def test_both_readings_of_a_doubtful_unit(value: str, unit: str, words: str) -> None:
    assert wording(magnesium(value, unit)).both_readings() == words


def test_without_magnesium_there_is_nothing_to_read_twice() -> None:
    assert wording().both_readings() == ""


# Ninety days before the day of the records is 2026-05-31.
@pytest.mark.parametrize(("on", "told"), [("2026-05-31", ""), ("2026-05-30", "Potassium")])
def test_stale_results_are_named(on: str, told: str) -> None:
    found = wording(magnesium("0.9"), {**lab("serum_potassium", "4.1", "mmol/L"), "on": on}).stale()
    assert told.lower() in found.lower()
    assert bool(found) is bool(told)


def test_undated_results_are_named() -> None:
    potassium = {"test": "serum_potassium", "value": "4.1", "unit": "mmol/L"}
    beside = {"test": "serum_magnesium", "value": "0.5", "unit": "mmol/L"}
    words = wording(magnesium("0.9"), beside, potassium).undated().lower()
    assert words.startswith(("serum potassium, ", "potassium, "))
    assert words.endswith("magnesium 0.5 mmol/l")
    assert wording(magnesium("0.9")).undated() == ""


def test_results_of_one_day_that_differ_are_named() -> None:
    words = wording(magnesium("0.90"), magnesium("0.60"), magnesium("0.80")).conflicts().lower()
    assert words.endswith("magnesium 0.60 mmol/l and 0.80 mmol/l and 0.90 mmol/l")
    assert wording(magnesium("0.90")).conflicts() == ""


def test_unrecognised_medicines_are_named() -> None:
    named = [{"name": "an invented medicine"}, {"name": "omeprazole"}, {"name": "another one"}]
    assert wording(medications=named).unrecognised() == "an invented medicine, another one"


@pytest.mark.parametrize(
    ("products", "words"),
    [
        ([("250 mg", "elemental", "2")], "500 mg elemental magnesium a day"),
        ([("1000 mg", "elemental", "2")], "2,000 mg elemental magnesium a day"),
        ([("500 mg", None, "2")], "603 to 1,000 mg elemental magnesium a day"),
        ([("500 mg", "elemental", None)], "amount not known"),
    ],
)
def test_the_magnesium_of_products(products: list[tuple[str, str | None, str | None]], words: str) -> None:
    given = [
        {"salt": "magnesium oxide", "amount": amount}
        | ({"basis": basis} if basis else {})
        | ({"per_day": per_day} if per_day else {})
        for amount, basis, per_day in products
    ]
    assert wording(magnesium_products=given).products() == words


@pytest.mark.parametrize(
    ("age", "words"), [(0.5, "not known"), (2, "65 mg"), (8, "110 mg"), (9, "350 mg"), (54, "350 mg")]
)
def test_the_upper_level_in_force(age: float, words: str) -> None:
    """IOM 1997, supplements and medicines: none was set below one year."""
    assert wording(age_years=age).upper_level() == words


def test_a_rule_names_the_medicines_it_is_about_with_a_capital_in_order() -> None:
    given = healthy(medications=[{"name": "pantoprazole"}, {"name": "omeprazole"}, {"name": "sertraline"}])
    assert "Omeprazole, pantoprazole" in text("risk.ppi", given)
    assert "ertraline" not in text("risk.ppi", given)


def test_a_medicine_is_named_once_with_its_class_and_then_by_its_name() -> None:
    words = text("interaction.tetracyclines", healthy(medications=[{"name": "doxycycline"}]))
    assert words.startswith("doxycycline (tetracycline antibiotics): ")
    assert words.count("doxycycline") == 2
    assert words.count("tetracycline antibiotics") == 1


@pytest.mark.parametrize(("rule", "recalled"), [("companion.low-ferritin", True), ("companion.low-zinc", False)])
def test_what_rests_on_a_recalled_number_says_so(rule: str, recalled: bool) -> None:
    given = healthy(lab("ferritin", "10", "ug/L"), lab("zinc", "50", "ug/dL"))
    found = next(each for each in judged(given).findings if each.rule == rule)
    assert (("verified", False) in found.details) is recalled


def test_a_text_without_places_is_the_published_one() -> None:
    given = healthy(conditions={"bipolar_disorder": True})
    rule = default_knowledge().rule_entries["caution.bipolar"]
    assert "{" not in rule.text
    assert text("caution.bipolar", given) == rule.text


@pytest.mark.parametrize(
    ("fact", "label"),
    [
        ("egfr_ckd_epi_2021", "calculated eGFR (CKD-EPI 2021)"),
        ("body_mass_index", "body mass index"),
        ("a_column_of_nobody", "a column of nobody"),
    ],
)
def test_the_english_names(fact: str, label: str) -> None:
    assert Words(default_knowledge()).label(fact) == label


def test_a_column_beside_a_fact_is_named_after_it() -> None:
    words, facts = Words(default_knowledge()), default_knowledge().catalogue.facts
    assert words.label("egfr") == facts["egfr"].label
    assert words.label("egfr_age_days") == f"age of {facts['egfr'].label}"
    assert words.label("egfr_low") == f"{facts['egfr'].label} (low)"


def test_named_numbers_and_limits() -> None:
    words = Words(default_knowledge())
    assert words.name_of(CKD_EPI_2021) == "egfr_ckd_epi_2021"
    assert words.name_of(LabIn(SERUM_MAGNESIUM, "mmol/L")) is None
    assert words.limit_words(limit("oral-magnesium.kidney-stop"), ()) == "30 mL/min/1.73m2"
