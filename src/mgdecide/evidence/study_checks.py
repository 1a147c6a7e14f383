"""Every check that the figures of a study file allow, and those the file declares."""

from __future__ import annotations

from collections.abc import Iterator

from mgdecide.evidence.forensic import (
    ArmFigures,
    Check,
    Contrast,
    Outcome,
    analysed_within,
    check_outcome,
    elemental_against_salt,
    percentage,
    run_declared,
)
from mgdecide.knowledge.study_types import ArmRow, Study, StudyContrast, StudyOutcome

_PRINTED = "verified"
"""Only what was read is checked: a comparison worked out from the rows agrees with them by itself."""


def checks_of(study: Study) -> tuple[Check, ...]:
    """Outcome by outcome, then groups and dose, then what the file declares; each check once.

    Raises:
        InvalidInput: a declared check that cannot be run (MGD-P130, P131), a figure that is no printed number (P132).
    """
    declared = [run_declared(study.id, check) for check in study.checks]
    # A declared check names its figure better than we can from the row that holds it.
    named = {(check.id, check.numbers) for check in declared}
    found = [check for outcome in study.outcomes for check in _of_outcome(study, outcome)]
    found += [*_of_arms(study), *_of_dose(study)]
    return tuple(dict.fromkeys([each for each in found if (each.id, each.numbers) not in named] + declared))


def _of_outcome(study: Study, outcome: StudyOutcome) -> Iterator[Check]:
    for contrast in _contrasts(outcome) or (None,):
        yield from check_outcome(_as_printed(study, outcome, contrast))
    for row in outcome.rows:
        if row.percent is not None and row.n is not None:
            what = f"{outcome.name}, {_label(study, row.arm)}"
            yield percentage(study.id, what, row.percent, row.n, study.id, count=row.events)


def _contrasts(outcome: StudyOutcome) -> tuple[StudyContrast, ...]:
    return tuple(each for each in outcome.contrasts if each.backing.how == _PRINTED and each.measure != "finding")


def _as_printed(study: Study, outcome: StudyOutcome, contrast: StudyContrast | None) -> Outcome:
    low, high = outcome.scale_range or (None, None)
    entry_low, entry_high = outcome.entry_range or (None, None)
    return Outcome(
        study=study.id,
        name=outcome.name,
        source=study.id,
        arms=tuple(_figures(study, row) for row in outcome.rows),
        contrast=None if contrast is None else _comparison(contrast),
        whole_scores=outcome.whole_scores,
        decimals=outcome.decimals,
        low=low,
        high=high,
        entry_low=entry_low,
        entry_high=entry_high,
        adjusted=contrast is not None and contrast.adjusted,
        compared="endpoint" if contrast is None else contrast.compares,
    )


def _figures(study: Study, row: ArmRow) -> ArmFigures:
    return ArmFigures(
        label=_label(study, row.arm),
        n=row.n,
        baseline=row.baseline,
        baseline_sd=row.baseline_sd,
        endpoint=row.endpoint,
        endpoint_sd=row.endpoint_sd,
        change=row.change,
        change_sd=row.change_sd,
        change_p=row.change_p,
    )


def _comparison(contrast: StudyContrast) -> Contrast:
    return Contrast(contrast.estimate, contrast.low, contrast.high, contrast.p, contrast.measure == "RR")


def _label(study: Study, arm: str) -> str:
    return next((each.label for each in study.arms if each.id == arm), arm)


def _of_arms(study: Study) -> Iterator[Check]:
    for arm in study.arms:
        if arm.randomised is not None and arm.analysed is not None:
            yield analysed_within(study.id, f"people analysed, {arm.label}", arm.randomised, arm.analysed, study.id)


def _of_dose(study: Study) -> Iterator[Check]:
    """The elemental dose printed against the mass of salt printed; a mass of unknown basis tells nothing."""
    dose = study.dose
    if dose is None or dose.basis != "salt" or not dose.stated_elemental_mg:
        return
    as_salt = [each for each in dose.readings if each.form != "elemental"]
    for mass in dict.fromkeys(each.mg for each in as_salt):
        shares = {
            each.form.replace("_", " "): float(each.elemental_mg) / float(mass)
            for each in as_salt
            if each.mg == mass and float(each.elemental_mg) < float(mass)
        }
        if shares:
            yield elemental_against_salt(study.id, "dose a day", mass, dose.stated_elemental_mg, shares, study.id)
