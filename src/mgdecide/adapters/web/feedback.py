"""What clinicians did with cards, checked: which card, the outcome, the coded reason, when.

Nothing of a patient is kept of it; free text is dropped unless the site keeps it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from mgdecide.adapters.cards.words import OVERRIDE_REASONS, OVERRIDE_SYSTEM
from mgdecide.adapters.web.outcomes import ServiceError, issue
from mgdecide.domain.verdicts import Json

MOST_ENTRIES = 1_000
_LONGEST_COMMENT = 2_000
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9._:/#|-]{1,120}", re.ASCII)


@frozen
class Entry:
    """One card's fate."""

    card: str
    outcome: str
    reason_system: str
    reason_code: str
    comment: str
    suggestions: int
    at: str


def read_feedback(given: object) -> tuple[Entry, ...]:
    """The entries of a feedback call.

    Raises:
        ServiceError: 400, with an issue for each mistake.
    """
    entries = given.get("feedback") if isinstance(given, dict) else None
    if not isinstance(entries, list) or not entries or len(entries) > MOST_ENTRIES:
        text = f"feedback is a list of 1 to {MOST_ENTRIES} entries."
        raise ServiceError(400, "required", text, expression="feedback")
    issues: list[Json] = []
    found = [_entry(each, f"feedback[{at}]", issues) for at, each in enumerate(entries)]
    if issues:
        error = ServiceError(400, "invalid", "")
        error.issues = tuple(issues)
        raise error
    return tuple(found)


def _entry(given: object, where: str, issues: list[Json]) -> Entry:
    if not isinstance(given, dict):
        issues.append(issue("structure", "An entry is an object.", expression=where))
        given = {"card": "-", "outcome": "overridden", "outcomeTimestamp": "2000-01-01T00:00:00Z"}
    if not isinstance(given.get("card"), str) or not given["card"]:
        issues.append(issue("required", "card is the uuid of a card.", expression=f"{where}.card"))
    outcome = given.get("outcome")
    if outcome not in ("accepted", "overridden"):
        issues.append(issue("value", "outcome is accepted or overridden.", expression=f"{where}.outcome"))
    accepted = given.get("acceptedSuggestions")
    if outcome == "accepted" and not _are_suggestions(accepted):
        text = "acceptedSuggestions is needed where the outcome is accepted: [{id}]."
        issues.append(issue("required", text, expression=f"{where}.acceptedSuggestions"))
    at = given.get("outcomeTimestamp")
    if not isinstance(at, str) or not _is_instant(at):
        text = "outcomeTimestamp is an instant such as 2026-08-29T09:30:00Z."
        issues.append(issue("required", text, expression=f"{where}.outcomeTimestamp"))
    system, code, comment = _reason(given.get("overrideReason"), where, issues)
    count = len(accepted) if isinstance(accepted, list) else 0
    return Entry(_card(given.get("card")), str(outcome), system, code, comment, count, str(at))


def _are_suggestions(given: object) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(each, dict) and each.get("id") for each in given)


def _is_instant(text: str) -> bool:
    try:
        return bool(_INSTANT.fullmatch(text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _card(given: object) -> str:
    """A uuid in its usual form; anything else is no card of ours and is not kept."""
    try:
        return str(uuid.UUID(str(given)))
    except ValueError:
        return ""


def _reason(given: object, where: str, issues: list[Json]) -> tuple[str, str, str]:
    """System and code of a reason, and the comment; a code of another system is kept if it looks like a code."""
    if given is None:
        return "", "", ""
    reason = given.get("reason") if isinstance(given, dict) else None
    comment = given.get("userComment") if isinstance(given, dict) else None
    if not isinstance(reason, dict) and not (isinstance(comment, str) and comment):
        text = "overrideReason holds a reason, a userComment, or both."
        issues.append(issue("required", text, expression=f"{where}.overrideReason"))
        return "", "", ""
    coding: Mapping[str, Any] = reason if isinstance(reason, dict) else {}
    system, code = str(coding.get("system") or ""), str(coding.get("code") or "")
    if system == OVERRIDE_SYSTEM and code not in OVERRIDE_REASONS:
        code = "unknown"
    return (
        system if _CODE.fullmatch(system) else "",
        code if _CODE.fullmatch(code) else ("unknown" if code else ""),
        comment[:_LONGEST_COMMENT] if isinstance(comment, str) else "",
    )
