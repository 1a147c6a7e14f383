"""Which shared parts become columns, counted by hand from how often a frame engine writes each part."""

from __future__ import annotations

import pytest

from mgdecide.logic.lower import Floored, Settled
from mgdecide.logic.questions import (
    AtLeast,
    Choose,
    Greatest,
    Least,
    Literal,
    Measure,
    Node,
    Pick,
    Question,
    Sorted,
    YesNo,
    known,
    surely,
)
from mgdecide.logic.stages import plan_stages

A, B, C = YesNo("a"), YesNo("b"), YesNo("c")
X, Y = Measure("x", "u"), Measure("y", "u")
AB = A & B  # three nodes written out
SUM = X + Y  # each side twice, as an unknown side or result is unknown: five


def stages(*outputs: Node, spare: int) -> list[list[Node]]:
    return [list(stage) for stage in plan_stages(outputs, spare=spare).stages]


@pytest.mark.parametrize(("spare", "hoisted"), [(1, True), (3, True), (4, False)])
def test_a_part_used_twice_is_hoisted_where_that_spares_enough(spare: int, hoisted: bool) -> None:
    """``a & b`` written a second time costs three operations."""
    assert stages(AB | C, surely(AB), spare=spare) == ([[AB]] if hoisted else [])


def test_nothing_is_hoisted_that_is_used_once() -> None:
    assert stages(AB | C, spare=1) == []


def test_leaves_are_never_hoisted() -> None:
    assert stages(A & B, A | B, ~A, X < Literal(1.0), X > Literal(1.0), spare=1) == []


@pytest.mark.parametrize(("uses", "spare", "hoisted"), [(2, 3, True), (2, 4, False), (3, 6, True), (3, 7, False)])
def test_every_use_but_the_first_is_spared(uses: int, spare: int, hoisted: bool) -> None:
    assert stages(*[AB] * uses, spare=spare) == ([[AB]] if hoisted else [])


@pytest.mark.parametrize(
    ("whole", "size"),
    [
        (SUM, 1 + 2 + 2),
        (~A, 1 + 1),
        (Pick(A, X, Y), 1 + 2 + 1 + 1),
        (Choose(A, B, C), 1 + 2 + 1 + 1),
        (Choose(known(A), B, C), 1 + 2 + 1 + 1),  # the condition is never unknown, so it is written once: 2 nodes
        (Settled(A, B), 1 + 2 + 1),
        (Floored(X, 10.0), 1 + 3),
        (AtLeast(1, (A, B)), 1 + 2 + 2),
        (Least((X, Y)), 1 + 2 + 2),
        (Greatest((X, Y)), 1 + 2 + 2),
        (Sorted((("a", A), ("b", B)), "c"), 1 + 2 + 2),
    ],
    ids=str,
)
def test_how_much_a_node_costs_written_out(whole: Node, size: int) -> None:
    assert stages(whole, whole, spare=size) == [[whole]]
    assert stages(whole, whole, spare=size + 1) == []


def test_a_column_made_of_columns_stands_in_a_later_stage() -> None:
    inner: Question = A & B
    outer: Question = inner | C
    assert stages(inner, outer, surely(outer), spare=1) == [[inner], [outer]]


def test_a_hoisted_part_counts_as_nothing_in_the_whole() -> None:
    inner, whole = A & B, (A & B) | C
    # once a & b is a column, the whole is two operations: itself and c
    assert stages(inner, whole, whole, spare=2) == [[inner], [whole]]
    assert stages(inner, whole, whole, spare=3) == [[inner]]
