"""The device never chooses a row that pads the vocabulary; without such rows, nothing changes."""

import re
import shutil
from pathlib import Path

import pytest
from test_csim_models import assert_equal
from tiny_designs import MAMBA2, ON_CHIP, compile_tiny

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")

PADDED: dict[str, object] = {
    "d_model": 64,
    "n_layer": 1,
    "vocab_size": 21,
    "pad_vocab_size_multiple": 64,
    "ssm_cfg": {"layer": "Mamba2", "d_state": 16, "headdim": 8},
}


def test_padding_is_left_out_of_the_choice(tmp_path: Path) -> None:
    """64 rows in words of several logits, of which 21 stand for tokens.

    Padding begins within a word, and further words are all padding.
    """
    design = compile_tiny(tmp_path, PADDED, allocation=ON_CHIP)
    simulation = assert_equal(design)
    words = re.search(r"word < (\d+)", choice(design))
    assert words is not None
    lanes = 64 // int(words[1])
    assert lanes > 1
    assert 21 % lanes
    assert 21 <= 64 - lanes
    assert max(simulation.generate([1, 2, 3], 40)) < 21


def test_a_model_without_padding_has_no_comparison(mamba2_design: Path) -> None:
    assert MAMBA2["vocab_size"] == 40
    assert "< 40" not in choice(mamba2_design)


def choice(design: Path) -> str:
    """The emitted task that chooses a token."""
    sources = "".join(path.read_text() for path in sorted((design / "hls").glob("*.cpp")))
    found = re.search(r"^static void choose_greedily\(.*?^}", sources, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[0]
