"""Questions in English, and the comparisons behind an answer.

``phrase`` says a whole condition, for catalogues and for "would change if". ``explainer`` finds the leaves that made
a question true or false for one patient: what holds of a conjunction is every part, of an alternative the parts
that hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from attrs import frozen

from mgdecide.logic.needs import facts_in
from mgdecide.logic.questions import (
    All,
    Always,
    Any,
    AtLeast,
    Choose,
    Coefficient,
    Compare,
    FirstKnown,
    Greatest,
    Known,
    LabCompare,
    LabIn,
    Least,
    Limit,
    LimitFor,
    Literal,
    Measure,
    Node,
    Not,
    Number,
    OneOf,
    Operator,
    OwnEdge,
    Provided,
    Question,
    Surely,
    UnitEdges,
    YesNo,
    walk,
)
from mgdecide.logic.resolve import Answer

OPERATOR_WORDS: Mapping[Operator, str] = {
    Operator.LESS: "less than",
    Operator.AT_MOST: "at most",
    Operator.MORE: "more than",
    Operator.AT_LEAST: "at least",
}
_OPPOSITE: Mapping[Operator, Operator] = {
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.MORE,
    Operator.MORE: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.LESS,
}


KNOWN, NOT_KNOWN = "is known", "is not known"


@frozen
class Leaf:
    """One comparison that carried an answer: the fact or derived number, and the comparison in words."""

    fact: str
    comparison: str


class Vocabulary(Protocol):
    """What the words need of the knowledge."""

    def label(self, fact: str) -> str:
        """The English name of a fact or of a named derived number."""

    def name_of(self, node: Number) -> str | None:
        """The name of a derived number, if it has one."""

    def limit_words(self, limit: Limit, units: tuple[str, ...]) -> str:
        """A limit with its unit: ``30 mL/min/1.73m2``; printed units only, separated by commas."""


def number_words(value: float) -> str:
    """A number as people write it: no trailing zeros, no exponent for usual sizes."""
    return f"{value:.10g}"


def edge_words(edge: float) -> str:
    """A limit as people write it: one that was converted from another unit is cut to four decimals."""
    return number_words(round(edge, 4))


def leaves(question: Question) -> Iterator[Question]:
    """The comparisons and yes/no facts a question ends in, each once."""
    seen: set[Node] = set()
    for node in walk(question):
        if isinstance(node, YesNo | OneOf | Compare | LabCompare | Known) and node not in seen:
            seen.add(node)
            yield node


Explain = Callable[[Sequence[Answer]], list[Leaf]]
"""From the values of a program to the leaves that carried an answer."""


def explainer(question: Question, slot: Callable[[Node], int], vocabulary: Vocabulary, wanted: bool = True) -> Explain:
    """A function that finds the leaves which make ``question`` answer ``wanted``; built once, called often.

    ``slot`` says where the value of a node stands among the values a program gave.
    """
    match question:
        case Not(term):
            return explainer(term, slot, vocabulary, not wanted)
        case Surely(term):
            return _if_known(slot(term), explainer(term, slot, vocabulary, wanted))
        case Provided(_, term):
            return explainer(term, slot, vocabulary, wanted)
        case All(terms) | Any(terms) | AtLeast(_, terms):
            return _those(wanted, [(slot(term), explainer(term, slot, vocabulary, wanted)) for term in terms])
        case Choose(condition, then, otherwise):
            branches = explainer(then, slot, vocabulary, wanted), explainer(otherwise, slot, vocabulary, wanted)
            told: tuple[Explain, ...] = ()
            if not isinstance(condition, Known | Surely):
                told = tuple(explainer(condition, slot, vocabulary, way) for way in (True, False))
            return _branch(slot(condition), told, branches)
        case YesNo(name):
            return _constant(Leaf(name, "is true" if wanted else "is false"))
        case OneOf(category, values):
            return _constant(Leaf(category.name, ("is " if wanted else "is not ") + " or ".join(values)))
        case Compare(left, operator, right):
            return _compared(left, operator if wanted else _OPPOSITE[operator], slot(right), vocabulary)
        case LabCompare(lab, operator, edge):
            return _against(lab.name, OPERATOR_WORDS[operator if wanted else _OPPOSITE[operator]], slot(edge))
        case Known(term):
            return _constant(*(Leaf(fact, KNOWN if wanted else NOT_KNOWN) for fact in facts_in(term)))
        case Always():
            return _constant()
        case _:
            raise TypeError(f"no words for {type(question).__name__}")


def _constant(*leaves: Leaf) -> Explain:
    always = list(leaves)
    return lambda values: always


def _if_known(place: int, explain: Explain) -> Explain:
    return lambda values: [] if values[place] is None else explain(values)


def _those(wanted: bool, parts: list[tuple[int, Explain]]) -> Explain:
    def those(values: Sequence[Answer]) -> list[Leaf]:
        found: list[Leaf] = []
        for place, explain in parts:
            if values[place] is wanted:
                found += explain(values)
        return found

    return those


def _branch(place: int, told: tuple[Explain, ...], branches: tuple[Explain, Explain]) -> Explain:
    def branch(values: Sequence[Answer]) -> list[Leaf]:
        way = 0 if values[place] else 1
        return [*told[way](values), *branches[way](values)] if told else branches[way](values)

    return branch


def _against(fact: str, words: str, place: int) -> Explain:
    def against(values: Sequence[Answer]) -> list[Leaf]:
        edge = values[place]
        return [Leaf(fact, words if edge is None else f"{words} {edge_words(float(edge))}")]

    return against


def _compared(left: Number, operator: Operator, place: int, vocabulary: Vocabulary) -> Explain:
    words = OPERATOR_WORDS[operator]
    name = left.name if isinstance(left, Measure) else vocabulary.name_of(left)
    if name is not None:
        return _against(name, words, place)
    parts = [_against(fact, f"enters a calculation that is {words}", place) for fact in facts_in(left)]
    return lambda values: [leaf for explain in parts for leaf in explain(values)]


# --- whole conditions ---------------------------------------------------------------------------------------


def phrase(question: Question, vocabulary: Vocabulary) -> str:
    """The condition in English, for catalogues: ``eGFR less than 30 mL/min/1.73m2 or dialysis``."""
    return _phrase(question, vocabulary, "")


def _phrase(question: Question, vocabulary: Vocabulary, outer: str) -> str:
    match question:
        case All(terms):
            return _joined(terms, " and ", vocabulary, outer)
        case Any(terms):
            return _joined(terms, " or ", vocabulary, outer)
        case Not(YesNo(name)):
            return f"no {vocabulary.label(name)}"
        case Not(term):
            return f"not ({_phrase(term, vocabulary, '')})"
        case Surely(term):
            return (
                f"{_phrase(term, vocabulary, outer)} is known"
                if isinstance(term, YesNo)
                else _phrase(term, vocabulary, outer)
            )
        case Provided(condition, term):
            return f"({_phrase(term, vocabulary, '')}, told only where {_phrase(condition, vocabulary, '')})"
        case Choose(condition, then, otherwise):
            return (
                f"(if {_phrase(condition, vocabulary, '')}: {_phrase(then, vocabulary, '')}; "
                f"else: {_phrase(otherwise, vocabulary, '')})"
            )
        case AtLeast(count, terms):
            return f"at least {count} of ({_joined(terms, '; ', vocabulary, '')})"
        case YesNo(name):
            return vocabulary.label(name)
        case OneOf(category, values):
            return f"{vocabulary.label(category.name)} is {' or '.join(values)}"
        case Compare(left, operator, right):
            return f"{number_phrase(left, vocabulary)} {OPERATOR_WORDS[operator]} {number_phrase(right, vocabulary)}"
        case LabCompare(lab, operator, edge):
            return f"{vocabulary.label(lab.name)} {OPERATOR_WORDS[operator]} {number_phrase(edge, vocabulary)}"
        case Known(term):
            return " and ".join(vocabulary.label(fact) for fact in facts_in(term)) + " known"
        case Always(answer):
            return {True: "always", False: "never", None: "cannot be told"}[answer]
        case _:
            raise TypeError(f"no words for {type(question).__name__}")


def _joined(terms: tuple[Question, ...], word: str, vocabulary: Vocabulary, outer: str) -> str:
    text = word.join(_phrase(term, vocabulary, word) for term in terms)
    return f"({text})" if outer and outer != word else text


def number_phrase(number: Number, vocabulary: Vocabulary) -> str:
    """A number in English: the name of a fact, a limit with its units, or what a calculation is made of."""
    name = vocabulary.name_of(number)
    if name is not None:
        return vocabulary.label(name)
    match number:
        case Measure(fact, _):
            return vocabulary.label(fact)
        case LabIn(lab, unit):
            return f"{vocabulary.label(lab.name)} in {unit}"
        case Limit():
            return vocabulary.limit_words(number, ())
        case LimitFor(lab, limit):
            return vocabulary.limit_words(limit, lab.units)
        case OwnEdge(_, side):
            return f"the laboratory's own {'lower' if side == 'low' else 'upper'} limit"
        case Literal(value):
            return number_words(value)
        case Coefficient(id):
            return f"coefficient {id}"
        case UnitEdges(_, edges):
            return ", ".join(f"{edge_words(edge)} {unit}" for unit, edge in edges)
        case FirstKnown(terms):
            return ", else ".join(number_phrase(term, vocabulary) for term in terms)
        case Least(terms):
            return "the least of " + " and ".join(number_phrase(term, vocabulary) for term in terms)
        case Greatest(terms):
            return "the greatest of " + " and ".join(number_phrase(term, vocabulary) for term in terms)
        case _:
            return "a calculation from " + ", ".join(vocabulary.label(fact) for fact in facts_in(number))
