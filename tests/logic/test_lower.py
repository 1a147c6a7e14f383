"""What is known when a frame is opened is worked out then: constants, missing columns, parts that are the same."""

from __future__ import annotations

import pytest

from mgdecide.logic.lower import NO_NUMBER, Behind, FirstAnswered, Floored, Label, Lowering, never_unknown
from mgdecide.logic.questions import (
    All,
    Always,
    Any,
    AtLeast,
    Category,
    Choose,
    Compare,
    FirstKnown,
    Greatest,
    Known,
    Least,
    Literal,
    Measure,
    Node,
    NoNumber,
    OneOf,
    Operator,
    Pick,
    Provided,
    Rounded,
    Sorted,
    YesNo,
    known,
    surely,
)
from tests.logic.test_plain import Numbers

A, B, C, GONE = YesNo("a"), YesNo("b"), YesNo("c"), YesNo("gone")
X, Y, LOST = Measure("x", ""), Measure("y", ""), Measure("lost", "")
SEX = Category("sex", ())
YES, NO, UNKNOWN = Always(True), Always(False), Always(None)
ONE, TWO = Literal(1.0), Literal(2.0)
COLUMNS = ("a", "b", "c", "x", "y", "sex")


def lowered(node: Node) -> Node:
    return Lowering(Numbers(), COLUMNS).node(node)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        # facts
        (A, A),
        (GONE, UNKNOWN),
        (LOST, NO_NUMBER),
        (SEX, SEX),
        (Category("lost", ()), NO_NUMBER),
        (Category("sex", ("b", "a")).equals("b", "a"), OneOf(SEX, ("a", "b"))),
        (Category("lost", ("b",)).equals("b"), UNKNOWN),
        # numbers
        (NoNumber(), NO_NUMBER),
        (ONE + TWO, Literal(3.0)),
        (ONE / Literal(0.0), NO_NUMBER),
        (X + LOST, NO_NUMBER),
        (X + ONE, X + ONE),
        (Least((ONE, TWO)), ONE),
        (Greatest((ONE, TWO)), TWO),
        (Least((X, TWO, X, ONE)), Least((X, ONE))),
        (Least((X, LOST)), NO_NUMBER),
        (Least((X, X)), X),
        (FirstKnown((LOST, X)), X),
        (FirstKnown((LOST, LOST)), NO_NUMBER),
        (FirstKnown((X, Y, X)), FirstKnown((X, Y))),
        (FirstKnown((X, ONE, Y)), FirstKnown((X, ONE))),
        (Rounded(Literal(1.25), 1), Literal(1.3)),
        (Rounded(LOST, 1), NO_NUMBER),
        (Rounded(X, 1), Floored((X * Literal(10.0)) + Literal(0.5), 10.0)),
        (Pick(YES, X, Y), X),
        (Pick(NO, X, Y), Y),
        (Pick(UNKNOWN, X, Y), NO_NUMBER),
        (Pick(A, LOST, LOST), NO_NUMBER),
        (Pick(A, LOST, X), Pick(A, NO_NUMBER, X)),
        # comparisons
        (ONE < TWO, YES),
        (TWO < TWO, NO),
        (X < LOST, UNKNOWN),
        (LOST < X, UNKNOWN),
        (X < ONE, Compare(X, Operator.LESS, ONE)),
        # questions
        (A & YES, A),
        (A & NO, NO),
        (A & A, A),
        (All((YES, YES)), YES),
        (A | NO, A),
        (A | YES, YES),
        (Any((NO, NO)), NO),
        (A & UNKNOWN, All((A, UNKNOWN))),
        (~YES, NO),
        (~NO, YES),
        (~UNKNOWN, UNKNOWN),
        (~A, ~A),
        (known(A), Known(A)),
        (known(YES), YES),
        (known(UNKNOWN), NO),
        (known(LOST), NO),
        (known(GONE), NO),
        (known(ONE), YES),
        (known(known(A)), YES),
        (known(surely(A)), YES),
        (surely(YES), YES),
        (surely(NO), NO),
        (surely(UNKNOWN), NO),
        (surely(A), surely(A)),
        (surely(known(A)), Known(A)),
        (Provided(YES, A), A),
        (Provided(NO, A), UNKNOWN),
        (Provided(UNKNOWN, A), UNKNOWN),
        (Provided(A, UNKNOWN), UNKNOWN),
        (Provided(A, B), Provided(A, B)),
        (Choose(YES, A, B), A),
        (Choose(NO, A, B), B),
        (Choose(UNKNOWN, A, B), UNKNOWN),
        (Choose(A, GONE, GONE), UNKNOWN),
        (Choose(known(A), A, B), FirstAnswered((A, B))),
        (Choose(known(A), A, GONE), A),
        (Choose(A, B, C), Choose(A, B, C)),
        (Behind(A, B), Behind(A, B)),
        (Behind(A & YES, B | NO), Behind(A, B)),
        (AtLeast(0, (A, B)), YES),
        (AtLeast(1, (A, YES)), YES),
        (AtLeast(2, (A, YES, B)), AtLeast(1, (A, B))),
        (AtLeast(2, (A, NO, B)), AtLeast(2, (A, B))),
        (AtLeast(3, (A, NO, B)), NO),
        # labels
        (Sorted((("a", YES),), "none"), Label("a")),
        (Sorted((("a", NO),), "none"), Label("none")),
        (Sorted((("a", UNKNOWN),), "none", "?"), Label("?")),
        (Sorted((("a", A), ("b", YES), ("c", C)), "none"), Sorted((("a", A),), "b")),
        (Sorted((("a", A), ("b", UNKNOWN)), "none", "?"), Sorted((("a", A),), "?", "?")),
        (Sorted((("a", NO), ("b", B)), "none"), Sorted((("b", B),), "none")),
        (known(Sorted((("a", YES),), "none")), YES),
    ],
    ids=str,
)
def test_what_a_frame_is_asked(node: Node, expected: Node) -> None:
    assert lowered(node) == expected


@pytest.mark.parametrize(
    ("node", "never"),
    [
        (A, False),
        (known(A), True),
        (surely(A), True),
        (YES, True),
        (NO, True),
        (UNKNOWN, False),
        (~known(A), True),
        (~A, False),
        (known(A) & surely(B), True),
        (known(A) & B, False),
        (known(A) | B, False),
        (AtLeast(1, (known(A), known(B))), True),
        (AtLeast(1, (known(A), B)), False),
        (Choose(A, B, C), False),
    ],
    ids=str,
)
def test_what_is_never_unknown(node: Node, never: bool) -> None:
    assert never_unknown(node) is never


def test_a_part_is_lowered_to_the_same_node_every_time() -> None:
    lowering = Lowering(Numbers(), COLUMNS)
    assert lowering.node(A & B) is lowering.node(A & B)
    assert Behind(A, B).parts() == (A, B)
