"""Which sub-questions are worked out first, so that none is worked out twice.

A frame engine sees each output as a tree. Written out in full, a part that forty rules share is evaluated forty
times, and a part shared by shared parts more often still. Such parts become columns of their own, in stages: a
column of one stage is made of columns of the stages before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from mgdecide.logic import questions as q
from mgdecide.logic.lower import Floored, Settled, never_unknown
from mgdecide.logic.questions import Node

_LEAVES = (q.YesNo, q.Measure, q.Category, q.Always, q.Literal, q.NoNumber)


@frozen
class Stages:
    """``stages[i]`` are the nodes that become columns in stage i, each made of columns of earlier stages."""

    stages: tuple[tuple[Node, ...], ...]


def plan_stages(outputs: Iterable[Node], *, spare: int) -> Stages:
    """The stages for ``outputs``.

    A node becomes a column if doing so spares at least ``spare`` operations. A large number makes few stages and
    large expressions, a small one many stages and small expressions; what is best depends on the engine.
    """
    wanted = tuple(outputs)
    uses = _uses(wanted)
    sizes: dict[Node, int] = {}
    hoisted: dict[Node, int] = {}
    depths: dict[Node, int] = {}
    for node in uses:  # parts before the whole
        size = 1 + sum(sizes[part] * times for part, times in _written(node))
        depth = max((depths[part] for part in node.parts()), default=0)
        if not isinstance(node, _LEAVES) and (uses[node] - 1) * size >= spare:
            hoisted[node] = depth
            size, depth = 0, depth + 1
        sizes[node], depths[node] = size, depth
    stages: list[list[Node]] = [[] for _ in range(max(hoisted.values(), default=-1) + 1)]
    for node, depth in hoisted.items():
        stages[depth].append(node)
    return Stages(tuple(map(tuple, stages)))


def _uses(outputs: tuple[Node, ...]) -> Mapping[Node, int]:
    """How many places each node is used in; parts stand before the nodes they are parts of."""
    uses: dict[Node, int] = {}

    def visit(node: Node) -> None:
        if node in seen:
            return
        seen.add(node)
        for part in node.parts():
            visit(part)
        uses.setdefault(node, 0)
        for part, times in _written(node):
            uses[part] += times

    seen: set[Node] = set()
    for node in outputs:
        visit(node)
        uses[node] += 1
    return uses


def _written(node: Node) -> Iterator[tuple[Node, int]]:
    """The parts of a node, and how often each is written where the frame engine writes the node."""
    match node:
        case q.Arithmetic(_, left, right):
            yield left, 2
            yield right, 2
        case q.Pick(condition, then, otherwise) | q.Choose(condition, then, otherwise):
            yield condition, 1 if never_unknown(condition) else 2
            yield then, 1
            yield otherwise, 1
        case Settled(holds, fails):
            yield holds, 2
            yield fails, 1
        case Floored(term):
            yield term, 3
        case q.Sorted() | q.AtLeast() | q.Least() | q.Greatest():
            for part in node.parts():
                yield part, 2
        case _:
            for part in node.parts():
                yield part, 1
