"""The laws of doses, numbered. Each is a plain function over values and can be proved over generated ones.

Reading the table (``mgdecide laws``) needs nothing; proving a law needs the extra ``test``.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from mgdecide.domain import magnesium, safeprint
from mgdecide.domain.dose_text import read_dose_text
from mgdecide.domain.doses import (
    DailySaltDose,
    ElementalDose,
    SaltDose,
    UnstatedDose,
    to_elemental,
    to_salt,
)
from mgdecide.domain.intervals import Interval, as_interval
from mgdecide.domain.salts import Salt, SaltFamily, find_salt
from mgdecide.errors import BasisMissing, BasisMixed, DoseError, PeriodMixed, Problem


@frozen
class Law:
    """A law: its number, which is never used again, its sentence, and the name of its function in this module."""

    id: str
    sentence: str
    function: str

    def prove(self) -> None:
        """Holds the law against generated values; AssertionError with the smallest example that breaks it."""
        from mgdecide.testing.dose_proofs import PROOFS

        PROOFS[self.id]()


def round_trip(dose: SaltDose) -> None:
    """UNIT-01: to_salt(to_elemental(dose)) == dose, exactly."""
    assert to_salt(to_elemental(dose)) == dose


def amounts_of_substance(milligrams: Fraction) -> None:
    """UNIT-02: mg to mmol to mEq and back is exact; 1 mmol is 2 mEq."""
    millimoles = magnesium.millimoles_from_milligrams(milligrams)
    milliequivalents = magnesium.milliequivalents_from_millimoles(millimoles)
    assert magnesium.milligrams_from_millimoles(millimoles) == milligrams
    assert magnesium.millimoles_from_milliequivalents(milliequivalents) == millimoles
    assert milliequivalents == 2 * millimoles


def additivity(left: SaltDose, right: SaltDose) -> None:
    """UNIT-03: to_elemental(a + b) == to_elemental(a) + to_elemental(b) for one salt."""
    same_salt = SaltDose(right.amount, left.salt)
    assert to_elemental(left + same_salt) == to_elemental(left) + to_elemental(same_salt)


def more_is_not_less(left: SaltDose, right: SaltDose) -> None:
    """UNIT-04: more salt never means less elemental magnesium."""
    less, more = sorted((left.salt_mg, right.salt_mg))
    at_less, at_more = (SaltDose((mass, "mg"), left.salt).elemental_mg_interval for mass in (less, more))
    assert at_less.low <= at_more.low
    assert at_less.high <= at_more.high


def part_of_the_whole(dose: SaltDose) -> None:
    """UNIT-05: elemental mass is above zero and never more than salt mass."""
    assert 0 < dose.elemental_mg_interval.low <= dose.elemental_mg_interval.high <= dose.salt_mg


def no_sum_across_bases(salt: SaltDose, elemental: ElementalDose, unstated: UnstatedDose) -> None:
    """UNIT-06: amounts on two bases, or on a basis not stated, have no sum."""
    pairs: tuple[tuple[object, object], ...] = (
        (salt, elemental),
        (elemental, salt),
        (salt, unstated),
        (elemental, unstated),
    )
    for left, right in pairs:
        _refuses(left, right, BasisMixed)
    _refuses(unstated, salt, BasisMissing)
    _refuses(unstated, unstated, BasisMissing)


def print_and_read(dose: SaltDose | ElementalDose | UnstatedDose) -> None:
    """UNIT-07: a dose read from its print is the same dose, and the print is safe."""
    assert read_dose_text(str(dose)) == dose
    assert safeprint.check(str(dose)) == ()


def no_sum_across_periods(dose: SaltDose) -> None:
    """UNIT-08: amounts per dose and per day have no sum."""
    _refuses(dose, DailySaltDose(dose.amount, dose.salt), PeriodMixed)
    _refuses(DailySaltDose(dose.amount, dose.salt), dose, PeriodMixed)


def unstated_holds_both(dose: UnstatedDose) -> None:
    """UNIT-09: a dose without a basis holds both of its readings."""
    both = dose.elemental_mg_interval
    assert dose.as_elemental().elemental_mg in both
    assert dose.as_salt().elemental_mg_interval.low in both
    assert dose.as_salt().elemental_mg_interval.high in both


def family_holds_its_forms(dose: SaltDose) -> None:
    """UNIT-10: a name without hydrate holds every form it may mean."""
    for form in dose.salt.forms:
        exact = SaltDose(dose.amount, form).elemental_mg
        assert not isinstance(exact, Interval)
        assert exact in as_interval(dose.elemental_mg)


def written_again(dose: SaltDose | ElementalDose | UnstatedDose) -> None:
    """UNIT-11: repr is Python that gives the same dose again."""
    names = {kind.__name__: kind for kind in (SaltDose, ElementalDose, UnstatedDose)}
    assert eval(repr(dose), {**names, "Fraction": Fraction}) == dose


def spelling_makes_no_difference(salt: Salt | SaltFamily) -> None:
    """UNIT-12: case, spaces and British spelling never change the salt."""
    for name in (salt.name, *salt.aliases):
        for spelled in (name, name.upper(), f"  {name.lower()} ", name.replace("sulfate", "sulphate")):
            assert find_salt(spelled) is salt


def mistakes_have_codes(amount: str, salt: str, code: str) -> None:
    """UNIT-13: a mistake is refused with its code, what was given and what to write."""
    problems = _problems_of(amount, salt)
    assert [problem.code for problem in problems] == [code], f"{amount!r} of {salt!r}: {problems}"
    assert all(problem.given and problem.accepted for problem in problems)


def _problems_of(amount: str, salt: str) -> tuple[Problem, ...]:
    try:
        SaltDose(amount, salt)
    except DoseError as error:
        return error.problems
    return ()


def _refuses(left: object, right: object, error: type[DoseError]) -> None:
    try:
        left + right  # type: ignore[operator]  # that this does not type-check is half of the law
    except error:
        return
    raise AssertionError(f"{left!r} + {right!r} has a sum")


DOSE_LAWS: tuple[Law, ...] = (
    Law("UNIT-01", "to_salt(to_elemental(dose)) == dose, exactly", "round_trip"),
    Law("UNIT-02", "mg to mmol to mEq and back is exact; 1 mmol is 2 mEq", "amounts_of_substance"),
    Law("UNIT-03", "to_elemental(a + b) == to_elemental(a) + to_elemental(b) for one salt", "additivity"),
    Law("UNIT-04", "more salt never means less elemental magnesium", "more_is_not_less"),
    Law("UNIT-05", "elemental mass is above zero and never more than salt mass", "part_of_the_whole"),
    Law("UNIT-06", "amounts on two bases, or on a basis not stated, have no sum", "no_sum_across_bases"),
    Law("UNIT-07", "a dose read from its print is the same dose, and the print is safe", "print_and_read"),
    Law("UNIT-08", "amounts per dose and per day have no sum", "no_sum_across_periods"),
    Law("UNIT-09", "a dose without a basis holds both of its readings", "unstated_holds_both"),
    Law("UNIT-10", "a name without hydrate holds every form it may mean", "family_holds_its_forms"),
    Law("UNIT-11", "repr is Python that gives the same dose again", "written_again"),
    Law("UNIT-12", "case, spaces and British spelling never change the salt", "spelling_makes_no_difference"),
    Law("UNIT-13", "a mistake is refused with its code, what was given and what to write", "mistakes_have_codes"),
)
"""In order of number."""
