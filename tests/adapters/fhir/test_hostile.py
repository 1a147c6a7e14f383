"""Whatever a Bundle holds: a patient and a report, or one of our errors; never another exception, never a guess."""

from __future__ import annotations

import copy
import json
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mgdecide.adapters.fhir import ReadingReport, read_fhir
from mgdecide.assessment import assess
from mgdecide.domain.patient import Patient
from mgdecide.errors import MgdecideError
from tests.adapters.fhir.charts import DAY
from tests.adapters.fhir.planted import chart

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([None]),
    st.just({"coding": 3}),
    st.just({"reference": ["x"]}),
    st.just([{"coding": [{"system": [], "code": {}}]}]),
    st.sampled_from(["final", "active", "2026-08-01", "2026-13-45", "Patient/other", "http://loinc.org", "mg/dL", "<"]),
)
KEYS = (
    "resourceType",
    "id",
    "status",
    "code",
    "coding",
    "system",
    "value",
    "unit",
    "valueQuantity",
    "component",
    "entry",
    "resource",
    "subject",
    "reference",
    "effectiveDateTime",
    "clinicalStatus",
    "medicationReference",
    "contained",
    "dosageInstruction",
    "referenceRange",
    "item",
    "answer",
    "linkId",
    "note",
    "specimen",
    "meta",
    "identifier",
)
ANYTHING = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def tried(given: Any) -> tuple[Patient, ReadingReport] | None:
    try:
        patient, report = read_fhir(given, on=DAY, conditions_complete=True, medications_complete=True)
    except MgdecideError:
        return None
    text = report.to_text()
    assert all(len(line) <= 76 for line in text.splitlines())
    json.dumps(report.to_record())
    return patient, report


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            found += places(inner, (*path, at))
    return found


def mutated(whole: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = copy.deepcopy(whole)
    holder = copied
    for part in path[:-1]:
        holder = holder[part]
    if value is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return copied


WHOLE = chart(random.Random(5), 1).bundle
PLACES = places(WHOLE)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), st.one_of(VALUES, st.just(...), ANYTHING))
def test_one_part_replaced_by_anything(path: tuple[Any, ...], value: Any) -> None:
    found = tried(mutated(WHOLE, path, value))
    if found is not None:
        assess(found[0])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=2, max_size=6))
def test_several_parts_replaced(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    whole = WHOLE
    for path, value in changes:
        try:
            whole = mutated(whole, path, value)
        except (KeyError, IndexError, TypeError):
            continue
    tried(whole)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_any_resource_at_all(resource: Any) -> None:
    tried(
        {
            "resourceType": "Bundle",
            "entry": [
                {"resource": resource},
                {"resource": {"resourceType": "Observation"} | (resource if isinstance(resource, dict) else {})},
            ],
        }
    )


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40) | st.binary(max_size=40))
def test_any_text_at_all(text: str | bytes) -> None:
    tried(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_one_byte_changed(at: int, byte: int) -> None:
    text = bytearray(json.dumps(WHOLE, default=float).encode())
    text[at % len(text)] = byte
    tried(bytes(text))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_resources_never_matters(seed: int, shuffle: random.Random) -> None:
    whole = chart(random.Random(seed), 1).bundle
    other = {**whole, "entry": shuffle.sample(whole["entry"], len(whole["entry"]))}
    assert read_fhir(whole, on=DAY)[0] == read_fhir(other, on=DAY)[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_taking_a_resource_away_never_makes_anything_false(seed: int) -> None:
    whole = chart(random.Random(seed), 1).bundle
    rng = random.Random(seed)
    kept = [each for each in whole["entry"] if each["resource"]["resourceType"] == "Patient" or rng.random() < 0.5]
    fewer = {**whole, "entry": kept}
    more, less = (dict(read_fhir(each, on=DAY)[0].conditions) for each in (whole, fewer))
    assert set(less.items()) <= set(more.items())
    assert False not in more.values()


@pytest.mark.parametrize("count", [30_000])
def test_very_many_entries_are_read(count: int) -> None:
    entry = {"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}}
    _, report = read_fhir({"resourceType": "Bundle", "entry": [entry] * count}, on=date(2026, 1, 1))
    assert report.resources == count
