"""Helpers for tests that read like a chart: a short record in, what was said of it out."""

from __future__ import annotations

from typing import Any

from mgdecide import Assessment, assess, read_patient
from mgdecide.assessment import facts_of
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.rulebook import rulebook

DAY = "2026-08-29"


def magnesium(value: str, unit: str = "mmol/L", **more: Any) -> dict[str, Any]:
    """A fresh serum magnesium."""
    return {"test": "serum_magnesium", "value": value, "unit": unit, "on": DAY, **more}


def lab(test: str, value: str, unit: str, **more: Any) -> dict[str, Any]:
    """A fresh result of any test."""
    return {"test": test, "value": value, "unit": unit, "on": DAY, **more}


def record(*labs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record of an adult judged on one day."""
    return {"id": "p", "assessed_on": DAY, "age_years": 54, "sex": "female", "labs": list(labs), **more}


def healthy(*labs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record in which nothing forbids oral magnesium and everything needed is known."""
    given = {result["test"] for result in labs}
    usual = [magnesium("0.90"), lab("egfr", "80", "mL/min/1.73m2")]
    filled = [*labs, *(result for result in usual if result["test"] not in given)]
    whole = {"conditions_complete": True, "medications": [], "medications_complete": True, "pregnancy": "not pregnant"}
    return record(*filled, **(whole | more))


def judged(given: dict[str, Any]) -> Assessment:
    """The assessment of a record."""
    return assess(read_patient(given))


def category(value: str, unit: str, **more: Any) -> str:
    """The status category of one magnesium value in an adult."""
    return judged(record(magnesium(value, unit), **more)).status.category


def rules(given: dict[str, Any]) -> set[str]:
    """Ids of the findings and urgent findings."""
    assessment = judged(given)
    return {finding.rule for finding in (*assessment.urgent, *assessment.findings)}


def answer(given: dict[str, Any], rule: str) -> bool | None:
    """The three-valued answer of one rule."""
    book = rulebook(default_knowledge())
    answers = book.answer(facts_of(read_patient(given)))
    found = dict(zip([each.id for each in book.rules], answers.findings, strict=True))
    found |= dict(zip([each.id for each in book.urgent], answers.urgent, strict=True))
    found |= {
        entry.id: value for (entry, _), value in zip(book.contraindications, answers.contraindications, strict=True)
    }
    value = found[rule]
    assert value is None or isinstance(value, bool)
    return value
