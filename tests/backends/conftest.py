"""Designs that several tests of this folder look at, compiled once."""

from pathlib import Path

import pytest
from tiny_designs import FULL, MAMBA1, MAMBA2, compile_tiny


@pytest.fixture(scope="session")
def mamba1_design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4-bit activations, three wide ports; dt_rank is odd."""
    folder = tmp_path_factory.mktemp("mamba1")
    return compile_tiny(folder, MAMBA1, preset="w4a4", target="vck190", ports=3)


@pytest.fixture(scope="session")
def mamba2_design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """8-bit activations, three narrow ports; two groups, biases, a rotation of 96 = 12 · 8."""
    folder = tmp_path_factory.mktemp("mamba2")
    return compile_tiny(folder, MAMBA2, passes=FULL, preset="w4a8", target="kv260", ports=3)
