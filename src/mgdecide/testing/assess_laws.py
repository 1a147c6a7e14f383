"""The laws of an assessment, numbered. Each is a plain function over patients and can be proved over generated ones.

Reading the table (``mgdecide laws``) needs nothing; proving a law needs the extra ``test``.
"""

from __future__ import annotations

from attrs import evolve, frozen

from mgdecide.assessment import Assessment, assess
from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import Patient
from mgdecide.domain.verdicts import GateState, Regimens, Withheld
from mgdecide.evidence.grade_words import Certainty, check_wording
from mgdecide.testing.forgetting import TOLD_TOGETHER, forget


@frozen
class Law:
    """A law: its number, which is never used again, its sentence, and the name of its function in this module."""

    id: str
    sentence: str
    function: str

    def prove(self, examples: int = 100) -> None:
        """Holds the law against generated patients; AssertionError with the smallest example that breaks it."""
        from mgdecide.testing.assess_proofs import prove

        prove(self, examples)


# Spellings of one unit that differ by a power of ten: the same number on another line of the ruler.
_SAME_RULER = {"mmol/L": ("umol/L", 3), "umol/L": ("mmol/L", -3), "mg/dL": ("mg/L", 1), "mg/L": ("mg/dL", -1)}


def unit_system(patient: Patient) -> None:
    """ASSESS-01: the same magnesium written in a shifted unit gives the same status, gate and findings."""
    shifted = evolve(patient, labs=[_shifted(result) for result in patient.labs])
    before, after = assess(patient), assess(shifted)
    suspect = {finding.rule for finding in before.findings if "unit-suspect" in finding.rule}
    if not suspect and before.status.category != "undetermined":
        assert after.status.category == before.status.category
        assert after.gate.state is before.gate.state or any(
            "unit-suspect" in finding.rule for finding in after.findings
        )


def _shifted(result: LabResult) -> LabResult:
    if result.test != "serum_magnesium" or result.unit not in _SAME_RULER:
        return result
    unit, places = _SAME_RULER[result.unit]
    reference = evolve(
        result.reference,
        low=None if result.reference.low is None else result.reference.low.scaleb(places),
        high=None if result.reference.high is None else result.reference.high.scaleb(places),
    )
    return evolve(result, unit=unit, value=result.value.scaleb(places), reference=reference)


def order(patient: Patient) -> None:
    """ASSESS-02: the order of labs, scores, medicines and products never changes a byte."""
    turned = evolve(
        patient,
        labs=patient.labs[::-1],
        scores=patient.scores[::-1],
        medications=patient.medications[::-1],
        conditions=dict(reversed(patient.conditions)),
        presenting=dict(reversed(patient.presenting)),
        magnesium_products=None if patient.magnesium_products is None else patient.magnesium_products[::-1],
    )
    assert assess(turned).to_json() == assess(patient).to_json()


def forgetting(patient: Patient, fact: str) -> None:
    """ASSESS-03: forgetting a fact never opens a gate that a contraindication closed or left undecided."""
    if _held_by_contraindication(assess(patient)):
        assert assess(forget(patient, fact)).gate.state is not GateState.OPEN


def _held_by_contraindication(assessment: Assessment) -> bool:
    return assessment.gate.state is GateState.UNDECIDED or any(
        reason.rule.startswith("gate.") for reason in assessment.gate.because
    )


def learning(patient: Patient, fact: str) -> None:
    """ASSESS-04: learning a fact never moves the gate outside what the ledger foretold."""
    before, after = assess(forget(patient, fact)), assess(patient)
    if after.gate.state is not before.gate.state:
        facts = next((group for group in TOLD_TOGETHER if fact in group), {fact})
        foretold = {
            state
            for unknown in before.unknowns
            if unknown.fact in facts
            for name, states in unknown.outcomes
            if name == "gate"
            for state in states
        }
        assert after.gate.state.value in foretold, f"{fact}: {before.gate.state} -> {after.gate.state}, {foretold}"


def no_regimens_behind_a_gate(patient: Patient) -> None:
    """ASSESS-05: a closed or undecided gate never carries regimens, and an open one always says which were tried."""
    assessment = assess(patient)
    if assessment.gate.state is GateState.OPEN:
        assert isinstance(assessment.regimens, Regimens)
    else:
        assert isinstance(assessment.regimens, Withheld)
        assert assessment.to_record()["regimens"] is None


def urgent_closes(patient: Patient) -> None:
    """ASSESS-06: an urgent finding closes the gate until it is acknowledged, and stays visible then."""
    assessment = assess(patient)
    if assessment.urgent:
        assert assessment.gate.state is GateState.CLOSED
        rules = {finding.rule for finding in assessment.urgent}
        dealt_with = assess(evolve(patient, acknowledged=rules))
        assert {finding.rule for finding in dealt_with.urgent} == rules
        assert not any(reason.rule in rules for reason in dealt_with.gate.because)


def sourced(patient: Patient) -> None:
    """ASSESS-07: every finding, urgent or not, has an action, a source and, unless it is about the data, a reason."""
    assessment = assess(patient)
    for finding in (*assessment.urgent, *assessment.findings):
        assert finding.text
        assert finding.action
        assert finding.sources
        assert "{" not in finding.text
        assert finding.because or finding.kind in {"data_quality", "context"}, finding.rule


def same_bytes(patient: Patient) -> None:
    """ASSESS-08: the same patient gives the same bytes."""
    assert assess(patient).to_json() == assess(evolve(patient)).to_json()


def careful_words(patient: Patient) -> None:
    """WORD-01: no sentence about evidence is stronger than its certainty allows."""
    assessment = assess(patient)
    for summary in assessment.evidence:
        assert not check_wording(summary.statement, Certainty(summary.certainty_here)), summary.statement
    for finding in assessment.findings:
        if finding.rule.startswith("statement."):
            assert not check_wording(finding.text, Certainty.VERY_LOW), finding.text


ASSESS_LAWS: tuple[Law, ...] = tuple(
    Law(sentence.split(": ", 1)[0], sentence.split(": ", 1)[1], function.__name__)
    for function in (
        unit_system,
        order,
        forgetting,
        learning,
        no_regimens_behind_a_gate,
        urgent_closes,
        sourced,
        same_bytes,
        careful_words,
    )
    for sentence in [(function.__doc__ or "").strip()]
)
