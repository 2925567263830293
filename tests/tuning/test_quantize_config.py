"""lmc quantize-config: files that come back as what they say, sensitivities, budgets."""

import pytest

from lmc.quantization.config import load_config
from lmc.quantization.presets import PRESETS


def make(lmc, model, output, *more):
    return lmc("quantize-config", model, "--random-weights", "-o", output, "--json", *more)


def test_the_file_of_a_preset_is_the_preset(lmc, small_model, tmp_path):
    path = tmp_path / "formats.toml"
    done = make(lmc, small_model, path, "--preset", "w4a4")
    assert done.status == 0, done.errors
    assert "random" in done.errors
    expected = PRESETS["w4a4"].config
    found = load_config(path)
    for name in ("in_proj", "out_proj"):
        # One width for each layer, all equal.
        assert getattr(found.weights, name).bits == (4, 4)
    same = {name: getattr(expected.weights, name) for name in ("in_proj", "out_proj")}
    assert found.model_copy(update={"weights": found.weights.model_copy(update=same)}) == expected
    sensitivities = done.json["sensitivities"]
    assert set(sensitivities["weights"]) == {"embedding", "in_proj", "out_proj", "lm_head"}
    assert len(sensitivities["weights"]["in_proj"]) == 2
    # Four bits cost something in every weight and operand of a random model.
    assert min(map(min, sensitivities["weights"].values())) > 0
    assert min(sensitivities["activations"].values()) > 0
    text = path.read_text(encoding="utf-8")
    cost = sensitivities["weights"]["out_proj"][1]
    assert f"4,  # layer 1: {cost:.5f}" in text
    # Nothing half-written is left beside it.
    assert [one.name for one in tmp_path.iterdir()] == ["formats.toml"]


def test_a_mixed_file_compiles_to_code(lmc, small_model, tmp_path):
    path = tmp_path / "formats.toml"
    done = make(lmc, small_model, path, "--bits-per-weight", "5.5")
    assert done.status == 0, done.errors
    assert done.json["raised"] >= 1
    assert 4.2 < done.json["bits_per_weight"] <= 5.5
    widths = load_config(path).layer_bits()
    assert {bits for one in widths.values() for bits in one} == {4, 8}
    design = tmp_path / "design"
    options = ("-t", "vck190", "--random-weights", "--config", path, "-o", design, "--json")
    compiled = lmc("compile", small_model, *options)
    assert compiled.status == 0, compiled.errors
    # Weights of 8 bits and of 4 are multiplied.
    assert {"4 x 8", "8 x 8"} <= set(compiled.json["costs"]["products"])


def test_a_budget_of_loss_is_measured(lmc, small_model, tmp_path):
    path = tmp_path / "formats.toml"
    base = make(lmc, small_model, path, "--max-loss", "1")
    assert base.json["raised"] == 0
    less = make(lmc, small_model, path, "--max-loss", str(base.json["loss"] * 0.7))
    assert less.status == 0, less.errors
    assert less.json["raised"] > 0
    assert less.json["loss"] <= base.json["loss"] * 0.7
    none = make(lmc, small_model, path, "--max-loss", "0")
    assert none.status == 1
    assert "bits per token are lost, more than 0" in none.errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--max-loss", "1", "--bits-per-weight", "5"], "either --max-loss or --bits-per-weight"),
        (["-o", "formats.json"], "-o takes a .toml file"),
        (["--json"], "--json needs -o"),
    ],
)
def test_wrong_usage(lmc, small_model, options, message):
    done = lmc("quantize-config", small_model, "--random-weights", *options)
    assert done.status == 2
    assert message in done.errors


def test_an_unknown_preset_is_no_wrong_usage(lmc, small_model):
    done = lmc("quantize-config", small_model, "--random-weights", "--preset", "w4a9")
    assert done.status == 1
    assert "did you mean 'w4a8'" in done.errors


def test_a_config_is_a_toml_file(lmc, small_model, tmp_path):
    wrong = lmc("compile", small_model, "-t", "vck190", "--config", tmp_path / "x.json")
    assert (wrong.status, "--config takes a .toml file" in wrong.errors) == (2, True)
    both = lmc("compile", small_model, "-t", "vck190", "--config", "x.toml", "--preset", "w4a8")
    assert (both.status, "either --preset or --config" in both.errors) == (2, True)
    missing = lmc("compile", small_model, "-t", "vck190", "--config", tmp_path / "x.toml")
    assert (missing.status, "there is no quantization config" in missing.errors) == (1, True)
