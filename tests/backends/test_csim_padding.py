"""The device never chooses a row that pads the vocabulary; without such rows, nothing changes."""

import re
import shutil
from pathlib import Path

import pytest
from csim_comparison import assert_equal, generate_with_logits
from tiny_designs import MAMBA2, ON_CHIP, compile_tiny

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")

PADDED: dict[str, object] = {
    "d_model": 32,
    "n_layer": 1,
    "vocab_size": 11,
    "pad_vocab_size_multiple": 32,
    "tie_embeddings": False,
    "ssm_cfg": {"layer": "Mamba2", "d_state": 16, "headdim": 8},
}


def test_padding_is_left_out_of_the_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """32 rows in words of several logits, of which 11 stand for tokens.

    Padding begins within a word, and further words are all padding.
    """
    design = compile_tiny(tmp_path, PADDED, allocation=ON_CHIP)
    words = re.search(r"word < (\d+)", choice(design))
    assert words is not None
    lanes = 32 // int(words[1])
    assert lanes > 1
    assert 11 % lanes
    assert 32 - lanes >= 11
    # Few tokens are wanted of it: compiled sooner, without optimizing.
    monkeypatch.setattr("lmc.backends.csim.build.FLAGS", ("-std=c++17", "-O0"))
    simulation = assert_equal(design, tokens=8, new=8)
    tokens, logits = generate_with_logits(simulation, [1, 2, 3], 8)
    assert (logits.argmax(-1) >= 11).any(), "the model would choose padding"
    assert tokens == logits[:, :11].argmax(-1).tolist()


def test_a_model_without_padding_has_no_comparison(mamba2_design: Path) -> None:
    assert MAMBA2["vocab_size"] == 40
    assert "< 40" not in choice(mamba2_design)


def choice(design: Path) -> str:
    """The emitted task that chooses a token."""
    sources = "".join(path.read_text() for path in sorted((design / "hls").glob("*.cpp")))
    found = re.search(r"^static void choose_greedily\(.*?^}", sources, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[0]
