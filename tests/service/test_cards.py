"""Cards: few, short, each with an action first; none where there is nothing to do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings

from mgdecide import assess, read_patient
from mgdecide.adapters.cards.cards import Card, Drafts, card_uuid, cards, response
from mgdecide.adapters.cards.words import OVERRIDE_REASONS, STATUS, URGENT, WHY_CLOSED, as_markdown, clipped
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.domain import safeprint
from mgdecide.domain.patient import Patient
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.rulebook import rulebook
from mgdecide.testing import patients
from tests.rules.judge import healthy, lab, magnesium, record
from tests.service.conformance import check_response

ALL_DRAFTS = Drafts(magnesium=True, antacid=True, medicines=frozenset({"alendronate", "digoxin", "omeprazole"}))
VERBS = [
    "Assess",
    "Use",
    "Send",
    "Call",
    "Involve",
    "Do",
    "Check",
    "Confirm",
    "Review",
    "Separate",
    "Avoid",
    "Adjust",
    "Monitor",
    "Measure",
    "Ask",
    "Note",
]


def made(given: dict[str, Any], hook: str = "patient-view", drafts: Drafts | None = None) -> dict[str, Card]:
    """The cards by indicator."""
    found = cards(assess(read_patient(given)), hook, drafts or Drafts())
    return {card.indicator: card for card in found}


def everything(patient: Patient) -> list[Card]:
    """The cards of every hook, as loud as they can be."""
    assessment = assess(patient)
    found = [*cards(assessment, "patient-view")]
    for hook in ("order-select", "order-sign"):
        found += cards(assessment, hook, ALL_DRAFTS)
    for hook, drafts in (("patient-view", Drafts()), ("order-sign", ALL_DRAFTS)):
        check_response(response(assessment, cards(assessment, hook, drafts)))
    return found


def check(card: Card) -> None:
    assert len(card.summary) <= 139
    assert card.summary.split()[0].rstrip(":") in VERBS, card.summary
    assert len(card.detail) <= 600, len(card.detail)
    assert "|" not in card.detail.replace("\\|", "")
    assert "![" not in card.detail.replace("\\!", "").replace("\\[", "")
    assert not safeprint.check(card.summary, laboratory=True), card.summary


# --- at the chart -------------------------------------------------------------------------------------------


def test_nothing_to_do_makes_no_card() -> None:
    assert made(healthy()) == {}


def test_a_patient_of_whom_nothing_is_known_makes_no_card() -> None:
    assert made(record()) == {}


def test_a_low_magnesium_with_a_closed_gate_is_two_cards() -> None:
    found = made(record(magnesium("0.61"), lab("egfr", "22", "mL/min/1.73m2")))
    assert list(found) == ["critical", "warning"]
    assert found["critical"].summary.startswith("Do not start oral magnesium: severely reduced kidney function")
    assert "eGFR 22 mL/min/1.73 m2" in found["critical"].summary
    assert "0.61 mmol/L" in found["warning"].summary


def test_an_undecided_gate_is_told_where_magnesium_is_low_and_names_what_to_measure() -> None:
    found = made(record(magnesium("0.61")))
    assert list(found) == ["warning"]
    assert "gate.kidney" in found["warning"].detail or "eGFR" in found["warning"].detail


def test_an_undecided_gate_is_no_card_where_magnesium_is_usual() -> None:
    assert made(record(magnesium("0.90"))) == {}


def test_a_closed_gate_is_quiet_where_nobody_thinks_of_magnesium() -> None:
    kidney = lab("egfr", "22", "mL/min/1.73m2")
    assert made(record(magnesium("0.90"), kidney)) == {}
    depressed = made(record(magnesium("0.90"), kidney, conditions={"major_depressive_disorder": True}))
    assert list(depressed) == ["info"]
    takes = made(record(magnesium("0.90"), kidney, medications=[{"name": "magnesium oxide"}]))
    assert list(takes) == ["critical"]


@pytest.mark.parametrize(
    ("value", "indicators"),
    [("0.34", ["critical"]), ("0.45", ["warning"]), ("0.69", ["warning"]), ("0.72", ["info"]), ("0.80", [])],
)
def test_the_status_is_as_loud_as_it_is_low(value: str, indicators: list[str]) -> None:
    found = made(healthy(magnesium(value, unit_confirmed=True)))
    assert [each for each in found if each != "warning" or value != "0.34"] == indicators


def test_an_urgent_finding_comes_first_and_loses_its_card_once_acknowledged() -> None:
    scores = [{"instrument": "PHQ-9", "total": 12, "items": {"9": 1}, "on": "2026-08-29"}]
    found = made(healthy(scores=scores))
    assert found["critical"].rules[0] == "urgent.suicide-item"
    assert made(healthy(scores=scores, acknowledged=["urgent.suicide-item"])) == {}


def test_a_doubtful_unit_asks_and_never_corrects() -> None:
    found = made(healthy(magnesium("1.9", "mmol/L")))
    assert found["warning"].summary.startswith("Confirm the unit of the magnesium result (1.9 mmol/L)")


# --- at the order -------------------------------------------------------------------------------------------


def test_an_order_that_has_nothing_to_do_with_magnesium_makes_no_card() -> None:
    given = record(magnesium("0.61"), lab("egfr", "22", "mL/min/1.73m2"), medications=[{"name": "sertraline"}])
    assert made(given, "order-sign", Drafts(medicines=frozenset({"sertraline"}))) == {}


def test_times_to_keep_apart_are_information() -> None:
    given = healthy(medications=[{"name": "alendronate"}, {"name": "magnesium oxide"}])
    for drafts in (Drafts(magnesium=True), Drafts(medicines=frozenset({"Alendronate"}))):
        found = made(given, "order-sign", drafts)
        assert found["info"].summary == "Separate: alendronate at least 4 hours apart from magnesium."


def test_a_medicine_that_clashes_makes_no_card_where_no_magnesium_is_taken() -> None:
    given = healthy(medications=[{"name": "alendronate"}])
    assert made(given, "order-sign", Drafts(medicines=frozenset({"alendronate"}))) == {}


def test_raltegravir_with_magnesium_is_critical() -> None:
    given = healthy(medications=[{"name": "raltegravir"}])
    found = made(given, "order-sign", Drafts(magnesium=True))
    assert found["critical"].summary.startswith("Avoid: ")


def test_magnesium_in_a_closed_gate_is_critical_and_in_an_undecided_one_a_warning() -> None:
    closed = made(healthy(lab("egfr", "22", "mL/min/1.73m2")), "order-select", Drafts(magnesium=True))
    assert closed["critical"].rules[0] == "gate.kidney"
    undecided = made(record(magnesium("0.90")), "order-sign", Drafts(magnesium=True))
    assert undecided["warning"].summary.startswith("Check before oral magnesium is started: ")
    assert made(healthy(), "order-sign", Drafts(magnesium=True)) == {}


# --- for every patient --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", example_names())
def test_cards_of_the_bundled_patients(name: str) -> None:
    for card in everything(read_patient(example_text(name))):
        check(card)


@given(patients())
@settings(max_examples=120, deadline=None)
def test_cards_of_any_patient(patient: Patient) -> None:
    for card in everything(patient):
        check(card)


def test_a_long_and_hostile_name_of_a_medicine_neither_breaks_the_limits_nor_is_taken_for_markup() -> None:
    name = ("alendronate <script>alert(1)</script> **bold** [x](http://x) | " + "very long " * 30)[:200].strip()
    given = healthy(medications=[{"name": name, "atc": "M05BA04"}])
    for card in cards(assess(read_patient(given)), "order-sign", Drafts(magnesium=True)):
        check(card)
        assert "<" not in card.detail
        assert not re.search(r"(?<!\\)\*\*bold", card.detail)


# --- words --------------------------------------------------------------------------------------------------


def test_every_urgent_rule_and_contraindication_has_words_of_its_own() -> None:
    book = rulebook(default_knowledge())
    assert {rule.id for rule in book.urgent} == set(URGENT)
    gates = {entry.id for entry, _ in book.contraindications} - {"gate.unit-suspect"}
    assert set(WHY_CLOSED) == gates | set(URGENT)
    for text in (*URGENT.values(), *WHY_CLOSED.values(), *(words for _, words in STATUS.values())):
        assert len(text) <= 139


def test_a_uuid_depends_on_nothing_but_indicator_and_rules() -> None:
    one = made(record(magnesium("0.61"), lab("egfr", "22", "mL/min/1.73m2")))["critical"]
    other = made({**record(magnesium("0.65"), lab("egfr", "11", "mL/min/1.73m2")), "id": "q"})["critical"]
    assert one.uuid == other.uuid == card_uuid("critical", ["gate.kidney"])
    assert one.uuid != card_uuid("warning", ["gate.kidney"])


def test_override_reasons_are_coded_and_displayed() -> None:
    card = made(record(magnesium("0.61"), lab("egfr", "22", "mL/min/1.73m2")))["critical"].to_record()
    reasons = card["overrideReasons"]
    assert isinstance(reasons, list)
    codes = {reason["code"] for reason in reasons}
    assert {"will-monitor", "specialist", "value-wrong"} <= codes <= set(OVERRIDE_REASONS)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("a*b_c", r"a\*b\_c"),
        ("x < y & z > 0", "x &lt; y &amp; z &gt; 0"),
        ("line\none\ttwo", "line one two"),
        ("[a](b)|c", r"\[a\](b)\|c"),
    ],
)
def test_markdown_is_escaped(given: str, written: str) -> None:
    assert as_markdown(given) == written


@pytest.mark.parametrize(
    ("text", "longest", "cut"), [("abc def", 7, "abc def"), ("abc def ghi", 9, "abc..."), ("a" * 20, 10, "aaaaaaa...")]
)
def test_a_text_is_cut_between_words(text: str, longest: int, cut: str) -> None:
    assert clipped(text, longest) == cut
