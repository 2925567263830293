"""docs/dataflow-level.md: its lists are complete, and its example of a new op runs."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.csim.simulate import Simulation
from lmc.backends.project import emit_project
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import Dataflow
from lmc.dialects.dataflow.foreign import _RULES
from lmc.driver.default import LOWERING
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named
from lmc.interpreter import Program
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.targets import load_target

PAGE = Path(__file__).parents[2] / "docs/dataflow-level.md"
BEFORE = (
    "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,insert-rotation,quantize,"
    "rewrite-power-of-two"
)
AFTER = (
    f'tile-and-fuse,allocate-resources{{lanes="DDR4:1" state=chip}},{",".join(LOWERING)},'
    "simplify-loops,drain-pipelines,schedule-loops,size-fifos,place-kernels,derive-host,"
    "check-dataflow"
)


def test_all_ops_are_listed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    listed = set(re.findall(r"`((?:dataflow|scf|arith|memref)\.\w+)`", text))
    assert listed == {op.name for op in (*Dataflow.operations, *_RULES)}


def test_all_methods_of_a_value_are_listed() -> None:
    _, _, table = PAGE.read_text(encoding="utf-8").partition("These are all its methods.")
    listed = set(re.findall(r"`\w+\.(\w+)", table)) - {"dialects"}
    assert listed == {name for name in vars(Value) if not name.startswith("_")}


def applied(module: ModuleOp, pipeline: str, plugin: Path) -> ModuleOp:
    registry = load_registry([plugin])
    Pipeline.parse(registry, pipeline).run(make_context(registry), module)
    return module


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_the_example_runs(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new op's interpretation and its C++ agree, and it does something."""
    # It runs for a blink: compiled sooner, without optimizing.
    monkeypatch.setattr("lmc.backends.csim.build.FLAGS", ("-std=c++17", "-O0"))
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    plugin = tmp_path / "soft_threshold.py"
    plugin.write_text(code[1], encoding="utf-8")
    traced = import_named(str(small_model), random_weights=True).module
    plain = applied(traced, BEFORE, plugin)
    module = applied(plain.clone(), "soft-threshold{threshold=300}", plugin)
    ids = np.arange(1, 9)
    expected = Program(module).run(ids[:, None]).logits[:, 0]
    assert not np.array_equal(expected, Program(plain).run(ids[:, None]).logits[:, 0])
    emit_project(applied(module, AFTER, plugin), tmp_path, target=load_target("vck190"))
    assert np.array_equal(Simulation(tmp_path).logits(ids), expected)
