"""Pools against metafor (REML, PM, DL; Knapp-Hartung; Riley's prediction interval; leave1out), and at the edges."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TypedDict, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mgdecide.errors import InvalidInput
from mgdecide.evidence.between_studies import paule_mandel, restricted_maximum_likelihood, weigh
from mgdecide.evidence.pooling import METHODS, Pool, pool_rows
from mgdecide.evidence.rows import Row

Expected = dict[str, float | list[float]]


class Case(TypedDict):
    name: str
    source: str
    rows: list[dict[str, float | str]]
    tight: dict[str, Expected]
    default: dict[str, Expected]
    leave_one_out: dict[str, dict[str, list[float]]]


ORACLE = Path(__file__).parent / "oracle" / "metafor.json"
CASES = cast(list[Case], json.loads(ORACLE.read_text(encoding="utf-8"))["pools"])


def rows_of(case: Case) -> list[Row]:
    return [Row(str(row["study"]), float(row["yi"]), float(row["vi"])) for row in case["rows"]]


def ours(pool: Pool, method: str) -> dict[str, object]:
    return {**pool.by(method).to_record(), "q": pool.q, "q_p": pool.q_p}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_number_within_a_millionth_of_metafor(case: Case, method: str) -> None:
    found = ours(pool_rows(rows_of(case)), method)
    expected = case["tight"][method]
    assert len(expected) >= (9 if len(case["rows"]) > 2 else 4)
    for name, value in expected.items():
        if name == "q" and len(case["rows"]) == 1:
            continue  # metafor prints 0 for a single study; here it is not defined
        assert found[name] == pytest.approx(value, abs=1e-6), name


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", [case for case in CASES if len(case["rows"]) > 2], ids=lambda case: str(case["name"]))
def test_leave_one_out_as_metafor(case: Case, method: str) -> None:
    expected, left = case["leave_one_out"][method], pool_rows(rows_of(case)).leave_one_out
    assert [each.left_out for each in left] == [row["study"] for row in case["rows"]]
    for i, each in enumerate(left):
        found = next(pooled for pooled in each.methods if pooled.method == method)
        got = [found.estimate, found.se, *found.ci, found.tau2, found.i2]
        want = [expected[name][i] for name in ("estimate", "se", "ci_low", "ci_high", "tau2", "i2")]
        assert got == pytest.approx(want, abs=1e-6)


def test_how_far_metafors_default_run_lies_off() -> None:
    """Its REML stops at a change of 1e-5 and its Paule-Mandel root search at 1e-4; ours are the exact roots."""
    for case in CASES:
        if case["name"] in ("small-numbers", "large-numbers", "stroke-stay"):
            continue  # an absolute stopping rule means little on these scales
        for method, expected in case["default"].items():
            estimate = pool_rows(rows_of(case)).by(method).estimate
            assert estimate == pytest.approx(expected["estimate"], abs=1e-6 if method != "PM" else 1e-4)


def test_the_published_magnesium_pool_of_metadat() -> None:
    """dat.li2007 as printed to six digits by metafor elsewhere: DL and REML differ by a third, all from one file."""
    li = next(case for case in CASES if case["name"] == "li-2007")
    pool = pool_rows(rows_of(li))
    assert [round(pool.by(method).estimate, 6) for method in ("DL", "PM", "REML")] == [-0.412481, -0.468815, -0.54585]
    assert pool.by("REML").tau2 == pytest.approx(0.176562, abs=1e-6)


def test_one_study_is_its_own_estimate() -> None:
    pool = pool_rows([Row("a", -0.61, 0.04)])
    found = pool.by("REML")
    assert [found.estimate, found.se] == pytest.approx([-0.61, 0.2])
    assert list(found.ci) == pytest.approx([-0.61 - 1.959964 * 0.2, -0.61 + 1.959964 * 0.2])
    assert (found.tau2, found.i2, found.ci_knapp_hartung, found.prediction) == (None, None, None, None)
    assert (pool.q, pool.q_p, pool.leave_one_out) == (None, None, ())
    assert pool.warnings[0].startswith("One study")


def test_two_studies_have_no_prediction_interval() -> None:
    pool = pool_rows([Row("a", -0.61, 0.08), Row("b", 0.1, 0.03)])
    for method in METHODS:
        found = pool.by(method)
        assert found.prediction is None
        assert found.ci_knapp_hartung is not None
        assert found.tau2 == pytest.approx(0.19705)  # (y1 - y2)^2 / 2 - mean(vi), for every method
    assert [each.methods[0].tau2 for each in pool.leave_one_out] == [None, None]


def test_knapp_hartung_is_not_truncated() -> None:
    """Three equal effects leave no residual: the untruncated interval has no width, and a warning says so."""
    pool = pool_rows([Row("a", 0.4, 0.1), Row("b", 0.4, 0.2), Row("c", 0.4, 0.3)])
    assert pool.by("REML").to_record()["ci_knapp_hartung"] == pytest.approx([0.4, 0.4])
    assert any("not truncated" in warning for warning in pool.warnings)


def test_the_record_has_the_contracts_shape() -> None:
    record = pool_rows([Row("a", -0.6, 0.08), Row("b", 0.1, 0.03), Row("c", 0.2, 0.05)]).to_record()
    assert {"body", "measure", "rows", "methods", "leave_one_out", "stored", "agrees"} <= record.keys()
    methods = cast(dict[str, dict[str, object]], record["methods"])
    assert list(methods) == ["REML", "PM", "DL"]
    for values in methods.values():
        assert list(values) == ["estimate", "se", "tau2", "i2", "ci", "ci_knapp_hartung", "prediction"]
    assert record["rows"] == [
        {"study": "a", "yi": -0.6, "vi": 0.08},
        {"study": "b", "yi": 0.1, "vi": 0.03},
        {"study": "c", "yi": 0.2, "vi": 0.05},
    ]
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_few_studies_are_warned_of() -> None:
    def warnings(k: int) -> str:
        return " ".join(pool_rows([Row(f"s{i}", i % 3 / 10, 0.1) for i in range(k)]).warnings)

    assert "hardly be estimated" in warnings(4)
    assert "hardly be estimated" not in warnings(5)
    assert "fewer than ten" in warnings(9)
    assert "fewer than ten" not in warnings(10)


def test_the_level_is_the_callers() -> None:
    rows = [Row("a", -0.6, 0.08), Row("b", 0.1, 0.03), Row("c", 0.2, 0.05)]
    wide, narrow = pool_rows(rows, level=0.99).by("DL"), pool_rows(rows, level=0.9).by("DL")
    assert wide.ci[0] < narrow.ci[0] < narrow.ci[1] < wide.ci[1]
    with pytest.raises(InvalidInput, match="MGD-P122"):
        pool_rows(rows, level=95)


effects = st.floats(-3, 3).map(lambda value: round(value, 4))
variances = st.floats(0.001, 2).map(lambda value: round(value, 4))
tables = st.lists(st.tuples(effects, variances), min_size=2, max_size=7)


def made(table: list[tuple[float, float]]) -> list[Row]:
    return [Row(f"s{i}", yi, vi) for i, (yi, vi) in enumerate(table)]


@settings(max_examples=60, deadline=None)
@given(tables)
def test_paule_mandel_solves_its_own_equation(table: list[tuple[float, float]]) -> None:
    yi, vi = [y for y, _ in table], [v for _, v in table]
    tau2 = paule_mandel(yi, vi)
    q = weigh(yi, vi, tau2).q
    assert q == pytest.approx(len(table) - 1, rel=1e-9) if tau2 else q <= len(table) - 1 + 1e-9


@settings(max_examples=60, deadline=None)
@given(tables, st.floats(0, 20))
def test_no_tau2_has_a_higher_restricted_likelihood(table: list[tuple[float, float]], other: float) -> None:
    """The likelihood written out here from its definition, not taken from the module."""
    yi, vi = [y for y, _ in table], [v for _, v in table]

    def log_likelihood(tau2: float) -> float:
        w = [1 / (v + tau2) for v in vi]
        mean = sum(a * y for a, y in zip(w, yi, strict=True)) / sum(w)
        squares = sum(a * (y - mean) ** 2 for a, y in zip(w, yi, strict=True))
        return -0.5 * (sum(math.log(v + tau2) for v in vi) + math.log(sum(w)) + squares)

    assert log_likelihood(restricted_maximum_likelihood(yi, vi)) >= log_likelihood(other) - 1e-9


@settings(max_examples=40, deadline=None)
@given(tables, st.floats(-5, 5).map(lambda value: round(value, 3)), st.sampled_from([0.5, 2.0, 8.0]))
def test_shift_and_scale_carry_through(table: list[tuple[float, float]], shift: float, scale: float) -> None:
    """Points of another scale give the same pool in those points; I2 does not know the scale."""
    here = pool_rows(made(table))
    there = pool_rows(made([(yi * scale + shift, vi * scale**2) for yi, vi in table]))
    for method in METHODS:
        a, b = here.by(method), there.by(method)
        assert b.estimate == pytest.approx(a.estimate * scale + shift, abs=1e-6)
        assert b.se == pytest.approx(a.se * scale, rel=1e-5)
        assert b.i2 == pytest.approx(a.i2, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(tables.flatmap(lambda table: st.tuples(st.just(made(table)), st.permutations(made(table)))))
def test_the_order_of_rows_changes_nothing(both: tuple[list[Row], list[Row]]) -> None:
    rows, shuffled = both
    for a, b in zip(pool_rows(rows).methods, pool_rows(shuffled).methods, strict=True):
        assert b.estimate == pytest.approx(a.estimate, abs=1e-9)
        assert b.tau2 == pytest.approx(a.tau2, abs=1e-9)
