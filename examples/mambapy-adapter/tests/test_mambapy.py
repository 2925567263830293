"""Checkpoints in mamba.py's form, with random weights: lmc's float model and a reference."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

import lmc
from lmc.diagnostics import LmcError
from lmc.interpreter import run

Array = NDArray[np.float32]
CONFIG: dict[str, Any] = {
    "d_model": 24,
    "n_layers": 2,
    "dt_rank": "auto",
    "d_state": 8,
    "expand_factor": 2,
    "d_conv": 4,
    "dt_min": 0.001,
    "dt_max": 0.1,
    "dt_init": "random",
    "dt_scale": 1.0,
    "rms_norm_eps": 1e-4,
    "base_std": 0.02,
    "bias": True,
    "conv_bias": True,
    "inner_layernorms": False,
    "mup": False,
    "mup_base_width": 16,
    "pscan": True,
    "use_cuda": False,
    "vocab_size": 30,
}
RANK, INNER = 2, 48


def tensors(config: dict[str, Any]) -> dict[str, Array]:
    """A state_dict of mamba.py: its names, each with random values."""
    rng = np.random.default_rng(5)
    width, state, vocab = config["d_model"], config["d_state"], config["vocab_size"]
    shapes: dict[str, tuple[int, ...]] = {"embedding.weight": (vocab, width)}
    for layer in range(config["n_layers"]):
        at = f"mamba.layers.{layer}"
        shapes |= {
            f"{at}.mixer.A_log": (INNER, state),
            f"{at}.mixer.D": (INNER,),
            f"{at}.mixer.in_proj.weight": (2 * INNER, width),
            f"{at}.mixer.in_proj.bias": (2 * INNER,),
            f"{at}.mixer.conv1d.weight": (INNER, 1, config["d_conv"]),
            f"{at}.mixer.conv1d.bias": (INNER,),
            f"{at}.mixer.x_proj.weight": (RANK + 2 * state, INNER),
            f"{at}.mixer.dt_proj.weight": (INNER, RANK),
            f"{at}.mixer.dt_proj.bias": (INNER,),
            f"{at}.mixer.out_proj.weight": (width, INNER),
            f"{at}.mixer.out_proj.bias": (width,),
            f"{at}.norm.weight": (width,),
        }
    shapes |= {"norm_f.weight": (width,), "lm_head.weight": (vocab, width)}
    if config["mup"]:
        shapes = {name: shape for name, shape in shapes.items() if "norm" not in name}
    drawn = {name: rng.normal(0, 0.4, shape) for name, shape in shapes.items()}
    return {name: values.astype(np.float32) for name, values in drawn.items()}


class Reference:
    """The steps of mamba.py's LM in float64, a token at a time."""

    def __init__(self, config: dict[str, Any], stored: dict[str, Array]) -> None:
        self.config = config
        self.stored = {name: values.astype(np.float64) for name, values in stored.items()}
        layers, taps = config["n_layers"], config["d_conv"]
        self.states = [np.zeros((INNER, config["d_state"])) for _ in range(layers)]
        self.inputs = [np.zeros((INNER, taps)) for _ in range(layers)]

    def norm(self, x: Any, name: str) -> Any:
        scaled = x / np.sqrt(np.mean(x * x) + self.config["rms_norm_eps"])
        return scaled if self.config["mup"] else scaled * self.stored[f"{name}.weight"]

    def logits(self, token: int) -> Any:
        x = self.stored["embedding.weight"][token]
        for layer in range(self.config["n_layers"]):
            x = x + self.mixer(layer, self.norm(x, f"mamba.layers.{layer}.norm"))
        x = self.norm(x, "norm_f")
        if self.config["mup"]:
            x = x / (self.config["d_model"] / self.config["mup_base_width"])
        return self.stored["lm_head.weight"] @ x

    def mixer(self, layer: int, x: Any) -> Any:
        def part(name: str) -> Any:
            return self.stored[f"mamba.layers.{layer}.mixer.{name}"]

        x, z = np.split(part("in_proj.weight") @ x + part("in_proj.bias"), 2)
        inputs = self.inputs[layer] = np.column_stack([self.inputs[layer][:, 1:], x])
        x = silu((inputs * part("conv1d.weight")[:, 0]).sum(axis=1) + part("conv1d.bias"))
        state = self.config["d_state"]
        delta, b, c = np.split(part("x_proj.weight") @ x, [RANK, RANK + state])
        delta = np.logaddexp(0, part("dt_proj.weight") @ delta + part("dt_proj.bias"))
        decay = np.exp(delta[:, None] * -np.exp(part("A_log")))
        self.states[layer] = decay * self.states[layer] + (delta * x)[:, None] * b
        y = self.states[layer] @ c + part("D") * x
        return part("out_proj.weight") @ (y * silu(z)) + part("out_proj.bias")


def silu(x: Any) -> Any:
    return x / (1 + np.exp(-x))


def write(folder: Path, config: dict[str, Any], stored: dict[str, Array]) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    save_file(stored, folder / "model.safetensors")
    return folder


@pytest.mark.parametrize("mup", [False, True])
def test_logits_are_those_of_the_family(mup: bool, tmp_path: Path) -> None:
    config = {**CONFIG, "mup": mup}
    stored = tensors(config)
    model = write(tmp_path / "model", config, stored)
    options = {"target": "vck190", "output": tmp_path / "out"}
    design = lmc.compile(str(model), pipeline="raise-to-ssm,roll-layers", **options)
    ids = [3, 29, 0, 7, 7, 12]
    found = run(design.ir("roll-layers").module, np.array(ids)[:, None]).logits[:, 0]
    reference = Reference(config, stored)
    wanted = np.array([reference.logits(token) for token in ids])
    assert np.allclose(found, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"inner_layernorms": True}, "inner_layernorms True is not supported"),
        ({"d_head": 64}, "the key 'd_head' (64) is not known to lmc in the form of mambapy"),
        ({"d_model": "24"}, "d_model is '24', not a whole number above 0"),
        ({"n_layers": 1}, "no weight is made of the tensor mamba.layers.1.mixer.A_log"),
        ({"n_layers": 3}, "tensor mamba.layers.2.norm.weight is missing"),
        ({"d_state": 4}, "backbone.layers.0.mixer.x_proj.weight has shape [18, 48], but"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    model = write(tmp_path / "model", {**CONFIG, **change}, tensors(CONFIG))
    with pytest.raises(LmcError, match=re.escape(sentence)):
        lmc.compile(str(model), target="vck190", output=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_padded_vocabulary_has_the_rows_that_mamba_py_gives_it(tmp_path: Path) -> None:
    config = {**CONFIG, "vocab_size": 30, "pad_vocab_size_multiple": 8}
    rows = math.ceil(30 / 8) * 8
    stored = tensors({**CONFIG, "vocab_size": rows})
    model = write(tmp_path / "model", config, stored)
    design = lmc.compile(
        str(model), target="vck190", output=tmp_path / "out", pipeline="raise-to-ssm,roll-layers"
    )
    assert run(design.ir(2).module, np.array([[1]])).logits.shape[-1] == rows
