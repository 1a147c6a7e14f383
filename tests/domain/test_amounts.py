"""Reading amounts and units."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgdecide.domain.amounts import Amount, AmountLike, Period, plain_digits, read_amount
from mgdecide.domain.exact import shown
from mgdecide.domain.units import Unit, find_unit
from mgdecide.errors import AmountInvalid, DoseError, UnitInvalid

MG, G, MCG, MMOL, MEQ = Unit.MILLIGRAM, Unit.GRAM, Unit.MICROGRAM, Unit.MILLIMOLE, Unit.MILLIEQUIVALENT


@pytest.mark.parametrize(
    ("given", "value", "unit"),
    [
        ("500 mg", "500", MG),
        ("500mg", "500", MG),
        ("  500   mg\n", "500", MG),
        ("500.0 mg", "500", MG),
        ("500 MG", "500", MG),
        ("500 milligrams", "500", MG),
        ("1 milligramme", "1", MG),
        ("0.5 g", "0.5", G),
        (".5 g", "0.5", G),
        ("4 G", "4", G),
        ("4 grammes", "4", G),
        ("10 mmol", "10", MMOL),
        ("10 millimoles", "10", MMOL),
        ("20 mEq", "20", MEQ),
        ("20 meq", "20", MEQ),
        ("20 MEQ", "20", MEQ),
        ("2.7 mVal", "2.7", MEQ),
        ("400 micrograms", "400", MCG),
        ("400 mcg", "400", MCG),
        ("400 ug", "400", MCG),
        ("400 \N{MICRO SIGN}g", "400", MCG),
        ("400 \N{GREEK SMALL LETTER MU}g", "400", MCG),
        ("1,500 mg", "1500", MG),
        ("1,234,567 micrograms", "1234567", MCG),
        ((500, "mg"), "500", MG),
        (("0.5", "g"), "0.5", G),
        ((Decimal("0.5"), "g"), "0.5", G),
        ((Fraction(1, 3), "g"), "1/3", G),
    ],
)
def test_usual_amounts(given: AmountLike, value: str, unit: Unit) -> None:
    amount = read_amount(given)
    assert (amount.value, amount.unit, amount.per) == (Fraction(value), unit, None)


@pytest.mark.parametrize(
    ("given", "milligrams"),
    [
        # One grain is 64.79891 mg by the international yard and pound agreement of 1959.
        ("2 grains", "129.59782"),
        ("1 Grain", "64.79891"),
        ("0.001 kg", "1000"),
        ("1 lb", "453592.37"),
        ("5 ng", "0.000005"),
        ("2 Kilograms", "2000000"),
    ],
)
def test_unusual_units_of_mass(given: str, milligrams: str) -> None:
    amount = read_amount(given)
    assert amount.unit.is_mass
    assert amount.base == Fraction(milligrams)


@pytest.mark.parametrize(
    ("given", "millimoles"),
    # An equivalent of magnesium is half a mole; UCUM and most unit libraries would say one.
    [("0.01 mol", "10"), ("500 micromoles", "0.5"), ("0.02 eq", "10"), ("20 milliequivalents", "10")],
)
def test_unusual_units_of_substance(given: str, millimoles: str) -> None:
    amount = read_amount(given)
    assert not amount.unit.is_mass
    assert amount.base == Fraction(millimoles)


@pytest.mark.parametrize(
    ("given", "per"),
    [
        ("500 mg per day", Period.DAY),
        ("500 mg/day", Period.DAY),
        ("500 mg/d", Period.DAY),
        ("500 mg daily", Period.DAY),
        ("500 mg a day", Period.DAY),
        ("10 mmol/24 h", Period.DAY),
        ("10 mmol/24h", Period.DAY),
        ("500 mg per dose", Period.DOSE),
        ("500 mg Per Course", Period.COURSE),
    ],
)
def test_what_a_text_says_of_time_is_kept(given: str, per: Period) -> None:
    assert read_amount(given).per is per


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("500 Mg", "MGD-U102", "write mg"),
        ((500, "Mg"), "MGD-U102", "megagram"),
        ("1,5 g", "MGD-U106", '"1.5 g"'),
        ("12,5 mg", "MGD-U106", '"12.5 mg"'),
        ("0,500 mg", "MGD-U106", '"0.5 mg"'),
        ("1,500 g", "MGD-U106", '"1.5 g" or "1500 g"'),
        ("1,500 mEq", "MGD-U106", "or"),
        ("1.500,5 mg", "MGD-U106", "no comma"),
        ((0.5, "g"), "MGD-U107", '"0.5" in quotes'),
        ((float("nan"), "g"), "MGD-U107", "Decimal"),
        ("5 apples", "MGD-U108", "mg, g, micrograms"),
        ("500 mg/kg", "MGD-U108", "mg, g, micrograms"),
        ("5 mL", "MGD-U108", "mg, g, micrograms"),
        ("500 mg/dL", "MGD-U108", "mg, g, micrograms"),
        ("500 U", "MGD-U108", "mg, g, micrograms"),
        ((5, "minute"), "MGD-U108", "mg, g, micrograms"),
        ("500 NMOL", "MGD-U108", "mg, g, micrograms"),  # in a symbol the case counts
        ("500 kg g/g", "MGD-U108", "mg, g, micrograms"),  # a unit is a word, not a calculation
        ((500, "g**1"), "MGD-U108", "mg, g, micrograms"),
        ("0 mg", "MGD-U109", "above zero"),
        ("0.000 mg", "MGD-U109", "above zero"),
        ("-5 mg", "MGD-U109", "above zero"),
        ("+5 mg", "MGD-U109", "above zero"),
        ("nan mg", "MGD-U109", "above zero"),
        ("inf mg", "MGD-U109", "above zero"),
        ("1e3 mg", "MGD-U109", "above zero"),
        ("1_000 mg", "MGD-U109", "above zero"),
        ("300-400 mg", "MGD-U109", "above zero"),
        ("5..0 mg", "MGD-U109", "above zero"),
        ("\uff15\uff10\uff10 mg", "MGD-U109", "above zero"),
        ("500", "MGD-U109", "and a unit"),
        ("mg", "MGD-U109", "above zero"),
        ("", "MGD-U109", "above zero"),
        ("9" * 200 + " mg", "MGD-U109", "above zero"),
        ((0, "mg"), "MGD-U109", "above zero"),
        ((-1, "mg"), "MGD-U109", "above zero"),
        ((True, "mg"), "MGD-U109", "above zero"),
        ((Decimal("NaN"), "mg"), "MGD-U109", "above zero"),
        ((Decimal("Infinity"), "mg"), "MGD-U109", "above zero"),
        ((Decimal("1E+999999999"), "mg"), "MGD-U109", "above zero"),
        ((None, "mg"), "MGD-U109", "above zero"),
        ((500,), "MGD-U109", "and a unit"),
        ((500, None), "MGD-U109", "and a unit"),
        (None, "MGD-U109", "and a unit"),
        (500, "MGD-U109", "and a unit"),
        (b"500 mg", "MGD-U109", "and a unit"),
        ({"value": 500}, "MGD-U109", "and a unit"),
    ],
)
def test_mistakes_are_refused_with_what_to_write(given: object, code: str, words: str) -> None:
    with pytest.raises(DoseError) as caught:
        read_amount(given)  # type: ignore[arg-type]  # the error is the test
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.path == "amount"
    assert words in problem.accepted
    assert len(str(problem)) < 250
    assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("given", "amounts"),
    [
        ("12,50 mg", ["12.5 mg"]),
        ("1,500 g", ["1.5 g", "1500 g"]),
        ("1,500.5 g", ["1500.5 g"]),
        ("1,234,567 g", ["1234567 g"]),
        ("1.500,5 mg", []),
        ("1,5,0 g", []),
    ],
)
def test_each_amount_that_is_proposed_for_one_with_a_comma_can_be_read(given: str, amounts: list[str]) -> None:
    with pytest.raises(AmountInvalid) as caught:
        read_amount(given)
    proposed = re.findall(r'"(.*?)"', caught.value.problems[0].accepted)
    assert proposed == amounts
    for each in proposed:
        assert read_amount(each).value == Fraction(each.split()[0])


def test_an_amount_is_shown_as_python_that_reads_it() -> None:
    assert repr(read_amount(" 0.50 g")) == 'read_amount("0.5 g")'
    assert repr(read_amount((Fraction(1, 3), "mg"))) == 'read_amount((Fraction(1, 3), "mg"))'


def test_a_text_of_more_than_eighty_signs_is_no_amount() -> None:
    assert read_amount("500 mg".ljust(80)) == read_amount("500 mg")
    with pytest.raises(AmountInvalid, match="MGD-U109"):
        read_amount("500 mg".ljust(81))


@pytest.mark.parametrize(("given", "length"), [("x" * 58, 60), ("x" * 59, 60), ("x" * 500, 60)])
def test_what_was_given_is_shown_whole_or_cut_to_sixty_signs(given: str, length: int) -> None:
    assert len(shown(given)) == length
    assert shown(given).endswith("..." if len(given) > 58 else "x'")


@given(st.text(max_size=100))
def test_any_text_is_an_amount_or_a_clear_error(text: str) -> None:
    try:
        amount = read_amount(text)
    except DoseError as error:
        assert error.code.startswith("MGD-U1")  # noqa: PT017
    else:
        assert amount.value > 0


def test_amounts_are_equal_when_they_are_the_same_amount() -> None:
    assert read_amount("0.5 g") == read_amount("500 mg") == read_amount("500,000 micrograms")
    assert hash(read_amount("0.5 g")) == hash(read_amount("500 mg"))
    assert read_amount("10 mmol") == read_amount("20 mEq")
    assert read_amount("10 mmol") != read_amount("10 mg")


def test_an_amount_cannot_be_made_wrong() -> None:
    with pytest.raises(AmountInvalid, match="MGD-U109"):
        Amount(Fraction(-1), MG)
    with pytest.raises(TypeError):
        Amount(Fraction(1), MG, None, (True, Fraction(2)))  # type: ignore[call-arg]  # the error is the test
    with pytest.raises(ValueError, match="no sum"):
        read_amount("1 mg") + read_amount("1 mmol")


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("0", "0"),
        ("500", "500"),
        ("1/8", "0.125"),
        ("100/7", None),
        ("1/3", None),
        ("12345.678", "12345.678"),
        ("1/1000", "0.001"),
    ],
)
def test_digits_are_written_plainly_or_not_at_all(value: str, digits: str | None) -> None:
    assert plain_digits(Fraction(value)) == digits


# --- pint -----------------------------------------------------------------------------------------------------


def test_a_pint_quantity_is_taken() -> None:
    from pint import UnitRegistry

    ureg: UnitRegistry[float] = UnitRegistry()
    assert read_amount(500 * ureg.milligram) == read_amount("500 mg")
    assert read_amount(ureg.Quantity(Decimal("0.5"), "g")) == read_amount("500 mg")
    assert read_amount(10 * ureg.millimole) == read_amount("10 mmol")
    assert read_amount(2 * ureg.grain) == read_amount("2 grains")


def test_half_a_quantity_is_none() -> None:
    for half in (SimpleNamespace(magnitude=5), SimpleNamespace(units="mg")):
        with pytest.raises(AmountInvalid) as caught:
            read_amount(half)
        assert caught.value.code != "MGD-U108"


def test_a_pint_quantity_may_be_as_wrong_as_any() -> None:
    from pint import UnitRegistry

    ureg: UnitRegistry[float] = UnitRegistry()
    with pytest.raises(UnitInvalid, match="MGD-U102"):
        read_amount(500 * ureg.Mg)  # to pint a thousand kilograms each
    with pytest.raises(AmountInvalid, match="MGD-U107"):
        read_amount(0.5 * ureg.gram)
    with pytest.raises(UnitInvalid, match="MGD-U108"):
        read_amount(5 * ureg.minute)


def test_our_registry_does_not_know_mega() -> None:
    for spelling in ("Mg", "megagram", "Megagrams", "gigagram"):
        with pytest.raises(UnitInvalid):
            find_unit(spelling)


def test_pint_is_imported_only_for_unusual_spellings() -> None:
    program = (
        "import sys; from mgdecide.domain.amounts import read_amount; read_amount('500 mg'); read_amount('20 mEq');"
        "assert 'pint' not in sys.modules; read_amount('2 grains'); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("amount", "code", "words"),
    [
        ("0 mg", "MGD-U109", "got '0 mg'. Write a number above zero and a unit"),
        ((0, "mg"), "MGD-U109", "got 0. Give a number above zero as a whole number"),
        ((1.5, "mg"), "MGD-U107", "got the binary float 1.5."),
    ],
)
def test_a_refusal_names_what_was_given(amount: Any, code: str, words: str) -> None:
    """A text as it was written, a number of a pair alone; a binary float is a mistake of its own."""
    with pytest.raises(AmountInvalid) as caught:
        read_amount(amount)
    assert caught.value.code == code
    assert words in str(caught.value)
