"""The C simulation with operands in static fixed point and in blocks larger than a tile."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from csim_comparison import assert_equal
from tiny_designs import DEFAULT, INTEGERS, MAMBA1, MAMBA2, MANTISSAS, compile_tiny

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")

PLUGIN = Path(__file__).parents[1] / "support" / "activation_passes.py"


def check(
    folder: Path, config: dict[str, object], formats: str, passes: str = DEFAULT, **options: Any
) -> None:
    """The passes `formats` right after `quantize`."""
    changed = passes.replace(INTEGERS, f"{INTEGERS},{formats}")
    design = compile_tiny(folder, config, passes=changed, plugins=(PLUGIN,), **options)
    assert_equal(design)


@pytest.mark.slow
def test_static_and_per_token(tmp_path: Path) -> None:
    """Both in one engine: a block of 48 elements, a tile and a half, and a static scale."""
    formats = "large-blocks{weights=in_proj},static-activations{weights=out_proj}"
    check(tmp_path, MAMBA2, formats)


CASES: dict[str, tuple[dict[str, object], str, dict[str, Any]]] = {
    # The other way around, in an engine with mantissas.
    "mantissas-of-blocks": (
        MAMBA2,
        "static-activations{weights=in_proj bits=4},large-blocks{weights=out_proj}",
        {"preset": "w4a4", "lanes": "DDR4:3"},
    ),
    # Every layer, the LM head too: no block scale at all.
    "static": (
        MAMBA1,
        "static-activations{weights=in_proj,x_proj,dt_proj,out_proj,lm_head bits=7}",
        {"preset": "w8a8", "lanes": "DDR4:1"},
    ),
    # Static scales with mantissas become a power of two by a multiplication.
    "mantissas": (
        MAMBA2,
        "static-activations{weights=in_proj,out_proj}",
        {"passes": MANTISSAS, "target": "kv260", "lanes": "DDR4:4"},
    ),
    # A block of 192 is three weight groups of 64; of 384, three of 128.
    "larger-than-weight-groups": (
        {**MAMBA2, "hidden_size": 192, "num_heads": 24},
        "large-blocks{weights=in_proj,out_proj,lm_head}",
        {"preset": "w4a4-pot", "target": "u280", "lanes": "HBM2:2"},
    ),
    # Weight groups of 72: blocks of 48 and 16 begin and end inside of them, and of tiles.
    "across-weight-groups": (
        {**MAMBA1, "hidden_size": 144, "intermediate_size": 144, "time_step_rank": 10},
        "large-blocks{weights=in_proj group=48},large-blocks{weights=out_proj group=16},"
        "large-blocks{weights=x_proj,dt_proj}",
        {"preset": "w4a4", "lanes": "DDR4:3"},
    ),
    "smaller-than-weight-groups": (
        {**MAMBA2, "hidden_size": 128, "num_heads": 16},
        "large-blocks{weights=in_proj,out_proj group=64}",
        {"lanes": "DDR4:1"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_more_formats(case: str, tmp_path: Path) -> None:
    config, formats, options = CASES[case]
    check(tmp_path, config, formats, **options)
