"""One fact at many values: the same answers as by asking everything anew, for every kind of question."""

from __future__ import annotations

from itertools import product

import pytest

from mgdecide.knowledge.edition import default_knowledge
from mgdecide.logic.plain import compile_program
from mgdecide.logic.questions import (
    All,
    Any,
    AtLeast,
    Choose,
    FirstKnown,
    Greatest,
    Known,
    Lab,
    Least,
    Literal,
    Measure,
    Node,
    NoNumber,
    Not,
    Pick,
    Provided,
    Rounded,
    Sorted,
    Surely,
    UnitEdges,
    YesNo,
)
from mgdecide.logic.variation import compile_variation

A, B, C, D = (YesNo(name) for name in "abcd")
X, Y = Measure("x", "years"), Measure("y", "years")
MG = Lab("serum_magnesium", ("mmol/L", "mg/dL"))
EDGES = UnitEdges(MG, (("mmol/L", 0.7), ("mg/dL", 1.7)))
THREE = (True, False, None)
QUESTIONS: tuple[Node, ...] = (
    All((A, B, C)),
    Any((A, B, C)),
    All((A, Any((B, C, D)), Any((B, C)))),
    Any((All((B, C)), D)),
    Not(A),
    AtLeast(2, (A, B, C, D)),
    Choose(A, B, C),
    Choose(B, A, C),
    Provided(A, B),
    Provided(B, A),
    Surely(Any((A, B))),
    Known(All((A, B))),
    Sorted((("one", A), ("two", B)), "none"),
    B,
)


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_yes_and_no(question: Node) -> None:
    program = compile_program([question], default_knowledge())
    varied = compile_variation([question], ["a"], program, default_knowledge())
    for b, c, d in product(THREE, THREE, THREE):
        row = {"a": None, "b": b, "c": c, "d": d}
        whole = [program.run({**row, "a": value})[:1] for value in THREE]
        if varied.outputs:
            assert varied.around(row, program.run(row))([(value,) for value in THREE]) == whole
        else:
            assert len(set(whole)) == 1


NUMBERS: tuple[Node, ...] = (
    X < Y,
    Y <= X + Literal(1.0),
    Least((X, Y)) < Literal(2.0),
    Greatest((X, Y)) >= Literal(2.0),
    FirstKnown((X, Y)) > Literal(1.0),
    FirstKnown((Y, X)) > Literal(1.0),
    Rounded(X / Y, 1) > Literal(0.4),
    Pick(X < Literal(2.0), Y, NoNumber()) > Literal(1.0),
    (X ** Literal(0.5)) * Y >= Literal(2.0),
)


@pytest.mark.parametrize("question", NUMBERS, ids=repr)
def test_numbers(question: Node) -> None:
    program = compile_program([question], default_knowledge())
    varied = compile_variation([question], ["x"], program, default_knowledge())
    tried = (None, 0.0, 1.0, 1.5, 2.0, 4.0)
    for y in tried:
        row = {"x": None, "y": y}
        whole = [program.run({**row, "x": value})[:1] for value in tried]
        assert varied.around(row, program.run(row))([(value,) for value in tried]) == whole


def test_a_laboratory_value_with_its_unit_comparator_and_own_limits() -> None:
    questions = (MG < EDGES, MG < MG.own_low, MG.in_unit("mmol/L") > Literal(0.8), MG.has_unit("mg/dL") | A)
    columns = ("serum_magnesium", *(f"serum_magnesium_{rest}" for rest in ("unit", "comparator", "low")))
    program = compile_program(questions, default_knowledge())
    varied = compile_variation(questions, columns, program, default_knowledge())
    assert varied.outputs == (0, 1, 2, 3)
    tried = [*product((None, 0.6, 0.75, 1.8), (None, "mmol/L", "mg/dL"), (None, "<", ">="), (None, 0.7))]
    row = {"a": None}
    whole = [program.run(row | dict(zip(columns, value, strict=True)))[:4] for value in tried]
    assert varied.around(row, program.run(row))(tried) == whole


def test_only_some_columns_of_a_laboratory_value_vary() -> None:
    """The unit alone: the value, its comparator and its limits stay as they are in the row."""
    questions = (MG < EDGES, MG < MG.own_low, A)
    program = compile_program(questions, default_knowledge())
    varied = compile_variation(questions, ["serum_magnesium_unit"], program, default_knowledge())
    assert varied.outputs == (0,)
    row = {"serum_magnesium": 1.0, "serum_magnesium_unit": "mmol/L"}
    assert varied.around(row, program.run(row))([("mmol/L",), ("mg/dL",), (None,)]) == [(False,), (True,), (None,)]


def test_nothing_depends_on_a_column_that_nobody_reads() -> None:
    program = compile_program([A], default_knowledge())
    varied = compile_variation([A], ["z"], program, default_knowledge())
    assert varied.outputs == ()
    assert varied.around({}, program.run({}))([(True,), (False,)]) == [(), ()]
