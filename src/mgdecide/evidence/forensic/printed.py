"""A number as printed: its digits, and every value that could have been printed so."""

from __future__ import annotations

import re
from decimal import Decimal

from attrs import frozen

from mgdecide.evidence.inputs import refuse

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_P = re.compile(r"(?P<sign><=|>=|[<>=]?)\s*(?P<number>\d*\.?\d+)", re.ASCII)


@frozen
class Printed:
    """A printed number: ``value``, its ``decimals``, and the range of values that print so, rounded or cut off."""

    text: str
    value: float
    decimals: int

    @property
    def unit(self) -> float:
        """One step of the last printed digit."""
        return float(Decimal(1).scaleb(-self.decimals))

    @property
    def low(self) -> float:
        """The lowest value that may stand behind the digits: half a step lower, a whole one where cut towards 0."""
        return self.value - self.unit * (1.0 if self.value <= 0 else 0.5)

    @property
    def high(self) -> float:
        """The highest value that may stand behind the digits."""
        return self.value + self.unit * (1.0 if self.value >= 0 else 0.5)

    @property
    def exact(self) -> Decimal:
        """The digits as a decimal number."""
        return Decimal(self.text)


@frozen
class PrintedP:
    """A printed p value as the range of p that prints so: ".27", "<.001" or ">.05"."""

    text: str
    value: float
    low: float
    high: float


def printed(text: str, path: str, decimals: int | None = None) -> Printed:
    """Read a printed number; a zero is put before a bare point.

    ``decimals`` says how many its column prints, where closing zeros were dropped.

    Raises:
        InvalidInput: MGD-P132 not text, or not a plain number; MGD-P133 fewer ``decimals`` than printed.
    """
    if not isinstance(text, str):
        raise refuse("MGD-P132", path, repr(text), 'the number as text ("26.90"), to keep its digits')
    digits = re.sub(r"^([+-]?)\.", r"\g<1>0.", text.strip().replace("\N{MINUS SIGN}", "-"))
    if not _NUMBER.fullmatch(digits):
        raise refuse("MGD-P132", path, repr(text), 'a plain number as printed, such as "11.26"')
    shown = len(digits.partition(".")[2])
    if decimals is not None and decimals < shown:
        raise refuse("MGD-P133", path, decimals, f"at least the {shown} decimals printed")
    return Printed(digits, float(digits), shown if decimals is None else decimals)


def printed_p(text: str, path: str) -> PrintedP:
    """Read a printed p value; a p of .001 or smaller is read as "that or less", as tables usually mean it.

    Raises:
        InvalidInput: MGD-P134 not a p value from 0 to 1.
    """
    if not isinstance(text, str):
        raise refuse("MGD-P134", path, repr(text), 'the p value as text (".27"), to keep its digits')
    found = _P.fullmatch(text.strip())
    if found is None or not 0 <= float(found["number"]) <= 1:
        raise refuse("MGD-P134", path, repr(text), 'a p value as printed, such as ".27" or "<.001"')
    number = printed(found["number"], path)
    if found["sign"].startswith("<"):
        return PrintedP(f"below {number.text}", number.value, 0.0, number.value)
    if found["sign"].startswith(">"):
        return PrintedP(f"above {number.text}", number.value, number.value, 1.0)
    lowest = 0.0 if number.value <= 0.001 else number.low
    return PrintedP(number.text, number.value, lowest, min(1.0, number.high))


def p_text(value: float, about: str = "") -> str:
    """A computed p as it is told, with ``about`` before its digits."""
    return "below 0.001" if value < 0.001 else f"{about}{value:.3f}"


def overlap(low: float, high: float, other_low: float, other_high: float) -> bool:
    """Whether two ranges share a value; a rounding error of the machine never parts them."""
    slack = 1e-9 * max(abs(low), abs(high), abs(other_low), abs(other_high), 1e-300)
    return low <= other_high + slack and other_low <= high + slack
