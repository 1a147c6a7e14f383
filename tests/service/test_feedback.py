"""Feedback: acknowledged only once it is on the disk, with the rules of the card and nothing of the patient."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

from mgdecide.adapters.web.lines import Lines
from tests.service import conformance
from tests.service.ehr import KIDNEY, VIEW, Running, running

REASON = {
    "reason": {"system": "urn:mgdecide:override-reason", "code": "specialist", "display": "x"},
    "userComment": "MARK",
}


def entry(card: str, **more: Any) -> dict[str, Any]:
    whole = {
        "card": card,
        "outcome": "overridden",
        "overrideReason": REASON,
        "outcomeTimestamp": "2026-08-29T09:30:00Z",
    }
    return whole | more


def give(service: Running, *entries: object, id: str = VIEW) -> Any:
    return service.post(f"/cds-services/{id}/feedback", {"feedback": list(entries)})


def test_feedback_is_kept_with_the_rules_of_its_card(fresh: Running) -> None:
    card = fresh.cards(VIEW, KIDNEY)[0]
    answer = give(fresh, entry(card["uuid"]))
    assert (answer.status_code, answer.json()) == (200, {})
    (line,) = fresh.lines("feedback.jsonl")
    assert line["card"] == card["uuid"]
    assert line["known"] is True
    assert line["rules"] == ["gate.kidney"]
    assert line["outcome"] == "overridden"
    assert line["reason"] == {"system": "urn:mgdecide:override-reason", "code": "specialist"}
    assert line["comment"] is True
    assert "MARK" not in (fresh.folder / "feedback.jsonl").read_text()
    assert 'mgdecide_feedback_total{outcome="overridden"} 1' in fresh.client.get("/metrics").text


def test_the_rules_are_known_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        card = service.cards(VIEW, KIDNEY)[0]["uuid"]
    with running(tmp_path) as service:
        assert give(service, entry(card)).status_code == 200
        assert service.lines("feedback.jsonl")[0]["rules"] == ["gate.kidney"]


def test_a_card_that_was_never_issued_is_acknowledged_too(fresh: Running) -> None:
    assert give(fresh, entry(str(uuid.uuid4()))).status_code == 200
    assert give(fresh, entry("some other card")).status_code == 200
    first, second = fresh.lines("feedback.jsonl")
    assert first["known"] is False
    assert second["card"] == ""


def test_accepted_suggestions_and_several_entries(fresh: Running) -> None:
    card = str(uuid.uuid4())
    accepted = entry(card, outcome="accepted", acceptedSuggestions=[{"id": str(uuid.uuid4())}], overrideReason=None)
    assert give(fresh, accepted, entry(card)).status_code == 200
    assert [line["outcome"] for line in fresh.lines("feedback.jsonl")] == ["accepted", "overridden"]


def test_comments_are_kept_only_where_the_site_says_so(tmp_path: Path) -> None:
    with running(tmp_path, keep_comments=True) as service:
        give(service, entry(str(uuid.uuid4())))
        assert service.lines("feedback.jsonl")[0]["comment"] == "MARK"


@pytest.mark.parametrize(
    "body",
    [{}, [], {"feedback": []}, {"feedback": {}}, {"feedback": [1]}, {"feedback": [{}]}, None],
)
def test_what_is_no_feedback_is_400(shared: Running, body: object) -> None:
    answer = shared.post(f"/cds-services/{VIEW}/feedback", body)
    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_invariants_of_feedback(shared: Running) -> None:
    for name, broken in conformance.broken_feedback(entry(str(uuid.uuid4()))).items():
        assert give(shared, broken).status_code == 400, name


@pytest.mark.parametrize("at", [None, "", "yesterday", "2026-13-01T00:00:00Z", "2026-08-29", 5])
def test_the_time_is_an_instant(shared: Running, at: object) -> None:
    assert give(shared, entry(str(uuid.uuid4()), outcomeTimestamp=at)).status_code == 400


def test_one_bad_entry_keeps_none(fresh: Running) -> None:
    assert give(fresh, entry(str(uuid.uuid4())), {"card": "x"}).status_code == 400
    assert fresh.lines("feedback.jsonl") == []


def test_what_could_not_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with running(blocked / "below") as service:
        answer = give(service, entry(str(uuid.uuid4())))
    assert answer.status_code == 503
    assert answer.json()["resourceType"] == "OperationOutcome"


# --- the file -----------------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = Lines(tmp_path / "f.jsonl")
    lines.add([{"a": 1}], sync=True)
    written = os.write

    def half(file: int, content: bytes) -> int:
        written(file, bytes(content)[:4])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="No space"):
        lines.add([{"b": 2}], sync=True)
    monkeypatch.undo()
    lines.add([{"c": 3}], sync=True)
    assert (tmp_path / "f.jsonl").read_text() == '{"a":1}\n{"c":3}\n'


def test_a_short_write_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = os.write
    monkeypatch.setattr(os, "write", lambda file, content: written(file, bytes(content)[:3]))
    Lines(tmp_path / "f.jsonl").add([{"long": "line"}], sync=True)
    assert (tmp_path / "f.jsonl").read_text() == '{"long":"line"}\n'


def test_it_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    path = tmp_path / "f.jsonl"
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(path.read_text()))
    Lines(path).add([{"a": 1}], sync=True)
    assert synced == ["", '{"a":1}\n']  # the name of a new file, then the line
    Lines(path).add([{"b": 2}], sync=True)
    assert synced[2:] == ['{"a":1}\n{"b":2}\n']


def test_a_line_that_a_crash_cut_short_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('{"a":1}\n{"b":')
    Lines(path).add([{"c": 3}], sync=True)
    *_, broken, last = path.read_text().splitlines()
    assert json.loads(last) == {"c": 3}
    assert broken == '{"b":'


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "below" / "f.jsonl"
    Lines(path).add([{"a": 1}], sync=False)
    assert path.stat().st_mode & 0o077 == 0
