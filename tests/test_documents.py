"""What the README and the guides print is what the library answers."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from mgdecide.adapters.cli import COMMANDS, main

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "SECURITY.md"]
    + [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts and "generated" not in path.parts]
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_examples_are_real(path: Path) -> None:
    result = doctest.testfile(
        str(path), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    )
    assert result.failed == 0


def test_the_readme_has_examples() -> None:
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False).attempted >= 10


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_files_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_tutorial_has_examples_that_run() -> None:
    for path in (ROOT / "docs" / "tutorials").glob("*.md"):
        ran = doctest.testfile(
            str(path), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        )
        assert ran.attempted >= 8, path.name
        assert ran.failed == 0, path.name


def _modules_with_examples() -> list[str]:
    source = ROOT / "src" / "mgdecide"
    return sorted(
        ".".join(path.relative_to(source.parent).with_suffix("").parts)
        for path in source.rglob("*.py")
        if ">>>" in path.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("name", _modules_with_examples())
def test_examples_in_docstrings_are_real(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_examples_compile(path: Path) -> None:
    compile(path.read_text(encoding="utf-8"), str(path), "exec")


def _commands(path: Path) -> list[str]:
    """Every call of mgdecide in a document, in a block or in a sentence, as it stands there."""
    text = re.sub(r"```(?:python|toml|text|json).*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\s*\n", " ", text)
    return re.findall(r"(?:`|\$ |^|[|>] |; )mgdecide ([a-z]+(?: [^`$|>;]*)?)", text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_the_documents_exist_with_their_options(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for call in _commands(path):
        name, *words = call.split()
        within = words[:1] if name == "govern" and words and not words[0].startswith("-") else []
        assert main([name, *within, "--help"]) == 0, f"{path.name}: mgdecide {call}"
        told = capsys.readouterr().out
        for word in words:
            if word.startswith("--"):
                assert word.split("=")[0].rstrip(",.)") in told, f"{path.name}: mgdecide {call}"


def test_the_documents_show_most_commands() -> None:
    shown = {call.split()[0] for path in DOCUMENTS for call in _commands(path)}
    assert COMMANDS.keys() - shown == set()


def test_the_first_example_runs() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "judge_one_patient.py")], capture_output=True, text=True, check=True
    )
    assert "status hypo; gate open" in ran.stdout
