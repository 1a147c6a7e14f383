"""The engine for a data frame: every question as a narwhals expression, with the plain engine's answers.

Null stands for unknown. Engines disagree about null in ``min``, ``max``, ``when`` and about what is not a number,
so whatever they could read differently is spelled out: conditions that may be null only choose between values where
null and false mean the same, and every calculated number is checked to be finite.

Number columns hold finite 64-bit floats, yes/no columns booleans, categories strings; ``mgdecide.cohort`` sees to it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Mapping
from functools import reduce, singledispatchmethod
from typing import Any, TypeAlias, TypeVar

import narwhals as nw
from attrs import frozen

from mgdecide.errors import InvalidQuestion, Problem
from mgdecide.logic import questions as q
from mgdecide.logic.lower import Behind, ByWord, FirstAnswered, Floored, Label, Lowering, Settled, never_unknown
from mgdecide.logic.questions import Node
from mgdecide.logic.resolve import Resolver
from mgdecide.logic.stages import plan_stages

Frame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"
FrameT = TypeVar("FrameT", "nw.DataFrame[Any]", "nw.LazyFrame[Any]")

_COMPARE: Mapping[q.Operator, Callable[[nw.Expr, nw.Expr], nw.Expr]] = {
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

    new: Mapping[str, nw.Expr]
    kept: tuple[str, ...]


@frozen
class FrameProgram:
    """Outputs as expressions over the columns that ``stages`` make one after the other."""

    stages: tuple[Stage, ...]
    outputs: Mapping[str, nw.Expr]

    def run(self, frame: FrameT, first: tuple[str, ...], last: tuple[str, ...] = ()) -> FrameT:
        """The columns ``first`` of ``frame``, one column for each output, and the columns ``last``."""
        keep = (*first, *last)
        for stage in self.stages:
            frame = frame.select(*keep, *(name for name in stage.kept if name not in keep), **stage.new)
        # In one go: an output's name may have dots, which Spark would read as paths if it were selected by name.
        return frame.select(*first, **self.outputs, **{name: nw.col(name) for name in last})


def compile_frame(
    outputs: Mapping[str, Node],
    resolver: Resolver,
    columns: Container[str],
    *,
    completed: Mapping[str, Node] | None = None,
    spare: int = 3,
) -> FrameProgram:
    """A program for a frame that has the fact ``columns``; all others are unknown, but for what ``completed`` says.

    Raises:
        InvalidQuestion: a limit or coefficient that ``resolver`` does not know.
    """
    lowering = Lowering(resolver, columns, completed)
    lowered = {name: lowering.node(node) for name, node in outputs.items()}
    writer = _Writer()
    written = [writer.stage(nodes) for nodes in plan_stages(lowered.values(), spare=spare).stages]
    answers = {name: writer.expression(node) for name, node in lowered.items()}
    needed = writer.taken_up()
    stages: list[Stage] = []
    for new, used in reversed(written):
        stages.append(Stage(new, tuple(name for name in sorted(needed) if name not in new)))
        needed = (needed - new.keys()) | used
    return FrameProgram(tuple(reversed(stages)), answers)


class _Writer:
    """Writes lowered nodes as expressions; a hoisted node is a column."""

    def __init__(self) -> None:
        self._columns: dict[Node, str] = {}
        self._used: set[str] = set()

    def stage(self, nodes: tuple[Node, ...]) -> tuple[dict[str, nw.Expr], frozenset[str]]:
        """``nodes`` as new columns, which they are from now on, and the columns they are made of."""
        written = [(node, self.expression(node)) for node in nodes]
        new: dict[str, nw.Expr] = {}
        for node, expression in written:
            name = self._columns[node] = f"{_TEMPORARY}{len(self._columns)}"
            new[name] = expression
        return new, self.taken_up()

    def taken_up(self) -> frozenset[str]:
        """The columns used since this was last asked."""
        used, self._used = frozenset(self._used), set()
        return used

    def expression(self, node: Node) -> nw.Expr:
        """The expression of ``node``."""
        name = self._columns.get(node)
        return self._write(node) if name is None else self._column(name)

    def _column(self, name: str) -> nw.Expr:
        self._used.add(name)
        return nw.col(name)

    @singledispatchmethod
    def _write(self, node: Node) -> nw.Expr:
        raise InvalidQuestion(
            Problem("MGD-Q103", type(node).__name__, "an operator this engine does not know", "one of logic.questions")
        )

    @_write.register
    def _(self, node: q.YesNo) -> nw.Expr:
        return self._column(node.name)

    @_write.register
    def _(self, node: q.Measure) -> nw.Expr:
        return self._column(node.name)

    @_write.register
    def _(self, node: q.Category) -> nw.Expr:
        return self._column(node.name)

    @_write.register
    def _(self, node: q.Always) -> nw.Expr:
        return nw.lit(node.value, dtype=nw.Boolean)

    @_write.register
    def _(self, node: q.Literal) -> nw.Expr:
        return nw.lit(node.value, dtype=nw.Float64)

    @_write.register
    def _(self, node: q.NoNumber) -> nw.Expr:
        return nw.lit(None, dtype=nw.Float64)

    @_write.register
    def _(self, node: Label) -> nw.Expr:
        return nw.lit(node.value, dtype=nw.String)

    # --- numbers ---

    @_write.register
    def _(self, node: ByWord) -> nw.Expr:
        found = nw.lit(None, dtype=nw.Float64)
        for question, number in reversed(node.cases):
            found = nw.when(self.expression(question)).then(nw.lit(number, dtype=nw.Float64)).otherwise(found)
        return found

    @_write.register
    def _(self, node: q.Arithmetic) -> nw.Expr:
        left, right = self.expression(node.left), self.expression(node.right)
        match node.symbol:
            case "+":
                return _finite(left + right)
            case "-":
                return _finite(left - right)
            case "*":
                return _finite(left * right)
            case "/":  # guarded: Spark refuses to divide by zero
                return _finite(nw.when(right != 0.0).then(left / right))
            case _:  # a power of a negative number is unknown, as in the plain engine
                return _finite(nw.when(left >= 0.0).then(left**right))

    @_write.register
    def _(self, node: q.Least) -> nw.Expr:
        return reduce(lambda left, right: _either(left <= right, left, right), map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.Greatest) -> nw.Expr:
        return reduce(lambda left, right: _either(left >= right, left, right), map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.FirstKnown) -> nw.Expr:
        return nw.coalesce(*map(self.expression, node.terms))

    @_write.register
    def _(self, node: Floored) -> nw.Expr:
        term = self.expression(node.term)
        return nw.when(term.abs() < _NO_FRACTION).then(term.floor().cast(nw.Float64)).otherwise(term) / node.scale

    @_write.register
    def _(self, node: q.Pick) -> nw.Expr:
        return self._choose(node.condition, node.then, node.otherwise)

    # --- questions ---

    @_write.register
    def _(self, node: q.Choose) -> nw.Expr:
        return self._choose(node.condition, node.then, node.otherwise)

    def _choose(self, condition: Node, then: Node, otherwise: Node) -> nw.Expr:
        test, yes, no = self.expression(condition), self.expression(then), self.expression(otherwise)
        return nw.when(test).then(yes).otherwise(no) if never_unknown(condition) else _either(test, yes, no)

    @_write.register
    def _(self, node: q.OneOf) -> nw.Expr:
        column = self.expression(node.category)
        return reduce(lambda found, each: found | each, (column == value for value in node.values))

    @_write.register
    def _(self, node: q.Compare) -> nw.Expr:
        return _COMPARE[node.operator](self.expression(node.left), self.expression(node.right))

    @_write.register
    def _(self, node: Settled) -> nw.Expr:
        holds, fails = self.expression(node.holds), self.expression(node.fails)
        return nw.when(holds | fails).then(holds)

    @_write.register
    def _(self, node: q.All) -> nw.Expr:
        return reduce(lambda found, each: found & each, map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.Any) -> nw.Expr:
        return reduce(lambda found, each: found | each, map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.Not) -> nw.Expr:
        return ~self.expression(node.term)

    @_write.register
    def _(self, node: q.Known) -> nw.Expr:
        return ~self.expression(node.term).is_null()

    @_write.register
    def _(self, node: q.Surely) -> nw.Expr:
        return self.expression(node.term).fill_null(False)

    @_write.register
    def _(self, node: q.Provided) -> nw.Expr:
        return nw.when(self.expression(node.condition)).then(self.expression(node.term))

    @_write.register
    def _(self, node: Behind) -> nw.Expr:
        return nw.when(self.expression(node.condition)).then(self.expression(node.term))

    @_write.register
    def _(self, node: FirstAnswered) -> nw.Expr:
        return nw.coalesce(*map(self.expression, node.terms))

    @_write.register
    def _(self, node: q.AtLeast) -> nw.Expr:
        terms = [self.expression(term) for term in node.terms]
        sure, possible = (
            reduce(lambda total, each: total + each, (term.fill_null(kind).cast(nw.Int32) for term in terms))
            for kind in (False, True)
        )
        impossible = nw.when(possible < node.count).then(nw.lit(False))
        return nw.when(sure >= node.count).then(nw.lit(True)).otherwise(impossible)

    @_write.register
    def _(self, node: q.Sorted) -> nw.Expr:
        found = nw.lit(node.otherwise)
        for label, question in reversed(node.cases):
            answer = self.expression(question)
            found = nw.when(answer).then(nw.lit(label)).otherwise(found)
            found = nw.when(answer.is_null()).then(nw.lit(node.undetermined)).otherwise(found)
        return found


def _finite(number: nw.Expr) -> nw.Expr:
    """Null where not finite. Engines that order NaN at all hold it for the largest number."""
    return nw.when(number.abs() <= sys.float_info.max).then(number)


def _either(condition: nw.Expr, then: nw.Expr, otherwise: nw.Expr) -> nw.Expr:
    """``then`` where true, ``otherwise`` where false, null where null."""
    return nw.when(condition).then(then).otherwise(nw.when(~condition).then(otherwise))
