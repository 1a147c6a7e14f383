"""The unit question: when the unit of a magnesium result is in doubt, a person answers it before anything is shown.

Nothing is corrected by the library. The answer is the user's: the unit as reported, another unit, or not now.
"""

from __future__ import annotations

from typing import Any

from mgdecide.adapters.web.workbench.markup import Html, hidden, join, sign, tag, text, void, words
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import Finding
from mgdecide.knowledge.conversions import convert

UNITS = ("mmol/L", "mg/dL", "mEq/L")
ANSWER = "unit_answer"
LATER = "later"
_SHOWN_IN = {"mmol/L": "mg/dL", "mg/dL": "mmol/L", "mEq/L": "mmol/L"}


def doubt(assessment: Assessment) -> Finding | None:
    """The finding that puts the unit in doubt, if any."""
    return next((each for each in assessment.findings if each.rule.startswith("data-quality.unit-suspect")), None)


def answered(record: dict[str, Any], assessment: Assessment, answer: str) -> dict[str, Any]:
    """The record with the user's word on the unit of the result that is in doubt. ``answer`` is a unit."""
    value, unit = assessment.status.value, assessment.status.unit
    labs = [dict(lab) for lab in record.get("labs") or []]
    for lab in labs:
        if lab.get("test") == "serum_magnesium" and (str(lab.get("value")), lab.get("unit")) == (value, unit):
            lab |= {"unit": answer, "unit_confirmed": True}
    return {**record, "labs": labs}


def panel(assessment: Assessment, travelling: Html) -> Html:
    """The question with its readings; ``travelling`` are the hidden values of the form it stands in for."""
    status = assessment.status
    finding = doubt(assessment)
    assert finding is not None
    assert status.value is not None
    assert status.unit is not None
    others = [unit for unit in UNITS if unit != status.unit]
    choices = [
        _choice(status.unit, f"{status.value} {status.unit}, as it was entered", _meaning(assessment, status.unit)),
        *(_choice(unit, f"{status.value} {unit}", _meaning(assessment, unit)) for unit in others),
        _choice(LATER, "I cannot check this now", "The assessment keeps the doubt, and the gate does not open."),
    ]
    legend = tag("legend", text("What does the original report say?"))
    return tag(
        "section",
        tag("h2", sign("warning", 30), text("Check the unit of the magnesium result"), id="question-title"),
        tag("p", words(_why(finding.text)), class_="lead"),
        tag("p", text("Nothing was changed. Look at the report of the laboratory before you answer.")),
        tag(
            "form",
            travelling,
            tag("fieldset", legend, *choices, class_="choices"),
            tag("div", tag("button", text("Continue"), type="submit", class_="primary"), class_="buttons"),
            method="post",
            action="/#result",
            class_="question-form",
        ),
        id="unit-question",
        class_="panel question",
        aria_labelledby="question-title",
    )


def _why(told: str) -> str:
    """Why the unit is in doubt: the first sentence; the readings stand beside the choices."""
    return told.removeprefix("Check the unit: ").split(". As reported")[0].removesuffix(".") + "."


def _meaning(assessment: Assessment, unit: str) -> str:
    from decimal import Decimal

    digits = (assessment.status.value or "0").lstrip("<>=")
    converted = convert("serum_magnesium", Decimal(digits), unit, _SHOWN_IN[unit])
    return "" if converted is None else f"That is {float(converted):.3g} {_SHOWN_IN[unit]}."


def _choice(value: str, name: str, meaning: str) -> Html:
    id = f"{ANSWER}-{value.replace('/', '-')}"
    box = void("input", type="radio", id=id, name=ANSWER, value=value, required=True)
    label = tag("label", tag("span", text(name), class_="choice"), tag("span", text(meaning), class_="hint"), for_=id)
    return tag("div", box, label, class_="radio")


def travelling(values: dict[str, str]) -> Html:
    """Every value of the form, hidden, so that the answer comes with the patient."""
    return join(hidden(name, value) for name, value in values.items() if value and name != ANSWER)
