"""What the attacks start from: whole inputs of every kind, all of which are accepted as they stand."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from functools import cache

from mgdecide.testing.door_proofs import BUNDLE, OVERLAY, records

PATIENT = "p-1"


@cache
def record_texts() -> tuple[bytes, ...]:
    """The example records of the package."""
    return tuple(json.dumps(record).encode() for record in records())


@cache
def bundle_values() -> tuple[Mapping[str, object], ...]:
    """Bundles: the one of the door laws, its resources alone, and searchsets of two of them."""
    entries = BUNDLE["entry"]
    assert isinstance(entries, list)
    patient = entries[0]
    pairs = [{**BUNDLE, "type": "searchset", "entry": [patient, entry]} for entry in entries[1:]]
    return (BUNDLE, BUNDLE, BUNDLE, *pairs)


@cache
def bundle_texts() -> tuple[bytes, ...]:
    """The same as text."""
    return tuple(json.dumps(bundle).encode() for bundle in bundle_values())


@cache
def export_texts() -> tuple[bytes, ...]:
    """NDJSON: one resource on each line."""
    entries = BUNDLE["entry"]
    assert isinstance(entries, list)
    return (b"\n".join(json.dumps(entry["resource"]).encode() for entry in entries) + b"\n",)


def hook_calls() -> tuple[tuple[str, Mapping[str, object]], ...]:
    """A CDS Hooks call of each hook, with prefetch."""
    entries = BUNDLE["entry"]
    assert isinstance(entries, list)
    patient, lab, _condition, order = (entry["resource"] for entry in entries[:4])
    draft = order | {"status": "draft", "intent": "proposal", "medicationCodeableConcept": {"text": "magnesium oxide"}}
    orders = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": draft}]}
    prefetch: dict[str, object] = {"patient": patient, "labs": {**BUNDLE, "entry": [{"resource": lab}]}}
    prefetch |= dict.fromkeys(("conditions", "medications", "scores", "statements", "procedures", "questionnaires"))
    context: dict[str, object] = {"userId": "Practitioner/1", "patientId": PATIENT}

    def call(hook: str, more: Mapping[str, object]) -> Mapping[str, object]:
        instance = str(uuid.UUID(int=7))
        return {"hook": hook, "hookInstance": instance, "context": {**context, **more}, "prefetch": prefetch}

    return (
        ("patient-view", call("patient-view", {})),
        ("order-select", call("order-select", {"draftOrders": orders, "selections": ["MedicationRequest/m-1"]})),
        ("order-sign", call("order-sign", {"draftOrders": orders})),
    )


@cache
def overlay_texts() -> tuple[bytes, ...]:
    """A site overlay."""
    return (OVERLAY.encode(),)
