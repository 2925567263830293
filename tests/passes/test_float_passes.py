"""fold-norm-scales, defer-norm and insert-rotation: the float model stays the same function."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_models import FALCON, MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.ssm import GatedNormOp, RMSNormOp, RotateOp, ScaleOp
from lmc.interpreter import run
from lmc.ir.editing import ops_of, weights_of
from lmc.ir.text import module_text

IDS = np.random.Generator(np.random.PCG64(1)).integers(32, size=(6, 2))


@pytest.fixture(params=[MAMBA1, MAMBA2, FALCON], ids=["mamba1", "mamba2", "falcon"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> ModuleOp:
    config = write_config(tmp_path, request.param)
    return level1(f"random:{tmp_path}:3", config)


@pytest.fixture
def mamba2(tmp_path: Path) -> ModuleOp:
    return level1(f"random:{tmp_path}:3", write_config(tmp_path, MAMBA2))


def assert_same_function(before: ModuleOp, after: ModuleOp) -> None:
    wanted, found = run(before, IDS), run(after, IDS)
    np.testing.assert_allclose(found.logits, wanted.logits, rtol=1e-4, atol=1e-6)
    for left, right in zip(found.states, wanted.states, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-6)


def steps(module: ModuleOp, name: str) -> list[str]:
    return [step.kind.data for step in weights_of(module)[name].recipe]


@pytest.mark.parametrize(
    "pipeline",
    [
        "fold-norm-scales",
        "defer-norm",
        "defer-norm,fold-gated-scale{layers=all}",
        "defer-norm,fold-gated-scale{layers=1}",
        "fold-norm-scales,insert-rotation",
        "fold-norm-scales,insert-rotation{block=4 seed=7}",
        "fold-norm-scales,insert-rotation{online=full}",
        "fold-norm-scales,insert-rotation{online=none}",
        "fold-norm-scales,insert-rotation,insert-rotation{seed=1}",
        "fold-norm-scales,defer-norm,insert-rotation",
        "fold-norm-scales,insert-rotation,defer-norm",
        "fold-norm-scales,defer-norm,insert-rotation,fold-gated-scale{layers=all}",
        "fold-norm-scales,defer-norm,insert-rotation,fold-gated-scale{layers=0}",
    ],
)
def test_function_is_kept(model: ModuleOp, pipeline: str) -> None:
    assert_same_function(model, apply(model, pipeline))


def test_norm_weights_move_into_the_linear_layers(model: ModuleOp) -> None:
    folded = apply(model, "fold-norm-scales")
    assert all(norm.weight is None for norm in ops_of(folded, RMSNormOp))
    assert not {"norm", "norm_f"} & set(weights_of(folded))
    assert steps(folded, "in_proj") == ["load", "scale_columns"]
    assert steps(folded, "lm_head") == ["load", "scale_columns"]


def test_a_weight_with_another_reader_cannot_take_a_scale(model: ModuleOp) -> None:
    tied = module_text(model).replace("ssm.linear %f, @lm_head", "ssm.linear %f, @embedding")
    from lmc.ir.registry import load_registry
    from lmc.ir.text import make_context, parse_module

    module = parse_module(make_context(load_registry()), tied, "tied")
    with pytest.raises(LmcError, match=r"ssm\.embedding %embedded: @embedding cannot take"):
        apply(module, "fold-norm-scales")


def test_norm_is_deferred_behind_out_proj_in_any_order(mamba2: ModuleOp) -> None:
    before = apply(mamba2, "fold-norm-scales,defer-norm,insert-rotation")
    after = apply(mamba2, "fold-norm-scales,insert-rotation,defer-norm")
    assert module_text(before) == module_text(after)
    (scale,) = ops_of(before, ScaleOp)
    assert scale.input.owner.name == "ssm.linear"
    assert not ops_of(before, GatedNormOp)


def test_several_norm_groups_stay_before_out_proj(tmp_path: Path) -> None:
    config = replace(write_config(tmp_path, MAMBA2), norm_group_size=16)
    module = level1(f"random:{tmp_path}:3", config)
    deferred = apply(module, "fold-norm-scales,defer-norm,insert-rotation")
    (scale,) = ops_of(deferred, ScaleOp)
    assert scale.input.owner.name == "ssm.scale_channels"
    assert_same_function(module, deferred)


def test_rotation_needs_folded_norms(model: ModuleOp) -> None:
    with pytest.raises(LmcError, match="@norm; run fold-norm-scales before insert-rotation"):
        apply(model, "insert-rotation")


def online_blocks(module: ModuleOp) -> list[int]:
    return [op.block.value.data for op in ops_of(module, RotateOp)]


def test_rotation_options(model: ModuleOp) -> None:
    rotated = apply(model, "fold-norm-scales,insert-rotation")
    # The largest power of two that divides a width of 48.
    assert online_blocks(rotated) == [16]
    assert steps(rotated, "out_proj") == ["load", "rotate_rows", "unrotate_blocks"]
    # 48 = 12 · 4
    assert online_blocks(apply(model, "fold-norm-scales,insert-rotation{online=full}")) == [48]
    assert online_blocks(apply(model, "fold-norm-scales,insert-rotation{online=none}")) == []
    with pytest.raises(UsageError, match="at least 1"):
        apply(model, "insert-rotation{block=0}")
    with pytest.raises(UsageError, match="online is block, full, none, not 'half'"):
        apply(model, "insert-rotation{online=half}")


def test_a_width_without_a_matrix_is_rotated_in_blocks(tmp_path: Path) -> None:
    config = write_config(tmp_path, {**MAMBA1, "hidden_size": 52, "intermediate_size": 104})
    module = level1(f"random:{tmp_path}:3", config)
    rotated = apply(module, "fold-norm-scales,insert-rotation{online=full}")
    assert online_blocks(rotated) == [8]
    assert_same_function(module, rotated)


def test_source_locations_survive(mamba2: ModuleOp) -> None:
    from xdsl.dialects.builtin import FileLineColLoc, IntAttr, StringAttr

    where = FileLineColLoc(StringAttr("model.py"), IntAttr(7), IntAttr(0))
    (norm,) = ops_of(mamba2, GatedNormOp)
    norm.location = where
    deferred = apply(mamba2, "fold-norm-scales,defer-norm,insert-rotation")
    located = [op.name for op in deferred.walk() if op.location == where]
    assert located == ["ssm.silu", "ssm.mul", "ssm.rms_scale", "ssm.scale_channels"]
