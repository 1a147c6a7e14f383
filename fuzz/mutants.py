"""Mutation testing on a sample: one small change to the source at a time, and the tests that ought to notice it.

    python -m fuzz.mutants --count 100 --seed 1

The whole of the named packages has some thousands of mutants and each costs a run of tests, so a random sample is
taken; the seed is printed and gives the same sample again. The work is done in a copy; the tree is left alone.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from time import monotonic

ROOT = Path(__file__).parent.parent
TESTS = {
    "domain": ("tests/domain", "tests/testing", "tests/rules"),
    "logic": ("tests/logic", "tests/rules", "tests/cohort/test_law.py"),
    "rules": ("tests/rules", "tests/cases", "tests/adapters/test_report.py", "tests/test_laws.py"),
    "evidence": ("tests/evidence", "tests/adapters/test_sof.py", "tests/knowledge/test_bodies.py"),
}
"""Package -> the tests that are asked, in this order; the first failure is enough."""
_SECONDS = 300

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}


def changed(node: ast.AST) -> str:
    """Change one node in place; what was done, or nothing where it has no mutant."""
    match node:
        case ast.Compare(ops=[operator, *rest]) if type(operator) in _COMPARE:
            node.ops = [_COMPARE[type(operator)](), *rest]
            return f"{type(operator).__name__} -> {type(node.ops[0]).__name__}"
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            return f"-> {type(node.op).__name__}"
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            node.op, old = _ARITHMETIC[type(node.op)](), type(node.op).__name__
            return f"{old} -> {type(node.op).__name__}"
        case ast.UnaryOp(op=ast.Not()):
            node.op = ast.UAdd()  # +x: a plain truth value stays, so the "not" is gone
            return "not -> nothing"
        case ast.IfExp(test=test):
            node.test = ast.UnaryOp(ast.Not(), test)
            return "condition turned"
        case ast.If(test=test) | ast.While(test=test):
            node.test = ast.UnaryOp(ast.Not(), test)
            return "condition turned"
        case ast.Constant(value=bool()):
            node.value = not node.value
            return f"-> {node.value}"
        case ast.Constant(value=int(number)):
            node.value = number + 1
            return f"-> {node.value}"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            node.value = ast.Constant(None)
            return "returns None"
        case _:
            return ""


def candidates(tree: ast.AST) -> Iterator[int]:
    """The numbers of nodes that have a mutant; annotations, defaults of checks and ``raise`` lines are left alone."""
    quiet: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Raise | ast.Assert):
            parts = [node]
        elif isinstance(node, ast.FunctionDef):
            parts = [each for each in (node.returns, *node.decorator_list) if each is not None]
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            parts = [node.annotation]
        elif _is_for_types_only(node):
            parts = [node]
        for part in parts:
            quiet |= {id(each) for each in ast.walk(part)}
    for at, node in enumerate(ast.walk(tree)):
        if id(node) not in quiet and changed(deepcopy(node)):
            yield at


def _is_for_types_only(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    return isinstance(node, ast.Assign) and _is_alias(node)


def _is_alias(node: ast.Assign) -> bool:
    """``Amount = Decimal | Fraction``: a type, which no test at run time can see."""
    return isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.BitOr) and _is_type(node.value)


def _is_type(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_type(node.left) and _is_type(node.right)
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and ast.unparse(node)[:1].isupper()


def sample(copy: Path, packages: list[str], count: int, chance: Random) -> list[tuple[str, Path, int]]:
    """That many mutants of these packages, each by package, file and node."""
    every = [
        (package, path, at)
        for package in packages
        for path in sorted((copy / "src" / "mgdecide" / package).rglob("*.py"))
        for at in candidates(ast.parse(path.read_text(encoding="utf-8")))
    ]
    print(f"{len(every)} mutants there are; {min(count, len(every))} are tried", flush=True)
    return chance.sample(every, min(count, len(every)))


def survives(copy: Path, package: str, path: Path, at: int) -> tuple[bool, str]:
    """Whether no test notices, and what was changed where."""
    inside = path.relative_to(copy)
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    node = list(ast.walk(tree))[at]
    line = getattr(node, "lineno", 0)
    done = changed(node)
    (copy / inside).write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")
    try:
        options = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser", "--hypothesis-seed=0"]
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *TESTS[package]],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=_SECONDS,
        )
        code = ran.returncode
    except subprocess.TimeoutExpired:
        code = 1
    finally:
        (copy / inside).write_text(text, encoding="utf-8")
    return code == 0, f"{inside}:{line} {done}"


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 always: a survivor is something to think about, not a failure of the run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--packages", nargs="+", choices=TESTS, default=list(TESTS))
    args = parser.parse_args(arguments)
    began, tried, survived = monotonic(), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        for name in ("src", "tests", "docs", "examples", "benchmarks", "fuzz"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
        for name in ("pyproject.toml", "README.md", "Makefile", "constraints.txt", "CHANGELOG.md", "SECURITY.md"):
            shutil.copy(ROOT / name, copy / name)
        for package, path, at in sample(copy, args.packages, args.count, Random(args.seed)):
            alive, what = survives(copy, package, path, at)
            tried[package] += 1
            survived[package] += alive
            print(f"{'SURVIVED' if alive else 'killed  '} {what}", flush=True)
    print(f"seed {args.seed}, {monotonic() - began:.0f} s")
    for package in tried:
        killed = tried[package] - survived[package]
        print(f"{package:10} {killed} of {tried[package]} killed")
    print(f"{'all':10} {tried.total() - survived.total()} of {tried.total()} killed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
