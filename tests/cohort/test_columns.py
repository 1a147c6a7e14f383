"""Mistakes in a frame's columns are told all at once, before any row is read; near misses of a name are noted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from mgdecide.cohort import explain, judge
from mgdecide.cohort.columns import cohort_columns
from mgdecide.cohort.schema import ColumnNotUsed
from mgdecide.errors import InvalidInput
from mgdecide.knowledge.edition import default_knowledge
from tests.cohort.frames import table, usual


def problems(frame: Any, **keywords: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as raised:
        judge(frame, **keywords)
    return [(problem.code, problem.path) for problem in raised.value.problems]


def unread() -> pl.DataFrame:
    raise AssertionError("a row was read")


def never_read(schema: dict[str, Any]) -> pl.LazyFrame:
    """A lazy frame of known columns whose rows must not be asked for."""
    from polars.io.plugins import register_io_source

    return register_io_source(lambda *_: iter([unread()]), schema=schema)


WRONG: list[tuple[str, Any, str]] = [
    ("egfr", pl.String, "numbers"),
    ("egfr", pl.Boolean, "numbers"),
    ("age_years", pl.Date, "numbers"),
    ("age_years", pl.List(pl.Float64), "numbers"),
    ("dialysis", pl.String, "true and false"),
    ("sex", pl.Float64, "text"),
    ("serum_magnesium_unit", pl.Int64, "text"),
    ("serum_magnesium_comparator", pl.Boolean, "text"),
    ("serum_magnesium_age_days", pl.Duration, "numbers"),
    ("phq9_item_9", pl.Struct({"a": pl.Int8}), "numbers"),
]


@pytest.mark.parametrize(("column", "kind", "accepted"), WRONG, ids=[f"{name}-{kind}" for name, kind, _ in WRONG])
def test_a_wrong_type_is_told_before_any_row_is_read(column: str, kind: Any, accepted: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        judge(never_read({"patient": pl.String, column: kind}))
    (problem,) = raised.value.problems
    assert (problem.code, problem.path) == ("MGD-C104", column)
    assert accepted in problem.accepted


def test_words_of_another_list_are_told_before_any_row_is_read() -> None:
    schema = {"patient": pl.String, "serum_magnesium_unit": pl.Enum(["A", "B"])}
    assert problems(never_read(schema)) == [("MGD-C105", "serum_magnesium_unit")]


def test_judging_a_lazy_frame_reads_no_row() -> None:
    judged = judge(never_read({"patient": pl.String, "egfr": pl.Float64, "sex": pl.Categorical}))
    assert isinstance(judged, pl.LazyFrame)
    assert judged.collect_schema().names()[:4] == ["patient", "status", "gate", "urgent"]


def test_all_mistakes_are_told_at_once() -> None:
    wrong = pl.DataFrame({"id": ["a"], "egfr": ["80"], "sex": [1], "dialysis": ["no"]})
    want = [("MGD-C102", "patient"), ("MGD-C104", "dialysis"), ("MGD-C104", "egfr"), ("MGD-C104", "sex")]
    assert sorted(problems(wrong)) == want


@pytest.mark.parametrize("key", ["egfr", "eGFR", "status", "Gate", "unusable", "finding.x", "fit.y", "mgdecide_part_0"])
def test_a_key_named_like_a_fact_or_an_output(key: str) -> None:
    assert problems(pl.DataFrame({key: [1.0]}), key=key) == [("MGD-C103", "key")]


@pytest.mark.parametrize("nothing", [None, [{"egfr": 80}], {"egfr": [80]}, "facts.parquet", 3])
def test_what_is_no_frame(nothing: Any) -> None:
    assert problems(nothing) == [("MGD-C101", "frame")]


def test_two_columns_of_one_name() -> None:
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array([80.0]), pa.array([20.0])], ["patient", "egfr", "egfr"])
    assert problems(twice)[0][0] == "MGD-C106"
    assert problems(twice.to_pandas())[0][0] == "MGD-C106"


@pytest.mark.spark
def test_two_columns_that_are_one_to_spark() -> None:
    from mgdecide.adapters.cohort_files.spark_session import spark_session

    names = ["patient", "egfr", "EGFR", "ward", "Ward"]
    frame = spark_session().createDataFrame([("a", 80.0, 20.0, 1, 2)], names)
    assert problems(frame) == [("MGD-C106", "egfr")]


def test_two_columns_that_differ_in_capitals_are_two_elsewhere() -> None:
    one = pl.DataFrame({"patient": ["a"], "egfr": [80.0]})
    assert judge(one.with_columns(EGFR=pl.lit(20.0))).equals(judge(one))


def test_a_pandas_column_of_numbers_and_texts() -> None:
    import pandas as pd

    assert problems(pd.DataFrame({"patient": ["a", "b"], "egfr": [80.0, "high"]})) == [("MGD-C106", "egfr")]


@pytest.mark.parametrize(
    ("name", "fact"), [("eGFR", "egfr"), ("serum_magnesium_units", "serum_magnesium_unit"), ("Age-Years", "age_years")]
)
def test_a_name_that_is_nearly_a_fact_is_noted(name: str, fact: str) -> None:
    frame = pl.DataFrame({"patient": ["a"], name: [1.0]})
    with pytest.warns(ColumnNotUsed, match=f"{name!r} is not used; did you mean {fact!r}") as noted:
        judge(frame)
    assert noted[0].filename == __file__


@pytest.mark.parametrize("name", ["postcode", "ward", "note", "x"])
def test_other_columns_are_left_alone(name: str, recwarn: pytest.WarningsRecorder) -> None:
    judged = judge(pl.DataFrame({"patient": ["a"], name: [1.0]}))
    assert not [each for each in recwarn if issubclass(each.category, ColumnNotUsed)]
    assert name not in judged.columns


def test_an_output_column_of_an_earlier_run_is_no_input(engine_named: Callable[[str], Any]) -> None:
    """Judged rows may be joined to their facts and judged again."""
    engine = engine_named("polars")
    facts = table([usual()])
    once = engine.rows(judge(engine.frame(facts)))
    again = facts.append_column("status", pa.array(["?"])).append_column("gate", pa.array([1]))
    assert engine.rows(judge(engine.frame(again))) == once


def test_the_columns_are_those_of_the_published_schema() -> None:
    from mgdecide.adapters.schema.cohort import cohort_schema

    members = cohort_schema()["properties"]
    assert isinstance(members, dict)
    assert set(members) == {"patient", *cohort_columns(default_knowledge()).names()}


def test_without_narwhals_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for call in (judge, explain):
        with pytest.raises(InvalidInput, match=r"MGD-C107.*mgdecide\[cohort\]"):
            call(pl.DataFrame({"patient": ["a"]}))


def test_the_core_and_facts_of_need_no_engine() -> None:
    program = (
        "import sys, mgdecide, mgdecide.cohort\n"
        "from mgdecide.cohort import facts_of\n"
        "facts_of(mgdecide.read_patient({'age_years': 54}))\n"
        "print(sorted({'narwhals', 'polars', 'duckdb', 'pyspark', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
