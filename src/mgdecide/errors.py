"""Every error mgdecide raises on purpose.

    MgdecideError                 something given to mgdecide cannot be used; always has a code
    ├── InvalidRecord             a patient record with one or more mistakes (``.problems``)
    ├── InvalidKnowledge          a knowledge file that must not be loaded
    ├── InvalidOverlay            a site overlay that may not be applied
    ├── InvalidQuestion           an expression that cannot be built or compiled
    ├── InvalidInput              any other unusable argument (a file, a row, an option)
    └── DoseError                 a dose that cannot be read or combined (see below)

A verdict is not an error: an unknown, a closed gate or a suspect unit is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from attrs import evolve, frozen

_ADVICE = frozenset({"did", "give", "install", "name", "please", "say", "see", "state", "write"})
"""First words of an ``accepted`` that tells what to do; any other is what would have been accepted."""


@frozen
class Problem:
    """One mistake: where it is in the caller's words, what was given, and what would be accepted."""

    code: str
    path: str
    given: str
    accepted: str

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        given = self.given if self.given.startswith(("no ", "not ")) else f"got {self.given}"
        return f"[{self.code}]{where}: {given}{self._what_to_do()}"

    def _what_to_do(self) -> str:
        """The last part as a sentence: advice as it stands, anything else as what was expected."""
        if not self.accepted:
            return ""
        advice = self.accepted.split(maxsplit=1)[0].rstrip(":") in _ADVICE
        return f". {self.accepted[0].upper()}{self.accepted[1:]}" if advice else f". Expected {self.accepted}"

    def to_record(self) -> dict[str, str]:
        """The JSON shape that ``--format json`` prints on standard error."""
        return {"code": self.code, "path": self.path, "given": self.given, "accepted": self.accepted}


class MgdecideError(Exception):
    """Root of the tree. ``problems`` holds every mistake found, never only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        if not found:
            raise ValueError("an error needs at least one problem")
        self.problems: tuple[Problem, ...] = found
        super().__init__("\n".join(str(problem) for problem in found))

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code

    def __reduce__(self) -> tuple[type[MgdecideError], tuple[object, ...]]:
        return type(self), (self.problems,)


class InvalidRecord(MgdecideError):
    """A patient record that cannot be read; nothing of it is used."""


class InvalidKnowledge(MgdecideError):
    """A knowledge file with a fact that has no source, no unit, or no rule."""


class InvalidOverlay(MgdecideError):
    """A site overlay that names an unknown or locked limit, or loosens a locked direction."""


class InvalidQuestion(MgdecideError):
    """An expression that mixes units, names no fact, or cannot be resolved with this knowledge."""


class InvalidInput(MgdecideError):
    """A file, a row or an option that cannot be used."""


# --- doses ---------------------------------------------------------------------------------------
#
#   DoseError                     a dose that cannot be read, converted or combined
#   ├── BasisMissing     U101     500 mg of what: the salt, or magnesium itself?
#   ├── UnitInvalid      U102     "Mg" (magnesium? megagram?)      U108  a unit that is not known here
#   ├── HydrateMissing   U103     one exact answer asked of a salt whose hydrate was not named
#   ├── SubstanceAsMass  U104     mEq or mmol (always of magnesium) given as a mass of salt
#   ├── PeriodMixed      U105     per dose, per day and per course taken for one another
#   ├── AmountInvalid    U106     decimal comma   U107  binary float   U109  not a usable amount
#   ├── BasisMixed       U110     salt mass and elemental magnesium in one sum
#   │   └── SaltsMixed   U112     masses of two different salts in one sum
#   ├── SaltUnknown      U111     a salt this edition does not hold
#   ├── SaltMissing      U113     a salt mass asked of a dose that names no salt
#   └── BasisUnknown     U114     a basis other than salt or elemental


class DoseError(MgdecideError):
    """A dose that cannot be read, converted or combined. ``details`` are further lines: readings, what to write."""

    def __init__(self, problems: Problem | Iterable[Problem], details: Iterable[str] = ()) -> None:
        super().__init__(problems)
        self.details: tuple[str, ...] = tuple(details)

    def __str__(self) -> str:
        return "\n".join((*(str(problem) for problem in self.problems), *(f"  {line}" for line in self.details)))

    def __reduce__(self) -> tuple[type[MgdecideError], tuple[object, ...]]:
        return type(self), (self.problems, self.details)

    def at(self, path: str) -> Self:
        """The same error, told from further out: ``amount`` becomes ``magnesium_products[0].amount``."""
        moved = (evolve(each, path=f"{path}.{each.path}" if each.path else path) for each in self.problems)
        return type(self)(moved, self.details)


class BasisMissing(DoseError):
    """One exact answer was asked of a dose that does not say whether it is salt or elemental magnesium (MGD-U101)."""


class UnitInvalid(DoseError):
    """``Mg`` (MGD-U102), or a unit that is not known here (MGD-U108)."""


class HydrateMissing(DoseError):
    """One exact answer was asked of a salt whose hydrate was not named (MGD-U103)."""


class SubstanceAsMass(DoseError):
    """mEq or mmol, which are always of magnesium, given as a mass of salt (MGD-U104)."""


class PeriodMixed(DoseError):
    """One dose, a day and a course taken for one another (MGD-U105)."""


class AmountInvalid(DoseError):
    """A decimal comma (MGD-U106), a binary float (MGD-U107), or no usable amount at all (MGD-U109)."""


class BasisMixed(DoseError):
    """Salt mass and elemental magnesium in one sum (MGD-U110)."""


class SaltsMixed(BasisMixed):
    """Masses of two different salts in one sum (MGD-U112)."""


class SaltUnknown(DoseError):
    """A salt that this edition does not hold; the nearest names are suggested (MGD-U111)."""


class SaltMissing(DoseError):
    """A mass of salt was asked of a dose that names no salt (MGD-U113)."""


class BasisUnknown(DoseError):
    """A basis other than ``salt`` or ``elemental`` (MGD-U114)."""
