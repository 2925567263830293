"""A plugin file that is a module of an installed package, too: one thing, or refused by name."""

from pathlib import Path

import pytest

from lmc.diagnostics import LmcError
from lmc.ir.registry import load_registry
from lmc.lint import OFFERED
from lmc.models.adapters import ADAPTERS
from lmc.plugins.offers import TABLES
from lmc.plugins.package_files import GROUPS

HEAD = """
from dataclasses import dataclass

from xdsl.dialects.builtin import f32
from xdsl.ir import Dialect
from xdsl.irdl import IRDLOperation, irdl_op_definition, result_def
from xdsl.universe import Universe

from lmc.ir.pass_base import LmcPass
from lmc.lint.rule import Rule
from lmc.models.adapters import Adapter
from lmc.weights.recipes import register_step
"""
PARTS = {
    "pass": '''
@dataclass(frozen=True)
class Twice(LmcPass):
    """Does nothing."""

    name = "twice"
''',
    "dialect": '''
@irdl_op_definition
class One(IRDLOperation):
    """One."""

    name = "twice.one"
    res = result_def(f32)

TWICE = Dialect("twice", [One])
''',
    "step": """
@register_step("NAME_step")
def step(values, options, load):
    return values
""",
    "rule": """
RULE = Rule("twice-rule", "a test", lambda subject: iter(()))
""",
    "adapter": """
def read(fields):
    return None

ADAPTER = Adapter("twice-nets", "none", lambda values: False, read, lambda config, values: {})
""",
}
UNIVERSE = """
UNIVERSE = Universe(all_dialects={"twice": lambda: TWICE}, all_passes={"twice": lambda: Twice})
"""
ENTRIES = """
[xdsl.universe]
NAME = NAME:UNIVERSE
[lmc.lint_rules]
twice-rule = NAME:RULE
[lmc.adapters]
twice-nets = NAME:ADAPTER
"""


def code(name: str) -> str:
    return "".join((HEAD, *PARTS.values(), UNIVERSE)).replace("NAME", name)


def origins() -> list[str]:
    return [offer.origin for table in (OFFERED, ADAPTERS) for offer in table.all()]


def test_files_of_all_tables_are_looked_for() -> None:
    assert {table.group for table in TABLES} <= set(GROUPS)


@pytest.mark.parametrize("kind", ["development", "copy", "submodule"])
def test_the_file_of_a_package_is_the_package(kind: str, install, tmp_path: Path) -> None:
    """As in development mode; as a wheel has it; and in a folder of the package."""
    name = f"twice_{kind}"
    files = {f"{name}.py": code(name)}
    if kind == "submodule":
        imports = f"from {name}.parts import ADAPTER, RULE, UNIVERSE\n"
        files = {f"{name}/__init__.py": imports, f"{name}/parts.py": code(name)}
    path = install(name, ENTRIES.replace("NAME", name), files) / list(files)[-1]
    if kind == "copy":
        path = tmp_path / path.name
        path.write_text(code(name))
    before, packaged = origins(), load_registry()
    registry = load_registry([path])
    assert registry.pass_class("twice") is packaged.pass_class("twice")
    assert registry.dialects["twice"]() is packaged.dialects["twice"]()
    assert "twice" in registry.plugin_passes
    assert origins() == before == [f"package {name} 1.2"] * 2


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("pass", "defines the pass 'twice', which exists already (in {file}); give it another"),
        ("dialect", "defines the dialect 'twice', which exists already (in {file}); give it anot"),
        ("step", "recipe step first_step_step is registered already (in {file})"),
        ("rule", "offers the rule 'twice-rule', which exists already (of the package {name} 1.2)"),
        ("adapter", "offers the adapter 'twice-nets', which exists already (of the package {name}"),
    ],
)
def test_two_definitions_are_refused_with_both_places(
    kind: str, sentence: str, install, tmp_path: Path
) -> None:
    name = f"first_{kind}"
    site = install(name, ENTRIES.replace("NAME", name), {f"{name}.py": code(name)})
    path = tmp_path / "second.py"
    path.write_text(HEAD + PARTS[kind].replace("NAME", name))
    with pytest.raises(LmcError) as raised:
        load_registry([path])
    assert f"the plugin {path}" in str(raised.value)
    assert sentence.format(file=site / f"{name}.py", name=name) in str(raised.value)


def test_two_packages_of_one_pass_are_refused_with_both(install) -> None:
    for name in ("one_of_two", "two_of_two"):
        install(name, f"[xdsl.universe]\n{name} = {name}:UNIVERSE\n", {f"{name}.py": code(name)})
    with pytest.raises(LmcError, match=r"the pass 'twice' is defined by the package .*_of_two 1\.2 "
                       r"and by the package .*_of_two 1\.2; remove one of them"):  # fmt: skip
        load_registry()
