"""What a card says in its one line: an action first, at most 139 characters, and nothing of Markdown.

The words stand beside the rules they speak for; a rule that has none here is told by the first sentence of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mgdecide.domain.verdicts import Finding, Json, Reason

LONGEST_SUMMARY = 139
"""CDS Hooks 2.0.1 asks for fewer than 140 characters."""
_LONGEST_NAME = 48

URGENT: Mapping[str, str] = {
    "urgent.suicide-item": (
        "Assess suicide risk, needs and safety in this contact: positive suicide item, or suicidal thoughts on record."
    ),
    "urgent.suicide-emergency": (
        "Use the crisis or emergency pathway now: a suicide plan, intent, means or a recent attempt is recorded."
    ),
    "urgent.critical-low-magnesium": "Assess today, with an ECG: critically low serum magnesium{magnesium}.",
    "urgent.low-magnesium-with-signs": (
        "Send to the emergency department now: severely low magnesium{magnesium} with a danger sign, value or digoxin."
    ),
    "urgent.emergency-signs": (
        "Call emergency services now: a ventricular arrhythmia, a seizure or respiratory depression is recorded."
    ),
    "urgent.high-magnesium": (
        "Send to the emergency department and stop every source of magnesium: dangerously high value{magnesium}."
    ),
    "urgent.refeeding": "Involve the nutrition team: refeeding risk with low magnesium, potassium or phosphate.",
    "urgent.ileus": "Assess urgently and give no oral magnesium: ileus is recorded as an acute sign.",
}

CLOSED = "Do not start oral magnesium: "
WHY_CLOSED: Mapping[str, str] = {
    "gate.kidney": "severely reduced kidney function{kidney}. A decision for a specialist only.",
    "gate.dialysis": "the patient is on dialysis. A decision for the dialysis team only.",
    "gate.acute-kidney-injury": "acute kidney injury; magnesium can accumulate.",
    "gate.av-block": "Mobitz II or third-degree AV block without a pacemaker.",
    "gate.myasthenia": "myasthenia gravis or Lambert-Eaton syndrome.",
    "gate.bowel-obstruction": "bowel obstruction or ileus.",
    "gate.high-magnesium": "serum magnesium{magnesium} is above the upper limit. Stop every source.",
    "urgent.suicide-item": "the positive suicide item comes first. Assess risk, needs and safety in this contact.",
    "urgent.suicide-emergency": "a suicide emergency is recorded and comes first. Use the crisis pathway now.",
    "urgent.critical-low-magnesium": "critically low serum magnesium{magnesium} needs urgent assessment today.",
    "urgent.low-magnesium-with-signs": "severely low magnesium{magnesium} with a danger sign is an emergency.",
    "urgent.emergency-signs": "an arrhythmia, a seizure or respiratory depression is an emergency of its own.",
    "urgent.high-magnesium": "dangerously high value{magnesium}. Stop every source; emergency department.",
    "urgent.refeeding": "refeeding risk belongs to the hospital nutrition team.",
    "urgent.ileus": "ileus is recorded as an acute sign.",
}
STATUS: Mapping[str, tuple[str, str]] = {
    "severe_hypo": (
        "warning",
        "Review the severely low serum magnesium{magnesium}: find the cause and decide on correction.",
    ),
    "hypo": ("warning", "Review the low serum magnesium{magnesium}: find the cause and decide on correction."),
    "below_nhanes1": ("info", "Review serum magnesium{magnesium}: normal for some laboratories, low for others."),
}
"""Categories that ask for something, with the indicator. Whether magnesium helps depression is another question."""

_VERBS: Mapping[str, str] = {
    "avoid": "Avoid",
    "separate": "Separate",
    "adjust": "Adjust",
    "monitor": "Monitor",
    "measure": "Measure",
    "ask": "Ask",
    "review": "Review",
    "none": "Note",
}

OVERRIDE_SYSTEM = "urn:mgdecide:override-reason"
OVERRIDE_REASONS: Mapping[str, str] = {
    "will-monitor": "Will monitor serum magnesium",
    "tolerated-before": "Tolerated before",
    "specialist": "A specialist is supervising",
    "already-acted": "Already acted on",
    "value-wrong": "The value used is wrong or old",
    "not-relevant": "Not relevant for this patient now",
    "patient-declined": "The patient declined",
}


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence."""
    return re.split(r"(?<=[a-z)])\. ", text, maxsplit=1)[0].rstrip(".") + "."


def instruction(finding: Finding) -> str:
    """A finding of an interaction or a caution in one line."""
    if finding.action == "separate":
        hours = _hours(dict(finding.details).get("separation"))
        if hours:
            return clipped(f"Separate: {named(finding.subject)} {hours} magnesium.")
    sentence = first_sentence(finding.text)
    if finding.subject:
        sentence = sentence.replace(finding.subject, named(finding.subject), 1)
    return clipped(f"{_VERBS.get(finding.action, 'Review')}: {sentence}")


def _hours(separation: object) -> str:
    """``at least 2 hours before or 4 hours after``, from the hours a row uses."""
    used = separation.get("used") if isinstance(separation, dict) else None
    if not isinstance(used, dict):
        return ""
    before, after = _in_hours(used.get("before_hours")), _in_hours(used.get("after_hours"))
    if before == after:
        return f"at least {before} apart from"
    return f"at least {before} before or {after} after"


def _in_hours(hours: object) -> str:
    digits = f"{hours:g}" if isinstance(hours, float | int) else str(hours)
    return "1 hour" if digits == "1" else f"{digits} hours"


def magnesium_words(status: Json) -> str:
    """The value as reported, in brackets; empty where there is none."""
    value, unit = status.get("value"), status.get("unit")
    return f" ({in_words(str(value))} {unit})" if value and unit else ""


_SIGNS = (("<=", "at most "), (">=", "at least "), ("<", "less than "), (">", "more than "))


def in_words(value: str) -> str:
    """A value with its sign in words: in prose a sign is misread, and in some records it is markup."""
    for sign, words in _SIGNS:
        if value.startswith(sign):
            return words + value.removeprefix(sign)
    return value


def kidney_words(reasons: Iterable[Reason]) -> str:
    """The kidney figure that decides, in brackets."""
    for reason in reasons:
        if reason.value != "unknown" and "egfr" in reason.fact and "min" in str(reason.unit):  # not how old it is
            return f" (eGFR {in_words(reason.value)} {str(reason.unit).replace('/1.73m2', '/1.73 m2')})"
    return ""


def listed(names: Iterable[str], most: int = 3) -> str:
    """``a, b and 2 more``."""
    given = list(names)
    shown, rest = given[:most], len(given) - most
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


def named(name: str) -> str:
    """A medicine as given, on one line and short enough for a card."""
    plain = one_line(name)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 3].rstrip() + "..."


def one_line(text: str) -> str:
    """A text without line ends and characters that cannot be printed."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.split())


def clipped(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """A text cut between words, with three dots where it was cut."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 3]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.(") + "..."


_MARKED = re.compile(r"([\\`*_{}\[\]#|~!])")


def as_markdown(text: str) -> str:
    """Plain text for GitHub Flavored Markdown: nothing of it is taken for markup, and no HTML."""
    return _MARKED.sub(r"\\\1", one_line(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
