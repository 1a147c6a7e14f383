"""Summary of Findings tables by GRADE's layout, as text, Markdown and HTML from one structure.

One table for a question: at most seven outcomes, a lettered footnote for every level taken off, and a row for every
outcome that no study held measured. With an assessment, the certainty is that for this patient and says why it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from attrs import frozen

from mgdecide.adapters.evidence.body_points import published_points
from mgdecide.adapters.evidence.body_pools import body_statement
from mgdecide.adapters.report.text_lines import wrapped
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import EvidenceSummary, Fit, Regimens
from mgdecide.evidence.grade_words import NO_STUDY, Certainty
from mgdecide.knowledge.body_types import Body, BodyEffect

MOST_OUTCOMES = 7
"""GRADE's limit for one table (Cochrane Handbook, chapter 14)."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_RELATIVE = ("RR", "OR", "HR")
_NOT_GIVEN = "not estimated"
_FITS: Mapping[Fit, str] = {Fit.FITS: "fits", Fit.CANNOT_TELL: "may fit", Fit.DOES_NOT_FIT: "outside"}

LEGEND = (
    "* The risk with the intervention would follow from the risk with the comparator and the relative effect; none "
    "is given where no comparator risk could be read in a source.",
    "CI: confidence interval. SMD: standardised mean difference. MD: mean difference. RR: risk ratio. "
    "GRADE: Grading of Recommendations Assessment, Development and Evaluation.",
    "High certainty: further research is very unlikely to change our confidence in the estimate. Moderate: the true "
    "effect is probably close to the estimate, but may be substantially different. Low: the true effect may be "
    "substantially different. Very low: we have very little confidence in the estimate.",
)


@frozen
class SofRow:
    """One outcome. ``letters`` point to the footnotes; ``certainty`` None: no study held measured it."""

    outcome: str
    comparator_risk: str
    intervention_risk: str
    relative: str
    people: str
    certainty: Certainty | None
    letters: str
    comment: str
    general: Certainty | None = None
    """The certainty in general where the one shown, for this patient, is lower."""


@frozen
class SofTable:
    """A table with its title, its four lines of context, footnotes by letter, and what is said beside it."""

    title: str
    context: tuple[tuple[str, str], ...]
    rows: tuple[SofRow, ...]
    footnotes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def sof_tables(bodies: Iterable[Body], assessment: Assessment | None = None) -> tuple[SofTable, ...]:
    """A table for every question, in the order of the bodies' own; the question with most bodies first."""
    questions: dict[str, list[Body]] = {}
    for body in bodies:
        questions.setdefault(body.question, []).append(body)
    listed = sorted(questions.values(), key=lambda each: (-len(each), each[0].question))
    return tuple(sof_table(each, assessment) for each in listed)


def sof_table(bodies: Iterable[Body], assessment: Assessment | None = None) -> SofTable:
    """The table of the bodies of one question.

    The first body by order gives title and context. Where bodies and outcomes without data together exceed seven
    rows, the same outcome in narrower populations goes first, then biomarkers; each is named under the table.

    Raises:
        ValueError: no body.
    """
    listed = sorted(bodies, key=lambda body: (body.order, body.id))
    if not listed:
        raise ValueError("no body of evidence; a table is made of at least one")
    first = listed[0]
    gaps = tuple(dict.fromkeys(name for body in listed for name in body.no_data))[: MOST_OUTCOMES - 1]
    shown, left = _chosen(listed, MOST_OUTCOMES - len(gaps))
    summaries = {} if assessment is None else {each.body: each for each in assessment.evidence}
    notes = _Footnotes()
    rows = [_row(body, first, summaries.get(body.id), notes) for body in shown]
    rows += [_gap(name) for name in gaps]
    return SofTable(
        title=f"{first.intervention} compared with {_inside(first.comparator)} for {_condition(first)}",
        context=(
            ("Patient or population", first.population),
            ("Setting", "not recorded for the studies held"),
            ("Intervention", first.intervention),
            ("Comparison", first.comparator),
        ),
        rows=tuple(rows),
        footnotes=notes.listed,
        notes=(*_told(shown), *_left_out(left), *_patient(shown, assessment)),
    )


def _chosen(bodies: list[Body], room: int) -> tuple[list[Body], list[Body]]:
    """At most ``room`` bodies in their order, and those left out."""
    outcomes: set[str] = set()
    narrower: set[str] = set()
    for body in bodies:
        if body.outcome in outcomes:
            narrower.add(body.id)
        outcomes.add(body.outcome)
    ranked = sorted(bodies, key=lambda body: (body.id in narrower, body.kind == "biomarker", body.order, body.id))
    kept = {body.id for body in ranked[:room]}
    return [body for body in bodies if body.id in kept], [body for body in bodies if body.id not in kept]


class _Footnotes:
    """Letters in the order of first use; the same reason keeps its letter."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def letter(self, text: str) -> str:
        if text not in self._texts:
            at = len(self._texts)
            rest = _LETTERS[at % 26]
            self._texts[text] = rest if at < 26 else f"{_LETTERS[at // 26 - 1]}{rest}"
        return self._texts[text]

    @property
    def listed(self) -> tuple[tuple[str, str], ...]:
        return tuple((letter, text) for text, letter in self._texts.items())


def _row(body: Body, first: Body, summary: EvidenceSummary | None, notes: _Footnotes) -> SofRow:
    letters = [notes.letter(_downgrade(d.domain, d.levels, d.reason)) for d in body.domains if d.levels]
    general = Certainty(body.certainty)
    here, comment = general, body_statement(body)
    if summary is not None:
        here, comment = Certainty(summary.certainty_here), summary.statement
        if summary.outside:
            reason = f"this patient lies outside the people studied: {'; '.join(summary.outside)}"
            letters.append(notes.letter(_downgrade("indirectness", here.rank - general.rank, reason)))
    where = "" if body.population == first.population else f" ({body.population})"
    risk, relative = _effect(body.effect)
    return SofRow(
        outcome=f"{body.outcome}{where}",
        comparator_risk=_NOT_GIVEN,
        intervention_risk=risk,
        relative=relative,
        people=_people(body),
        certainty=here,
        letters=", ".join(letters),
        comment=comment,
        general=general if here is not general else None,
    )


def _gap(name: str) -> SofRow:
    return SofRow(name[:1].upper() + name[1:], "no data", "no data", "no data", "no studies", None, "", NO_STUDY)


def _downgrade(domain: str, levels: int, reason: str) -> str:
    down = f"{-levels} level{'s' * (levels != -1)} down" if levels else "no level left to take off"
    return f"{domain.replace('_', ' ').capitalize()}, {down}: {reason}"


def _effect(effect: BodyEffect | None) -> tuple[str, str]:
    """The effect in the column it belongs to: differences are absolute, ratios relative."""
    if effect is None:
        return "not pooled", "not pooled"
    doubt = "" if effect.backing.verified else " (recalled, not verified)"
    if effect.measure in _RELATIVE:
        return _NOT_GIVEN, f"{effect.measure} {effect.estimate} ({effect.low} to {effect.high}){doubt}"
    unit = f" {effect.unit}" if effect.unit else ""
    ends = f"{_signed_words(effect.low)} to {_signed_words(effect.high)}"
    return f"{effect.measure} {_signed_words(effect.estimate)}{unit} ({ends}){doubt}", "not applicable"


def _signed_words(number: str) -> str:
    """``0.92 lower`` for -0.92, so that no minus sign can be lost in reading."""
    if number.startswith("-"):
        return f"{number[1:]} lower"
    return number if not float(number) else f"{number} higher"


def _people(body: Body) -> str:
    people = "people not read" if body.participants is None else f"{body.participants:,}"
    if body.studies is None:
        return f"{people} (studies not read)"
    studies = f"{body.studies} {'study' if body.studies == 1 else 'studies'}"
    return f"{people} ({studies})"


def _told(bodies: list[Body]) -> list[str]:
    """What goes with an effect as published, its rule, and notes about certainty, each once."""
    told: dict[str, None] = {}
    for body in bodies:
        for points in published_points(body):
            told[f"{body.outcome}: {points.sentence} The certainty stays {body.certainty}."] = None
        effect = body.effect.note if body.effect is not None else ""
        for text in (effect, body.certainty_note, body.rule):
            if text:
                told[f"{body.outcome}: {text}"] = None
    return list(told)


def _left_out(bodies: list[Body]) -> list[str]:
    return [
        f"Not among the seven outcomes: {_inside(body.outcome)} ({_inside(body.population)}; {body.id}); certainty "
        f"{body.certainty}. {body_statement(body)}"
        for body in bodies
    ]


def _patient(bodies: list[Body], assessment: Assessment | None) -> list[str]:
    """Which studies of the table this patient fits, may fit, or lies outside."""
    if assessment is None:
        return []
    held = assessment.regimens
    if not isinstance(held, Regimens):
        return ["This patient: fit to the studies is withheld while the gate is not open."]
    members = {member.study for body in bodies for member in body.members}
    by_fit: dict[str, list[str]] = {word: [] for word in _FITS.values()}
    for regimen in held.items:
        if regimen.study in members:
            by_fit[_FITS[regimen.fit]].append(regimen.study)
    told = "; ".join(f"{word}: {', '.join(sorted(studies)) or 'none'}" for word, studies in by_fit.items())
    return [f"This patient and the studies: {told}. Nothing is pooled over these alone."]


def _condition(body: Body) -> str:
    return _inside(body.population)


def _inside(text: str) -> str:
    """As inside a sentence; an abbreviation keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


# --- three printed forms --------------------------------------------------------------------------------------

_HEAD = (
    "Outcome",
    "Risk with comparator*",
    "Risk or difference with intervention* (95% CI)",
    "Relative effect (95% CI)",
    "Participants (studies)",
    "Certainty of the evidence (GRADE)",
    "Comments",
)


def _cells(row: SofRow, *, plain: bool) -> tuple[str, ...]:
    return (
        row.outcome,
        row.comparator_risk,
        row.intervention_risk,
        row.relative,
        row.people,
        _certainty(row, plain=plain),
        row.comment,
    )


def _certainty(row: SofRow, *, plain: bool) -> str:
    if row.certainty is None:
        return "not rated"
    letters = f" {row.letters}" if row.letters else ""
    general = f" (in general {row.general.value})" if row.general is not None else ""
    return f"{row.certainty.label(plain=plain)}{letters}{general}"


def sof_text(table: SofTable) -> str:
    """Plain text of at most 76 columns: each outcome with its cells below it."""
    lines = [*wrapped(f"SUMMARY OF FINDINGS  {table.title}"), ""]
    for name, told in table.context:
        lines += wrapped(f"{name}: {told}", "", "  ")
    for row in table.rows:
        lines += ["", *wrapped(row.outcome)]
        for name, cell in zip(_HEAD[1:], _cells(row, plain=True)[1:], strict=True):
            lines += wrapped(f"{name}: {cell}", "  ", "    ")
    lines.append("")
    for letter, told in table.footnotes:
        lines += wrapped(f"{letter}  {told}", "", "   ")
    for told in (*table.notes, *LEGEND):
        lines += ["", *wrapped(told)]
    return "\n".join(lines)


def sof_markdown(table: SofTable) -> str:
    """A Markdown table with its footnotes and legend."""
    lines = [f"## {_pipe(table.title)}", ""]
    lines += [f"- **{name}:** {_pipe(told)}" for name, told in table.context]
    lines += ["", f"| {' | '.join(_HEAD).replace('*', chr(92) + '*')} |", f"|{' --- |' * len(_HEAD)}"]
    lines += [f"| {' | '.join(map(_pipe, _cells(row, plain=False)))} |" for row in table.rows]
    lines += ["", *(f"{letter}. {_pipe(told)}  " for letter, told in table.footnotes)]
    for told in (*table.notes, *LEGEND):
        lines += ["", _pipe(told)]
    return "\n".join(lines) + "\n"


def _pipe(text: str) -> str:
    """Text that Markdown leaves as it is."""
    marked = "".join(f"\\{each}" if each in "\\|*_`<>[]" else each for each in text)
    return " ".join(marked.split())


def sof_html(table: SofTable) -> str:
    """A fragment of HTML: a captioned table with row and column headers, then footnotes and legend."""
    context = "".join(f"<dt>{escape(name)}</dt><dd>{escape(told)}</dd>" for name, told in table.context)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in _HEAD)
    body = "".join(_html_row(row) for row in table.rows)
    notes = "".join(f"<li><b>{letter}</b> {escape(told)}</li>" for letter, told in table.footnotes)
    rest = "".join(f"<p>{escape(told)}</p>" for told in (*table.notes, *LEGEND))
    return (
        f'<section class="sof"><h3>{escape(table.title)}</h3><dl>{context}</dl>\n'
        f"<table><caption>Summary of findings: {escape(table.title)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>\n"
        f'<ul class="sof-notes">{notes}</ul>{rest}</section>\n'
    )


def _html_row(row: SofRow) -> str:
    first, *others = _cells(row, plain=False)
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in others)
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>\n'
