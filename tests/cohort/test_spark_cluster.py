"""The documented ``spark-submit`` job on a standalone master with two workers: pytest -m slow -k cluster"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mgdecide.testing.cohort_agreement import disagreements
from tests.cohort.cluster import cluster
from tests.cohort.frames import expected, generated, table

JOB = Path(__file__).parents[2] / "examples" / "judge_on_spark.py"
COUNT, SEED, FILES = 2000, 21, 4


@pytest.mark.slow
@pytest.mark.spark
def test_the_spark_submit_job_on_two_workers(tmp_path: Path) -> None:
    facts, out = tmp_path / "facts", tmp_path / "out"
    facts.mkdir()
    whole, size = table(generated(COUNT, SEED)), COUNT // FILES
    for part in range(FILES):
        pq.write_table(whole.slice(part * size, size), facts / f"{part}.parquet")
    with cluster(tmp_path / "cluster") as started:
        settings = [
            "--driver-memory",
            "1g",
            "--executor-memory",
            "900m",
            "--conf",
            "spark.sql.files.openCostInBytes=1g",
        ]
        done = started.submit(*settings, str(JOB), facts.as_uri(), out.as_uri())
        assert done.returncode == 0, done.stderr[-3000:]
        assert all(list(work.glob("app-*")) for work in started.work), "a worker was not asked"
    want = expected(COUNT, SEED)
    found = [row for path in out.glob("part-*.parquet") for row in pq.read_table(path).to_pylist()]
    assert disagreements(want, found) == []
    counts = Counter(str(row["gate"]) for row in want)
    told = {line.strip() for line in done.stdout.splitlines()}  # Spark may tell things of its own as well
    assert {f"{gate:<10} {number}" for gate, number in counts.items()} <= told
