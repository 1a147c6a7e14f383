"""The right side of the page: the assessment, most important first. The same facts as the report and the JSON."""

from __future__ import annotations

from collections.abc import Iterator

from mgdecide.adapters.fhir import ReadingReport
from mgdecide.adapters.report.clinician import report_text
from mgdecide.adapters.report.words import bottom_line
from mgdecide.adapters.web.workbench import result_evidence, result_findings, result_status
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, details, items, join, sign, table, tag, text, words
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import GateState
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.edition import Knowledge
from mgdecide.knowledge.source_register import source_register


def section(id: str, title: str, *inner: Html, class_: str = "") -> Html:
    """A part of the result with its heading; nothing where there is nothing in it."""
    if not any(inner):
        return NOTHING
    return tag(
        "section",
        tag("h2", text(title), id=f"{id}-title"),
        *inner,
        id=id,
        class_=f"panel {class_}".strip(),
        aria_labelledby=f"{id}-title",
    )


def result(assessment: Assessment, knowledge: Knowledge, reading: ReadingReport | None = None) -> Html:
    """Everything there is to show of one assessment."""
    return join(
        (
            _head(assessment),
            _contents(assessment, reading),
            result_findings.urgent(assessment),
            tag("div", gate(assessment), _bottom_line(assessment), class_="pair"),
            section("status", "Status", *result_status.status(assessment, knowledge)),
            section("to-do", "To do", *result_findings.to_do(assessment)),
            section("interactions", "Medicines and magnesium", *result_findings.medicines(assessment, knowledge)),
            section("regimens", "Regimens as studied", *result_evidence.regimens(assessment, knowledge)),
            section("evidence", "Evidence", *result_evidence.evidence(assessment, knowledge)),
            section("unknown", "What is not known", *_unknown(assessment)),
            section("noted", "Also noted", *result_findings.noted(assessment)),
            section("not-checked", "Not checked", items(words(line) for line in _short(assessment.not_checked))),
            section("reading", "How the Bundle was read", *_reading(reading)),
            section("sources", "Sources", *_sources(assessment)),
            section("texts", "To copy", *_texts(assessment)),
            _provenance(assessment),
        )
    )


def _head(assessment: Assessment) -> Html:
    patient = assessment.patient
    who = [
        patient.id or "Patient",
        patient.sex,
        f"{patient.age_years} years" if patient.age_years is not None else None,
    ]
    when = (
        f"Ages of results are judged at {patient.assessed_on}."
        if patient.assessed_on
        else "No day of assessment: every result counts as stale."
    )
    return tag(
        "div",
        tag("p", text(", ".join(filter(None, who))), class_="who"),
        tag("p", text(when), class_="hint"),
        class_="result-head",
    )


def _contents(assessment: Assessment, reading: ReadingReport | None) -> Html:
    parts = [
        ("gate", "Gate"),
        ("status", "Status"),
        ("to-do", "To do"),
        ("regimens", "Regimens"),
        ("evidence", "Evidence"),
        ("unknown", "Not known"),
        ("not-checked", "Not checked"),
        ("sources", "Sources"),
    ]
    if reading is not None:
        parts.insert(-1, ("reading", "How it was read"))
    links = (tag("a", text(name), href=f"#{id}") for id, name in parts)
    return tag("nav", items(links), aria_label="Parts of the assessment", class_="contents")


# --- gate and bottom line -----------------------------------------------------------------------------------

GATE_WORDS = {
    GateState.OPEN: ("Open", "No rule forbids oral magnesium among what is known."),
    GateState.UNDECIDED: ("Undecided", "It cannot be told whether anything forbids oral magnesium."),
    GateState.CLOSED: ("Closed", "Do not start oral magnesium from this page."),
}


def gate(assessment: Assessment) -> Html:
    """The state of the gate in a word and a shape, why, and what would decide it."""
    found = assessment.gate
    word, sentence = GATE_WORDS[found.state]
    facts = catalogue().facts
    needs = sorted((facts[name] for name in found.needs if name in facts), key=lambda fact: fact.kind != "lab")
    asked = (
        join((tag("h3", text("Measure or ask")), items((text(fact.label) for fact in needs), class_="inline")))
        if needs
        else NOTHING
    )
    kicker = tag("span", text("Gate for oral magnesium"), class_="kicker")
    reasons = [join((words(reason.text), _rule(reason.rule))) for reason in found.because]
    return tag(
        "section",
        tag(
            "h2",
            kicker,
            sign(found.state.value, 34),
            text(word),
            id="gate-title",
        ),
        tag("p", text(sentence), class_="lead"),
        items(reasons, class_="reasons"),
        asked,
        id="gate",
        class_=f"panel gate gate-{found.state.value}",
        aria_labelledby="gate-title",
    )


def _rule(rule: str) -> Html:
    return join((text(" "), tag("a", text(rule), href=f"/explain/{rule}", class_="rule")))


def _bottom_line(assessment: Assessment) -> Html:
    lines = [tag("li", words(line)) for _, line in bottom_line(assessment)]
    return tag(
        "section",
        tag("h2", text("Bottom line"), id="bottom-line-title"),
        tag("ol", *lines),
        id="bottom-line",
        class_="panel",
        aria_labelledby="bottom-line-title",
    )


# --- unknowns -----------------------------------------------------------------------------------------------


def _unknown(assessment: Assessment) -> Iterator[Html]:
    if not assessment.unknowns:
        yield tag("p", text("No unknown fact can change the gate or a fit."))
        return
    facts = catalogue().facts
    opening = [each for each in assessment.unknowns if "gate" in each.changes]
    others = [each for each in assessment.unknowns if "gate" not in each.changes]
    for title, found in (("Could change the gate", opening), ("Could change a trial fit only", others)):
        if not found:
            continue
        rows = [
            (
                text(facts[each.fact].label if each.fact in facts else each.fact),
                text(each.reason),
                text(", ".join(_changed(name) for name in each.changes)),
                words("if present" if each.at == ("true",) else "; ".join(each.at)),
            )
            for each in found
        ]
        made = table(title, ("Fact", "Why not known", "Could change", "Answer changes at"), rows)
        yield made if found is opening else details(text(f"{title} ({len(found)})"), made)


def _changed(name: str) -> str:
    return "the gate" if name == "gate" else name.replace("fit:", "")


_MOST = 12


def _short(lines: tuple[str, ...]) -> Iterator[str]:
    """A long list of rules is counted here and told in full in the JSON."""
    for line in lines:
        head, _, rules = line.partition(": ")
        if head.startswith("Rules left undecided") and rules.count(",") > _MOST:
            yield f"{head}: {rules.count(',') + 1} rules; they are listed in the JSON."
        else:
            yield line


# --- reading, sources, texts --------------------------------------------------------------------------------


def _reading(reading: ReadingReport | None) -> Iterator[Html]:
    if reading is None:
        return
    counts = reading.counts
    yield tag("p", text(f"{reading.resources} resources; {counts['used']} entries used, {counts['not used']} not."))
    doubts = [line for line in reading.lines if line.code]
    if doubts:
        rows = [
            (text(line.resource), text(line.what), text(line.detail), text(f"{line.why} [{line.code}]"))
            for line in doubts
        ]
        made = table("Doubts and what was not used", ("Resource", "What", "Detail", "Why"), rows[:400])
        yield details(text(f"Doubts and what was not used ({len(doubts)})"), made)


def _sources(assessment: Assessment) -> Iterator[Html]:
    keys: dict[str, None] = {}
    for finding in (*assessment.urgent, *assessment.findings):
        keys |= dict.fromkeys(finding.sources)
    for reason in assessment.gate.because:
        keys |= dict.fromkeys(reason.sources)
    keys |= dict.fromkeys(assessment.status.sources)
    for summary in assessment.evidence:
        keys |= dict.fromkeys(summary.sources)
    told = [_source(key) for key in sorted(keys)]
    yield details(text(f"{len(told)} sources of what is said above"), items(told, class_="sources"))


def _source(key: str) -> Html:
    found = source_register().get(key)
    if found is None:
        return tag("span", text(key), class_="key")
    links = [
        tag("a", text(address), href=address, rel="noreferrer noopener")
        for address in found.address
        if address.startswith(("https://", "http://"))
    ]
    recalled = NOTHING if found.verified else tag("span", text(" Recalled, not read."), class_="recalled")
    return join((tag("span", text(key), class_="key"), text(f" {found.citation} "), recalled, join(links[:1])))


def _texts(assessment: Assessment) -> Iterator[Html]:
    for title, content in (
        ("Report as plain text", report_text(assessment)),
        ("Assessment as JSON", assessment.to_json()),
    ):
        yield details(text(title), tag("pre", text(content), tabindex="0", aria_label=title))


_ON_PAPER = "What was folded on the page is not printed: unfold reasons, criteria and sources there before printing."


def _provenance(assessment: Assessment) -> Html:
    told = assessment.provenance
    site = f" Limits of {told.overlay.get('name')} were used." if told.overlay else ""
    version = f"mgdecide {told.library}, knowledge {told.knowledge}, digest {told.digest[7:19]}.{site}"
    folded = tag("span", text(_ON_PAPER), class_="on-paper")
    return tag("p", text(version), folded, class_="provenance")
