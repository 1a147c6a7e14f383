"""A laboratory result exactly as the laboratory reported it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import frozen

from mgdecide.domain.known_repr import known_repr


@frozen
class ReferenceInterval:
    """The interval a laboratory printed beside its result, in the unit of the result. Either end may be missing."""

    low: Decimal | None = None
    high: Decimal | None = None


@frozen(repr=False)
class LabResult:
    """One result: digits as printed, unit, comparator, day and the laboratory's own interval.

    ``test`` and ``unit`` are names of the catalogue. ``comparator`` is one of ``<``, ``<=``, ``>``, ``>=`` or None.
    ``source`` says where the caller had it from (``labs[0]``, ``Observation/mg-1``).
    """

    test: str
    value: Decimal
    unit: str
    comparator: str | None = None
    on: date | None = None
    reference: ReferenceInterval = ReferenceInterval()
    haemolysed: bool | None = None
    unit_confirmed: bool | None = None
    code_mismatch: bool = False
    """The code it came with speaks against the unit; the unit decides, and a finding says so."""
    interval_not_used: bool = False
    """The laboratory's interval was printed in another unit and was left aside."""
    source: str = ""

    __repr__ = known_repr

    @property
    def shown(self) -> str:
        """Comparator and digits as reported, without the unit: ``"1.48"``, ``"<0.5"``."""
        return f"{self.comparator or ''}{self.value:f}"

    @property
    def order(self) -> tuple[str, str, str, str, str, str, bool, bool]:
        """A total order that does not depend on the order in which results were given."""
        return (
            self.test,
            self.on.isoformat() if self.on else "",
            self.unit,
            self.shown,
            str(self.reference),
            f"{self.haemolysed}{self.unit_confirmed}{self.source}",
            self.code_mismatch,
            self.interval_not_used,
        )
