"""The catalogue of errors: every code that is raised is explained, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mgdecide.adapters.fhir.reasons import REASONS
from mgdecide.adapters.report.explanation import explain
from mgdecide.errors import InvalidInput
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.error_catalogue import error_catalogue
from mgdecide.rules.rulebook import rulebook

SOURCE = Path(__file__).parents[2] / "src" / "mgdecide"
CODE = re.compile(r"MGD-[A-Z][0-9]{3}")
IN_SOURCE = {code for path in SOURCE.rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_in_the_source_is_in_the_catalogue() -> None:
    assert sorted(IN_SOURCE - error_catalogue().keys() - REASONS.keys()) == []


def test_every_code_of_the_catalogue_is_in_the_source() -> None:
    assert sorted(error_catalogue().keys() - IN_SOURCE) == []


@pytest.mark.parametrize("code", sorted(error_catalogue()))
def test_every_entry_says_what_it_means_and_what_to_do(code: str) -> None:
    entry = error_catalogue()[code]
    for text in (entry.title, entry.means, entry.example, entry.fix):
        assert text.strip()
    assert entry.means.endswith(".")
    assert entry.fix.endswith((".", '"', ")"))


EVERYTHING = [
    *error_catalogue(),
    *REASONS,
    *catalogue().facts,
    *(rule.id for rule in rulebook(default_knowledge()).urgent),
    *(rule.id for rule in rulebook(default_knowledge()).rules),
    *(entry.id for entry, _ in rulebook(default_knowledge()).contraindications),
]


@pytest.mark.parametrize("name", EVERYTHING)
def test_everything_can_be_explained_within_76_columns(name: str) -> None:
    text = explain(name)
    assert name in text.splitlines()[0]
    for line in text.splitlines():
        assert len(line) <= 76 or "://" in line, line


def test_a_rule_s_explanation_has_text_condition_and_source() -> None:
    text = " ".join(explain("gate.kidney").split())
    assert "eGFR less than 30 mL/min/1.73m2" in text
    assert "magnaspartate-smpc: Magnaspartate" in text
    assert "critical, action: avoid" in text


@pytest.mark.parametrize("rule", ["urgent.suicide-item", "urgent.critical-low-magnesium", "gate.high-magnesium"])
def test_an_explanation_shows_no_open_place_of_a_text(rule: str) -> None:
    assert not re.search(r"[{}]", explain(rule))


def test_codes_may_be_written_small() -> None:
    assert explain("mgd-r131") == explain("MGD-R131")


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(InvalidInput) as raised:
        explain("gate.kidny")
    assert raised.value.code == "MGD-L113"
    assert "gate.kidney" in raised.value.problems[0].accepted
