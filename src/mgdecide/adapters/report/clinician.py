"""The report a clinician reads: urgent first, then the gate, the two decisions, what to do, what is not known.

report_text(assessment)       at most 76 columns
report_markdown, report_html  the same in other clothes
brief_text(assessment)        the first screen
patient_view(assessment)      plain words for the patient, without any dose
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mgdecide.adapters.report.parts import Grid, Point, Report, Section, as_html, as_markdown, as_text
from mgdecide.adapters.report.words import (
    ACTION_WORDS,
    FIT_WORDS,
    LOW,
    MARKS,
    bottom_line,
    comparator_words,
    comparisons,
    effect_words,
    elemental,
    interval_words,
    level_word,
    people_words,
    salt_words,
)
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import (
    SEVERITY_ORDER,
    DomainJudgement,
    EvidenceSummary,
    Finding,
    Fit,
    GateState,
    Regimen,
    Severity,
    Withheld,
)
from mgdecide.evidence.grade_words import Certainty
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.rules.vocabulary import Words

_SHOWN_FITS = (Fit.FITS, Fit.CANNOT_TELL)
FIRST_BODY = "oral-magnesium-depressive-symptoms"
"""The question this library is asked; it stands first."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def report_text(assessment: Assessment) -> str:
    """The whole report as plain text of at most 76 columns."""
    return as_text(report(assessment))


def report_markdown(assessment: Assessment) -> str:
    """The whole report as Markdown."""
    return as_markdown(report(assessment))


def report_html(assessment: Assessment) -> str:
    """The whole report as a fragment of semantic HTML."""
    return as_html(report(assessment))


def brief_text(assessment: Assessment) -> str:
    """The first screen: urgent, gate, bottom line, what to do first."""
    whole = report(assessment)
    return as_text(Report(whole.title, whole.subtitle, whole.sections[:4]))


def report(assessment: Assessment) -> Report:
    """The report as a structure."""
    patient = assessment.patient
    age = "" if patient.age_years is None else f"{patient.age_years} years"
    who = ", ".join(filter(None, (patient.id or "no id", patient.sex, age)))
    when = (
        f"Ages of results are judged at {patient.assessed_on}."
        if patient.assessed_on
        else ("No day of assessment was given: every result counts as stale.")
    )
    sections = (
        _urgent(assessment),
        _gate(assessment),
        Section("BOTTOM LINE", tuple(Point(text, f"{number}") for number, text in bottom_line(assessment))),
        _do_first(assessment),
        _unknown(assessment),
        _status(assessment),
        _medicines(assessment),
        _others(assessment),
        _evidence(assessment.evidence),
        _regimens(assessment),
        Section("NOT CHECKED", tuple(Point(line) for line in assessment.not_checked)),
        _provenance(assessment),
    )
    return Report(
        "MAGNESIUM AND DEPRESSION: ASSESSMENT",
        (f"Patient {who}. {when}", "For clinicians. Supports clinical judgement; does not replace it."),
        tuple(section for section in sections if section.parts),
    )


def _urgent(assessment: Assessment) -> Section:
    words = _words()
    found = tuple(
        Point(finding.text, "NOW", (*comparisons(finding.because, words.label), f"rule {finding.rule}"))
        for finding in assessment.urgent
    )
    return Section("URGENT", found or (Point(f"None found among what is known.{_zero_items(assessment)}"),))


def _zero_items(assessment: Assessment) -> str:
    """The suicide items that were answered and are not positive, and what that does not mean."""
    items = [each for each in assessment.measured if each.finding == "not positive"]
    if not items:
        return ""
    told = ", ".join(f"{each.label} is {each.value}{f' ({each.on})' if each.on else ''}" for each in items)
    return f" {told}; no score rules out a risk of suicide."


def _gate(assessment: Assessment) -> Section:
    gate = assessment.gate
    head = {
        GateState.OPEN: "No rule closes it.",
        GateState.CLOSED: "Do not start oral magnesium from this report.",
        GateState.UNDECIDED: "It cannot be told whether anything forbids oral magnesium.",
    }[gate.state]
    reasons = [Point(reason.text, "-", (f"rule {reason.rule}",)) for reason in gate.because]
    if gate.needs:
        labels = ", ".join(_words().label(name) for name in gate.needs)
        reasons.append(Point(labels, "NEEDED"))
    return Section("GATE", (Point(head, gate.state.value.upper()), *reasons))


def _do_first(assessment: Assessment) -> Section:
    """The warnings and worse, as actions; what closes the gate already stands above."""
    worth = [
        finding
        for finding in assessment.findings
        if finding.severity is not Severity.INFO and finding.action != "none" and not finding.rule.startswith("gate.")
    ]
    points = [
        Point(_marked(finding), f"{number} {ACTION_WORDS[finding.action]}") for number, finding in enumerate(worth, 1)
    ]
    return Section("DO FIRST", tuple(points) or (Point("Nothing beyond the lines above."),))


def _marked(finding: Finding) -> str:
    """The text; what rests on a recalled fact says so."""
    return finding.text + (" [recalled, not verified]" if ("verified", False) in finding.details else "")


def _unknown(assessment: Assessment) -> Section:
    """One point for each unknown that could change something; acute signs and items that close alike are gathered."""
    words = _words()
    signs: list[str] = []
    points: list[Point] = []
    for unknown in assessment.unknowns:
        label = words.label(unknown.fact)
        if unknown.at == ("true",) and unknown.changes[0] == "gate":
            signs.append(label)
            continue
        changes = ", ".join(
            "the gate" if name == "gate" else name.replace("fit:", "fit to ") for name in unknown.changes
        )
        points.append(Point(f"{unknown.reason}; could change {changes}", label, (f"at: {'; '.join(unknown.at)}",)))
    if signs:
        points.append(Point(", ".join(signs), "If present, the gate would change:"))
    return Section("UNKNOWN", tuple(points) or (Point("No unknown fact can change the gate or a fit."),))


def _status(assessment: Assessment) -> Section:
    status = assessment.status
    points: list[Point | Grid] = []
    rows = _measured_rows(assessment)
    if rows:
        points.append(Grid(("", "Value", "Compared with", "Finding", "Date"), rows))
    converted = ", ".join(f"{value} {unit}" for unit, value in status.converted)
    if converted:
        points.append(Point(f"magnesium, for showing only: {converted}"))
    points.append(Point(status.text))
    if status.ctcae is not None:
        told = f"{status.ctcae.term} grade {status.ctcae.grade}" if status.ctcae.grade else ""
        points.append(Point("; ".join(filter(None, (told, status.ctcae.reason))), "CTCAE v5"))
    points += [Point(caveat, "Caveat") for caveat in status.caveats]
    return Section("STATUS", tuple(points))


def _measured_rows(assessment: Assessment) -> tuple[tuple[str, ...], ...]:
    """Magnesium first, then kidney figures and scores; the suicide items stand under URGENT."""
    status = assessment.status
    rows = [
        (each.label, f"{each.value} {each.unit}", each.compared or "no edges held", each.finding, _day(each.on))
        for each in assessment.measured
        if each.finding not in ("positive", "not positive")
    ]
    if status.value is not None and status.unit is not None:
        magnesium = f"{status.value} {status.unit}"
        level = level_word(status.category)
        rows.insert(0, ("serum magnesium", magnesium, interval_words(status.interval), level, status.on or "no date"))
    return tuple(rows)


def _day(on: date | None) -> str:
    return on.isoformat() if on else "no date"


def _medicines(assessment: Assessment) -> Section:
    rows = [finding for finding in assessment.findings if finding.kind == "interaction"]
    points = [Point(_marked(finding), f"{ACTION_WORDS[finding.action]} ({finding.severity.value})") for finding in rows]
    if assessment.day_plan:
        points.append(Point("for review, the widest published hours kept:", "DAY PLAN", (assessment.day_plan,)))
    return Section("MEDICINES", tuple(points))


def _others(assessment: Assessment) -> Section:
    shown = [
        finding
        for finding in assessment.findings
        if finding.severity is Severity.INFO and finding.kind not in ("interaction",)
    ]
    shown.sort(key=lambda finding: (SEVERITY_ORDER[finding.severity], finding.kind == "context", finding.rule))
    return Section(
        "ALSO NOTED",
        tuple(Point(_marked(finding), ACTION_WORDS[finding.action]) for finding in shown),
    )


def _evidence(summaries: Iterable[EvidenceSummary]) -> Section:
    """The bodies that speak of such a patient, the question about depression first; the others by name only.

    The reasons behind a certainty stand in full under the first body; under the others by domain and levels, because
    the Summary of Findings holds them in full.
    """
    parts: list[Point | Grid] = []
    others: list[str] = []
    for summary in sorted(summaries, key=lambda each: (each.body != FIRST_BODY, each.body)):
        if summary.outside:
            others.append(f"{summary.body} ({summary.certainty_here}; outside: {'; '.join(summary.outside)})")
            continue
        certainty = Certainty(summary.certainty_here)
        notes = [f"{people_words(summary)}; {effect_words(summary)}; certainty {certainty.label(plain=True)}"]
        notes += _reasons(summary) if summary.body == FIRST_BODY else _rated_down(summary)
        parts.append(Point(f"{summary.outcome}. {summary.statement}", notes=tuple(notes)))
    if others:
        parts.append(Point("evidence about people this patient is not among:", "RATED DOWN", ("; ".join(others),)))
    if parts:
        parts.append(Point("every body with its reasons: mgdecide evidence sof", "IN FULL"))
    return Section("EVIDENCE", tuple(parts))


def _reasons(summary: EvidenceSummary) -> list[str]:
    """The lettered reasons, one line each."""
    rated = (judgement for judgement in summary.domains if judgement.levels)
    return [
        f"{letter}  {_rated(judgement)}: {judgement.reason}" for letter, judgement in zip(_LETTERS, rated, strict=False)
    ]


def _rated_down(summary: EvidenceSummary) -> list[str]:
    """The same as one line, without the sentences."""
    rated = [_rated(judgement) for judgement in summary.domains if judgement.levels]
    return [f"rated down for {'; '.join(rated)}"] if rated else []


def _rated(judgement: DomainJudgement) -> str:
    return f"{judgement.domain.replace('_', ' ')}, {-judgement.levels} level{'s' if judgement.levels < LOW else ''}"


def _regimens(assessment: Assessment) -> Section:
    held = assessment.regimens
    if isinstance(held, Withheld):
        return Section("REGIMENS", (Point(held.reason, "WITHHELD"),))
    shown = [regimen for regimen in held.items if regimen.fit in _SHOWN_FITS]
    others = [regimen.study for regimen in held.items if regimen.fit not in _SHOWN_FITS]
    points = [Point("As studied. Not a prescription. Ordered by fit, not by effect.")]
    points += [_regimen(regimen) for regimen in shown]
    if others:
        points.append(Point(", ".join(others), "NOT SHOWN", ("studies in people this patient does not resemble",)))
    return Section("REGIMENS", tuple(points))


def _regimen(regimen: Regimen) -> Point:
    dose = regimen.dose
    weeks = f" for {dose.weeks:g} weeks" if dose.weeks else ""
    notes = [
        f"DOSE {dose.stated}; basis {dose.basis}; {elemental(dose)}; {dose.route}{weeks}",
        f"{comparator_words(regimen.comparator)}; {regimen.design}",
        f"result: {regimen.result} Certainty {regimen.certainty}.",
        f"FIT {FIT_WORDS[regimen.fit]}: "
        + "  ".join(f"{MARKS[each.verdict]} {each.text}" for each in regimen.criteria),
    ]
    notes += [f"figures: {flag}" for flag in regimen.flags]
    return Point(salt_words(dose.salt), regimen.study, tuple(notes))


def _provenance(assessment: Assessment) -> Section:
    told = assessment.provenance
    parts = [Point(f"mgdecide {told.library}; knowledge {told.knowledge}; {told.digest[:19]}")]
    if told.overlay:
        parts.append(Point(f"a site's own limits were used: {told.overlay.get('name')}", "SITE"))
    return Section("PROVENANCE", tuple(parts))


def _words() -> Words:
    """Labels are no part of what a site may change, so those of this release serve every assessment."""
    return Words(default_knowledge())


def patient_view(assessment: Assessment) -> str:
    """The same facts in plain words for the patient, without any dose. For a clinician to hand over."""
    from mgdecide.adapters.report.patient import plain_words

    return plain_words(assessment)
