"""The statistics load nothing heavy until a number is asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mgdecide.evidence
from mgdecide.errors import InvalidInput
from mgdecide.evidence.pooling import pool_rows
from mgdecide.evidence.rows import Row

FOLDER = Path(mgdecide.evidence.__file__).parent
READERS = ("study_rows.py", "study_checks.py")


def test_modules_import_only_the_standard_library_attrs_and_errors() -> None:
    """Only what reads the study files' figures sees the knowledge."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                top = name.split(".")[0]
                own = name == "mgdecide.errors" or name.startswith("mgdecide.evidence")
                own = own or (path.name in READERS and name.startswith("mgdecide.knowledge"))
                assert top in sys.stdlib_module_names or top == "attrs" or own, f"{path.name} imports {name}"


def test_importing_the_statistics_loads_no_scipy() -> None:
    code = (
        "import sys, mgdecide.evidence.forensic, mgdecide.evidence.subgroups, mgdecide.evidence.grade_words,"
        " mgdecide.evidence.recovered, mgdecide.evidence.stored, mgdecide.evidence.points, mgdecide.evidence.paired;"
        " print(sorted({'scipy', 'numpy', 'pint', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InvalidInput) as caught:
        pool_rows([Row("a", -0.6, 0.08), Row("b", 0.1, 0.03)])
    assert caught.value.code == "MGD-P190"
    assert "mgdecide[evidence]" in caught.value.problems[0].accepted
