"""Printing doses so that they are not misread, and finding in any text what could be.

The conventions are those of ISMP, the Joint Commission and NHS Common User Interface: a space before the unit, a comma
from 1,000, no trailing zero, always a leading zero, micrograms in words, "magnesium sulfate" and never a symbol.
``check`` is for everybody's text, not only ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

from mgdecide.domain.amounts import Amount, plain_digits
from mgdecide.domain.intervals import Interval
from mgdecide.domain.units import Unit

if TYPE_CHECKING:
    from mgdecide.domain.safeprint_rules import Rule

_SMALLER = {Unit.GRAM: Unit.MILLIGRAM, Unit.MILLIGRAM: Unit.MICROGRAM}


@frozen
class Problem:
    """One place in a text that is apt to be misread: where, what stands there, what to write, and who says so."""

    rule: str
    start: int
    end: int
    found: str
    write: str
    source: str = field(repr=False)

    def __str__(self) -> str:
        return f'[{self.rule}] at {self.start}: "{self.found}"; {self.write} ({self.source})'


def check(text: str, *, laboratory: bool = False, prose: bool = True) -> tuple[Problem, ...]:
    """Everything in the text that the rules of safe printing advise against, in order of place.

    With ``laboratory`` a result per volume may keep its trailing zero ("1.70 mg/dL"), as the Joint Commission allows
    since the zero tells the precision, and its unit as reported ("70 ug/L", "40 U/L"). Without ``prose`` the signs
    < and > are let pass, for tables that carry a legend.

    >>> [problem.rule for problem in check("Give MgSO4 2.0 g QD")]
    ['PRINT-01', 'PRINT-02', 'PRINT-06']
    >>> check("Give 2 g of magnesium sulfate heptahydrate daily")
    ()
    """
    from mgdecide.domain.safeprint_rules import RULES  # a dozen patterns, compiled when first needed

    found = (problem for rule in RULES if prose or not rule.prose_only for problem in _places(rule, text, laboratory))
    return tuple(sorted(found, key=lambda problem: (problem.start, problem.rule)))


def _places(rule: Rule, text: str, laboratory: bool) -> Iterator[Problem]:
    for match in rule.pattern.finditer(text):
        if laboratory and rule.laboratory_may and match["per"]:
            continue
        yield Problem(rule.id, match.start(), match.end(), match.group().strip(), rule.write, rule.source)


def number(value: Fraction, digits: int = 3) -> str:
    """A computed number of zero or more, rounded half to even to so many significant digits; whole digits are all kept.

    >>> number(Fraction("301.5185")), number(Fraction("9.924")), number(Fraction("1014.1"))
    ('302', '9.92', '1,014')
    """
    places = 0
    while places < 12 and value and value * 10**places < 10 ** (digits - 1):
        places += 1
    return _grouped(plain_digits(round(value, places)) or "")


def exact_number(value: Fraction) -> str:
    """Every digit of a stated number; three significant ones where they would not end."""
    digits = plain_digits(value)
    return number(value) if digits is None else _grouped(digits)


def _grouped(digits: str) -> str:
    whole, point, part = digits.partition(".")
    return f"{int(whole):,}{point}{part}"


def amount(stated: Amount) -> str:
    """A stated amount, all its digits kept; below one, the next smaller unit does away with the decimal.

    >>> from mgdecide.domain.amounts import read_amount
    >>> amount(read_amount("0.5 g"))
    '500 mg'
    """
    value, unit = stated.value, stated.unit
    while value < 1 and unit in _SMALLER:
        value, unit = value * unit.base / _SMALLER[unit].base, _SMALLER[unit]
    return _with_unit(exact_number(value), unit)


def quantity(value: Fraction | Interval, unit: Unit) -> str:
    """A computed quantity: ``302 mg``, ``302 to 500 mg``, ``600 micrograms``.

    >>> quantity(Interval(302, 500), Unit.MILLIGRAM)
    '302 to 500 mg'
    """
    low, high = (value.low, value.high) if isinstance(value, Interval) else (value, value)
    while high < 1 and unit in _SMALLER:
        factor = unit.base / _SMALLER[unit].base
        low, high, unit = low * factor, high * factor, _SMALLER[unit]
    ends = dict.fromkeys((number(low), number(high)))
    return _with_unit(" to ".join(ends), unit)


def _with_unit(digits: str, unit: Unit) -> str:
    return "1 microgram" if (digits, unit) == ("1", Unit.MICROGRAM) else f"{digits} {unit.value}"
