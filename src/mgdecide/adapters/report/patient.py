"""Plain words for the patient: short sentences, no dose, nothing that is not in the clinician's report."""

from __future__ import annotations

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


_IN_DOUBT = "Your clinician needs to check your magnesium result with the laboratory before we can tell you about it."
_LOW = ("critical_low", "severe_hypo", "hypo")


def _level(assessment: Assessment) -> str:
    """The level in words; a result of a doubtful unit is told only where it may need help soon."""
    category = assessment.status.category
    doubtful = any(finding.rule.startswith("data-quality.unit-suspect") for finding in assessment.findings)
    return _IN_DOUBT if doubtful and category not in _LOW else _LEVEL[category]


def plain_words(assessment: Assessment) -> str:
    """The patient view, one sentence or two to a line."""
    lines: list[str] = []
    urgent = {finding.rule for finding in assessment.urgent}
    if any(rule.startswith("urgent.suicide") for rule in urgent):
        lines.append(
            "Immediate action required: you said that you have had thoughts of dying or of hurting yourself. "
            "Please talk with your clinician now. You do not have to be alone with this."
        )
    if urgent & {"urgent.high-magnesium", "urgent.emergency-signs", "urgent.low-magnesium-with-signs"}:
        lines.append("Immediate action required: you need to be seen by a doctor now.")
    lines.append(_level(assessment))
    lines.append(
        "We do not know if magnesium helps with depression. The studies are small and not reliable enough. "
        "Keep taking your usual treatment."
    )
    if assessment.gate.state is GateState.CLOSED:
        lines.append("Do not start magnesium by yourself. Your clinician will tell you why.")
    elif assessment.gate.state is GateState.UNDECIDED:
        lines.append("Do not start magnesium yet. Your clinician needs to know a few more things first.")
    apart = sorted(
        {finding.subject for finding in assessment.findings if finding.action == "separate"}, key=str.casefold
    )
    lines += [
        f"If you take {medicine}, do not take magnesium at the same time. Ask how many hours to leave between them."
        for medicine in apart
    ]
    return "\n".join(lines) + "\n"
