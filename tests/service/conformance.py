"""The rules of CDS Hooks as checks of our own: the twelve invariants of the logical models, and the limits of a card.

Each check is named as in the specification's source (cds-resp-1 to 7, cds-fb-1 to 3, cds-r-1 and 2) and takes a
message; it raises AssertionError where the message breaks it.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


def check_response(answer: Json) -> None:
    """A hook's answer."""
    assert set(answer) <= {"cards", "systemActions", "extension"}
    assert isinstance(answer["cards"], list)
    assert nothing_empty(answer)
    indicators = [card["indicator"] for card in answer["cards"]]
    assert len(indicators) == len(set(indicators)), "our own rule: at most one card for each indicator"
    for card in answer["cards"]:
        check_card(card)
    for action in answer.get("systemActions", ()):
        cds_resp_2(action)


def check_card(card: Json) -> None:
    """One card."""
    assert isinstance(card["summary"], str)
    assert 0 < len(card["summary"]) < 140
    assert card["indicator"] in ("info", "warning", "critical")
    assert card["source"]["label"]
    assert all(card["source"]["topic"][key] for key in ("system", "code", "display"))
    assert str(uuid.UUID(card["uuid"])) == card["uuid"]
    cds_resp_1(card)
    cds_resp_4(card)
    cds_resp_6(card)
    for suggestion in card.get("suggestions", ()):
        cds_resp_5(suggestion)
        cds_resp_7(suggestion)
    for link in card.get("links", ()):
        cds_resp_3(link)
        assert link["type"] in ("absolute", "smart")
        assert urlsplit(link["url"]).scheme in ("http", "https")
        assert not urlsplit(link["url"]).query, "our own rule: nothing of a patient in an address"


def nothing_empty(value: object, inside: str = "") -> bool:
    """No null, empty text, list or object anywhere, but ``cards``."""
    if isinstance(value, dict):
        return all(
            (key == "cards" or each not in ("", [], {}, None)) and nothing_empty(each, key)
            for key, each in value.items()
        )
    if isinstance(value, list):
        return all(nothing_empty(each, inside) for each in value)
    return value is not None


def cds_resp_1(card: Json) -> None:
    recommended = [each for each in card.get("suggestions", ()) if each.get("isRecommended")]
    assert card.get("selectionBehavior") != "at-most-one" or len(recommended) <= 1


def cds_resp_2(action: Json) -> None:
    assert action["type"] != "delete" or ("resourceId" in action and "resource" not in action)


def cds_resp_3(link: Json) -> None:
    assert link["type"] == "smart" or "appContext" not in link


def cds_resp_4(card: Json) -> None:
    assert all(reason.get("display") for reason in card.get("overrideReasons", ()))


def cds_resp_5(suggestion: Json) -> None:
    assert all(action.get("description") for action in suggestion.get("actions", ()))
    for action in suggestion.get("actions", ()):
        cds_resp_2(action)


def cds_resp_6(card: Json) -> None:
    assert not card.get("suggestions") or card.get("selectionBehavior") in ("at-most-one", "any")


def cds_resp_7(suggestion: Json) -> None:
    assert suggestion.get("actionSelectionBehavior", "all") in ("all", "any", "at-most-one")


# --- what a client must not send: each breaks one invariant of feedback or requests --------------------------


def broken_feedback(whole: Json) -> dict[str, Json]:
    """Feedback that breaks an invariant, by its name."""
    return {
        "cds-fb-1": {**whole, "outcome": "ignored"},
        "cds-fb-2": {
            key: value for key, value in {**whole, "outcome": "accepted"}.items() if key != "acceptedSuggestions"
        },
        "cds-fb-3": {**whole, "overrideReason": {"extension": {"x": 1}}},
    }


def broken_request(whole: Json) -> dict[str, Json]:
    """A hook call that breaks an invariant, by its name. cds-r-2 is a warning to the client, never an error."""
    grant = {"access_token": "t", "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.read", "subject": "mg"}
    return {"cds-r-1": {**whole, "fhirAuthorization": grant}}
