"""Whom an answer is for stands in the answer, and the page on intended use says the same."""

from __future__ import annotations

from importlib.resources import files

import pytest

from mgdecide import assess, read_patient
from mgdecide.adapters.cards.cards import cards, response
from mgdecide.adapters.report.clinician import report_html, report_markdown, report_text
from tests.safety.written import ROOT

FOR_WHOM = "Supports clinical judgement; does not replace it."


def example(name: str) -> str:
    return files("mgdecide.adapters.examples").joinpath(f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["demo-1", "critical-low", "everything-unknown"])
def test_every_form_of_an_answer_says_whom_it_is_for(name: str) -> None:
    assessment = assess(read_patient(example(name)))
    for form in (report_text, report_markdown, report_html):
        assert FOR_WHOM in " ".join(form(assessment).split()), form.__name__


def test_no_card_writes_an_order_or_accepts_anything_by_default() -> None:
    for name in ("demo-1", "critical-low", "closed-kidney", "suicide-item"):
        assessment = assess(read_patient(example(name)))
        record = response(assessment, cards(assessment, "patient-view"))
        assert "systemActions" not in record
        found = record["cards"]
        assert isinstance(found, list)
        for card in found:
            assert "suggestions" not in card or all("actions" not in each for each in card["suggestions"])


def test_the_page_names_users_exclusions_and_what_it_is_not() -> None:
    page = " ".join((ROOT / "docs" / "safety" / "intended-use.md").read_text(encoding="utf-8").split())
    for word in ("licensed clinicians", "adults", "not for emergencies", "not a registered medical device", FOR_WHOM):
        assert word in page
