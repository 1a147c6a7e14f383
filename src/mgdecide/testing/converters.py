"""Testing somebody else's conversion from salt to elemental magnesium against the laws."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from mgdecide.domain.amounts import plain_digits
from mgdecide.domain.doses import SaltDose
from mgdecide.domain.exact import shown
from mgdecide.domain.intervals import Interval
from mgdecide.domain.salts import Salt, find_salt, salts
from mgdecide.errors import InvalidInput, Problem

Number = int | float | Decimal | Fraction

Converter = Callable[[int, str], Number]
"""From whole mg of a salt and the salt's name to mg of elemental magnesium."""

_MASSES = (
    1,
    2,
    3,
    5,
    7,
    10,
    11,
    25,
    64,
    99,
    100,
    101,
    250,
    333,
    400,
    500,
    535,
    999,
    1000,
    1001,
    1803,
    2000,
    4000,
    10_000,
)
"""Smallest first, so that the first failure is a small one."""

_TOLERANCE = Fraction(1, 10**9)
"""Relative; for converters that return floats or decimals. A converter that returns fractions must be exact."""

LAWS = ("UNIT-01", "UNIT-03", "UNIT-04", "UNIT-05")


@frozen
class Failure:
    """One law broken, by one example that can be replayed."""

    law: str
    lines: tuple[str, ...]
    example: tuple[str, ...]


@frozen
class ConverterReport:
    """What held and what did not. True when everything held; prints as a text with a line to replay."""

    held: tuple[str, ...]
    failures: tuple[Failure, ...]

    def __bool__(self) -> bool:
        return not self.failures

    def __str__(self) -> str:
        lines: list[str] = []
        for failure in self.failures:
            examples = [repr(each) for each in failure.example]
            replay = examples[0] if len(examples) == 1 else f"({', '.join(examples)})"
            lines += [f"FAILED {failure.law}", *(f"  {line}" for line in failure.lines)]
            lines.append(f'Replay: check_converter(..., only="{failure.law}", example={replay})')
        if self.held:
            lines.append(f"OK     {', '.join(self.held)}")
        return "\n".join(lines)


def check_converter(
    convert: Converter,
    salt: str | None = None,
    *,
    only: str | None = None,
    example: str | tuple[str, ...] | None = None,
    raising: bool = False,
) -> ConverterReport:
    """Holds a converter against UNIT-01 (round trip), 03 (additivity), 04 (more is not less) and 05 (part of whole).

    ``convert(500, "magnesium oxide")`` must return mg of elemental magnesium. ``salt`` is one form by name, all 33
    without it. ``only`` and ``example`` replay a failure from the line that the report prints.

    Returns a report and raises nothing, unless ``raising``: then AssertionError with the report. Raises InvalidInput
    (MGD-I120) for an unknown law or example, or for a salt whose form is not named; SaltUnknown for an unknown salt.

    >>> print(check_converter(lambda mg, salt: round(mg * 0.6, 1), salt="magnesium oxide", only="UNIT-01"))
    FAILED UNIT-01
      SaltDose("1 mg", "magnesium oxide") -> 0.6 mg -> 0.995 mg, expected 1 mg
      the exact factor is 24305/40304 (0.603042), yours is about 3/5
    Replay: check_converter(..., only="UNIT-01", example='SaltDose("1 mg", "magnesium oxide")')
    """
    laws = LAWS if only is None else (_law(only),)
    examples = (
        None if example is None else [_example(each) for each in ((example,) if isinstance(example, str) else example)]
    )
    chosen = [dose.salt for dose in examples] if examples else list(_forms(salt))
    forms = [form for form in dict.fromkeys(chosen) if isinstance(form, Salt)]
    masses = tuple(int(dose.salt_mg) for dose in examples) if examples else _MASSES
    failures = tuple(filter(None, (_first_failure(law, convert, forms, masses) for law in laws)))
    report = ConverterReport(tuple(law for law in laws if law not in {each.law for each in failures}), failures)
    if raising and failures:
        raise AssertionError(str(report))
    return report


def _law(only: str) -> str:
    if only not in LAWS:
        raise InvalidInput(Problem("MGD-I120", "only", shown(only), f"one of {', '.join(LAWS)}"))
    return only


def _forms(name: str | None) -> Iterator[Salt]:
    if name is None:
        yield from salts()
        return
    found = find_salt(name)
    if not isinstance(found, Salt):
        names = " or ".join(form.name for form in found.forms)
        raise InvalidInput(Problem("MGD-I120", "salt", found.name, f"name the form: {names}"))
    yield found


def _example(text: str) -> SaltDose:
    """The dose that ``SaltDose("1 mg", "magnesium oxide")`` writes; read, never run."""
    try:
        call = ast.parse(text, mode="eval").body
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "SaltDose"):
            raise ValueError
        amount, salt = (ast.literal_eval(argument) for argument in call.args)
        dose = SaltDose(amount, salt)
        if not isinstance(dose.salt, Salt) or dose.salt_mg.denominator != 1:
            raise ValueError
    except (SyntaxError, ValueError):
        accepted = 'write it as a report prints it, whole mg of one form: SaltDose("1 mg", "magnesium oxide")'
        raise InvalidInput(Problem("MGD-I120", "example", shown(text), accepted)) from None
    return dose


def _first_failure(law: str, convert: Converter, forms: list[Salt], masses: tuple[int, ...]) -> Failure | None:
    check = {"UNIT-01": _round_trip, "UNIT-03": _additive, "UNIT-04": _monotonic, "UNIT-05": _part}[law]
    for form in forms:
        try:
            for failure in check(convert, form, masses):
                return failure
        except _UnusableError as unusable:
            return Failure(law, (unusable.text,), (unusable.example,))
    return None


class _UnusableError(Exception):
    def __init__(self, example: str, text: str) -> None:
        super().__init__(text)
        self.example, self.text = example, text


def _dose(mass: int, form: Salt) -> str:
    return repr(SaltDose((mass, "mg"), form))


def _call(convert: Converter, mass: int, form: Salt) -> tuple[Fraction, bool]:
    """What the converter says, as an exact number, and whether it said it exactly."""
    try:
        result: object = convert(mass, form.name)
        if isinstance(result, bool) or not isinstance(result, int | float | Decimal | Fraction):
            raise TypeError(f"a number was expected, not {type(result).__name__}")
        number = Fraction(result)
    except Exception as error:  # whatever it raises is what the report tells
        example = _dose(mass, form)
        raise _UnusableError(example, f"{example} -> {type(error).__name__}: {error}") from None
    return number, isinstance(result, int | Fraction)


def _near(one: Fraction, other: Fraction, exact: bool) -> bool:
    return one == other if exact else abs(one - other) <= _TOLERANCE * max(abs(one), abs(other))


def _round_trip(convert: Converter, form: Salt, masses: tuple[int, ...]) -> Iterator[Failure]:
    factor = form.elemental_fraction
    for mass in masses:
        held, exact = _call(convert, mass, form)
        if not _near(held / factor, Fraction(mass), exact):
            yours = (held / mass).limit_denominator(1000)
            back = _apart(held / factor, Fraction(mass))
            told = f"{_dose(mass, form)} -> {_mg(held)} -> {back} mg, expected {mass} mg"
            written = f"the exact factor is {factor.numerator}/{factor.denominator} ({_digits(factor, 6)})"
            yield Failure("UNIT-01", (told, f"{written}, yours is about {yours}"), (_dose(mass, form),))


def _additive(convert: Converter, form: Salt, masses: tuple[int, ...]) -> Iterator[Failure]:
    for first in masses:
        for second in masses:
            (one, exact), (two, _), (both, _) = (_call(convert, mass, form) for mass in (first, second, first + second))
            if not _near(both, one + two, exact):
                told = f"{first} mg -> {_mg(one)}; {second} mg -> {_mg(two)}; {first + second} mg -> {_mg(both)}"
                expected = f"expected {_mg(one + two)} for the sum"
                yield Failure("UNIT-03", (told, expected), (_dose(first, form), _dose(second, form)))


def _monotonic(convert: Converter, form: Salt, masses: tuple[int, ...]) -> Iterator[Failure]:
    ordered = sorted(masses)
    for less, more in pairwise(ordered):
        (at_less, _), (at_more, _) = _call(convert, less, form), _call(convert, more, form)
        if at_more < at_less:
            told = f"{less} mg -> {_mg(at_less)}, but {more} mg -> {_mg(at_more)}"
            yield Failure("UNIT-04", (told,), (_dose(less, form), _dose(more, form)))


def _part(convert: Converter, form: Salt, masses: tuple[int, ...]) -> Iterator[Failure]:
    for mass in masses:
        held, _ = _call(convert, mass, form)
        if held not in Interval(0, mass):
            yield Failure("UNIT-05", (f"{_dose(mass, form)} -> {_mg(held)}",), (_dose(mass, form),))


def _mg(value: Fraction) -> str:
    return f"{_digits(value)} mg"


def _apart(value: Fraction, other: Fraction) -> str:
    """As many digits as it takes to see that two values differ."""
    told = (_digits(value, significant) for significant in range(3, 13))
    return next((digits for digits in told if digits != plain_digits(other)), _digits(value, 12))


def _digits(value: Fraction, significant: int = 3) -> str:
    sign, size, places = ("-" if value < 0 else ""), abs(value), 0
    while size and size * 10**places < 10 ** (significant - 1) and places < 12:
        places += 1
    return f"{sign}{plain_digits(round(size, places))}"
