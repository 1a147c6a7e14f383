"""Mistakes told where they were made: a sentence beside the field, and a list of them above the form."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from mgdecide.adapters.web.workbench.fields import CONDITIONS, RESULTS, SIGNS, Filled, label
from mgdecide.errors import Problem

JSON_FIELD = "pasted"


@frozen
class Mistake:
    """One mistake: the field it belongs to, what the field is called, and what to do."""

    field: str
    name: str
    message: str
    code: str


_NAMES = {
    "age_years": "Age",
    "sex": "Sex",
    "pregnancy": "Pregnancy",
    "assessed_on": "Day of assessment",
    "phq9_total": "PHQ-9 total",
    "phq9_item_9": "PHQ-9 item 9",
    "phq9_on": "Day of the PHQ-9",
    "medicines": "Medicines",
    "other_conditions": "Other conditions",
    JSON_FIELD: "Pasted text",
}
_PARTS = {"value": "", "unit": ", unit", "on": ", day of the sample", "low": ", lower limit", "high": ", upper limit"}


def name_of(field: str) -> str:
    """What a field is called on the page."""
    if field in _NAMES:
        return _NAMES[field]
    for test in ("serum_magnesium", "egfr", *RESULTS):
        if field.startswith(f"{test}_"):
            return label(test) + _PARTS.get(field.removeprefix(f"{test}_"), "")
    for prefix, names in (("condition_", CONDITIONS), ("sign_", SIGNS)):
        if field.startswith(prefix) and field.removeprefix(prefix) in names:
            return label(field.removeprefix(prefix))
    if field.startswith("product_"):
        return f"Magnesium product {field[8]}, {field[10:].replace('_', ' ')}"
    return field.replace("_", " ").capitalize()


def of_form(problems: Iterable[Problem], filled: Filled) -> tuple[Mistake, ...]:
    """Mistakes in the record of a form, each with its field."""
    return tuple(_mistake(problem, filled.field_of(problem.path) or "other") for problem in problems)


def of_text(problems: Iterable[Problem]) -> tuple[Mistake, ...]:
    """Mistakes in a pasted text, each with its path."""
    return tuple(
        Mistake(JSON_FIELD, problem.path or _NAMES[JSON_FIELD], _message(problem), problem.code) for problem in problems
    )


def _mistake(problem: Problem, field: str) -> Mistake:
    return Mistake(field, name_of(field), _message(problem), problem.code)


_LONGEST = 320


def _message(problem: Problem) -> str:
    accepted = problem.accepted if len(problem.accepted) <= _LONGEST else problem.accepted[: _LONGEST - 3] + "..."
    return f"{problem.given} cannot be used. Needed: {accepted}."
