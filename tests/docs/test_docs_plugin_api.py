"""docs/plugin-api.md: what it lists is there and documented, and examples import nothing else."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_names import module_names, symbols

from lmc.plugins.version import API_VERSION

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/plugin-api.md").read_text(encoding="utf-8")
MODULES = module_names()
EXAMPLES = [
    path
    for folder, pattern in (
        ("docs/examples", "*.py"),
        ("examples", "*.py"),
        ("lmc/scaffold", "*.py.j2"),
    )
    for path in sorted((ROOT / folder).rglob(pattern))
]


def undocumented(name: str, value: object) -> Iterator[str]:
    """Classes, functions, methods and properties without a docstring of their own."""
    if not inspect.isclass(value) and not inspect.isfunction(value):
        return
    if not (value.__doc__ or "").strip():
        yield name
    if not inspect.isclass(value):
        return
    inherited = {member for base in value.__mro__[1:] for member in vars(base)}
    for member, part in vars(value).items():
        # What overrides is documented where it is declared.
        if member.startswith("_") or member in inherited or not _is_code(part):
            continue
        if not (inspect.getdoc(part) or "").strip():
            yield f"{name}.{member}"


def _is_code(part: object) -> bool:
    return isinstance(part, property | classmethod | staticmethod) or inspect.isfunction(part)


def test_the_page_states_the_version() -> None:
    assert f"The API has a version, which is {API_VERSION}." in PAGE
    assert f"LMC_API_VERSION = {API_VERSION}" in PAGE
    assert len(MODULES) > 25


@pytest.mark.parametrize("name", MODULES)
def test_every_public_symbol_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert (module.__doc__ or "").strip()
    found = symbols(module)
    assert found
    assert not [one for key, value in found.items() for one in undocumented(key, value)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_import_the_api_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".j2":
        text = re.sub(r"\{\{.*?\}\}", "x", text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "lmc":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_public = alias.name in symbols(importlib.import_module(str(node.module)))
                assert inner in MODULES or (node.module in MODULES and is_public), inner
