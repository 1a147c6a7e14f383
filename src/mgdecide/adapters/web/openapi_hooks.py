"""JSON Schemas of CDS Hooks 2.0.1 as this service speaks it, and of its errors. The specification has none."""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.adapters.cards.cards import LONGEST_DETAIL, RULE_SYSTEM
from mgdecide.adapters.cards.points import HOOKS, INDICATORS
from mgdecide.adapters.cards.words import LONGEST_SUMMARY, OVERRIDE_REASONS, OVERRIDE_SYSTEM
from mgdecide.adapters.schema.builders import TEXT, TEXTS, Schema, listed, one_word_of, shape, whole

_UUID: Schema = {"type": "string", "format": "uuid"}
_ADDRESS: Schema = {"type": "string", "format": "uri", "pattern": "^https?://[^/?#]+"}
_SOME_TEXT: Schema = {"type": "string", "minLength": 1}
_ANY: Schema = {"type": "object"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _constant(word: str) -> Schema:
    return {"type": "string", "const": word}


_RESOURCE = shape("a FHIR R4 resource", {"resourceType": (TEXT, "its type")}, closed=False)

_BUNDLE = shape(
    "a FHIR R4 Bundle",
    {"resourceType": (_constant("Bundle"), "always Bundle")},
    {"entry": (listed(_ANY, "its entries"), "its entries")},
    closed=False,
)

_SERVICE = shape(
    "one CDS service",
    {
        "hook": (one_word_of(HOOKS), "the hook it answers"),
        "id": (TEXT, "its id: the last part of its address"),
        "title": (TEXT, "its name"),
        "description": (TEXT, "what it does"),
        "prefetch": ({"type": "object", "additionalProperties": TEXT}, "FHIR queries by key"),
        "usageRequirements": (TEXT, "what it needs"),
    },
)

_AUTHORIZATION = shape(
    "how to call the FHIR server",
    {
        "access_token": ({"type": "string", "pattern": "^[!-~]+$"}, "an OAuth 2.0 access token; used once, never kept"),
        "token_type": (one_word_of(("Bearer",)), "always Bearer"),
        "expires_in": (whole(), "seconds it lives"),
        "scope": (_SOME_TEXT, "what it grants"),
        "subject": (_SOME_TEXT, "the service's client id"),
    },
    {"patient": (TEXT, "the patient it is bound to")},
    closed=False,
)

_CONTEXT = shape(
    "what is being done",
    {
        "userId": ({"type": "string", "pattern": "^[A-Za-z]{1,64}/[A-Za-z0-9.-]{1,64}$"}, "Practitioner/123"),
        "patientId": ({"type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$"}, "FHIR id of the patient"),
    },
    {
        "encounterId": (_SOME_TEXT, "FHIR id of the encounter"),
        "selections": (TEXTS, "order-select: what was newly selected, as references into draftOrders"),
        "draftOrders": (_BUNDLE, "order-select, order-sign: the draft orders"),
    },
    closed=False,
)

_REQUEST = shape(
    "a hook call",
    {
        "hook": (one_word_of(HOOKS), "the hook"),
        "hookInstance": (_UUID, "one for each call"),
        "context": (_CONTEXT, "what is being done"),
    },
    {
        "fhirServer": (_ADDRESS, "base address of the client's FHIR server"),
        "fhirAuthorization": (_AUTHORIZATION, "needs fhirServer"),
        "prefetch": (
            {"type": "object", "additionalProperties": {"anyOf": [_ref("Resource"), {"type": "null"}]}},
            "a resource or a Bundle for each key; null where there is no data; an OperationOutcome where it failed",
        ),
    },
    closed=False,
)

_CODING = shape(
    "a code",
    {"system": (TEXT, "the code system"), "code": (TEXT, "the code"), "display": (TEXT, "in words")},
)

_CARD = shape(
    "a card",
    {
        "uuid": (_UUID, "the same for the same indicator and rules"),
        "summary": ({"type": "string", "maxLength": LONGEST_SUMMARY}, "what to do, in one line"),
        "indicator": (one_word_of(INDICATORS), "how loud"),
        "detail": ({"type": "string", "maxLength": LONGEST_DETAIL}, "why, in GitHub Flavored Markdown"),
        "source": (
            shape("whose words", {"label": (TEXT, "edition"), "topic": (_CODING, f"the rule ({RULE_SYSTEM})")}),
            "whose words",
        ),
        "overrideReasons": (
            listed(_CODING, f"{OVERRIDE_SYSTEM}: {', '.join(OVERRIDE_REASONS)}"),
            "reasons not to follow the card",
        ),
    },
    {
        "links": (
            listed(
                shape("a page", {"label": (TEXT, "name"), "url": (_ADDRESS, "address"), "type": (TEXT, "absolute")}),
                "pages",
            ),
            "where to read on",
        )
    },
)

_EDITIONS = shape(
    "who answered",
    {
        "gate": (one_word_of(("open", "closed", "undecided")), "whether anything forbids oral magnesium"),
        "library": (TEXT, "version of the library"),
        "knowledge": (TEXT, "edition of the knowledge"),
        "digest": (TEXT, "digest of the knowledge"),
    },
    {"site": (TEXT, "the site whose limits were used")},
)

_RESPONSE = shape(
    "the answer to a hook",
    {
        "cards": (listed(_ref("Card"), "at most one for each indicator"), "cards, the loudest first"),
        "extension": (shape("extensions", {"mgdecide": (_EDITIONS, "who answered")}), "extensions"),
    },
)

_ENTRY = shape(
    "what became of a card",
    {
        "card": ({"type": "string", "minLength": 1}, "uuid of the card"),
        "outcome": (one_word_of(("accepted", "overridden")), "what was done"),
        "outcomeTimestamp": ({"type": "string", "format": "date-time"}, "when"),
    },
    {
        "acceptedSuggestions": (
            listed(shape("a suggestion", {"id": (_SOME_TEXT, "its uuid")}, closed=False), "suggestions"),
            "needed where accepted",
        ),
        "overrideReason": (
            shape(
                "why not",
                {},
                {
                    "reason": (
                        shape("a code", {}, {"system": (TEXT, "system"), "code": (TEXT, "code")}, closed=False),
                        "code",
                    ),
                    "userComment": (_SOME_TEXT, "in the user's words; dropped unless the site keeps it"),
                },
                closed=False,
            ),
            "a reason, a comment, or both",
        ),
    },
    closed=False,
)

_FEEDBACK: Schema = shape(
    "feedback",
    {"feedback": ({"type": "array", "items": _ENTRY, "minItems": 1, "maxItems": 1000}, "an entry for each card")},
    closed=False,
)

_ISSUE = shape(
    "one issue",
    {
        "severity": (TEXT, "error"),
        "code": (TEXT, "FHIR issue type"),
        "details": (shape("in words", {"text": (TEXT, "what is wrong")}), "in words"),
    },
    {"diagnostics": (TEXT, "more of it, or a code of the error catalogue"), "expression": (TEXTS, "where")},
)

_OUTCOME = shape(
    "what went wrong, as a FHIR OperationOutcome",
    {
        "resourceType": (_constant("OperationOutcome"), "always OperationOutcome"),
        "issue": (listed(_ISSUE, "issues"), "every mistake"),
    },
)

_MISTAKES = shape(
    "every mistake of a record",
    {
        "problems": (
            listed(
                shape(
                    "one mistake",
                    {
                        "code": (TEXT, "code of the error catalogue"),
                        "path": (TEXT, "where, in the caller's words"),
                        "given": (TEXT, "what kind of thing was given; never its value"),
                        "accepted": (TEXT, "what would be accepted"),
                    },
                ),
                "mistakes",
            ),
            "mistakes",
        )
    },
)

_READING = shape(
    "how a Bundle was read",
    {"record": (_ANY, "the patient record it amounts to"), "reading": (_ANY, "what became of every resource")},
)

SCHEMAS: Mapping[str, Schema] = {
    "AnyObject": _ANY,
    "Bundle": _BUNDLE,
    "CDSFeedback": _FEEDBACK,
    "CDSRequest": _REQUEST,
    "CDSResponse": _RESPONSE,
    "CDSServices": shape("every service", {"services": (listed(_SERVICE, "services"), "services")}),
    "Card": _CARD,
    "Mistakes": {"anyOf": [_MISTAKES, _OUTCOME]},
    "Nothing": {"type": "object", "maxProperties": 0},
    "OperationOutcome": _OUTCOME,
    "Reading": _READING,
    "Resource": _RESOURCE,
    "State": shape("a state", {"status": (TEXT, "in a word")}),
}
"""By name, under ``components/schemas``."""
