"""docs/api.md is what the code says now, and has every name of the plugin API.

Set LMC_UPDATE_GOLDEN=1 to print it anew.
"""

import importlib
import inspect
import re
from pathlib import Path

import pytest
from api_names import module_names, symbols
from printed_page import assert_current
from xdsl.ir import Attribute, Operation

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/api.md"


def test_the_page_is_current() -> None:
    assert_current(PAGE, ROOT / "docs/site/api_reference.py")


def section(name: str) -> str:
    """What the page has of a module."""
    _, _, after = PAGE.read_text(encoding="utf-8").partition(f"\n## {name}\n")
    return after.partition("\n## ")[0]


@pytest.mark.parametrize("name", module_names())
def test_functions_and_classes_are_there_with_a_sentence(name: str) -> None:
    text = section(name)
    for key, value in symbols(importlib.import_module(name)).items():
        if inspect.isfunction(value):
            assert re.search(rf"^- `{key}\(.*\)( -> .+)?`: \w*.+\.$", text, re.MULTILINE), key
        elif inspect.isclass(value) and not issubclass(value, Operation | Attribute):
            assert re.search(rf"^### {key}\n\n`{key}(\(.*\))?`: .+\.$", text, re.MULTILINE), key


def test_signatures_are_those_of_the_code() -> None:
    """Some of each kind: a function, an operator, a method of a base, a field, a property."""
    assert "- `replace(old: Operation, value: SSAValue) -> None`: " in section("lmc.ir.editing")
    values, tasks = section("lmc.dataflow.values"), section("lmc.dataflow.task")
    assert "- `Value.shl(amount: Operand, type_: IntegerType) -> Value`: " in values
    assert "- `abs(value)`: " in values
    assert "- `Value.width: int`: " in values
    assert "- `TaskBuilder.read(stream: Handle) -> Value`: " in tasks
    assert "`Vector(stream: Handle, length: int, " in section("lmc.lowering.vectors")
