"""fold-gated-scale: which layers fold, and what becomes of the op and the recipes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import DenseArrayBase, ModuleOp

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import ScaleChannelsOp
from lmc.interpreter import run
from lmc.ir.editing import ops_of, weights_of
from lmc.ir.text import module_text
from lmc.models.config import tensor_shapes
from lmc.models.weights import RandomWeights

FLOAT = "fold-norm-scales,defer-norm,insert-rotation"
OUTLIERS = [3, 40]
"""Channels that are 30 times as large as others."""


def model(folder: Path, outliers: Sequence[str], norm_group: int = 48) -> ModuleOp:
    """A model with outlier channels in each layer: in the gated norm's scale or in its operand.

    What follows is smaller by as much: out_proj's columns, or the scale.
    """
    config = replace(write_config(folder, MAMBA2), n_layers=len(outliers))
    config = replace(config, norm_group_size=norm_group)
    drawn = RandomWeights(config, 5)
    tensors = {name: drawn.load(name).copy() for name in tensor_shapes(config)}
    for layer, where in enumerate(outliers):
        mixer = f"backbone.layers.{layer}.mixer"
        scale = tensors[f"{mixer}.norm.weight"]
        if where == "scale":
            scale[OUTLIERS] *= 30
            tensors[f"{mixer}.out_proj.weight"][:, OUTLIERS] /= 30
        else:
            tensors[f"{mixer}.conv1d.weight"][OUTLIERS] *= 30
            scale[OUTLIERS] /= 30
    save_file(tensors, folder / "model.safetensors")
    write_config(folder, {**MAMBA2, "num_hidden_layers": len(outliers)})
    return level1(str(folder), config)


def folded_layers(module: ModuleOp) -> list[float] | None:
    """The layers named by the step of out_proj's recipe; None where it names none."""
    first, second, *rotations = weights_of(module)["out_proj"].recipe.data
    assert (first.kind.data, second.kind.data) == ("load", "scale_columns")
    assert {step.kind.data for step in rotations} <= {"rotate_rows", "unrotate_blocks"}
    layers = second.options.data.get("layers")
    return list(layers.iter_values()) if isinstance(layers, DenseArrayBase) else None


@pytest.mark.parametrize("preset", ["w4a4", "w4a8"])
def test_layers_fold_where_the_scale_has_outliers(tmp_path: Path, preset: str) -> None:
    module = model(tmp_path, ["operand", "scale", "scale", "operand"])
    folded = apply(module, f"{FLOAT},fold-gated-scale{{preset={preset}}}")
    assert folded_layers(folded) == [1, 2]
    assert len(ops_of(folded, ScaleChannelsOp)) == 1
    ids = np.arange(12).reshape(6, 2)
    wanted, found = run(module, ids).logits, run(folded, ids).logits
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("pipeline", "norm_group"),
    [
        ("defer-norm", 48),
        ("defer-norm{split_only=true}", 48),
        ("fold-norm-scales,defer-norm,insert-rotation", 16),
    ],
)
def test_the_norm_may_stand_elsewhere(tmp_path: Path, pipeline: str, norm_group: int) -> None:
    module = model(tmp_path, ["scale", "operand"], norm_group)
    folded = apply(module, f"{pipeline},fold-gated-scale{{preset=w4a4}}")
    assert folded_layers(folded) == [0]
    ids = np.arange(12).reshape(6, 2)
    wanted, found = run(module, ids).logits, run(folded, ids).logits
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)


def test_the_op_goes_where_all_layers_fold(tmp_path: Path) -> None:
    folded = apply(model(tmp_path, ["scale", "scale"]), f"{FLOAT},fold-gated-scale")
    assert folded_layers(folded) is None
    assert not ops_of(folded, ScaleChannelsOp)
    assert "gated_norm" not in weights_of(folded)


def test_nothing_changes_where_no_layer_folds(tmp_path: Path) -> None:
    kept = apply(model(tmp_path, ["operand", "operand"]), FLOAT)
    assert module_text(apply(kept, "fold-gated-scale")) == module_text(kept)


def test_a_model_without_a_gated_norm_stays_as_it_is(tmp_path: Path) -> None:
    module = level1(f"random:{tmp_path}:3", write_config(tmp_path, MAMBA1))
    assert str(apply(module, "fold-gated-scale{layers=all}")) == str(module.clone())


def test_the_norm_has_to_be_split(tmp_path: Path) -> None:
    with pytest.raises(LmcError, match="needs defer-norm"):
        apply(model(tmp_path, ["scale"]), "fold-gated-scale")
