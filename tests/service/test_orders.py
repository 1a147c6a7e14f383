"""Draft orders: which of them are magnesium, which clash with it, and which a hook is about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.ehr import (
    KIDNEY,
    LOW,
    RXNORM,
    SELECT,
    SIGN,
    USUAL,
    Chart,
    Running,
    draft,
    hook_call,
    order,
)

OXIDE = draft("magnesium oxide 400 mg oral tablet")
INTRAVENOUS = {"route": {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}}


def codes(cards: list[dict[str, Any]]) -> list[str]:
    return [card["source"]["topic"]["code"] for card in cards]


@pytest.mark.parametrize("service", [SELECT, SIGN])
def test_magnesium_behind_a_closed_gate(shared: Running, service: str) -> None:
    assert codes(shared.cards(service, KIDNEY, OXIDE)) == ["gate.kidney"]


def test_magnesium_by_code_alone_is_magnesium(shared: Running) -> None:
    coded = draft("x") | {"medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "6574"}]}}
    named = draft("magnesium sulfate")
    assert codes(shared.cards(SIGN, KIDNEY, named)) == ["gate.kidney"]
    assert codes(shared.cards(SIGN, KIDNEY, coded))[:1] == ["gate.kidney"]


def test_a_contained_or_referenced_medication_is_read(shared: Running) -> None:
    contained = {
        **draft("x"),
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "magnesium oxide"}}],
        "medicationReference": {"reference": "#m"},
    }
    del contained["medicationCodeableConcept"]
    assert codes(shared.cards(SIGN, KIDNEY, contained)) == ["gate.kidney"]
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "magnesium oxide"}}
    referenced = {**contained, "medicationReference": {"reference": "Medication/m"}}
    del referenced["contained"]
    assert codes(shared.cards(SIGN, KIDNEY, referenced, medication)) == ["gate.kidney"]


def test_intravenous_magnesium_is_not_judged_as_oral(shared: Running) -> None:
    infusion = OXIDE | {"dosageInstruction": [INTRAVENOUS]}
    assert "gate.kidney" not in codes(shared.cards(SIGN, KIDNEY, infusion))
    named = draft("Magnesium sulfate 4 g intravenous infusion")
    assert "gate.kidney" not in codes(shared.cards(SIGN, KIDNEY, named))
    assert "gate.kidney" in codes(shared.cards(SIGN, KIDNEY, draft("Magnesium sulfate 4 g")))
    both = OXIDE | {"dosageInstruction": [INTRAVENOUS, {"route": {"text": "oral"}}]}
    assert codes(shared.cards(SIGN, KIDNEY, both)) == ["gate.kidney"]


def test_an_order_not_to_give_it_is_no_order(shared: Running) -> None:
    assert shared.cards(SIGN, KIDNEY, OXIDE | {"doNotPerform": True}) == []


def test_an_order_for_another_patient_is_not_judged(shared: Running) -> None:
    assert shared.cards(SIGN, KIDNEY, OXIDE | {"subject": {"reference": "Patient/other"}}) == []


@pytest.mark.parametrize("service", [SELECT, SIGN])
def test_two_drafts_that_clash(shared: Running, service: str) -> None:
    found = shared.cards(service, USUAL, OXIDE, draft("alendronate", "d-2"))
    assert [card["indicator"] for card in found] == ["warning", "info"]
    assert found[1]["summary"].startswith("Separate: alendronate")


def test_order_select_is_about_what_was_selected(shared: Running) -> None:
    drafts = OXIDE, draft("alendronate", "d-2")
    only_alendronate = shared.cards(SELECT, USUAL, *drafts, selections=["MedicationRequest/d-2"])
    assert codes(only_alendronate) == ["interaction.bisphosphonates-oral"]
    neither = shared.cards(SELECT, USUAL, *drafts, draft("sertraline", "d-3"), selections=["MedicationRequest/d-3"])
    assert neither == []


def test_a_draft_that_clashes_with_magnesium_on_the_list(shared: Running) -> None:
    chart = Chart(labs=LOW.labs, medications=(order("magnesium oxide 400 mg tablet"),))
    assert codes(shared.cards(SIGN, chart, draft("levothyroxine"))) == ["interaction.thyroid-hormones"]
    assert shared.cards(SIGN, LOW, draft("levothyroxine")) == []


def test_a_medicine_on_the_list_that_is_ordered_again_counts_as_ordered(shared: Running) -> None:
    chart = Chart(labs=LOW.labs, medications=(order("magnesium oxide"), order("levothyroxine")))
    assert codes(shared.cards(SIGN, chart, draft("levothyroxine"))) == ["interaction.thyroid-hormones"]


def test_a_medicine_that_loses_magnesium_is_told_when_it_is_ordered(shared: Running) -> None:
    (card,) = shared.cards(SIGN, LOW, draft("omeprazole"))
    assert card["indicator"] == "info"
    assert card["summary"].startswith("Measure: omeprazole")


def test_a_low_magnesium_makes_citalopram_critical(shared: Running) -> None:
    found = shared.cards(SIGN, LOW, draft("citalopram"))
    assert found[0]["indicator"] == "critical"
    assert found[0]["summary"].startswith("Adjust: citalopram")


@pytest.mark.parametrize(
    "drafts",
    [
        [],
        [{}],
        [{"resource": None}],
        [{"resource": {"resourceType": "MedicationRequest"}}],
        [{"resource": {"resourceType": "ServiceRequest", "id": "s"}}],
        [{"resource": {**OXIDE, "dosageInstruction": "often"}}],
        [{"resource": {**OXIDE, "dosageInstruction": [{"timing": {"repeat": {"timeOfDay": ["25:99"]}}}, 3]}}],
        [{"resource": {**OXIDE, "medicationCodeableConcept": []}}],
        ["x"],
    ],
)
def test_drafts_of_any_shape_are_no_mistake_of_ours(shared: Running, drafts: list[Any]) -> None:
    body = hook_call(SIGN, USUAL.prefetch())
    body["context"]["draftOrders"]["entry"] = drafts
    assert shared.post(f"/cds-services/{SIGN}", body).status_code == 200
