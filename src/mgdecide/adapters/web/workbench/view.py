"""From what was posted to what is shown: plain functions, no web in them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from attrs import frozen

from mgdecide.adapters.examples import example_names, example_text
from mgdecide.adapters.fhir import ReadingReport
from mgdecide.adapters.record.json_text import read_json
from mgdecide.adapters.record.writer import write_record
from mgdecide.adapters.web.reading import read_any
from mgdecide.adapters.web.workbench import bundle_example, entry, fields, mistakes, question, result
from mgdecide.adapters.web.workbench.fields import Values
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, hidden, items, join, tag, text
from mgdecide.adapters.web.workbench.mistakes import JSON_FIELD, Mistake
from mgdecide.assessment import Assessment, assess
from mgdecide.domain.patient import Patient
from mgdecide.errors import MgdecideError
from mgdecide.knowledge.edition import Knowledge

FORM, JSON = "form", "json"


@frozen(eq=False)
class View:
    """What is on the page: what was entered, and the assessment of it or what is wrong with it."""

    values: Values
    mode: str = FORM
    assessment: Assessment | None = None
    reading: ReadingReport | None = None
    mistakes: tuple[Mistake, ...] = ()
    asks: bool = False
    """The unit question stands in place of the assessment."""

    @property
    def title(self) -> str:
        """The title of the page: a mistake, the question, or the state of the gate."""
        if self.mistakes:
            return "Mistakes"
        if self.asks:
            return "Check the unit"
        if self.assessment is not None:
            return f"Gate {self.assessment.gate.state.value}"
        return "Magnesium and depression"


def empty(today: date) -> View:
    """The page before anything was entered."""
    return View({"assessed_on": today.isoformat()})


def of_example(name: str, today: date, knowledge: Knowledge) -> View:
    """A bundled patient in the form, or the Bundle pasted. Raises ``KeyError`` where there is none of that name."""
    if name == bundle_example.NAME:
        return judged({JSON_FIELD: bundle_example.example_bundle(today)}, JSON, today, knowledge)
    if name not in example_names():
        raise KeyError(name)
    return judged(fields.to_values(_plain(example_text(name))), FORM, today, knowledge)


def judged(values: Values, mode: str, today: date, knowledge: Knowledge) -> View:
    """What was entered, judged."""
    values = {name: value for name, value in values.items() if value.strip()}
    answer = values.pop(question.ANSWER, "")
    view = _judged(values, mode, today, knowledge)
    if view.assessment is None or question.doubt(view.assessment) is None or answer == question.LATER:
        return view
    if answer in question.UNITS:
        return _with_answer(view, answer, today, knowledge)
    return View(view.values, view.mode, view.assessment, view.reading, asks=True)


def switched(values: Values, mode: str, today: date, knowledge: Knowledge) -> View:
    """The same patient in the other view, where it can be read; else the mistakes, in this one."""
    other = FORM if mode == JSON else JSON
    view = _judged({name: value for name, value in values.items() if value.strip()}, mode, today, knowledge)
    if view.assessment is None:
        if mode == FORM:
            return view
        return view if values.get(JSON_FIELD, "").strip() else empty(today)
    record = _record_of(view)
    return judged(_values_of(record, other), other, today, knowledge)


def _judged(values: Values, mode: str, today: date, knowledge: Knowledge) -> View:
    return _of_text(values, today, knowledge) if mode == JSON else _of_form(values, today, knowledge)


def _of_form(values: Values, today: date, knowledge: Knowledge) -> View:
    filled = fields.to_record(values)
    try:
        patient, _ = read_any(json.dumps(filled.record), today)
    except MgdecideError as error:
        return View(values, FORM, mistakes=mistakes.of_form(error.problems, filled))
    return View(values, FORM, assess(patient, knowledge=knowledge))


def _of_text(values: Values, today: date, knowledge: Knowledge) -> View:
    listed = {"complete": "complete", "partial": "partial"}
    try:
        patient, reading = read_any(
            values.get(JSON_FIELD, ""),
            today,
            problems=listed.get(values.get("problems", "")),
            medicines=listed.get(values.get("drugs", "")),
        )
    except MgdecideError as error:
        return View(values, JSON, mistakes=mistakes.of_text(error.problems))
    return View(values, JSON, assess(patient, knowledge=knowledge), reading)


def _record_of(view: View) -> dict[str, Any]:
    """The record behind a view: as entered, or what a Bundle amounts to."""
    assert view.assessment is not None
    if view.mode == FORM:
        return fields.to_record(view.values).record
    if view.reading is not None:
        return _canonical(view.assessment.patient)
    return _plain(view.values[JSON_FIELD])


def _canonical(patient: Patient) -> dict[str, Any]:
    return write_record(patient)


def _plain(content: str) -> dict[str, Any]:
    value = read_json(content)
    assert isinstance(value, dict)
    return value


def _values_of(record: dict[str, Any], mode: str) -> Values:
    if mode == FORM:
        return fields.to_values(record)
    return {JSON_FIELD: json.dumps(record, indent=2, ensure_ascii=False, default=str)}


def _with_answer(view: View, answer: str, today: date, knowledge: Knowledge) -> View:
    assert view.assessment is not None
    record = question.answered(_record_of(view), view.assessment, answer)
    kept = {name: view.values[name] for name in ("problems", "drugs") if name in view.values}
    return _judged(kept | _values_of(record, view.mode), view.mode, today, knowledge)


# --- drawn ----------------------------------------------------------------------------------------------------


def whole(view: View, knowledge: Knowledge, example: str = "") -> Html:
    """The main part of the page: what is entered on the left, what is said on the right."""
    form = entry.Entry(view.values, view.mistakes)
    return join(
        (
            tag("h1", text("Magnesium and depression: what is known of one patient")),
            tag(
                "div",
                tag(
                    "section",
                    entry.examples(example),
                    _jump(view),
                    tag("h2", text("Patient"), id="entry-title", tabindex="-1"),
                    entry.summary(view.mistakes) if view.mistakes else NOTHING,
                    form.json() if view.mode == JSON else form.form(),
                    class_="entry",
                    aria_labelledby="entry-title",
                ),
                tag(
                    "div",
                    tag("p", text(""), id="news", class_="unseen", role="status"),
                    tag("p", text(""), id="outdated", class_="outdated no-print", hidden=True),
                    tag("div", answer(view, knowledge), id="result", tabindex="-1"),
                    class_="said",
                ),
                class_="columns",
            ),
        )
    )


def answer(view: View, knowledge: Knowledge) -> Html:
    """The right side by itself; what a fragment request gets."""
    if view.mistakes:
        return _not_assessed(view)
    if view.assessment is None:
        return _welcome()
    if view.asks:
        return question.panel(view.assessment, join((hidden("mode", view.mode), question.travelling(view.values))))
    return join((_tools(view), result.result(view.assessment, knowledge, view.reading)))


def _tools(view: View) -> Html:
    inner = join((hidden("mode", view.mode), question.travelling(view.values), hidden(question.ANSWER, question.LATER)))
    handed = tag("button", text("Patient view"), type="submit", class_="secondary")
    unfold = tag(
        "button",
        text("Unfold all"),
        type="button",
        class_="secondary",
        aria_pressed="false",
        data_unfold=True,
        hidden=True,
    )
    printing = tag("button", text("Print"), type="button", class_="secondary", data_print=True, hidden=True)
    return tag("form", inner, handed, unfold, printing, method="post", action="/patient-view", class_="tools no-print")


def _jump(view: View) -> Html:
    """Where the page is one column, a way past the form."""
    if view.assessment is None:
        return NOTHING
    return tag("p", tag("a", text(f"{view.title}: go to the assessment"), href="#result"), class_="jump no-print")


def _not_assessed(view: View) -> Html:
    links = (tag("a", text(mistake.name), href=f"#{mistake.field}") for mistake in view.mistakes)
    return tag(
        "section",
        tag("h2", text("Not assessed")),
        tag("p", text("There are mistakes in what was entered. They are named beside the fields:")),
        items(links),
        class_="panel",
    )


def _welcome() -> Html:
    return tag(
        "section",
        tag("h2", text("What this page does")),
        tag("p", text(_DOES), class_="lead"),
        tag("h3", text("What it does not do")),
        tag("ul", *(tag("li", text(line)) for line in _DOES_NOT)),
        tag("p", text("Enter what is known of a patient and choose Assess, or begin with one of the examples.")),
        class_="panel welcome",
    )


_DOES = (
    "It says what is known of one patient’s magnesium: what is urgent, whether anything forbids oral magnesium, the "
    "status by named limits, what to do first, what was tried in such people and how certain that is, and what is "
    "not known."
)
_DOES_NOT = (
    "It does not prescribe, and it does not rank products.",
    "It does not say that magnesium treats depression: the evidence is very uncertain.",
    "It does not check interactions that have nothing to do with magnesium.",
    "It never takes “not known” for “no”.",
)


def back_form(view: View) -> Html:
    """From the patient view back to the clinician's."""
    inner = join((hidden("mode", view.mode), question.travelling(view.values), hidden(question.ANSWER, question.LATER)))
    return tag(
        "form",
        inner,
        tag("button", text("Back to the clinician’s view"), type="submit", class_="secondary"),
        method="post",
        action="/#result",
    )
