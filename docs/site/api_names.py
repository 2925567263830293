"""The modules that docs/plugin-api.md lists, their public names, and where each is defined."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

PAGE = Path(__file__).resolve().parents[1] / "plugin-api.md"


def module_names() -> list[str]:
    """The modules in the order of the page's tables."""
    rows = re.findall(r"^\| (`lmc.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]


def symbols(module: ModuleType) -> dict[str, object]:
    """The public names of a module: those of `__all__`, or all that it defines."""
    names = getattr(module, "__all__", None)
    if names is None:
        names = [name for name in _defined(module) if not name.startswith("_")]
    return {name: getattr(module, name) for name in names}


def _defined(module: ModuleType) -> Iterator[str]:
    """Classes, functions, constants and type aliases of a module, not what it imports."""
    for node in tree(module).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from assigned(node)


@cache
def tree(module: ModuleType) -> ast.Module:
    """The source of a module, parsed."""
    return ast.parse(inspect.getsource(module))


def assigned(node: ast.stmt) -> list[str]:
    """The names that a statement gives a value."""
    targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    parts = [part for target in targets for part in getattr(target, "elts", [target])]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def constant(module: ModuleType, name: str) -> tuple[ast.Assign | ast.AnnAssign, str]:
    """The statement that a constant is defined by, and the text under it, which may be empty."""
    body = tree(module).body
    for index, node in enumerate(body):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return constant(importlib.import_module(str(node.module)), alias.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and name in assigned(node):
            return node, _text(body[index + 1 : index + 2])
    raise LookupError(f"{module.__name__} does not define {name}")


def _text(after: list[ast.stmt]) -> str:
    for node in after:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return inspect.cleandoc(str(node.value.value))
    return ""
