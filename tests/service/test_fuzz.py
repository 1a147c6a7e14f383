"""The service against its own description: thousands of made-up calls, none of which may be a mistake of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service.ehr import KIDNEY, SELECT, SIGN, VIEW, Running, draft, hook_call, running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("fuzz")) as found:
        yield found


_CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


def test_every_operation_answers_as_described(service: Running) -> None:
    """Calls drawn from the published description, valid and invalid ones."""
    draw_calls(service, 25)


@pytest.mark.slow
def test_every_operation_answers_as_described_at_length(service: Running) -> None:
    draw_calls(service, 300)


def draw_calls(service: Running, count: int) -> None:
    import schemathesis

    described = schemathesis.openapi.from_dict(without_conditions(service.client.get("/openapi.json").json()))
    described.app = service.client.app
    available = schemathesis.checks.CHECKS
    schemathesis.checks.load_all_checks()
    checks = [available.get_one(name) for name in _CHECKS]
    called: set[str] = set()
    for found, mode in product(described.get_all_operations(), schemathesis.GenerationMode):
        operation = found.ok()
        if mode is schemathesis.GenerationMode.NEGATIVE and not operation.body:
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def call(case: Any) -> None:
            case.call_and_validate(checks=checks)

        call()
        called.add(f"{mode.value} {operation.label}")
    assert len(called) == 9 + 4


def without_conditions(value: Any) -> Any:
    """The description without its if-then parts, from which no calls can be drawn."""
    if isinstance(value, dict):
        kept = {key: without_conditions(inner) for key, inner in value.items()}
        branches = kept.get("allOf")
        if isinstance(branches, list):
            kept["allOf"] = [branch for branch in branches if "if" not in branch] or [{}]
        return kept
    return [without_conditions(each) for each in value] if isinstance(value, list) else value


# --- calls bent at one place --------------------------------------------------------------------------------

_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.lists(st.none() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=8), st.none() | st.text(max_size=3), max_size=3),
)
_CALLS = [
    (VIEW, hook_call(VIEW, KIDNEY.prefetch())),
    (SELECT, hook_call(SELECT, KIDNEY.prefetch(), draft("magnesium oxide"))),
    (SIGN, hook_call(SIGN, KIDNEY.prefetch(), draft("alendronate"))),
]


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from places(inner, (*path, at))


def bent(value: Any, path: tuple[Any, ...], junk: object) -> Any:
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = bent(value[path[0]], path[1:], junk)
    return copy


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_call_bent_anywhere_is_answered_or_refused(data: st.DataObject) -> None:
    id, body = data.draw(st.sampled_from(_CALLS))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(body))))
        body = bent(body, path, data.draw(_JUNK))
    answer = _client().client.post(
        f"/cds-services/{id}", content=json.dumps(body), headers={"content-type": "application/json"}
    )
    assert answer.status_code in (200, 400, 412), answer.text
    assert ("cards" in answer.json()) is (answer.status_code == 200)


_open: list[Running] = []


def _client() -> Running:
    """One service for all examples of Hypothesis."""
    if not _open:
        import tempfile

        context = running(Path(tempfile.mkdtemp()))
        _open.append(context.__enter__())
    return _open[0]
