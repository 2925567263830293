"""Groups looked through, and made by `fuse`."""

import re

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import FusedOp
from lmc.ir.editing import ops_of, value_names
from lmc.ir.groups import fuse, group_of, layers_of, ops_in, origin, uses_of
from lmc.ir.levels import MODEL, SCHEDULED, level_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module

TENSOR = "tensor<4x!ssm.fixed<16, 10>>"
STEP = """
func.func @f(%x: T, %state: tensor<2x4x!ssm.fixed<16, 10>>) -> (T, tensor<2x4x!ssm.fixed<16, 10>>) {
  %y, %new = ssm.layers %x, %state count(2) carried(1) {
  ^layer(%in: T, %old: T):
    %a = ssm.add %in, %old : (T, T) -> T
    %b = ssm.mul %a, %a : (T, T) -> T
    %c = ssm.add %b, %in : (T, T) -> T
    %d = ssm.mul %a, %c : (T, T) -> T
    ssm.yield %d, %b : T, T
  } : (T, tensor<2x4x!ssm.fixed<16, 10>>) -> (T, tensor<2x4x!ssm.fixed<16, 10>>)
  func.return %y, %new : T, tensor<2x4x!ssm.fixed<16, 10>>
}
"""


def module() -> ModuleOp:
    text = re.sub(r"\bT\b", TENSOR, STEP)
    return parse_module(make_context(load_registry()), text, "step")


def named(found: ModuleOp) -> dict[str, Operation]:
    """The ops that are in no other op than groups and layers, by the name of their first result."""
    ops = [op for op in found.walk() if op.results and not isinstance(op, FusedOp)]
    return {op.results[0].name_hint or "": op for op in ops}


def fused(*names: str) -> tuple[ModuleOp, FusedOp]:
    found = module()
    ops = named(found)
    group = fuse([ops[name] for name in names])
    found.verify()
    return found, group


def hints(values: object) -> list[str | None]:
    return [value.name_hint for value in values]  # pyright: ignore


def test_a_group_has_what_enters_and_leaves_as_operands_and_results():
    found, group = fused("b", "c")
    assert hints(group.inputs) == hints(group.block.args) == ["a", "in"]
    assert hints(group.outputs) == hints(group.yielded) == ["b", "c"]
    assert [op.results[0].name_hint for op in group.ops] == ["b", "c"]
    again = parse_module(make_context(load_registry()), module_text(found), "again")
    assert module_text(again) == module_text(found)


def test_ops_are_found_as_if_there_were_no_groups():
    found, group = fused("b", "c")
    ops = named(found)
    (layers,) = [op for op in found.walk() if op.name == "ssm.layers"]
    assert [op.results[0].name_hint for op in ops_in(layers.regions[0].block) if op.results] == [
        "a", "b", "c", "d"
    ]  # fmt: skip
    assert [group_of(ops[name]) for name in "abcd"] == [None, group, group, None]
    assert all(layers_of(ops[name]) is layers for name in "abcd")
    assert layers_of(group) is layers
    assert layers_of(layers) is None


def test_a_value_is_one_on_both_sides_of_a_border():
    found, group = fused("b", "c")
    a, b, c, d = (named(found)[name] for name in "abcd")
    assert [origin(x) for x in b.operands] == [a.results[0]] * 2
    assert [origin(x) for x in d.operands] == [a.results[0], c.results[0]]
    assert origin(c.operands[1]) is origin(a.operands[0]) is group.parent.args[0]
    assert {use.operation for use in uses_of(a.results[0])} == {b, d}
    assert len(uses_of(a.results[0])) == 3
    readers = [use.operation.name for use in uses_of(b.results[0])]
    assert sorted(readers) == ["ssm.add", "ssm.yield"]


def test_values_pass_from_group_to_group():
    found, _ = fused("a", "b")
    ops = named(found)
    fuse([ops["c"], ops["d"]])
    found.verify()
    assert origin(ops["d"].operands[0]) is ops["a"].results[0]
    assert {use.operation for use in uses_of(ops["a"].results[0])} == {ops["b"], ops["d"]}


def test_what_reads_a_group_goes_after_it():
    found = module()
    ops = named(found)
    # Not b, which d does not need: it reads a as c does.
    ops["c"].operands[0] = ops["a"].results[0]
    group = fuse([ops["a"], ops["c"]])
    found.verify()
    (layers,) = [op for op in found.walk() if op.name == "ssm.layers"]
    assert list(layers.regions[0].block.ops)[:3] == [group, ops["b"], ops["d"]]


def test_ops_with_another_between_them_are_no_group():
    found = module()
    ops = named(found)
    with pytest.raises(LmcError, match=r"ssm.add %c: it can't be in a group with an op whose res"):
        fuse([ops["a"], ops["c"]])
    # b comes between by way of c.
    with pytest.raises(LmcError, match=r"ssm.mul %d: it can't be in a group with an op whose res"):
        fuse([ops["b"], ops["d"]])


def test_ops_of_different_blocks_are_no_group():
    found, _ = fused("b", "c")
    ops = named(found)
    with pytest.raises(LmcError, match=r"it can't be in a group with ssm.add %a, in another"):
        fuse([ops["a"], ops["b"]])


def test_a_group_makes_a_module_scheduled():
    assert level_of(fused("b", "c")[0]) == SCHEDULED
    floats = parse_module(
        make_context(load_registry()),
        re.sub(r"!ssm.fixed<16, 10>", "f32", module_text(fused("b", "c")[0])),
        "floats",
    )
    assert level_of(floats) == MODEL


def test_names_are_those_of_the_text():
    found, _ = fused("b", "c")
    fuse([named(found)["d"]])
    names, text = value_names(found), module_text(found)
    for op in found.walk():
        if op.results:
            results = ", ".join(f"%{names[value]}" for value in op.results)
            assert f"{results} = {op.name}" in text
    (function,) = ops_of(found, FuncOp)
    assert [names[value] for value in function.args] == ["x", "state"]
