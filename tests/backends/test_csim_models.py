"""The C simulation of whole models equals the integer interpreter, bit for bit.

Designs come from the real pipeline, on tiny models with wild weights (`tiny_designs`). Building a
simulation costs seconds, so most of the combinations are marked slow.
"""

import importlib.util
import shutil
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from csim_comparison import PROMPT, SEED, TOKENS, assert_equal, generate_with_logits
from tiny_designs import (
    DEFAULT,
    FALCON,
    FULL,
    GATED,
    MAMBA1,
    MAMBA2,
    MANTISSAS,
    UNROTATED,
    compile_tiny,
    interpreter,
    last_module,
)
from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.backends.csim.simulate import Simulation
from lmc.backends.project import emit_project
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import StreamOp, TaskOp
from lmc.dialects.ssm import RotateOp
from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest
from lmc.interpreter import generate
from lmc.quantization.presets import PRESETS
from lmc.targets import load_target

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


def test_mamba1(mamba1_design: Path) -> None:
    """w4a4, lanes of four rows and one or two sets of them, dt_rank 5, states on the chip."""
    assert_equal(mamba1_design)


def test_a_prompt_that_takes_several_launches(mamba1_design: Path) -> None:
    """Launches without logits, whose states the last one goes on from."""
    simulation, program = Simulation(mamba1_design), interpreter(mamba1_design)
    prompt = np.random.default_rng(SEED).integers(0, simulation.vocabulary, 140)
    tokens, logits = generate_with_logits(simulation, prompt.tolist(), 2)
    steps = np.array([*prompt, tokens[0]])
    expected = program.run(steps[:, None]).logits[:, 0]
    assert np.array_equal(logits, expected[len(prompt) - 1 :])
    assert np.array_equal(simulation.logits(steps), expected)


def test_a_folder_that_cannot_be_written(mamba1_design: Path, tmp_path: Path) -> None:
    for part in ("hls", "host"):
        shutil.copytree(mamba1_design / part, tmp_path / part)
    shutil.copy(mamba1_design / "schedule.json", tmp_path)
    (tmp_path / "csim").write_text("in the way", encoding="utf-8")
    with pytest.raises(LmcError, match=r"cannot write the C simulation to .*csim \(File exists\)"):
        Simulation(tmp_path).program()


def test_falcon_mamba(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Norms of dt, B and C, of 5 and 8 elements in words of 1."""
    # Few tokens: compiling takes longer than running.
    monkeypatch.setattr("lmc.backends.csim.build.FLAGS", ("-std=c++17", "-O0"))
    config = {**FALCON, "hidden_size": 24, "intermediate_size": 48, "num_hidden_layers": 1}
    assert_equal(compile_tiny(tmp_path, config, lanes="DDR4:1"), tokens=12, new=4)


def test_mamba2(mamba2_design: Path) -> None:
    """w4a8, lanes of one row, two groups, biases, a long rotation, two banks for the state."""
    assert_equal(mamba2_design)


@pytest.mark.slow
def test_mamba2_unrotated(tmp_path: Path) -> None:
    """w8a8, 32 lanes, no rotation, other layer counts and kernel sizes."""
    config = {
        **MAMBA2,
        "num_hidden_layers": 3,
        "n_groups": 1,
        "head_dim": 12,
        "num_heads": 8,
        "conv_kernel": 3,
        "use_bias": False,
        "use_conv_bias": True,
        "tie_word_embeddings": False,
        "time_step_limit": [0.01, 0.5],
    }
    design = compile_tiny(
        tmp_path, config, passes=UNROTATED, preset="w8a8", target="u280", lanes="HBM2:32"
    )
    assert_equal(design)


def test_a_fifo_that_is_too_short_is_a_deadlock_with_names(
    mamba1_design: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The residual copy has to hold the whole vector while the layer works on the other copy."""
    # A stream between kernels: the linker makes none that is so short, and a rule refuses it.
    monkeypatch.setattr("lmc.backends.project.check_rules", lambda design, target: None)
    # It only has to get stuck: compiled sooner, without optimizing.
    monkeypatch.setattr("lmc.backends.csim.build.FLAGS", ("-std=c++17", "-O0"))
    module = last_module(mamba1_design)
    streams = [op for op in module.walk() if isinstance(op, StreamOp)]
    (copy,) = [op for op in streams if op.sym_name.data == "hidden_copy"]
    assert copy.depth is not None
    assert copy.depth.value.data > 2
    copy.depth = IntegerAttr(2, i64)
    emit_project(module, tmp_path, target=load_target("vck190"))
    with pytest.raises(LmcError, match="deadlock") as error:
        Simulation(tmp_path).logits(np.array([1, 2]))
    message = str(error.value)
    assert (
        "'fork_hidden' of kernel 'front' waits to write to full FIFO 'hidden_copy' (depth 2,"
        in (message)
    )
    # What starves after it is named too.
    assert "'rms_norm' of kernel 'front' waits to read from empty FIFO 'hidden_copy_2'" in message


MAMBA1_CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "w4a8": ({"use_bias": True, "use_conv_bias": False}, {"preset": "w4a8", "lanes": "DDR4:1"}),
    "w8a8": ({"state_size": 16}, {"preset": "w8a8", "target": "kv260", "lanes": "DDR4:4"}),
    "unrotated": (
        {"time_step_rank": 3},
        {"passes": UNROTATED, "target": "u280", "lanes": "HBM2:5"},
    ),
    "mantissas": ({"conv_kernel": 2}, {"passes": MANTISSAS, "preset": "w4a4", "lanes": "DDR4:2"}),
    "wide": (
        {"hidden_size": 160, "intermediate_size": 320, "time_step_rank": 10},
        {"preset": "w8a8", "target": "kv260", "lanes": "DDR4:3"},
    ),
}
FALCON_CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "w4a8": ({}, {"preset": "w4a8"}),
    "w4a4-biases": ({"use_bias": True, "state_size": 16}, {"preset": "w4a4", "lanes": "DDR4:1"}),
    "w8a8": (
        {"state_size": 16, "time_step_rank": 16},
        {"preset": "w8a8", "target": "u280", "lanes": "HBM2:5"},
    ),
    "searched": ({"state_size": 16, "time_step_rank": 16}, {"lanes": None, "allocation": ""}),
    "mantissas": ({"conv_kernel": 2}, {"passes": MANTISSAS, "preset": "w4a4"}),
    "naive": ({"time_step_rank": 8}, {"schedule": "naive", "lanes": "DDR4:3"}),
}
MAMBA2_CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "w4a4": ({"n_groups": 3}, {"preset": "w4a4", "lanes": "DDR4:3"}),
    "w4a4-pot": ({"n_groups": 6}, {"preset": "w4a4-pot", "lanes": "DDR4:1"}),
    "w8a8": (
        {"hidden_size": 96, "num_heads": 12},
        {"preset": "w8a8", "target": "u280", "lanes": "HBM2:2"},
    ),
    "unrotated": ({"n_groups": 1, "use_conv_bias": True}, {"passes": UNROTATED, "lanes": "DDR4:1"}),
    # As Codestral Mamba: 8 groups of heads, an untied head, no biases but the convolution's.
    "eight-groups": (
        {
            "hidden_size": 64,
            "num_heads": 16,
            "head_dim": 8,
            "n_groups": 8,
            "use_bias": False,
            "use_conv_bias": True,
            "tie_word_embeddings": False,
        },
        {"target": "u280", "lanes": "HBM2:3"},
    ),
    "gated": (
        {"n_groups": 1},
        {"passes": GATED.replace("LAYERS", "all"), "preset": "w4a4", "lanes": "DDR4:3"},
    ),
    "gated-in-some": (
        {"num_hidden_layers": 3},
        {"passes": GATED.replace("LAYERS", "0,2"), "preset": "w4a4", "lanes": "DDR4:2"},
    ),
    "mantissas": ({"use_bias": False}, {"passes": MANTISSAS, "target": "kv260", "lanes": "DDR4:4"}),
    # More credits of states than a FIFO of the default depth holds.
    "many-layers": (
        {"num_hidden_layers": 40, "hidden_size": 24, "num_heads": 3, "n_groups": 1},
        {"lanes": "DDR4:1"},
    ),
    "one-layer": (
        {
            "hidden_size": 24,
            "num_heads": 4,
            "head_dim": 12,
            "n_groups": 1,
            "state_size": 8,
            "vocab_size": 27,
            "num_hidden_layers": 1,
        },
        {"lanes": "DDR4:3"},
    ),
    "large-state": (
        {"state_size": 128, "num_heads": 2, "head_dim": 48, "n_groups": 1},
        {"lanes": "DDR4:3"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", MAMBA1_CASES)
def test_more_mamba1(case: str, tmp_path: Path) -> None:
    config, options = MAMBA1_CASES[case]
    assert_equal(compile_tiny(tmp_path, {**MAMBA1, **config}, **options))


@pytest.mark.slow
@pytest.mark.parametrize("case", FALCON_CASES)
def test_more_falcon_mamba(case: str, tmp_path: Path) -> None:
    config, options = FALCON_CASES[case]
    assert_equal(compile_tiny(tmp_path, {**FALCON, **config}, **options))


@pytest.mark.slow
@pytest.mark.parametrize("case", MAMBA2_CASES)
def test_more_mamba2(case: str, tmp_path: Path) -> None:
    config, options = MAMBA2_CASES[case]
    assert_equal(compile_tiny(tmp_path, {**MAMBA2, **config}, **options))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "d_model", "d_inner"),
    [
        (MAMBA1, 24, 72),
        (MAMBA1, 48, 384),
        (MAMBA2, 64, 512),
        (MAMBA1, 64, 1536),
        (MAMBA2, 64, 5120),
    ],
    ids=["36x2", "12x32", "512", "12x128", "20x256"],
)
def test_long_rotations(
    base: dict[str, object], d_model: int, d_inner: int, tmp_path: Path
) -> None:
    """In words of up to 8 elements."""
    shape: dict[str, object] = {"hidden_size": d_model, "num_hidden_layers": 1}
    if base is MAMBA1:
        shape |= {"intermediate_size": d_inner, "expand": d_inner // d_model, "time_step_rank": 8}
    else:
        shape |= {
            "expand": d_inner // d_model,
            "num_heads": 8,
            "head_dim": d_inner // 8,
            "n_groups": 1,
        }
    design = compile_tiny(tmp_path, {**base, **shape}, passes=FULL)
    ops = interpreter(design).weights.module.walk()
    assert [op.block.value.data for op in ops if isinstance(op, RotateOp)] == [d_inner]
    assert_equal(design, tokens=6, new=3)


@pytest.mark.slow
@pytest.mark.parametrize("config", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_the_number_of_lanes_does_not_change_bits(
    config: dict[str, object], tmp_path: Path
) -> None:
    ids = np.arange(TOKENS) % 40
    found = [
        Simulation(compile_tiny(tmp_path, config, passes=DEFAULT, lanes=lanes)).logits(ids)
        for lanes in ("DDR4:1", "DDR4:2", "DDR4:3x2")
    ]
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])


@pytest.mark.slow
@pytest.mark.parametrize("schedule", ["reordered", "naive"])
@pytest.mark.parametrize(
    ("config", "options"),
    [
        (MAMBA1, {"preset": "w4a4", "lanes": "DDR4:3"}),
        (MAMBA2, {"passes": FULL, "target": "kv260", "lanes": "DDR4:3"}),
        # Runs of 10 channels in words of 2, three groups.
        ({**MAMBA2, "n_groups": 3, "head_dim": 10, "hidden_size": 30}, {"lanes": "DDR4:1"}),
    ],
    ids=["mamba1", "mamba2", "odd-runs"],
)
def test_schedules(
    config: dict[str, object], options: dict[str, Any], schedule: str, tmp_path: Path
) -> None:
    """In the model's order or the state update's, with everything kept between ops."""
    design = compile_tiny(tmp_path, config, schedule=schedule, **options)
    tasks = {op.sym_name.data for op in last_module(design).walk() if isinstance(op, TaskOp)}
    assert {"keep_x", "keep_decay", "keep_gated"} <= tasks
    assert_equal(design, tokens=24, new=6)


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("hls4ml") is None,
    reason="Xilinx's ap_int.h comes with the package hls4ml, which is not installed",
)
@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_with_xilinx_headers(name: str, request: pytest.FixtureRequest) -> None:
    assert_equal(request.getfixturevalue(name), tokens=12, new=4, headers="xilinx")


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("model", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_bundled_models(model: str, preset: str, tmp_path: Path) -> None:
    """256 tokens with the default preset, 32 with the others."""
    request = CompileRequest(
        model=model, target="vck190", preset=preset, output=tmp_path / "design"
    )
    design = compile_design(request).design.path
    new = 256 if preset == "w4a8" else 32
    assert_equal(design, new=new, prompt=list(b"It was a dark night, "))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["mamba-130m", "mamba2-130m"])
def test_public_sizes(model: str, tmp_path: Path) -> None:
    """Two tokens of models of full size, with random weights."""
    request = CompileRequest(
        model=model, target="vck190", output=tmp_path / "design", random_weights=True
    )
    design = compile_design(request).design.path
    simulation, program = Simulation(design), interpreter(design)
    chosen, logits = generate_with_logits(simulation, PROMPT, 2)
    assert chosen == list(islice(generate(program, PROMPT), 2))
    steps = np.array([*PROMPT, chosen[0]])
    assert np.array_equal(logits, program.run(steps[:, None]).logits[-2:, 0])
