"""When in the day magnesium may be taken beside medicines that must be kept apart from it.

Times are whole minutes after midnight, and the day is a circle: 23:00 is two hours before 01:00. A medicine taken at
minute t with ``before`` and ``after`` allows magnesium from t + before on, and until t - after of its next dose; the
two ends are allowed themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

from attrs import field, frozen

DAY = 24 * 60
"""Minutes of a day."""


def clock(minute: int) -> str:
    """A minute of the day as 24-hour clock time.

    >>> clock(7 * 60), clock(DAY)
    ('07:00', '00:00')
    """
    return f"{minute % DAY // 60:02d}:{minute % 60:02d}"


def _is_minute(_: object, __: object, value: int) -> None:
    if not 0 <= value < DAY:
        raise ValueError(f"{value} is not a minute of the day; 0 to {DAY - 1} are")


def _not_negative(_: object, __: object, value: int) -> None:
    if value < 0:
        raise ValueError(f"{value} minutes apart; zero or more are meant")


@frozen
class Dose:
    """One dose of a medicine, and the minutes that must lie between it and magnesium on either side.

    ``before``: the medicine is taken at least so long before magnesium; ``after``: at least so long after it.
    """

    medicine: str
    minute: int = field(validator=_is_minute)
    before: int = field(validator=_not_negative)
    after: int = field(validator=_not_negative)

    def allows(self, minute: int) -> bool:
        """Whether magnesium at this minute is far enough from this dose, on both sides and round the clock."""
        since, until = (minute - self.minute) % DAY, (self.minute - minute) % DAY
        return since >= self.before and until >= self.after

    def __str__(self) -> str:
        return f"{self.medicine} at {clock(self.minute)}"


@frozen
class Window:
    """A stretch of the day, both ends allowed. ``minutes`` is its length, so it may pass midnight; 1440 is all day."""

    start: int
    minutes: int

    @property
    def end(self) -> int:
        """The last minute, in the same or the next day."""
        return (self.start + self.minutes) % DAY

    def __contains__(self, minute: int) -> bool:
        return (minute - self.start) % DAY <= self.minutes

    def __str__(self) -> str:
        if self.minutes >= DAY - 1:
            return "at any time"
        if self.minutes == 0:
            return f"at {clock(self.start)}"
        next_day = " the next day" if self.start + self.minutes >= DAY else ""
        return f"from {clock(self.start)} to {clock(self.end)}{next_day}"


@frozen
class Windows:
    """When magnesium may be taken, in the order of the day."""

    items: tuple[Window, ...]

    def __str__(self) -> str:
        return f"Magnesium may be taken {' or '.join(str(window) for window in self.items)}."


@frozen
class NoWindow:
    """No minute of the day is far enough from every dose. ``pairs`` are the neighbours that leave no room between."""

    pairs: tuple[tuple[Dose, Dose], ...]

    def __str__(self) -> str:
        told = "; ".join(str(one) if one == other else f"{one} and {other}" for one, other in self.pairs)
        return f"No time of the day is left for magnesium. Too close to each other: {told}."


DayPlan: TypeAlias = Windows | NoWindow


def plan(doses: Iterable[Dose]) -> DayPlan:
    """The windows of the day that every dose allows, as wide as they can be; or which doses leave none.

    >>> print(plan([Dose("alendronate", 7 * 60, before=240, after=240)]))
    Magnesium may be taken from 11:00 to 03:00 the next day.
    >>> print(plan([Dose("a", 480, before=600, after=841)]))
    No time of the day is left for magnesium. Too close to each other: a at 08:00.
    """
    blocks = _widest(block for dose in set(doses) if (block := _Block.of(dose)) is not None)
    if not blocks:
        return Windows((Window(0, DAY),))
    if blocks[0].minutes >= DAY:
        return NoWindow(((blocks[0].dose, blocks[0].dose),))
    around = [*blocks, blocks[0].tomorrow()]
    free = [
        Window((one.last + 1) % DAY, other.first - one.last - 2)
        for one, other in pairwise(around)
        if other.first - one.last >= 2
    ]
    if not free:
        pairs = [(one.dose, other.dose) for one, other in pairwise(around)]
        return NoWindow(tuple(pair for at, pair in enumerate(pairs) if (pair[1], pair[0]) not in pairs[:at]))
    return Windows(tuple(sorted(free, key=lambda window: window.start)))


def told(doses: Sequence[Dose], without_times: Sequence[str] = ()) -> str:
    """The plan as lines for review: doses in the order of the day, then what is left for magnesium."""
    lines = [f"{clock(dose.minute)}  {dose.medicine}" for dose in sorted(doses, key=lambda d: (d.minute, d.medicine))]
    if without_times:
        names = ", ".join(sorted(without_times, key=lambda name: (name.casefold(), name)))
        lines.append(f"No time was given for {names}: when magnesium may be taken cannot be told.")
    else:
        lines.append(str(plan(doses)))
    return "\n".join(lines)


@frozen
class _Block:
    """The minutes that one dose forbids, from ``first`` (0 to 1439) to ``last``, which may lie in the next day."""

    first: int
    last: int
    dose: Dose

    @staticmethod
    def of(dose: Dose) -> _Block | None:
        if dose.before == 0 and dose.after == 0:
            return None
        first, last = dose.minute - max(dose.after, 1) + 1, dose.minute + max(dose.before, 1) - 1
        shift = first % DAY - first
        return _Block(first + shift, last + shift, dose)

    @property
    def minutes(self) -> int:
        return self.last - self.first + 1

    def tomorrow(self) -> _Block:
        return _Block(self.first + DAY, self.last + DAY, self.dose)

    def holds(self, other: _Block) -> bool:
        """Whether the other's minutes all lie in this one, today or a day earlier."""
        return (
            any(self.first <= other.first + day and other.last + day <= self.last for day in (0, DAY))
            or self.minutes >= DAY
        )


def _widest(blocks: Iterable[_Block]) -> list[_Block]:
    """The blocks that no other one holds, in the order of the day; one alone where it forbids the whole day."""
    kept: list[_Block] = []
    ordered = sorted(blocks, key=lambda block: (-block.minutes, block.first, block.dose.medicine))
    for block in ordered:
        if not any(other.holds(block) for other in kept):
            kept.append(block)
    return sorted(kept, key=lambda block: block.first)
