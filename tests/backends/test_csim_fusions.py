"""The C simulation of a design whose groups are another pass's: lowering follows what is there."""

import shutil
from pathlib import Path

import pytest
from csim_comparison import assert_equal
from tiny_designs import DEFAULT, MAMBA1, allocated_module, compile_tiny, last_module

from lmc.dialects.dataflow import TaskOp
from lmc.dialects.ssm import FusedOp
from lmc.ir.editing import ops_of

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")

PLUGIN = Path(__file__).parents[1] / "support" / "fusion_passes.py"


@pytest.mark.slow
def test_groups_of_another_pass(tmp_path: Path) -> None:
    """One from in_proj to the operand of dt_proj, with all of x_proj's operand in the middle, one
    from the state update to the operand of out_proj; what is between them is kept whole."""
    passes = f"{DEFAULT},fuse-ranges{{ranges=2,9,14,18}}"
    design = compile_tiny(tmp_path, MAMBA1, passes=passes, schedule="naive", plugins=(PLUGIN,))
    groups = [[op.name for op in group.ops] for group in ops_of(allocated_module(design), FusedOp)]
    vectors = ["ssm.linear", "ssm.split", "ssm.causal_conv1d_step", "ssm.silu", "ssm.quantize"]
    assert groups == [
        [*vectors, "ssm.linear", "ssm.split", "ssm.quantize"],
        ["ssm.selective_state_update", "ssm.silu", "ssm.mul", "ssm.rotate", "ssm.quantize"],
    ]
    tasks = [task.sym_name.data for task in ops_of(last_module(design), TaskOp)]
    kept = {name.removeprefix("keep_") for name in tasks if name.startswith("keep_")}
    between = {"dt", "dt_2", "dt_3", "decay"}
    assert kept == {"x_copy", "z", *between, "normed", "normed_2", "out"}
    assert_equal(design)
