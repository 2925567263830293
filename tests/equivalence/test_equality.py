"""insert-rotation runs an excerpt of the module before and after, and refuses to change it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, ModuleOp, i64

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import LayersOp, RecipeStepAttr
from lmc.equivalence.excerpt import excerpt
from lmc.interpreter import same_values
from lmc.interpreter.recording import record
from lmc.ir.editing import ops_of, weights_of
from lmc.numerics.hadamard import rotate
from lmc.weights import recipes

IDS = np.array([[3, 0], [7, 5], [1, 1], [6, 2]])


@pytest.fixture(params=[MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> ModuleOp:
    config = write_config(tmp_path, {**request.param, "num_hidden_layers": 3})
    return level1(f"random:{tmp_path}:3", config)


def test_an_excerpt_computes_the_first_layers(model: ModuleOp) -> None:
    (layers,) = ops_of(model, LayersOp)
    layers.layer_to_class = DenseArrayBase.from_list(i64, [0, 0, 0])
    part = excerpt(model, 2, 8)
    part.verify()
    assert ops_of(part, LayersOp)[0].count.value.data == 2
    assert weights_of(part)["embedding"].type.get_shape() == (8, 24)
    whole, found = record(model, IDS), record(part, IDS)
    assert found.result.logits.shape == (4, 2, 8)
    compared = [key for key in found.values if key[1] in (0, 1)]
    assert len(compared) > 20
    for key in compared:
        assert same_values(found.values[key][0], whole.values[key][0]), key


def test_an_excerpt_of_all_layers_has_the_logits_of_its_rows(model: ModuleOp) -> None:
    part = excerpt(model, 5, 8)
    part.verify()
    expected = record(model, IDS).result
    found = record(part, IDS).result
    np.testing.assert_allclose(found.logits, expected.logits[..., :8], rtol=1e-5)
    assert all(map(same_values, found.states, expected.states))
    assert weights_of(excerpt(model, 5, 1000))["embedding"].type.get_shape() == (32, 24)


def test_rows_that_a_recipe_mixes_are_all_kept(model: ModuleOp) -> None:
    embedding = weights_of(model)["embedding"]
    mixing = RecipeStepAttr.of("reshape", shape=DenseArrayBase.from_list(i64, [32, 24]))
    embedding.properties["recipe"] = ArrayAttr([*embedding.recipe, mixing])
    part = excerpt(model, 2, 8)
    assert weights_of(part)["embedding"].type.get_shape() == (32, 24)
    assert record(part, IDS).result.logits.shape == (4, 2, 8)
    apply(model, "fold-norm-scales,insert-rotation")


def test_an_inverse_that_is_wrong_is_refused(
    model: ModuleOp, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_step(monkeypatch, "unrotate_blocks", lambda values: values)
    message = (
        r"insert-rotation does not leave the model's function as it was: logits differ by \d.*of "
        r"the largest.*; the first value that differs is that of ssm.linear %\w+ in layer 1, by"
    )
    with pytest.raises(LmcError, match=message):
        apply(model, "fold-norm-scales,insert-rotation")


def test_a_head_that_is_not_rotated_back_is_refused(
    model: ModuleOp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_in_layers(values: recipes.FloatArray) -> recipes.FloatArray:
        return values if len(values) == 32 else rotate(values, 0)

    break_step(monkeypatch, "rotate_columns", only_in_layers)
    with pytest.raises(LmcError, match=r"differs is that of ssm.linear %\w+ in layer 0, by"):
        apply(model, "fold-norm-scales,insert-rotation")


def break_step(
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    change: Callable[[recipes.FloatArray], recipes.FloatArray],
) -> None:
    def step(
        values: recipes.FloatArray, _options: recipes.Options, _load: recipes.Load
    ) -> recipes.FloatArray:
        return change(values)

    monkeypatch.setitem(recipes._STEPS, kind, step)


def test_a_module_whose_weights_are_not_here_cannot_be_proved(model: ModuleOp) -> None:
    from xdsl.dialects.builtin import StringAttr

    model.attributes["lmc.weights"] = StringAttr("/nowhere/at/all")
    with pytest.raises(LmcError, match="/nowhere/at/all"):
        apply(model, "fold-norm-scales,insert-rotation")
    del model.attributes["lmc.weights"]
    apply(model, "fold-norm-scales,insert-rotation")
