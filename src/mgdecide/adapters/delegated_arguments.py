"""Arguments of the commands whose modules bring only a ``run``: the evidence and cohort extras."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping

from mgdecide.adapters.command_line import word


def pool_arguments(parser: ArgumentParser) -> None:
    """BODY, or any rows."""
    parser.add_argument("body", nargs="?", metavar="BODY", help="id of a body of evidence")
    parser.add_argument("--rows", metavar="FILE.csv", help="pool these rows: columns study, yi, vi")
    parser.add_argument("--format", type=word("--format", ("text", "json")), default="text", metavar="text|json")


def cohort_arguments(parser: ArgumentParser) -> None:
    """IN and OUT."""
    parser.add_argument("input", metavar="IN", help="a Parquet file, or a folder of FHIR Bulk Data NDJSON")
    parser.add_argument("output", metavar="OUT", help="the Parquet file to write")
    engines = ("polars", "duckdb", "spark")
    parser.add_argument("--engine", type=word("--engine", engines), default="polars", metavar="|".join(engines))
    parser.add_argument("--site", metavar="FILE", help="a site's limits, locale and crisis line (TOML)")


DELEGATED: Mapping[str, Callable[[ArgumentParser], None]] = {
    "pool": pool_arguments,
    "cohort": cohort_arguments,
}
"""By command; a module with ``add_arguments`` of its own needs none of these."""
