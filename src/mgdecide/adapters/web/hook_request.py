"""A CDS Hooks request, checked by the specification before anything of it is used."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from attrs import frozen

from mgdecide.adapters.cards.points import ORDER_SELECT, PATIENT_VIEW
from mgdecide.adapters.web.outcomes import ServiceError, issue

Resource: TypeAlias = dict[str, Any]
"""A JSON object as it came; its shape is not known until looked at."""

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_REFERENCE = re.compile(r"[A-Za-z]{1,64}/[A-Za-z0-9\-.]{1,64}", re.ASCII)


@frozen
class Access:
    """How to fetch from the client's FHIR server. The token is used for this request and never kept."""

    server: str
    token: str = ""

    def __repr__(self) -> str:
        return "Access(...)"


@frozen(repr=False)
class HookRequest:
    """One call. ``prefetch`` is None where the client sent none."""

    hook: str
    patient: str
    prefetch: Mapping[str, Any] | None
    access: Access | None
    drafts: Resource | None = None
    selections: tuple[str, ...] = ()


def read_request(given: object, hook: str) -> HookRequest:
    """The request, or every mistake in it.

    Args:
        given: the body, as plain values.
        hook: the hook of the service that was called.

    Raises:
        ServiceError: 400, with an issue for each mistake.
    """
    check = _Check()
    if not isinstance(given, dict):
        raise ServiceError(400, "structure", "The body of a hook call is a JSON object.")
    if check.text(given, "hook") and given["hook"] != hook:
        check.say("value", f"This service answers the hook {hook}.", "hook")
    if check.text(given, "hookInstance") and not _is_uuid(given["hookInstance"]):
        check.say("value", "hookInstance is a UUID.", "hookInstance")
    access = _access(given, check)
    context = given.get("context")
    patient = ""
    drafts: Resource | None = None
    selections: tuple[str, ...] = ()
    if not isinstance(context, dict):
        check.say("required", "context is an object.", "context")
    else:
        patient = _patient(context, check)
        _user(context, check)
        if "encounterId" in context and context["encounterId"] is not None:
            check.text(context, "encounterId", "context.")
        if hook != PATIENT_VIEW:
            drafts = _drafts(context, check)
        if hook == ORDER_SELECT:
            selections = _selections(context, check)
    prefetch = given.get("prefetch")
    if prefetch is not None and not isinstance(prefetch, dict):
        check.say("structure", "prefetch is an object of keys and resources.", "prefetch")
        prefetch = None
    check.done()
    return HookRequest(hook, patient, prefetch, access, drafts, selections)


class _Check:
    """Collects mistakes; what was given is never part of them."""

    def __init__(self) -> None:
        self.issues: list[dict[str, object]] = []

    def say(self, code: str, text: str, expression: str) -> None:
        self.issues.append(issue(code, text, expression=expression))

    def text(self, given: Mapping[str, Any], key: str, prefix: str = "") -> bool:
        """Whether a needed member is a text that is not empty."""
        if isinstance(given.get(key), str) and given[key]:
            return True
        self.say("required", f"{prefix}{key} is needed, as a text.", f"{prefix}{key}")
        return False

    def done(self) -> None:
        if self.issues:
            error = ServiceError(400, "invalid", "")
            error.issues = tuple(self.issues)
            raise error


def _is_uuid(text: str) -> bool:
    try:
        return len(text) >= 32 and bool(uuid.UUID(text))
    except ValueError:
        return False


def _patient(context: Mapping[str, Any], check: _Check) -> str:
    if not check.text(context, "patientId", "context."):
        return ""
    id = str(context["patientId"]).removeprefix("Patient/")
    if not _ID.fullmatch(id):
        check.say("value", "context.patientId is a FHIR id.", "context.patientId")
    return id


def _user(context: Mapping[str, Any], check: _Check) -> None:
    if check.text(context, "userId", "context.") and not _REFERENCE.fullmatch(context["userId"]):
        check.say("value", "context.userId is a reference such as Practitioner/123.", "context.userId")


def _drafts(context: Mapping[str, Any], check: _Check) -> Resource | None:
    drafts = context.get("draftOrders")
    if not isinstance(drafts, dict) or drafts.get("resourceType") != "Bundle":
        check.say("required", "context.draftOrders is a FHIR Bundle.", "context.draftOrders")
        return None
    if not isinstance(drafts.get("entry", []), list):
        check.say("structure", "context.draftOrders.entry is a list.", "context.draftOrders.entry")
        return None
    return drafts


def _selections(context: Mapping[str, Any], check: _Check) -> tuple[str, ...]:
    given = context.get("selections")
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        check.say("required", "context.selections is a list of references into draftOrders.", "context.selections")
        return ()
    return tuple(given)


def _access(given: Mapping[str, Any], check: _Check) -> Access | None:
    server, grant = given.get("fhirServer"), given.get("fhirAuthorization")
    if server is None:
        if grant is not None:
            check.say("required", "fhirAuthorization needs fhirServer.", "fhirServer")
        return None
    if not isinstance(server, str) or not _is_address(server):
        check.say("value", "fhirServer is an absolute http or https address.", "fhirServer")
        return None
    if grant is None:
        return Access(server.rstrip("/"))
    if not isinstance(grant, dict):
        check.say("structure", "fhirAuthorization is an object.", "fhirAuthorization")
        return None
    for key in ("access_token", "scope", "subject"):
        check.text(grant, key, "fhirAuthorization.")
    if str(grant.get("token_type", "")).lower() != "bearer":
        check.say("value", "fhirAuthorization.token_type is Bearer.", "fhirAuthorization.token_type")
    if not isinstance(grant.get("expires_in"), int) or isinstance(grant.get("expires_in"), bool):
        check.say("required", "fhirAuthorization.expires_in is a whole number.", "fhirAuthorization.expires_in")
    token = grant.get("access_token")
    if isinstance(token, str) and not (token.isascii() and token.isprintable() and " " not in token):
        check.say("value", "fhirAuthorization.access_token is a token.", "fhirAuthorization.access_token")
        return None
    return Access(server.rstrip("/"), str(token or ""))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
