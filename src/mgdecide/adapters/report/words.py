"""The words of the report: actions, fits, marks, and the two decisions of the bottom line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import EvidenceSummary, Fit, GateState, Interval, Reason, RegimenDose, Verdict

LOW = -1
"""More than one level down is said in the plural."""

ACTION_WORDS: Mapping[str, str] = {
    "avoid": "AVOID",
    "separate": "SEPARATE",
    "adjust": "ADJUST",
    "monitor": "MONITOR",
    "measure": "MEASURE",
    "ask": "ASK",
    "review": "REVIEW",
    "none": "NOTE",
}
FIT_WORDS: Mapping[Fit, str] = {
    Fit.FITS: "fits",
    Fit.CANNOT_TELL: "cannot tell",
    Fit.DOES_NOT_FIT: "does not fit",
}
MARKS: Mapping[Verdict, str] = {
    Verdict.MET: "[met]",
    Verdict.NOT_MET: "[not met]",
    Verdict.UNKNOWN: "[?]",
    Verdict.NOT_APPLICABLE: "[n/a]",
}
LEVELS: Mapping[str, str] = {
    "critical_low": "CRITICALLY LOW",
    "severe_hypo": "SEVERELY LOW",
    "hypo": "LOW",
    "below_nhanes1": "BORDERLINE",
    "suboptimal": "IN REFERENCE",
    "adequate": "IN REFERENCE",
    "high_mild": "HIGH",
    "high": "HIGH",
    "high_extreme": "EXTREMELY HIGH",
    "undetermined": "CANNOT TELL",
}


def level_word(category: str) -> str:
    """A category as one or two words."""
    return LEVELS[category]


def interval_words(interval: Interval | None) -> str:
    """The limits in force and whose they are: ``1.7 to 2.6 mg/dL (laboratory)``."""
    if interval is None:
        return "none"
    return f"{interval.low or '?'} to {interval.high or '?'} {interval.unit} ({interval.origin})"


def elemental(dose: RegimenDose) -> str:
    """The elemental magnesium a stated dose holds, as a number or an interval, or that it is not known."""
    if dose.low is None or dose.high is None:
        return "elemental magnesium not known"
    amount = f"{dose.low:g}" if dose.low == dose.high else f"{dose.low:g} to {dose.high:g}"
    return f"{amount} mg elemental magnesium a day"


def salt_words(salt: str) -> str:
    """The salt as the study files name it."""
    return "magnesium; the salt was not found in what could be read" if salt == "not found" else salt


def comparator_words(comparator: str) -> str:
    """What a study compared with; a study without a control group says so."""
    return "no comparison group" if comparator == "none" else f"compared with {comparator}"


def people_words(summary: EvidenceSummary) -> str:
    """``325 people (7 studies)``; what could not be read says so."""
    people = "number of people not read" if summary.participants is None else f"{summary.participants} people"
    if summary.studies is None:
        return f"{people}, number of studies not read"
    return f"{people} ({summary.studies} {'study' if summary.studies == 1 else 'studies'})"


def comparisons(reasons: tuple[Reason, ...], label: Callable[[str], str]) -> tuple[str, ...]:
    """The comparisons behind a finding, one line: ``because PHQ-9 item 9 is 2 points (at least 1)``."""
    told = [
        f"{label(reason.fact)} is {reason.value}{f' {reason.unit}' if reason.unit else ''} ({reason.comparison})"
        for reason in reasons
        if reason.value not in ("true", "false")
    ]
    told += [label(reason.fact) for reason in reasons if reason.value == "true"]
    return (f"because {'; '.join(told)}",) if told else ()


def bottom_line(assessment: Assessment) -> Iterator[tuple[int, str]]:
    """The two decisions, never in one sentence: the level of magnesium, and an effect on depression."""
    status = assessment.status
    word = LEVELS[status.category].lower()
    if status.category in ("critical_low", "severe_hypo", "hypo"):
        yield 1, f"Serum magnesium is {word}. Whether and how to correct it is a decision about deficiency."
    elif status.category == "undetermined":
        yield 1, "Whether magnesium is low cannot be told from what was given."
    elif status.category.startswith("high"):
        yield 1, f"Serum magnesium is {word}. Look for every source of magnesium and at the kidneys."
    else:
        yield 1, f"Serum magnesium, by the limits used: {status.text}"
    body = next((each for each in assessment.evidence if each.body == "oral-magnesium-depressive-symptoms"), None)
    if body is not None:
        yield 2, f"{body.statement} Do not delay or replace treatment for depression."
    if assessment.gate.state is not GateState.OPEN:
        yield 3, "No regimen is shown while the gate is not open."


def effect_words(summary: EvidenceSummary) -> str:
    """A pooled effect with its interval, all three with the same number of decimals."""
    effect = summary.effect
    if effect is None:
        return "not pooled"
    numbers = [str(effect[name]) for name in ("estimate", "low", "high")]
    digits = max(len(number.partition(".")[2]) for number in numbers)
    estimate, low, high = (f"{float(number):.{digits}f}" for number in numbers)
    doubt = "" if effect.get("verified", True) else ", recalled"
    return f"{effect['measure']} {estimate} (95% CI {low} to {high}){doubt}"
