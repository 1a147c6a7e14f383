"""All rules of one knowledge, compiled once: the published entry and the condition of each, side by side.

A rule without an entry, or an entry without a rule, does not load.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from attrs import field, frozen

from mgdecide.domain.verdicts import Fit
from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.edition import Knowledge
from mgdecide.knowledge.rule_entries import RuleEntry
from mgdecide.logic.needs import facts_in
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
"""What is asked first; the first members of ``Answers`` read them by their places."""


_PLACE = re.compile(r"\{([a-z0-9_]+)\}")
"""A place of a published text that a patient's own words fill."""

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
    text: tuple[str, ...] = field(init=False, repr=False)
    """The published text cut at its places: words, the name of a place, words, and so on."""
    details: tuple[tuple[str, object], ...] = field(init=False, repr=False)
    """What every finding of the rule says beside its text."""
    medicine_classes: tuple[str, ...] = field(init=False, repr=False)
    """The medicine classes the condition asks about."""

    @property
    def id(self) -> str:
        return self.entry.id

    @text.default
    def _text(self) -> tuple[str, ...]:
        text = self.entry.text
        if self.interaction is not None and self.interaction.classes:
            # named once with its class, then by its name
            text = text.replace("{medicine}", f"{{medicine}} ({self.interaction.row.name})", 1)
        return tuple(_PLACE.split(text))

    @details.default
    def _details(self) -> tuple[tuple[str, object], ...]:
        recalled: tuple[tuple[str, object], ...] = () if self.verified else (("verified", False),)
        if self.interaction is None:
            return recalled
        row = self.interaction.row
        return (*recalled, ("class", row.name), *row.details)

    @medicine_classes.default
    def _medicine_classes(self) -> tuple[str, ...]:
        return tuple(fact.removeprefix("on_") for fact in facts_in(self.when) if fact.startswith("on_"))


@frozen
class Places:
    """Which of a program's outputs answer what."""

    urgent: slice
    contraindications: slice
    findings: slice
    criteria: slice
    populations: slice


@frozen
class Answers:
    """The answers of one rulebook to one row, by what they are about.

    ``values`` holds the answer of every node of the rulebook, in the order of its program.
    """

    values: tuple[Answer, ...]
    _places: Places

    @property
    def closing(self) -> bool | None:
        """Whether the gate is closed."""
        return _yes_no(self.values[0])

    @property
    def any_urgent(self) -> bool | None:
        """Whether anything urgent holds, acknowledged or not."""
        return _yes_no(self.values[1])

    @property
    def status(self) -> str:
        """The status category."""
        return _word(self.values[2])

    @property
    def hypo_grade(self) -> str:
        """The CTCAE grade of hypomagnesaemia, or why there is none."""
        return _word(self.values[3])

    @property
    def hyper_grade(self) -> str:
        """The CTCAE grade of hypermagnesaemia, or why there is none."""
        return _word(self.values[4])

    @property
    def lower_limit(self) -> Answer:
        """The lower limit that the value was read against."""
        return self.values[5]

    @property
    def upper_limit(self) -> Answer:
        """The upper limit that the value was read against."""
        return self.values[6]

    @property
    def urgent(self) -> tuple[Answer, ...]:
        """Of every urgent rule."""
        return self.values[self._places.urgent]

    @property
    def contraindications(self) -> tuple[Answer, ...]:
        """Of every contraindication."""
        return self.values[self._places.contraindications]

    @property
    def findings(self) -> tuple[Answer, ...]:
        """Of every other rule."""
        return self.values[self._places.findings]

    @property
    def criteria(self) -> tuple[Answer, ...]:
        """Of the requirements of every study, one study after the other."""
        return self.values[self._places.criteria]

    @property
    def populations(self) -> tuple[Answer, ...]:
        """Of the requirements of every body of evidence, one body after the other."""
        return self.values[self._places.populations]


def _yes_no(answer: Answer) -> bool | None:
    return answer if isinstance(answer, bool) else None


def _word(answer: Answer) -> str:
    assert isinstance(answer, str)
    return answer


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
    _places: Places
    stale_after: float
    """Days after which a result is stale."""
    _explainers: dict[str, Explain] = field(factory=dict, repr=False)
    memo: dict[str, object] = field(factory=dict, repr=False)
    """Values derived from this rulebook alone, worked out when first asked for."""

    def answer(self, row: Row) -> Answers:
        """Every answer for one row, each shared sub-question worked out once."""
        return Answers(self.program.run(row), self._places)

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

    def asked(nodes: Iterable[Node]) -> slice:
        start = len(outputs)
        outputs.extend(nodes)
        return slice(start, len(outputs))

    places = Places(
        urgent=asked(rule.when for rule in urgent_rules),
        contraindications=asked(when for _, when in contraindications),
        findings=asked(rule.when for rule in rules),
        criteria=asked(node for study in studies for node in study.outputs),
        populations=asked(criterion for body in bodies for criterion in body.questions),
    )
    program = compile_program([*outputs, *SHOWN_NUMBERS], knowledge)
    return Rulebook(
        knowledge,
        urgent_rules,
        contraindications,
        rules,
        studies,
        bodies,
        program,
        places,
        knowledge.number("stale.result"),
    )


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
