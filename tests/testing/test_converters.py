"""Holding other people's converters against the laws."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from mgdecide.domain.salts import find_salt
from mgdecide.errors import InvalidInput, SaltUnknown
from mgdecide.testing.converters import Number, check_converter

OXIDE = "magnesium oxide"


def exact(milligrams: int, salt: str) -> Fraction:
    return milligrams * find_salt(salt).elemental_fractions.low


def with_floats(milligrams: int, salt: str) -> float:
    return milligrams * float(find_salt(salt).elemental_fractions.low)


def with_decimals(milligrams: int, salt: str) -> Decimal:
    share = find_salt(salt).elemental_fractions.low
    return Decimal(milligrams) * share.numerator / share.denominator


def rounded(milligrams: int, salt: str) -> float:
    return round(milligrams * 0.6, 1)


@pytest.mark.parametrize("convert", [exact, with_floats, with_decimals])
def test_a_right_converter_passes_for_every_form(convert: object) -> None:
    assert callable(convert)
    report = check_converter(convert)
    assert report
    assert str(report) == "OK     UNIT-01, UNIT-03, UNIT-04, UNIT-05"


def test_a_rounded_factor_is_found_with_the_smallest_example_and_the_right_factor() -> None:
    report = check_converter(rounded, salt=OXIDE)
    assert not report
    assert str(report).splitlines() == [
        "FAILED UNIT-01",
        '  SaltDose("1 mg", "magnesium oxide") -> 0.6 mg -> 0.995 mg, expected 1 mg',
        "  the exact factor is 24305/40304 (0.603042), yours is about 3/5",
        """Replay: check_converter(..., only="UNIT-01", example='SaltDose("1 mg", "magnesium oxide")')""",
        "OK     UNIT-03, UNIT-04, UNIT-05",
    ]


def test_a_failure_can_be_replayed() -> None:
    (failure,) = check_converter(rounded, salt=OXIDE).failures
    again = check_converter(rounded, only=failure.law, example=failure.example)
    assert again.failures == (failure,)


def broken_sum(milligrams: int, salt: str) -> Number:
    return Fraction(milligrams * 24305, 40304) + 1


def broken_order(milligrams: int, salt: str) -> Number:
    return Fraction(24305, 40304) * (milligrams if milligrams < 500 else 500 - milligrams / 1000)


def elemental_taken_for_salt(milligrams: int, salt: str) -> Number:
    return Fraction(milligrams * 40304, 24305)


@pytest.mark.parametrize(
    ("convert", "law", "words"),
    [
        (broken_sum, "UNIT-03", "for the sum"),
        (broken_order, "UNIT-04", "but"),
        (elemental_taken_for_salt, "UNIT-05", "-> 1.66 mg"),
    ],
)
def test_each_law_finds_its_own_mistake(convert: object, law: str, words: str) -> None:
    assert callable(convert)
    report = check_converter(convert, salt=OXIDE, only=law)
    (failure,) = report.failures
    assert failure.law == law
    assert words in str(report)
    assert check_converter(convert, only=law, example=failure.example).failures == (failure,)


def test_two_examples_replay_as_a_pair() -> None:
    report = check_converter(broken_sum, salt=OXIDE, only="UNIT-03")
    assert """example=('SaltDose("1 mg", "magnesium oxide")', 'SaltDose("1 mg", "magnesium oxide")')""" in str(report)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (float("nan"), "ValueError"),
        (float("inf"), "OverflowError"),
        ("302", "not str"),
        (None, "not NoneType"),
        (True, "not bool"),
    ],
)
def test_a_result_that_is_no_number_is_a_failure_and_no_crash(result: object, words: str) -> None:
    def convert(milligrams: int, salt: str) -> Number:
        return result  # type: ignore[return-value]  # a converter that breaks its word

    report = check_converter(convert, salt=OXIDE)
    assert len(report.failures) == 4
    assert words in str(report)


def test_an_exception_of_the_converter_is_told() -> None:
    def convert(milligrams: int, salt: str) -> Number:
        raise KeyError(salt)

    assert "KeyError: 'magnesium oxide'" in str(check_converter(convert, salt=OXIDE))


def test_nothing_is_raised_unless_asked() -> None:
    with pytest.raises(AssertionError, match="UNIT-01"):
        check_converter(rounded, salt=OXIDE, raising=True)
    assert check_converter(exact, raising=True)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InvalidInput, match="Name the form"):
        check_converter(exact, salt="magnesium sulfate")
    with pytest.raises(InvalidInput, match="one of UNIT-01"):
        check_converter(exact, only="UNIT-99")
    with pytest.raises(SaltUnknown):
        check_converter(exact, salt="magnesium stearate")


@pytest.mark.parametrize(
    "example",
    [
        "",
        "print(1)",
        "SaltDose(",
        "__import__('os').getcwd()",
        "SaltDose(open('x'), 'y')",
        "SaltDose('1 mg')",
        "SaltDose('1 mg', 'magnesium oxide', 3)",
        "SaltDose('0.5 mg', 'magnesium oxide')",
    ],
)
def test_an_example_is_read_and_never_run(example: str) -> None:
    with pytest.raises(InvalidInput, match="MGD-I120"):
        check_converter(exact, example=example)
