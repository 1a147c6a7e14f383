"""Questionnaires: totals and items, as Observations or as one QuestionnaireResponse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import Chart, Points, Resource
from mgdecide.adapters.fhir.dates import UNDATED_DAY, day_of
from mgdecide.adapters.fhir.quantities import Refused, number_of
from mgdecide.adapters.fhir.vocabulary import Target, Vocabulary
from mgdecide.domain.scores import Score
from mgdecide.knowledge.codes import answer_points
from mgdecide.knowledge.instruments import instruments

COMPLETED = frozenset(("completed", "amended"))
_DEEPEST = 16
_ORDINAL = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
_WHOLE = re.compile(r"\s*\d{1,3}\s*", re.ASCII)
_LOINC_LINK = re.compile(r"(?:^|[/#|])(\d{1,7}-\d)$", re.ASCII)


def read_points(resource: Resource, part: Resource, target: Target, day: date, chart: Chart, words: Vocabulary) -> None:
    """Note the points an Observation or component holds."""
    try:
        points = _points(part, target, words)
    except Refused as refused:
        chart.refused(resource, refused.code, target.label, refused.found)
        note_unread_item(target, chart, words)
        return
    _add(resource, target, points, day, chart)


def note_unread_item(target: Target, chart: Chart, words: Vocabulary) -> None:
    """An answer on suicide that is in the chart and was not used is never passed over in silence."""
    if target.kind == "item" and (target.instrument, target.item) in words.suicide_items:
        chart.remarks.append(f"The chart holds an answer to the suicide item ({target.label}) that was not used: ask.")


def _add(resource: Resource, target: Target, points: int, day: date, chart: Chart) -> None:
    taken = chart.points.setdefault((target.instrument, day), Points())
    if target.kind == "total":
        taken.totals.append(points)
    else:
        taken.items[target.item] = max(points, taken.items.get(target.item, 0))
    id = resource.get("id")
    taken.sources.append(f"{resource['resourceType']}/{id}" if id else resource["resourceType"])
    chart.used(resource, target.label, (points, day), reasons.UNDATED if day is UNDATED_DAY else "")


def _points(part: Resource, target: Target, words: Vocabulary) -> int:
    """Whole points within what the questionnaire allows.

    Raises:
        Refused: no number, a comparator, half a point, or more than there can be.
    """
    quantity = part.get("valueQuantity")
    if quantity is not None and quantity.get("comparator") is not None:
        raise Refused(reasons.NOT_A_NUMBER, f"{quantity['comparator']}{quantity.get('value')}")
    if quantity is not None:
        number = number_of(quantity.get("value"))
    elif "valueInteger" in part:
        number = number_of(part["valueInteger"])
    elif "valueDecimal" in part:
        number = number_of(part["valueDecimal"])
    elif "valueCodeableConcept" in part:
        number = _answered(part["valueCodeableConcept"].get("coding", ()), words)
    elif "valueCoding" in part:
        number = _answered([part["valueCoding"]], words)
    elif _WHOLE.fullmatch(part.get("valueString", "")):
        number = Decimal(part["valueString"].strip())
    else:
        raise Refused(reasons.NO_VALUE)
    if number != int(number) or not 0 <= number <= target.highest:
        raise Refused(reasons.OUT_OF_RANGE, f"{number:f} of {target.highest}")
    return int(number)


def _answered(codings: list[Resource], words: Vocabulary) -> Decimal:
    for coding in codings:
        for extension in coding.get("extension", ()):
            if extension.get("url") in _ORDINAL:
                return number_of(extension.get("valueDecimal"))
        points = answer_points(coding.get("code", ""))
        if points is not None:
            return Decimal(points)
    raise Refused(reasons.NOT_A_NUMBER, str(codings[0].get("display") or codings[0].get("code")) if codings else "")


# --- a whole questionnaire ----------------------------------------------------------------------------------


def read_questionnaire(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """Note every item and total of a QuestionnaireResponse whose link or definition is a LOINC code that is known."""
    if resource.get("status") not in COMPLETED:
        chart.refused(resource, reasons.STATUS, "", str(resource.get("status", "no status")))
        if resource.get("status") != "entered-in-error":
            _note_unread_answers(resource, chart, words)
        return
    authored = resource.get("authored")
    day = UNDATED_DAY if authored is None else day_of(authored)
    if chart.is_later(day):
        chart.refused(resource, reasons.LATER, "", str(authored))
        return
    known = False
    for item in _flat(resource.get("item", ()), 0):
        target = _target(item, words)
        if target is None or target.kind not in ("total", "item"):
            continue
        known = True
        answers = item.get("answer", ())
        if not answers:
            chart.refused(resource, reasons.NO_VALUE, target.label)
        elif len(answers) > 1:
            chart.refused(resource, reasons.CODES_DISAGREE, target.label, "several answers")
            note_unread_item(target, chart, words)
        else:
            read_points(resource, answers[0], target, day, chart, words)
    if not known:
        chart.refused(resource, reasons.INSTRUMENT, str(resource.get("questionnaire", "")))
        chart.remarks.append(
            "A questionnaire of the chart is not known here and was not read; it may ask about suicide."
        )


def _note_unread_answers(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """The answers of a questionnaire that is not finished."""
    for item in _flat(resource.get("item", ()), 0):
        target = _target(item, words)
        if target is not None and item.get("answer"):
            note_unread_item(target, chart, words)


def _flat(items: Any, depth: int) -> Iterator[Resource]:
    if depth > _DEEPEST:
        return
    for item in items:
        yield item
        yield from _flat(item.get("item", ()), depth + 1)


def _target(item: Resource, words: Vocabulary) -> Target | None:
    for text in (item.get("linkId"), item.get("definition")):
        found = _LOINC_LINK.search(text) if text is not None else None
        if found is not None and found[1] in words.observations:
            return words.observations[found[1]]
    return None


# --- once everything is seen --------------------------------------------------------------------------------


def scores(chart: Chart) -> list[Score]:
    """One score for each questionnaire and day: the highest total, the highest points of each item.

    A total is worked out only from a complete set of items. One that differs from their sum, or is less than the
    items that were recorded, is marked, and the higher reading counts.
    """
    return [_score(name, day, taken) for (name, day), taken in chart.points.items()]


def _score(name: str, day: date, taken: Points) -> Score:
    added = sum(taken.items.values())
    complete = bool(taken.items) and len(taken.items) == len(instruments()[name].items)
    total = max(taken.totals) if taken.totals else None
    mismatch = total is not None and (added > total or (complete and added != total))
    if total is None:
        total = added if complete else None
    elif mismatch:
        total = max(total, added)
    return Score(
        instrument=name,
        total=total,
        items=tuple(sorted(taken.items.items())),
        on=None if day is UNDATED_DAY else day,
        mismatch=mismatch,
        source=", ".join(dict.fromkeys(taken.sources))[:200],
    )
