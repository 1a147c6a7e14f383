"""The engine for one patient: many questions compiled, once, to one plain Python function.

Every distinct node becomes one line of straight-line Python, so a sub-question shared by forty rules is answered
once. Names and numbers enter through the function's namespace, never through the source text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import singledispatchmethod

from attrs import frozen

from mgdecide.errors import InvalidQuestion, Problem
from mgdecide.logic.questions import (
    All,
    Always,
    Any,
    Arithmetic,
    AtLeast,
    Category,
    Choose,
    Coefficient,
    Compare,
    FirstKnown,
    Greatest,
    Known,
    Lab,
    LabCompare,
    LabIn,
    Least,
    Limit,
    LimitFor,
    Literal,
    Measure,
    Node,
    NoNumber,
    Not,
    OneOf,
    Operator,
    OwnEdge,
    Pick,
    Provided,
    Rounded,
    Sorted,
    Surely,
    UnitEdges,
    YesNo,
    walk,
)
from mgdecide.logic.resolve import Answer, Resolver, Row

Compiled = Callable[[Row], tuple[Answer, ...]]

# What "every value the report allows" answers: for a reported comparator and a question `value ? edge`, the test
# on the printed number that settles the question, and the answer it gives. Anything else stays unknown.
SETTLED: Mapping[tuple[Operator, str], tuple[Operator, bool]] = {
    (Operator.LESS, "<"): (Operator.AT_MOST, True),
    (Operator.LESS, "<="): (Operator.LESS, True),
    (Operator.LESS, ">"): (Operator.AT_LEAST, False),
    (Operator.LESS, ">="): (Operator.AT_LEAST, False),
    (Operator.AT_MOST, "<"): (Operator.AT_MOST, True),
    (Operator.AT_MOST, "<="): (Operator.AT_MOST, True),
    (Operator.AT_MOST, ">"): (Operator.AT_LEAST, False),
    (Operator.AT_MOST, ">="): (Operator.MORE, False),
    (Operator.MORE, "<"): (Operator.AT_MOST, False),
    (Operator.MORE, "<="): (Operator.AT_MOST, False),
    (Operator.MORE, ">"): (Operator.AT_LEAST, True),
    (Operator.MORE, ">="): (Operator.MORE, True),
    (Operator.AT_LEAST, "<"): (Operator.AT_MOST, False),
    (Operator.AT_LEAST, "<="): (Operator.LESS, False),
    (Operator.AT_LEAST, ">"): (Operator.AT_LEAST, True),
    (Operator.AT_LEAST, ">="): (Operator.AT_LEAST, True),
}


def compare(left: float, operator: Operator, right: float) -> bool:
    """One of the four comparisons on plain numbers."""
    if operator is Operator.LESS:
        return left < right
    if operator is Operator.AT_MOST:
        return left <= right
    if operator is Operator.MORE:
        return left > right
    return left >= right


def settle(value: float, comparator: str, operator: Operator, edge: float) -> bool | None:
    """The answer to ``value operator edge`` when the report read ``comparator value``."""
    test, answer = SETTLED[operator, comparator]
    return answer if compare(value, test, edge) else None


def round_half_up(value: float, digits: int) -> float | None:
    """Half up, by floor, so that every engine rounds alike; unknown where that is not a finite number."""
    scale = 10.0**digits
    scaled = value * scale + 0.5
    return math.floor(scaled) / scale if math.isfinite(scaled) else None


def calculate(symbol: str, left: float, right: float) -> float | None:
    """Arithmetic that answers unknown where the result is not a finite real number."""
    return _CALCULATE[symbol](left, right)


def _finite(result: float) -> float | None:
    return result if math.isfinite(result) else None


def _divided(left: float, right: float) -> float | None:
    return _finite(float(left / right)) if right else None


def _to_the_power(left: float, right: float) -> float | None:
    """A negative base to a fraction is complex in Python and not a number elsewhere: unknown everywhere."""
    try:
        return _finite(float(left**right)) if left >= 0 else None
    except (ZeroDivisionError, OverflowError):
        return None


_CALCULATE: Mapping[str, Callable[[float, float], float | None]] = {
    "+": lambda left, right: _finite(float(left + right)),
    "-": lambda left, right: _finite(float(left - right)),
    "*": lambda left, right: _finite(float(left * right)),
    "/": _divided,
    "**": _to_the_power,
}


@frozen(eq=False)
class Program:
    """Questions compiled so that every answer below them can be looked up afterwards.

    ``run`` gives one tuple of values for a row: first those of the outputs in their order, then of every other node
    below them. ``slots`` says where the value of a node stands.
    """

    run: Compiled
    slots: Mapping[Node, int]
    _by_identity: Mapping[int, int]
    _kept: tuple[Node, ...]

    def slot(self, node: Node) -> int:
        """Where the value of ``node`` stands. Raises ``KeyError`` for a node that was not compiled."""
        found = self._by_identity.get(id(node))  # comparing large nodes by structure is slow, and seldom needed
        return self.slots[node] if found is None else found


def compile_plain(outputs: Iterable[Node], resolver: Resolver) -> Compiled:
    """A function from a fact row to the answers of ``outputs``, in their order.

    Raises:
        InvalidQuestion: a limit or coefficient that ``resolver`` does not know.
    """
    writer = _Writer(resolver)
    return writer.function([writer.name_of(node) for node in outputs])


def compile_program(outputs: Iterable[Node], resolver: Resolver) -> Program:
    """A program that keeps the answer of every node below ``outputs``.

    Raises:
        InvalidQuestion: a limit or coefficient that ``resolver`` does not know.
    """
    writer = _Writer(resolver)
    kept = tuple(outputs)
    nodes = {id(node): node for output in kept for node in walk(output)}
    for node in nodes.values():
        writer.name_of(node)
    first = [writer.name_of(output) for output in kept]
    others = [name for name in dict.fromkeys(writer.names.values()) if name not in set(first)]
    places = {name: index for index, name in reversed([*enumerate([*first, *others])])}
    slots = {node: places[name] for node, name in writer.names.items()}
    by_identity = {identity: slots[node] for identity, node in nodes.items()}
    return Program(writer.function([*first, *others]), slots, by_identity, kept)


class _Writer:
    """Writes one assignment per distinct node; ``namespace`` holds every constant the lines refer to."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.lines: list[str] = []
        self.namespace: dict[str, object] = {"settle": settle, "round_half_up": round_half_up}
        self.names: dict[Node, str] = {}
        self._columns: dict[str, str] = {}

    def name_of(self, node: Node) -> str:
        """The local variable that holds the node's answer; written on first use."""
        found = self.names.get(node)
        if found is None:
            expression = self.write(node)
            found = expression if expression.isidentifier() else self._assign(expression)
            self.names[node] = found
        return found

    def function(self, results: list[str]) -> Compiled:
        """The function that runs the lines written so far and returns ``results``."""
        answer = f"({', '.join(results)},)" if results else "()"
        self.define("def answers(row):", "    get = row.get", *self.lines, f"    return {answer}")
        compiled: Compiled = self.namespace["answers"]  # type: ignore[assignment]  # defined above
        return compiled

    def define(self, *lines: str) -> None:
        """Put the function that the lines define into the namespace. Nowhere else is text made into code."""
        exec(compile("\n".join(lines), "<mgdecide rulebook>", "exec"), self.namespace)

    def column(self, name: str) -> str:
        if name not in self._columns:
            self._columns[name] = self._assign(f"get({self.constant(name)})")
        return self._columns[name]

    def constant(self, value: object) -> str:
        name = f"k{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def _assign(self, expression: str) -> str:
        name = f"v{len(self.lines)}"
        self.lines.append(f"    {name} = {expression}")
        return name

    def _where_known(self, names: Iterable[str], expression: str) -> str:
        """The expression, or None where an operand is; a constant that is there needs no asking."""
        asked = [name for name in names if self.namespace.get(name) is None]
        return f"None if {_some(asked, 'is None')} else {expression}" if asked else expression

    @singledispatchmethod
    def write(self, node: Node) -> str:
        raise InvalidQuestion(
            Problem("MGD-Q103", type(node).__name__, "an operator this engine does not know", "one of logic.questions")
        )

    @write.register
    def _(self, node: YesNo) -> str:
        return self.column(node.name)

    @write.register
    def _(self, node: Measure) -> str:
        return self.column(node.name)

    @write.register
    def _(self, node: Category) -> str:
        return self.column(node.name)

    @write.register
    def _(self, node: Lab) -> str:
        return self.column(node.name)

    @write.register
    def _(self, node: Always) -> str:
        return self.constant(node.value)

    @write.register
    def _(self, node: NoNumber) -> str:
        return self.constant(None)

    @write.register
    def _(self, node: Literal) -> str:
        return self.constant(float(node.value))

    @write.register
    def _(self, node: Limit) -> str:
        return self.constant(self.resolver.number(node.id, node.unit))

    @write.register
    def _(self, node: Coefficient) -> str:
        return self.constant(self.resolver.number(node.id))

    @write.register
    def _(self, node: UnitEdges) -> str:
        return self._by_unit(node.lab, dict(node.edges))

    @write.register
    def _(self, node: LimitFor) -> str:
        return self._by_unit(node.lab, dict(self.resolver.edges(node.limit.id, node.lab.units)))

    def _by_unit(self, lab: Lab, edges: Mapping[str, float]) -> str:
        return f"{self.constant(edges)}.get({self.column(f'{lab.name}_unit')})"

    @write.register
    def _(self, node: OwnEdge) -> str:
        return self.column(f"{node.lab.name}_{node.side}")

    @write.register
    def _(self, node: LabIn) -> str:
        factors = conversion_factors(node, self.resolver)
        factor = self._assign(self._by_unit(node.lab, factors))
        value, comparator = self.column(node.lab.name), self.column(f"{node.lab.name}_comparator")
        return f"{value} * {factor} if {value} is not None and {factor} is not None and {comparator} is None else None"

    @write.register
    def _(self, node: Arithmetic) -> str:
        left, right = self.name_of(node.left), self.name_of(node.right)
        work_out = self.constant(_CALCULATE[node.symbol])
        return self._where_known((left, right), f"{work_out}({left}, {right})")

    @write.register
    def _(self, node: Least) -> str:
        names = [self.name_of(term) for term in node.terms]
        return self._where_known(names, f"min({', '.join(names)})")

    @write.register
    def _(self, node: Greatest) -> str:
        names = [self.name_of(term) for term in node.terms]
        return self._where_known(names, f"max({', '.join(names)})")

    @write.register
    def _(self, node: FirstKnown) -> str:
        names = [self.name_of(term) for term in node.terms]
        return "".join(f"{name} if {name} is not None else " for name in names[:-1]) + names[-1]

    @write.register
    def _(self, node: Rounded) -> str:
        name = self.name_of(node.term)
        return self._where_known((name,), f"round_half_up({name}, {self.constant(node.digits)})")

    @write.register
    def _(self, node: Pick) -> str:
        return self._choose(node.condition, node.then, node.otherwise)

    @write.register
    def _(self, node: Choose) -> str:
        return self._choose(node.condition, node.then, node.otherwise)

    def _choose(self, condition: Node, then: Node, otherwise: Node) -> str:
        test, yes, no = self.name_of(condition), self.name_of(then), self.name_of(otherwise)
        return f"None if {test} is None else {yes} if {test} else {no}"

    @write.register
    def _(self, node: OneOf) -> str:
        name, values = self.name_of(node.category), self.constant(frozenset(node.values))
        return f"None if {name} is None else {name} in {values}"

    @write.register
    def _(self, node: Compare) -> str:
        left, right = self.name_of(node.left), self.name_of(node.right)
        return self._where_known((left, right), f"{left} {node.operator.value} {right}")

    @write.register
    def _(self, node: LabCompare) -> str:
        value, edge = self.column(node.lab.name), self.name_of(node.edge)
        comparator, operator = self.column(f"{node.lab.name}_comparator"), self.constant(node.operator)
        settled = f"settle({value}, {comparator}, {operator}, {edge})"
        compared = f"{value} {node.operator.value} {edge} if {comparator} is None else {settled}"
        return self._where_known((value, edge), compared)

    @write.register
    def _(self, node: All) -> str:
        names = [self.name_of(term) for term in node.terms]
        return f"False if {_some(names, 'is False')} else None if {_some(names, 'is None')} else True"

    @write.register
    def _(self, node: Any) -> str:
        names = [self.name_of(term) for term in node.terms]
        return f"True if {_some(names, 'is True')} else None if {_some(names, 'is None')} else False"

    @write.register
    def _(self, node: Not) -> str:
        name = self.name_of(node.term)
        return f"None if {name} is None else not {name}"

    @write.register
    def _(self, node: Known) -> str:
        return f"{self.name_of(node.term)} is not None"

    @write.register
    def _(self, node: Surely) -> str:
        return f"{self.name_of(node.term)} is True"

    @write.register
    def _(self, node: Provided) -> str:
        return f"{self.name_of(node.term)} if {self.name_of(node.condition)} is True else None"

    @write.register
    def _(self, node: AtLeast) -> str:
        names = [self.name_of(term) for term in node.terms]
        sure = self._assign(" + ".join(f"({name} is True)" for name in names))
        possible = self._assign(" + ".join(f"({name} is not False)" for name in names))
        return f"True if {sure} >= {node.count} else False if {possible} < {node.count} else None"

    @write.register
    def _(self, node: Sorted) -> str:
        unsure = self.constant(node.undetermined)
        chain = ""
        for label, question in node.cases:
            name = self.name_of(question)
            chain += f"{self.constant(label)} if {name} is True else {unsure} if {name} is None else "
        return chain + self.constant(node.otherwise)


def conversion_factors(node: LabIn, resolver: Resolver) -> dict[str, float]:
    """Factor by reported unit for a conversion; units that cannot be converted are absent."""
    factors = {unit: resolver.factor(node.lab.name, unit, node.unit) for unit in node.lab.units}
    return {unit: factor for unit, factor in factors.items() if factor is not None}


def _some(names: Iterable[str], test: str) -> str:
    return " or ".join(f"{name} {test}" for name in names) or "False"
