"""The status of serum magnesium: the value as reported, the limits it was compared with, and the level line."""

from __future__ import annotations

from collections.abc import Iterator

from mgdecide.adapters.report.words import interval_words, level_word
from mgdecide.adapters.web.workbench import figures
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, items, tag, text, words
from mgdecide.assessment import Assessment
from mgdecide.knowledge.edition import Knowledge


def status(assessment: Assessment, knowledge: Knowledge) -> Iterator[Html]:
    """Value, level, line, caveats."""
    found = assessment.status
    if found.value is not None:
        yield tag(
            "div",
            tag(
                "p",
                tag("span", text(found.value), class_="number"),
                tag("span", text(f" {found.unit}"), class_="unit"),
                class_="value",
            ),
            tag(
                "div",
                tag("p", text(level_word(found.category).capitalize()), class_="level"),
                tag("p", words(found.text)),
            ),
            class_="reading",
        )
        yield figures.level_line(assessment, knowledge)
        yield tag("dl", *_facts(assessment), class_="facts")
    else:
        yield tag("p", text(found.text))
    yield items((words(caveat) for caveat in found.caveats), class_="caveats")


def _facts(assessment: Assessment) -> Iterator[Html]:
    found = assessment.status
    yield _fact("Limits used", interval_words(found.interval))
    yield _fact("Day of the sample", found.on or "not given")
    if found.converted:
        yield _fact("For showing only", ", ".join(f"{value} {unit}" for unit, value in found.converted))
    if found.ctcae is not None:
        grade = f"{found.ctcae.term} grade {found.ctcae.grade}" if found.ctcae.grade else ""
        yield _fact("CTCAE v5", "; ".join(filter(None, (grade, found.ctcae.reason))) or "no grade")
    for score in assessment.patient.scores:
        total = "no total" if score.total is None else str(score.total)
        items_told = ", ".join(f"item {item}: {points}" for item, points in score.items if len(score.items) < 3)
        day = f" ({score.on})" if score.on else ""
        yield _fact(score.instrument, f"{total}{f', {items_told}' if items_told else ''}{day}")
    for result in assessment.patient.labs:
        if result.test == "egfr":
            yield _fact("eGFR", f"{result.shown} {result.unit}{f' ({result.on})' if result.on else ''}")


def _fact(name: str, value: str) -> Html:
    return tag("div", tag("dt", text(name)), tag("dd", words(value))) if value else NOTHING
