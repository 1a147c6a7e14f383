"""The patient view: the same facts in plain words, without any dose, on a page to print and hand over."""

from __future__ import annotations

from mgdecide.adapters.report.patient import plain_words
from mgdecide.adapters.web.workbench.markup import Html, join, sign, tag, text
from mgdecide.assessment import Assessment

INTENDED = "Your clinician will go through this page with you."
FOOT = ("In an emergency, call your emergency number. This page does not replace talking with your clinician.",)
_NOW = "Immediate action required"


def patient_page(assessment: Assessment, back: Html) -> Html:
    """The page's main part. ``back`` is the way back to the clinician's view."""
    lines = plain_words(assessment).splitlines()
    cards = [line for line in lines if line.startswith(_NOW)]
    others = [line for line in lines if not line.startswith(_NOW)]
    day = assessment.patient.assessed_on
    return tag(
        "div",
        tag("h1", text("Your magnesium result")),
        tag("p", text(f"Made on {day}." if day else ""), class_="hint"),
        *(_care_card(line) for line in cards),
        tag("div", *(tag("p", text(line)) for line in others), class_="plain"),
        tag("p", text("Talk about this page with the clinician who gave it to you."), class_="hint"),
        back,
        class_="patient-view",
    )


def _care_card(line: str) -> Html:
    words = line.removeprefix(_NOW).lstrip(": ")
    words = words[:1].upper() + words[1:]
    return tag("section", tag("h2", sign("critical", 28), text(_NOW)), tag("p", text(words)), class_="panel urgent")


def tools(back: Html) -> Html:
    """Back, and print (shown where there is JavaScript)."""
    printing = tag("button", text("Print"), type="button", class_="secondary", data_print=True, hidden=True)
    return tag("div", back, join((printing,)), class_="buttons no-print")
