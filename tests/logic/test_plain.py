"""Every operator of the plain engine over true, false and unknown, and over numbers that are not there."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping
from typing import Any

import pytest

from mgdecide.errors import InvalidQuestion
from mgdecide.logic.lower import Behind, ByWord, FirstAnswered, Floored, Label, Settled
from mgdecide.logic.plain import compile_plain
from mgdecide.logic.questions import (
    Always,
    Arithmetic,
    AtLeast,
    Category,
    Choose,
    Coefficient,
    Compare,
    FirstKnown,
    Greatest,
    Lab,
    Least,
    Limit,
    LimitFor,
    Literal,
    Measure,
    Node,
    NoNumber,
    Number,
    OneOf,
    Operator,
    Pick,
    Provided,
    Question,
    Rounded,
    Sorted,
    UnitEdges,
    YesNo,
    either_known,
    known,
    limit,
    surely,
)
from mgdecide.logic.resolve import Answer, Row

TRUTHS = (True, False, None)
A, B, C = YesNo("a"), YesNo("b"), YesNo("c")
X, Y = Measure("x", "u"), Measure("y", "u")
GLUCOSE = Lab("glucose", ("mg/dL", "mmol/L"))
SEX = Category("sex", ("female", "male"))


class Numbers:
    """A knowledge with one limit in two units and one conversion."""

    def number(self, id: str, unit: str | None = None) -> float:
        return 30.0

    def edges(self, id: str, units: tuple[str, ...]) -> Mapping[str, float]:
        return {"mg/dL": 1.7, "mmol/L": 0.7}

    def factor(self, lab: str, unit: str, to: str) -> float | None:
        return {("mg/dL", "mmol/L"): 0.5, ("mmol/L", "mmol/L"): 1.0}.get((unit, to))


def answer(node: Node, row: Row) -> Answer:
    return compile_plain([node], Numbers())(row)[0]


@pytest.mark.parametrize(("a", "b"), list(itertools.product(TRUTHS, TRUTHS)))
def test_kleene(a: bool | None, b: bool | None) -> None:
    row = {"a": a, "b": b}
    conjunction = False if a is False or b is False else None if a is None or b is None else True
    disjunction = True if a is True or b is True else None if a is None or b is None else False
    assert answer(A & B, row) is conjunction
    assert answer(A | B, row) is disjunction
    assert answer(~A, row) is (None if a is None else not a)
    assert answer(~(A & B), row) is answer(~A | ~B, row)  # de Morgan holds in three values
    assert answer(known(A), row) is (a is not None)
    assert answer(surely(A), row) is (a is True)
    assert answer(Provided(A, B), row) is (b if a is True else None)
    assert answer(either_known(A, B), row) is (b if a is None else a if b is None else a or b)


@pytest.mark.parametrize(("a", "b", "c"), list(itertools.product(TRUTHS, TRUTHS, TRUTHS)))
def test_at_least_counts_in_three_values(a: bool | None, b: bool | None, c: bool | None) -> None:
    sure = [a, b, c].count(True)
    possible = 3 - [a, b, c].count(False)
    expected = True if sure >= 2 else False if possible < 2 else None
    assert answer(AtLeast(2, (A, B, C)), {"a": a, "b": b, "c": c}) is expected
    assert answer(Choose(A, B, C), {"a": a, "b": b, "c": c}) is (None if a is None else b if a else c)


@pytest.mark.parametrize(("x", "y"), [(1.0, 2.0), (2.0, 2.0), (None, 1.0), (1.0, None), (None, None)])
def test_numbers_keep_unknown(x: float | None, y: float | None) -> None:
    row = {"x": x, "y": y}
    both = x is not None and y is not None
    assert answer(X < Y, row) == (x < y if x is not None and y is not None else None)
    assert answer(X >= Y, row) == (x >= y if x is not None and y is not None else None)
    assert answer(X + Y, row) == (x + y if x is not None and y is not None else None)
    assert answer(X - Y, row) == (x - y if x is not None and y is not None else None)
    assert answer(X * Y, row) == (x * y if x is not None and y is not None else None)
    assert (answer(Least((X, Y)), row) is None) is not both
    assert (answer(Greatest((X, Y)), row) is None) is not both
    assert answer(FirstKnown((X, Y)), row) == (x if x is not None else y)


def test_arithmetic_that_has_no_finite_answer_is_unknown() -> None:
    zero, minus = {"x": 1.0, "y": 0.0}, {"x": -1.0, "y": 0.5}
    assert answer(X / Y, zero) is None
    assert answer(X**Y, minus) is None
    assert answer(Arithmetic("*", X, Y), {"x": 1e308, "y": 1e308}) is None
    assert answer(X**Y, {"x": 0.0, "y": -1.0}) is None
    assert answer(NoNumber(), {}) is None


@pytest.mark.parametrize(
    ("value", "digits", "rounded"), [(29.95, 1, 30.0), (29.94, 1, 29.9), (0.5, 0, 1.0), (-0.5, 0, 0.0)]
)
def test_rounding_is_half_up(value: float, digits: int, rounded: float) -> None:
    assert answer(Rounded(Literal(value), digits), {}) == rounded


def test_pick_and_sorted() -> None:
    number = Pick(A, Literal(1.0), Literal(2.0))
    assert [answer(number, {"a": a}) for a in TRUTHS] == [1.0, 2.0, None]
    label = Sorted((("first", A), ("second", B)), otherwise="none")
    assert answer(label, {"a": True}) == "first"
    assert answer(label, {"a": False, "b": True}) == "second"
    assert answer(label, {"a": False, "b": False}) == "none"
    assert answer(label, {"a": None, "b": True}) == "undetermined"


# For a reported comparator every value it allows is tried; the engine may answer only where they agree.
@pytest.mark.parametrize("comparator", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize("edge", [1.0, 2.0, 3.0])
def test_a_comparator_answers_only_where_every_value_agrees(comparator: str, operator: Operator, edge: float) -> None:
    allowed = [each / 8 for each in range(-80, 81) if _holds(each / 8, comparator, 2.0)]
    answers = {_holds(value, operator.value, edge) for value in allowed}
    expected = answers.pop() if len(answers) == 1 else None
    lab = Lab("lab", ("u",))
    question = {"<": lab.__lt__, "<=": lab.__le__, ">": lab.__gt__, ">=": lab.__ge__}[operator.value]
    row = {"lab": 2.0, "lab_unit": "u", "lab_comparator": comparator}
    assert answer(question(UnitEdges(lab, (("u", edge),))), row) is expected


def _holds(value: float, operator: str, edge: float) -> bool:
    return {"<": value < edge, "<=": value <= edge, ">": value > edge, ">=": value >= edge}[operator]


def test_a_laboratory_value_meets_the_edge_of_its_own_unit() -> None:
    low = GLUCOSE < limit("low")
    assert answer(low, {"glucose": 0.69, "glucose_unit": "mmol/L"}) is True
    assert answer(low, {"glucose": 0.69, "glucose_unit": "mg/dL"}) is True
    assert answer(low, {"glucose": 1.0, "glucose_unit": "mmol/L"}) is False
    assert answer(low, {"glucose": 1.0, "glucose_unit": "mg/dL"}) is True
    assert answer(low, {"glucose": 1.0}) is None
    own = GLUCOSE < FirstKnown((GLUCOSE.own_low, limit("low")))
    assert answer(own, {"glucose": 1.0, "glucose_unit": "mg/dL", "glucose_low": 0.9}) is False
    assert answer(GLUCOSE.in_unit("mmol/L"), {"glucose": 3.0, "glucose_unit": "mg/dL"}) == 1.5
    assert (
        answer(GLUCOSE.in_unit("mmol/L"), {"glucose": 3.0, "glucose_unit": "mg/dL", "glucose_comparator": "<"}) is None
    )


def test_categories() -> None:
    assert [answer(SEX.equals("female"), {"sex": value}) for value in ("female", "male", None)] == [True, False, None]
    with pytest.raises(InvalidQuestion, match="MGD-Q101"):
        SEX.equals("woman")


def test_a_question_has_no_truth_value_by_itself() -> None:
    with pytest.raises(TypeError, match="combine with"):
        bool(A)
    with pytest.raises(TypeError):
        all([A, B])


@pytest.mark.parametrize(
    "question",
    [
        *(A, ~A, A & B, A | B, Always(True), known(A), surely(A), Provided(A, B), Choose(A, B, C), AtLeast(1, (A, B))),
        *(X < Y, GLUCOSE < limit("low"), SEX.equals("female"), SEX, Sorted((("a", A),), "none")),
        *(Settled(A, B), FirstAnswered((A, B)), Behind(A, B), Label("a")),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_question_is_neither_less_nor_more_than_another(question: Any) -> None:
    """Only numbers are compared; ``A < B`` would be a slip for ``A & B`` or a comparison of something else."""
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError, match="not supported"):
            compare(question, question)


@pytest.mark.parametrize(
    "number",
    [
        *(X, X + Y, Least((X, Y)), Greatest((X, Y)), FirstKnown((X, Y)), Rounded(X, 1), Pick(A, X, Y)),
        *(Literal(1.0), NoNumber(), Limit("l", "u"), LimitFor(GLUCOSE, Limit("l", "u")), Coefficient("c")),
        *(GLUCOSE.own_low, GLUCOSE.in_unit("mmol/L"), UnitEdges(GLUCOSE, (("mg/dL", 1.7),))),
        *(Floored(X, 10.0), ByWord(((OneOf(SEX, ("female",)), 1.0),))),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_number_compared_is_a_question(number: Number) -> None:
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        assert isinstance(compare(number, number), Compare)


def test_a_shared_question_is_worked_out_once() -> None:
    shared: Question = (X < Y) & A
    assert answer(shared | ~shared, {"x": 1.0, "y": 2.0, "a": True}) is True
    assert hash((X < Y) & A) == hash(shared)
    assert (X < Y) & A == shared


def test_a_node_outside_the_closed_set_is_refused() -> None:
    class Strange(Question):
        pass

    with pytest.raises(InvalidQuestion, match="MGD-Q103"):
        compile_plain([Strange()], Numbers())


def test_no_outputs() -> None:
    assert compile_plain([], Numbers())({}) == ()
    assert compile_plain([Always(None), Always(True)], Numbers())({}) == (None, True)
