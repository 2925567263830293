"""The PyTorch code that locations of the IR name, and which of its lines call which."""

import ast
import importlib.util
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lmc.explorer.ops import SourceLine


@dataclass(frozen=True)
class SourceFile:
    """A file of PyTorch code; `text` is None where it is not on this machine.

    `callers` has, for lines without ops of their own, the lines that reach them: PyTorch's export
    records lines of `forward` alone, so a line of a method that `forward` calls has the ops of the
    line with the call, and an assignment to `self.x` those of the lines that use it.
    """

    file: str
    text: str | None
    callers: Mapping[int, tuple[int, ...]]


def read_sources(lines: Iterable[SourceLine]) -> tuple[SourceFile, ...]:
    """The files of these lines, in the order of their names."""
    by_file: dict[str, set[int]] = defaultdict(set)
    for source in lines:
        by_file[source.file].add(source.line)
    return tuple(_read(file, found) for file, found in sorted(by_file.items()))


def _read(file: str, lines: set[int]) -> SourceFile:
    path = _installed(file)
    try:
        text = None if path is None else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = None
    # Where a line is past its end, the file is another one than was traced.
    if text is None or max(lines) > text.count("\n") + 1:
        return SourceFile(file, None, {})
    return SourceFile(file, text, callers_of(text, lines))


def _installed(file: str) -> Path | None:
    """The file of an installed package, as `lmc.frontend.source` shortens it: `package/module.py`.

    Nothing is imported for it.
    """
    parts = PurePosixPath(file).parts
    if len(parts) < 2 or ".." in parts or not parts[0].isidentifier():
        return None
    found = importlib.util.find_spec(parts[0])
    for folder in (found.submodule_search_locations if found is not None else None) or ():
        path = Path(folder, *parts[1:])
        if path.is_file():
            return path
    return None


def callers_of(text: str, lines: set[int]) -> Mapping[int, tuple[int, ...]]:
    """For lines of methods and assignments, those of `lines` that reach them in their class."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return {}
    found: dict[int, tuple[int, ...]] = {}
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        found |= _callers_in(kind, lines)
    return {line: reached for line, reached in sorted(found.items()) if line not in lines}


def _callers_in(kind: ast.ClassDef, lines: set[int]) -> dict[int, tuple[int, ...]]:
    methods = {node.name: node for node in kind.body if isinstance(node, ast.FunctionDef)}
    uses = {name: _uses(method) for name, method in methods.items()}

    def reaching(attribute: str, seen: frozenset[str]) -> set[int]:
        """The traced lines that use an attribute of self, or call what uses it."""
        found: set[int] = set()
        for name, used in uses.items():
            direct = {line for line in used.get(attribute, ()) if line in lines}
            found |= direct
            if attribute in used and not direct and name not in seen:
                found |= reaching(name, seen | {name})
        return found

    callers: dict[int, tuple[int, ...]] = {}
    for name, method in methods.items():
        if name != "__init__" and not lines & set(_lines(method)):
            reached = tuple(sorted(reaching(name, frozenset({name}))))
            callers |= dict.fromkeys(_lines(method), reached) if reached else {}
    for attribute, places in _assigned(methods.get("__init__")).items():
        if reached := tuple(sorted(reaching(attribute, frozenset({"__init__"})))):
            callers |= dict.fromkeys(places, reached)
    return callers


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _uses(method: ast.FunctionDef) -> dict[str, list[int]]:
    """The lines at which a method reads `self.name`, by name."""
    found: dict[str, list[int]] = defaultdict(list)
    for node in ast.walk(method):
        if _is_of_self(node) and isinstance(node.ctx, ast.Load):  # pyright: ignore[reportAttributeAccessIssue]
            found[node.attr].append(node.lineno)  # pyright: ignore[reportAttributeAccessIssue]
    return found


def _assigned(method: ast.FunctionDef | None) -> dict[str, Sequence[int]]:
    """The lines at which a method assigns to `self.name`, by name."""
    found: dict[str, Sequence[int]] = {}
    for node in [] if method is None else ast.walk(method):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and _is_of_self(target):
                    found[target.attr] = _lines(node)
    return found


def _is_of_self(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )
