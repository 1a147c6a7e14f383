"""CDS Hooks as the specification has it: discovery, calls, answers and errors."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.service import conformance
from tests.service.ehr import (
    KIDNEY,
    LOW,
    PATIENT,
    SELECT,
    SIGN,
    USUAL,
    VIEW,
    Chart,
    Running,
    draft,
    egfr,
    hook_call,
    magnesium,
    phq9_item_9,
    running,
)


def test_discovery(shared: Running) -> None:
    services = shared.client.get("/cds-services").json()["services"]
    assert {service["id"]: service["hook"] for service in services} == {
        VIEW: "patient-view",
        SELECT: "order-select",
        SIGN: "order-sign",
    }
    for service in services:
        assert service["description"]
        assert service["title"]
        assert all("{{context.patientId}}" in query for query in service["prefetch"].values())
        assert service["prefetch"]["patient"] == "Patient/{{context.patientId}}"
        assert "http://loinc.org|19123-9" in service["prefetch"]["labs"]
    assert conformance.nothing_empty(services)


@pytest.mark.parametrize(
    ("service", "chart", "drafts"),
    [
        (VIEW, LOW, ()),
        (VIEW, KIDNEY, ()),
        (VIEW, USUAL, ()),
        (VIEW, Chart(labs=LOW.labs, scores=(phq9_item_9(2),)), ()),
        (SELECT, LOW, (draft("magnesium oxide 400 mg"),)),
        (SIGN, KIDNEY, (draft("magnesium citrate"), draft("alendronate", "d-2"))),
    ],
)
def test_answers_keep_every_invariant(shared: Running, service: str, chart: Chart, drafts: tuple[Any, ...]) -> None:
    answer = shared.call(service, chart, *drafts)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    conformance.check_response(answer.json())


def test_an_answer_says_who_answered_even_without_cards(shared: Running) -> None:
    answer = shared.call(VIEW, USUAL).json()
    assert answer["cards"] == []
    assert set(answer["extension"]["mgdecide"]) == {"gate", "library", "knowledge", "digest"}


def test_the_suicide_item_of_the_chart_comes_first(shared: Running) -> None:
    cards = shared.cards(VIEW, Chart(labs=LOW.labs, scores=(phq9_item_9(1),)))
    assert cards[0]["indicator"] == "critical"
    assert cards[0]["source"]["topic"]["code"] == "urgent.suicide-item"


def test_the_same_call_gets_the_same_bytes(shared: Running) -> None:
    body = hook_call(VIEW, KIDNEY.prefetch())
    assert shared.post(f"/cds-services/{VIEW}", body).content == shared.post(f"/cds-services/{VIEW}", body).content


def test_one_patient_never_gets_the_cards_of_the_one_before(shared: Running) -> None:
    """The answer depends on the call alone, whatever was asked before it."""
    alone = [shared.call(VIEW, chart).content for chart in (KIDNEY, USUAL, LOW)]
    mixed = [shared.call(VIEW, chart).content for chart in (LOW, USUAL, KIDNEY)]
    assert alone == mixed[::-1]


# --- what is not a call -------------------------------------------------------------------------------------


def issues(answer: Any) -> list[str]:
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    assert "cards" not in body
    return [each["expression"][0] for each in body["issue"] if "expression" in each]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"hook": "order-sign"}, "hook"),
        ({"hook": None}, "hook"),
        ({"hookInstance": "1"}, "hookInstance"),
        ({"hookInstance": None}, "hookInstance"),
        ({"context": None}, "context"),
        ({"context": []}, "context"),
        ({"context": {"userId": "Practitioner/1"}}, "context.patientId"),
        ({"context": {"userId": "Practitioner/1", "patientId": "a b"}}, "context.patientId"),
        ({"context": {"patientId": PATIENT}}, "context.userId"),
        ({"context": {"userId": "me", "patientId": PATIENT}}, "context.userId"),
        ({"prefetch": []}, "prefetch"),
        ({"fhirServer": "ftp://x"}, "fhirServer"),
        ({"fhirServer": "http://x:99999"}, "fhirServer"),
        ({"fhirServer": "https://x", "fhirAuthorization": {}}, "fhirAuthorization.access_token"),
        ({"fhirServer": "https://x", "fhirAuthorization": "t"}, "fhirAuthorization"),
    ],
)
def test_a_call_that_breaks_the_specification_is_400_and_says_where(
    shared: Running, change: dict[str, Any], where: str
) -> None:
    answer = shared.post(f"/cds-services/{VIEW}", hook_call(VIEW, LOW.prefetch()) | change)
    assert answer.status_code == 400
    assert where in issues(answer)


def test_every_mistake_is_told_at_once(shared: Running) -> None:
    answer = shared.post(f"/cds-services/{SELECT}", {})
    assert issues(answer) == ["hook", "hookInstance", "context"]


@pytest.mark.parametrize(
    "change",
    [{"draftOrders": None}, {"draftOrders": {"resourceType": "Patient"}}, {"selections": None}, {"selections": [1]}],
)
def test_an_order_hook_needs_its_orders(shared: Running, change: dict[str, Any]) -> None:
    body = hook_call(SELECT, LOW.prefetch())
    body["context"] |= change
    answer = shared.post(f"/cds-services/{SELECT}", body)
    assert answer.status_code == 400
    assert issues(answer) == [f"context.{next(iter(change))}"]


def test_invariants_of_requests(shared: Running) -> None:
    for name, body in conformance.broken_request(hook_call(VIEW, LOW.prefetch())).items():
        assert shared.post(f"/cds-services/{VIEW}", body).status_code == 400, name


def test_a_service_that_is_none_is_404(shared: Running) -> None:
    assert shared.post("/cds-services/other", hook_call(VIEW, LOW.prefetch())).status_code == 404
    assert shared.post("/cds-services/other/feedback", {}).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json; charset=utf-16", 415),
        (b"{}", "", 415),
    ],
)
def test_a_body_that_is_no_json_object(shared: Running, content: bytes, kind: str, status: int) -> None:
    answer = shared.client.post(f"/cds-services/{VIEW}", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("prefetch", [{"patient": {"resourceType": "Patient", "id": "other"}}])
def test_data_of_another_patient_are_never_judged(shared: Running, prefetch: dict[str, Any]) -> None:
    answer = shared.call(VIEW, LOW.prefetch() | prefetch)
    assert answer.status_code == 400
    assert issues(answer) == ["prefetch.patient"]


def test_results_of_another_patient_are_not_used(shared: Running) -> None:
    foreign = magnesium(0.30) | {"subject": {"reference": "Patient/other"}}
    assert shared.cards(VIEW, Chart(labs=(foreign, egfr(80)))) == []


# --- shadow -------------------------------------------------------------------------------------------------


def test_shadow_records_and_shows_nothing(tmp_path: Path) -> None:
    with running(tmp_path, shadow=True) as service:
        assert service.cards(VIEW, KIDNEY) == []
        (line,) = service.lines("cards.jsonl")
    assert line["shown"] is False
    assert line["cards"][0]["rules"] == ["gate.kidney"]
    assert line["gate"] == "closed"


def test_cards_are_recorded_with_their_rules_and_nothing_of_the_patient(fresh: Running) -> None:
    cards = fresh.cards(VIEW, KIDNEY)
    (line,) = fresh.lines("cards.jsonl")
    assert [each["uuid"] for each in line["cards"]] == [card["uuid"] for card in cards]
    assert line["shown"] is True
    assert PATIENT not in str(line)
    assert "22" not in str(line["cards"])
    assert all(uuid.UUID(each["uuid"]) for each in line["cards"])


def test_a_full_disk_does_not_keep_a_card_from_being_shown(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with running(blocked / "below") as service:
        assert len(service.cards(VIEW, KIDNEY)) == 2
        assert "mgdecide_unrecorded_total 1" in service.client.get("/metrics").text
