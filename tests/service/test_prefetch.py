"""The four cases of a prefetch key, and data fetched from the client's FHIR server."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mgdecide.adapters.web.prefetch import queries
from tests.service.ehr import (
    LOW,
    OUTCOME,
    PATIENT,
    VIEW,
    Running,
    bundle,
    egfr,
    hook_call,
    magnesium,
    person,
    running,
)

SERVER = "https://fhir.example.org/r4"
GRANT = {
    "access_token": "secret-token",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "user/*.read",
    "subject": "mgdecide",
}
NEEDED = ("patient", "labs", "conditions", "medications")
PAGED = bundle(magnesium(0.61), link=[{"relation": "next", "url": f"{SERVER}/page2"}])


def gap(key: str, how: str) -> dict[str, Any]:
    """A prefetch with one gap."""
    found = LOW.prefetch()
    match how:
        case "absent":
            del found[key]
        case "OperationOutcome":
            found[key] = OUTCOME
        case "inside":
            found[key] = bundle(OUTCOME)
        case "paged":
            found[key] = PAGED
        case _:
            found[key] = "x"
    return found


# --- without a server to ask --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["labs", "conditions", "medications"])
def test_null_says_that_there_is_nothing(shared: Running, key: str) -> None:
    assert shared.call(VIEW, LOW.prefetch() | {key: None}).status_code == 200


@pytest.mark.parametrize("key", NEEDED)
@pytest.mark.parametrize("how", ["absent", "OperationOutcome", "inside", "nonsense"])
def test_a_gap_in_what_is_needed_is_412_and_never_an_empty_list_of_cards(shared: Running, key: str, how: str) -> None:
    answer = shared.call(VIEW, gap(key, how))
    assert answer.status_code == 412
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["expression"] == [f"prefetch.{key}"]


@pytest.mark.parametrize("key", ["labs", "conditions", "medications"])
def test_the_first_page_alone_is_a_gap(shared: Running, key: str) -> None:
    assert shared.call(VIEW, gap(key, "paged")).status_code == 412


def test_no_prefetch_at_all_is_412_with_an_issue_for_each_needed_key(shared: Running) -> None:
    answer = shared.call(VIEW, None)
    assert answer.status_code == 412
    assert len(answer.json()["issue"]) == len(NEEDED)


@pytest.mark.parametrize("query", [query for query in queries() if not query.needed], ids=lambda query: query.key)
@pytest.mark.parametrize("how", ["absent", "OperationOutcome"])
def test_a_gap_in_what_is_only_useful_is_answered(shared: Running, query: Any, how: str) -> None:
    answer = shared.call(VIEW, gap(query.key, how))
    assert answer.status_code == 200
    assert answer.json()["cards"]
    for card in answer.json()["cards"]:
        assert f"Not given: {query.meaning} (" in card["detail"], "it says that it was not looked at"


def test_a_client_may_name_its_keys_as_it_likes(shared: Running) -> None:
    own = {
        "p": person(),
        "everything": bundle(*LOW.labs),
        "c": None,
        "problems": bundle(),
        "conditions": None,
        "medications": None,
    }
    answer = shared.call(VIEW, own)
    assert answer.status_code == 200
    assert answer.json()["cards"][0]["indicator"] == "warning"


# --- with a server to ask -----------------------------------------------------------------------------------


class Server:
    """A FHIR server that answers from a table and notes who asked."""

    def __init__(self, **answers: Any) -> None:
        self.asked: list[httpx.Request] = []
        self._answers = {
            "Patient": person(),
            "Observation": bundle(magnesium(0.61), egfr(22)),
            "page2": bundle(egfr(22)),
            **answers,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        kind = request.url.path.removeprefix("/r4/").split("/")[0]
        answer = self._answers.get(kind, bundle())
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)


def ask(folder: Path, server: Server, prefetch: Any, fhir_server: str = SERVER, **settings: Any) -> httpx.Response:
    settings = {"fhir_hosts": ("fhir.example.org",)} | settings
    with running(folder, server.transport, **settings) as service:
        body = hook_call(VIEW, prefetch, fhirServer=fhir_server, fhirAuthorization=GRANT)
        answer = service.post(f"/cds-services/{VIEW}", body)
        assert "secret-token" not in service.log.getvalue()
        assert "secret-token" not in answer.text
        return answer


def test_what_is_absent_is_fetched_with_the_clients_token(tmp_path: Path) -> None:
    server = Server()
    answer = ask(tmp_path, server, None)
    assert answer.json()["cards"][0]["source"]["topic"]["code"] == "gate.kidney"
    assert len(server.asked) == len(queries())
    assert {request.headers["authorization"] for request in server.asked} == {"Bearer secret-token"}
    paths = {request.url.path for request in server.asked}
    assert f"/r4/Patient/{PATIENT}" in paths
    assert all(PATIENT in str(request.url) for request in server.asked)


def test_only_the_gaps_are_fetched(tmp_path: Path) -> None:
    server = Server()
    assert ask(tmp_path, server, gap("labs", "OperationOutcome")).status_code == 200
    assert [request.url.path for request in server.asked] == ["/r4/Observation"]


def test_further_pages_are_fetched(tmp_path: Path) -> None:
    server = Server()
    answer = ask(tmp_path, server, gap("labs", "paged"))
    assert [request.url.path for request in server.asked] == ["/r4/page2"]
    assert answer.json()["cards"][0]["source"]["topic"]["code"] == "gate.kidney"  # the eGFR of the second page


@pytest.mark.parametrize(
    "settings",
    [
        {"fhir_hosts": ()},
        {"fhir_hosts": ("other.example.org",)},
        {"fhir_hosts": ("fhir.example.org:8443",)},
    ],
)
def test_a_server_the_site_did_not_name_is_never_asked(tmp_path: Path, settings: dict[str, Any]) -> None:
    server = Server()
    assert ask(tmp_path, server, None, **settings).status_code == 412
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    ["http://fhir.example.org/r4", "https://user:pw@fhir.example.org/r4", "https://fhir.example.org.evil.test/r4"],
)
def test_neither_without_tls_nor_by_a_look_alike(tmp_path: Path, address: str) -> None:
    server = Server()
    assert ask(tmp_path, server, None, address).status_code == 412
    assert server.asked == []


def test_http_is_possible_where_the_site_says_so(tmp_path: Path) -> None:
    server = Server()
    answer = ask(tmp_path, server, None, "http://fhir.example.org/r4", fhir_allow_http=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(401),
        httpx.Response(404),
        httpx.Response(302, headers={"location": "https://evil.test/"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"resourceType": "Practitioner"}),
        httpx.Response(200, json=bundle(link=[{"relation": "next", "url": "https://evil.test/r4/page"}])),
        httpx.Response(200, json=bundle(link=[{"relation": "next", "url": f"{SERVER}/Observation"}])),
        httpx.Response(200, content=b" " * 3000),
        httpx.Response(200, content=gzip.compress(json.dumps(bundle()).encode()), headers={"content-encoding": "gzip"}),
    ],
    ids=["500", "401", "404", "redirect", "html", "list", "other", "elsewhere", "endless", "large", "compressed"],
)
def test_whatever_goes_wrong_is_412(tmp_path: Path, answer: httpx.Response) -> None:
    server = Server(Observation=answer)
    found = ask(tmp_path, server, gap("labs", "absent"), fhir_max_bytes=2000)
    assert found.status_code == 412
    assert all(request.url.host == "fhir.example.org" for request in server.asked)
    assert len(server.asked) <= 10


def test_a_server_that_does_not_answer_in_time_is_412(tmp_path: Path) -> None:
    import asyncio

    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return httpx.Response(200)

    transport = httpx.MockTransport(slow)
    with running(tmp_path, transport, fhir_hosts=("fhir.example.org",), fhir_seconds=0.1) as service:
        body = hook_call(VIEW, None, fhirServer=SERVER, fhirAuthorization=GRANT)
        assert service.post(f"/cds-services/{VIEW}", body).status_code == 412


def test_a_failing_query_of_what_is_only_useful_leaves_a_note_and_an_answer(tmp_path: Path) -> None:
    server = Server(QuestionnaireResponse=httpx.Response(403))
    assert ask(tmp_path, server, gap("questionnaires", "absent")).status_code == 200
