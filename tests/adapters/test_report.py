"""The report: its order, its width, its words, and that its three forms say the same."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from mgdecide import Assessment, assess, read_patient
from mgdecide.adapters.report.clinician import brief_text, patient_view, report_html, report_markdown, report_text
from mgdecide.domain import safeprint
from mgdecide.evidence.grade_words import Certainty, check_wording

EXAMPLES = sorted(path.name for path in files("mgdecide.adapters.examples").iterdir() if path.name.endswith(".json"))


def example(name: str) -> Assessment:
    return assess(read_patient(files("mgdecide.adapters.examples").joinpath(name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module", params=EXAMPLES)
def assessment(request: pytest.FixtureRequest) -> Assessment:
    return example(request.param)


def test_at_most_76_columns(assessment: Assessment) -> None:
    assert max(map(len, report_text(assessment).splitlines())) <= 76
    assert max(map(len, brief_text(assessment).splitlines())) <= 76


def test_plain_letters_only(assessment: Assessment) -> None:
    assert not set(report_text(assessment)) - set(map(chr, range(32, 127))) - {"\n"}


def test_urgent_gate_bottom_line_come_first(assessment: Assessment) -> None:
    text = report_text(assessment)
    places = [text.index(f"\n{heading}") for heading in ("URGENT", "GATE", "BOTTOM LINE", "STATUS", "EVIDENCE")]
    assert places == sorted(places)
    assert assessment.gate.state.value.upper() in text.split("BOTTOM LINE")[0]


def test_every_urgent_finding_and_gate_reason_is_told(assessment: Assessment) -> None:
    flat = " ".join(report_text(assessment).split())
    for finding in assessment.urgent:
        assert " ".join(finding.text.split()) in flat
    for reason in assessment.gate.because:
        assert " ".join(reason.text.split()) in flat


def test_regimens_never_stand_behind_a_gate_that_is_not_open(assessment: Assessment) -> None:
    text = report_text(assessment)
    assert ("WITHHELD" in text) is (assessment.gate.state.value != "open")
    assert ("DOSE " in text) is (assessment.gate.state.value == "open")


def test_the_printing_is_safe(assessment: Assessment) -> None:
    problems = [str(problem) for problem in safeprint.check(report_text(assessment), laboratory=True, prose=False)]
    assert not problems


def test_no_statement_is_stronger_than_its_certainty(assessment: Assessment) -> None:
    for summary in assessment.evidence:
        assert not check_wording(summary.statement, Certainty(summary.certainty_here))


def test_the_two_decisions_never_share_a_sentence(assessment: Assessment) -> None:
    bottom = " ".join(report_text(assessment).split("BOTTOM LINE")[1].split("DO FIRST")[0].split())
    for sentence in re.split(r"(?<=[.])\s", bottom):
        assert not ("deficiency" in sentence and "depress" in sentence)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}|\d+", text.lower()))


def test_three_forms_say_the_same(assessment: Assessment) -> None:
    text = _words(report_text(assessment))
    markdown = _words(report_markdown(assessment))
    page = _words(re.sub(r"<[^>]+>", " ", report_html(assessment)))
    assert text <= markdown | {"value", "interval"}
    assert text <= page


def test_html_has_no_script_or_style_and_scoped_headers(assessment: Assessment) -> None:
    page = report_html(assessment)
    assert not re.search(r"<script|style=|onload", page)
    assert page.count("<th ") == page.count("<th scope=")


def test_the_patient_view_has_no_dose_and_no_jargon(assessment: Assessment) -> None:
    view = patient_view(assessment)
    assert not re.search(r"\d", view)
    for word in ("mg", "certainty", "contraindic", "CTCAE", "gate"):
        assert word not in view


def test_a_name_from_a_chart_makes_no_markup() -> None:
    names = ("<img src=x onerror=alert(1)> alendronate", "[here](javascript:alert(1)) raltegravir")
    record = {"id": "<b>1</b>", "age_years": 0, "medications": [{"name": name} for name in names]}
    assessment = assess(read_patient(record))
    text = report_markdown(assessment)
    assert "raltegravir" in text
    assert not re.search(r"<(img|b)\b|\]\(", text)
    assert not re.search(r"<(img|b)\b", report_html(assessment))
    assert "0 years" in text


def test_same_bytes(assessment: Assessment) -> None:
    again = assess(assessment.patient)
    assert report_text(again) == report_text(assessment)
