"""Shared by tests of several folders: the data-frame engines, each as a pair of doors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from attrs import frozen
from hypothesis import settings

if TYPE_CHECKING:
    import pyarrow as pa

if settings.get_current_profile_name() == "default":  # no test is timed: a busy machine is no fault of the library
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")

Rows = list[dict[str, object]]


@frozen
class Engine:
    """One kind of frame: made from an Arrow table, and read back as rows in the order given."""

    name: str
    frame: Callable[[pa.Table], Any]
    table: Callable[[Any], pa.Table]

    def rows(self, native: Any) -> Rows:
        """The rows of a result, unknown as None."""
        found: Rows = self.table(native).to_pylist()
        return found


def _polars() -> Engine:
    import polars as pl

    return Engine("polars", pl.from_arrow, lambda frame: frame.to_arrow())


def _polars_lazy() -> Engine:
    import polars as pl

    def lazy(table: pa.Table) -> pl.LazyFrame:
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return frame.lazy()

    return Engine("polars-lazy", lazy, lambda frame: frame.collect().to_arrow())


def _duckdb() -> Engine:
    import duckdb

    connection = duckdb.connect()
    return Engine("duckdb", connection.from_arrow, lambda relation: relation.to_arrow_table())


def _pyarrow() -> Engine:
    return Engine("pyarrow", lambda table: table, lambda table: table)


def _pandas() -> Engine:
    import pandas as pd
    import pyarrow as pa

    return Engine("pandas", lambda table: table.to_pandas(types_mapper=pd.ArrowDtype), pa.Table.from_pandas)


def _spark() -> Engine:
    from mgdecide.adapters.cohort_files.spark_session import spark_session

    session, folder = spark_session(), TemporaryDirectory()

    def read(table: pa.Table) -> Any:
        """From a file: a frame made in memory is worked out while the plan is made, not by the code Spark runs."""
        import pyarrow.parquet as pq

        path = f"{folder.name}/{uuid4().hex}.parquet"
        pq.write_table(table, path)
        return session.read.parquet(path)

    return Engine("spark", read, lambda frame: frame.toArrow())


_ENGINES: dict[str, Callable[[], Engine]] = {
    "polars": cache(_polars),
    "polars-lazy": cache(_polars_lazy),
    "duckdb": cache(_duckdb),
    "pyarrow": cache(_pyarrow),
    "pandas": cache(_pandas),
    "spark": cache(_spark),
}


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.spark if name == "spark" else ()) for name in _ENGINES])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine in turn."""
    return _ENGINES[request.param]()


@pytest.fixture
def engine_named() -> Callable[[str], Engine]:
    """One engine by its name."""
    return lambda name: _ENGINES[name]()
