"""Quantization configurations: files, what is refused in them, and what they make of a model."""

from pathlib import Path

import pytest
from xdsl.dialects.builtin import DenseArrayBase

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import LayersOp, WeightType, format_of
from lmc.driver.default import RAISING, default_pipeline, float_passes, integer_passes
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named
from lmc.ir.editing import ops_of, weights_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text
from lmc.quantization.config import QuantizationConfig, load_config
from lmc.quantization.presets import PRESETS, find_preset
from lmc.weights import WeightStore, open_source


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[weights.in_proj]\nbits = 9", r"weights\.in_proj\.bits is 9; it should be less than or"),
        ("[weights.in_proj]\nbits = [4, 9]", r"weights\.in_proj\.bits\.1 is 9; it should be less"),
        ("[weights.in_proj]\nbits = 'a'", r"bits is 'a'; it should be an integer or a list"),
        ("rotaton = 'block'", r"there is no key 'rotaton'; did you mean 'rotation'\?"),
        ("[weights.outproj]\nbits = 4", r"no key 'weights\.outproj'; did you mean 'out_proj'\?"),
        ("weights = 3", r"weights is 3; it should be a table"),
        ("[weights.gate]\nbits = 4", r"no key 'weights\.gate'; there are embedding, "),
        ("[activations.in_proj]\nscale = 'up'", r"in_proj\.scale is 'up'; it should be 'mantissa'"),
        ("[state]\nbits = 12", r"state\.bits is 12; it should be 8 or 16"),
        ("bits =", "is not TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(LmcError, match=message):
        load_config(write(tmp_path, text))


def test_a_file_is_a_preset(tmp_path: Path) -> None:
    path = write(tmp_path, "optimize = 'none'\n[weights.in_proj]\nbits = [4, 8]\n")
    config = find_preset(str(path))
    assert config.weights.in_proj.bits == (4, 8)
    assert config.layer_bits() == {"in_proj": (4, 8)}
    assert config.weights.out_proj == PRESETS["w4a8"].config.weights.out_proj
    with pytest.raises(LmcError, match=r"there is no quantization config .*none\.toml"):
        find_preset(str(tmp_path / "none.toml"))
    with pytest.raises(LmcError, match="did you mean 'w4a8'"):
        find_preset("w4a9")


def test_an_empty_file_is_the_default_preset(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "")) == QuantizationConfig() == PRESETS["w4a8"].config


def quantized(config: str, model: str = "bookbyte-mamba1"):
    registry = load_registry()
    module = import_named(model).module
    rounded = [name for name in integer_passes(config) if name != "optimize-weights"]
    passes = Pipeline.parse(registry, ",".join([*RAISING, *float_passes(config), *rounded]))
    passes.run(make_context(registry), module)
    return module


MIXED = "[weights.in_proj]\nbits = [4, 8, 4, 4, 4, 4, 4, 6]\n"


def test_widths_by_layer_make_classes_and_narrow_integers(tmp_path: Path) -> None:
    module = quantized(str(write(tmp_path, MIXED)))
    (layers,) = ops_of(module, LayersOp)
    assert isinstance(layers.layer_to_class, DenseArrayBase)
    assert list(layers.layer_to_class.iter_values()) == [0, 1, 0, 0, 0, 0, 0, 2]
    element = format_of(weights_of(module)["in_proj"].type)
    assert isinstance(element, WeightType)
    assert element.bits.data == 8
    store = WeightStore(module, open_source(module))
    tops = [int(abs(store.matrix("in_proj", layer).q).max()) for layer in range(8)]
    assert tops[1] > 100
    assert max(tops[:1] + tops[2:7]) <= 8
    assert 16 < tops[7] <= 32
    assert "bits = array<i64: 4, 8, 4, 4, 4, 4, 4, 6>" in module_text(module)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[weights.in_proj]\nbits = [4, 8]", "gives in_proj 2 widths, the model has 8 layers"),
        ("[weights.lm_head]\nbits = [4, 8]", "gives lm_head 2 widths, the model has 1 such weight"),
    ],
)
def test_widths_must_fit_the_model(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(LmcError, match=message):
        quantized(str(write(tmp_path, text)))


def test_widths_are_checked_before_a_scale_is_folded(tmp_path: Path) -> None:
    text = "[weights.out_proj]\nbits = [4, 8]"
    with pytest.raises(LmcError, match="gives out_proj 2 widths, the model has 8 layers"):
        quantized(str(write(tmp_path, text)), "bookbyte-mamba2")


@pytest.mark.parametrize("name", PRESETS)
def test_presets_name_pipelines_that_parse(name: str) -> None:
    passes = Pipeline.parse(load_registry(), default_pipeline(name, "vck190", "book.txt", 3))
    chosen = {one.name: one for one in passes.passes}
    assert ("optimize-weights" in chosen) == (name != "lightmamba")
    assert chosen["quantize"] == type(chosen["quantize"])(name, "book.txt", 3)  # pyright: ignore[reportCallIssue]
