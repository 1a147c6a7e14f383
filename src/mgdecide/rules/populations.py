"""Whom a study enrolled, and whom a body of evidence speaks of, as questions about this patient."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

from mgdecide.domain.verdicts import (
    CriterionVerdict,
    DomainJudgement,
    EvidenceSummary,
    Fit,
    Json,
    Regimen,
    RegimenDose,
    StudiedRegimen,
    Verdict,
)
from mgdecide.evidence.grade_words import Certainty, Direction, Size, statement
from mgdecide.knowledge.body_types import Body
from mgdecide.knowledge.edition import Knowledge
from mgdecide.knowledge.expressions import question_from
from mgdecide.knowledge.study_types import Criterion, Expression, Study
from mgdecide.logic.questions import All, Always, Node, Question
from mgdecide.logic.resolve import Answer
from mgdecide.rules.interactions import NAMED_CONDITIONS, SPECIAL


@frozen(eq=False)
class StudyCriterion:
    """One requirement: the question whether it is satisfied, and whether it applies at all."""

    criterion: Criterion
    satisfied: Question
    applies: Question | None

    verdicts: Mapping[Answer, CriterionVerdict]
    """The requirement with each verdict, by the answer to ``satisfied``."""
    not_applicable: CriterionVerdict

    def verdict(self, satisfied: Answer, applies: Answer) -> CriterionVerdict:
        """The requirement with its verdict for one patient."""
        return self.not_applicable if applies is False else self.verdicts[satisfied]


@frozen(eq=False)
class StudyFit:
    """A study with its requirements as questions; ``fits`` is their conjunction."""

    study: Study
    criteria: tuple[StudyCriterion, ...]
    fits: Question
    outputs: tuple[Node, ...]
    """What is asked for each study: the fit, then each criterion, then for each criterion whether it applies."""
    studied: StudiedRegimen

    def verdicts(self, answers: tuple[Answer, ...]) -> tuple[CriterionVerdict, ...]:
        """The criteria with their verdicts, from the answers to ``outputs``."""
        count = len(self.criteria)
        given = zip(self.criteria, answers[1 : count + 1], answers[count + 1 :], strict=True)
        return tuple([criterion.verdict(satisfied, applies) for criterion, satisfied, applies in given])

    def regimen(self, fit: Fit, criteria: tuple[CriterionVerdict, ...]) -> Regimen:
        """The regimen of this study with one patient's fit."""
        return Regimen(self.studied, fit, criteria)


@frozen(eq=False)
class BodyPopulation:
    """A body of evidence with the requirements under which it speaks directly of this patient."""

    body: Body
    texts: tuple[str, ...]
    questions: tuple[Question, ...]
    summary: EvidenceSummary
    rated_down: EvidenceSummary
    """The same for somebody known to lie outside the people studied: one level lower, in words of that level."""

    def summary_outside(self, outside: tuple[str, ...]) -> EvidenceSummary:
        """The summary for a patient known to lie outside the people studied, with the requirements not met."""
        return evolve(self.rated_down, outside=outside)


def study_fits(knowledge: Knowledge) -> tuple[StudyFit, ...]:
    """Every study that may be shown as a regimen, in the order of its id."""
    return tuple(
        _fit(study, knowledge) for study in sorted(knowledge.studies, key=lambda study: study.id) if study.is_regimen
    )


def _fit(study: Study, knowledge: Knowledge) -> StudyFit:
    criteria = tuple(_criterion(study, criterion, knowledge) for criterion in study.criteria)
    fits = All(tuple(each.satisfied for each in criteria))
    certainty = {body.id: body.certainty for body in knowledge.bodies}
    applies = [Always(True) if each.applies is None else each.applies for each in criteria]
    outputs = (fits, *(each.satisfied for each in criteria), *applies)
    return StudyFit(study, criteria, fits, outputs, _studied(study, certainty.get(study.body, "not rated")))


def _studied(study: Study, certainty: str) -> StudiedRegimen:
    """The regimen as every patient sees it; only fit and criteria differ."""
    return StudiedRegimen(
        study=study.id,
        dose=_dose(study),
        comparator=study.comparator.text if study.comparator is not None else "none",
        result=study.result,
        certainty=certainty,
        body=study.body,
        flags=tuple(flag.text for flag in study.flags),
        sources=study.references,
        design="; ".join(filter(None, (study.design.type, study.design.blinding_text))),
    )


def _dose(study: Study) -> RegimenDose:
    dose = study.dose
    if dose is None:
        return RegimenDose("not known", "not known", "not stated", None, None, "oral", None)
    note = " ".join(filter(None, (dose.with_other and f"Given with {dose.with_other}.", dose.note)))
    return RegimenDose(dose.salt, dose.stated, dose.basis, dose.low, dose.high, dose.route, dose.weeks, note)


def _criterion(study: Study, criterion: Criterion, knowledge: Knowledge) -> StudyCriterion:
    where = f"studies/{study.id}: {criterion.text}"
    requires: Question = Always(None)  # what no record can answer is unknown
    if criterion.requires is not None:
        requires = _question(criterion.requires, knowledge, where)
    if criterion.applies_if is None:
        return _with_verdicts(criterion, requires, None)
    applies = _question(criterion.applies_if, knowledge, where)
    return _with_verdicts(criterion, ~applies | requires, applies)


def _with_verdicts(criterion: Criterion, satisfied: Question, applies: Question | None) -> StudyCriterion:
    def told(verdict: Verdict) -> CriterionVerdict:
        return CriterionVerdict(criterion.kind, criterion.text, verdict)

    verdicts: dict[Answer, CriterionVerdict] = {
        True: told(Verdict.MET),
        False: told(Verdict.NOT_MET),
        None: told(Verdict.UNKNOWN),
    }
    return StudyCriterion(criterion, satisfied, applies, verdicts, told(Verdict.NOT_APPLICABLE))


def _question(expression: Expression, knowledge: Knowledge, where: str) -> Question:
    return question_from(expression, knowledge.exact_edges, where, NAMED_CONDITIONS, SPECIAL)


def body_populations(knowledge: Knowledge) -> tuple[BodyPopulation, ...]:
    """Every body of evidence, in the order of its id."""
    return tuple(_population(body, knowledge) for body in sorted(knowledge.bodies, key=lambda body: body.id))


def _population(body: Body, knowledge: Knowledge) -> BodyPopulation:
    criteria = body.population_criteria
    return BodyPopulation(
        body,
        tuple(criterion.text for criterion in criteria),
        tuple(_question(criterion.requires, knowledge, f"bodies/{body.id}") for criterion in criteria),
        _summary(body, Certainty(body.certainty)),
        _summary(body, Certainty(body.certainty).rated_down(1)),
    )


def _summary(body: Body, here: Certainty) -> EvidenceSummary:
    """What every patient is told of a body of evidence; only the certainty for this patient differs."""
    return EvidenceSummary(
        body=body.id,
        outcome=body.outcome,
        effect=_effect(body),
        participants=body.participants,
        studies=body.studies,
        certainty=body.certainty,
        certainty_here=here.value,
        domains=tuple(DomainJudgement(each.domain, each.levels, each.reason) for each in body.domains),
        statement=statement(
            here,
            Size(body.size),
            Direction(body.direction),
            body.intervention_words,
            body.outcome_words,
        ),
        sources=body.references,
    )


def _effect(body: Body) -> Json | None:
    effect = body.effect
    if effect is None:
        return None
    return {
        "measure": effect.measure,
        "estimate": float(effect.estimate),
        "low": float(effect.low),
        "high": float(effect.high),
        "verified": effect.backing.verified,
    }
