"""The small changes to a source that tests ought to notice, and where they can be made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from attrs import frozen

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
_WIDEST = 120


@frozen
class Mutant:
    """One change: the ``node``-th node of the file (in the order of ``ast.walk``) and what is done to it."""

    file: str
    """Relative to the root, with slashes."""
    node: int
    line: int
    text: str
    """The line of the source."""
    change: str
    inside: tuple[int, int] | None
    """First and last line of the body of the innermost function; none for what runs when the module is imported."""


def mutated(source: str, node: int) -> ast.Module:
    """The tree with that node changed; line numbers stay."""
    tree = ast.parse(source)
    changed(list(ast.walk(tree))[node])
    return ast.fix_missing_locations(tree)


def mutants(root: Path, file: Path) -> Iterator[Mutant]:
    """Every mutant of a file.

    Left alone are annotations, decorators of functions, aliases of types, what is for type checkers only, and the
    words and values of errors and checks (``raise``, ``assert``, ``zip(strict=True)``).
    """
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    tree = ast.parse(source)
    quiet = {id(each) for node in ast.walk(tree) for part in _quiet(node) for each in ast.walk(part)}
    bodies = _bodies(tree)
    for at, node in enumerate(ast.walk(tree)):
        if id(node) not in quiet and (change := changed(deepcopy(node))):
            assert isinstance(node, ast.expr | ast.stmt)
            name = file.relative_to(root).as_posix()
            yield Mutant(name, at, node.lineno, lines[node.lineno - 1].strip(), change, bodies.get(id(node)))


def changed(node: ast.AST) -> str:
    """Change one node in place; what was done, or nothing where it has no mutant."""
    before = _shown(node)
    return f"{before}  ->  {_shown(node)}" if _change(node) else ""


def _shown(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.While):
        node = node.test
    text = " ".join(ast.unparse(node).split()) if isinstance(node, ast.expr | ast.stmt) else ""
    return text if len(text) <= _WIDEST else text[:_WIDEST] + "…"


def _change(node: ast.AST) -> bool:
    match node:
        case ast.Compare(ops=[operator, *rest]) if type(operator) in _COMPARE:
            node.ops = [_COMPARE[type(operator)](), *rest]
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            node.op = _ARITHMETIC[type(node.op)]()
        case ast.UnaryOp(op=ast.Not()):
            node.op = ast.UAdd()  # +x: a plain truth value stays, so the "not" is gone
        case ast.IfExp(test=test) | ast.If(test=test) | ast.While(test=test):
            node.test = ast.UnaryOp(ast.Not(), test)
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int(number)):
            node.value = number + 1
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            node.value = ast.Constant(None)
        case _:
            return False
    return True


def _quiet(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Raise | ast.Assert) or _is_for_types_only(node):
        return [node]
    if isinstance(node, ast.FunctionDef):
        return [each for each in (node.returns, *node.decorator_list) if each is not None]
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return [node]  # of zip: a check of our own, as assert is
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        return [node.annotation]
    return []


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


def _bodies(tree: ast.AST) -> dict[int, tuple[int, int]]:
    """Node of a body -> first and last line of the innermost function's; outer functions come first in the walk."""
    return {
        id(each): (node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for statement in node.body
        for each in ast.walk(statement)
    }
