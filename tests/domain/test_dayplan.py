"""The day plan: every minute it allows is allowed, and it allows every such minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgdecide.domain.dayplan import DAY, Dose, NoWindow, Window, Windows, clock, plan, told

MINUTES = st.integers(0, DAY - 1)
APART = st.one_of(st.integers(0, 600), st.integers(0, 2 * DAY))
DOSES = st.lists(st.builds(Dose, st.sampled_from("abcd"), MINUTES, APART, APART), max_size=5)


def hours(hour: float) -> int:
    return int(hour * 60)


def allowed(doses: list[Dose]) -> set[int]:
    """By the definition, minute by minute: at least ``before`` since each dose, at least ``after`` until it."""
    return {
        minute
        for minute in range(DAY)
        if all((minute - d.minute) % DAY >= d.before and (d.minute - minute) % DAY >= d.after for d in doses)
    }


def covered(found: Windows | NoWindow) -> list[int]:
    windows = found.items if isinstance(found, Windows) else ()
    return [minute for minute in range(DAY) for window in windows if minute in window]


@given(DOSES)
def test_the_windows_are_exactly_the_allowed_minutes(doses: list[Dose]) -> None:
    """No minute of a window is too close to a dose, no allowed minute is left out, and no two windows overlap."""
    minutes = covered(plan(doses))
    assert set(minutes) == allowed(doses)
    assert len(minutes) == len(set(minutes))


@given(st.builds(Dose, st.just("a"), MINUTES, APART, APART))
def test_one_dose_allows_what_the_definition_allows(dose: Dose) -> None:
    assert {minute for minute in range(DAY) if dose.allows(minute)} == allowed([dose])


@given(DOSES)
def test_windows_cannot_be_made_wider(doses: list[Dose]) -> None:
    found = plan(doses)
    if isinstance(found, Windows):
        for window in found.items:
            if window.minutes < DAY - 1:
                assert (window.start - 1) % DAY not in covered(found)
                assert (window.end + 1) % DAY not in covered(found)


@given(DOSES)
def test_a_plan_without_windows_names_pairs_that_leave_none(doses: list[Dose]) -> None:
    found = plan(doses)
    assert isinstance(found, NoWindow) == (not allowed(doses))
    if isinstance(found, NoWindow):
        named = {dose for pair in found.pairs for dose in pair}
        assert named <= set(doses)
        assert not allowed(sorted(named, key=str))  # the named doses are enough to block the day


@given(DOSES, MINUTES)
def test_turning_the_clock_turns_the_plan(doses: list[Dose], turn: int) -> None:
    turned = [Dose(d.medicine, (d.minute + turn) % DAY, d.before, d.after) for d in doses]
    assert set(covered(plan(turned))) == {(minute + turn) % DAY for minute in covered(plan(doses))}


@given(DOSES, st.builds(Dose, st.just("more"), MINUTES, APART, APART))
def test_one_more_dose_never_adds_time(doses: list[Dose], more: Dose) -> None:
    assert set(covered(plan([*doses, more]))) <= set(covered(plan(doses)))


@given(DOSES)
def test_the_order_of_medicines_never_changes_the_plan(doses: list[Dose]) -> None:
    assert plan(doses) == plan(list(reversed(doses)))


@pytest.mark.parametrize(
    ("doses", "text"),
    [
        ([], "Magnesium may be taken at any time."),
        # ux.md section 5: alendronate 07:00, magnesium from 11:00
        (
            [Dose("alendronate", hours(7), hours(4), hours(4))],
            "Magnesium may be taken from 11:00 to 03:00 the next day.",
        ),
        (
            [Dose("levothyroxine", hours(6), hours(4), hours(4)), Dose("ciprofloxacin", hours(20), hours(2), hours(6))],
            "Magnesium may be taken from 10:00 to 14:00 or from 22:00 to 02:00 the next day.",
        ),
        ([Dose("a", 0, hours(12), hours(12))], "Magnesium may be taken at 12:00."),
        ([Dose("a", hours(8), hours(2), 0)], "Magnesium may be taken from 10:00 to 07:59 the next day."),
        ([Dose("a", hours(8), 0, hours(2))], "Magnesium may be taken from 08:01 to 06:00 the next day."),
        ([Dose("a", hours(8), 1, 1)], "Magnesium may be taken from 08:01 to 07:59 the next day."),
        ([Dose("a", hours(2), hours(8), hours(2))], "Magnesium may be taken from 10:00 to 00:00 the next day."),
        # "early" forbids from 04:01 to 07:59, and "late" those minutes and all up to 11:59
        (
            [Dose("early", hours(6), hours(2), hours(2)), Dose("late", hours(8), hours(4), hours(4))],
            "Magnesium may be taken from 12:00 to 04:00 the next day.",
        ),
    ],
)
def test_plans_in_words(doses: list[Dose], text: str) -> None:
    assert str(plan(doses)) == text


def test_a_full_day_names_who_blocks_it() -> None:
    doses = [Dose("moxifloxacin", hours(8), hours(4), hours(8)), Dose("doxycycline", hours(20), hours(4), hours(8))]
    found = plan(doses)
    assert str(found) == "Magnesium may be taken at 00:00 or at 12:00."
    closer = [*doses, Dose("levothyroxine", hours(6), hours(7), hours(7))]
    blocked = plan(closer)
    assert isinstance(blocked, NoWindow)  # moxifloxacin's minutes all lie within those of levothyroxine
    assert str(blocked).endswith("Too close to each other: doxycycline at 20:00 and levothyroxine at 06:00.")


def test_a_dose_whose_minutes_another_one_forbids_as_well_is_not_named() -> None:
    """The morning's dose forbids 04:01 to 15:59, the night's 15:01 to 04:59; the noon's 12:01 to 15:59 adds nothing."""
    morning, night = Dose("morning", hours(8), hours(8), hours(4)), Dose("night", hours(20), hours(9), hours(5))
    noon = Dose("noon", hours(14), hours(2), hours(2))
    assert str(plan([morning, noon, night])).endswith("each other: morning at 08:00 and night at 20:00.")


def test_a_dose_that_blocks_the_day_alone_is_named_alone() -> None:
    """From 18:00 to 17:59 of the next day no minute is left, whatever else is taken at 18:00."""
    alone, other = Dose("a", hours(8), hours(10), hours(14) + 1), Dose("b", hours(18), hours(1), hours(1))
    assert str(plan([alone, other])).endswith("each other: a at 08:00.")


def test_a_day_with_nothing_to_keep_apart_is_one_window_from_midnight_to_midnight() -> None:
    found = plan([])
    assert isinstance(found, Windows)
    (window,) = found.items
    assert (clock(window.start), clock(window.end)) == ("00:00", "00:00")


def test_a_window_that_leaves_no_minute_out_is_any_time() -> None:
    """From 08:00 to 07:59, both allowed."""
    window = Window(hours(8), DAY - 1)
    assert all(minute in window for minute in range(DAY))
    assert str(window) == "at any time"


def test_told_lists_the_day_and_what_has_no_time() -> None:
    text = told([Dose("b", hours(8), 0, 0), Dose("a", hours(7), 240, 240)], ["zinc", "Iron"])
    assert text.splitlines() == [
        "07:00  a",
        "08:00  b",
        "No time was given for Iron, zinc: when magnesium may be taken cannot be told.",
    ]


@pytest.mark.parametrize(("minute", "before", "after"), [(-1, 0, 0), (DAY, 0, 0), (0, -1, 0), (0, 0, -5)])
def test_a_dose_outside_the_day_or_with_negative_hours_is_refused(minute: int, before: int, after: int) -> None:
    with pytest.raises(ValueError, match="minute"):
        Dose("a", minute, before, after)


def test_a_window_may_pass_midnight() -> None:
    window = Window(hours(22), hours(4))
    assert window.end == hours(2)
    assert hours(23) in window
    assert hours(2) in window
    assert hours(2) + 1 not in window
    assert clock(window.end) == "02:00"
