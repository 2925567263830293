"""Plugin files: their passes and dialects, and what of them is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lmc.diagnostics import LmcError
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module
from lmc.plugins.version import API_VERSION

PLUGIN = """
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Dialect
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def
from lmc.dialects.ssm import SSM


@irdl_op_definition
class HalveOp(IRDLOperation):
    name = "OP"
    input = operand_def(TensorType)
    result = result_def(TensorType)
    assembly_format = "$input attr-dict `:` functional-type(operands, results)"


MINE = Dialect("DIALECT", [HalveOp])
"""


def plugin(folder: Path, op: str, dialect: str, name: str = "mine") -> Path:
    path = folder / f"{name}.py"
    path.write_text(PLUGIN.replace("OP", op).replace("DIALECT", dialect))
    return path


def test_ops_of_a_plugin_are_read(tmp_path: Path) -> None:
    """Its own dialect is registered, and not the one that it imports."""
    registry = load_registry([plugin(tmp_path, "mine.halve", "mine")])
    assert set(registry.dialects) - set(load_registry().dialects) == {"mine"}
    text = """func.func @f(%x: tensor<8xf32>) {
      %y = mine.halve %x : (tensor<8xf32>) -> tensor<8xf32> func.return }"""
    module = parse_module(make_context(registry), text, "mine.mlir")
    assert "mine.halve" in [op.name for op in module.walk()]


@pytest.mark.parametrize(
    ("op", "dialect", "message"),
    [
        ("ssm.halve", "ssm", "mine.py defines the dialect 'ssm', which exists already"),
        ("arith.halve", "arith", "mine.py defines the dialect 'arith', which exists already"),
        (
            "ssm.halve",
            "mine",
            "mine.py has 'ssm.halve' in its dialect 'mine'; call it 'mine.halve'",
        ),
    ],
)
def test_names_that_clash_are_refused(tmp_path: Path, op: str, dialect: str, message: str) -> None:
    with pytest.raises(LmcError, match=message):
        load_registry([plugin(tmp_path, op, dialect)])


def test_plugins_clash_with_each_other_too(tmp_path: Path) -> None:
    first = plugin(tmp_path, "mine.halve", "mine")
    second = plugin(tmp_path, "mine.half", "mine", "other")
    with pytest.raises(LmcError, match=r"other\.py defines the dialect 'mine', which exists"):
        load_registry([first, second])


def test_a_file_with_neither_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.py"
    path.write_text("from lmc.dialects.ssm import SSM\nfrom lmc.ir.pass_base import LmcPass\n")
    with pytest.raises(LmcError, match=r"empty\.py defines no pass: .*, or a Dialect"):
        load_registry([path])


def test_a_plugin_for_another_version_is_refused(tmp_path: Path) -> None:
    path = plugin(tmp_path, "mine.halve", "mine")
    text = path.read_text()
    for stated, sentence in (
        (2, "is written for version 2 of lmc's plugin API, and this lmc has version 1: a newer"),
        (0, "states LMC_API_VERSION = 0; it is a number from 1 on"),
        ("'1'", "states LMC_API_VERSION = '1'; it is a number from 1 on"),
    ):
        path.write_text(f"{text}\nLMC_API_VERSION = {stated}\n")
        with pytest.raises(LmcError, match=f"the plugin .*mine.py {sentence}"):
            load_registry([path])
    path.write_text(f"{text}\nLMC_API_VERSION = {API_VERSION}\n")
    assert "mine" in load_registry([path]).dialects


def test_an_installed_plugin_for_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lmc: Callable[..., Any]
) -> None:
    """When its pass or its dialect is wanted: other commands go on."""
    plugin(tmp_path, "mine.halve", "mine", "for_later")
    with (tmp_path / "for_later.py").open("a") as file:
        file.write(
            "LMC_API_VERSION = 9\n"
            "from dataclasses import dataclass\n"
            "from xdsl.universe import Universe\n"
            "from lmc.ir.pass_base import LmcPass\n"
            "@dataclass(frozen=True)\n"
            "class Later(LmcPass):\n"
            "    name = 'later'\n"
            "DIALECTS, PASSES = {'mine': lambda: MINE}, {'later': lambda: Later}\n"
            "UNIVERSE = Universe(all_dialects=DIALECTS, all_passes=PASSES)\n"
        )
    metadata = tmp_path / "for_later-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: for-later\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[xdsl.universe]\nlater = for_later:UNIVERSE\n")
    monkeypatch.syspath_prepend(tmp_path)
    registry = load_registry()
    with pytest.raises(LmcError, match="the installed pass 'later' is written for version 9"):
        registry.pass_class("later")
    with pytest.raises(LmcError, match="the installed dialect 'mine' is written for version 9"):
        registry.dialects["mine"]()
    listed = {one["name"]: one["summary"] for one in lmc("passes", "--json").json["passes"]}
    assert listed["later"].startswith("the installed pass 'later' is written for version 9")
    assert "cse" not in listed
