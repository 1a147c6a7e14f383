"""The few verbs a column engine must have, so that one writer serves narwhals expressions and SQL text alike."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Protocol, TypeAlias


class Kind(Enum):
    """What a column holds."""

    NUMBER = "64-bit float"
    TRUTH = "boolean"
    WORD = "text"
    COUNT = "32-bit integer"


class Expression(Protocol):
    """A column expression. Null operands give null, but for ``&`` and ``|``, which are Kleene's."""

    def __and__(self, other: Expression, /) -> Expression: ...
    def __or__(self, other: Expression, /) -> Expression: ...
    def __invert__(self) -> Expression: ...
    def __lt__(self, other: Expression | float, /) -> Expression: ...
    def __le__(self, other: Expression | float, /) -> Expression: ...
    def __gt__(self, other: Expression | float, /) -> Expression: ...
    def __ge__(self, other: Expression | float, /) -> Expression: ...
    def __add__(self, other: Expression | float, /) -> Expression: ...
    def __sub__(self, other: Expression | float, /) -> Expression: ...
    def __mul__(self, other: Expression | float, /) -> Expression: ...
    def __truediv__(self, other: Expression | float, /) -> Expression: ...
    def __pow__(self, other: Expression, /) -> Expression: ...
    def abs(self) -> Expression: ...
    def floor(self) -> Expression: ...
    def is_null(self) -> Expression: ...


class Verbs(Protocol):
    """How one engine's expressions are made."""

    def column(self, name: str) -> Expression:
        """A column of the frame at hand."""

    def floats(self, name: str) -> Expression:
        """A column of 64-bit floats as the frame was given; NaN may come as infinity, which is no more usable."""

    def literal(self, value: bool | float | str) -> Expression:
        """The same value for every row."""

    def null(self, kind: Kind) -> Expression:
        """Null for every row."""

    def equals(self, left: Expression, right: str | float) -> Expression:
        """Null where ``left`` is."""

    def when(self, condition: Expression, then: Expression, otherwise: Expression | None = None) -> Expression:
        """``then`` where the condition is true. Where it is null an engine may give ``otherwise`` or null."""

    def first_known(self, *terms: Expression) -> Expression:
        """The first term that is not null."""

    def cast(self, term: Expression, kind: Kind) -> Expression:
        """The term as another kind of column."""

    def listed(self, *terms: Expression) -> Expression:
        """The texts that are not null, separated by commas; an empty text if none is."""


Select: TypeAlias = Mapping[str, Expression]
"""One step of a plan: every column of the next frame, in order, as an expression over the last one."""
