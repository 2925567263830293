"""Designs that several tests of this folder look at, compiled once."""

from pathlib import Path

import pytest
from build_once import build_once
from tiny_designs import FULL, MAMBA1, MAMBA2, ON_CHIP, compile_tiny


@pytest.fixture(scope="session")
def mamba1_design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4-bit activations; four wide lanes with one and two sets of rows; states on the chip."""

    def build(folder: Path) -> Path:
        lanes, side = "DDR4:1 LPDDR4:3x2", 'side="LPDDR4"'
        return compile_tiny(
            folder,
            MAMBA1,
            preset="w4a4",
            target="vck190",
            lanes=lanes,
            allocation=f"{ON_CHIP} {side}",
        )

    return build_once(tmp_path_factory, "mamba1", build)


@pytest.fixture(scope="session")
def mamba2_design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """8-bit activations, three narrow lanes, both blocks of a state's row in a bank of their own;
    two groups, biases, a rotation of 96 = 12 · 8."""

    def build(folder: Path) -> Path:
        return compile_tiny(
            folder,
            MAMBA2,
            passes=FULL,
            preset="w4a8",
            target="kv260",
            lanes="DDR4:3",
            allocation='state="DDR4:2" state_blocks=2',
        )

    return build_once(tmp_path_factory, "mamba2", build)
