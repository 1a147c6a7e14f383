"""Every operator of the frame engine on every engine gives the plain engine's answer, row by row."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import narwhals as nw
import pytest

from mgdecide.cohort.native import open_frame
from mgdecide.errors import InvalidQuestion
from mgdecide.logic.frame import compile_frame
from mgdecide.logic.frame_narwhals import NarwhalsVerbs, run
from mgdecide.logic.lower import Behind
from mgdecide.logic.plain import compile_plain
from mgdecide.logic.questions import (
    Always,
    AtLeast,
    Category,
    Choose,
    FirstKnown,
    Greatest,
    Lab,
    Least,
    Literal,
    Measure,
    Node,
    NoNumber,
    Pick,
    Provided,
    Question,
    Rounded,
    Sorted,
    UnitEdges,
    YesNo,
    coefficient,
    either_known,
    known,
    limit,
    surely,
)
from mgdecide.logic.resolve import Answer
from mgdecide.logic.sql_text import DUCKDB, SPARK, SqlVerbs
from mgdecide.logic.verbs import Select, Verbs

pa: Any = pytest.importorskip("pyarrow")

A, B, C = YesNo("a"), YesNo("b"), YesNo("c")
X, Y = Measure("x", "u"), Measure("y", "u")
SUGAR = Lab("sugar", ("mg/dL", "mmol/L", "g/L"))
SINGLE = Lab("single", ("ms",))
SEX = Category("sex", ("female", "male", "other"))


class Numbers:
    """A knowledge with a limit in two of three units, and conversions between those."""

    def number(self, id: str, unit: str | None = None) -> float:
        return {"thirty": 30.0, "factor": 0.9938}[id]

    def edges(self, id: str, units: tuple[str, ...]) -> Mapping[str, float]:
        edges = {"mg/dL": 1.7, "mmol/L": 0.7, "ms": 450.0}
        return {unit: edges[unit] for unit in units if unit in edges}

    def factor(self, lab: str, unit: str, to: str) -> float | None:
        return {("mg/dL", "mmol/L"): 0.4114, ("mmol/L", "mmol/L"): 1.0}.get((unit, to))


TRUTH: Mapping[str, Node] = {
    "and": A & B & C,
    "or": A | B | C,
    "not": ~A,
    "mixed": (A & ~B) | (~A & C) | (B & C),
    "known": known(A & B),
    "surely": surely(A | B),
    "surely not": ~surely(~(A & C)),
    "provided": Provided(A, B | C),
    "choose": Choose(A, B, C),
    "choose within": Choose(A & B, Choose(C, A, Always(None)), Always(False)),
    "choose nothing": Choose(A, Always(None), B),
    "either known": either_known(A, B),
    "none of three": AtLeast(0, (A, B, C)),
    "one of three": AtLeast(1, (A, B, C)),
    "two of three": AtLeast(2, (A, B, C)),
    "two of twice": AtLeast(2, (A, A, B)),
    "four of three": AtLeast(4, (A, B, C)),
    "true": Always(True),
    "false": Always(False),
    "unknown": Always(None),
    "and true": A & Always(True),
    "and unknown": A & Always(None),
    "or unknown": A | Always(None),
    "known always": known(Always(None)) | A,
    "pick": Pick(A, Literal(1.0), Literal(2.0)),
    "pick nothing": Pick(A, NoNumber(), Pick(B, Literal(3.0), NoNumber())),
    "sorted": Sorted((("first", A), ("second", B & C), ("third", ~C)), otherwise="none"),
    "sorted always": Sorted((("never", Always(False)), ("first", A), ("always", Always(True))), otherwise="none"),
    "sorted unknown": Sorted((("first", A), ("no", Always(None))), otherwise="none", undetermined="?"),
    "sorted at once": Sorted((("at once", Always(True)), ("first", A)), otherwise="none"),
}
NUMBERS: Mapping[str, Node] = {
    "less": X < Y,
    "at most": X <= Y,
    "more": X > Y,
    "at least": X >= Y,
    "below limit": X < limit("thirty", "u"),
    "sum": X + Y,
    "difference": X - Y,
    "product": X * Y,
    "quotient": X / Y,
    "power": X**Y,
    "power of a literal": coefficient("factor") ** X,
    "least": Least((X, Y)),
    "least of three": Least((X, Literal(1.0), Y)),
    "greatest": Greatest((X, Y, Literal(1.0), Literal(0.0))),
    "first known": FirstKnown((X, Y)),
    "first known or": FirstKnown((X, NoNumber(), Literal(7.0), Y)),
    "known": known(X / Y),
    "rounded": Rounded(X, 1),
    "rounded to whole": Rounded(X * Literal(0.5), 0),
    "rounded literal": Rounded(Literal(29.95), 1),
    "of literals": Rounded(Literal(1.0) / Literal(3.0), 2) + X,
    "of literals without end": (Literal(1.0) / Literal(0.0)) + X,
    "compared literals": (Literal(1.0) < Literal(2.0)) & (X < Y),
    "chained": Rounded(Least((X / Y, Literal(1.0))) ** Literal(0.5) * Greatest((X, Y)), 2) < Literal(2.0),
}
OWN = FirstKnown((SUGAR.own_low, limit("low")))
LABS: Mapping[str, Node] = {
    "below": SUGAR < limit("low"),
    "at most": SUGAR <= limit("low"),
    "above": SUGAR > limit("low"),
    "at least": SUGAR >= limit("low"),
    "below own": SUGAR < OWN,
    "above the least": SUGAR > Least((FirstKnown((SUGAR.own_high, limit("low"))), limit("low"))),
    "below the greatest": SUGAR < Greatest((OWN, limit("low"))),
    "by unit": SUGAR >= UnitEdges(SUGAR, (("mg/dL", 1.48), ("g/L", 1.48), ("mmol/L", 0.5))),
    "converted": Rounded(SUGAR.in_unit("mmol/L"), 2),
    "converted below": SUGAR.in_unit("mmol/L") < Literal(0.7),
    "unit": SUGAR.has_unit("mg/dL", "g/L"),
    "known": known(SUGAR),
    "own known": known(SUGAR.own_low) & (SUGAR.own_low < Literal(0.8)),
    "age": SUGAR.age_days <= Literal(90.0),
    "single": SINGLE >= limit("low"),
    "sex": SEX.equals("female"),
    "either sex": SEX.equals("male", "female"),
    "sex known": Provided(SEX.equals("female", "male"), SEX.equals("female")),
}
HALF_THE_LARGEST = sys.float_info.max / 2
SPECIAL = (
    -1.5,
    0.0,
    0.5,
    1.0,
    2.0,
    29.95,
    123.456,
    1e-300,
    HALF_THE_LARGEST,
    1e308,
    None,
    math.nan,
    math.inf,
    -math.inf,
)


def truth_rows() -> Iterator[dict[str, object]]:
    for a, b, c in itertools.product((True, False, None), repeat=3):
        yield {"a": a, "b": b, "c": c}


def number_rows() -> Iterator[dict[str, object]]:
    for x, y in itertools.product(SPECIAL, repeat=2):
        yield {"x": x, "y": y}


def lab_rows() -> Iterator[dict[str, object]]:
    values = (0.5, 0.69, 0.7, 0.71, 1.48, 1.7, 1.71, 450.0, None)
    comparators = (None, "<", "<=", ">", ">=")
    units = ("mg/dL", "mmol/L", "g/L", None)
    own = ((None, None), (0.7, None), (0.75, 1.6), (None, 0.7))
    ages = itertools.cycle((None, 0.0, 90.0, 91.0))
    sexes = itertools.cycle(("female", "male", "other", None, "female"))
    for value, comparator, unit, (low, high) in itertools.product(values, comparators, units, own):
        yield {
            "sugar": value,
            "sugar_unit": unit,
            "sugar_comparator": comparator,
            "sugar_age_days": next(ages),
            "sugar_low": low,
            "sugar_high": high,
            "single": value,
            "single_unit": "ms",
            "sex": next(sexes),
        }


SCHEMA = {
    **dict.fromkeys(("a", "b", "c"), pa.bool_()),
    **dict.fromkeys(("x", "y", "sugar", "sugar_age_days", "sugar_low", "sugar_high", "single"), pa.float64()),
    **dict.fromkeys(("sugar_unit", "sugar_comparator", "single_unit", "sex"), pa.string()),
}
TABLES = {"truth": (TRUTH, truth_rows), "numbers": (NUMBERS, number_rows), "labs": (LABS, lab_rows)}


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _same(left: Answer, right: Answer) -> bool:
    """Exactly alike, or alike to the last bits of a power."""
    if type(left) is float and type(right) is float:
        return math.isclose(left, right, rel_tol=1e-14, abs_tol=0.0)
    return type(left) is type(right) and left == right


def judge_both(
    engine: Any,
    questions: Mapping[str, Node],
    rows: list[dict[str, object]],
    missing: tuple[str, ...] = (),
    spare: int = 3,
    verbs: Verbs | None = None,
) -> list[tuple[str, dict[str, object], Answer, Answer]]:
    """Every disagreement: which question, for which row, the plain and the frame engine's answer."""
    present = [name for name in rows[0] if name not in missing]
    columns = {"row": list(range(len(rows))), **{name: [row[name] for row in rows] for name in present}}
    table = pa.table(columns, schema=pa.schema([("row", pa.int64()), *((name, SCHEMA[name]) for name in present)]))
    opened = open_frame(engine.frame(table), "row", present)
    program = compile_frame(questions, Numbers(), present, verbs or opened.verbs, spare=spare)
    steps = (_cleaned(present, program.verbs), *program.selects(("row",)))
    result = opened.after(steps) if verbs is None else nw.to_native(run(opened.frame, steps))  # type: ignore[type-var]
    answers = sorted(engine.rows(result), key=lambda row: row["row"])
    assert len(answers) == len(rows)
    plain = compile_plain(questions.values(), Numbers())
    wrong = []
    for row, answer in zip(rows, answers, strict=True):
        known_facts = {name: _finite(value) for name, value in row.items() if name in present}
        for name, expected in zip(questions, plain(known_facts), strict=True):
            if not _same(expected, answer[name]):
                wrong.append((name, known_facts, expected, answer[name]))
    return wrong


def _cleaned(present: list[str], verbs: Verbs) -> Select:
    """What the cohort's door does with numbers that are none."""
    columns = {name: verbs.column(name) for name in ("row", *present)}
    numbers = {name for name in present if SCHEMA[name] == pa.float64()}
    return {
        name: verbs.when(column.abs() <= 1.7e308, column) if name in numbers else column
        for name, column in columns.items()
    }


@pytest.mark.parametrize("spare", [1, 3, 60], ids=["many stages", "some stages", "few stages"])
@pytest.mark.parametrize("kind", list(TABLES))
def test_every_operator(engine: Any, kind: str, spare: int) -> None:
    questions, rows = TABLES[kind]
    assert judge_both(engine, questions, list(rows()), spare=spare) == []


SQL_ENGINES = ["duckdb", pytest.param("spark", marks=pytest.mark.spark)]


@pytest.mark.parametrize("kind", list(TABLES))
@pytest.mark.parametrize("name", SQL_ENGINES)
def test_engines_that_get_one_query_also_take_narwhals(
    engine_named: Callable[[str], Any], name: str, kind: str
) -> None:
    questions, rows = TABLES[kind]
    assert judge_both(engine_named(name), questions, list(rows()), verbs=NarwhalsVerbs()) == []


MISSING = [
    ("truth", ("a",)),
    ("truth", ("b", "c")),
    ("truth", ("a", "b", "c")),
    ("numbers", ("x",)),
    ("numbers", ("x", "y")),
    ("labs", ("sugar",)),
    ("labs", ("sugar_unit", "single_unit")),
    ("labs", ("sugar_comparator",)),
    ("labs", ("sugar_low", "sugar_age_days")),
    ("labs", ("sugar_high", "sex", "single")),
]


@pytest.mark.parametrize(("kind", "missing"), MISSING, ids=[f"{kind}-{','.join(names)}" for kind, names in MISSING])
def test_a_missing_column_is_unknown(engine_named: Callable[[str], Any], kind: str, missing: tuple[str, ...]) -> None:
    questions, rows = TABLES[kind]
    for name in ("polars-lazy", "duckdb", "pyarrow"):
        assert judge_both(engine_named(name), questions, list(rows()), missing) == []


def test_a_shared_question_becomes_one_column() -> None:
    shared: Question = (X + Y) * (X - Y) < Literal(2.0)
    outputs = {str(index): shared & YesNo(f"f{index}") for index in range(20)}
    columns = {"x", "y", *(f"f{index}" for index in range(20))}
    program = compile_frame(outputs, Numbers(), columns, NarwhalsVerbs(), spare=3)
    assert [len(stage.new) for stage in program.stages] == [2, 1]  # the sum and difference, each written twice, first
    assert compile_frame(outputs, Numbers(), columns, NarwhalsVerbs(), spare=10**6).stages == ()


def test_a_node_outside_the_closed_set_is_refused() -> None:
    class Strange(Question):
        pass

    with pytest.raises(InvalidQuestion, match="MGD-Q103"):
        compile_frame({"strange": Strange()}, Numbers(), (), NarwhalsVerbs())


def test_what_is_known_beyond_a_column(engine_named: Callable[[str], Any]) -> None:
    """A fact may be completed from columns as they were given, whether it has a column of its own or not."""
    engine = engine_named("polars")
    frame = nw.from_native(engine.frame(pa.table({"row": [0, 1, 2], "a": [True, None, None], "c": [True, True, None]})))
    absent = Choose(surely(C), Always(False), Always(None))
    completed = {"a": Choose(known(A), A, absent), "b": Choose(known(B), B, absent), "x": Pick(C, Literal(1.0), X)}
    outputs = {"a": A, "b": ~B, "x": X + X}
    program = compile_frame(outputs, Numbers(), ("a", "c"), NarwhalsVerbs(), completed=completed)
    assert engine.rows(nw.to_native(run(frame, program.selects(("row",))))) == [
        {"row": 0, "a": True, "b": True, "x": 2.0},
        {"row": 1, "a": False, "b": True, "x": 2.0},
        {"row": 2, "a": None, "b": None, "x": None},
    ]


def test_behind_a_question_that_is_not_true_nothing_is_told(engine: Any) -> None:
    rows = list(truth_rows())
    table = pa.table({"row": list(range(len(rows))), **{name: [row[name] for row in rows] for name in ("a", "b")}})
    opened = open_frame(engine.frame(table), "row", ["a", "b"])
    program = compile_frame({"told": Behind(A, B)}, Numbers(), ("a", "b"), opened.verbs)
    found = engine.rows(opened.after(program.selects(("row",))))
    assert {each["row"]: each["told"] for each in found} == {
        at: row["b"] if row["a"] else None for at, row in enumerate(rows)
    }


def test_texts_are_listed_without_those_that_are_not_there(engine: Any) -> None:
    table = pa.table(
        {
            "row": [0, 1, 2, 3],
            "p": pa.array(["egfr", None, None, None], pa.string()),
            "q": pa.array(["age", "age", None, ""], pa.string()),
            "r": pa.array([None, "sex", None, "sex"], pa.string()),
        }
    )
    opened = open_frame(engine.frame(table), "row", ["p", "q", "r"])
    column = opened.verbs.column
    found = opened.after(({"row": column("row"), "listed": opened.verbs.listed(*map(column, "pqr"))},))
    listed = {each["row"]: each["listed"] for each in engine.rows(found)}
    assert listed == {0: "egfr,age", 1: "age,sex", 2: "", 3: ",sex"}


def test_floats_come_as_they_are_and_what_is_none_stays_unusable(engine: Any) -> None:
    table = pa.table({"row": [0, 1, 2, 3], "x": pa.array([0.7, None, math.nan, math.inf], pa.float64())})
    opened = open_frame(engine.frame(table), "row", ["x"])
    found = opened.after(({"row": opened.verbs.column("row"), "x": opened.verbs.floats("x")},))
    floats = {each["row"]: each["x"] for each in engine.rows(found)}
    assert (floats[0], floats[1]) == (0.7, None)
    assert not any(math.isfinite(floats[row]) for row in (2, 3))


@pytest.mark.parametrize("word", ["it's", "back\\slash", "line\nbreak"])
def test_a_word_that_sql_would_misread_is_refused(word: str) -> None:
    with pytest.raises(InvalidQuestion, match="MGD-Q108"):
        SqlVerbs(SPARK).literal(word)


def test_sql_numbers_are_doubles() -> None:
    verbs = SqlVerbs(DUCKDB)
    numbers = (0.7, 1e308, 5e-324, -2.0)
    query = ", ".join(f"{verbs.literal(number)} AS n{index}" for index, number in enumerate(numbers))
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.sql(f"SELECT {query}")
    assert [str(kind) for kind in found.types] == ["DOUBLE"] * len(numbers)
    assert found.fetchall() == [numbers]
    with pytest.raises(InvalidQuestion, match="MGD-Q108"):
        verbs.literal(math.inf)
