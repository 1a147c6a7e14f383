"""The status as a report needs it: category, interval, CTCAE grade, conversions, caveats."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.verdicts import Grade, Interval, Status
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.words import edge_words, number_words
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Answers, Rulebook
from mgdecide.rules.wording import shown_result

SHOWN_UNITS = ("mmol/L", "mg/dL", "mEq/L")


def status_verdict(book: Rulebook, answers: Answers, reading: Reading, caveat_texts: Mapping[str, str]) -> Status:
    """Where serum magnesium stands. ``caveat_texts`` are the data-quality findings about it, by rule id."""
    knowledge = book.knowledge
    words = knowledge.status_words
    result = reading.results.get("serum_magnesium")
    if result is None:
        return Status("undetermined", words["not_given"].text, sources=words["not_given"].sources)
    category = answers.status
    word = words[category]
    return Status(
        category=category,
        text=word.text,
        ctcae=_grade(answers, result, knowledge),
        value=result.shown,
        unit=result.unit,
        on=result.on.isoformat() if result.on else None,
        interval=_interval(answers, result),
        converted=_converted(result, knowledge),
        caveats=tuple(_caveats(book, reading, result, category, caveat_texts)),
        sources=word.sources,
    )


def _interval(answers: Answers, result: LabResult) -> Interval:
    own_low, own_high = result.reference.low, result.reference.high
    given = (own_low is not None) + (own_high is not None)
    return Interval(
        _printed(own_low, answers.lower_limit),
        _printed(own_high, answers.upper_limit),
        result.unit,
        ("default", "laboratory and default", "laboratory")[given],
    )


def _printed(own: Decimal | None, default: object) -> str | None:
    if own is not None:
        return f"{own:f}"
    return edge_words(default) if isinstance(default, float) else None


def _grade(answers: Answers, result: LabResult, knowledge: Knowledge) -> Grade | None:
    """The CTCAE grade in the column of the reported unit, or why none can be given."""
    hypo, hyper = answers.hypo_grade, answers.hyper_grade
    for term, grade in (("hypomagnesaemia", hypo), ("hypermagnesaemia", hyper)):
        if grade.isdigit() and grade != "0":
            return Grade(term, int(grade), _other_column(term, grade, result, knowledge))
    if "no unit" in (hypo, hyper):
        return Grade(None, None, f"cannot grade: CTCAE prints no column for {result.unit}")
    if "undetermined" in (hypo, hyper):
        return Grade(None, None, "cannot grade: the result is reported only with a comparator")
    if hypo == "no limit" and hyper == "no limit":
        return Grade(None, None, "cannot grade: grade 1 needs the laboratory's own limits")
    if hypo == "no limit":
        return Grade(None, None, "cannot grade hypomagnesaemia grade 1: the laboratory's own lower limit is missing")
    if hyper == "no limit":
        return Grade(None, None, "cannot grade hypermagnesaemia grade 1: the laboratory's own upper limit is missing")
    return None


def _other_column(term: str, grade: str, result: LabResult, knowledge: Knowledge) -> str:
    """A note where the other CTCAE column, on the converted value, would give another grade."""
    other = "mg/dL" if result.unit == "mmol/L" else "mmol/L"
    converted = knowledge.convert("serum_magnesium", result.value, result.unit, other)
    if converted is None or grade == "1" or result.comparator is not None:
        return ""
    found = knowledge.ctcae_grade(term, float(converted), other)
    if found is None or found == int(grade):
        return ""
    return f"the {other} column, on the converted value, would give grade {found}; the reported unit decides"


def _converted(result: LabResult, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """The value in the other usual units, for showing only."""
    shown = []
    for unit in SHOWN_UNITS:
        value = knowledge.convert("serum_magnesium", result.value, result.unit, unit)
        if unit != result.unit and value is not None:
            shown.append((unit, f"{result.comparator or ''}{float(value):.3g}"))
    return tuple(shown)


def _caveats(book: Rulebook, reading: Reading, result: LabResult, category: str, found: Mapping[str, str]) -> list[str]:
    knowledge, row = book.knowledge, reading.row
    texts = knowledge.caveat_texts
    caveats = [text for rule, text in found.items() if rule.startswith("data-quality.unit-suspect")]
    age_days = row.get("serum_magnesium_age_days")
    if age_days is None:
        caveats.append(texts["undated"])
    elif isinstance(age_days, float) and age_days > knowledge.number("stale.result"):
        caveats.append(texts["stale"].format(days=number_words(age_days)))
    if result.haemolysed:
        caveats.append(texts["haemolysed"])
    if result.comparator is not None:
        caveats.append(texts["comparator"].format(value=shown_result(result)))
    if row.get("age_years") is None:
        caveats.append(texts["age_unknown"])
    if row.get("pregnancy") == "pregnant":
        caveats.append(texts["pregnant"])
    if category in ("adequate", "suboptimal", "below_nhanes1"):
        caveats.append(texts["normal"])
    others = reading.same_day.get("serum_magnesium", ())
    if others:
        caveats.append(texts["same_day"].format(others=" and ".join(shown_result(other) for other in others)))
    return caveats
