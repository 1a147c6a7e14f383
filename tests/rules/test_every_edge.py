"""Every threshold that any rule reads, in every unit: at the edge, one last digit below, one above.

The expected answer is decimal arithmetic over the printed edge; the engine works with doubles. A list of what was
looked at keeps the table from going empty.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from mgdecide.knowledge.edition import default_knowledge
from mgdecide.logic.plain import compile_plain
from mgdecide.logic.questions import Compare, LabCompare, Limit, LimitFor, Measure, Operator
from mgdecide.rules.rulebook import rulebook

KNOWLEDGE = default_knowledge()
NODES = list(rulebook(KNOWLEDGE).program.slots)


def _holds(value: Decimal, operator: Operator, edge: Decimal) -> bool:
    return {
        Operator.LESS: value < edge,
        Operator.AT_MOST: value <= edge,
        Operator.MORE: value > edge,
        Operator.AT_LEAST: value >= edge,
    }[operator]


def _around(edge: Decimal) -> list[Decimal]:
    """One last digit to either side; of a converted edge with its forty digits, a billionth of it."""
    digits, exponent = edge.as_tuple().digits, edge.as_tuple().exponent
    assert isinstance(exponent, int)
    step = Decimal((0, (1,), min(exponent, 0))) if len(digits) < 12 else edge * Decimal("1e-9")
    return [edge - step, edge, edge + step]


LAB_EDGES = [
    pytest.param(node, unit, edge, id=f"{node.lab.name} {node.operator.value} {node.edge.limit.id} {unit}")
    for node in NODES
    if isinstance(node, LabCompare) and isinstance(node.edge, LimitFor)
    for unit, edge in KNOWLEDGE.limits[node.edge.limit.id].edges.items()
    if unit in node.lab.units
]
NUMBER_EDGES = [
    pytest.param(node, edge, id=f"{node.left.name} {node.operator.value} {node.right.id}")
    for node in NODES
    if isinstance(node, Compare) and isinstance(node.left, Measure) and isinstance(node.right, Limit)
    for edge in KNOWLEDGE.limits[node.right.id].edges.values()
]


@pytest.mark.parametrize(("node", "unit", "edge"), LAB_EDGES)
def test_laboratory_edges(node: LabCompare, unit: str, edge: Decimal) -> None:
    answers = compile_plain([node], KNOWLEDGE)
    for value in _around(edge):
        row = {node.lab.name: float(value), f"{node.lab.name}_unit": unit}
        assert answers(row) == (_holds(value, node.operator, edge),), f"{value} {unit}"
    other = {node.lab.name: float(edge), f"{node.lab.name}_unit": "a unit nobody knows"}
    assert answers(other) == (None,)
    assert answers({}) == (None,)


@pytest.mark.parametrize(("node", "edge"), NUMBER_EDGES)
def test_number_edges(node: Compare, edge: Decimal) -> None:
    assert isinstance(node.left, Measure)
    answers = compile_plain([node], KNOWLEDGE)
    for value in _around(edge):
        assert answers({node.left.name: float(value)}) == (_holds(value, node.operator, edge),)
    assert answers({}) == (None,)


def test_the_tables_are_not_empty() -> None:
    assert len(LAB_EDGES) > 100
    assert len(NUMBER_EDGES) > 40
    assert {"mmol/L", "mg/dL", "mEq/L", "umol/L", "mg/L"} <= {str(parameter.values[1]) for parameter in LAB_EDGES}
