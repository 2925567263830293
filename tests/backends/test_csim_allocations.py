"""The C simulation equals the integer interpreter whatever a design uses of its board.

Each design runs a text at once, and generates in launches of 1, 7 and 16 tokens: states that a
launch leaves behind have to be those that the next one begins with.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from csim_comparison import assert_equal
from tiny_designs import MAMBA1, MAMBA2, ON_CHIP, STREAMED, compile_tiny, last_module
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.backends.hls.printer import find_design
from lmc.dataflow.banks import banks, layout_kind
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import BufferOp, KernelOp
from lmc.weights.store import layer_widths

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")

MIXED = """
[weights.in_proj]
bits = [4, 8, 4]
[weights.out_proj]
bits = [8, 4, 4]
"""
TWO_MEMORIES = "DDR4:2x2 LPDDR4:1x5"


def mixed_widths(folder: Path, base: dict[str, object], **options: Any) -> Path:
    """A design of three layers whose weights have other widths in each."""
    preset = folder / "mixed.toml"
    preset.write_text(MIXED, encoding="utf-8")
    config = {**base, "num_hidden_layers": 3}
    return compile_tiny(folder, config, preset=str(preset), **options)


def kernels(module: ModuleOp) -> set[str]:
    return {op.sym_name.data for op in find_design(module).walk() if isinstance(op, KernelOp)}


@pytest.mark.slow
def test_mixed_widths_in_several_sets_and_states_on_the_chip(tmp_path: Path) -> None:
    """In each layer a lane takes each of its sets' words in another number of passes."""
    design = mixed_widths(tmp_path, MAMBA2, lanes=TWO_MEMORIES, allocation=ON_CHIP)
    module = last_module(design)
    assert [lane.sets for lane in allocation_of(module).lanes] == [2, 2, 5]
    weights = {op.sym_name.data: op for op in module.walk() if isinstance(op, ssm.WeightOp)}
    widths = [layer_widths(weights[name]) for name in ("in_proj", "out_proj")]
    assert widths == [(4, 8, 4), (8, 4, 4)]
    assert "states" in kernels(module)
    assert_equal(design)


STATES: dict[str, tuple[str, list[tuple[str, int]]]] = {
    # Options of allocate-resources, ROW being the blocks of a row; where the state's banks are.
    "one-block": (STREAMED, [("DDR4", 0)]),
    "two-blocks": ('state="LPDDR4" state_blocks=2', [("LPDDR4", 0)]),
    "whole-row": ('state="DDR4" state_blocks=ROW', [("DDR4", 0)]),
    "two-banks": ('state="DDR4:2" state_blocks=2', [("DDR4", 0)] * 2),
    "two-memories": ('state="DDR4 LPDDR4" state_blocks=2', [("DDR4", 0), ("LPDDR4", 0)]),
    "four-banks": ('state="LPDDR4:4" state_blocks=ROW', [("LPDDR4", 0)] * 4),
    "chip-one-block": ('state="chip" state_blocks=1', []),
    "chip-whole-row": ('state="chip" state_blocks=ROW', []),
}


def check_states(design: Path, expected: list[tuple[str, int]]) -> None:
    """The banks are where they should be, a launch's end and its next beginning included."""
    module = last_module(design)
    ports = [(port.memory, port.channel) for port in allocation_of(module).state_ports]
    assert ports == expected
    assert ("states" in kernels(module)) == (not expected)
    found = [
        (bank.memory.data, 0 if bank.channel is None else bank.channel.value.data)
        for bank in banks(find_design(module))
        if layout_kind(bank) == "state" and bank.sym_name.data.startswith("ssm")
    ]
    if expected:
        # Elements and exponents lie apart.
        assert found == [place for place in expected for _ in range(2)]
    assert_equal(design)


@pytest.mark.slow
@pytest.mark.parametrize("case", STATES)
def test_states_of_mamba2(case: str, tmp_path: Path) -> None:
    """A row of eight blocks."""
    allocation, expected = STATES[case]
    allocation = allocation.replace("ROW", "8")
    config = {**MAMBA2, "state_size": 64, "num_heads": 4, "n_groups": 1, "head_dim": 24}
    check_states(compile_tiny(tmp_path, config, allocation=allocation), expected)


@pytest.mark.slow
@pytest.mark.parametrize("case", STATES)
def test_states_of_mamba1(case: str, tmp_path: Path) -> None:
    """A row of four blocks, with a decay for each element."""
    allocation, expected = STATES[case]
    allocation = allocation.replace("ROW", "4")
    config = {**MAMBA1, "state_size": 32}
    check_states(compile_tiny(tmp_path, config, allocation=allocation), expected)


def refusal(folder: Path, config: dict[str, object], allocation: str) -> str:
    with pytest.raises(LmcError) as error:
        compile_tiny(folder, config, allocation=allocation)
    return str(error.value)


def test_what_does_not_fit_a_word_is_refused_before_it_is_lowered(tmp_path: Path) -> None:
    """Decays of a row of 64 elements, and the windows of 8 channels."""
    config = {**MAMBA1, "state_size": 64}
    assert refusal(tmp_path / "state", config, 'state="DDR4:2" state_blocks=8') == (
        "the decay of 8 blocks of the SSM state takes 1024 bits, and a word of memory has 512: "
        "update fewer in a cycle"
    )
    compile_tiny(tmp_path / "state", config, allocation='state="DDR4:2" state_blocks=4')
    config = {**MAMBA1, "time_step_rank": 8, "conv_kernel": 8}
    assert refusal(tmp_path / "conv", config, ON_CHIP) == (
        "the conv state would take words of 896 bits with vector_lanes=8, and those of memory "
        "have 512: pin fewer vector_lanes"
    )
    compile_tiny(tmp_path / "conv", config, allocation=f"{ON_CHIP} vector_lanes=4")


@pytest.mark.slow
def test_states_in_channels_of_their_own(tmp_path: Path) -> None:
    """Behind those of the lanes."""
    design = compile_tiny(
        tmp_path,
        {**MAMBA2, "state_size": 32},
        target="u280",
        lanes="HBM2:5x2",
        allocation='state="HBM2:4" state_blocks=4',
    )
    check_states(design, [("HBM2", channel) for channel in (5, 6, 7, 8)])


@pytest.mark.slow
@pytest.mark.parametrize("base", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_states_in_block_ram(base: dict[str, object], tmp_path: Path) -> None:
    """The device of the ZCU102 has no URAM."""
    config = {**base, "num_hidden_layers": 5}
    design = compile_tiny(tmp_path, config, target="zcu102", lanes="DDR4:2x3", allocation=ON_CHIP)
    held = [op for op in find_design(last_module(design)).walk() if isinstance(op, BufferOp)]
    kinds = [op.kind.data for op in held if op.sym_name.data == "state"]
    assert kinds == ["bram", "bram"]
    check_states(design, [])


@pytest.mark.slow
def test_states_on_the_chip_of_many_layers(tmp_path: Path) -> None:
    """Fewer elements in a layer than a state gives out before it takes one back."""
    config = {
        **MAMBA2,
        "num_hidden_layers": 40,
        "hidden_size": 24,
        "num_heads": 3,
        "n_groups": 1,
    }
    check_states(compile_tiny(tmp_path, config, lanes="DDR4:1", allocation=ON_CHIP), [])


LANES: dict[str, tuple[dict[str, object], dict[str, Any]]] = {
    "seven-on-two-memories": (MAMBA2, {"lanes": "DDR4:3x4 LPDDR4:4x7", "preset": "w4a4"}),
    "side-by-side": (MAMBA1, {"lanes": "LPDDR4:1x3 DDR4:1x1", "preset": "w8a8"}),
    "narrow": (MAMBA1, {"lanes": "DDR4:3x5", "target": "kv260", "preset": "w4a4-pot"}),
    "32-in-two-sets": (MAMBA1, {"lanes": "HBM2:32x2", "target": "u280"}),
    "64": (MAMBA2, {"lanes": "HBM2e:64", "target": "v80", "allocation": ON_CHIP}),
    "vectors-of-two": (MAMBA2, {"lanes": "DDR4:2x2", "allocation": f"{ON_CHIP} vector_lanes=2"}),
    "multiplied-in-luts": (
        MAMBA2,
        {"lanes": "DDR4:2x2", "allocation": f"{STREAMED} multipliers=fabric"},
    ),
    "short-fifos": (MAMBA2, {"allocation": f"{STREAMED} prefetch=2"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", LANES)
def test_lanes(case: str, tmp_path: Path) -> None:
    config, options = LANES[case]
    if options.get("target") in ("u280", "v80"):
        options = {"allocation": ON_CHIP, **options}
    assert_equal(compile_tiny(tmp_path, config, **options))


@pytest.mark.slow
@pytest.mark.parametrize("allocation", [STREAMED, ON_CHIP], ids=["streamed", "chip"])
@pytest.mark.parametrize("base", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_mixed_widths(base: dict[str, object], allocation: str, tmp_path: Path) -> None:
    assert_equal(mixed_widths(tmp_path, base, lanes="DDR4:2x3", allocation=allocation))


@pytest.mark.slow
@pytest.mark.parametrize("target", ["vck190", "u280", "kv260"])
@pytest.mark.parametrize("base", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_what_is_chosen(base: dict[str, object], target: str, tmp_path: Path) -> None:
    """An allocation that nobody pinned."""
    assert_equal(compile_tiny(tmp_path, base, target=target, lanes=None, allocation=""))
