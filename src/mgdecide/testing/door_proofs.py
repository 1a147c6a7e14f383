"""Proofs of the door laws: whole examples, damaged as ``mgdecide.testing.hostile`` damages them. Extra ``test``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mgdecide.testing import door_laws, hostile, hostile_toml
from mgdecide.testing.door_laws import Law
from mgdecide.testing.knowledge_doors import KNOWLEDGE_DOORS

OVERLAY = """name = "North Hospital"
version = "3"
approver = "Dr A. Example"
locale = "EU"
crisis_line = "Call 116 123"

[limits]
"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }
"""
"""A site overlay that is accepted."""

_QUANTITY = {"value": 0.61, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
_SUBJECT = {"reference": "Patient/p-1"}
BUNDLE: Mapping[str, object] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": resource}
        for resource in (
            {"resourceType": "Patient", "id": "p-1", "gender": "female", "birthDate": "1972-01-01"},
            {
                "resourceType": "Observation",
                "id": "o-1",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "2601-3"}]},
                "subject": _SUBJECT,
                "effectiveDateTime": "2026-08-20T08:00:00+02:00",
                "valueQuantity": _QUANTITY,
                "referenceRange": [{"low": _QUANTITY | {"value": 0.7}, "high": _QUANTITY | {"value": 1.0}}],
            },
            {
                "resourceType": "Condition",
                "id": "c-1",
                "clinicalStatus": {"coding": [{"code": "active"}]},
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "370143000"}]},
                "subject": _SUBJECT,
                "onsetDateTime": "2026-01",
            },
            {
                "resourceType": "MedicationRequest",
                "id": "m-1",
                "status": "active",
                "intent": "order",
                "medicationCodeableConcept": {"text": "omeprazole"},
                "subject": _SUBJECT,
                "dosageInstruction": [{"timing": {"repeat": {"timeOfDay": ["08:00:00"]}}}],
            },
            {
                "resourceType": "QuestionnaireResponse",
                "id": "q-1",
                "status": "completed",
                "questionnaire": "http://loinc.org/q/44249-1",
                "subject": _SUBJECT,
                "authored": "2026-08-20",
                "item": [{"linkId": "/44260-8", "answer": [{"valueInteger": 1}]}],
            },
            {
                "resourceType": "Procedure",
                "id": "d-1",
                "status": "completed",
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "302497006"}]},
                "subject": _SUBJECT,
                "performedPeriod": {"start": "2026-08-01", "end": "2026-08-02"},
            },
        )
    ],
}
"""A small chart with one resource of each kind that is read most often."""


@cache
def records() -> tuple[Mapping[str, object], ...]:
    """The example records of the package, as values."""
    folder = files("mgdecide.adapters.examples")
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=lambda each: each.name)
    return tuple(json.loads(each.read_text(encoding="utf-8")) for each in found)


@cache
def study() -> str:
    """A study file that is accepted, by its own name only."""
    return files("mgdecide.knowledge").joinpath("studies", "tarleton-2017.toml").read_text(encoding="utf-8")


_SEEDS = st.integers(0, 2**32 - 1).map(Random)
_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["labs", "value", "unit", "resourceType", "Bundle", "entry", "resource", "id"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["labs", "scores", "entry", "resource", "resourceType", "id"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_TEXTS = st.text(max_size=60)


def _damaged(texts: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    return st.binary(max_size=80) | st.builds(hostile.damaged, st.sampled_from(texts), _SEEDS)


def _bent(values: tuple[Mapping[str, object], ...]) -> st.SearchStrategy[object]:
    return _ANY | st.builds(hostile.bent, st.sampled_from(values), _SEEDS)


def _texts(text: str) -> st.SearchStrategy[str]:
    return _TEXTS | st.builds(hostile.damaged, st.just(text.encode()), _SEEDS).map(
        lambda found: found.decode("utf-8", "surrogateescape")
    )


def _proofs() -> Mapping[str, tuple[st.SearchStrategy[object], ...]]:
    return {
        "DOOR-01": (_damaged(tuple(map(hostile.as_text, records()))),),
        "DOOR-02": (_bent(records()),),
        "DOOR-03": (_damaged((hostile.as_text(BUNDLE),)),),
        "DOOR-04": (_bent((BUNDLE,)),),
        "DOOR-05": (_texts(OVERLAY),),
        "DOOR-06": (_texts(study()),),
        "DOOR-07": (_texts("400 mg"), _texts("magnesium oxide")),
        "DOOR-08": (_knowledge(),),
    }


def _knowledge() -> st.SearchStrategy[object]:
    """Kinds of knowledge, each with a text that is bent from a file of the kind, or none at all."""
    return st.one_of([st.tuples(st.just(kind), _bent_files(kind)) for kind in KNOWLEDGE_DOORS])


def _bent_files(kind: str) -> st.SearchStrategy[str]:
    texts = knowledge_texts(kind)
    return st.builds(hostile_toml.bent_toml, st.sampled_from(texts), _SEEDS) | _TEXTS


@cache
def knowledge_texts(kind: str) -> tuple[str, ...]:
    """The files of this release of one kind; for overlays, which are none of ours, an example."""
    return tuple(path.read_text(encoding="utf-8") for path in KNOWLEDGE_DOORS[kind].shipped()) or (OVERLAY,)


def prove(law: Law, examples: int) -> None:
    """Hold one law against ``examples`` damaged inputs."""
    holds: Callable[..., None] = getattr(door_laws, law.function)
    quietly = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    quietly(given(*_proofs()[law.id])(holds))()
