"""Weights that are made on other threads are those that are made when they are asked for."""

import threading
from pathlib import Path

import numpy as np
import pytest
from integer_modules import DrawnWeights, parse
from watched_weights import LAYERS, SHAPES, WatchedWeights, keep_small_ones

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import RecipeStepAttr
from lmc.weights import WeightStore

REAL = f"""ssm.weight @w : tensor<4x8xf32> layers {LAYERS}
    = [#ssm.step<load, {{name = "w.{{layer}}"}}>]"""


@pytest.fixture(autouse=True)
def _small_ones_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_small_ones(tmp_path, monkeypatch)


def store_of(weights: str, source: WatchedWeights, *, looks_ahead: bool = False) -> WeightStore:
    return WeightStore(parse(f"builtin.module {{ {weights} }}"), source, looks_ahead=looks_ahead)


def test_the_next_layer_is_made_on_another_thread_and_once() -> None:
    source = WatchedWeights()
    store = store_of(REAL, source, looks_ahead=True)
    for layer in range(LAYERS):
        expected = DrawnWeights(SHAPES).load(f"w.{layer}")
        np.testing.assert_array_equal(store.value("w", layer), expected)
    assert [name for name, _ in source.loads] == list(SHAPES)
    here = threading.get_ident()
    assert [thread == here for _, thread in source.loads] == [True] + [False] * (LAYERS - 1)


def test_what_cannot_be_made_ahead_is_told_when_it_is_asked_for() -> None:
    store = store_of(REAL, WatchedWeights(lacks="w.2"), looks_ahead=True)
    store.value("w", 0)
    store.value("w", 1)
    with pytest.raises(LmcError, match=r"no tensor w\.2"):
        store.value("w", 2)
    store.value("w", 3)


def test_values_of_a_recipe_of_before_are_not_taken() -> None:
    source = WatchedWeights()
    store = store_of(REAL, source, looks_ahead=True)
    store.value("w", 0)
    weight = store.weight("w")
    weight.properties["recipe"] = type(weight.recipe)(
        [*weight.recipe.data, RecipeStepAttr.of("neg_exp")]
    )
    found = store.value("w", 1)
    np.testing.assert_array_equal(found, -np.exp(DrawnWeights(SHAPES).load("w.1")))
