"""tile-and-fuse: which ops are a group, and what lowering keeps whole with and without groups."""

from pathlib import Path

import numpy as np
import pytest
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from lmc.allocation.demand import Demand
from lmc.analysis.cost import token_cost
from lmc.analysis.groups import Intermediates, intermediates_of, is_kept
from lmc.analysis.lowering_order import lowering_order
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BufferOp, TaskOp
from lmc.dialects.ssm import EmbeddingOp, FusedOp, LayersOp, LinearOp
from lmc.driver.default import LOWERING
from lmc.interpreter import run, same_values
from lmc.interpreter.recording import record
from lmc.ir.editing import ops_of, symbol
from lmc.ir.groups import fuse, group_of, ops_in, uses_of
from lmc.ir.levels import QUANTIZED, SCHEDULED, level_of
from lmc.ir.text import module_text
from lmc.lowering.demand import model_demand

FLOAT = "fold-norm-scales,defer-norm,insert-rotation"
INTEGERS = f"{FLOAT},quantize,rewrite-power-of-two"
LOWERED = ",".join(['allocate-resources{lanes="DDR4:1"}', *LOWERING])
IDS = np.arange(12).reshape(6, 2)


def small(folder: Path, config: dict[str, object]) -> ModuleOp:
    return level1(f"random:{folder}:0", write_config(folder, config))


def quantized(folder: Path, config: dict[str, object], passes: str = INTEGERS) -> ModuleOp:
    return apply(small(folder, config), passes)


def groups(module: ModuleOp) -> list[list[str]]:
    """The ops of each group, in the order of the text; of linear layers the weights."""
    return [[name_of(op) for op in group.ops] for group in ops_of(module, FusedOp)]


def name_of(op: Operation) -> str:
    return symbol(op.weight) if isinstance(op, LinearOp) else op.name.removeprefix("ssm.")


def kept(module: ModuleOp) -> set[str]:
    """The values that some use of waits for."""
    ops = (op for op in module.walk() if not isinstance(op, FusedOp))
    values = [value for op in ops for value in op.results]
    return {value.name_hint or "" for value in values if any(map(is_kept, uses_of(value)))}


def kept_bits(lowered: ModuleOp) -> int:
    """Bits of the buffers of all tasks that keep a vector."""
    bits = 0
    for task in ops_of(lowered, TaskOp):
        if task.sym_name.data.startswith("keep_"):
            (buffer,) = [op for op in task.walk() if isinstance(op, BufferOp)]
            kind = buffer.result.type
            bits += kind.get_element_type().width.data * int(np.prod(kind.get_shape()))
    return bits


NORM = ["rms_norm", "quantize"]


def test_mamba2_is_fused_from_in_proj_to_the_operand_of_out_proj(tmp_path: Path):
    after = apply(quantized(tmp_path, MAMBA2), "tile-and-fuse")
    fused = ["in_proj", "bias", "split", "causal_conv1d_step", "silu", "split", "bias", "softplus"]
    fused += ["decay", "selective_state_update", "silu", "mul"]
    # The norm's reciprocal is there when all of its operand is, which goes on without it.
    rest = ["scale_channels", "rotate", "quantize"]
    last = ["rms_scale", "out_proj", "scale", "bias", "add"]
    assert groups(after) == [NORM, [*fused, *rest], last, NORM]
    assert kept(after) == set()
    assert intermediates_of(after).bytes == 0


def test_mamba1_keeps_x_and_the_gate_for_the_state_update(tmp_path: Path):
    after = apply(quantized(tmp_path, MAMBA1), "tile-and-fuse")
    update = ["dt_proj", "bias", "softplus", "decay", "selective_state_update"]
    assert groups(after) == [
        NORM,
        ["in_proj", "split", "causal_conv1d_step", "silu", "quantize", "silu"],
        ["x_proj", "split"],
        # Between them, in no group, a block of all four elements of dt.
        [*update, "mul", "rotate", "quantize"],
        ["out_proj", "add"],
        NORM,
    ]
    assert kept(after) == {"x_act", "gate"}
    # 48 channels of 16 bits, twice.
    assert intermediates_of(after).bytes == 2 * 48 * 2


def test_a_norm_that_is_not_deferred_ends_a_group(tmp_path: Path):
    passes = INTEGERS.replace("defer-norm", "defer-norm{split_only=true}")
    after = apply(quantized(tmp_path, MAMBA2, passes), "tile-and-fuse")
    assert kept(after) == {"weighted"}
    *_, reciprocal, last = groups(after)[:-1]
    assert reciprocal == ["rms_scale", "scale", "rotate", "quantize"]
    assert last == ["out_proj", "bias", "add"]


def test_a_rotation_of_the_whole_length_ends_a_group_and_keeps_its_operand_itself(tmp_path: Path):
    passes = INTEGERS.replace("insert-rotation", "insert-rotation{online=full}")
    after = apply(quantized(tmp_path, MAMBA2, passes), "tile-and-fuse")
    assert groups(after)[2][-3:] == ["rms_scale", "rotate", "quantize"]
    # The reciprocal waits in its stream: a single element.
    assert kept(after) == set()


@pytest.mark.parametrize("config", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_nothing_is_computed_in_another_way(config: dict[str, object], tmp_path: Path):
    before = quantized(tmp_path, config)
    after = apply(before, "tile-and-fuse")
    assert np.array_equal(run(after, IDS).logits, run(before, IDS).logits)
    assert (level_of(before), level_of(after)) == (QUANTIZED, SCHEDULED)
    assert module_text(apply(after, "tile-and-fuse")) == module_text(after)
    alone = [op for op in after.walk() if op.name.startswith("ssm.") and group_of(op) is None]
    names = {name_of(op) for op in alone} - {"fused", "yield", "layers", "weight", "table"}
    # In Mamba-1 the quantized dt besides.
    assert names - {"quantize"} == {"embedding", "lm_head"}


@pytest.mark.parametrize("config", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
@pytest.mark.parametrize("passes", ["", "reorder-computation,", "tile-and-fuse,"])
def test_lowering_keeps_what_the_sizes_say(config: dict[str, object], passes: str, tmp_path: Path):
    """One buffer for each value that is kept, of its size, and none for what streams."""
    before = quantized(tmp_path, config)
    scheduled = apply(before, passes.rstrip(",")) if passes else before
    sizes = intermediates_of(scheduled)
    if "tile" in passes:
        assert sizes.bytes < sizes.unfused_bytes / 10
    else:
        assert 0 < sizes.bytes == sizes.unfused_bytes
    assert kept_bits(apply(scheduled, LOWERED)) == 8 * sizes.bytes


def test_values_are_recorded_as_if_there_were_no_groups(tmp_path: Path):
    before = quantized(tmp_path, MAMBA2)
    wanted, found = record(before, IDS).values, record(apply(before, "tile-and-fuse"), IDS).values
    assert wanted.keys() == found.keys()
    assert all(same_values(wanted[key][0], found[key][0]) for key in wanted)


@pytest.mark.parametrize("config", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_costs_and_demand_are_those_without_groups(config: dict[str, object], tmp_path: Path):
    before = quantized(tmp_path, config)
    after = apply(before, "tile-and-fuse")
    assert token_cost(after) == token_cost(before)

    def demand(module: ModuleOp) -> Demand:
        return model_demand(ops_of(module, FuncOp)[0], list(module.body.block.ops), 512)

    assert demand(after) == demand(before)


@pytest.mark.parametrize("config", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_ops_are_lowered_in_the_order_of_the_model(config: dict[str, object], tmp_path: Path):
    """Groups take ops apart that are next to each other in the model; lowering puts them back."""
    before = quantized(tmp_path, config)
    after = apply(before, "tile-and-fuse")
    orders = [
        [name_of(op) for op in lowering_order(ops_of(module, LayersOp)[0].block)]
        for module in (before, after)
    ]
    assert orders[0] == orders[1]
    text = [name_of(op) for op in ops_in(ops_of(after, LayersOp)[0].block)]
    assert text != orders[0]


def test_groups_that_are_there_stay(tmp_path: Path):
    before = quantized(tmp_path, MAMBA2)
    (block,) = [layers.block for layers in ops_of(before, LayersOp)]
    fuse([op for op in block.ops if op.name in ("ssm.mul", "ssm.selective_state_update")])
    after = apply(before, "tile-and-fuse")
    # Of the layers, and the pass's own after them.
    assert groups(after) == [["selective_state_update", "mul"], NORM]
    assert kept(after) == kept(quantized(tmp_path / "b", MAMBA2)) - {"y", "f"}


def test_large_vectors_lie_where_states_on_the_chip_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = quantized(tmp_path, MAMBA1)
    # The decay, 48 · 8 elements of 18 bits, is the only vector from there on.
    monkeypatch.setattr("lmc.lowering.uses._LARGE_BITS", 48 * 8 * 18)
    kinds = {
        task.sym_name.data: op.kind.data
        for task in ops_of(apply(before, LOWERED), TaskOp)
        for op in task.walk()
        if isinstance(op, BufferOp) and task.sym_name.data.startswith("keep_")
    }
    assert kinds.pop("keep_decay") == "uram"
    assert set(kinds.values()) == {"auto"}


def test_what_enters_and_leaves_a_layer_is_not_kept(tmp_path: Path):
    before = quantized(tmp_path, MAMBA2)
    (embedding,), (layers,) = ops_of(before, EmbeddingOp), ops_of(before, LayersOp)
    carried = [embedding.result, layers.outputs[0], layers.block.args[0]]
    carried.append(layers.block.last_op.operands[0])
    assert not any(is_kept(use) for value in carried for use in value.uses)


def test_float_modules_are_refused(tmp_path: Path):
    with pytest.raises(LmcError, match="tile-and-fuse needs quantize to be run before it"):
        apply(small(tmp_path, MAMBA2), f"{FLOAT},tile-and-fuse")


def test_sizes_are_told_in_a_sentence():
    sizes = Intermediates(18650, 1536)
    assert sizes.sentence == "kept whole between ops: 1.54 kB of 18.6 kB without groups"
    assert sizes.as_json() == {"unfused_bytes": 18650, "bytes": 1536}
