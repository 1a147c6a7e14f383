"""A questionnaire's score as it was taken: instrument with its version, total, items, day."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from mgdecide.domain.known_repr import known_repr


@frozen(repr=False)
class Score:
    """One administration. ``items`` pairs item number and points; items that were not recorded are absent.

    A raw DASS-21 total and a DASS-42 total are different instruments here (``DASS-21-D``, ``DASS-42-D``): read
    with the other's bands, the severity would be halved or doubled.
    """

    instrument: str
    total: int | None = None
    items: tuple[tuple[int, int], ...] = ()
    on: date | None = None
    mismatch: bool = False
    """The total given differs from the sum of a complete set of items; the higher reading counts."""
    source: str = ""

    __repr__ = known_repr

    def item(self, number: int) -> int | None:
        """The points of one item, or None if it was not recorded."""
        return dict(self.items).get(number)

    @property
    def order(self) -> tuple[str, str, int, str, bool, bool]:
        """A total order that does not depend on the order in which scores were given."""
        return (
            self.instrument,
            self.on.isoformat() if self.on else "",
            self.total or 0,
            f"{self.items}{self.source}",
            self.total is None,
            self.mismatch,
        )
