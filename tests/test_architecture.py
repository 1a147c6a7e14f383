"""The folder list is the diagram: imports run one way, and each outside library is seen where it belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "mgdecide"

# From the bottom up; a module may import its own layer and those below it.
LAYERS = (
    ("errors",),
    ("domain",),
    ("logic",),
    ("knowledge",),
    ("rules", "evidence"),
    ("assessment", "cohort"),
    ("adapters", "testing"),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# Outside libraries, and the only places that may import them.
ONLY_IN = {
    "pint": ("domain/units.py",),
    "pydantic": ("adapters/",),
    "narwhals": ("logic/frame", "cohort"),
    "polars": ("cohort", "adapters/"),
    "duckdb": ("cohort", "adapters/"),
    "msgspec": ("adapters/",),
    "pyspark": ("cohort", "adapters/"),
    "pyarrow": ("cohort", "adapters/"),
    "fastapi": ("adapters/",),
    "starlette": ("adapters/",),
    "hypothesis": ("testing/",),
    "scipy": ("evidence/",),
    "numpy": ("evidence/",),
}
FILES = sorted(SOURCE.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def layer_of(path: Path) -> int | None:
    first = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    return RANK.get(first.split("_")[0] if first.startswith("cohort") else first)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_one_way(path: Path) -> None:
    rank = layer_of(path)
    if rank is None:  # the doors open every room
        assert path.name in ("__init__.py", "__main__.py")
        return
    for module, line in imports(path):
        parts = module.split(".")
        if parts[0] == "mgdecide" and len(parts) > 1 and parts[1] in RANK:
            assert RANK[parts[1]] <= rank, f"{path}:{line} imports {module}, a layer above its own"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_outside_libraries_are_seen_only_where_they_belong(path: Path) -> None:
    where = str(path.relative_to(SOURCE))
    for module, line in imports(path):
        allowed = ONLY_IN.get(module.split(".")[0])
        assert allowed is None or where.startswith(allowed), f"{where}:{line} imports {module}"


CONDITIONS = (
    "cautions",
    "companions",
    "data_quality",
    "depression",
    "derived",
    "gate",
    "intake",
    "interactions",
    "risks",
    "specimens",
    "statements",
    "status",
    "urgent",
)
# The decimals of a rounding, nought and one, and the number of a trimester are not medicine.
NOT_MEDICINE = (0, 1, 2, 3)


@pytest.mark.parametrize("name", CONDITIONS)
def test_no_rule_body_holds_a_number(name: str) -> None:
    path = SOURCE / "rules" / f"{name}.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            assert node.value in NOT_MEDICINE, f"{path.name}:{node.lineno} holds {node.value}"


def test_every_file_with_conditions_is_searched() -> None:
    with_rules = {
        path.stem for path in (SOURCE / "rules").glob("*.py") if "RULES: Mapping" in path.read_text(encoding="utf-8")
    }
    assert with_rules <= set(CONDITIONS)
