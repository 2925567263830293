"""Designs of tiny models, compiled by the real pipeline, for tests of what is emitted.

Weights are drawn wilder than an untrained model's, so that a wrong order, a wrong lane or a lost
bit changes the logits: D, A and norm scales differ from channel to channel and values saturate.
"""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from xdsl.dialects.builtin import ModuleOp

from lmc.design.folder import attach_weights, open_design
from lmc.driver.compile import compile_design
from lmc.driver.default import DEFAULT_SCHEDULE, LOWERING, SCHEDULES
from lmc.driver.request import CompileRequest
from lmc.interpreter import Program
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, read_text
from lmc.models.config import tensor_shapes
from lmc.models.config_parsing import load_config

MAMBA2: dict[str, object] = {
    "model_type": "mamba2",
    "hidden_size": 48,
    "num_hidden_layers": 2,
    "vocab_size": 40,
    "state_size": 16,
    "num_heads": 6,
    "head_dim": 16,
    "n_groups": 2,
    "conv_kernel": 4,
    "expand": 2,
    "use_bias": True,
    "use_conv_bias": False,
    "tie_word_embeddings": True,
}
MAMBA1: dict[str, object] = {
    "model_type": "mamba",
    "hidden_size": 40,
    "num_hidden_layers": 2,
    "vocab_size": 48,
    "state_size": 8,
    "time_step_rank": 5,
    "conv_kernel": 4,
    "expand": 2,
    "intermediate_size": 80,
    "use_bias": False,
    "use_conv_bias": True,
    "tie_word_embeddings": False,
}
FALCON: dict[str, object] = {**MAMBA1, "model_type": "falcon_mamba", "mixer_rms_eps": 1e-3}

FOLDED = "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm"
INTEGERS = 'quantize{preset="PRESET"}'
DEFAULT = f"{FOLDED},insert-rotation,{INTEGERS},rewrite-power-of-two"
"""The default passes down to integers, without a search for better ones."""
FULL = f"{FOLDED},insert-rotation{{online=full}},{INTEGERS},rewrite-power-of-two"
"""out_proj's operand is rotated over its whole length."""
UNROTATED = f"{FOLDED},{INTEGERS},rewrite-power-of-two"
GATED = (
    f"{FOLDED},insert-rotation,fold-gated-scale{{layers=LAYERS}},{INTEGERS},rewrite-power-of-two"
)
"""The gated norm's scale is folded into out_proj, in layers that replace the word LAYERS."""
MANTISSAS = f"{FOLDED},insert-rotation,{INTEGERS}"
"""Static scales keep the mantissas that `quantize` gives them."""
LOWERED = (
    f'allocate-resources{{target="TARGET" ALLOCATION}},{",".join(LOWERING)},'
    "simplify-loops,drain-pipelines,schedule-loops,size-fifos,place-kernels,derive-host,"
    "check-dataflow"
)
STREAMED = 'state="DDR4" state_blocks=1'
"""States in device memory, a block a cycle."""
ON_CHIP = 'state="chip"'


def write_model(folder: Path, config: dict[str, object], seed: int = 0) -> Path:
    """A model folder with a config and weights drawn from a seed."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    shapes = tensor_shapes(load_config(folder / "config.json"))
    tensors = {name: _draw(name, shape, seed) for name, shape in shapes.items()}
    save_file(tensors, folder / "model.safetensors")
    return folder


def _draw(name: str, shape: tuple[int, ...], seed: int) -> NDArray[np.float32]:
    digest = hashlib.sha256(f"{seed} {name}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    values = rng.standard_normal(shape)
    part = name.rpartition("mixer.")[2]
    if part == "A_log":
        values = rng.uniform(-2, 2, shape)
    elif part in ("dt_bias", "dt_proj.bias"):
        values = rng.uniform(-4, 1, shape)
    elif "norm" in name:
        values = 1 + values / 3
    elif len(shape) == 2 and "embedding" not in name:
        values *= 1.5 * shape[1] ** -0.5
    return values.astype(np.float32)


def compile_mamba2(folder: Path) -> Path:
    """8-bit activations, three narrow lanes, both blocks of a state's row in a bank of their own;
    two groups, biases, a rotation of 96 = 12 · 8."""
    return compile_tiny(
        folder,
        MAMBA2,
        passes=FULL,
        preset="w4a8",
        target="kv260",
        lanes="DDR4:3",
        allocation='state="DDR4:2" state_blocks=2',
    )


def compile_tiny(
    folder: Path,
    config: dict[str, object],
    *,
    passes: str = DEFAULT,
    preset: str = "w4a8",
    target: str = "vck190",
    lanes: str | None = "DDR4:2",
    allocation: str = STREAMED,
    schedule: str = DEFAULT_SCHEDULE,
    plugins: tuple[Path, ...] = (),
    rtl: bool = False,
) -> Path:
    """The design folder of a tiny model; lanes and further options of `allocate-resources`.

    The search chooses the lanes if there are None.
    """
    model = folder / "model"
    if not model.exists():
        write_model(model, config)
    pipeline = ",".join([passes, *SCHEDULES[schedule], LOWERED])
    pipeline = pipeline.replace("PRESET", preset).replace("TARGET", target)
    pinned = allocation if lanes is None else f'lanes="{lanes}" {allocation}'
    request = CompileRequest(
        target=target,
        model=str(model),
        output=folder / re.sub(r"\W+", "-", f"design {pinned}"),
        preset=preset,
        pipeline=pipeline.replace("ALLOCATION", pinned),
        plugins=plugins,
        dump_ir=True,
        rtl=rtl,
    )
    return compile_design(request).design.path


def interpreter(design: Path) -> Program:
    """The integer interpreter on the design's last module before it is scheduled."""
    return Program(_module(design, 2))


def allocated_module(design: Path) -> ModuleOp:
    """The design's module before it is lowered, with its allocation."""
    return _module(design, 3)


def last_module(design: Path) -> ModuleOp:
    """The module that the design was printed from."""
    return _module(design, 4)


def _module(design: Path, level: int) -> ModuleOp:
    path = open_design(design).ir_file(level)
    module = parse_module(make_context(load_registry()), read_text(str(path)), path.name)
    attach_weights(module, design)
    return module
