"""SQL as text: brackets where an expression would fall apart without them, and no more; words, steps, NaN."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mgdecide.logic.sql_text import DUCKDB, SPARK, Sql, SqlVerbs
from mgdecide.logic.verbs import Kind

SQL = SqlVerbs(DUCKDB)
A, B, C = SQL.column("a"), SQL.column("b"), SQL.column("c")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (lambda: A & B & C, '"a" AND "b" AND "c"'),
        (lambda: A & (B & C), '"a" AND "b" AND "c"'),
        (lambda: A | B & C, '"a" OR "b" AND "c"'),
        (lambda: (A | B) & C, '("a" OR "b") AND "c"'),
        (lambda: ~A & B, 'NOT "a" AND "b"'),
        (lambda: ~(A & B), 'NOT ("a" AND "b")'),
        (lambda: ~(A < B), 'NOT ("a" < "b")'),  # engines differ in how firmly NOT holds
        (lambda: A + B - C, '"a" + "b" - "c"'),
        (lambda: A - (B + C), '"a" - ("b" + "c")'),
        (lambda: A + (B + C), '"a" + ("b" + "c")'),  # sums of floats are not the same from the right
        (lambda: A * B / C, '"a" * "b" / "c"'),
        (lambda: A / (B * C), '"a" / ("b" * "c")'),
        (lambda: A + B * C, '"a" + "b" * "c"'),
        (lambda: (A + B) * C, '("a" + "b") * "c"'),
        (lambda: A**B, 'POWER("a", "b")'),
        (lambda: (A + B).abs(), 'ABS("a" + "b")'),
        (lambda: (A + B).floor() + C, 'FLOOR("a" + "b") + "c"'),
        (lambda: A < B, '"a" < "b"'),
        (lambda: A <= 2.0, '"a" <= 2.0E0'),
        (lambda: A + B > C - 1.5, '"a" + "b" > "c" - 1.5E0'),
        (lambda: A >= B, '"a" >= "b"'),
        (lambda: (A < B).is_null(), '("a" < "b") IS NULL'),
        (lambda: A.is_null(), '"a" IS NULL'),
        (lambda: ~A.is_null(), 'NOT ("a" IS NULL)'),
        (lambda: SQL.equals(A, "x"), "\"a\" = 'x'"),
        (lambda: SQL.equals(A + B, 0.5), '"a" + "b" = 0.5E0'),
        (lambda: SQL.when(A, B), 'CASE WHEN "a" THEN "b" END'),
        (lambda: SQL.when(A, B, C), 'CASE WHEN "a" THEN "b" ELSE "c" END'),
        (lambda: SQL.first_known(A, B), 'COALESCE("a", "b")'),
        (lambda: SQL.cast(A, Kind.WORD), 'CAST("a" AS VARCHAR)'),
        (lambda: SQL.null(Kind.NUMBER), "CAST(NULL AS DOUBLE)"),
        (lambda: SQL.listed(A, B), 'CONCAT_WS(\',\', "a", "b")'),
        (lambda: SQL.literal(True), "TRUE"),
        (lambda: SQL.literal(3), "3"),
        (lambda: SQL.literal(1e300), "1e+300"),
        (lambda: SQL.column('odd"name'), '"odd""name"'),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_an_expression(expression: Callable[[], Sql], text: str) -> None:
    assert str(expression()) == text


def test_nan_is_spelt_out_where_an_engine_overlooks_it() -> None:
    """As infinity, which the cohort's door takes for unusable as it does NaN."""
    written = 'CASE WHEN ISNAN("a") THEN CAST(\'Infinity\' AS DOUBLE) ELSE "a" END'
    assert str(SQL.floats("a")) == written
    assert str(SqlVerbs(SPARK).floats("a")) == "`a`"


def test_steps_are_nested_in_their_order() -> None:
    steps = [{"x": A}, {"y": SQL.column("x"), "z": B}]
    assert SQL.query(steps, "FROM_HERE") == (
        'SELECT "x" AS "y", "b" AS "z" FROM (SELECT "a" AS "x" FROM FROM_HERE) AS step_1'
    )
