"""Observations: which of them may count, and, once all are seen, which do.

While the chart is gone through, only code, status and date are looked at. Values are read at the end, newest day
first, until one can be used: of a lifetime's results hardly any is ever taken apart.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import WRONG_SHAPE, Candidate, Chart, Resource
from mgdecide.adapters.fhir.codings import LOINC, shown
from mgdecide.adapters.fhir.dates import UNDATED_DAY, day_of, effective_text, is_partial
from mgdecide.adapters.fhir.points import note_unread_item, read_points
from mgdecide.adapters.fhir.quantities import Refused, lab_result, number_of
from mgdecide.adapters.fhir.specimens import haemolysed, says_not_blood, specimen_of
from mgdecide.adapters.fhir.vocabulary import Target, Vocabulary
from mgdecide.adapters.record.limits import plausible_ranges
from mgdecide.domain.laboratory import LabResult

FINAL = frozenset(("final", "amended", "corrected"))
_NOT_MEANT = frozenset(("entered-in-error", "cancelled", "registered"))
_URINE = frozenset(("urine_magnesium", "urine_magnesium_24h", "urine_creatinine"))
_NO_SPECIMEN = frozenset(("egfr", "qtc"))


def read_observation(resource: Resource, chart: Chart, words: Vocabulary) -> None:
    """Note an Observation, and each of its components, as a candidate; or report why not."""
    codings = resource["code"].get("coding", ())
    if len(codings) == 1 and codings[0].get("system") == "http://loinc.org":
        target = words.observations.get(codings[0].get("code"))
    else:
        target = _target(codings, words)
    parts = resource.get("component")
    if target is None and parts is None:
        chart.refused(resource, reasons.CODE_UNKNOWN, shown(resource["code"]))
        return
    if resource.get("status") not in FINAL:
        chart.refused(resource, reasons.STATUS, _name(target, resource), str(resource.get("status", "no status")))
        if target is not None and resource.get("status") not in _NOT_MEANT:
            note_unread_item(target, chart, words)
        return
    text = resource.get("effectiveDateTime")
    if text is None:
        text = effective_text(resource)
    day = UNDATED_DAY if text is None else day_of(text)
    if chart.on is not None and day > chart.on:
        chart.refused(resource, reasons.LATER, _name(target, resource), str(text))
        return
    if target is not None and not (target.kind == "panel" and parts):
        _note(resource, resource, target, day, chart, words)
    if parts is not None:
        _note_parts(resource, parts, day, chart, words)


def _note_parts(resource: Resource, parts: list[Resource], day: date, chart: Chart, words: Vocabulary) -> None:
    known = False
    for part in parts:
        target = _target(part["code"].get("coding", ()), words)
        if target is not None:
            known = True
            _note(resource, part, target, day, chart, words)
        else:
            chart.refused(resource, reasons.CODE_UNKNOWN, shown(part["code"]))
    if not known and not parts:
        chart.refused(resource, reasons.NO_VALUE, shown(resource["code"]))


def _note(resource: Resource, part: Resource, target: Target, day: date, chart: Chart, words: Vocabulary) -> None:
    kind = target.kind
    if kind in ("lab", "measure", "answer"):
        held = chart.results.get(target.fact)
        if held is None:
            held = chart.results[target.fact] = []
        held.append((day, resource, part, target))
    elif kind in ("total", "item"):
        read_points(resource, part, target, day, chart, words)
    elif kind == "panel":
        chart.refused(resource, reasons.NO_VALUE, target.instrument, "its items stand by themselves")
    elif kind == "not needed":
        chart.refused(resource, reasons.NOT_NEEDED, target.note)
    else:
        chart.refused(resource, reasons.OTHER_SPECIMEN, shown(part["code"]), target.note)


def _target(codings: list[Resource], words: Vocabulary) -> Target | None:
    """What the codings mean together; two that are known must mean the same."""
    found = None
    for coding in codings:
        if coding.get("system") in LOINC:
            target = words.observations.get(coding["code"])
            if target is not None:
                if found is not None and _sense(target) != _sense(found):
                    raise Refused(reasons.CODES_DISAGREE, f"{found.fact or found.kind}, {target.fact or target.kind}")
                found = target
    return found


def _sense(target: Target) -> tuple[str, str, str, int]:
    return target.kind, target.fact, target.instrument, target.item


def _name(target: Target | None, resource: Resource) -> str:
    return (target.fact or target.instrument) if target is not None else shown(resource["code"])


# --- once everything is seen --------------------------------------------------------------------------------


def newest_labs(chart: Chart) -> list[LabResult]:
    """The usable results of each test's newest day; of one day all are kept, and the assessment takes the worse."""
    found: list[LabResult] = []
    for fact in [fact for fact, held in chart.results.items() if held[0][3].kind == "lab"]:
        found += _newest_of(fact, chart.results[fact], chart)
    return found


def _newest_of(fact: str, held: list[Candidate], chart: Chart) -> list[LabResult]:
    if len(held) > 1:
        held.sort(key=_day, reverse=True)
    found: list[LabResult] = []
    newest: date | None = None
    newer_unusable: list[str] = []
    for day, resource, part, target in held:
        if newest is not None and day < newest:
            chart.refused(resource, reasons.OLDER, fact, (day,))
            continue
        try:
            result, doubt = _lab(resource, part, target, day, chart)
        except (Refused, *WRONG_SHAPE) as error:
            code = error.code if isinstance(error, Refused) else reasons.SHAPE
            chart.refused(resource, code, fact, error.found if isinstance(error, Refused) else "")
            newer_unusable.append(code)
            continue
        newest = day
        found.append(result)
        chart.used(resource, fact, result, doubt or _date_doubt(resource))
        if doubt == reasons.UNIT_TEXT:
            shown_value = f"{result.shown} {result.unit}"
            chart.remarks.append(f"The unit of {fact} ({shown_value}) is not coded in UCUM; its text was read.")
    if newer_unusable:
        instead = f"one of {newest.isoformat()} counts" if newest and newest != UNDATED_DAY else "no dated one counts"
        why = ", ".join(sorted(set(newer_unusable)))
        chart.remarks.append(f"A result of {fact} as new as any could not be used ({why}); {instead}.")
    return found


def _day(candidate: Candidate) -> date:
    return candidate[0]


def _date_doubt(resource: Resource) -> str:
    text = resource.get("effectiveDateTime")
    return reasons.PARTIAL_DATE if text is not None and is_partial(text) else ""


def _lab(resource: Resource, part: Resource, target: Target, day: date, chart: Chart) -> tuple[LabResult, str]:
    broken: bool | None = None
    if "specimen" in resource or "note" in resource or "interpretation" in resource:
        specimen = specimen_of(resource, chart)
        broken = haemolysed(resource, specimen)
        other = "" if target.fact in _URINE or target.fact in _NO_SPECIMEN else says_not_blood(specimen)
        if other:
            raise Refused(reasons.SPECIMEN, other)
    id = resource.get("id")
    return lab_result(part, target, day, f"Observation/{id}" if id else "Observation", broken)


def newest_measure(fact: str, chart: Chart, words: Vocabulary, longest: int) -> Decimal | None:
    """Body weight in kg or height in cm, of the newest day within ``longest`` days; of one day the first given."""
    if fact not in chart.results:
        return None
    held = sorted(chart.results[fact], key=_day, reverse=True)
    found: Decimal | None = None
    for day, resource, part, _target in held:
        if found is not None:
            chart.refused(resource, reasons.OLDER, fact, (day,))
            continue
        days = None if day is UNDATED_DAY else chart.days_ago(day)
        if day is UNDATED_DAY or (days is not None and days > longest):
            chart.refused(resource, reasons.NOT_NOW, fact, (day,))
            continue
        try:
            found = _measured(part, fact, words)
        except Refused as refused:
            chart.refused(resource, refused.code, fact, refused.found)
            continue
        except WRONG_SHAPE:
            chart.refused(resource, reasons.SHAPE, fact)
            continue
        chart.used(resource, fact, (found, day))
    return found


def _measured(part: Resource, fact: str, words: Vocabulary) -> Decimal:
    quantity = part.get("valueQuantity")
    if quantity is None:
        raise Refused(reasons.NO_VALUE)
    if quantity.get("comparator") is not None:
        raise Refused(reasons.NOT_A_NUMBER, "a comparator")
    code, text = quantity.get("code"), quantity.get("unit")
    factor = words.measures.get((fact, code if code is not None else text))
    if factor is None:
        raise Refused(reasons.UNIT_UNKNOWN, str(code or text or "no unit"))
    said = None if text is None else words.measures.get((fact, text))
    if said is not None and said != factor:
        raise Refused(reasons.UNIT_CONTRADICTION, f"code {code}, text {text}")
    number = number_of(quantity.get("value")) * factor
    number = round(number, 3).normalize() if factor != 1 else number
    low, high = _measure_range(fact)
    if not low <= number <= high:
        raise Refused(reasons.IMPLAUSIBLE, f"{quantity['value']} {code or text}")
    return number if int(number.as_tuple().exponent) <= 0 else number.quantize(Decimal(1))


def _measure_range(fact: str) -> tuple[Decimal, Decimal]:
    return plausible_ranges()[fact, "kg" if fact == "weight_kg" else "cm"]


def newest_answer(fact: str, chart: Chart, words: Vocabulary) -> bool | None:
    """A status asked as a coded question: true, false, or None where it is too old to speak of today.

    Of several answers of one day a yes counts.
    """
    if fact not in chart.results:
        return None
    held: list[Candidate] = sorted(chart.results[fact], key=_day, reverse=True)
    answer = words.questions[fact]
    found: bool | None = None
    newest: date | None = None
    for day, resource, part, _target in held:
        if newest is not None and day < newest:
            chart.refused(resource, reasons.OLDER, fact, (day,))
            continue
        try:
            said = _said(part, answer.yes, answer.no)
            told = shown(part.get("valueCodeableConcept") or {})
        except WRONG_SHAPE:
            chart.refused(resource, reasons.SHAPE, fact)
            continue
        age = chart.days_ago(day) if day is not UNDATED_DAY else None
        newest = day
        if said is None:
            chart.refused(resource, reasons.CODE_UNKNOWN, fact, told)
        elif age is None or age > answer.days[0 if said else 1]:
            chart.refused(resource, reasons.NOT_NOW, fact, (day,))
        else:
            found = said or bool(found)
            chart.used(resource, fact, f"{'yes' if said else 'no'}, {day.isoformat()}")
    return found


def _said(part: Resource, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    if type(part.get("valueBoolean")) is bool:
        return bool(part["valueBoolean"])
    concept: Any = part.get("valueCodeableConcept")
    codes = {coding.get("code") for coding in concept.get("coding", ())} if concept else set()
    said_yes, said_no = not codes.isdisjoint(yes), not codes.isdisjoint(no)
    return None if said_yes == said_no else said_yes
