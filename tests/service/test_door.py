"""The outermost layer: limits, headers, cross-origin rules, and nothing of a patient in any log or error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mgdecide.adapters.web import cds_hooks
from mgdecide.adapters.web.door import CONTENT_SECURITY_POLICY, is_own_machine
from tests.service.ehr import KIDNEY, LOW, SIGN, VIEW, Chart, Running, bundle, draft, hook_call, order, person, running

PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


def test_every_answer_has_the_security_headers(shared: Running) -> None:
    for path in ("/", "/cds-services", "/healthz", "/static/workbench.css", "/nowhere", "/openapi.json"):
        headers = shared.client.get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-request-id"]
    assert shared.client.get("/").headers["cache-control"] == "no-store"
    for forbidden in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert forbidden not in CONTENT_SECURITY_POLICY


# --- cross-origin -------------------------------------------------------------------------------------------


def preflight(service: Running, origin: str) -> Any:
    return service.client.options(f"/cds-services/{VIEW}", headers={"origin": origin, **PREFLIGHT})


def test_pages_of_this_machine_may_call_a_service_on_loopback(shared: Running) -> None:
    answer = preflight(shared, "http://localhost:8080")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:8080"
    assert answer.headers["access-control-allow-headers"] == "authorization, content-type"
    assert preflight(shared, "https://elsewhere.example.org").status_code == 403
    called = shared.post(f"/cds-services/{VIEW}", hook_call(VIEW, LOW.prefetch()), origin="http://127.0.0.1:1")
    assert called.headers["access-control-allow-origin"] == "http://127.0.0.1:1"
    foreign = shared.client.get("/cds-services", headers={"origin": "https://elsewhere.example.org"})
    assert "access-control-allow-origin" not in foreign.headers


def test_an_error_may_be_read_across_origins_too(shared: Running) -> None:
    answer = shared.post(f"/cds-services/{VIEW}", {}, origin="http://localhost:1")
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == "http://localhost:1"


def test_origins_that_the_site_names(tmp_path: Path) -> None:
    with running(tmp_path, cors_origins=("https://ehr.example.org",)) as service:
        assert preflight(service, "https://ehr.example.org").status_code == 204
        assert preflight(service, "http://localhost:8080").status_code == 403


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("app.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.evil.test", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_what_is_this_machine(host: str, own: bool) -> None:
    assert is_own_machine(host) is own


# --- limits -------------------------------------------------------------------------------------------------


def test_a_body_that_is_too_large_is_413_declared_or_not(tmp_path: Path) -> None:
    with running(tmp_path, max_body_bytes=2_000) as service:
        body = b'"' + b"x" * 3_000 + b'"'
        declared = service.client.post("/assess", content=body, headers={"content-type": "application/json"})
        assert declared.status_code == 413

        def pieces() -> Any:
            yield from (b"x" * 500 for _ in range(6))

        streamed = service.client.post("/assess", content=pieces(), headers={"content-type": "application/json"})
        assert streamed.status_code == 413
        assert streamed.json()["resourceType"] == "OperationOutcome"


async def visit(service: Running, receive: Any) -> list[dict[str, Any]]:
    """One request straight to the application, with a client that sends as it likes."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/assess",
        "raw_path": b"/assess",
        "query_string": b"",
        "headers": [(b"host", b"h"), (b"content-type", b"application/json")],
        "scheme": "http",
        "http_version": "1.1",
        "server": ("h", 80),
        "client": ("c", 1),
        "root_path": "",
    }
    await service.client.app(scope, receive, send)  # type: ignore[arg-type]  # plain dicts are what a server sends
    return sent


def test_a_client_that_never_ends_its_request_is_408(tmp_path: Path) -> None:
    async def slow() -> dict[str, Any]:
        await asyncio.sleep(10)
        return {"type": "http.request", "body": b"", "more_body": True}

    with running(tmp_path, body_seconds=0.1) as service:
        sent = asyncio.run(visit(service, slow))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["resourceType"] == "OperationOutcome"


def test_a_client_that_goes_away_gets_no_answer_and_makes_no_noise(fresh: Running) -> None:
    messages: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def gone() -> dict[str, Any]:
        return next(messages)

    assert asyncio.run(visit(fresh, gone)) == []
    assert fresh.logged()[-1]["status"] == 499


def test_more_requests_than_are_answered_at_once_are_503(tmp_path: Path) -> None:
    async def both(service: Running) -> list[int]:
        first = asyncio.Event()

        async def waiting() -> dict[str, Any]:
            await first.wait()
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def quick() -> dict[str, Any]:
            return {"type": "http.request", "body": b"{}", "more_body": False}

        task = asyncio.create_task(visit(service, waiting))
        await asyncio.sleep(0.01)
        second = await visit(service, quick)
        first.set()
        return [(await task)[0]["status"], second[0]["status"]]

    with running(tmp_path, max_connections=1) as service:
        assert asyncio.run(both(service)) == [200, 503]


# --- mistakes of ours, logs ---------------------------------------------------------------------------------


def test_a_mistake_of_ours_is_500_with_an_outcome_and_never_an_empty_list_of_cards(
    fresh: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("MARK-in-an-exception")

    monkeypatch.setattr(cds_hooks, "decide", broken)
    answer = fresh.call(VIEW, LOW)
    assert answer.status_code == 500
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "MARK" not in answer.text
    mistake, request = fresh.logged()[-2:]
    assert mistake["kind"] == "ValueError"
    assert mistake["where"].startswith("mgdecide.adapters.web.cds_hooks:")
    assert mistake["request"] == request["request"] == answer.headers["x-request-id"]
    assert "MARK" not in fresh.log.getvalue()


MARK = "Xq7Mark"


def planted() -> list[tuple[str, object]]:
    """Calls with a mark wherever a patient's data may stand; some can be judged, others cannot."""
    name = person(name=[{"family": MARK}], identifier=[{"value": MARK}], id=MARK)
    chart = Chart(labs=KIDNEY.labs, medications=(order(f"{MARK} tablets"),)).prefetch()
    mine = chart | {"patient": person(name=[{"family": MARK}])}
    return [
        (f"/cds-services/{VIEW}", hook_call(VIEW, mine)),
        (f"/cds-services/{VIEW}", hook_call(VIEW, mine | {"patient": name})),
        (f"/cds-services/{VIEW}", hook_call(VIEW, {"patient": name})),
        (f"/cds-services/{VIEW}", hook_call(VIEW, mine) | {"hook": MARK, "hookInstance": MARK}),
        (f"/cds-services/{VIEW}", hook_call(VIEW, mine) | {"context": {"patientId": f"{MARK} {MARK}", "userId": MARK}}),
        (f"/cds-services/{VIEW}", {MARK: MARK}),
        (
            f"/cds-services/{VIEW}",
            hook_call(VIEW, bundle()) | {"fhirServer": f"https://{MARK}.test", "fhirAuthorization": MARK},
        ),
        (f"/cds-services/{SIGN}", hook_call(SIGN, mine, draft(f"{MARK} draft"))),
        (f"/cds-services/{MARK}", {}),
        (f"/{MARK}", {}),
        (f"/explain/{MARK}", {}),
        (f"/assess?on={MARK}", {}),
        (
            "/assess",
            {"id": MARK, "age_years": MARK, "sex": MARK, "medications": [{"name": MARK}], "labs": [{"test": MARK}]},
        ),
        ("/assess", {"age_years": 5000, "labs": [{"test": "serum_magnesium", "value": MARK, "unit": MARK}]}),
        ("/assess", {"resourceType": MARK}),
        ("/assess", [MARK]),
        ("/read", {"resourceType": MARK}),
        (f"/cds-services/{VIEW}/feedback", {"feedback": [{"card": MARK, "outcome": MARK, "outcomeTimestamp": MARK}]}),
    ]


@pytest.mark.parametrize(("path", "body"), planted())
def test_nothing_of_a_patient_is_in_a_log_or_an_error(fresh: Running, path: str, body: object) -> None:
    answer = fresh.post(path, body)
    assert MARK not in fresh.log.getvalue()
    assert MARK not in str(answer.headers)
    assert MARK not in fresh.client.get("/metrics").text
    assert MARK not in json.dumps(fresh.lines("cards.jsonl"))
    if answer.status_code >= 400:
        assert MARK not in answer.text


def test_a_form_with_mistakes_tells_them_to_its_sender_and_to_nobody_else(fresh: Running) -> None:
    answer = fresh.client.post("/", data={"mode": "form", "age_years": MARK})
    assert answer.status_code == 400
    assert MARK not in fresh.log.getvalue()


def test_the_log_has_a_closed_list_of_members(fresh: Running) -> None:
    fresh.call(VIEW, LOW)
    (line,) = fresh.logged()
    assert set(line) == {"at", "event", "request", "method", "route", "status", "milliseconds", "bytes_in"}
    assert line["route"] == "/cds-services/{id}"


def test_metrics_are_in_the_format_of_prometheus(fresh: Running) -> None:
    fresh.call(VIEW, KIDNEY)
    answer = fresh.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'mgdecide_cards_total{hook="patient-view",indicator="critical"} 1' in lines
    assert 'mgdecide_card_rules_total{rule="gate.kidney"} 1' in lines
    assert 'mgdecide_request_seconds_count{route="/cds-services/{id}"} 1' in lines
    assert 'mgdecide_requests_total{method="POST",route="/cds-services/{id}",status="200"} 1' in lines


def test_ready_only_once_the_knowledge_is_loaded(fresh: Running) -> None:
    assert fresh.client.get("/readyz").status_code == 200
    fresh.service.is_ready = False
    assert fresh.client.get("/readyz").status_code == 503
    assert fresh.client.get("/healthz").status_code == 200
