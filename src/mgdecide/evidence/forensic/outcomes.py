"""Every check that the printed figures of one outcome allow, for the rows of a study file."""

from __future__ import annotations

from itertools import pairwise

from attrs import frozen

from mgdecide.evidence.forensic.check import Check
from mgdecide.evidence.forensic.intervals import interval_against_estimate, p_against_interval
from mgdecide.evidence.forensic.means import change_against_means, grim
from mgdecide.evidence.forensic.p_values import PrintedArm, p_against_change, p_against_figures
from mgdecide.evidence.forensic.spreads import bounded_sd, correlation_of_change


@frozen
class ArmFigures:
    """One arm of an outcome, every figure as printed (text) or None where not found."""

    label: str
    n: int | None = None
    baseline: str | None = None
    baseline_sd: str | None = None
    endpoint: str | None = None
    endpoint_sd: str | None = None
    change: str | None = None
    change_sd: str | None = None
    change_p: str | None = None


@frozen
class Contrast:
    """The comparison of arms as printed; ``ratio`` for odds and risk ratios."""

    estimate: str | None = None
    low: str | None = None
    high: str | None = None
    p: str | None = None
    ratio: bool = False


@frozen
class Outcome:
    """One outcome of a study as printed.

    ``low`` and ``high`` bound the scale, ``entry_low`` and ``entry_high`` the baseline scores that the entry criteria
    let in (whole scores: "below 30" is 29). ``whole_scores``: each person's score is a whole number. ``decimals``:
    those of the printed column. ``adjusted``: the printed p comes from an adjusted analysis. ``compared``: which
    figures the printed p compares.
    """

    study: str
    name: str
    source: str
    arms: tuple[ArmFigures, ...]
    contrast: Contrast | None = None
    whole_scores: bool = False
    decimals: int | None = None
    low: float | None = None
    high: float | None = None
    entry_low: float | None = None
    entry_high: float | None = None
    adjusted: bool = False
    compared: str = "endpoint"


def check_outcome(outcome: Outcome) -> tuple[Check, ...]:
    """Every check these figures allow, arm by arm, then between arms; a figure that is None allows none."""
    found = [check for arm in outcome.arms for check in (*_means(outcome, arm), *_spreads(outcome, arm))]
    return (*found, *_contrast(outcome))


def _means(outcome: Outcome, arm: ArmFigures) -> list[Check]:
    found: list[Check] = []
    if outcome.whole_scores:
        found += [
            grim(outcome.study, _what(outcome, arm, when), mean, arm.n, outcome.source, decimals=outcome.decimals)
            for when, mean in (("baseline", arm.baseline), ("endpoint", arm.endpoint))
            if mean is not None
        ]
    if arm.baseline is not None and arm.endpoint is not None and arm.change is not None:
        found.append(
            change_against_means(
                outcome.study,
                _what(outcome, arm, "change"),
                arm.baseline,
                arm.endpoint,
                arm.change,
                outcome.source,
                decimals=outcome.decimals,
            )
        )
    return found


def _spreads(outcome: Outcome, arm: ArmFigures) -> list[Check]:
    found: list[Check] = []
    for when, mean, sd, bounds in (
        ("baseline", arm.baseline, arm.baseline_sd, _entry(outcome)),
        ("endpoint", arm.endpoint, arm.endpoint_sd, (outcome.low, outcome.high, "the scale's ends")),
    ):
        low, high, whence = bounds
        if mean is not None and sd is not None and low is not None and high is not None:
            what = _what(outcome, arm, when)
            found.append(bounded_sd(outcome.study, what, mean, sd, arm.n, low, high, outcome.source, bounds=whence))
    what = _what(outcome, arm, "change")
    if arm.baseline_sd is not None and arm.endpoint_sd is not None and arm.change_sd is not None:
        sds = (arm.baseline_sd, arm.endpoint_sd, arm.change_sd)
        found.append(correlation_of_change(outcome.study, what, *sds, outcome.source))
    if arm.change is not None and arm.change_sd is not None and arm.change_p is not None and arm.n is not None:
        figures = (arm.change, arm.change_sd, arm.n, arm.change_p)
        found.append(p_against_change(outcome.study, what, *figures, outcome.source))
    return found


def _contrast(outcome: Outcome) -> list[Check]:
    printed, found = outcome.contrast, list[Check]()
    if printed is None:
        return found
    what = f"{outcome.name}, comparison"
    if printed.p is not None:
        arms = [_compared(outcome, arm) for arm in outcome.arms]
        found += [
            p_against_figures(outcome.study, what, a, b, printed.p, outcome.source, adjusted=outcome.adjusted)
            for a, b in pairwise(arms)
            if len(arms) == 2 and a is not None and b is not None
        ]
    if printed.estimate is not None and printed.low is not None and printed.high is not None:
        interval = (printed.estimate, printed.low, printed.high)
        found.append(interval_against_estimate(outcome.study, what, *interval, outcome.source, ratio=printed.ratio))
        if printed.p is not None:
            found.append(
                p_against_interval(outcome.study, what, *interval, printed.p, outcome.source, ratio=printed.ratio)
            )
    return found


def _compared(outcome: Outcome, arm: ArmFigures) -> PrintedArm | None:
    """The figures of an arm that the printed p compares, when all are there."""
    mean, sd = {
        "baseline": (arm.baseline, arm.baseline_sd),
        "endpoint": (arm.endpoint, arm.endpoint_sd),
        "change": (arm.change, arm.change_sd),
    }[outcome.compared]
    return None if mean is None or sd is None or arm.n is None or arm.n < 2 else PrintedArm(mean, sd, arm.n)


def _entry(outcome: Outcome) -> tuple[float | None, float | None, str]:
    """The bounds of baseline scores: entry criteria where given, else the scale's."""
    low = outcome.low if outcome.entry_low is None else outcome.entry_low
    high = outcome.high if outcome.entry_high is None else outcome.entry_high
    entered = outcome.entry_low is not None or outcome.entry_high is not None
    return low, high, "the stated entry range" if entered else "the scale's ends"


def _what(outcome: Outcome, arm: ArmFigures, when: str) -> str:
    return f"{outcome.name}, {when}, {arm.label}"
