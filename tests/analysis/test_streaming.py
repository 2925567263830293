"""Groups in which a value would have to be kept whole are refused by name."""

import re
from pathlib import Path

import pytest
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from lmc.analysis.streaming import require_streaming
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import FusedOp, LayersOp
from lmc.ir.editing import ops_of
from lmc.ir.groups import fuse
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module

INTEGERS = "fold-norm-scales,defer-norm,insert-rotation,quantize,rewrite-power-of-two"


def fused(folder: Path, config: dict[str, object], first: int, last: int) -> ModuleOp:
    """Ops of the layer, by number from one to another, in one group."""
    module = apply(level1(f"random:{folder}:0", write_config(folder, config)), INTEGERS)
    (layers,) = ops_of(module, LayersOp)
    fuse([op for op in layers.block.ops if op.name != "ssm.yield"][first : last + 1])
    module.verify()
    return module


def test_a_layer_of_mamba2_can_be_one_group(tmp_path: Path):
    (function,) = ops_of(fused(tmp_path, MAMBA2, 0, 30), FuncOp)
    require_streaming(function)


def test_mamba1_cannot_be_one_group_as_x_waits_for_dt(tmp_path: Path):
    module = fused(tmp_path, MAMBA1, 0, 30)
    with pytest.raises(
        LmcError,
        match=r"ssm.selective_state_update %y: its group cannot stream: %x_act would have to be "
        r"kept whole until %decay comes; part the group between what makes them",
    ):
        apply(module, 'allocate-resources{lanes="DDR4:1"},lower-to-tasks')


@pytest.mark.parametrize("first", [3, 5])
def test_it_does_not_matter_where_the_group_begins_before_x(first: int, tmp_path: Path):
    """Without in_proj: what makes x has its operand at the border, but x_proj reads it too."""
    (function,) = ops_of(fused(tmp_path, MAMBA1, first, 30), FuncOp)
    with pytest.raises(LmcError, match="%x_act would have to be kept whole until %decay comes"):
        require_streaming(function)


def test_mamba1_can_be_two_groups(tmp_path: Path):
    """The second from x_proj on: x, and z for a gate that is early, wait at its border."""
    module = fused(tmp_path, MAMBA1, 7, 30)
    (function,) = ops_of(module, FuncOp)
    require_streaming(function)
    inputs = [value.name_hint for value in ops_of(module, FusedOp)[0].inputs]
    assert {"x_act", "z"} < set(inputs)


LATE = """
ssm.table @silu function "silu"
  {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 10 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<16, 10>
ssm.table @rsqrt function "rsqrt" {elements = 4 : i64, mantissa_shift = 18 : i64}
  : !ssm.fixed<16, 10> to !ssm.pfloat<16, 8>
func.func @f(%a: T, %b: T) -> T {
  %y = ssm.fused(%a_1 = %a : T, %b_1 = %b : T) {
    %early = EARLY : (T) -> T
    %norm = ssm.rms_norm %b_1 eps(1.0e-05 : f32) table @rsqrt : (T) -> T
    %late = ssm.rms_norm %norm eps(1.0e-05 : f32) table @rsqrt : (T) -> T
    %y_1 = ssm.mul %early, %late : (T, T) -> T
    ssm.yield %y_1 : T
  } : T
  func.return %y : T
}
"""


def function(early: str) -> FuncOp:
    text = re.sub(r"\bT\b", "tensor<4x!ssm.fixed<16, 10>>", LATE.replace("EARLY", early))
    (found,) = ops_of(parse_module(make_context(load_registry()), text, "late"), FuncOp)
    return found


def test_what_waits_at_the_border_may_be_early():
    require_streaming(function("ssm.silu %a_1 table @silu"))


def test_what_comes_when_an_operand_is_there_cannot_wait():
    with pytest.raises(LmcError, match="%early would have to be kept whole until %late comes"):
        require_streaming(function("ssm.rms_norm %a_1 eps(1.0e-05 : f32) table @rsqrt"))
