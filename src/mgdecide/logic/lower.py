"""Questions made ready for engines that work on columns: laboratory facts become columns, constants are folded.

A frame engine needs fewer kinds of node than the rules are written in. Lowering replaces limits by their numbers,
spells out a laboratory comparison as comparisons of columns, and drops every part that cannot matter because a
column is missing. The lowered question has the same three-valued answer for every row.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from functools import reduce, singledispatchmethod

from attrs import frozen

from mgdecide.errors import InvalidQuestion, Problem
from mgdecide.logic import questions as q
from mgdecide.logic.plain import calculate, compare, conversion_factors, round_half_up
from mgdecide.logic.questions import Always, Literal, Node, NoNumber, Number, Operator, Question
from mgdecide.logic.resolve import Resolver

UNKNOWN, TRUE, FALSE = Always(None), Always(True), Always(False)
NO_NUMBER = NoNumber()


@frozen(cache_hash=True, order=False)
class Settled(Question):
    """True where ``holds`` is true, false where ``fails`` is true, else unknown; never both."""

    holds: Question
    fails: Question

    def parts(self) -> tuple[Node, ...]:
        return self.holds, self.fails


@frozen(cache_hash=True, order=False)
class FirstAnswered(Question):
    """The answer of the first term that is not unknown."""

    terms: tuple[Question, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.terms


@frozen(cache_hash=True, order=False)
class Behind(Node):
    """What ``term`` says where ``condition`` is true, else nothing."""

    condition: Question
    term: Node

    def parts(self) -> tuple[Node, ...]:
        return self.condition, self.term


@frozen(cache_hash=True, order=False)
class ByWord(Number):
    """A number that depends on a category; unknown where the category is unknown or has another word."""

    cases: tuple[tuple[q.OneOf, float], ...]

    def parts(self) -> tuple[Node, ...]:
        return tuple(question for question, _ in self.cases)


@frozen(cache_hash=True, order=False)
class Floored(Number):
    """The largest whole number that is not above the term, over ``scale``."""

    term: Number
    scale: float

    def parts(self) -> tuple[Node, ...]:
        return (self.term,)


@frozen(cache_hash=True, order=False)
class Label(Node):
    """A label that is the same for every row."""

    value: str


class Lowering:
    """Rewrites nodes for a frame that has ``columns``; equal nodes become equal nodes.

    ``completed`` says for some facts what is known of them beyond their own column, as a question or number over
    columns as given (a condition is absent where a complete problem list does not name it).
    """

    def __init__(
        self, resolver: Resolver, columns: Container[str], completed: Mapping[str, Node] | None = None
    ) -> None:
        self._resolver = resolver
        self._columns = columns
        self._completed = {}
        self._done: dict[Node, Node] = {}
        if completed:
            as_given = Lowering(resolver, columns)
            self._completed = {name: as_given.node(node) for name, node in completed.items()}

    def question(self, node: Question) -> Question:
        """``node`` with the same answers, lowered."""
        lowered = self.node(node)
        assert isinstance(lowered, Question)
        return lowered

    def number(self, node: Number) -> Number:
        """``node`` with the same values, lowered."""
        lowered = self.node(node)
        assert isinstance(lowered, Number)
        return lowered

    def node(self, node: Node) -> Node:
        """``node``, lowered; worked out once."""
        found = self._done.get(node)
        if found is None:
            found = self._done[node] = self._lower(node)
        return found

    @singledispatchmethod
    def _lower(self, node: Node) -> Node:
        raise InvalidQuestion(
            Problem("MGD-Q103", type(node).__name__, "an operator this engine does not know", "one of logic.questions")
        )

    # --- facts and edges ---

    @_lower.register
    def _(self, node: q.YesNo) -> Node:
        if node.name in self._completed:
            return self._completed[node.name]
        return q.YesNo(node.name) if node.name in self._columns else UNKNOWN

    @_lower.register
    def _(self, node: q.Measure) -> Node:
        return self._completed.get(node.name) or self._measure(node.name)

    @_lower.register
    def _(self, node: q.Lab) -> Node:
        return self._measure(node.name)

    @_lower.register
    def _(self, node: q.Category) -> Node:
        return q.Category(node.name, ()) if node.name in self._columns else NO_NUMBER

    @_lower.register
    def _(self, node: q.OwnEdge) -> Node:
        return self._measure(f"{node.lab.name}_{node.side}")

    def _measure(self, name: str) -> Number:
        return q.Measure(name, "") if name in self._columns else NO_NUMBER

    @_lower.register
    def _(self, node: q.Limit) -> Node:
        return Literal(self._resolver.number(node.id, node.unit))

    @_lower.register
    def _(self, node: q.Coefficient) -> Node:
        return Literal(self._resolver.number(node.id))

    @_lower.register
    def _(self, node: q.UnitEdges) -> Node:
        return self._by_unit(node.lab, dict(node.edges))

    @_lower.register
    def _(self, node: q.LimitFor) -> Node:
        return self._by_unit(node.lab, self._resolver.edges(node.limit.id, node.lab.units))

    def _by_unit(self, lab: q.Lab, numbers: Mapping[str, float]) -> Number:
        """Units that share a number share a case."""
        if f"{lab.name}_unit" not in self._columns or not numbers:
            return NO_NUMBER
        units: dict[float, list[str]] = {}
        for unit, number in numbers.items():
            units.setdefault(float(number), []).append(unit)
        return ByWord(tuple((self._one_of(f"{lab.name}_unit", *words), number) for number, words in units.items()))

    def _one_of(self, column: str, *words: str) -> q.OneOf:
        return q.OneOf(q.Category(column, ()), tuple(sorted(words)))

    @_lower.register
    def _(self, node: q.LabIn) -> Node:
        value = self._measure(node.lab.name)
        factor = self._by_unit(node.lab, conversion_factors(node, self._resolver))
        product = _arithmetic("*", value, factor)
        comparator = f"{node.lab.name}_comparator"
        if comparator not in self._columns:
            return product
        return _pick(q.Known(q.Category(comparator, ())), NO_NUMBER, product)

    @_lower.register
    def _(self, node: q.LabCompare) -> Node:
        value, edge, operator = self._measure(node.lab.name), self.number(node.edge), node.operator
        plain = _compare(value, operator, edge)
        column = f"{node.lab.name}_comparator"
        if column not in self._columns or plain == UNKNOWN:
            return plain
        up = self._allows(column, "<", "<=")  # the true value reaches no higher than the printed one
        down = self._allows(column, ">", ">=")
        strict_up, strict_down = (q.Surely(self._one_of(column, word)) for word in ("<", ">"))

        def when(test: Operator) -> Question:
            return _compare(value, test, edge)

        # The table SETTLED of the plain engine, by comparator instead of by operator.
        match operator:
            case Operator.LESS:
                holds, fails = (plain & up) | (when(Operator.AT_MOST) & strict_up), when(Operator.AT_LEAST) & down
            case Operator.AT_MOST:
                holds, fails = plain & up, (when(Operator.MORE) & down) | (when(Operator.AT_LEAST) & strict_down)
            case Operator.MORE:
                holds, fails = (plain & down) | (when(Operator.AT_LEAST) & strict_down), when(Operator.AT_MOST) & up
            case Operator.AT_LEAST:
                holds, fails = plain & down, (when(Operator.LESS) & up) | (when(Operator.AT_MOST) & strict_up)
        return Settled(holds, fails)

    def _allows(self, column: str, *words: str) -> Question:
        """No comparator, or one of ``words``; never unknown."""
        return q.Any((q.Not(q.Known(q.Category(column, ()))), q.Surely(self._one_of(column, *words))))

    # --- numbers ---

    @_lower.register
    def _(self, node: Literal) -> Node:
        return Literal(float(node.value))

    @_lower.register
    def _(self, node: NoNumber) -> Node:
        return NO_NUMBER

    @_lower.register
    def _(self, node: q.Arithmetic) -> Node:
        return _arithmetic(node.symbol, self.number(node.left), self.number(node.right))

    @_lower.register
    def _(self, node: q.Least) -> Node:
        return _extreme(q.Least, min, [self.number(term) for term in node.terms])

    @_lower.register
    def _(self, node: q.Greatest) -> Node:
        return _extreme(q.Greatest, max, [self.number(term) for term in node.terms])

    @_lower.register
    def _(self, node: q.FirstKnown) -> Node:
        terms: dict[Number, None] = {}
        for term in map(self.number, node.terms):
            if term != NO_NUMBER:
                terms.setdefault(term)
            if isinstance(term, Literal):
                break
        found = tuple(terms)
        return NO_NUMBER if not found else found[0] if len(found) == 1 else q.FirstKnown(found)

    @_lower.register
    def _(self, node: q.Rounded) -> Node:
        term = self.number(node.term)
        if isinstance(term, Literal):
            return _literal(round_half_up(term.value, node.digits))
        scale = 10.0**node.digits
        scaled = _arithmetic("+", _arithmetic("*", term, Literal(scale)), Literal(0.5))
        return scaled if scaled == NO_NUMBER else Floored(scaled, scale)

    @_lower.register
    def _(self, node: q.Pick) -> Node:
        return _pick(self.question(node.condition), self.number(node.then), self.number(node.otherwise))

    # --- questions ---

    @_lower.register
    def _(self, node: Always) -> Node:
        return node

    @_lower.register
    def _(self, node: q.OneOf) -> Node:
        column = node.category.name
        return self._one_of(column, *node.values) if column in self._columns else UNKNOWN

    @_lower.register
    def _(self, node: q.Compare) -> Node:
        return _compare(self.number(node.left), node.operator, self.number(node.right))

    @_lower.register
    def _(self, node: q.All) -> Node:
        return _joined(q.All, map(self.question, node.terms), absorbing=FALSE, neutral=TRUE)

    @_lower.register
    def _(self, node: q.Any) -> Node:
        return _joined(q.Any, map(self.question, node.terms), absorbing=TRUE, neutral=FALSE)

    @_lower.register
    def _(self, node: q.Not) -> Node:
        term = self.question(node.term)
        if isinstance(term, Always):
            return Always(None if term.value is None else not term.value)
        return ~term

    @_lower.register
    def _(self, node: q.Known) -> Node:
        term = self.node(node.term)
        if isinstance(term, q.Known | q.Surely | Literal | Label):
            return TRUE
        if isinstance(term, Always):
            return Always(term.value is not None)
        return FALSE if term == NO_NUMBER else q.Known(term)

    @_lower.register
    def _(self, node: q.Surely) -> Node:
        term = self.question(node.term)
        if isinstance(term, Always):
            return Always(term.value is True)
        return term if never_unknown(term) else q.Surely(term)

    @_lower.register
    def _(self, node: q.Provided) -> Node:
        condition, term = self.question(node.condition), self.question(node.term)
        if isinstance(condition, Always):
            return term if condition.value is True else UNKNOWN
        return UNKNOWN if term == UNKNOWN else q.Provided(condition, term)

    @_lower.register
    def _(self, node: q.Choose) -> Node:
        condition = self.question(node.condition)
        then, otherwise = self.question(node.then), self.question(node.otherwise)
        if isinstance(condition, Always):
            return UNKNOWN if condition.value is None else then if condition.value else otherwise
        if then == otherwise == UNKNOWN:
            return UNKNOWN
        if condition == q.Known(then):
            return then if otherwise == UNKNOWN else FirstAnswered((then, otherwise))
        return q.Choose(condition, then, otherwise)

    @_lower.register
    def _(self, node: Behind) -> Node:
        return Behind(self.question(node.condition), self.node(node.term))

    @_lower.register
    def _(self, node: q.AtLeast) -> Node:
        terms = [self.question(term) for term in node.terms]
        count = node.count - sum(term == TRUE for term in terms)
        left = tuple(term for term in terms if term not in (TRUE, FALSE))
        if count <= 0:
            return TRUE
        return FALSE if count > len(left) else q.AtLeast(count, left)

    @_lower.register
    def _(self, node: q.Sorted) -> Node:
        cases: list[tuple[str, Question]] = []
        otherwise = node.otherwise
        for label, question in node.cases:
            lowered = self.question(question)
            if isinstance(lowered, Always) and lowered.value is not False:
                otherwise = label if lowered.value else node.undetermined
                break
            if lowered != FALSE:
                cases.append((label, lowered))
        return q.Sorted(tuple(cases), otherwise, node.undetermined) if cases else Label(otherwise)


def never_unknown(node: Node) -> bool:
    """Whether a lowered question is true or false for every row, whatever is missing."""
    match node:
        case q.Known() | q.Surely():
            return True
        case Always(value):
            return value is not None
        case q.Not() | q.All() | q.Any() | q.AtLeast():
            return all(never_unknown(part) for part in node.parts())
        case _:
            return False


def _literal(value: float | None) -> Number:
    return NO_NUMBER if value is None else Literal(value)


def _arithmetic(symbol: str, left: Number, right: Number) -> Number:
    if NO_NUMBER in (left, right):
        return NO_NUMBER
    if isinstance(left, Literal) and isinstance(right, Literal):
        return _literal(calculate(symbol, left.value, right.value))
    return q.Arithmetic(symbol, left, right)


def _pick(condition: Question, then: Number, otherwise: Number) -> Number:
    if isinstance(condition, Always):
        return NO_NUMBER if condition.value is None else then if condition.value else otherwise
    return NO_NUMBER if then == otherwise == NO_NUMBER else q.Pick(condition, then, otherwise)


def _compare(left: Number, operator: Operator, right: Number) -> Question:
    if NO_NUMBER in (left, right):
        return UNKNOWN
    if isinstance(left, Literal) and isinstance(right, Literal):
        return Always(compare(left.value, operator, right.value))
    return q.Compare(left, operator, right)


def _extreme(
    kind: type[q.Least] | type[q.Greatest], choose: Callable[[float, float], float], terms: list[Number]
) -> Number:
    if NO_NUMBER in terms:
        return NO_NUMBER
    literals = [term.value for term in terms if isinstance(term, Literal)]
    others = [term for term in dict.fromkeys(terms) if not isinstance(term, Literal)]
    found = (*others, *((Literal(reduce(choose, literals)),) if literals else ()))
    return found[0] if len(found) == 1 else kind(found)


def _joined(kind: type[q.All] | type[q.Any], terms: Iterable[Question], absorbing: Always, neutral: Always) -> Question:
    found: dict[Question, None] = {}
    for term in terms:
        if term == absorbing:
            return absorbing
        if term != neutral:  # a nested term of the same kind stays whole: other questions may share it
            found.setdefault(term)
    left = tuple(found)
    return neutral if not left else left[0] if len(left) == 1 else kind(left)
