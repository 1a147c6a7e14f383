"""Findings as a clinician acts on them: urgent ones first, then what to do, then what is only worth knowing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mgdecide.adapters.report.words import ACTION_WORDS
from mgdecide.adapters.web.workbench import figures
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, details, items, join, sign, tag, text, words
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import Finding, Reason, Severity
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.edition import Knowledge

_ACKNOWLEDGED = "Acknowledged: it no longer closes the gate."


def urgent(assessment: Assessment) -> Html:
    """What needs a person now; above everything else. Nothing where nothing is urgent."""
    if not assessment.urgent:
        return NOTHING
    dealt_with = assessment.patient.acknowledged
    told = [
        join(
            (
                tag("p", words(finding.text), class_="lead"),
                tag("p", text(_ACKNOWLEDGED)) if finding.rule in dealt_with else NOTHING,
                _why(finding),
            )
        )
        for finding in assessment.urgent
    ]
    return tag(
        "section",
        tag("h2", sign("critical", 30), text("Immediate action required"), id="urgent-title"),
        *(tag("div", each, class_="urgent-item") for each in told),
        id="urgent",
        class_="panel urgent",
        aria_labelledby="urgent-title",
    )


def to_do(assessment: Assessment) -> Iterator[Html]:
    """Warnings and worse that ask for something; what closes the gate stands above already."""
    found = [
        finding
        for finding in assessment.findings
        if finding.severity is not Severity.INFO and finding.action != "none" and not finding.rule.startswith("gate.")
    ]
    if not found:
        yield tag("p", text("Nothing beyond the lines above."))
        return
    yield _list(found)


def medicines(assessment: Assessment, knowledge: Knowledge) -> Iterator[Html]:
    """Interactions that are only information, and the plan of the day."""
    found = [each for each in assessment.findings if each.kind == "interaction" and each.severity is Severity.INFO]
    if assessment.day_plan:
        yield tag("h3", text("Plan of the day"))
        yield tag("p", text("For review; the widest published hours are kept."), class_="hint")
        yield tag("pre", text(assessment.day_plan), class_="plan")
    yield figures.day_schedule(assessment, knowledge)
    acting = [each for each in found if each.action != "none"]
    if acting:
        yield _list(acting)
    silent = [each for each in found if each.action == "none"]
    if silent:
        yield details(text(f"No action needed ({len(silent)})"), _list(silent))


def noted(assessment: Assessment) -> Iterator[Html]:
    """What is only worth knowing, risks before statements."""
    found = [each for each in assessment.findings if each.severity is Severity.INFO and each.kind != "interaction"]
    silent = [
        each
        for each in assessment.findings
        if each.severity is not Severity.INFO and each.action == "none" and not each.rule.startswith("gate.")
    ]
    acting = [each for each in (*silent, *found) if each.kind != "context"]
    context = [each for each in (*silent, *found) if each.kind == "context"]
    if acting:
        yield _list(acting)
    if context:
        yield details(text(f"Claims in circulation, each with its other side ({len(context)})"), _list(context))


def _list(findings: Iterable[Finding]) -> Html:
    return tag("ul", *(tag("li", finding_html(each)) for each in findings), class_="findings")


def finding_html(finding: Finding) -> Html:
    """One finding: what to do in a word, how bad in a word and a shape, the text, and why."""
    severity = finding.severity.value
    recalled = (
        tag("span", text(" Rests on a recalled fact that was not read."), class_="recalled")
        if ("verified", False) in finding.details
        else NOTHING
    )
    return tag(
        "article",
        tag(
            "p",
            tag("span", text(ACTION_WORDS[finding.action].capitalize()), class_="action"),
            tag("span", sign(severity, 16), text(severity), class_=f"severity {severity}"),
            class_="tags",
        ),
        tag("p", words(finding.text), recalled),
        _why(finding),
        class_=f"finding {severity}",
    )


def _why(finding: Finding) -> Html:
    because = [words(_reason(reason)) for reason in finding.because]
    sources = ", ".join(finding.sources)
    rule = tag("a", text(finding.rule), href=f"/explain/{finding.rule}")
    return details(
        text("Why, and sources"),
        items(because),
        tag("p", tag("span", text("Sources: "), class_="key"), text(sources)) if sources else NOTHING,
        tag("p", tag("span", text("Rule: "), class_="key"), rule),
        class_="why",
    )


def _reason(reason: Reason) -> str:
    fact = catalogue().facts.get(reason.fact)
    name = fact.label if fact is not None else reason.fact.replace("_", " ")
    if reason.value == "unknown":
        return f"{name} is not known"
    if reason.value in ("true", "false"):
        return f"{name}: {'yes' if reason.value == 'true' else 'no'}"
    unit = f" {reason.unit}" if reason.unit else ""
    return f"{name} {reason.value}{unit}: {reason.comparison}{unit if _is_number(reason.comparison) else ''}"


def _is_number(comparison: str) -> bool:
    return comparison[-1:].isdigit()
