"""A Spark job: facts in Parquet to verdicts in Parquet, as native columns on every executor.

    spark-submit --master spark://host:7077 --driver-memory 2g examples/judge_on_spark.py IN OUT

The driver needs Python with mgdecide (extra ``spark``); the executors need Java only, since no row meets Python.
IN and OUT are anything Spark reads and writes (``file:``, ``hdfs:``, ``s3a:``). The gates are counted at the end.
"""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from mgdecide.cohort import judge


def main(source: str, target: str) -> None:
    """Judge ``source`` into the folder ``target``; Spark refuses one that is there already."""
    spark = SparkSession.builder.appName("mgdecide").getOrCreate()
    judge(spark.read.parquet(source)).write.parquet(target)
    for row in spark.read.parquet(target).groupBy("gate").count().orderBy("gate").collect():
        print(f"{row['gate']:<10} {row['count']}")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: spark-submit judge_on_spark.py IN OUT")
    main(*sys.argv[1:])
