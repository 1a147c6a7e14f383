"""Questions in English, and the comparisons behind an answer.

``phrase`` says a whole condition, for catalogues and for "would change if". ``because`` finds the leaves that made
a question true or false for one patient: what holds of a conjunction is every part, of an alternative the parts
that hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from attrs import frozen

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


def leaves(question: Question) -> Iterator[Question]:
    """The comparisons and yes/no facts a question ends in, each once."""
    seen: set[Node] = set()
    for node in walk(question):
        if isinstance(node, YesNo | OneOf | Compare | LabCompare | Known) and node not in seen:
            seen.add(node)
            yield node


def because(
    question: Question, value: Callable[[Node], Answer], vocabulary: Vocabulary, *, wanted: bool = True
) -> tuple[Leaf, ...]:
    """The leaves that make ``question`` answer ``wanted``; ``value`` gives the answer of any node below it."""
    found: dict[Leaf, None] = {}
    for leaf in _because(question, value, vocabulary, wanted):
        found.setdefault(leaf)
    return tuple(found)


def _because(
    question: Question, value: Callable[[Node], Answer], vocabulary: Vocabulary, wanted: bool
) -> Iterator[Leaf]:
    match question:
        case Not(term):
            yield from _because(term, value, vocabulary, not wanted)
        case Surely(term):
            if value(term) is not None:
                yield from _because(term, value, vocabulary, wanted)
        case Provided(condition, term):
            yield from _because(term, value, vocabulary, wanted)
        case All(terms) | Any(terms) | AtLeast(_, terms):
            for term in terms:
                if value(term) is wanted:
                    yield from _because(term, value, vocabulary, wanted)
        case Choose(condition, then, otherwise):
            if not isinstance(condition, Known | Surely):
                yield from _because(condition, value, vocabulary, value(condition) is True)
            yield from _because(then if value(condition) else otherwise, value, vocabulary, wanted)
        case YesNo(name):
            yield Leaf(name, "is true" if wanted else "is false")
        case OneOf(category, values):
            yield Leaf(category.name, ("is " if wanted else "is not ") + " or ".join(values))
        case Compare(left, operator, right):
            yield from _compared(left, operator if wanted else _OPPOSITE[operator], right, value, vocabulary)
        case LabCompare(lab, operator, edge):
            words = OPERATOR_WORDS[operator if wanted else _OPPOSITE[operator]]
            edge_value = value(edge)
            yield Leaf(lab.name, f"{words} {number_words(float(edge_value))}" if edge_value is not None else words)
        case Known(term):
            for fact in _facts(term):
                yield Leaf(fact, KNOWN if wanted else NOT_KNOWN)
        case Always():
            return
        case _:
            raise TypeError(f"no words for {type(question).__name__}")


def _compared(
    left: Number, operator: Operator, right: Number, value: Callable[[Node], Answer], vocabulary: Vocabulary
) -> Iterator[Leaf]:
    words = OPERATOR_WORDS[operator]
    edge = value(right)
    name = left.name if isinstance(left, Measure) else vocabulary.name_of(left)
    comparison = f"{words} {number_words(float(edge))}" if edge is not None else words
    if name is not None:
        yield Leaf(name, comparison)
    else:
        for fact in _facts(left):
            yield Leaf(fact, f"enters a calculation that is {comparison}")


def _facts(node: Node) -> tuple[str, ...]:
    from mgdecide.logic.needs import facts_in

    return facts_in(node)


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
            return " and ".join(vocabulary.label(fact) for fact in _facts(term)) + " known"
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
            return ", ".join(f"{number_words(edge)} {unit}" for unit, edge in edges)
        case FirstKnown(terms):
            return ", else ".join(number_phrase(term, vocabulary) for term in terms)
        case Least(terms):
            return "the least of " + " and ".join(number_phrase(term, vocabulary) for term in terms)
        case Greatest(terms):
            return "the greatest of " + " and ".join(number_phrase(term, vocabulary) for term in terms)
        case _:
            return "a calculation from " + ", ".join(vocabulary.label(fact) for fact in _facts(number))
