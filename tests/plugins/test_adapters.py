"""Adapters: what they read, what is refused, and where they fail."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from documented import python_blocks
from safetensors.numpy import save_file

from lmc.diagnostics import LmcError
from lmc.ir.registry import load_registry
from lmc.models.config import Mamba1Config, tensor_shapes
from lmc.models.zoo import resolve

VALUES = {"width": 16, "depth": 1, "tokens": 12, "rank": 2}
CONFIG = Mamba1Config(
    vocab_size=12, padded_vocab_size=12, d_model=16, n_layers=1, d_inner=32, d_state=16, d_conv=4,
    dt_rank=2,
)  # fmt: skip
(PAGE,) = [code for code in python_blocks("plugin-api.md") if "= Adapter(" in code]


def plugin(folder: Path, text: str = PAGE, name: str = "our_nets") -> Path:
    path = folder / f"{name}.py"
    path.write_text(text)
    return path


def write_model(folder: Path, values: dict[str, object] = VALUES) -> Path:
    model = folder / "model"
    model.mkdir()
    (model / "config.json").write_text(json.dumps(values))
    rng = np.random.default_rng(3)
    stored = {
        name.replace("backbone.", "_orig_mod.net."): rng.random(shape, np.float32)
        for name, shape in tensor_shapes(CONFIG).items()
    }
    save_file(stored, model / "model.safetensors")
    return model


def test_the_example_of_the_page_reads_a_model(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    with pytest.raises(LmcError, match="model_type is missing"):
        resolve(str(model))
    load_registry([plugin(tmp_path)])
    found = resolve(str(model))
    assert found.config == CONFIG
    assert found.weights.names() == sorted(tensor_shapes(CONFIG))
    rng = np.random.default_rng(3)
    assert np.array_equal(
        found.weights.load("backbone.embedding.weight"), rng.random((12, 16), "f")
    )
    # A tied head is the embedding.
    assert found.weights.shape("lm_head.weight") == (12, 16)
    before = found.weights.fingerprint
    plugin(tmp_path, PAGE + "\n# changed\n")
    load_registry([tmp_path / "our_nets.py"])
    assert resolve(str(model)).weights.fingerprint != before


def test_models_lists_it_and_new_weights_are_drawn(lmc, tmp_path: Path) -> None:
    path, model = plugin(tmp_path), write_model(tmp_path)
    (listed,) = lmc("models", "--json", "--plugin", path).json["adapters"]
    assert listed == {
        "name": "our-nets", "summary": "models of our trainer", "origin": f"plugin {path}",
    }  # fmt: skip
    (model / "model.safetensors").unlink()
    assert resolve(str(model), random_weights=True).config == CONFIG


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('"rank"', '"depth"', "the key 'rank' (2) is not known to lmc in the form of our-nets"),
        ('"net."', '"nest."', "tensor nest.embedding.weight is missing, of which backbone.embeddi"),
        (
            "in tensor_shapes(config)}",
            'in [*tensor_shapes(config), "x"]}',
            "a weight that is none: x",
        ),
        ("in tensor_shapes(config)}", "in []}", "the adapter gives no backbone.embedding.weight"),
        ('"depth" in values', "values.nothing", "our_nets.py, line 24: AttributeError"),
        ("d_model=width", "d_model=width + 1", "embedding.weight has shape [12, 16], but the mod"),
        ("    return Mamba1Config(", "    return dict(", "gives no configuration for"),
        ("    return {name:", "    return None and {name:", "gives no weights, but None"),
        ('name.replace("backbone.", "net.") for', "3 for", "gives 3 for the weight 'backbone."),
        ("our-nets", "mistral", "offers the adapter 'mistral', which exists already (lmc's own)"),
    ],
)
def test_what_is_wrong_is_named(before: str, after: str, sentence: str, tmp_path: Path) -> None:
    path, model = plugin(tmp_path, PAGE.replace(before, after)), write_model(tmp_path)

    def read() -> None:
        load_registry([path])
        resolve(str(model))

    with pytest.raises(LmcError, match=re.escape(sentence)):
        read()


def test_weights_that_are_made(tmp_path: Path) -> None:
    """Of another layout, of two tensors, or of a constant; of a wrong shape they are refused."""
    made = """
    import numpy
    conv, norm = "backbone.layers.0.mixer.conv1d.weight", "backbone.norm_f.weight"
    own = {
        conv: Made((conv.replace("backbone", "net"), "net.norm_f.weight"), lambda a, n: a * n[0]),
        norm: Made((), lambda: numpy.full(SIZE, 2.0)),
    }
    others = [name for name in tensor_shapes(config) if name not in own]
    return own | {name:"""
    text = PAGE.replace("import Adapter", "import Adapter, Made")
    text = text.replace("    return {name:", made).replace(
        "in tensor_shapes(config)}", "in others}"
    )
    model = write_model(tmp_path)
    path = plugin(tmp_path, text.replace("SIZE", "16"))
    load_registry([path])
    found, plain = resolve(str(model)).weights, np.random.default_rng(3)
    stored = {name: plain.random(shape, "f") for name, shape in tensor_shapes(CONFIG).items()}
    conv = "backbone.layers.0.mixer.conv1d.weight"
    wanted = stored[conv] * stored["backbone.norm_f.weight"][0]
    assert np.array_equal(found.load(conv), wanted)
    constant = found.load("backbone.norm_f.weight")
    assert (constant.dtype, constant.tolist()) == (np.float32, [2.0] * 16)
    path.write_text(text.replace("SIZE", "15"))
    load_registry([path])
    with pytest.raises(LmcError, match=r"makes backbone\.norm_f\.weight of shape \[15\], but"):
        resolve(str(model)).weights.load("backbone.norm_f.weight")


def test_a_weight_that_is_no_array(tmp_path: Path) -> None:
    text = PAGE.replace("import Adapter", "import Adapter, Made").replace(
        'name.replace("backbone.", "net.") for',
        """Made((name.replace("backbone.", "net."),), lambda values: "none") for""",
    )
    load_registry([plugin(tmp_path, text)])
    with pytest.raises(LmcError, match=r"our-nets \(plugin .*\) makes no array of numbers: could"):
        resolve(str(write_model(tmp_path))).weights.load("backbone.embedding.weight")


def test_a_model_runs_with_the_adapter_of_a_file(lmc, tmp_path: Path) -> None:
    ran = ["run", write_model(tmp_path), "--prompt-tokens", "1,2", "--max-new-tokens", "2"]
    assert lmc(*ran).status == 1
    assert len(lmc(*ran, "--plugin", plugin(tmp_path), "--json").json["tokens"]) == 2


def test_a_design_records_the_package_of_its_adapter(lmc, install, tmp_path: Path) -> None:
    for name, adapter in (("reads", "our-nets"), ("idle", "idle-nets")):
        code = PAGE.replace("our-nets", adapter).replace('"depth" in', f'"{name}" == "reads" and')
        code = code.replace("and values", "and 'depth' in values")
        entry = f"[lmc.adapters]\n{adapter} = {name}_nets:ADAPTER\n"
        install(name, entry, {f"{name}_nets.py": code})
    options = ["-t", "vck190", "-o", tmp_path / "design", "--pipeline", "raise-to-ssm"]
    finished = lmc("compile", write_model(tmp_path), *options)
    assert finished.status == 0, finished.errors
    manifest = json.loads((tmp_path / "design/manifest.json").read_text())
    assert manifest["packages"] == [{"name": "reads", "version": "1.2"}]


def test_a_model_of_an_adapter_is_measured(lmc, tmp_path: Path) -> None:
    measured = ["quantize-config", write_model(tmp_path), "-o", tmp_path / "x.toml", "--json"]
    refused = lmc(*measured)
    assert (refused.status, "model_type is missing" in refused.errors) == (1, True)
    found = lmc(*measured, "--plugin", plugin(tmp_path))
    assert found.status == 0, found.errors
    assert found.json["sensitivities"]["weights"]


def test_lmc_reads_its_own_forms_itself_and_two_adapters_are_one_too_many(tmp_path: Path) -> None:
    greedy = PAGE.replace('"depth" in values', "True")
    load_registry([plugin(tmp_path, greedy)])
    assert resolve("bookbyte-mamba2").config.arch == "mamba2"
    load_registry([plugin(tmp_path, greedy.replace("our-nets", "yours"), "yours")])
    with pytest.raises(LmcError, match=r"is claimed by the adapters our-nets \(plugin .*; remove"):
        resolve(str(write_model(tmp_path)))
