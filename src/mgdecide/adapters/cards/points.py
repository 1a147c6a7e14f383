"""What an assessment has to say at one hook: nothing but what asks for something, there and then.

At ``patient-view``: what is urgent, the gate where magnesium is in question, a low magnesium, a doubtful unit. At
``order-select`` and ``order-sign``: magnesium that is being ordered, and medicines being ordered that clash with it.
Times to keep apart never interrupt: they are ``info``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from mgdecide.adapters.cards import words
from mgdecide.assessment import Assessment
from mgdecide.domain.verdicts import Finding, GateState
from mgdecide.knowledge.edition import default_knowledge

PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN = HOOKS = ("patient-view", "order-select", "order-sign")

CRITICAL, WARNING, INFO = INDICATORS = ("critical", "warning", "info")


def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


@frozen
class Drafts:
    """What is being ordered. ``medicines`` are drafted medicines in the words they are shown in.

    ``magnesium``: an oral magnesium product is among them; ``antacid``: one that is an antacid or a laxative.
    """

    magnesium: bool = False
    antacid: bool = False
    medicines: frozenset[str] = field(default=frozenset(), converter=_folded)

    def include(self, finding: Finding) -> bool:
        """Whether a finding is about a medicine that is being ordered."""
        return finding.subject.casefold() in self.medicines


NO_DRAFTS = Drafts()


@frozen
class Point:
    """One thing to say: how loud, by which rule, in one line, and at length."""

    indicator: str
    rule: str
    summary: str
    text: str
    about: str = ""
    """Which override reasons fit: ``urgent``, ``gate``, ``value`` or ``medicine``."""


def points(assessment: Assessment, hook: str, drafts: Drafts = NO_DRAFTS) -> tuple[Point, ...]:
    """Everything to say at a hook, the most important first within each indicator."""
    found = _at_the_chart(assessment) if hook == PATIENT_VIEW else _at_the_order(assessment, drafts)
    return tuple(sorted(found, key=lambda point: INDICATORS.index(point.indicator)))


# --- patient-view -------------------------------------------------------------------------------------------


def _at_the_chart(assessment: Assessment) -> Iterator[Point]:
    yield from _urgent(assessment)
    low = assessment.status.category in _LOW
    takes = takes_magnesium(assessment)
    if assessment.gate.state is GateState.CLOSED:
        loud = low or takes or assessment.status.category in _HIGH
        if loud or _depressed(assessment):
            yield from _closed(assessment, CRITICAL if loud else INFO)
    yield from _doubtful_unit(assessment)
    yield from _status(assessment)
    if low and assessment.gate.state is GateState.UNDECIDED:
        yield from _undecided(assessment)
    for finding in assessment.findings:
        if finding.kind == "interaction" and finding.action == "adjust":  # about the medicine now, not about magnesium
            yield _of_finding(finding, CRITICAL)


_LOW = ("critical_low", "severe_hypo", "hypo")
_HIGH = ("high_mild", "high", "high_extreme")


def _urgent(assessment: Assessment) -> Iterator[Point]:
    dealt_with = assessment.patient.acknowledged
    for finding in assessment.urgent:
        if finding.rule not in dealt_with:
            summary = words.URGENT.get(finding.rule) or words.first_sentence(finding.text)
            yield Point(CRITICAL, finding.rule, _filled(summary, assessment, finding), finding.text, "urgent")


def _status(assessment: Assessment) -> Iterator[Point]:
    status = assessment.status
    known = words.STATUS.get(status.category)
    if known is None:
        return
    indicator, summary = known
    yield Point(indicator, f"status.{status.category}", _filled(summary, assessment), status.text, "value")
    for finding in assessment.findings:
        if finding.rule in ("companion.electrolytes", "companion.low-potassium", "companion.low-calcium"):
            yield _of_finding(finding, indicator)


def _doubtful_unit(assessment: Assessment) -> Iterator[Point]:
    for finding in assessment.findings:
        if finding.rule.startswith("data-quality.unit-suspect"):
            summary = (
                f"Confirm the unit of the magnesium result{words.magnesium_words(assessment.status.to_record())}: "
            )
            yield Point(WARNING, finding.rule, summary + "it may have been mixed up.", finding.text, "value")


def _depressed(assessment: Assessment) -> bool:
    """A depressive disorder is on the list: then somebody may think of magnesium."""
    return any(said and "depressi" in name for name, said in assessment.patient.conditions)


# --- order-select, order-sign -------------------------------------------------------------------------------


def _at_the_order(assessment: Assessment, drafts: Drafts) -> Iterator[Point]:
    if drafts.magnesium:
        if assessment.gate.state is GateState.CLOSED:
            yield from _closed(assessment, CRITICAL)
        yield from _doubtful_unit(assessment)
        if assessment.gate.state is GateState.UNDECIDED:
            yield from _undecided(assessment)
        yield from _cautions(assessment)
    takes = drafts.magnesium or takes_magnesium(assessment)
    for finding in assessment.findings:
        if finding.kind != "interaction" or finding.action == "none":
            continue
        if finding.action == "adjust" or _lowers_magnesium(finding):
            if drafts.include(finding):
                yield _of_finding(finding, _loudness(finding))
        elif takes and (drafts.magnesium or drafts.include(finding)) and _same_form(finding, drafts):
            yield _of_finding(finding, _loudness(finding))


def _cautions(assessment: Assessment) -> Iterator[Point]:
    for finding in assessment.findings:
        if finding.kind == "caution" and finding.severity.value == WARNING and not finding.rule.startswith("gate."):
            yield _of_finding(finding, WARNING)


def _lowers_magnesium(finding: Finding) -> bool:
    return dict(finding.details).get("direction") == "lowers magnesium"


def _same_form(finding: Finding, drafts: Drafts) -> bool:
    """Rows about antacids and laxatives speak up only where one of these is being ordered, or is taken already."""
    return not drafts.magnesium or drafts.antacid or dict(finding.details).get("magnesium_forms") == "every oral form"


def _loudness(finding: Finding) -> str:
    return INFO if finding.action == "separate" else finding.severity.value


def takes_magnesium(assessment: Assessment) -> bool:
    """Whether a magnesium product is known to be taken, as a product or as a medicine."""
    patient = assessment.patient
    recognise = default_knowledge().recognise
    return bool(patient.magnesium_products) or any(
        "magnesium_product" in recognise(medicine).classes for medicine in patient.medications
    )


# --- both ---------------------------------------------------------------------------------------------------


def _closed(assessment: Assessment, indicator: str) -> Iterator[Point]:
    findings = {finding.rule: finding for finding in assessment.findings}
    urgent = {finding.rule for finding in assessment.urgent}
    for reason in assessment.gate.because:
        why = words.WHY_CLOSED.get(reason.rule, words.first_sentence(reason.text))
        summary = _filled(words.CLOSED + why, assessment, findings.get(reason.rule))
        yield Point(indicator, reason.rule, summary, reason.text, "urgent" if reason.rule in urgent else "gate")


def _undecided(assessment: Assessment) -> Iterator[Point]:
    gate = assessment.gate
    facts = default_knowledge().catalogue.facts
    needs = sorted((facts[name] for name in gate.needs if name in facts), key=lambda fact: fact.kind != "lab")
    labels = [fact.label for fact in needs]
    reasons = [reason for reason in gate.because if reason.rule != "gate.unit-suspect"]
    if not reasons or not labels:
        return
    summary = words.clipped(f"Check before oral magnesium is started: {words.listed(labels)} not known.")
    text = " ".join(reason.text for reason in reasons)
    yield Point(WARNING, reasons[0].rule, summary, text, "gate")


def _of_finding(finding: Finding, indicator: str) -> Point:
    return Point(indicator, finding.rule, words.instruction(finding), finding.text, "medicine")


def _filled(summary: str, assessment: Assessment, finding: Finding | None = None) -> str:
    if "{" not in summary:
        return words.clipped(summary)
    places: Mapping[str, str] = {
        "magnesium": words.magnesium_words(assessment.status.to_record()),
        "kidney": words.kidney_words(finding.because) if finding is not None else "",
    }
    return words.clipped(summary.format_map(places))
