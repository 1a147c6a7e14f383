"""What an engine asks of the knowledge: the numbers behind the symbolic limits and coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

Row = Mapping[str, object]
"""The facts of one patient: column name to value; a missing name or ``None`` is unknown."""

Answer = bool | float | str | None


class Resolver(Protocol):
    """Implemented by the knowledge; kept apart so that the logic needs no fact of medicine."""

    def number(self, id: str, unit: str | None = None) -> float:
        """A coefficient, or a limit in ``unit`` (its only one if None). Raises ``InvalidQuestion`` if unknown."""

    def edges(self, id: str, units: tuple[str, ...]) -> Mapping[str, float]:
        """A limit's edge in each of ``units``. Units the limit cannot be given in are absent."""

    def factor(self, lab: str, unit: str, to: str) -> float | None:
        """The number by which a value in ``unit`` is multiplied to be in ``to``; None if there is none."""
