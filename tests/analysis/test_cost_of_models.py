"""The cost of the bundled models: closed forms, what presets change, and the images' size."""

from collections import Counter
from functools import cache

import pytest
from small_models import apply, level1
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.allocation.cost import Board, Candidate
from lmc.allocation.demand import LAUNCH_TOKENS
from lmc.allocation.fit import ChannelLoad, channel_loads
from lmc.analysis.cost import Multiplication, token_cost
from lmc.backends.hls.arguments import design_kernels
from lmc.backends.hls.printer import find_design
from lmc.dataflow.banks import banks, image_banks, layout_kind
from lmc.driver.default import LOWERING
from lmc.lowering.demand import model_demand
from lmc.models.config import Mamba2Config, ModelConfig
from lmc.models.zoo import resolve
from lmc.targets import load_target

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2")
FLOAT = "fold-norm-scales,defer-norm,insert-rotation"
RECIPROCAL_BITS = 21
M = Multiplication


def config_of(name: str) -> ModelConfig:
    return resolve(name).config


@cache
def quantized(name: str, preset: str) -> ModuleOp:
    """A bundled model at level 2; nothing is to change it."""
    passes = f'{FLOAT},quantize{{preset="{preset}"}},rewrite-power-of-two'
    return apply(level1(name, config_of(name)), passes)


def block_operands(config: ModelConfig) -> int:
    """Elements that in_proj and out_proj of all layers take."""
    return config.n_layers * (config.d_model + config.d_inner)


def four_bit_weights(config: ModelConfig) -> int:
    rows = 2 * config.d_inner
    if isinstance(config, Mamba2Config):
        rows += 2 * config.n_groups * config.d_state + config.n_heads
    return config.n_layers * config.d_model * (rows + config.d_inner)


@pytest.mark.parametrize("name", MODELS)
def test_closed_forms(name: str):
    config, found = config_of(name), token_cost(quantized(name, "w4a8"))
    layers, states = config.n_layers, config.n_layers * config.d_inner * config.d_state
    assert found.products[4, 8] == four_bit_weights(config)
    assert [found.multiplications[kind] for kind in (M.DECAY_STATE, M.DTX_B, M.C_STATE)] == (
        [states] * 3
    )
    assert found.multiplications[M.CONVOLUTION] == layers * config.conv_dim * config.d_conv
    assert found.multiplications[M.DT_X] == layers * config.d_inner
    assert found.multiplications[M.REQUANTIZATION] == 0
    # 8 bits and an exponent of 4 for each 8 of the state; 16 bits of each channel's window.
    window = layers * config.conv_dim * (config.d_conv - 1) * 16
    assert found.state_bits == 2 * (states * 8 + states // 8 * 4 + window)


def test_what_the_presets_change():
    config = config_of("bookbyte-mamba2")
    w4a8, w4a4, shifts = (
        token_cost(quantized("bookbyte-mamba2", preset)) for preset in ("w4a8", "w4a4", "w4a4-pot")
    )
    assert w4a8.products.total() == w4a4.products.total()
    assert w4a4.products == shifts.products
    assert w4a4.products[4, 4] == four_bit_weights(config)
    blocks = block_operands(config) // 8
    assert w4a4.multiplications - w4a8.multiplications == {
        M.BLOCK_MANTISSA: four_bit_weights(config) // 8,
        M.BLOCK_RECIPROCAL: block_operands(config),
        M.BLOCK_CHOICE: blocks,
    }
    assert shifts.multiplications - w4a8.multiplications == {M.BLOCK_CHOICE: blocks}
    assert w4a8.multiplications - w4a4.multiplications == Counter()
    assert w4a4.table_bits - shifts.table_bits == 256 * RECIPROCAL_BITS
    assert w4a4.table_bits_read - shifts.table_bits_read == blocks * RECIPROCAL_BITS
    assert {one.weight_bits for one in (w4a8, w4a4, shifts)} == {w4a8.weight_bits}
    assert {one.state_bits for one in (w4a8, w4a4, shifts)} == {w4a8.state_bits}


@pytest.mark.parametrize("name", MODELS)
def test_the_images_hold_the_weights_and_little_else(name: str):
    """At most 8% on top: unused rows of the last tiles, rests of words, scales of equal width."""
    module = quantized(name, "w4a8")
    lowered = apply(
        module,
        ",".join(['allocate-resources{lanes="DDR4:3"}', *LOWERING]),
    )
    read = 0
    for bank in image_banks(find_design(lowered)):
        bits = bank.words.value.data * bank.port.type.word_type.width.data
        if layout_kind(bank) == "rows":
            read += bits // config_of(name).padded_vocab_size
        elif layout_kind(bank) != "table":
            read += bits
    counted = token_cost(module).weight_bits
    assert counted <= read <= 1.08 * counted


PINS = {
    "two-memories": 'lanes="DDR4:1x2 LPDDR4:2x3" state="DDR4:1 LPDDR4:1" state_blocks=2 side=DDR4',
    "on-chip": 'lanes="DDR4:2" state=chip state_blocks=2 side=LPDDR4 vector_lanes=4',
    "channels": 'target=u280 lanes="HBM2:3" state="HBM2:2" state_blocks=2 side=HBM2',
}


@pytest.mark.parametrize("pins", PINS.values(), ids=PINS)
@pytest.mark.parametrize("name", MODELS)
def test_an_allocation_counts_what_its_design_has(name: str, pins: str):
    """The ports of kernels on each channel, and the bytes of what they lead to."""
    allocated = apply(quantized(name, "w4a8"), f"allocate-resources{{{pins}}}")
    allocation, ops = allocation_of(allocated), list(allocated.body.block.ops)
    (function,) = [op for op in ops if isinstance(op, func.FuncOp)]
    demand = model_demand(function, ops, allocation.port_bits, allocation.vector_lanes)
    candidate = Candidate(
        allocation.lanes, allocation.state_blocks, allocation.state_ports, allocation.side_port
    )
    counted = channel_loads(Board(load_target(allocation.target), demand), candidate)
    design = find_design(apply(allocated, ",".join(LOWERING)))
    found: dict[tuple[str, int], ChannelLoad] = {}
    for bank in banks(design):
        channel = 0 if bank.channel is None else bank.channel.value.data
        load = found.setdefault((bank.memory.data, channel), ChannelLoad())
        tokens = LAUNCH_TOKENS if layout_kind(bank) == "logits" else 1
        load.size += tokens * bank.words.value.data * bank.port.type.word_type.width.data // 8
        load.masters += len(
            [kernel for kernel in design_kernels(design) if bank.port in kernel.arguments]
        )
    assert counted == found
