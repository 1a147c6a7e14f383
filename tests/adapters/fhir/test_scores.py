"""Questionnaires as Observations, panels and QuestionnaireResponses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mgdecide import assess
from mgdecide.domain.scores import Score
from tests.adapters.fhir.charts import LOINC, ME, codes, concept, observation, quantity, read

ITEMS = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")
ANSWERS = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")


def score(*resources: Any) -> Score:
    (found,) = read(*resources)[0].scores
    return found


def response(points: dict[str, int], status: str = "completed", **other: object) -> dict[str, Any]:
    items = [
        {"linkId": f"/{code}", "answer": [{"valueCoding": {"system": LOINC, "code": ANSWERS[each]}}]}
        for code, each in points.items()
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "q",
        "status": status,
        "subject": ME,
        "authored": "2026-08-20T10:00:00Z",
        "item": items,
    } | other


@pytest.mark.parametrize(
    "value", [{"valueInteger": 12}, {"valueQuantity": quantity(12, "{score}")}, {"valueString": "12"}]
)
def test_totals_come_in_every_form(value: dict[str, Any]) -> None:
    assert score(observation("44261-6", **value)).total == 12


@pytest.mark.parametrize("value", [28, -1, 3.5, "many", True])
def test_points_that_cannot_be_are_refused(value: Any) -> None:
    patient, report = read(observation("44261-6", valueInteger=value))
    assert not patient.scores
    assert codes(report) & {"MGD-F131", "MGD-F115", "MGD-F103"}


def test_a_total_sent_as_item_9_is_not_scored() -> None:
    patient, report = read(observation("44260-8", valueInteger=12))
    assert not patient.scores
    assert codes(report) == {"MGD-F131"}


def test_items_as_observations_of_one_day_are_one_score() -> None:
    found = score(*(observation(code, id=code, valueInteger=1) for code in ITEMS))
    assert (found.total, found.item(9), len(found.items)) == (9, 1, 9)


def test_some_items_make_no_total() -> None:
    found = score(observation("44260-8", valueCodeableConcept=concept("LA6570-1")))
    assert (found.total, found.item(9)) == (None, 2)


def test_panel_components() -> None:
    parts = [{"code": concept(code), "valueInteger": 2} for code in ITEMS]
    assert score(observation("44249-1", component=parts)).total == 18


def test_a_total_that_is_not_the_sum_is_marked_and_the_higher_counts() -> None:
    items = [observation(code, id=code, valueInteger=2) for code in ITEMS]
    found = score(*items, observation("44261-6", valueInteger=12))
    assert (found.total, found.mismatch) == (18, True)
    assert not score(*items, observation("44261-6", valueInteger=18)).mismatch


def test_administrations_of_different_days_stay_apart() -> None:
    patient, _ = read(
        observation("44261-6", id="a", valueInteger=4, on="2026-01-01"), observation("44261-6", id="b", valueInteger=20)
    )
    assert [(each.on, each.total) for each in patient.scores] == [(date(2026, 1, 1), 4), (date(2026, 8, 20), 20)]


def test_a_whole_response() -> None:
    found = score(response(dict.fromkeys(ITEMS, 1)))
    assert (found.total, found.item(9), found.on) == (9, 1, date(2026, 8, 20))


def test_an_incomplete_response_has_no_total() -> None:
    found = score(response({"44260-8": 3}))
    assert (found.total, found.item(9)) == (None, 3)


def test_ordinal_values_and_nested_groups() -> None:
    answer = {
        "valueCoding": {
            "code": "x",
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 2}],
        }
    }
    nested = {
        "linkId": "group",
        "item": [{"linkId": "q9", "definition": "http://loinc.org/44260-8", "answer": [answer]}],
    }
    assert score(response({}, item=[nested])).item(9) == 2


@pytest.mark.parametrize("status", ["in-progress", "entered-in-error", "stopped", None])
def test_unfinished_responses_are_not_used(status: Any) -> None:
    patient, report = read(response(dict.fromkeys(ITEMS, 3), status))
    assert not patient.scores
    assert codes(report) == {"MGD-F107"}


def test_other_questionnaires_are_listed() -> None:
    patient, report = read(
        response({}, item=[{"linkId": "1", "answer": [{"valueInteger": 3}]}], questionnaire="http://x.example/q")
    )
    assert not patient.scores
    assert [line.what for line in report.with_code("MGD-F132")] == ["http://x.example/q"]


def test_look_alikes_are_not_scored() -> None:
    for code in ("89204-2", "89208-3", "55758-7"):
        assert not read(observation(code, valueInteger=9))[0].scores


@pytest.mark.parametrize(
    "unread",
    [
        observation("44260-8", valueString="Nearly every day"),
        observation("44260-8", valueInteger=2, status="preliminary"),
        response({"44260-8": 2}, status="in-progress"),
        response({}, item=[{"linkId": "/44260-8", "answer": [{"valueString": "Nearly every day"}]}]),
        response({}, item=[{"linkId": "/44260-8", "answer": [{"valueInteger": 1}, {"valueInteger": 0}]}]),
    ],
)
def test_an_answer_on_suicide_that_was_not_used_is_told_beside_the_gate(unread: dict[str, Any]) -> None:
    lines = assess(read(unread)[0]).not_checked
    assert any("suicide item (PHQ-9 item 9) that was not used" in line for line in lines)


@pytest.mark.parametrize(
    "other",
    [
        observation("44260-8", valueInteger=2, status="entered-in-error"),
        observation("44250-9", valueString="Nearly every day"),
        response({"44260-8": 2}, status="entered-in-error"),
        response({"44260-8": 0}),
    ],
)
def test_nothing_of_the_kind_is_said_of_other_answers(other: dict[str, Any]) -> None:
    assert not any("that was not used" in line for line in read(other)[0].notes)


def test_a_questionnaire_that_is_not_known_is_told_beside_the_gate() -> None:
    unknown = response({}, item=[{"linkId": "q9", "answer": [{"valueInteger": 3}]}])
    assert any("questionnaire of the chart is not known" in line for line in assess(read(unknown)[0]).not_checked)
