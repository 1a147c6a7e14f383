"""``mgdecide pool BODY``: a body of evidence pooled again from its rows and compared with what is stored.

``mgdecide pool --rows FILE.csv`` pools any rows (columns study, yi, vi). A stored pool that does not agree is told
(``agrees``), and is no error of the caller's.
"""

from __future__ import annotations

import json
from argparse import Namespace

from mgdecide.adapters.commands.command_line import read_text, write_output
from mgdecide.adapters.suggestions import given_words
from mgdecide.errors import InvalidInput, Problem

_LARGEST_ROWS = 1_000_000
"""Bytes of a CSV file; the 500 rows a pool may have are far fewer."""


def run(args: Namespace) -> int:
    """Print the pool; 0.

    Raises:
        InvalidInput: neither a body nor rows, or both (MGD-L101); no such body (MGD-P150) or one without rows
            (MGD-P151); rows that cannot be pooled (codes of ``read_rows_csv``); no scipy (MGD-P190).
    """
    body, rows = args.body, args.rows
    if (body is None) == (rows is None):
        given = "nothing" if body is None else f"{given_words(body)} and --rows"
        raise InvalidInput(Problem("MGD-L101", "BODY", given, "the id of a body, or --rows FILE.csv"))
    as_json = args.format == "json"
    write_output(_pool_body(body, as_json) if rows is None else _pool_file(rows, as_json))
    return 0


def _pool_body(id: str, as_json: bool) -> str:
    from mgdecide.adapters.evidence.body_pools import find_body, pool_body
    from mgdecide.adapters.evidence.pool_report import body_text
    from mgdecide.knowledge.bodies import load_bodies
    from mgdecide.knowledge.studies import load_study

    body = find_body(load_bodies(), id)
    found = pool_body(body, {row.study: load_study(row.study) for row in body.rows})
    return _json(found.to_record()) if as_json else body_text(found)


def _pool_file(path: str, as_json: bool) -> str:
    from mgdecide.adapters.evidence.pool_report import rows_text
    from mgdecide.evidence.pooling import pool_rows
    from mgdecide.evidence.rows import read_rows_csv

    pool = pool_rows(read_rows_csv(read_text(path, "a CSV file with the columns study, yi and vi", _LARGEST_ROWS)))
    return _json(pool.to_record()) if as_json else rows_text(pool)


def _json(record: dict[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)
