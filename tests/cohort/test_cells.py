"""Which cells count, which are named in ``unusable``, and what storage does to a number: nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mgdecide.adapters.bulk.columns import fact_schema
from mgdecide.cohort import judge
from mgdecide.testing.cohort_agreement import disagreements
from mgdecide.testing.cohort_oracle import expected_verdicts
from tests.cohort.frames import Row, generated, rounded, stored_otherwise, table, usual


@pytest.fixture(
    params=["polars", "duckdb", "pyarrow", pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow])]
)
def column_engine(request: pytest.FixtureRequest, engine_named: Callable[[str], Any]) -> Any:
    """Each way in which cells are read; lazy Polars frames and pandas frames of Arrow types go the ways of these.

    Spark takes some seconds for each frame: in the suite it has the generated rows of ``test_law``.
    """
    return engine_named(request.param)


def judged(engine: Any, *rows: Row) -> list[Row]:
    found: list[Row] = engine.rows(judge(engine.frame(table(rows))))
    return found


SPOILED: list[tuple[dict[str, object], str | None]] = [
    ({}, None),
    ({"egfr": math.nan}, "egfr"),
    ({"egfr": math.inf}, "egfr"),
    ({"egfr": -math.inf}, "egfr"),
    ({"egfr": -1.0}, "egfr"),
    ({"egfr": 1e300}, "egfr"),
    ({"age_years": 200.0}, "age_years"),
    ({"age_years": math.nan, "sex": "F"}, "age_years,sex"),
    ({"sex": ""}, "sex"),
    ({"serum_magnesium_unit": None}, "serum_magnesium"),
    ({"serum_magnesium_unit": "mmol"}, "serum_magnesium"),
    ({"serum_magnesium": None, "serum_magnesium_unit": "mmol"}, None),
    ({"serum_magnesium": 70.0}, "serum_magnesium"),  # plausible in mg/L, not in mmol/L
    ({"serum_magnesium_comparator": "="}, "serum_magnesium_comparator"),
    ({"serum_magnesium_comparator": "<"}, None),
    ({"serum_magnesium_age_days": -1.0}, "serum_magnesium_age_days"),
    ({"serum_magnesium_low": math.inf, "serum_magnesium_high": math.nan}, "serum_magnesium_high,serum_magnesium_low"),
    ({"egfr_unit": None}, None),
    ({"egfr_unit": "mL/min"}, "egfr"),
]


def test_unusable_cells_are_named(column_engine: Any) -> None:
    rows = [usual(patient=str(number), **cells) for number, (cells, _) in enumerate(SPOILED)]
    rows.append({"patient": "nobody"})
    found = judged(column_engine, *rows)
    assert disagreements(map(expected_verdicts, rows), found) == []
    nobody = found.pop()
    assert [row["unusable"] for row in found] == [named for _, named in SPOILED]
    assert (nobody["gate"], nobody["status"], nobody["unusable"]) == ("undecided", "undetermined", None)


def test_unusable_cells_of_a_parquet_file_are_named(tmp_path: Path) -> None:
    """The statistics of a file say nothing of NaN; an engine that trusts them takes it for a number in range."""
    import duckdb
    import polars as pl
    import pyarrow.parquet as pq

    spoiled: list[dict[str, object]] = [{}, {"egfr": math.nan}, {"egfr_age_days": math.nan}, {"age_years": math.nan}]
    rows = [usual(patient=str(number), **each) for number, each in enumerate(spoiled)]
    path = str(tmp_path / "in.parquet")
    pq.write_table(table(rows), path)
    want = list(map(expected_verdicts, rows))
    assert [row["unusable"] for row in want] == [None, "egfr", "egfr_age_days", "age_years"]
    with duckdb.connect() as connection:
        found = judge(connection.read_parquet(path)).to_arrow_table().to_pylist()
    assert disagreements(want, found) == []
    assert disagreements(want, judge(pl.scan_parquet(path)).collect().to_dicts()) == []


def test_an_unusable_cell_counts_as_unknown(engine_named: Callable[[str], Any]) -> None:
    engine = engine_named("polars")
    spoiled, absent = judged(engine, usual(egfr=math.nan), usual(egfr=None))
    assert spoiled["gate"] == absent["gate"] == "undecided"
    assert {**spoiled, "unusable": None} == absent


def test_one_row_and_none(column_engine: Any) -> None:
    engine = column_engine
    one, none = (engine.table(judge(engine.frame(table(rows)))) for rows in ([usual()], []))
    assert disagreements([expected_verdicts(usual())], one.to_pylist()) == []
    assert none.num_rows == 0
    assert none.schema.names == one.schema.names
    assert none.schema.types == one.schema.types


def test_a_frame_with_only_a_key(column_engine: Any) -> None:
    keys = pa.table({"patient": ["a", "b"]})
    found = column_engine.rows(judge(column_engine.frame(keys)))
    assert disagreements([expected_verdicts({"patient": key}) for key in ("a", "b")], found) == []


def test_keys_may_repeat_and_are_kept_as_they_are(column_engine: Any) -> None:
    rows = [usual(), usual(egfr=20.0), usual(patient=None), usual(patient="ä'\"`b ,")]
    found = judged(column_engine, *rows)
    assert [row["patient"] for row in found] == ["a", "a", None, "ä'\"`b ,"]
    assert [row["gate"] for row in found] == ["open", "closed", "open", "open"]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        pytest.param("polars", pa.array([b"x", b"y", None]), id="polars-binary"),
        pytest.param("duckdb", pa.array([3, 1, None], pa.int32()), id="duckdb-int32"),
        pytest.param("pyarrow", pa.array(["x", "y", None]).dictionary_encode(), id="pyarrow-dictionary"),
        pytest.param("pandas", pa.array([3, 1, None], pa.int32()), id="pandas-int32"),
    ],
)
def test_a_key_of_any_type_is_kept(engine_named: Callable[[str], Any], name: str, keys: Any) -> None:
    engine = engine_named(name)
    rows = table([usual(), usual(), usual()]).drop_columns("patient").append_column("mrn", keys)
    found = engine.table(judge(engine.frame(rows), key="mrn"))
    assert found.column("mrn").to_pylist() == keys.to_pylist()
    assert found.schema.names[0] == "mrn"


# --- how a column is stored -----------------------------------------------------------------------------------


def stored(rows: tuple[Row, ...], kinds: dict[Any, Any]) -> Any:
    """A table whose columns of a kind are stored as another."""
    whole = table(rows)
    columns = {name: whole.column(name) for name in whole.schema.names}
    return pa.table(
        {name: column.cast(kinds[column.type]) if column.type in kinds else column for name, column in columns.items()}
    )


def test_numbers_meet_an_edge_as_the_digits_they_print(column_engine: Any) -> None:
    """As decimals, in single precision, as integers; answers as 1 and 0, words as dictionaries.

    0.7 in 32 bits is 0.699999988, and what was measured was 0.7.
    """
    rows = list(map(rounded, generated(600, 5, 0.0)))
    found = column_engine.rows(judge(column_engine.frame(stored_otherwise(rows))))
    assert disagreements(map(expected_verdicts, rows), found) == []


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("polars", pa.int32()),
        ("duckdb", pa.int32()),
        ("pyarrow", pa.int32()),
        ("pyarrow", pa.int8()),
        ("pandas", pa.int32()),
    ],
)
def test_dictionaries_are_words(engine_named: Callable[[str], Any], name: str, index: Any) -> None:
    rows = generated(400, 5)
    encoded = table(rows)
    for field in fact_schema():
        if field.type == pa.string() and field.name != "patient":
            column = encoded.column(field.name).combine_chunks().cast(pa.dictionary(index, pa.string()))
            encoded = encoded.set_column(encoded.schema.get_field_index(field.name), field.name, column)
    engine = engine_named(name)
    assert disagreements(map(expected_verdicts, rows), engine.rows(judge(engine.frame(encoded)))) == []


@pytest.mark.parametrize(
    ("name", "kind"), [("polars", pa.large_string()), ("pyarrow", pa.large_string()), ("pyarrow", pa.string_view())]
)
def test_other_kinds_of_text(engine_named: Callable[[str], Any], name: str, kind: Any) -> None:
    rows = generated(200, 5)
    engine = engine_named(name)
    found = engine.rows(judge(engine.frame(stored(rows, {pa.string(): kind}))))
    assert disagreements(map(expected_verdicts, rows), found) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("polars", pa.int8()),
        ("polars", pa.float64()),
        ("duckdb", pa.int8()),
        ("pyarrow", pa.int8()),
        ("pandas", pa.float64()),
    ],
)
def test_yes_and_no_as_one_and_nought(engine_named: Callable[[str], Any], name: str, kind: Any) -> None:
    rows = generated(300, 6, 0.0)
    engine = engine_named(name)
    found = engine.rows(judge(engine.frame(stored(rows, {pa.bool_(): kind}))))
    assert disagreements(map(expected_verdicts, rows), found) == []


def test_two_is_no_answer(engine_named: Callable[[str], Any]) -> None:
    answers = table([usual(patient=str(number)) for number in range(4)]).drop_columns("dialysis")
    with_numbers = answers.append_column("dialysis", pa.array([0, 1, 2, None], pa.int64()))
    for name in ("polars", "pyarrow"):
        engine = engine_named(name)
        found = engine.rows(judge(engine.frame(with_numbers)))
        assert [row["unusable"] for row in found] == [None, None, "dialysis", None]
        assert [row["gate"] for row in found] == ["open", "closed", "open", "open"]  # the problem list is complete


def test_a_column_of_nulls_without_a_type(engine_named: Callable[[str], Any]) -> None:
    nothing = table([usual()]).drop_columns(["egfr"]).append_column("egfr", pa.nulls(1))
    for name in ("polars", "pyarrow"):
        engine = engine_named(name)
        found = engine.rows(judge(engine.frame(nothing)))
        assert disagreements([expected_verdicts(usual(egfr=None))], found) == [], name
