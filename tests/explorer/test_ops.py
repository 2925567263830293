"""Ops found in the text of IR are those that the parser finds."""

import pytest

from lmc.diagnostics import LmcError
from lmc.explorer import Exploration
from lmc.explorer.ops import SourceLine, plain, scan
from lmc.ir.locations import source_line
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_with_places

TEXT = """\
builtin.module attributes {lmc.passes = ["a"]} {
  ssm.weight @in_proj_3 : tensor<4x4xf32> = [#ssm.step<load, {name = "w"}>] loc("m/x.py":38:0)
  func.func @decode_step(%x : tensor<4xf32>) -> tensor<4xf32> {
    %94, %95 = torch.operator "aten.linear"() {lmc.module = "layers.0.norm"} : () loc("m/x.py":40:2)
    %y_1 = scf.if %94 -> (tensor<4xf32>) {
      scf.yield %x : tensor<4xf32>
    } else {
      scf.yield %95 : tensor<4xf32>
    } loc("m/y.py":7:0)
    func.return %y_1 : tensor<4xf32>
  }
}
"""


def test_each_property_of_an_op() -> None:
    ops = scan(TEXT, "m.mlir")
    assert [op.name for op in ops] == [
        "builtin.module",
        "ssm.weight",
        "func.func",
        "torch.operator",
        "scf.if",
        "scf.yield",
        "scf.yield",
        "func.return",
    ]
    assert [op.parent for op in ops] == [-1, 0, 0, 2, 2, 4, 4, 2]
    assert [op.symbol for op in ops[:3]] == ["", "in_proj_3", "decode_step"]
    assert (ops[3].called, ops[3].module) == ("aten.linear", "layers.0.norm")
    assert ops[3].source == SourceLine("m/x.py", 40)
    assert (ops[4].line, ops[4].last, ops[4].results) == (4, 8, ("y",))
    assert ops[4].source == SourceLine("m/y.py", 7)
    assert ops[0].last == 11


def test_numbers_of_values_are_no_part_of_an_op() -> None:
    assert plain("%12 = a.b %x_1, %x2, %y_3_ : i32") == "% = a.b %x, %x2, %y : i32"


@pytest.mark.parametrize("text", ["", "hello\n", "builtin.module {\n  func.func @x() {\n"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(LmcError, match=r"m\.mlir is not IR as lmc prints it"):
        scan(text, "m.mlir")


def test_the_parser_finds_the_same(exploration: Exploration) -> None:
    """One step of each level, every op: where it begins, its name, its PyTorch line."""
    context = make_context(load_registry())
    chosen = {step.level: step for step in exploration.steps}
    assert set(chosen) == {0, 1, 2, 3, 4}
    for step in chosen.values():
        module, places = parse_with_places(context, step.text, step.file)
        # An op that is not printed, as a yield of nothing, has no place of its own.
        printed = [op for op in module.walk() if op in places.starts]
        assert [op.name for op in printed] == [op.name for op in step.ops]
        starts = [step.text.count("\n", 0, places.starts[op]) for op in printed]
        assert starts == [op.line for op in step.ops]
        lines = [source_line(op.location) for op in printed]
        assert lines == [
            op.source and f"{op.source.file.rpartition('/')[2]}:{op.source.line}" for op in step.ops
        ]
