"""Regimens behind an open gate, and what the bodies of evidence say; neither ever ranked by effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from mgdecide.adapters.report.clinician import FIRST_BODY
from mgdecide.adapters.report.words import FIT_WORDS, effect_words, elemental
from mgdecide.adapters.web.workbench import figures
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, details, items, join, sign, table, tag, text, words
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import CriterionVerdict, EvidenceSummary, Fit, Regimen, Regimens, Verdict, Withheld
from mgdecide.evidence.grade_words import Certainty
from mgdecide.knowledge.edition import Knowledge

_SALT_UNKNOWN = {"not found": "salt not named in what was read", "not stated": "salt not stated"}
_FIT_SIGNS = {Fit.FITS: "met", Fit.CANNOT_TELL: "unknown", Fit.DOES_NOT_FIT: "not met"}


def regimens(assessment: Assessment, knowledge: Knowledge) -> Iterator[Html]:
    """What was tried in such people; or why nothing is shown."""
    match assessment.regimens:
        case Withheld():
            state = assessment.gate.state.value
            told = text(f"No regimen is shown while the gate is {state}: "), tag("a", text("see why"), href="#gate")
            yield tag("p", sign("closed", 22), tag("strong", text(" Withheld. ")), *told, text("."), class_="withheld")
        case Regimens(items=found):
            yield tag("p", text("Not a prescription. Ordered by fit and then by name, never by effect."), class_="hint")
            yield figures.fit_strip(assessment)
            shown = [each for each in found if each.fit is not Fit.DOES_NOT_FIT]
            others = [each for each in found if each.fit is Fit.DOES_NOT_FIT]
            yield from (_regimen(each) for each in shown)
            if others:
                inner = join(_regimen(each) for each in others)
                yield details(text(f"Studies in people this patient does not resemble ({len(others)})"), inner)
        case _ as never:
            assert_never(never)
    yield figures.dose_ladder(assessment, knowledge)


def _regimen(regimen: Regimen) -> Html:
    dose = regimen.dose
    weeks = f", {dose.weeks:g} weeks" if dose.weeks else ""
    counts = {verdict: sum(each.verdict is verdict for each in regimen.criteria) for verdict in Verdict}
    told = ", ".join(f"{verdict.value} {count}" for verdict, count in counts.items() if count)
    return tag(
        "article",
        tag(
            "h3",
            text(_SALT_UNKNOWN.get(dose.salt, dose.salt)),
            tag("span", sign(_FIT_SIGNS[regimen.fit], 16), text(FIT_WORDS[regimen.fit]), class_="fit"),
        ),
        tag("p", text(regimen.study), class_="key"),
        tag(
            "dl",
            _fact("Dose as stated", f"{dose.stated} ({dose.route}{weeks})"),
            _fact("Amount is of", f"the {dose.basis}" if dose.basis == "salt" else dose.basis),
            _fact("Elemental", elemental(dose)),
            _fact("Compared with", "; ".join(filter(None, (regimen.comparator, regimen.design)))),
            _fact("Result in this study", regimen.result),
            _certainty_fact(regimen.certainty),
            class_="facts ruled",
        ),
        _doubts(regimen),
        details(text(f"Criterion by criterion: {told}"), _criteria(regimen.criteria)),
        class_="regimen",
    )


def _doubts(regimen: Regimen) -> Html:
    """What is to be known of the dose and of printed figures that cannot all be right."""
    flags = items((text(flag) for flag in regimen.flags), class_="caveats")
    count = len(regimen.flags)
    title = f"{count} printed figure{'s' * (count != 1)} in doubt" if count else "About the dose"
    note = tag("p", text(regimen.dose.note)) if regimen.dose.note else NOTHING
    sign_ = sign("warning", 16) if count else NOTHING
    return details(join((sign_, text(f" {title}"))), note, flags) if count or regimen.dose.note else NOTHING


def _criteria(criteria: tuple[CriterionVerdict, ...]) -> Html:
    marks = (
        join(
            (sign(each.verdict.value, 16), tag("span", text(f"{each.verdict.value}: "), class_="key"), words(each.text))
        )
        for each in criteria
    )
    return items(marks, class_="criteria")


def _word(verdict: Verdict) -> Html:
    return tag("span", text(f"{verdict.value}: "), class_="key")


def _fact(name: str, value: str) -> Html:
    return tag("div", tag("dt", text(name)), tag("dd", text(value))) if value else NOTHING


def _certainty_fact(word: str) -> Html:
    return tag("div", tag("dt", text("Certainty")), tag("dd", certainty(word)))


def certainty(word: str) -> Html:
    """The level in a word, with GRADE's circles beside it."""
    level = Certainty(word)
    circles = tag("span", text(level.symbols), class_="circles", aria_hidden="true")
    return tag("span", text(word), text(" "), circles, class_="certainty")


# --- bodies of evidence -------------------------------------------------------------------------------------


def evidence(assessment: Assessment, knowledge: Knowledge) -> Iterator[Html]:
    """The question this library is asked stands first; then the other bodies by name."""
    bodies = sorted(assessment.evidence, key=lambda each: (each.body != FIRST_BODY, bool(each.outside), each.body))
    if not bodies:
        return
    yield tag("p", text(bodies[0].statement), class_="lead")
    yield figures.forest_plot(assessment, bodies[0].body, knowledge)
    here = [each for each in bodies if not each.outside]
    yield _table("What the studies say of people like this patient", here)
    outside = [each for each in bodies if each.outside]
    if outside:
        title = f"Evidence about people this patient is not among ({len(outside)})"
        yield details(text(title), _table(title, outside))


def _table(caption: str, bodies: list[EvidenceSummary]) -> Html:
    rows = [
        (
            join((text(body.outcome), tag("span", text(body.body), class_="key block"))),
            text(_people(body)),
            text(effect_words(body)),
            _certainties(body),
            join((text(body.statement), _domains(body))),
        )
        for body in bodies
    ]
    return table(caption, ("Outcome", "People (studies)", "Effect", "Certainty", "In words"), rows, class_="summary")


def _people(body: EvidenceSummary) -> str:
    people = "not read" if body.participants is None else f"{body.participants:,}"
    return f"{people} ({'not read' if body.studies is None else body.studies})"


def _certainties(body: EvidenceSummary) -> Html:
    if body.certainty == body.certainty_here:
        return certainty(body.certainty)
    return join(
        (certainty(body.certainty_here), tag("span", text(f"in general {body.certainty}"), class_="hint block"))
    )


def _domains(body: EvidenceSummary) -> Html:
    rated = [each for each in body.domains if each.levels]
    outside = [text(f"Outside the people studied: {why}") for why in body.outside]
    told = [text(f"{each.domain.replace('_', ' ').capitalize()}, {each.levels}: {each.reason}") for each in rated]
    return details(text("Why this certainty"), items([*told, *outside])) if told or outside else NOTHING
