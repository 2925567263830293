"""Small models for the tests of this folder: no downloads, no files outside tmp_path."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from small_mamba2 import HF_MAMBA2

from lmc.models.config import Mamba1Config, Mamba2Config
from lmc.models.weights import RandomWeights


@pytest.fixture
def mamba1_config() -> Mamba1Config:
    return Mamba1Config(
        vocab_size=37,
        padded_vocab_size=40,
        d_model=24,
        n_layers=2,
        d_inner=48,
        d_state=6,
        d_conv=4,
        dt_rank=3,
        use_bias=True,
        tie_embeddings=False,
    )


@pytest.fixture
def mamba2_config() -> Mamba2Config:
    return Mamba2Config(
        vocab_size=40,
        padded_vocab_size=40,
        d_model=24,
        n_layers=2,
        d_inner=48,
        d_state=8,
        d_conv=4,
        n_heads=6,
        head_dim=8,
        n_groups=2,
        norm_group_size=24,
    )


@pytest.fixture
def tensors(mamba2_config: Mamba2Config) -> dict[str, np.ndarray]:
    """The weights of `HF_MAMBA2`, under Hugging Face's names."""
    source = RandomWeights(mamba2_config, seed=3)
    return {
        name.replace("embedding.", "embeddings."): source.load(name).copy()
        for name in source.names()
    }


@pytest.fixture
def write_model(tensors: dict[str, np.ndarray]) -> Callable[[Path], Path]:
    """Write config.json and model.safetensors of the small Mamba-2 into a folder."""

    def write(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(HF_MAMBA2))
        save_file(tensors, folder / "model.safetensors")
        return folder

    return write
