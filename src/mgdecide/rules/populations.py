"""Whom a study enrolled, and whom a body of evidence speaks of, as questions about this patient."""

from __future__ import annotations

from attrs import evolve, frozen

from mgdecide.domain.verdicts import (
    CriterionVerdict,
    DomainJudgement,
    EvidenceSummary,
    Fit,
    Regimen,
    RegimenDose,
    Verdict,
)
from mgdecide.knowledge.bodies import Body
from mgdecide.knowledge.edition import Knowledge
from mgdecide.knowledge.expressions import question_from
from mgdecide.knowledge.study_types import Criterion, Study
from mgdecide.logic.questions import All, Always, Node, Question
from mgdecide.logic.resolve import Answer


@frozen
class StudyCriterion:
    """One requirement: the question whether it is satisfied, and whether it applies at all."""

    criterion: Criterion
    satisfied: Question
    applies: Question | None

    def verdict(self, satisfied: Answer, applies: Answer) -> CriterionVerdict:
        """The requirement with its verdict for one patient."""
        return self._verdicts[
            Verdict.NOT_APPLICABLE
            if applies is False
            else Verdict.MET
            if satisfied is True
            else Verdict.NOT_MET
            if satisfied is False
            else Verdict.UNKNOWN
        ]

    @property
    def _verdicts(self) -> dict[Verdict, CriterionVerdict]:
        return {
            verdict: CriterionVerdict(self.criterion.kind, self.criterion.text, verdict) for verdict in Verdict
        }


@frozen(eq=False)
class StudyFit:
    """A study with its requirements as questions; ``fits`` is their conjunction."""

    study: Study
    criteria: tuple[StudyCriterion, ...]
    fits: Question
    template: Regimen

    @property
    def outputs(self) -> tuple[Node, ...]:
        """What is asked for each study: the fit, then for each criterion its answer and whether it applies."""
        asked: list[Node] = [self.fits]
        for criterion in self.criteria:
            asked += [criterion.satisfied, Always(True) if criterion.applies is None else criterion.applies]
        return tuple(asked)

    def verdicts(self, answers: tuple[Answer, ...]) -> tuple[CriterionVerdict, ...]:
        """The criteria with their verdicts, from the answers to ``outputs``."""
        return tuple(
            criterion.verdict(answers[1 + 2 * index], answers[2 + 2 * index])
            for index, criterion in enumerate(self.criteria)
        )


    def regimen(self, fit: Fit, criteria: tuple[CriterionVerdict, ...]) -> Regimen:
        """The regimen of this study with one patient's fit."""
        return evolve(self.template, fit=fit, criteria=criteria)


@frozen(eq=False)
class BodyPopulation:
    """A body of evidence with the requirements under which it speaks directly of this patient."""

    body: Body
    texts: tuple[str, ...]
    questions: tuple[Question, ...]
    summary: EvidenceSummary

    def summary_outside(self, certainty: str, outside: tuple[str, ...]) -> EvidenceSummary:
        """The summary for a patient known to lie outside the people studied, with the requirements not met."""
        return evolve(self.summary, certainty_here=certainty, outside=outside)


def study_fits(knowledge: Knowledge) -> tuple[StudyFit, ...]:
    """Every study that may be shown as a regimen, in the order of its id."""
    return tuple(
        _fit(study, knowledge) for study in sorted(knowledge.studies, key=lambda study: study.id) if study.is_regimen
    )


def _fit(study: Study, knowledge: Knowledge) -> StudyFit:
    criteria = tuple(_criterion(study, criterion, knowledge) for criterion in study.criteria)
    return StudyFit(study, criteria, All(tuple(each.satisfied for each in criteria)))


def _criterion(study: Study, criterion: Criterion, knowledge: Knowledge) -> StudyCriterion:
    where = f"studies/{study.id}: {criterion.text}"
    requires: Question = Always(None)  # what no record can answer is unknown
    if criterion.requires is not None:
        requires = question_from(criterion.requires, knowledge.exact_edges, where)
    if criterion.applies_if is None:
        return StudyCriterion(criterion, requires, None)
    applies = question_from(criterion.applies_if, knowledge.exact_edges, where)
    return StudyCriterion(criterion, ~applies | requires, applies)


def body_populations(knowledge: Knowledge) -> tuple[BodyPopulation, ...]:
    """Every body of evidence, in the order of its id."""
    return tuple(_population(body, knowledge) for body in sorted(knowledge.bodies, key=lambda body: body.id))


def _population(body: Body, knowledge: Knowledge) -> BodyPopulation:
    return BodyPopulation(
        body,
        tuple(criterion.text for criterion in body.population_criteria),
        tuple(
            question_from(criterion.requires, knowledge.exact_edges, f"bodies/{body.id}")
            for criterion in body.population_criteria
        ),
    )
