"""optimize-weights and the artifacts it leaves: what recipes name, and what becomes of it."""

from pathlib import Path

import numpy as np
import pytest
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, StringAttr

import lmc as lmc_package
from lmc.diagnostics import LmcError
from lmc.interpreter import run
from lmc.ir.editing import weights_of
from lmc.models.config import Mamba2Config
from lmc.models.language_model import load_module
from lmc.models.weights import RandomWeights
from lmc.passes.optimize_weights import REPORT
from lmc.weights import WeightStore, open_source
from lmc.weights.artifacts import artifact_folders

INTEGERS = "fold-norm-scales,defer-norm,insert-rotation,quantize,rewrite-power-of-two"
OPTIMIZE = "optimize-weights{skip_random=false sequences=2 tokens=24}"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module", params=[MAMBA2, MAMBA1], ids=["mamba2", "mamba1"])
def rounded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModuleOp:
    folder = tmp_path_factory.mktemp("small")
    config = write_config(folder, request.param)
    return apply(level1(f"random:{folder}:0", config), INTEGERS)


def stored() -> list[Path]:
    return sorted(artifact_folders(ModuleOp([]))[0].glob("*.safetensors"))


def test_linear_layers_get_artifacts_and_nothing_else_changes(rounded: ModuleOp):
    chosen = apply(rounded, OPTIMIZE)
    before, after = weights_of(rounded), weights_of(chosen)
    changed = {name for name in before if after[name].recipe != before[name].recipe}
    expected = {"in_proj", "out_proj", "lm_head"}
    assert changed == expected | ({"x_proj", "dt_proj"} & set(before))
    for name in changed:
        assert after[name].type == before[name].type
        assert after[name].recipe.data[:-1] == before[name].recipe.data[:-1]
        assert after[name].recipe.data[-1].kind.data == "artifact"
    report = chosen.attributes[REPORT]
    assert isinstance(report, DictionaryAttr)
    for name in changed:
        left = report.data[name]
        assert isinstance(left, IntegerAttr)
        assert left.value.data <= 100


def test_the_module_runs_on_its_artifacts(rounded: ModuleOp):
    chosen = apply(rounded, OPTIMIZE)
    ids = np.arange(12).reshape(6, 2)
    assert run(chosen, ids).logits.shape == run(rounded, ids).logits.shape
    stores = [WeightStore(module, open_source(module)) for module in (rounded, chosen)]
    values = [store.value("in_proj", 1) for store in stores]
    assert np.array_equal(*values)
    first, second = (store.matrix("in_proj", 1).q for store in stores)
    assert first.shape == second.shape
    assert not np.array_equal(first, second)


def test_the_same_seed_gives_the_same_artifacts(rounded: ModuleOp):
    texts = [str(apply(rounded, OPTIMIZE)) for _ in range(2)]
    assert texts[0] == texts[1]
    again = apply(apply(rounded, OPTIMIZE), OPTIMIZE)
    assert str(again) == texts[0]


def test_random_weights_are_left_alone(rounded: ModuleOp):
    left = apply(rounded, "optimize-weights")
    assert left.attributes.pop(REPORT) == StringAttr(
        "skipped: random weights are clipped and rounded"
    )
    assert str(left) == str(rounded)
    assert not stored()


def test_a_missing_artifact_is_named_and_made_again(rounded: ModuleOp):
    chosen = apply(rounded, OPTIMIZE)
    for path in stored():
        path.unlink()
    with pytest.raises(LmcError, match=r"@in_proj, layer 0: the artifact [0-9a-f]{64} is not in"):
        run(chosen, [[1]])
    run(apply(chosen, OPTIMIZE), [[1]])
    run(chosen, [[1]])


def test_a_damaged_artifact_is_refused(rounded: ModuleOp):
    chosen = apply(rounded, OPTIMIZE)
    for path in stored():
        path.write_bytes(path.read_bytes()[:-1] + b"\x55")
    with pytest.raises(LmcError, match="is damaged; delete it"):
        run(chosen, [[1]])


def test_an_artifact_of_another_weight_is_refused(rounded: ModuleOp):
    chosen = apply(rounded, OPTIMIZE)
    weights = weights_of(chosen)
    steps = weights["in_proj"].recipe
    weights["in_proj"].properties["recipe"] = type(steps)(
        [*steps.data[:-1], weights["out_proj"].recipe.data[-1]]
    )
    with pytest.raises(LmcError, match="does not fit the type"):
        run(chosen, [[1]])


def test_the_folder_of_the_module_comes_first(rounded: ModuleOp, tmp_path: Path):
    module = rounded.clone()
    module.attributes["lmc.artifacts"] = StringAttr(str(tmp_path / "mine"))
    chosen = apply(module, OPTIMIZE)
    assert list((tmp_path / "mine").glob("*.safetensors"))
    assert not stored()
    run(chosen, [[1]])


def test_a_folder_that_cannot_be_written(rounded: ModuleOp, tmp_path: Path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(LmcError, match=r"artifacts cannot be written to .*set LMC_CACHE"):
        apply(rounded, OPTIMIZE)


def test_a_design_keeps_its_artifacts(lmc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    config = Mamba2Config(
        vocab_size=250, padded_vocab_size=256, d_model=64, n_layers=2, d_inner=128, d_state=16,
        d_conv=4, n_heads=4, head_dim=32, n_groups=1, norm_group_size=128,
    )  # fmt: skip
    module = load_module(config, RandomWeights(config, 7))
    passes = f"raise-to-ssm,roll-layers,{INTEGERS},optimize-weights{{sequences=2 tokens=16}}"
    design = lmc_package.compile(
        module, target="u280", output=tmp_path / "a", name="mine", pipeline=passes
    )
    dumped = design.ir_file(2)
    assert "lmc.artifacts" not in dumped.read_text()
    assert "artifact, {hashes" in dumped.read_text()
    (tmp_path / "a").rename(tmp_path / "moved")
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "another"))
    arguments = ["--prompt-tokens", "1,2", "--max-new-tokens", "3", "--json"]
    first = lmc("run", tmp_path / "moved", *arguments, "--engine", "integer")
    assert first.status == 0, first.errors
    # Another design goes on from it without the first one's cache or folder.
    file = tmp_path / "moved/ir" / dumped.name
    options = ["--target", "u280", "--json", "-o", tmp_path / "b"]
    finished = lmc("compile", "--from", file, "--pipeline", "cse", *options)
    assert finished.status == 0, finished.errors
    (tmp_path / "moved").rename(tmp_path / "gone")
    second = lmc("run", tmp_path / "b", *arguments, "--engine", "integer")
    assert second.json["tokens"] == first.json["tokens"]


def test_text_is_cut_all_over(tmp_path: Path):
    from lmc.quantization.calibration import text_ids

    module = ModuleOp([], {"lmc.weights": StringAttr("bookbyte-mamba2")})
    path = tmp_path / "text.txt"
    path.write_text("abcdefghij")
    assert text_ids(module, path, 4, 3).T.tolist() == [list(b"abcd"), list(b"defg"), list(b"ghij")]
    with pytest.raises(LmcError, match="has 10 tokens; 11 are needed"):
        text_ids(module, path, 11, 1)
