"""A mark is planted in every field a client or a FHIR server can fill; no log, count, file or error may show it."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mgdecide.adapters.web import api, cds_hooks, decision, feedback
from mgdecide.adapters.web.workbench import view
from tests.service.ehr import KIDNEY, SIGN, VIEW, Chart, Running, draft, hook_call, order, phq9_item_9
from tests.service.test_prefetch import SERVER, ask, gap
from tests.service.test_prefetch import Server as FhirServer
from tests.service.wire import request, serving

MARK = "Xq7Mark"
MARKS: tuple[Any, ...] = (
    MARK,
    f"a {MARK} b",
    f'"{MARK}\\n<b>',
    [MARK],
    {MARK: MARK},
    {"resourceType": MARK, "value": MARK, "text": MARK},
)
GRANT = {"access_token": "t", "token_type": "Bearer", "expires_in": 300, "scope": "x", "subject": "y"}


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside a value."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from places(each, (*path, key))


def planted(whole: object) -> Iterator[object]:
    """The whole, once for each place and mark; and once with an unknown key at each place."""
    for path in places(whole):
        for mark in MARKS:
            changed = copy.deepcopy(whole)
            at: Any = changed
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = mark
            yield changed
        changed = copy.deepcopy(whole)
        at = changed
        for key in path:
            at = at[key]
        if isinstance(at, dict):
            at[MARK] = MARK
            yield changed


def full_call() -> dict[str, Any]:
    chart = Chart(
        labs=KIDNEY.labs[:1],
        medications=(order("alendronate", dosageInstruction=[{"timing": {"repeat": {"timeOfDay": ["08:00:00"]}}}]),),
        scores=(phq9_item_9(1),),
    )
    return hook_call(SIGN, chart.prefetch(), draft("magnesium citrate"), fhirServer=SERVER, fhirAuthorization=GRANT)


RECORD = {
    "id": "p",
    "age_years": 54,
    "sex": "female",
    "labs": [{"test": "serum_magnesium", "value": "0.61", "unit": "mmol/L", "on": "2026-08-20"}],
    "conditions": {"dialysis": True},
    "medications": [{"name": "alendronate", "rxnorm": "46041"}],
    "scores": [{"instrument": "PHQ-9", "total": 12, "on": "2026-08-20"}],
    "magnesium_products": [{"salt": "magnesium citrate", "amount": "100 mg", "basis": "elemental", "per_day": 2}],
    "substances": {"tobacco": True},
}
FEEDBACK = {
    "feedback": [
        {
            "card": "2f3f8e5c-0c39-4f52-8a05-5d5c8c1e7d3a",
            "outcome": "accepted",
            "outcomeTimestamp": "2026-08-29T09:30:00Z",
            "acceptedSuggestions": [{"id": "s"}],
            "overrideReason": {
                "reason": {"code": "c", "system": "urn:x", "display": "d"},
                "userComment": "u",
            },
        }
    ]
}


def clean(service: Running, answer: httpx.Response) -> None:
    """Nothing of the mark where it may not be; an answer of 200 goes to the one who sent it."""
    assert MARK not in service.log.getvalue()
    assert MARK not in str(answer.headers)
    if answer.status_code >= 400:
        assert MARK not in answer.text, answer.text
        assert answer.status_code < 500 or answer.status_code == 503


def clean_behind(service: Running, caught: pytest.LogCaptureFixture, said: pytest.CaptureFixture[str]) -> None:
    assert MARK not in service.client.get("/metrics").text
    for path in service.folder.rglob("*"):
        assert MARK not in str(path)
        if path.is_file() and path.name != "feedback.jsonl":
            assert MARK not in path.read_text()
    assert MARK not in caught.text
    assert MARK not in "".join(said.readouterr())


@pytest.mark.parametrize(
    ("path", "whole"),
    [(f"/cds-services/{SIGN}", full_call()), ("/assess", RECORD), ("/assess", KIDNEY.prefetch()["labs"])],
    ids=["hook", "record", "bundle"],
)
def test_in_every_field_of_a_body(
    fresh: Running,
    path: str,
    whole: object,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO, logger="mgdecide")
    number = 0
    for body in planted(whole):
        answer = fresh.post(path, body)
        clean(fresh, answer)
        number += 1
    for name in ("age_years", "hook", "labs", "resourceType"):  # a key given twice
        text = json.dumps(whole).replace(f'"{name}"', f'"{MARK}": 1, "{MARK}": 2, "{name}"', 1)
        headers = {"content-type": "application/json"}
        clean(fresh, fresh.client.post(path, content=text, headers=headers))
    assert number > 100
    clean_behind(fresh, caplog, capfd)


def test_in_every_field_of_feedback(fresh: Running, capfd: pytest.CaptureFixture[str]) -> None:
    """A code and its system may be kept as given, where they look like codes: a site has codes of its own."""
    for body in planted(FEEDBACK):
        clean(fresh, fresh.post(f"/cds-services/{VIEW}/feedback", body))
    kept = fresh.lines("feedback.jsonl")
    assert kept
    for line in kept:
        reason = line.pop("reason", {})
        assert MARK not in json.dumps(line)
        assert set(reason) <= {"system", "code"}
        assert all(" " not in value for value in reason.values())
    assert MARK not in fresh.client.get("/metrics").text
    assert MARK not in "".join(capfd.readouterr())


HEADERS = (
    "authorization", "cookie", "host", "origin", "referer", "user-agent", "accept", "accept-language", "content-type",
    "content-encoding", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-request-id",
    "traceparent", "tracestate", "baggage", "if-none-match", "access-control-request-headers", "x-mark", "range",
)  # fmt: skip


def test_in_every_header_and_in_the_path(fresh: Running, capfd: pytest.CaptureFixture[str]) -> None:
    for name in HEADERS:
        for path in (f"/cds-services/{VIEW}", f"/cds-services/{VIEW}/feedback", "/assess", "/nowhere", "/"):
            clean(fresh, fresh.post(path, {}, **{name: f"Bearer {MARK}"}))
            clean(fresh, fresh.client.get(path, headers={name: MARK}))
    for path in (f"/{MARK}", f"/cds-services/{MARK}", f"/cds-services/{MARK}/feedback", f"/schemas/{MARK}"):
        for query in ("", f"?{MARK}={MARK}", f"?on={MARK}&problem_list={MARK}"):
            clean(fresh, fresh.post(path + query, {}))
            clean(fresh, fresh.client.get(path + query))
            clean(fresh, fresh.client.options(path + query))
    assert MARK not in fresh.client.get("/metrics").text
    assert MARK not in "".join(capfd.readouterr())


def broken_answers() -> list[httpx.Response]:
    marked = {"resourceType": "Bundle", "type": "searchset", "total": MARK, "link": MARK, "entry": MARK}
    return [
        httpx.Response(500, text=MARK, headers={"x": MARK}),
        httpx.Response(302, headers={"location": f"https://{MARK}.test/"}),
        httpx.Response(200, text=f"<p>{MARK}"),
        httpx.Response(200, text=f'{{"{MARK}": {MARK}'),
        httpx.Response(200, text=f'{{"{MARK}": 1, "{MARK}": 2}}'),
        httpx.Response(200, content=f'"{MARK}'.encode("utf-16")),
        httpx.Response(200, json={"resourceType": MARK}),
        httpx.Response(200, json=marked),
        httpx.Response(200, json={"resourceType": "Bundle", "entry": [{"resource": {"resourceType": MARK}}]}),
        *(
            httpx.Response(200, json={"resourceType": "Bundle", "link": [{"relation": "next", "url": url}]})
            for url in (f"https://{MARK}.test/", f"http://[{MARK}", f"{MARK}\x00", f"https://fhir.example.org:{MARK}/")
        ),
    ]


@pytest.mark.parametrize("answer", broken_answers(), ids=range(len(broken_answers())))
def test_in_every_answer_of_a_fhir_server(
    tmp_path: Path, answer: httpx.Response, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for kind, key in (("Observation", "labs"), ("Patient", "patient"), ("Condition", "conditions")):
        found = ask(tmp_path / key, FhirServer(**{kind: answer}), gap(key, "absent"))
        assert found.status_code < 500
        assert MARK not in found.text
    assert MARK not in caplog.text
    assert MARK not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("module", "name", "path"),
    [
        (cds_hooks, "read_request", f"/cds-services/{VIEW}"),
        (cds_hooks, "bundle_value", f"/cds-services/{VIEW}"),
        (cds_hooks, "complete", f"/cds-services/{VIEW}"),
        (decision, "read_fhir", f"/cds-services/{VIEW}"),
        (decision, "assess", f"/cds-services/{VIEW}"),
        (cds_hooks, "read_feedback", f"/cds-services/{VIEW}/feedback"),
        (feedback.Entry, "__init__", f"/cds-services/{VIEW}/feedback"),
        (api, "read_any", "/assess"),
        (api, "assess", "/assess"),
        (view, "judged", "/"),
    ],
)
@pytest.mark.parametrize("kind", [ValueError, KeyError, RecursionError, MemoryError, AssertionError, UnicodeError])
def test_in_the_text_of_any_exception_of_ours(
    fresh: Running, module: Any, name: str, path: str, kind: type[Exception], monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def broken(*_: object, **__: object) -> None:
        raise kind(MARK) from ValueError(MARK)

    monkeypatch.setattr(module, name, broken)
    if path == "/":
        answer = fresh.client.post("/", data={"mode": "form", "age_years": MARK})
    else:
        bodies = {"/assess": RECORD, f"/cds-services/{VIEW}/feedback": FEEDBACK}
        answer = fresh.post(path, bodies.get(path) or hook_call(VIEW, KIDNEY.prefetch()))
    assert answer.status_code == 500
    assert MARK not in answer.text + fresh.log.getvalue() + caplog.text + "".join(capfd.readouterr())
    assert [line["event"] for line in fresh.logged()[-2:]] == ["mistake", "request"]


def test_on_everything_a_process_says(tmp_path: Path) -> None:
    """What a real process writes on its standard error, whatever comes in; a library's own words too."""
    with serving(tmp_path, body_seconds=0.4) as service:
        whole = request(f"/cds-services/{VIEW}", json.dumps(hook_call(VIEW, {MARK: MARK})).encode())
        for raw in (
            f"GET /{MARK} {MARK}\r\n\r\n".encode(),
            f"{MARK} / HTTP/1.1\r\n\r\n".encode(),
            f"GET /?{MARK} HTTP/1.1\r\nHost: {MARK}\r\n{MARK}\r\n\r\n".encode(),
            f"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: {MARK}\r\n\r\n".encode(),
            whole[:-20],
            whole + MARK.encode(),
            request("/assess", MARK.encode(), Transfer_Encoding="chunked", Content_Length=""),
            request("/assess", MARK.encode(), Connection="close"),
            request("/", f"mode=form&age_years={MARK}".encode(), Content_Type="application/x-www-form-urlencoded",
                    Connection="close"),
        ):  # fmt: skip
            with service.connect() as client:
                client.sendall(raw)
        assert service.is_well
        metrics = service.get("/metrics")
        lines = service.logged()
    assert MARK not in metrics
    assert MARK not in "".join(service.said)
    assert {line["event"] for line in lines} <= {"request", "refused"}
