"""One fact tried at many values, all else held: only what depends on it is worked out anew.

Of the questions that read the fact, every part that does not read it has one answer for all values. Such parts are
taken from a program that was run before, and those that stand side by side in one conjunction or disjunction are
joined once, before the first value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from mgdecide.logic.plain import Program, _some, _Writer
from mgdecide.logic.questions import (
    All,
    Always,
    Any,
    Category,
    Coefficient,
    Lab,
    LabCompare,
    LabIn,
    Limit,
    LimitFor,
    Literal,
    Measure,
    Node,
    NoNumber,
    OwnEdge,
    UnitEdges,
    YesNo,
)
from mgdecide.logic.resolve import Answer, Resolver, Row

_CONSTANT = (Always, Coefficient, Limit, Literal, NoNumber)

Tried = Callable[[Iterable[tuple[object, ...]]], list[tuple[Answer, ...]]]
"""Values of the columns -> the answers at each of them."""


@frozen(eq=False)
class Variation:
    """What depends on some columns. ``outputs`` are the places, among the questions, of those that do.

    ``around`` takes a row and what the program answered for it, and holds all of it but the columns.
    """

    outputs: tuple[int, ...]
    around: Callable[[Row, tuple[Answer, ...]], Tried]


def compile_variation(
    questions: Sequence[Node], columns: Sequence[str], program: Program, resolver: Resolver
) -> Variation:
    """What answers those of ``questions`` that read ``columns``, over many values of these.

    ``program`` holds every node below ``questions``; its answers for the row stand in for what does not vary.

    Raises:
        InvalidQuestion: a limit or coefficient that ``resolver`` does not know.
    """
    writer = _Varying(columns, program, resolver)
    outputs = tuple(at for at, question in enumerate(questions) if writer.varies(question))
    return Variation(outputs, writer.around([writer.name_of(questions[at]) for at in outputs]))


class _Varying(_Writer):
    """Writes ``lines`` to be run at each value, and ``once`` to be run before the first of them."""

    def __init__(self, columns: Sequence[str], program: Program, resolver: Resolver) -> None:
        super().__init__(resolver)
        self.program = program
        self.varied = {column: f"c{at}" for at, column in enumerate(columns)}
        self.once: list[str] = []
        self._varies: dict[Node, bool] = {}

    def varies(self, node: Node) -> bool:
        found = self._varies.get(node)
        if found is None:
            found = any(self.varies(part) for part in node.parts()) or any(
                column in self.varied for column in columns_read(node)
            )
            self._varies[node] = found
        return found

    def name_of(self, node: Node) -> str:
        found = self.names.get(node)
        if found is None:
            if isinstance(node, _CONSTANT):
                found = self.write(node)
            elif not self.varies(node):
                found = self._once(f"base[{self.program.slot(node)}]")
            else:
                expression = self._joined(node) if isinstance(node, All | Any) else self.write(node)
                found = expression if expression.isidentifier() else self._assign(expression)
            self.names[node] = found
        return found

    def column(self, name: str) -> str:
        if name in self.varied:
            return self.varied[name]
        if name not in self._columns:
            self._columns[name] = self._once(f"row.get({self.constant(name)})")
        return self._columns[name]

    def around(self, results: list[str]) -> Callable[[Row, tuple[Answer, ...]], Tried]:
        """The function that takes what is held, and gives one that goes through the values."""
        self.define(
            "def around(row, base):",
            *(f"    {line}" for line in self.once),
            "    def tried(values):",
            "        found = []",
            f"        for ({', '.join(self.varied.values())},) in values:",
            *(f"        {line}" for line in self.lines),
            f"            found.append(({', '.join(results)},))" if results else "            found.append(())",
            "        return found",
            "    return tried",
        )
        compiled: Callable[[Row, tuple[Answer, ...]], Tried] = self.namespace["around"]  # type: ignore[assignment]
        return compiled

    def _joined(self, node: All | Any) -> str:
        """Kleene's and, or: in any order, so that the terms which stay as they are are joined first."""
        stay = [self.name_of(term) for term in node.terms if not self.varies(term)]
        vary = [self.name_of(term) for term in node.terms if self.varies(term)]
        if len(stay) > 1:
            stay = [self._once(_kleene(node, stay))]
        return _kleene(node, [*stay, *vary])

    def _once(self, expression: str) -> str:
        name = f"h{len(self.once)}"
        self.once.append(f"{name} = {expression}")
        return name


def _kleene(node: All | Any, names: list[str]) -> str:
    first = isinstance(node, Any)
    return f"{first} if {_some(names, f'is {first}')} else None if {_some(names, 'is None')} else {not first}"


def columns_read(node: Node) -> tuple[str, ...]:
    """The columns a node itself reads; those of its parts are not counted."""
    match node:
        case YesNo(name) | Measure(name) | Category(name) | Lab(name):
            return (name,)
        case LabCompare(lab):
            return lab.name, f"{lab.name}_comparator"
        case LabIn(lab):
            return lab.name, f"{lab.name}_unit", f"{lab.name}_comparator"
        case UnitEdges(lab) | LimitFor(lab):
            return (f"{lab.name}_unit",)
        case OwnEdge(lab, side):
            return (f"{lab.name}_{side}",)
        case _:
            return ()
