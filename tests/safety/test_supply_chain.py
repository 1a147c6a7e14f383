"""Few dependencies, each held to one version, and no way around the type of a dependency."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from tests.safety.written import ROOT


@cache
def project() -> dict[str, object]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert isinstance(table, dict)
    return table


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return found.group().lower().replace("_", "-").replace(".", "-")


def test_the_core_depends_on_three_libraries() -> None:
    needed = project()["dependencies"]
    assert isinstance(needed, list)
    assert {_name(each) for each in needed} == {"attrs", "pydantic", "pint"}


def test_every_requirement_is_constrained_to_one_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {_name(line) for line in lines if re.match(r"[A-Za-z0-9._-]+==[^\s;]+", line)}
    extras = project()["optional-dependencies"]
    needed = project()["dependencies"]
    assert isinstance(extras, dict)
    assert isinstance(needed, list)
    for extra in (needed, *(extras[name] for name in ("evidence", "cohort", "duckdb", "spark", "service"))):
        for requirement in extra:
            assert _name(requirement) in pinned, f"{requirement} has no line in constraints.txt"


def test_the_source_has_no_way_to_run_what_it_was_given() -> None:
    """No pickle, no shell, no YAML; ``exec`` and ``eval`` only where the rulebook compiles its own expressions."""
    allowed = {"logic/plain.py"}
    forbidden = re.compile(r"^\s*(?:import|from) (?:pickle|marshal|shelve|yaml)\b|shell=True|os\.system\(", re.M)
    runs = re.compile(r"(?<![\w.])(?:exec|eval)\(")
    source = ROOT / "src" / "mgdecide"
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(source).as_posix()
        assert not forbidden.search(text), name
        if name not in allowed and not name.startswith("testing/"):
            assert not runs.search(text), name
