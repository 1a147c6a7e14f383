"""The commands of docs/cohorts.md do what is said of them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mgdecide.adapters.cli import main
from tests.adapters.fhir.test_bulk import charts, export
from tests.cohort.frames import generated, table

DOCUMENT = (Path(__file__).parents[2] / "docs" / "cohorts.md").read_text(encoding="utf-8")
COMMANDS = [line.split()[1:] for line in re.findall(r"^\$ (mgdecide cohort .*)$", DOCUMENT, re.MULTILINE)]
SITE = 'name = "North"\nversion = "1"\napprover = "Dr A. Example"\n'


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda each: shlex.join(each[1:]))
def test_every_command_runs(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pq.write_table(table(generated(50, 41)), "facts.parquet")
    Path("site.toml").write_text(SITE, encoding="utf-8")
    Path("export").mkdir()
    export(Path("export"), charts(3))
    assert main(arguments) == 0
    assert pq.read_table(arguments[2]).num_rows in (3, 50)


def test_every_file_that_is_named_is_there() -> None:
    root = Path(__file__).parents[2]
    for name in re.findall(r"`(examples/\S+?)`", DOCUMENT):
        assert (root / name).exists(), name


def test_every_code_that_is_named_is_one() -> None:
    from mgdecide.knowledge.error_catalogue import error_catalogue

    assert set(re.findall(r"MGD-[A-Z]\d+", DOCUMENT)) <= error_catalogue().keys()
