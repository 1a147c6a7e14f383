"""Questions in words: every operator as a sentence, and the comparisons that carried an answer."""

from __future__ import annotations

import pytest

from mgdecide.logic.plain import compile_program
from mgdecide.logic.questions import (
    Always,
    AtLeast,
    Category,
    Choose,
    Coefficient,
    Compare,
    FirstKnown,
    Greatest,
    Lab,
    LabCompare,
    LabIn,
    Least,
    Limit,
    Literal,
    Measure,
    Node,
    Number,
    Operator,
    Provided,
    Question,
    UnitEdges,
    YesNo,
    known,
    limit,
    surely,
    walk,
)
from mgdecide.logic.words import Leaf, explainer, leaves, number_phrase, phrase
from tests.logic.test_plain import Numbers

A, B, C = YesNo("a"), YesNo("b"), YesNo("c")
AGE, WEIGHT = Measure("age", "years"), Measure("weight", "kg")
SUGAR = Lab("sugar", ("mg/dL", "mmol/L"))
SEX = Category("sex", ("female", "male"))
INDEX = WEIGHT / AGE
TEN = Literal(10.0)
OWN = SUGAR.own_low
EDGES = UnitEdges(SUGAR, (("mg/dL", 126.0), ("mmol/L", 7.0)))


class Vocabulary:
    """Facts in capitals, one calculation with a name, limits as ``id in units``."""

    def label(self, fact: str) -> str:
        return fact.upper()

    def name_of(self, node: Number) -> str | None:
        return "index" if node == INDEX else None

    def limit_words(self, limit: Limit, units: tuple[str, ...]) -> str:
        return f"{limit.id} in {' or '.join(units) or 'its unit'}"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (A, "A"),
        (~A, "no A"),
        (A & B, "A and B"),
        (A | B, "A or B"),
        (A & B & C, "A and B and C"),
        (A & (B | C), "A and (B or C)"),
        ((A & B) | C, "(A and B) or C"),
        (~(A & B), "not (A and B)"),
        (surely(A), "A is known"),
        (surely(A & B), "A and B"),
        (A | surely(B & C), "A or (B and C)"),
        (Provided(A, B), "(B, told only where A)"),
        (Choose(A, B, C), "(if A: B; else: C)"),
        (AtLeast(2, (A, B, C)), "at least 2 of (A; B; C)"),
        (SEX.equals("female"), "SEX is female"),
        (SEX.equals("female", "male"), "SEX is female or male"),
        (AGE < TEN, "AGE less than 10"),
        (AGE <= TEN, "AGE at most 10"),
        (AGE > TEN, "AGE more than 10"),
        (AGE >= TEN, "AGE at least 10"),
        (SUGAR > limit("high"), "SUGAR more than high in mg/dL or mmol/L"),
        (SUGAR < OWN, "SUGAR less than the laboratory's own lower limit"),
        (SUGAR > SUGAR.own_high, "SUGAR more than the laboratory's own upper limit"),
        (known(INDEX), "WEIGHT and AGE known"),
        (Always(True), "always"),
        (Always(False), "never"),
        (Always(None), "cannot be told"),
    ],
    ids=str,
)
def test_a_condition_in_english(question: Question, words: str) -> None:
    assert phrase(question, Vocabulary()) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (AGE, "AGE"),
        (INDEX, "INDEX"),
        (AGE * WEIGHT, "a calculation from AGE, WEIGHT"),
        (LabIn(SUGAR, "mmol/L"), "SUGAR in mmol/L"),
        (limit("high"), "high in its unit"),
        (Literal(2.50), "2.5"),
        (Coefficient("slope"), "coefficient slope"),
        (EDGES, "126 mg/dL, 7 mmol/L"),
        (UnitEdges(SUGAR, (("mg/dL", 0.66 * 2.4305),)), "1.6041 mg/dL"),  # 0.66 mmol/L of magnesium: 1.60413 mg/dL
        (FirstKnown((OWN, limit("high"))), "the laboratory's own lower limit, else high in its unit"),
        (Least((AGE, TEN)), "the least of AGE and 10"),
        (Greatest((AGE, TEN)), "the greatest of AGE and 10"),
    ],
    ids=str,
)
def test_a_number_in_english(number: Number, words: str) -> None:
    assert number_phrase(number, Vocabulary()) == words


def test_what_has_no_words_is_refused() -> None:
    with pytest.raises(TypeError, match="no words for Question"):
        phrase(Question(), Vocabulary())
    with pytest.raises(TypeError, match="no words for Question"):
        explainer(Question(), lambda node: 0, Vocabulary())


def test_the_leaves_of_a_question_each_once_in_order() -> None:
    sugar, age, female = SUGAR > EDGES, AGE < TEN, SEX.equals("female")
    assert list(leaves((A & sugar) | ~(age & A) | female)) == [A, sugar, age, female]


def explained(question: Question, row: dict[str, object], wanted: bool = True) -> list[str]:
    nodes: list[Node] = list(dict.fromkeys(walk(question)))
    program = compile_program(nodes, Numbers())
    found = explainer(question, program.slot, Vocabulary(), wanted)(program.run(row))
    assert all(isinstance(leaf, Leaf) for leaf in found)
    return [f"{leaf.fact} {leaf.comparison}" for leaf in found]


SWEET = {"sugar": 8.0, "sugar_unit": "mmol/L"}


@pytest.mark.parametrize(
    ("question", "row", "leaves"),
    [
        (A, {"a": True}, ["a is true"]),
        (~A, {"a": False}, ["a is false"]),
        (A & ~B, {"a": True, "b": False}, ["a is true", "b is false"]),
        (A | B, {"a": True, "b": False}, ["a is true"]),
        (A | B, {"b": True}, ["b is true"]),
        (AtLeast(1, (A, B, C)), {"a": False, "b": True, "c": True}, ["b is true", "c is true"]),
        (~(A & B), {"a": True, "b": False}, ["b is false"]),
        (surely(A), {"a": True}, ["a is true"]),
        (~surely(A), {"a": False}, ["a is false"]),
        (~surely(A), {}, []),
        (Provided(A, B), {"a": True, "b": True}, ["b is true"]),
        (Choose(A, B, C), {"a": True, "b": True, "c": False}, ["a is true", "b is true"]),
        (Choose(A, B, C), {"a": False, "b": False, "c": True}, ["a is false", "c is true"]),
        (Choose(known(A), B, C), {"a": False, "b": True}, ["b is true"]),
        (Choose(known(A), B, C), {"c": True}, ["c is true"]),
        (Always(True), {}, []),
        (SEX.equals("female", "male"), {"sex": "male"}, ["sex is female or male"]),
        (~SEX.equals("female"), {"sex": "male"}, ["sex is not female"]),
        (known(A & B), {"a": True, "b": True}, ["a is known", "b is known"]),
        (~known(A), {}, ["a is not known"]),
        (AGE < TEN, {"age": 9.0}, ["age less than 10"]),
        (~(AGE < TEN), {"age": 10.0}, ["age at least 10"]),
        (~(AGE <= TEN), {"age": 11.0}, ["age more than 10"]),
        (~(AGE > TEN), {"age": 10.0}, ["age at most 10"]),
        (~(AGE >= TEN), {"age": 9.0}, ["age less than 10"]),
        (SUGAR > EDGES, SWEET, ["sugar more than 7"]),
        (~(SUGAR < EDGES), SWEET, ["sugar at least 7"]),
        (INDEX > TEN, {"weight": 40.0, "age": 2.0}, ["index more than 10"]),
        (
            AGE * WEIGHT > TEN,
            {"weight": 40.0, "age": 2.0},
            ["age enters a calculation that is more than 10", "weight enters a calculation that is more than 10"],
        ),
    ],
    ids=str,
)
def test_what_made_a_question_true(question: Question, row: dict[str, object], leaves: list[str]) -> None:
    assert explained(question, row) == leaves


def test_what_made_a_question_true_is_told_unless_the_other_is_asked_for() -> None:
    explain = explainer(A | B, compile_program([A | B], Numbers()).slot, Vocabulary())
    assert explain(compile_program([A | B], Numbers()).run({"a": True, "b": False})) == [Leaf("a", "is true")]


def test_what_made_a_question_false() -> None:
    assert explained(A & B, {"a": False, "b": True}, wanted=False) == ["a is false"]


def test_an_edge_that_is_not_known_is_not_told() -> None:
    assert explained(LabCompare(SUGAR, Operator.LESS, OWN), SWEET) == ["sugar less than"]
    assert explained(Compare(AGE, Operator.LESS, WEIGHT), {"age": 1.0}) == ["age less than"]
