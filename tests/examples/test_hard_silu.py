"""examples/hard-silu as a plugin file: from `--plugin` to the C simulation, and to the engines.

What the op computes and refuses is tested in the package.
"""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiny_designs import MAMBA2, write_model
from xdsl.dialects.builtin import ModuleOp

from lmc.analysis.cost import op_costs
from lmc.backends.csim.simulate import Simulation
from lmc.design.folder import Design, attach_weights, open_design
from lmc.driver.default import board_passes, schedule_passes
from lmc.interpreter import Program
from lmc.ir.registry import Registry, load_registry
from lmc.ir.text import make_context, parse_module

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples/hard-silu/lmc_hard_silu.py"
PASSES = ",".join(
    [
        "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,hard-silu{knee=0},insert-rotation",
        "quantize,rewrite-power-of-two",
        *schedule_passes(),
        *board_passes("vck190", 'lanes="DDR4:1" state=chip'),
    ]
)
FLOAT = "func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {{ {} func.return %y : tensor<8xf32> }}"
HARD = "%y = hard.silu %x knee(1) : (tensor<8xf32>) -> tensor<8xf32>"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry([PLUGIN])


def parsed(registry: Registry, path: Path) -> ModuleOp:
    return parse_module(make_context(registry), path.read_text(encoding="utf-8"), path.name)


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_from_the_command_line_to_the_c_simulation(
    lmc, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model with it is calibrated, quantized, counted, reordered, lowered; C++ gives its bits."""
    # It runs for a blink: compiled sooner, without optimizing.
    monkeypatch.setattr("lmc.backends.csim.build.FLAGS", ("-std=c++17", "-O0"))
    model = write_model(tmp_path / "model", MAMBA2)
    options = ["-t", "vck190", "--plugin", PLUGIN, "--pipeline", PASSES, "--dump-ir"]
    finished = lmc("compile", model, "-o", tmp_path / "design", *options)
    assert finished.status == 0, finished.errors
    design = open_design(tmp_path / "design")
    module = parsed(registry, design.ir_file(3))
    attach_weights(module, design.path)
    ids = np.arange(1, 9)
    expected = Program(module).run(ids[:, None]).logits[:, 0]
    assert np.array_equal(Simulation(design.path).logits(ids), expected)
    # Mixed channels went through it: it said that it works on each of them alone.
    assert '"b, c, dt, 6 x (x, z)"' in str(module.attributes["lmc.computation_order"])
    check_costs(module, design)
    check_engines(lmc, design)


def check_engines(lmc, design: Design) -> None:
    """The integer engine of a design needs the plugin, and says what the compiled C++ says."""
    prompt = ["--prompt-tokens", "1,2,3", "--max-new-tokens", "4", "--json"]
    integer = [*prompt, "--engine", "integer"]
    tokens = lmc("run", design.path, *integer, "--plugin", PLUGIN).json["tokens"]
    assert lmc("run", design.path, *prompt).json["tokens"] == tokens
    assert "hard.silu" in lmc("run", design.path, *integer).errors


def check_costs(module: ModuleOp, design: Design) -> None:
    """What it costs is in the manifest: a product for each element, and no look-up."""
    costs = [cost for op, cost in op_costs(module) if op.name == "hard.silu"]
    d_inner, layers = 96, 2
    assert [cost.multiplications.total() for cost in costs] == [
        layers * (d_inner + 2 * 2 * 16),
        layers * d_inner,
    ]
    others = [cost for op, cost in op_costs(module) if op.name != "hard.silu"]
    elementwise = sum(cost.multiplications["elementwise"] for cost in (*costs, *others))
    counted = design.manifest["costs"]["multiplications"]
    assert counted["elementwise"] == elementwise
    # Softplus and exp are left: a look-up each for every head.
    assert counted["interpolation"] == layers * 2 * 6


def test_its_ops_are_read_from_text(lmc, tmp_path: Path) -> None:
    path = tmp_path / "hard.mlir"
    path.write_text(FLOAT.format(HARD))
    printed = lmc("opt", path, "--plugin", PLUGIN)
    assert (printed.status, printed.output.count(HARD)) == (0, 1)
    path.write_text(printed.output)
    assert lmc("opt", path, "--plugin", PLUGIN).output == printed.output
    without = lmc("opt", path)
    assert without.status == 1
    assert "hard.silu" in without.errors


def test_no_file_of_lmc_names_it() -> None:
    folders = [ROOT / name for name in ("lmc", "dialects", "passes", "backends", "models")]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    assert len(files) > 100
    named = [path for path in files if re.search(r"hard.?silu", path.read_text(), re.IGNORECASE)]
    assert not named
