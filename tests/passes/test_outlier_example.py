"""The plugin of docs/examples: its passes keep the function, and its artifacts go with a design."""

from pathlib import Path

import numpy as np
import pytest
from small_models import MAMBA1, MAMBA2, level1, write_config
from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import RMSNormOp
from lmc.driver.pipeline import parse_passes, run_passes
from lmc.interpreter import run
from lmc.ir.editing import ops_of, weights_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.weights import WeightStore, open_source
from lmc.weights.artifacts import artifact_folders, copy_artifacts

PLUGIN = Path(__file__).parents[2] / "docs/examples/outliers.py"
IDS = np.random.Generator(np.random.PCG64(1)).integers(32, size=(6, 2))
SHARP = "add-outliers{fraction=0.1}"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))


@pytest.fixture(params=[MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> ModuleOp:
    return level1(f"random:{tmp_path}:3", write_config(tmp_path, request.param))


def after(module: ModuleOp, pipeline: str) -> ModuleOp:
    registry = load_registry([PLUGIN])
    changed = module.clone()
    run_passes(make_context(registry), changed, parse_passes(registry, pipeline))
    return changed


def values(module: ModuleOp, name: str, layer: int):
    return WeightStore(module, open_source(module)).value(name, layer)


@pytest.mark.parametrize(
    "pipeline",
    [
        SHARP,
        "add-outliers{fraction=0.1 layers=1}",
        "smooth-scales",
        "split-norm-scales",
        f"{SHARP},smooth-scales,defer-norm,split-norm-scales",
        f"{SHARP},smooth-scales,fold-norm-scales,defer-norm,insert-rotation",
        f"{SHARP},fold-norm-scales,defer-norm,insert-rotation,fold-gated-scale{{layers=0}}",
    ],
)
def test_function_is_kept(model: ModuleOp, pipeline: str) -> None:
    wanted, found = run(model, IDS).logits, run(after(model, pipeline), IDS).logits
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)


def test_outliers_are_where_they_are_asked_for(model: ModuleOp) -> None:
    sharp = after(model, "add-outliers{fraction=0.1 factor=8.0 layers=1}")
    ratio = values(sharp, "norm", 1) / values(model, "norm", 1)
    assert sorted(ratio) == [1] * 22 + [8] * 2
    assert np.array_equal(values(sharp, "norm", 0), values(model, "norm", 0))
    columns = values(sharp, "in_proj", 1) / values(model, "in_proj", 1)
    assert np.array_equal(columns * ratio, np.ones_like(columns))


def test_smoothing_levels_operand_and_weights(model: ModuleOp) -> None:
    """With alpha = 0.5 both peak alike in each channel, so outliers of both are undone."""
    smooth, again = after(model, "smooth-scales"), after(model, f"{SHARP},smooth-scales")
    for name in ("norm", "in_proj"):
        left, right = values(smooth, name, 1), values(again, name, 1)
        np.testing.assert_allclose(left, right, rtol=1e-4)


def test_split_norms_have_no_weight(model: ModuleOp) -> None:
    split = after(model, "defer-norm,split-norm-scales")
    assert all(norm.weight is None for norm in ops_of(split, RMSNormOp))
    assert set(weights_of(split)) == set(weights_of(model))


def test_artifacts_of_recipes_go_with_a_design(model: ModuleOp, tmp_path: Path) -> None:
    smooth = after(model, "smooth-scales,fold-norm-scales")
    copy_artifacts(smooth, tmp_path / "copy")
    cache = artifact_folders(smooth)[0]
    names = {path.name for path in cache.iterdir()}
    assert names == {path.name for path in (tmp_path / "copy").iterdir()}
    for path in cache.iterdir():
        path.unlink()
    with pytest.raises(LmcError, match=r"tensor '0': the artifact [0-9a-f]{64} is not in"):
        run(smooth, IDS)
