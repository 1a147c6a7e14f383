"""Plain words for the patient: short sentences, no dose, nothing that is not in the clinician's report."""

from __future__ import annotations

from itertools import takewhile

from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import GateState

_LEVEL = {
    "critical_low": "Your magnesium level is very low. You need to be seen today.",
    "severe_hypo": "Your magnesium level is very low. Your clinician will talk with you about it soon.",
    "hypo": "Your magnesium level is low. Your clinician will talk with you about why, and whether to treat it.",
    "below_nhanes1": "Your magnesium level is at the lower edge of the usual range.",
    "suboptimal": "Your magnesium level is in the usual range.",
    "adequate": "Your magnesium level is in the usual range.",
    "high_mild": "Your magnesium level is a little high. Do not take magnesium until your clinician says so.",
    "high": "Your magnesium level is high. Do not take magnesium until your clinician says so.",
    "high_extreme": "Your magnesium level is very high. You need to be seen today. Do not take magnesium.",
    "undetermined": "We could not tell your magnesium level from what we have.",
}


_OLD = "Your magnesium was last measured some time ago. Your clinician may want to measure it again."
_HAEMOLYSED = "Your magnesium needs to be measured again: the sample could not be relied on."
_IN_DOUBT = "Your clinician needs to check your magnesium result with the laboratory before we can tell you about it."
_LOW = ("critical_low", "severe_hypo", "hypo")
_USUAL = ("below_nhanes1", "suboptimal", "adequate")
_NOW = frozenset(("urgent.high-magnesium", "urgent.emergency-signs", "urgent.low-magnesium-with-signs", "urgent.ileus"))
_TODAY = frozenset(("urgent.critical-low-magnesium", "urgent.refeeding"))


def _level(assessment: Assessment) -> str:
    """The level in words. A result of a doubtful unit is told only where it may need help soon, and one that is old,
    undated or of a haemolysed sample never reassures."""
    category = assessment.status.category
    found = {finding.rule for finding in assessment.findings}
    if category not in _LOW and any(rule.startswith("data-quality.unit-suspect") for rule in found):
        return _IN_DOUBT
    if category in _USUAL and "data-quality.haemolysed" in found:
        return _HAEMOLYSED
    if category in _USUAL and "serum_magnesium" in assessment.gate.needs:
        return _OLD
    return _LEVEL[category]


def plain_words(assessment: Assessment) -> str:
    """The patient view, one sentence or two to a line."""
    lines: list[str] = []
    urgent = {finding.rule for finding in assessment.urgent}
    if any(rule.startswith("urgent.suicide") for rule in urgent):
        lines.append(
            "Immediate action required: you said that you have had thoughts of dying or of hurting yourself. "
            "Please talk with your clinician now. You do not have to be alone with this." + assessment.crisis_line
        )
    if urgent & _NOW:
        lines.append("Immediate action required: you need to be seen by a doctor now.")
    elif urgent & _TODAY and assessment.status.category != "critical_low":
        lines.append("You need to be seen by a doctor today.")
    lines.append(_level(assessment))
    lines.append(
        "We do not know if magnesium helps with depression. The studies are small and not reliable enough. "
        "Keep taking your usual treatment."
    )
    if assessment.gate.state is GateState.CLOSED:
        lines.append("Do not start magnesium by yourself. Your clinician will tell you why.")
        if any(finding.rule == "caution.product-while-contraindicated" for finding in assessment.findings):
            lines.append("If you take magnesium now, also as an antacid or a laxative, ask your clinician today.")
    elif assessment.gate.state is GateState.UNDECIDED:
        lines.append("Do not start magnesium yet. Your clinician needs to know a few more things first.")
    never = _medicines(assessment, "avoid")
    lines += [f"If you take {medicine}, do not take magnesium unless your clinician says so." for medicine in never]
    lines += [
        f"If you take {medicine}, do not take magnesium at the same time. Ask how many hours to leave between them."
        for medicine in _medicines(assessment, "separate")
        if medicine not in never
    ]
    return "\n".join(lines) + "\n"


def _medicines(assessment: Assessment, action: str) -> list[str]:
    """The medicines with an interaction that calls for this action, by name."""
    named = {
        _without_strength(each.subject)
        for each in assessment.findings
        if each.kind == "interaction" and each.action == action
    }
    return sorted(named, key=str.casefold)


def _without_strength(medicine: str) -> str:
    """``Alendronate 70 MG Oral Tablet`` as ``Alendronate``: no dose in this view, not even of another medicine."""
    words = list(takewhile(lambda word: not word.lstrip("(")[:1].isdigit(), medicine.split()))
    return " ".join(words) or medicine
