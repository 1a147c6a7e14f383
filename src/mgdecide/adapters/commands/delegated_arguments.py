"""Arguments of the commands whose modules bring only a ``run``: the evidence extra."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping

from mgdecide.adapters.commands.command_line import word


def pool_arguments(parser: ArgumentParser) -> None:
    """BODY, or any rows."""
    parser.add_argument("body", nargs="?", metavar="BODY", help="id of a body of evidence")
    parser.add_argument("--rows", metavar="FILE.csv", help="pool these rows: columns study, yi, vi")
    parser.add_argument("--format", type=word("--format", ("text", "json")), default="text", metavar="text|json")


DELEGATED: Mapping[str, Callable[[ArgumentParser], None]] = {
    "pool": pool_arguments,
}
"""By command; a module with ``add_arguments`` of its own needs none of these."""
