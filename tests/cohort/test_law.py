"""The law: for every patient, ``judge`` says on every engine what ``assess`` says.

Thousands of generated patients here; two hundred and twenty thousand on each engine, in some ten minutes, with

    pytest -m slow tests/cohort/test_law.py                 or, of one engine:  -k spark
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from mgdecide.adapters.bulk.columns import fact_schema
from mgdecide.cohort import facts_of, judge
from mgdecide.testing.cohort_agreement import Disagreement, disagreements
from mgdecide.testing.cohort_oracle import expected_verdicts
from tests.cohort.frames import expected, generated, table, without_nan
from tests.cohort.many import PATIENTS, Many, differences, many, unevenly

ROWS, SEED = 2500, 1


def test_every_engine_says_what_assess_says(engine: Any) -> None:
    judged = engine.rows(judge(engine.frame(table(generated(ROWS, SEED)))))
    assert disagreements(expected(ROWS, SEED), judged) == []


def test_the_generated_patients_are_worth_judging() -> None:
    """Every status, gate and fit comes up; every rule is true somewhere, false and unknown wherever it can be."""
    rows = expected(ROWS, SEED)
    assert len({row["status"] for row in rows}) == 10
    gates = Counter(row["gate"] for row in rows)
    assert min(gates[state] for state in ("open", "closed", "undecided")) > ROWS / 10
    findings = [name for name in rows[0] if name.startswith("finding.")]
    assert len(findings) > 100
    for value, share in ((True, 0.98), (False, 0.85), (None, 0.85)):  # remarks on a record are never unknown
        seen = {name for row in rows for name in findings if row[name] is value}
        assert len(seen) >= share * len(findings), sorted(set(findings) - seen)
    fits = {row[name] for row in rows for name in row if name.startswith("fit.")}
    assert fits == {"fits", "does not fit", "cannot tell", None}
    assert sum(row["unusable"] is not None for row in rows) > ROWS / 10


def test_plain_pandas_has_but_one_word_for_nan_and_missing() -> None:
    """NumPy columns hold a missing number as NaN, so a NaN there is a missing number and no spoiled one."""
    pandas_frame = table(generated(ROWS, SEED)).to_pandas()
    judged = judge(pandas_frame)
    want = map(expected_verdicts, map(without_nan, generated(ROWS, SEED)))
    assert disagreements(want, pa.Table.from_pandas(judged, preserve_index=False).to_pylist()) == []
    assert list(judged.index) == list(pandas_frame.index)


@pytest.mark.parametrize(("name", "size"), [("polars-lazy", 7), ("duckdb", 7), ("pyarrow", 1)])
def test_chunk_borders_change_nothing(engine_named: Callable[[str], Any], name: str, size: int) -> None:
    count = 60 * size
    rows = generated(ROWS, SEED)[:count]
    whole = table(rows)
    chunked = pa.concat_tables([whole.slice(start, size) for start in range(0, count, size)])
    assert chunked.column(0).num_chunks == -(-count // size)
    engine = engine_named(name)
    assert disagreements(expected(ROWS, SEED)[:count], engine.rows(judge(engine.frame(chunked)))) == []


def test_the_order_of_rows_and_columns_changes_nothing(engine_named: Callable[[str], Any]) -> None:
    engine = engine_named("polars")
    rows = generated(ROWS, SEED)[:500]
    names = [*reversed(fact_schema().names)]
    turned = table(rows[::-1]).select(names)
    judged = engine.rows(judge(engine.frame(turned)))
    assert disagreements(expected(ROWS, SEED)[:500], judged) == []
    assert [row["patient"] for row in judged] == [row["patient"] for row in rows[::-1]]


@pytest.mark.parametrize(("name", "seed"), [("polars", 0), ("polars", 1), ("duckdb", 2), ("pyarrow", 3)])
def test_missing_columns_are_unknown(engine_named: Callable[[str], Any], name: str, seed: int) -> None:
    """Two thirds of the columns are dropped, without regard to which belong together."""
    from random import Random

    names = fact_schema().names
    kept = {"patient", *Random(seed).sample(names, len(names) // 3)}
    rows = [{column: row[column] for column in row if column in kept} for row in generated(400, 2)]
    engine = engine_named(name)
    judged = engine.rows(judge(engine.frame(table(rows).select([column for column in names if column in kept]))))
    assert disagreements(map(expected_verdicts, rows), judged) == []


def test_another_edition_of_limits_is_judged_by_on_every_engine(engine_named: Callable[[str], Any]) -> None:
    from mgdecide.knowledge.edition import default_knowledge, with_overlay
    from mgdecide.knowledge.overlay import read_overlay

    overlay = 'name = "North"\nversion = "1"\napprover = "Dr A. Example"\n[limits]\n'
    overlay += '"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }\n'
    strict = with_overlay(default_knowledge(), read_overlay(overlay))
    rows = generated(ROWS, SEED)[:600]
    want = [expected_verdicts(row, knowledge=strict) for row in rows]
    assert sum(a["gate"] != b["gate"] for a, b in zip(want, expected(ROWS, SEED), strict=False)) > 10
    for name in ("polars", "duckdb"):
        engine = engine_named(name)
        assert disagreements(want, engine.rows(judge(engine.frame(table(rows)), knowledge=strict))) == []


# --- a hundred thousand on each engine ------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=list(PATIENTS))
def many_patients(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Many:
    """Each set in turn, made once for all engines."""
    return many(request.param, tmp_path_factory.mktemp(request.param))


@pytest.mark.slow
def test_a_hundred_thousand_patients_on_each_engine(engine: Any, many_patients: Many) -> None:
    assert differences(many_patients.verdicts, engine.table(judge(engine.frame(many_patients.facts)))) == []


@pytest.mark.slow
def test_the_many_patients_are_worth_judging(many_patients: Many) -> None:
    verdicts = many_patients.verdicts
    assert verdicts.num_rows in PATIENTS.values()
    gates = Counter(verdicts.column("gate").to_pylist())
    assert set(gates) == {"open", "undecided", "closed"}
    assert min(gates.values()) > verdicts.num_rows / 100
    assert len(set(verdicts.column("status").to_pylist())) == 10
    assert len(many_patients.facts.column(0).chunk(1)) == 0


def test_one_wrong_cell_among_many_is_found() -> None:
    rows = [{**row, "patient": f"{at:04}"} for at, row in enumerate(generated(60, 3))]
    facts, told = unevenly(table(rows)), judge(table(rows))
    assert [len(chunk) for chunk in facts.column(0).chunks] == [1, 0, 7, 52]
    assert differences(told, judge(facts).take(list(reversed(range(60))))) == []
    gates = told.column("gate").to_pylist()
    spoiled = told.set_column(2, "gate", pa.array([*gates[:-1], None]))
    assert differences(told, spoiled) == [Disagreement("0059", "gate", gates[-1], None)]
    assert differences(told, told.slice(1)) == [Disagreement(None, "patient", 60, 59)]
    assert differences(told, told.drop_columns("urgent"))[0].column == "columns"
    assert differences(told, told.set_column(3, "urgent", pa.nulls(60, pa.int8())))[0].column == "types"


def test_facts_of_gives_the_key_first() -> None:
    from mgdecide import Patient

    assert next(iter(facts_of(Patient(id="x")))) == "patient"
