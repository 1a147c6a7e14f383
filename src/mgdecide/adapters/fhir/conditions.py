"""Conditions: true where active and confirmed, left open where it cannot be told, and never made false here.

Acute signs and pregnancies are taken from a coded condition only if it is active and dated within days of the
assessment (``knowledge/chart.toml``): a seizure on a problem list is a history, not a bedside observation.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import Chart, Resource
from mgdecide.adapters.fhir.codings import coded, shown
from mgdecide.adapters.fhir.dates import day_of
from mgdecide.adapters.fhir.vocabulary import Vocabulary, meaning
from mgdecide.knowledge.codes import ConditionCode

ACTIVE = frozenset(("active", "recurrence", "relapse"))
OVER = frozenset(("inactive", "remission", "resolved"))
_NEVER = frozenset(("refuted", "entered-in-error"))
_CONFIRMED = frozenset(("confirmed", ""))


def read_condition(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """Note the facts a Condition makes true or leaves open; or report why it does neither."""
    concept = resource.get("code") or {}
    verification = _code_of(resource.get("verificationStatus"))
    if verification in _NEVER:
        chart.refused(resource, reasons.STATUS, shown(concept), verification)
        return
    recorded = _first_day(resource, "onsetDateTime", "onsetPeriod", "recordedDate")
    if recorded is not None and chart.is_later(recorded):
        chart.refused(resource, reasons.LATER, shown(concept), recorded.isoformat())
        return
    found = said(concept)
    if found is None:
        _unmapped(resource, concept, chart, words)
    elif not found.facts:
        chart.refused(resource, reasons.NOT_NEEDED, shown(concept) or found.display)
    else:
        _note(resource, found, _state(resource, verification, chart), recorded, chart, words)


def said(concept: Resource) -> ConditionCode | None:
    """What the codings of a concept say together; where they differ, all facts, to be checked."""
    found: ConditionCode | None = None
    for system, code in coded(concept):
        other = meaning(system, code)
        if other is None or (found is not None and not other.facts):
            continue
        if found is None or not found.facts:
            found = other
        elif other.facts != found.facts or other.use != found.use:
            use = found.use if found.use == other.use else "check"
            found = evolve(found, facts=tuple(dict.fromkeys(found.facts + other.facts)), use=use)
    return found


def _state(resource: Resource, verification: str, chart: Chart) -> str:
    """``active``, ``over``, or ``open`` where status, confirmation and dates do not settle it."""
    status = _code_of(resource.get("clinicalStatus"))
    ended = _first_day(resource, "abatementDateTime", "abatementPeriod")
    has_ended = ended is not None and not chart.is_later(ended)
    if status in OVER:
        return "over"
    if verification not in _CONFIRMED:
        return "open"
    if status == "":
        return "over" if has_ended or resource.get("abatementString") or resource.get("abatementAge") else "active"
    return "active" if status in ACTIVE and not has_ended else "open"


def _note(
    resource: Resource, found: ConditionCode, state: str, recorded: date | None, chart: Chart, words: Vocabulary
) -> None:
    for key in found.facts:
        outcome, code = _outcome(key, found.use, state, recorded, chart, words)
        if outcome == "true":
            _set(key, chart, words)
            chart.used(resource, key, found.display)
        else:
            chart.refused(resource, code, key, found.display)
            if outcome == "open":
                _leave_open(key, found.display, chart, words)
    if state != "over":
        for key in words.possible.get(found.code, ()):
            if key not in found.facts:
                _leave_open(key, found.display, chart, words)


def _leave_open(key: str, display: str, chart: Chart, words: Vocabulary) -> None:
    """A condition is then not made false by a complete list; a sign is never false, and is asked about in words."""
    if key in words.conditions:
        chart.unsettled.setdefault(key, display)
    elif key in words.signs:
        chart.open_signs.setdefault(key, display)


def _outcome(key: str, use: str, state: str, recorded: date | None, chart: Chart, words: Vocabulary) -> tuple[str, str]:
    """``true``, ``open``, or ``no`` (says nothing of today), with the reason."""
    if state == "open" or (use == "check" and state == "active"):
        return "open", reasons.NOT_CONFIRMED
    if state == "over" or use != "active":
        return ("true", "") if key in words.lasting and use == "active" else ("no", reasons.NOT_ACTIVE)
    longest = _longest(key, words)
    ago = None if recorded is None else chart.days_ago(recorded)
    if longest is None or (ago is not None and ago <= longest):
        return "true", ""
    return "open", reasons.NOT_NOW


def _longest(key: str, words: Vocabulary) -> int | None:
    """For how many days an entry speaks of today; None for what does not pass."""
    if key in words.signs:
        return words.days["sign"]
    return words.days["pregnant"] if key == "pregnancy" else words.brief.get(key)


def _set(key: str, chart: Chart, words: Vocabulary) -> None:
    if key in words.conditions:
        chart.conditions[key] = True
    elif key in words.signs:
        chart.presenting[key] = True
    elif key == "pregnancy":
        chart.pregnant = True
    elif key == "tobacco":
        chart.tobacco = True


def _unmapped(resource: Resource, concept: Resource, chart: Chart, words: Vocabulary) -> None:
    """A condition that no table knows: shown beside the gate; a word of the gate in its text leaves that fact open."""
    text = shown(concept)
    chart.refused(resource, reasons.CODE_UNKNOWN, text)
    if text and _code_of(resource.get("clinicalStatus")) not in OVER:
        chart.unmapped.append(text)
    for key in words.hinted(text):
        _leave_open(key, text, chart, words)


def _code_of(concept: Any) -> str:
    """The code of a status; empty where none is given. A status that is only text is not understood."""
    if concept is None:
        return ""
    if type(concept) is str:  # DSTU2 wrote a plain code
        return concept
    for coding in concept.get("coding", ()):
        code = coding.get("code")
        if type(code) is str:
            return code
    return "not coded"


def _first_day(resource: Resource, *keys: str) -> date | None:
    for key in keys:
        given = resource.get(key)
        if given is not None:
            text = given.get("start") or given.get("end") if type(given) is dict else given
            if text is not None:
                return day_of(text)
    return None
