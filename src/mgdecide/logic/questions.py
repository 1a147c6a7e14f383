"""The expressions a rule is made of: values, not functions.

A rule's condition is built from typed facts with ordinary operators::

    WHEN = (EGFR < limit("oral-magnesium.kidney-stop")) | DIALYSIS

and every engine, the English wording and the list of needed facts are read off that one value. The set of
operators is closed: an engine that knows the classes below knows every rule.

Truth is three-valued (Kleene): a question is true, false or unknown, written ``True``, ``False`` and ``None``.
Numbers propagate unknown unless the operator says otherwise (``FirstKnown``). A laboratory fact keeps the unit
and the comparator ("<0.5") it was reported with, and is only ever compared with an edge in that same unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NoReturn, TypeAlias

from attrs import field, frozen

from mgdecide.errors import InvalidQuestion, Problem


class Operator(Enum):
    """The four comparisons; their value is what both Python and narwhals call them."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class Node:
    """Anything an engine can evaluate. Hashable and comparable by structure."""

    __slots__ = ()

    def parts(self) -> tuple[Node, ...]:
        """The nodes this one is made of, in order."""
        return ()


class Question(Node):
    """A three-valued expression. Combine with ``&``, ``|`` and ``~``; never with ``and``, ``or``, ``not``."""

    __slots__ = ()

    def __and__(self, other: Question) -> Question:
        return All((*_flat(All, self), *_flat(All, other)))

    def __or__(self, other: Question) -> Question:
        return Any((*_flat(Any, self), *_flat(Any, other)))

    def __invert__(self) -> Question:
        return self.term if isinstance(self, Not) else Not(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("a question has no truth value by itself; combine with & | ~ and let an engine answer")


class Number(Node):
    """A numeric expression in one known unit."""

    __slots__ = ()

    def __lt__(self, other: Number) -> Question:
        return Compare(self, Operator.LESS, other)

    def __le__(self, other: Number) -> Question:
        return Compare(self, Operator.AT_MOST, other)

    def __gt__(self, other: Number) -> Question:
        return Compare(self, Operator.MORE, other)

    def __ge__(self, other: Number) -> Question:
        return Compare(self, Operator.AT_LEAST, other)

    def __add__(self, other: Number) -> Number:
        return Arithmetic("+", self, other)

    def __sub__(self, other: Number) -> Number:
        return Arithmetic("-", self, other)

    def __mul__(self, other: Number) -> Number:
        return Arithmetic("*", self, other)

    def __truediv__(self, other: Number) -> Number:
        return Arithmetic("/", self, other)

    def __pow__(self, other: Number) -> Number:
        return Arithmetic("**", self, other)


# --- facts ------------------------------------------------------------------------------------------------


@frozen(cache_hash=True, order=False)
class YesNo(Question):
    """A fact that is true, false or unknown."""

    name: str


@frozen(cache_hash=True, order=False)
class Measure(Number):
    """A numeric fact in one fixed unit (``years``, ``mg/day``, ``points``)."""

    name: str
    unit: str


@frozen(cache_hash=True, order=False)
class Category(Node):
    """A fact with one of a few named values."""

    name: str
    values: tuple[str, ...]

    def equals(self, *values: str) -> Question:
        """True where the fact has one of ``values``; unknown where it is not known."""
        for value in values:
            if value not in self.values:
                raise InvalidQuestion(Problem("MGD-Q101", self.name, repr(value), f"one of {', '.join(self.values)}"))
        return OneOf(self, values)


@frozen(cache_hash=True, order=False)
class Lab(Node):
    """A laboratory fact: value, the unit it was reported in, and a comparator if the report had one.

    It is spread over columns: ``<name>``, ``<name>_unit``, ``<name>_comparator``, ``<name>_age_days`` and the
    laboratory's own interval ``<name>_low`` and ``<name>_high`` (in the reported unit).
    """

    name: str
    units: tuple[str, ...]

    @property
    def own_low(self) -> OwnEdge:
        """The laboratory's own lower limit, in the reported unit."""
        return OwnEdge(self, "low")

    @property
    def own_high(self) -> OwnEdge:
        """The laboratory's own upper limit, in the reported unit."""
        return OwnEdge(self, "high")

    @property
    def age_days(self) -> Measure:
        """Days between the specimen and the day of assessment."""
        return Measure(f"{self.name}_age_days", "days")

    def in_unit(self, unit: str) -> Number:
        """The value converted exactly to ``unit``; unknown if reported with a comparator."""
        return LabIn(self, unit)

    def edge(self, edge: Edge) -> Number:
        """An edge as a number, in the unit the value was reported in."""
        return _edge(self, edge)

    def has_unit(self, *units: str) -> Question:
        """True where the value was reported in one of ``units``."""
        return OneOf(Category(f"{self.name}_unit", self.units), units)

    def __lt__(self, edge: Edge) -> Question:
        return LabCompare(self, Operator.LESS, _edge(self, edge))

    def __le__(self, edge: Edge) -> Question:
        return LabCompare(self, Operator.AT_MOST, _edge(self, edge))

    def __gt__(self, edge: Edge) -> Question:
        return LabCompare(self, Operator.MORE, _edge(self, edge))

    def __ge__(self, edge: Edge) -> Question:
        return LabCompare(self, Operator.AT_LEAST, _edge(self, edge))


# --- numbers ----------------------------------------------------------------------------------------------


@frozen(cache_hash=True, order=False)
class Limit(Number):
    """A published limit by its id; the number comes from the knowledge a rulebook is compiled with.

    ``unit`` is needed where a limit with several units is compared with a derived number.
    """

    id: str
    unit: str | None = None


@frozen(cache_hash=True, order=False)
class Coefficient(Number):
    """A published coefficient (of an equation or a score) by its id."""

    id: str


@frozen(cache_hash=True, order=False)
class Literal(Number):
    """A plain number written where it is used: only for studies' own criteria and for tests."""

    value: float


@frozen(cache_hash=True, order=False)
class NoNumber(Number):
    """A number that is never known: the other branch of an equation that does not apply."""


@frozen(cache_hash=True, order=False)
class UnitEdges(Number):
    """An edge that depends on the unit of a laboratory fact; ``edges`` pairs unit and number."""

    lab: Lab
    edges: tuple[tuple[str, float], ...]


@frozen(cache_hash=True, order=False)
class LimitFor(Number):
    """The edge of a published limit in the unit the laboratory fact was reported in."""

    lab: Lab
    limit: Limit


@frozen(cache_hash=True, order=False)
class OwnEdge(Number):
    """One end of the interval the laboratory printed beside its result."""

    lab: Lab
    side: str


@frozen(cache_hash=True, order=False)
class LabIn(Number):
    """A laboratory value converted to one unit, exactly; unknown where a comparator stands before it."""

    lab: Lab
    unit: str


@frozen(cache_hash=True, order=False)
class Arithmetic(Number):
    """``left symbol right``; unknown if either is unknown, or if the result is not a finite number."""

    symbol: str
    left: Number
    right: Number

    def parts(self) -> tuple[Node, ...]:
        return self.left, self.right


@frozen(cache_hash=True, order=False)
class Least(Number):
    """The smallest of the terms; unknown if any is unknown."""

    terms: tuple[Number, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.terms


@frozen(cache_hash=True, order=False)
class Greatest(Number):
    """The largest of the terms; unknown if any is unknown."""

    terms: tuple[Number, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.terms


@frozen(cache_hash=True, order=False)
class FirstKnown(Number):
    """The first term that is known; unknown only if none is."""

    terms: tuple[Number, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.terms


@frozen(cache_hash=True, order=False)
class Rounded(Number):
    """Rounded half up to ``digits`` decimals, once, as a laboratory reports it.

    Derived numbers pass through here so that the last bit of ``pow`` on another engine cannot flip an edge.
    """

    term: Number
    digits: int

    def parts(self) -> tuple[Node, ...]:
        return (self.term,)


@frozen(cache_hash=True, order=False)
class Pick(Number):
    """``then`` where the condition is true, ``otherwise`` where it is false, unknown where it is unknown."""

    condition: Question
    then: Number
    otherwise: Number

    def parts(self) -> tuple[Node, ...]:
        return self.condition, self.then, self.otherwise


# --- questions --------------------------------------------------------------------------------------------


@frozen(cache_hash=True, order=False)
class Always(Question):
    """A constant answer."""

    value: bool | None


@frozen(cache_hash=True, order=False)
class OneOf(Question):
    """A category fact has one of the values."""

    category: Category
    values: tuple[str, ...]

    def parts(self) -> tuple[Node, ...]:
        return (self.category,)


@frozen(cache_hash=True, order=False)
class Compare(Question):
    """Two numbers compared; unknown if either is unknown."""

    left: Number
    operator: Operator
    right: Number

    def __attrs_post_init__(self) -> None:
        sides: tuple[object, object] = (self.left, self.right)  # where mypy was not asked, or not believed
        for side in sides:
            if not isinstance(side, Number):
                given = f"a {type(side).__name__} on the wrong side"
                raise InvalidQuestion(
                    Problem("MGD-Q108", str(side), given, "write the laboratory fact first: LAB < edge")
                )

    def parts(self) -> tuple[Node, ...]:
        return self.left, self.right


@frozen(cache_hash=True, order=False)
class LabCompare(Question):
    """A laboratory value compared with an edge in its own unit.

    With a comparator the answer is given only where every value the report allows agrees.
    """

    lab: Lab
    operator: Operator
    edge: Number

    def parts(self) -> tuple[Node, ...]:
        return self.lab, self.edge


@frozen(cache_hash=True, order=False)
class All(Question):
    """Kleene and: false if any term is false, else unknown if any is unknown, else true."""

    terms: tuple[Question, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.terms


@frozen(cache_hash=True, order=False)
class Any(Question):
    """Kleene or: true if any term is true, else unknown if any is unknown, else false."""

    terms: tuple[Question, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.terms


@frozen(cache_hash=True, order=False)
class Not(Question):
    """Kleene not."""

    term: Question

    def parts(self) -> tuple[Node, ...]:
        return (self.term,)


@frozen(cache_hash=True, order=False)
class Known(Question):
    """Whether the inner expression is known: always true or false."""

    term: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.term,)


@frozen(cache_hash=True, order=False)
class Surely(Question):
    """True where the term is known to be true, else false: for what may rest only on what is known."""

    term: Question

    def parts(self) -> tuple[Node, ...]:
        return (self.term,)


@frozen(cache_hash=True, order=False)
class Provided(Question):
    """The answer of ``term`` where ``condition`` is known to be true, else unknown."""

    condition: Question
    term: Question

    def parts(self) -> tuple[Node, ...]:
        return self.condition, self.term


@frozen(cache_hash=True, order=False)
class Choose(Question):
    """``then`` where the condition is true, ``otherwise`` where it is false, unknown where it is unknown."""

    condition: Question
    then: Question
    otherwise: Question

    def parts(self) -> tuple[Node, ...]:
        return self.condition, self.then, self.otherwise


@frozen(cache_hash=True, order=False)
class AtLeast(Question):
    """At least ``count`` of the terms are true, in three-valued counting."""

    count: int
    terms: tuple[Question, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.terms


@frozen(cache_hash=True, order=False)
class Sorted(Node):
    """A label: that of the first case that is true.

    A case that is unknown before any is true makes the label ``undetermined``; if all are false it is ``otherwise``.
    """

    cases: tuple[tuple[str, Question], ...]
    otherwise: str
    undetermined: str = field(default="undetermined")

    def parts(self) -> tuple[Node, ...]:
        return tuple(question for _, question in self.cases)


Edge: TypeAlias = Limit | LimitFor | OwnEdge | UnitEdges | FirstKnown | Least | Greatest | Pick


def limit(id: str, unit: str | None = None) -> Limit:
    """A published limit, named by its id in the knowledge; in ``unit`` where it meets a derived number."""
    return Limit(id, unit)


def coefficient(id: str) -> Coefficient:
    """A published coefficient, named by its id in the knowledge."""
    return Coefficient(id)


def known(term: Node) -> Question:
    """Whether ``term`` is known at all."""
    return Known(term)


def surely(term: Question) -> Question:
    """True only where ``term`` is known to be true."""
    return Surely(term)


def either_known(first: Question, second: Question) -> Question:
    """``first | second`` over those that are known: unknown only if both are.

    For two measurements of one thing, where either alone suffices and the worse one decides.
    """
    return Choose(known(first), Choose(known(second), first | second, first), second)


def walk(node: Node) -> Iterator[Node]:
    """Every node below and including ``node``, depth first, parts before the whole, repeats included."""
    for part in node.parts():
        yield from walk(part)
    yield node


def _flat(kind: type[All] | type[Any], question: Question) -> tuple[Question, ...]:
    return question.terms if isinstance(question, kind) else (question,)


def _edge(lab: Lab, edge: Number) -> Number:
    """Every limit inside an edge is read in the unit of the laboratory fact it is compared with."""
    match edge:
        case Limit():
            return LimitFor(lab, edge)
        case FirstKnown(terms) | Least(terms) | Greatest(terms):
            return type(edge)(tuple(_edge(lab, term) for term in terms))
        case Pick(condition, then, otherwise):
            return Pick(condition, _edge(lab, then), _edge(lab, otherwise))
        case OwnEdge() | UnitEdges() | LimitFor():
            return edge
        case _:
            accepted = "a limit, edges by unit, or the laboratory's own edge"
            raise InvalidQuestion(Problem("MGD-Q102", lab.name, f"a {type(edge).__name__} without a unit", accepted))
