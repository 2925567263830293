"""The op as lmc finds it in this environment: what it computes, and the C++ that it becomes."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lmc_hard_silu import HardSiluOp, run_integers
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, TensorType, i64
from xdsl.ir import Block

import lmc
from lmc.dialects.ssm import FixedType
from lmc.weights import WeightStore

MODEL: dict[str, Any] = {
    "model_type": "mamba2",
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "vocab_size": 40,
    "state_size": 16,
    "num_heads": 4,
    "head_dim": 16,
    "n_groups": 1,
    "expand": 2,
    "tie_word_embeddings": True,
}


@pytest.mark.parametrize("knee", [0, 1, 2])
def test_integers_are_the_real_function_but_for_rounding(knee: int) -> None:
    """All operands of a 16-bit format, against float64, saturation included."""
    kind = FixedType.of(16, 11)
    (operand,) = Block(arg_types=[TensorType(kind, [1 << 16])]).args
    op = HardSiluOp.create(
        operands=[operand],
        properties={"knee": IntegerAttr(knee, i64)},
        result_types=[TensorType(kind, [1 << 16])],
    )
    op.verify()
    x = np.arange(-(1 << 15), 1 << 15)
    (found,) = run_integers(op, WeightStore(ModuleOp([]), None))([x], None)
    k, real = 2.0**knee, x * 2.0**-11
    exact = real * np.clip((real + k) / (2 * k), 0, 1) * 2.0**11
    # Halves are rounded, up or to even; both are as near.
    assert np.max(np.abs(found - np.clip(exact, -(1 << 15), (1 << 15) - 1))) <= 0.5


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_the_c_simulation_gives_the_bits_of_the_integers(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text(json.dumps(MODEL))
    design = lmc.compile(
        str(model),
        target="vck190",
        output=tmp_path / "design",
        random_weights=True,
        insert_after=[("defer-norm", "hard-silu{knee=0}")],
        replace=[("allocate-resources", 'allocate-resources{target="vck190" lanes="DDR4:1"}')],
    )
    trace = design.trace(prompt_tokens=[1, 2, 3], max_new_tokens=1)
    assert trace.fault is None
    hard = [row for row in trace.ops if row["op"] == "hard.silu"]
    assert len(hard) == 2 * MODEL["num_hidden_layers"]
    assert all(row["differ"] == 0 and row["C++"] for row in hard), hard
    assert not [row for row in trace.ops if row["op"] == "ssm.silu"]
    # A product for each element of x, B and C after the convolution, and of the gate.
    hidden, state = MODEL["hidden_size"] * MODEL["expand"], MODEL["state_size"]
    assert [row["C++"] for row in hard[:2]] == [3 * (hidden + 2 * state), 3 * hidden]
