"""Printing doses, and the linter for any text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mgdecide.domain import safeprint
from mgdecide.domain.amounts import read_amount
from mgdecide.domain.intervals import Interval
from mgdecide.domain.safeprint_rules import RULES
from mgdecide.domain.units import Unit


@pytest.mark.parametrize(
    ("stated", "printed"),
    [
        ("500.0 mg", "500 mg"),
        ("0.5 g", "500 mg"),
        ("1.745 g", "1.745 g"),
        ("4 g", "4 g"),
        ("1500 mg", "1,500 mg"),
        ("1234567 mg", "1,234,567 mg"),
        ("0.4 mg", "400 micrograms"),
        ("400 \N{MICRO SIGN}g", "400 micrograms"),
        ("1 mcg", "1 microgram"),
        ("0.0005 mg", "0.5 micrograms"),
        ("0.0004 g", "400 micrograms"),
        ("1 g", "1 g"),
        ("1 mg", "1 mg"),
        (".5 mmol", "0.5 mmol"),
        ("20 MEQ", "20 mEq"),
        ("777.6 mg", "777.6 mg"),
    ],
)
def test_a_stated_amount_keeps_its_digits(stated: str, printed: str) -> None:
    assert safeprint.amount(read_amount(stated)) == printed
    assert safeprint.check(printed) == ()
    assert read_amount(printed) == read_amount(stated)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("301.5185", "302"),
        ("241.2", "241"),
        ("98.614", "98.6"),
        ("9.924", "9.92"),
        ("9.9", "9.9"),
        ("10", "10"),
        ("0.0656", "0.0656"),
        ("1014.1", "1,014"),
        ("110.4", "110"),
        ("1.104", "1.1"),
        ("0.00000000001234", "0.000000000012"),  # twelve places and no more
        ("19807.4", "19,807"),
        ("999.5", "1,000"),  # half to even
        ("99.95", "100"),
        ("0", "0"),
    ],
)
def test_a_computed_number_has_three_significant_digits_or_all_whole_ones(value: str, printed: str) -> None:
    assert safeprint.number(Fraction(value)) == printed


def test_a_number_without_end_is_rounded_where_it_must_be() -> None:
    assert safeprint.exact_number(Fraction(1, 3)) == "0.333"
    assert safeprint.exact_number(Fraction(1, 8)) == "0.125"


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (Interval("301.52", 500), Unit.MILLIGRAM, "302 to 500 mg"),
        (Interval("301.6", "302.4"), Unit.MILLIGRAM, "302 mg"),
        (Fraction("0.6"), Unit.MILLIGRAM, "600 micrograms"),
        (Interval("0.6", 1), Unit.MILLIGRAM, "0.6 to 1 mg"),
        (Fraction("0.5"), Unit.MILLIMOLE, "0.5 mmol"),
    ],
)
def test_a_quantity_is_one_number_or_two(value: Fraction | Interval, unit: Unit, printed: str) -> None:
    assert safeprint.quantity(value, unit) == printed
    assert safeprint.check(printed) == ()


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        ("PRINT-01", "MgSO4 4 g", "magnesium sulfate heptahydrate 4 g"),
        ("PRINT-01", "give Mg SO4", "give magnesium sulfate"),
        ("PRINT-01", "MgSO\N{SUBSCRIPT FOUR}", "magnesium sulfate"),
        ("PRINT-01", "MSO4 10 mg", "morphine sulfate 10 mg"),
        ("PRINT-01", "MS 10 mg", "Ms Smith takes 10 mg"),
        ("PRINT-02", "2.0 mg", "2 mg"),
        ("PRINT-02", "1,000.50 mg", "1,000.5 mg"),
        ("PRINT-02", "0.80 mmol/L", "0.8 mmol/L"),
        ("PRINT-03", "give .5 mg", "give 0.5 mg"),
        ("PRINT-03", "p = .02", "p = 0.02"),
        ("PRINT-04", "500mg", "500 mg"),
        ("PRINT-04", "4g of salt", "4 g of salt"),
        ("PRINT-04", "10mL", "10 mL"),
        ("PRINT-05", "10 U", "10 units"),
        ("PRINT-05", "10u", "10 units"),
        ("PRINT-05", "400 IU", "400 international units"),
        ("PRINT-06", "400 mg QD", "400 mg daily"),
        ("PRINT-06", "400 mg q.o.d.", "400 mg every other day"),
        ("PRINT-07", "400 \N{MICRO SIGN}g", "400 micrograms"),
        ("PRINT-07", "400 ug", "400 mcg"),
        ("PRINT-08", "if eGFR < 30", "if eGFR is less than 30"),
        ("PRINT-08", "if eGFR >=60", "if eGFR is at least 60"),
        ("PRINT-08", "eGFR \N{GREATER-THAN OR EQUAL TO} 60", "eGFR at least 60"),
        ("PRINT-09", "2000 mg", "2,000 mg"),
        ("PRINT-10", "500 Mg", "500 mg"),
        ("PRINT-10", "500Mg", "500 mg"),
        ("PRINT-11", "400 mg MgO", "400 mg magnesium oxide"),
        ("PRINT-11", "MgCl2(H2O)6", "magnesium chloride hexahydrate"),
        ("PRINT-11", "MgCO3", "magnesium carbonate, anhydrous"),
        ("PRINT-11", "Mg(OH)2", "magnesium hydroxide"),
        ("PRINT-12", "5 cc", "5 mL"),
        ("PRINT-13", "give one amp", "give 5 g of magnesium sulfate heptahydrate"),
        ("PRINT-13", "2 ampoules", "10 g of magnesium sulfate heptahydrate"),
    ],
)
def test_each_rule_finds_its_mistake_and_lets_the_right_form_pass(rule: str, bad: str, good: str) -> None:
    assert rule in {problem.rule for problem in safeprint.check(bad)}
    assert safeprint.check(good) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "serum magnesium 0.7 to 1.0 (version 2.0, table 1.10)",
        "SMD -0.92 (95% CI -1.44 to -0.40)",
        "<br> a -> b => c <a href='x'>",
        "mgdecide 0.1.0, rules 2026.10, year 2017",
        "eGFR 71 mL/min/1.73 m2",
        "the Mg2+ ion; mg of Mg",
        "3 tablets of 500 mg, 1,000 mg in all",
        "Queensland, QTc 470 ms, IUPAC",
        "5 ampicillin tablets, amplitude",
        "0.5 g and 10.5 mg and 100 mg",
    ],
)
def test_what_is_no_mistake_is_let_pass(text: str) -> None:
    assert safeprint.check(text) == ()


def test_a_laboratory_result_may_keep_its_trailing_zero() -> None:
    text = "magnesium 1.70 mg/dL (0.70 mmol/L); eGFR 60.0 mL/min/1.73 m2; dose 2.0 mg"
    assert [problem.found for problem in safeprint.check(text)] == ["1.70", "0.70", "60.0", "2.0"]
    assert [problem.found for problem in safeprint.check(text, laboratory=True)] == ["2.0"]


def test_a_laboratory_result_may_keep_its_unit_as_reported() -> None:
    text = "selenium 70 ug/L, ALT 40 U/L; vitamin D 400 IU, selenium 55 ug"
    assert [problem.found for problem in safeprint.check(text)] == ["ug", "40 U", "IU", "ug"]
    assert [problem.found for problem in safeprint.check(text, laboratory=True)] == ["IU", "ug"]


def test_signs_may_stand_in_tables() -> None:
    assert safeprint.check("eGFR < 30", prose=False) == ()
    assert safeprint.check("eGFR < 30")[0].write == "write less than, more than, at least or at most"


def test_what_is_wrong_everywhere_is_found_in_a_table_of_laboratory_results_too() -> None:
    text = "give 500mg MgO QD"
    found = [problem.rule for problem in safeprint.check(text, laboratory=True, prose=False)]
    assert found == [problem.rule for problem in safeprint.check(text)] == ["PRINT-04", "PRINT-11", "PRINT-06"]


def test_a_problem_tells_where_what_and_who_says_so() -> None:
    (problem,) = safeprint.check("Give 500mg now")
    assert (problem.start, problem.end, problem.found) == (5, 10, "500mg")
    assert str(problem).startswith('[PRINT-04] at 5: "500mg"; put a space before the unit (NHS')
    assert repr(problem).endswith("end=10, found='500mg', write='put a space before the unit')")


def test_problems_come_in_order_of_place() -> None:
    found = safeprint.check("2.0 mg MgO QD, .5 mg")
    assert [problem.start for problem in found] == sorted(problem.start for problem in found)


def test_every_rule_has_an_id_of_its_own_a_sentence_and_a_source() -> None:
    assert [rule.id for rule in RULES] == [f"PRINT-{number:02}" for number in range(1, len(RULES) + 1)]
    for rule in RULES:
        assert rule.sentence.endswith(".")
        assert rule.write
        assert rule.source


def test_the_linter_is_quick_on_a_long_text() -> None:
    assert safeprint.check("1" * 50_000 + "Mg" * 10_000) == ()
