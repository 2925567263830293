"""tile-and-fuse: which ops are a group, and what lowering keeps whole with and without groups."""

from pathlib import Path

import numpy as np
import pytest
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, ModuleOp
from xdsl.ir import Operation

from lmc.analysis.groups import GROUP, TILE, Intermediates, intermediates_of, is_kept
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BufferOp, TaskOp
from lmc.dialects.ssm import EmbeddingOp, LayersOp, LinearOp
from lmc.interpreter import run
from lmc.ir.editing import ops_of, symbol
from lmc.ir.levels import INTERMEDIATES, QUANTIZED, SCHEDULED, level_of
from lmc.ir.text import module_text

FLOAT = "fold-norm-scales,defer-norm,insert-rotation"
INTEGERS = f"{FLOAT},quantize,rewrite-power-of-two"
LOWERED = 'allocate-resources{lanes="DDR4:1"},lower-to-dataflow'
IDS = np.arange(12).reshape(6, 2)


def small(folder: Path, config: dict[str, object]) -> ModuleOp:
    return level1(f"random:{folder}:0", write_config(folder, config))


def quantized(folder: Path, config: dict[str, object], passes: str = INTEGERS) -> ModuleOp:
    return apply(small(folder, config), passes)


def group(op: Operation) -> int | None:
    found = op.attributes.get(GROUP)
    return found.value.data if isinstance(found, IntegerAttr) else None


def groups(module: ModuleOp) -> list[list[str]]:
    """The ops of each group, in the order of the text; of linear layers the weights."""
    found: dict[int, list[str]] = {}
    for op in module.walk():
        number = group(op)
        if number is not None:
            name = symbol(op.weight) if isinstance(op, LinearOp) else op.name.removeprefix("ssm.")
            found.setdefault(number, []).append(name)
    assert list(found) == sorted(found) == list(range(len(found)))
    return list(found.values())


def kept(module: ModuleOp) -> set[str]:
    """The values that some use of waits for."""
    values = [value for op in module.walk() for value in op.results]
    return {value.name_hint or "" for value in values if any(map(is_kept, value.uses))}


def kept_bits(lowered: ModuleOp) -> int:
    """Bits of the buffers of all tasks that keep a vector."""
    bits = 0
    for task in ops_of(lowered, TaskOp):
        if task.sym_name.data.startswith("keep_"):
            (buffer,) = [op for op in task.walk() if isinstance(op, BufferOp)]
            kind = buffer.result.type
            bits += kind.get_element_type().width.data * int(np.prod(kind.get_shape()))
    return bits


FRONT = [["embedding"], ["rms_norm", "quantize"]]
BEHIND = [["rms_norm", "quantize"], ["lm_head"]]


def test_mamba2_is_fused_from_in_proj_to_the_operand_of_out_proj(tmp_path: Path):
    after = apply(quantized(tmp_path, MAMBA2), "tile-and-fuse")
    fused = ["in_proj", "bias", "split", "causal_conv1d_step", "silu", "split", "bias", "softplus"]
    fused += ["decay", "selective_state_update", "silu", "mul"]
    # The norm's reciprocal is there when all of its operand is, which goes on without it.
    rest = ["scale_channels", "rotate", "quantize"]
    last = ["rms_scale", "out_proj", "scale", "bias", "add"]
    assert groups(after) == [*FRONT, [*fused, *rest], last, *BEHIND]
    assert kept(after) == set()
    sizes = intermediates_of(after)
    assert sizes.bytes == 0
    assert str(after.attributes[INTERMEDIATES]) == (
        f"{{unfused_bytes = {sizes.unfused_bytes} : i64, bytes = 0 : i64}}"
    )


def test_mamba1_keeps_x_and_the_gate_for_the_state_update(tmp_path: Path):
    after = apply(quantized(tmp_path, MAMBA1), "tile-and-fuse")
    update = ["dt_proj", "bias", "softplus", "decay", "selective_state_update"]
    assert groups(after) == [
        *FRONT,
        ["in_proj", "split", "causal_conv1d_step", "silu", "quantize", "silu"],
        ["x_proj", "split"],
        # A block of all four elements of dt.
        ["quantize"],
        [*update, "mul", "rotate", "quantize"],
        ["out_proj", "add"],
        *BEHIND,
    ]
    assert kept(after) == {"x_act", "gate"}
    # 48 channels of 16 bits, twice.
    assert intermediates_of(after).bytes == 2 * 48 * 2


def test_a_norm_that_is_not_deferred_ends_a_group(tmp_path: Path):
    passes = INTEGERS.replace("defer-norm", "defer-norm{split_only=true}")
    after = apply(quantized(tmp_path, MAMBA2, passes), "tile-and-fuse")
    assert kept(after) == {"weighted"}
    *_, reciprocal, last = groups(after)[:-2]
    assert reciprocal == ["rms_scale", "scale", "rotate", "quantize"]
    assert last == ["out_proj", "bias", "add"]


def test_a_rotation_of_the_whole_length_ends_a_group_and_keeps_its_operand_itself(tmp_path: Path):
    passes = INTEGERS.replace("insert-rotation", "insert-rotation{online=full}")
    after = apply(quantized(tmp_path, MAMBA2, passes), "tile-and-fuse")
    assert groups(after)[3][-3:] == ["rms_scale", "rotate", "quantize"]
    # The reciprocal waits in its stream: a single element.
    assert kept(after) == set()


def test_tiles_are_what_ops_take_in_before_they_give(tmp_path: Path):
    after = apply(quantized(tmp_path, MAMBA2), "tile-and-fuse")
    tiles = {
        symbol(op.weight) if isinstance(op, LinearOp) else op.name: tuple(tile.iter_values())
        for op in after.walk()
        if isinstance(tile := op.attributes.get(TILE), DenseArrayBase)
    }
    assert tiles == {
        "ssm.rms_norm": (24,),
        "ssm.quantize": (8,),
        "in_proj": (24,),
        "ssm.selective_state_update": (1, 1, 16),
        "ssm.rms_scale": (48,),
        "ssm.rotate": (16,),
        "out_proj": (48,),
        "lm_head": (24,),
    }


@pytest.mark.parametrize("config", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_nothing_is_computed_in_another_way(config: dict[str, object], tmp_path: Path):
    before = quantized(tmp_path, config)
    after = apply(before, "tile-and-fuse")
    assert np.array_equal(run(after, IDS).logits, run(before, IDS).logits)
    assert (level_of(before), level_of(after)) == (QUANTIZED, SCHEDULED)
    assert module_text(apply(after, "tile-and-fuse")) == module_text(after)
    ungrouped = [op for op in after.walk() if op.name.startswith("ssm.") and group(op) is None]
    names = {op.name for op in ungrouped}
    assert names == {"ssm.weight", "ssm.table", "ssm.layers", "ssm.yield"}


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


def test_an_op_without_a_group_has_its_values_kept(tmp_path: Path):
    after = apply(quantized(tmp_path, MAMBA2), "tile-and-fuse")
    gate = next(op for op in after.walk() if op.name == "ssm.mul")
    del gate.attributes[GROUP]
    assert kept(after) == {"y", "gate", "gated"}
    assert kept_bits(apply(after, LOWERED)) == 8 * intermediates_of(after).bytes > 0


def test_large_vectors_lie_where_states_on_the_chip_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = quantized(tmp_path, MAMBA1)
    # The decay, 48 · 8 elements of 18 bits, is the only vector from there on.
    monkeypatch.setattr("lmc.lowering.context._LARGE_BITS", 48 * 8 * 18)
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
