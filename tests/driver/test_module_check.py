"""Each compile compares levels 0 and 1 with the PyTorch module and names what differs first."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import Mamba2Config, Mamba2ForCausalLM, MambaConfig, MambaForCausalLM
from transformers.models.mamba import modeling_mamba
from transformers.models.mamba.modeling_mamba import MambaRMSNorm
from transformers.models.mamba2 import modeling_mamba2

from lmc.diagnostics import LmcError
from lmc.driver.compile import compile_design
from lmc.driver.module_check import ModuleChecker, ModuleReport
from lmc.driver.pipeline import Pipeline
from lmc.driver.request import CompileRequest
from lmc.driver.source import Source, import_named, import_source
from lmc.frontend import config_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.models.language_model import MambaLM, build_module, load_module

SIZES: dict[str, Any] = {"vocab_size": 40, "num_hidden_layers": 3, "hidden_size": 16}


def mamba1(**options: Any) -> MambaForCausalLM:
    torch.manual_seed(0)
    return MambaForCausalLM(MambaConfig(**(SIZES | {"state_size": 4} | options)))


def mamba2(**options: Any) -> Mamba2ForCausalLM:
    torch.manual_seed(0)
    heads = {"num_heads": 4, "head_dim": 8, "n_groups": 2, "state_size": 4}
    return Mamba2ForCausalLM(Mamba2Config(**(SIZES | heads | options)))


def own_mamba2() -> MambaLM:
    model = mamba2()
    own = build_module(config_of(model), "cpu")
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, parameter in own.named_parameters():
            parameter.copy_(parameters[name.replace("embedding.", "embeddings.")])
    return own


def report_of(model: nn.Module | str, folder: Path) -> ModuleReport:
    request = CompileRequest(
        target="vck190",
        model=model,
        name="m",
        output=folder / "out",
        pipeline="raise-to-ssm,roll-layers",
    )
    report = compile_design(request).module_check
    assert report is not None
    return report


def refusal_of(model: nn.Module, folder: Path) -> str:
    with pytest.raises(LmcError) as caught:
        report_of(model, folder)
    assert not (folder / "out").exists()
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def check(source: Source) -> ModuleReport:
    """The report on a source that is traced already."""
    registry = load_registry()
    context = make_context(registry)
    checker = ModuleChecker(context, source)
    Pipeline.parse(registry, "raise-to-ssm").run(context, source.module, checker.observe)
    assert checker.report is not None
    return checker.report


@pytest.mark.parametrize(
    "make",
    [
        mamba1,
        lambda: mamba1(use_bias=True, tie_word_embeddings=False, conv_kernel=2),
        mamba2,
        lambda: mamba2(use_bias=True, tie_word_embeddings=True, use_conv_bias=False),
        lambda: mamba2(time_step_limit=(0.01, 0.02)),
        own_mamba2,
    ],
)
def test_a_right_model_passes_on_all_layers(make: Callable[[], nn.Module], tmp_path: Path) -> None:
    model = make()
    model.train()
    sizes = [mixer.chunk_size for mixer in model.modules() if hasattr(mixer, "chunk_size")]
    report = report_of(model, tmp_path)
    assert (report.layers, report.all_layers) == (3, 3)
    assert report.tokens > config_of(model).d_conv
    assert max(report.level_0, report.level_1) < 1e-5
    # The module is as it was given.
    assert all(part.training and not part._forward_hooks for part in model.modules())
    assert sizes == [one.chunk_size for one in model.modules() if hasattr(one, "chunk_size")]


def _unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what a module holds against its configuration and its library's code go unread."""
    monkeypatch.setattr("lmc.frontend.module_facts.check_facts", lambda *_: None)
    monkeypatch.setattr("lmc.frontend.structure.check_code", lambda *_: None)


@pytest.mark.parametrize(
    ("make", "path", "name", "op"),
    [
        (mamba1, "backbone.layers.1.norm", "variance_epsilon", "ssm.rms_norm in layer 1"),
        (mamba2, "backbone.layers.2.mixer.norm", "variance_epsilon", "ssm.gated_norm in layer 2"),
        (own_mamba2, "backbone.layers.0.mixer.norm", "eps", "ssm.gated_norm in layer 0"),
    ],
)
def test_an_epsilon_that_no_one_reads(
    make: Callable[[], nn.Module],
    path: str,
    name: str,
    op: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _unseen(monkeypatch)
    model = make()
    setattr(model.get_submodule(path), name, 0.5)
    sentence = refusal_of(model, tmp_path)
    assert "level 1" in sentence
    assert f"{op}, the result of {path}" in sentence


def test_a_norm_patched_on_its_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forward(self: Any, x: Tensor) -> Tensor:
        return (1 + self.weight) * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)

    _unseen(monkeypatch)
    monkeypatch.setattr(MambaRMSNorm, "forward", forward)
    sentence = refusal_of(mamba1(), tmp_path)
    assert "ssm.rms_norm in layer 0, the result of backbone.layers.0.norm" in sentence


def _scaled(library: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace a function of a library by one whose first result is twice what it should be."""
    original = getattr(library, name)

    def changed(*given: Any, **named: Any) -> Any:
        made = original(*given, **named)
        return (2 * made[0], *made[1:]) if isinstance(made, tuple) else 2 * made

    monkeypatch.setattr(library, name, changed)


@pytest.mark.parametrize(
    ("make", "library", "kernel", "words"),
    [
        # Prompts only: the trace has the right step, but the model is another one.
        (mamba1, modeling_mamba, "mamba_selective_scan", "layers.0.mixer.out_proj"),
        (mamba2, modeling_mamba2, "mamba2_chunk_scan", "layers.0.mixer.norm"),
        # Decoding only.
        (mamba1, modeling_mamba, "mamba_selective_state_update", "layers.0.mixer.out_proj"),
        (mamba2, modeling_mamba2, "mamba2_selective_state_update", "layers.0.mixer.norm"),
    ],
)
def test_a_kernel_function_that_was_replaced(
    make: Callable[[], nn.Module],
    library: Any,
    kernel: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _scaled(library, kernel, monkeypatch)
    sentence = refusal_of(make(), tmp_path)
    assert "level 0" in sentence
    assert "in layer 0" in sentence
    assert words in sentence


def test_a_function_that_prompt_and_step_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scaled(modeling_mamba2, "causal_conv1d_fn", monkeypatch)
    _scaled(modeling_mamba2, "causal_conv1d_update", monkeypatch)
    sentence = refusal_of(mamba2(), tmp_path)
    assert "level 1" in sentence
    assert "ssm.selective_state_update in layer 0, the input of" in sentence


def test_weights_of_two_layers_swapped(tmp_path: Path) -> None:
    model = mamba2()
    source = import_source(model, name="m", folder=tmp_path)
    first, second = (model.backbone.layers[layer].mixer.in_proj for layer in (1, 2))
    first.weight, second.weight = second.weight, first.weight
    with pytest.raises(LmcError, match=r"level 1.*ssm\.linear in layer 1.*layers\.1\.mixer\.in_pr"):
        check(source)


def test_the_models_of_a_checkpoint_and_of_random_weights(small_model: Any) -> None:
    report = check(import_named(str(small_model), random_weights=True))
    assert (report.layers, report.all_layers) == (2, 2)
    assert max(report.level_0, report.level_1) < 1e-5


def test_a_large_checkpoint_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mamba2().save_pretrained(tmp_path / "m")
    monkeypatch.setattr("lmc.driver.module_check.is_large", lambda _: True)
    report = report_of(str(tmp_path / "m"), tmp_path)
    assert (report.layers, report.all_layers) == (2, 3)
    assert "the first 2 of 3 layers" in report.sentence


@pytest.mark.parametrize("make", [mamba2, own_mamba2])
def test_a_large_module_is_cut(
    make: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmc.driver.module_check._MOST_PARAMETERS_IN_MEMORY", 10)
    model = make()
    before = config_of(model)
    assert report_of(model, tmp_path / "right").layers == 2
    assert config_of(model) == before
    assert len(model.backbone.layers) == 3
    _unseen(monkeypatch)
    norm = model.backbone.layers[1].norm
    setattr(norm, "eps" if hasattr(norm, "eps") else "variance_epsilon", 0.5)
    assert "ssm.rms_norm in layer 1" in refusal_of(model, tmp_path / "wrong")


def test_wrong_weights_are_found_at_level_1_alone(small_model: Any) -> None:
    """The trace runs on the module's own parameters, level 1 on those that are compiled."""
    source = import_named(str(small_model), random_weights=True)
    other = import_named(str(small_model), random_weights=True, seed=1)
    module = load_module(source.config, source.weights)
    with pytest.raises(LmcError, match=r"level 1.*ssm\.embedding, the result of backbone\.embed"):
        check(replace(source, weights=other.weights, torch_module=module))


def test_the_command_reports_it(lmc: Any, small_model: Any, tmp_path: Path) -> None:
    options = ["--random-weights", "-t", "vck190", "--pipeline", "raise-to-ssm"]
    finished = lmc("compile", small_model, *options, "-o", tmp_path / "a", "--json")
    assert finished.status == 0, finished.errors
    assert finished.json["module_check"]["layers"] == 2
    assert "checks" not in finished.json
    finished = lmc("compile", small_model, *options, "-o", tmp_path / "b")
    assert "levels 0 and 1 compute what the PyTorch module does: all layers" in finished.output
    file = next((tmp_path / "a" / "ir").glob("*raise-to-ssm.mlir"))
    rest = ["-t", "vck190", "--pipeline", "roll-layers", "-o", tmp_path / "c", "--json"]
    finished = lmc("compile", "--from", file, *rest)
    assert finished.status == 0, finished.errors
    assert "module_check" not in finished.json
