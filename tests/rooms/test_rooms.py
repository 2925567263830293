"""The rooms of the code: packages form no circle, and files stay small."""

import ast
from collections import defaultdict
from pathlib import Path

import networkx
import pytest

ROOT = Path(__file__).parents[2]
TOP = ("lmc", "dialects", "passes", "backends", "models")
MOST_LINES = 400
DRIVER = {"api", "driver", "cli", "evaluation", "terminal", "testing", "tracing", "tuning"}
"""The packages that know passes; no pass, backend or package below may know them."""


def modules() -> dict[str, Path]:
    """lmc's modules by dotted name; the symbolic links in lmc/ are the folders beside it."""
    found: dict[str, Path] = {}
    for top in TOP:
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            dotted = parts if top == "lmc" else ("lmc", *parts)
            if len(dotted) > 1 and dotted[1] in TOP and top == "lmc":
                continue
            found[".".join(part for part in dotted if part != "__init__")] = path
    return found


def room(module: str) -> str:
    """The package right under lmc that a module is in; a loose module is its own room."""
    return module.split(".")[1] if "." in module else "lmc"


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """Modules of lmc that a file imports, inside functions too, but not for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lmc"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name in known)
    return found


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    """Each room, and the rooms that its modules import."""
    known, edges = modules(), defaultdict[str, set[str]](set)
    for module, path in known.items():
        edges[room(module)] |= {room(other) for other in imports(path, known)}
    for name, others in edges.items():
        others.discard(name)
    return edges


def test_packages_form_no_circle(graph: dict[str, set[str]]) -> None:
    # The package itself is what a user imports: it offers the driver and is no room.
    arrows = networkx.DiGraph((a, b) for a, others in graph.items() for b in others)
    arrows.remove_nodes_from(["lmc"])
    circles = [
        circle for circle in networkx.strongly_connected_components(arrows) if len(circle) > 1
    ]
    assert not circles, f"packages that import each other: {circles}"


def test_the_driver_knows_the_passes_and_not_the_reverse(graph: dict[str, set[str]]) -> None:
    for name in set(graph) - DRIVER - {"lmc"}:
        assert not graph[name] & DRIVER, f"{name} imports {graph[name] & DRIVER}"


def test_files_are_small() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in modules().values()}
    long = {str(path): length for path, length in lengths.items() if length > MOST_LINES}
    assert not long


def test_passes_stand_alone() -> None:
    """passes/ holds passes, each in the module of its name, and none imports another."""
    from lmc.ir.registry import PASSES

    files = {path.stem for path in (ROOT / "passes").rglob("*.py")} - {"__init__"}
    assert files == {name.replace("-", "_") for name in PASSES}
    known = modules()
    for module, path in known.items():
        if room(module) == "passes":
            others = {m for m in imports(path, known) if m.startswith("lmc.passes.")}
            assert not others, f"{module} imports {others}"
