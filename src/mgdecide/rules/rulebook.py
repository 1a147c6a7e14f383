"""All rules of one knowledge, compiled once: the published entry and the condition of each, side by side.

A rule without an entry, or an entry without a rule, does not load.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from attrs import field, frozen

from mgdecide.domain.verdicts import Fit
from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.edition import Knowledge
from mgdecide.knowledge.rule_entries import RuleEntry
from mgdecide.logic.plain import Program, compile_program
from mgdecide.logic.questions import Coefficient, Limit, LimitFor, Node, Question, walk
from mgdecide.logic.resolve import Answer, Row
from mgdecide.logic.words import Explain, explainer
from mgdecide.rules import (
    cautions,
    companions,
    data_quality,
    gate,
    intake,
    risks,
    specimens,
    statements,
    status,
    urgent,
)
from mgdecide.rules.interactions import InteractionRule, interaction_rules
from mgdecide.rules.populations import BodyPopulation, StudyFit, body_populations, study_fits
from mgdecide.rules.vocabulary import DERIVED, Words

WRITTEN_RULES: tuple[Mapping[str, Question], ...] = (
    gate.RULES,
    cautions.RULES,
    risks.RULES,
    companions.RULES,
    specimens.RULES,
    intake.RULES,
    data_quality.RULES,
    statements.RULES,
)

FIRST: tuple[Node, ...] = (
    gate.CLOSING,
    gate.ANY_URGENT,
    status.STATUS,
    status.HYPO_GRADE,
    status.HYPER_GRADE,
    status.LOWER_LIMIT_SHOWN,
    status.UPPER_LIMIT_SHOWN,
)
"""What is asked first, in the order of the first members of ``Answers``."""


SHOWN_NUMBERS: tuple[Node, ...] = tuple(number for number, _, _ in DERIVED.values())
"""Derived numbers that texts may show."""


@frozen
class Rule:
    """One rule: what is published about it, when it holds, and whose numbers it rests on."""

    entry: RuleEntry
    when: Question
    sources: tuple[str, ...]
    verified: bool
    interaction: InteractionRule | None = None

    @property
    def id(self) -> str:
        return self.entry.id


@frozen
class Answers:
    """The answers of one rulebook to one row, by what they are about."""

    closing: bool | None
    any_urgent: bool | None
    status: str
    hypo_grade: str
    hyper_grade: str
    lower_limit: Answer
    upper_limit: Answer
    urgent: tuple[Answer, ...]
    contraindications: tuple[Answer, ...]
    findings: tuple[Answer, ...]
    criteria: tuple[Answer, ...]
    populations: tuple[Answer, ...]
    values: tuple[Answer, ...]
    """The answer of every node of the rulebook, in the order of its program."""


@frozen(eq=False)
class Rulebook:
    """The rules of one knowledge, ready to judge. ``rules`` are the findings; urgent rules stand apart."""

    knowledge: Knowledge
    urgent: tuple[Rule, ...]
    contraindications: tuple[tuple[RuleEntry, Question], ...]
    rules: tuple[Rule, ...]
    studies: tuple[StudyFit, ...]
    bodies: tuple[BodyPopulation, ...]
    program: Program = field(repr=False)
    _asked: int
    _explainers: dict[str, Explain] = field(factory=dict, repr=False)
    memo: dict[str, object] = field(factory=dict, repr=False)
    """Values derived from this rulebook alone, worked out when first asked for."""

    def answer(self, row: Row) -> Answers:
        """Every answer for one row, each shared sub-question worked out once."""
        values = self.program.run(row)
        urgent_end = len(FIRST) + len(self.urgent)
        contra_end = urgent_end + len(self.contraindications)
        rules_end = contra_end + len(self.rules)
        criteria_end = rules_end + sum(len(study.outputs) for study in self.studies)
        closing, any_urgent, category, hypo, hyper, lower, upper = values[: len(FIRST)]
        assert isinstance(category, str)
        assert isinstance(hypo, str)
        assert isinstance(hyper, str)
        return Answers(
            closing if isinstance(closing, bool) else None,
            any_urgent if isinstance(any_urgent, bool) else None,
            category,
            hypo,
            hyper,
            lower,
            upper,
            values[len(FIRST) : urgent_end],
            values[urgent_end:contra_end],
            values[contra_end:rules_end],
            values[rules_end:criteria_end],
            values[criteria_end : self._asked],
            values,
        )

    def explain(self, rule: Rule) -> Explain:
        """What finds the comparisons that made a rule hold; built when first asked for."""
        found = self._explainers.get(rule.id)
        if found is None:
            found = explainer(rule.when, self.program.slot, Words(self.knowledge))
            self._explainers[rule.id] = found
        return found

    def value(self, node: Node, answers: Answers) -> Answer:
        """The answer of any node of any rule, for the row that was answered."""
        return answers.values[self.program.slot(node)]


@lru_cache(maxsize=8)
def rulebook(knowledge: Knowledge) -> Rulebook:
    """The rulebook of a knowledge; compiled once for each knowledge in use.

    Raises:
        InvalidKnowledge: a rule without its entry, an entry without its rule, or a limit that is missing.
    """
    entries = knowledge.rule_entries
    written = {id: when for rules in WRITTEN_RULES for id, when in rules.items()}
    _refuse_orphans(entries, [*urgent.RULES, *written, *gate.CONTRAINDICATIONS])
    found = [_rule(entries[id], when, knowledge) for id, when in written.items()]
    found += [_rule(each.entry, each.when, knowledge, each) for each in interaction_rules(knowledge)]
    rules = tuple(sorted(found, key=lambda rule: rule.id))
    urgent_rules = tuple(_rule(entries[id], when, knowledge) for id, when in sorted(urgent.RULES.items()))
    contraindications = tuple((entries[id], when) for id, when in sorted(gate.CONTRAINDICATIONS.items()))
    studies, bodies = study_fits(knowledge), body_populations(knowledge)
    outputs: list[Node] = list(FIRST)
    outputs += [rule.when for rule in urgent_rules]
    outputs += [when for _, when in contraindications]
    outputs += [rule.when for rule in rules]
    outputs += [node for study in studies for node in study.outputs]
    outputs += [criterion for body in bodies for criterion in body.questions]
    program = compile_program([*outputs, *SHOWN_NUMBERS], knowledge)
    return Rulebook(knowledge, urgent_rules, contraindications, rules, studies, bodies, program, len(outputs))


def fit_of(answer: Answer) -> Fit:
    """The fit that the conjunction of a study's requirements stands for."""
    return Fit.FITS if answer is True else Fit.DOES_NOT_FIT if answer is False else Fit.CANNOT_TELL


def _rule(entry: RuleEntry, when: Question, knowledge: Knowledge, interaction: InteractionRule | None = None) -> Rule:
    named = dict.fromkeys(id for node in walk(when) for id in number_ids(node))
    numbers = tuple(id for id in named if knowledge.in_force(id))
    sources = (*entry.sources, *(source for id in numbers for source in knowledge.sources_of(id)))
    verified = entry.verified and all(knowledge.is_verified(id) for id in numbers)
    return Rule(entry, when, tuple(dict.fromkeys(sources)), verified, interaction)


def number_ids(node: Node) -> Iterable[str]:
    """The limit or coefficient a node reads, if it reads one."""
    match node:
        case Limit(id) | Coefficient(id):
            return (id,)
        case LimitFor(_, limit):
            return (limit.id,)
        case _:
            return ()


def _refuse_orphans(entries: Mapping[str, RuleEntry], bodies: Iterable[str]) -> None:
    written = set(bodies)
    problems = [
        *(
            Problem("MGD-K105", f"rules: {id}", "a rule without an entry", "an entry with text and source")
            for id in sorted(written - entries.keys())
        ),
        *(
            Problem("MGD-K106", f"rules: {id}", "an entry without a rule", "a condition in mgdecide.rules")
            for id in sorted(entries.keys() - written)
        ),
    ]
    if problems:
        raise InvalidKnowledge(problems)
