"""The engine for a data frame: every question as a column expression, with the plain engine's answers.

Null stands for unknown. Engines disagree about null in ``min``, ``max``, ``when`` and about what is not a number,
so whatever they could read differently is spelled out: conditions that may be null only choose between values where
null and false mean the same, and every calculated number is checked to be finite.

Number columns hold finite 64-bit floats, yes/no columns booleans, categories texts; ``mgdecide.cohort`` sees to it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Mapping
from functools import reduce, singledispatchmethod

from attrs import frozen

from mgdecide.errors import InvalidQuestion, Problem
from mgdecide.logic import questions as q
from mgdecide.logic.lower import Behind, ByWord, FirstAnswered, Floored, Label, Lowering, Settled, never_unknown
from mgdecide.logic.questions import Node
from mgdecide.logic.resolve import Resolver
from mgdecide.logic.stages import plan_stages
from mgdecide.logic.verbs import Expression, Kind, Select, Verbs

_COMPARE: Mapping[q.Operator, Callable[[Expression, Expression], Expression]] = {
    q.Operator.LESS: lambda left, right: left < right,
    q.Operator.AT_MOST: lambda left, right: left <= right,
    q.Operator.MORE: lambda left, right: left > right,
    q.Operator.AT_LEAST: lambda left, right: left >= right,
}
# Above this a double has no fraction left to round, and Spark's floor, a 64-bit integer, soon overflows.
_NO_FRACTION = 2.0**53
_TEMPORARY = "mgdecide_part_"


@frozen
class Stage:
    """New columns made of earlier ones, and the earlier ones that are still needed afterwards."""

    new: Mapping[str, Expression]
    kept: tuple[str, ...]


@frozen
class FrameProgram:
    """Outputs as expressions over the columns that ``stages`` make one after the other."""

    verbs: Verbs
    stages: tuple[Stage, ...]
    outputs: Mapping[str, Expression]

    def selects(self, first: tuple[str, ...], last: tuple[str, ...] = ()) -> tuple[Select, ...]:
        """The steps to the columns ``first`` of the frame, one column for each output, and the columns ``last``."""
        kept = (*first, *last)
        steps: list[Select] = [
            {**self._as_they_are(dict.fromkeys((*kept, *stage.kept))), **stage.new} for stage in self.stages
        ]
        steps.append({**self._as_they_are(first), **self.outputs, **self._as_they_are(last)})
        return tuple(steps)

    def _as_they_are(self, names: Iterable[str]) -> dict[str, Expression]:
        return {name: self.verbs.column(name) for name in names}


def compile_frame(
    outputs: Mapping[str, Node],
    resolver: Resolver,
    columns: Container[str],
    verbs: Verbs,
    *,
    completed: Mapping[str, Node] | None = None,
    spare: int = 3,
) -> FrameProgram:
    """A program for a frame that has the fact ``columns``; all others are unknown, but for what ``completed`` says.

    ``verbs`` are those of the engine, ``spare`` what a shared part must spare to become a column of its own.

    Raises:
        InvalidQuestion: a limit or coefficient that ``resolver`` does not know.
    """
    lowering = Lowering(resolver, columns, completed)
    lowered = {name: lowering.node(node) for name, node in outputs.items()}
    writer = _Writer(verbs)
    written = [writer.stage(nodes) for nodes in plan_stages(lowered.values(), spare=spare).stages]
    answers = {name: writer.expression(node) for name, node in lowered.items()}
    needed = writer.taken_up()
    stages: list[Stage] = []
    for new, used in reversed(written):
        stages.append(Stage(new, tuple(name for name in sorted(needed) if name not in new)))
        needed = (needed - new.keys()) | used
    return FrameProgram(verbs, tuple(reversed(stages)), answers)


class _Writer:
    """Writes lowered nodes as expressions; a hoisted node is a column."""

    def __init__(self, verbs: Verbs) -> None:
        self.verbs = verbs
        self._columns: dict[Node, str] = {}
        self._used: set[str] = set()

    def stage(self, nodes: tuple[Node, ...]) -> tuple[dict[str, Expression], frozenset[str]]:
        """``nodes`` as new columns, which they are from now on, and the columns they are made of."""
        written = [(node, self.expression(node)) for node in nodes]
        new: dict[str, Expression] = {}
        for node, expression in written:
            name = self._columns[node] = f"{_TEMPORARY}{len(self._columns)}"
            new[name] = expression
        return new, self.taken_up()

    def taken_up(self) -> frozenset[str]:
        """The columns used since this was last asked."""
        used, self._used = frozenset(self._used), set()
        return used

    def expression(self, node: Node) -> Expression:
        """The expression of ``node``."""
        name = self._columns.get(node)
        return self._write(node) if name is None else self._column(name)

    def _column(self, name: str) -> Expression:
        self._used.add(name)
        return self.verbs.column(name)

    def _finite(self, number: Expression) -> Expression:
        """Null where not finite. Engines that order NaN at all hold it for the largest number."""
        return self.verbs.when(number.abs() <= sys.float_info.max, number)

    def _either(self, condition: Expression, then: Expression, otherwise: Expression) -> Expression:
        """``then`` where true, ``otherwise`` where false, null where null."""
        return self.verbs.when(condition, then, self.verbs.when(~condition, otherwise))

    @singledispatchmethod
    def _write(self, node: Node) -> Expression:
        raise InvalidQuestion(
            Problem("MGD-Q103", type(node).__name__, "an operator this engine does not know", "one of logic.questions")
        )

    @_write.register
    def _(self, node: q.YesNo) -> Expression:
        return self._column(node.name)

    @_write.register
    def _(self, node: q.Measure) -> Expression:
        return self._column(node.name)

    @_write.register
    def _(self, node: q.Category) -> Expression:
        return self._column(node.name)

    @_write.register
    def _(self, node: q.Always) -> Expression:
        return self.verbs.null(Kind.TRUTH) if node.value is None else self.verbs.literal(node.value)

    @_write.register
    def _(self, node: q.Literal) -> Expression:
        return self.verbs.literal(node.value)

    @_write.register
    def _(self, node: q.NoNumber) -> Expression:
        return self.verbs.null(Kind.NUMBER)

    @_write.register
    def _(self, node: Label) -> Expression:
        return self.verbs.literal(node.value)

    # --- numbers ---

    @_write.register
    def _(self, node: ByWord) -> Expression:
        found: Expression | None = None
        for question, number in reversed(node.cases):
            found = self.verbs.when(self.expression(question), self.verbs.literal(number), found)
        return self.verbs.null(Kind.NUMBER) if found is None else found

    @_write.register
    def _(self, node: q.Arithmetic) -> Expression:
        left, right = self.expression(node.left), self.expression(node.right)
        match node.symbol:
            case "+":
                return self._finite(left + right)
            case "-":
                return self._finite(left - right)
            case "*":
                return self._finite(left * right)
            case "/":  # guarded: Spark refuses to divide by zero
                return self._finite(self.verbs.when(~self.verbs.equals(right, 0.0), left / right))
            case _:  # a power of a negative number is unknown, as in the plain engine
                return self._finite(self.verbs.when(left >= 0.0, left**right))

    @_write.register
    def _(self, node: q.Least) -> Expression:
        terms = map(self.expression, node.terms)
        return reduce(lambda left, right: self._either(left <= right, left, right), terms)

    @_write.register
    def _(self, node: q.Greatest) -> Expression:
        terms = map(self.expression, node.terms)
        return reduce(lambda left, right: self._either(left >= right, left, right), terms)

    @_write.register
    def _(self, node: q.FirstKnown) -> Expression:
        return self.verbs.first_known(*map(self.expression, node.terms))

    @_write.register
    def _(self, node: Floored) -> Expression:
        term = self.expression(node.term)
        whole = self.verbs.cast(term.floor(), Kind.NUMBER)
        return self.verbs.when(term.abs() < _NO_FRACTION, whole, term) / node.scale

    @_write.register
    def _(self, node: q.Pick) -> Expression:
        return self._choose(node.condition, node.then, node.otherwise)

    # --- questions ---

    @_write.register
    def _(self, node: q.Choose) -> Expression:
        return self._choose(node.condition, node.then, node.otherwise)

    def _choose(self, condition: Node, then: Node, otherwise: Node) -> Expression:
        test, yes, no = self.expression(condition), self.expression(then), self.expression(otherwise)
        return self.verbs.when(test, yes, no) if never_unknown(condition) else self._either(test, yes, no)

    @_write.register
    def _(self, node: q.OneOf) -> Expression:
        column = self.expression(node.category)
        return reduce(lambda found, each: found | each, (self.verbs.equals(column, word) for word in node.values))

    @_write.register
    def _(self, node: q.Compare) -> Expression:
        return _COMPARE[node.operator](self.expression(node.left), self.expression(node.right))

    @_write.register
    def _(self, node: Settled) -> Expression:
        holds, fails = self.expression(node.holds), self.expression(node.fails)
        return self.verbs.when(holds | fails, holds)

    @_write.register
    def _(self, node: q.All) -> Expression:
        return reduce(lambda found, each: found & each, map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.Any) -> Expression:
        return reduce(lambda found, each: found | each, map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.Not) -> Expression:
        return ~self.expression(node.term)

    @_write.register
    def _(self, node: q.Known) -> Expression:
        return ~self.expression(node.term).is_null()

    @_write.register
    def _(self, node: q.Surely) -> Expression:
        return self.verbs.first_known(self.expression(node.term), self.verbs.literal(False))

    @_write.register
    def _(self, node: q.Provided) -> Expression:
        return self.verbs.when(self.expression(node.condition), self.expression(node.term))

    @_write.register
    def _(self, node: Behind) -> Expression:
        return self.verbs.when(self.expression(node.condition), self.expression(node.term))

    @_write.register
    def _(self, node: FirstAnswered) -> Expression:
        return self.verbs.first_known(*map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.AtLeast) -> Expression:
        terms = [self.expression(term) for term in node.terms]
        sure, possible = self._count(terms, False), self._count(terms, True)
        impossible = self.verbs.when(possible < node.count, self.verbs.literal(False))
        return self.verbs.when(sure >= node.count, self.verbs.literal(True), impossible)

    def _count(self, terms: list[Expression], unknown: bool) -> Expression:
        """How many terms are true if an unknown one is read as ``unknown``."""
        read = (self.verbs.first_known(term, self.verbs.literal(unknown)) for term in terms)
        return reduce(lambda total, each: total + each, (self.verbs.cast(each, Kind.COUNT) for each in read))

    @_write.register
    def _(self, node: q.Sorted) -> Expression:
        undetermined = self.verbs.literal(node.undetermined)
        found = self.verbs.literal(node.otherwise)
        for label, question in reversed(node.cases):
            answer = self.expression(question)
            found = self.verbs.when(answer, self.verbs.literal(label), found)
            if not never_unknown(question):
                found = self.verbs.when(answer.is_null(), undetermined, found)
        return found
