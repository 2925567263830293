"""Importing PyTorch modules: what level 0 says, and what is refused."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from torch import Tensor, nn
from xdsl.dialects.builtin import FileLineColLoc, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp

from lmc.diagnostics import LmcError
from lmc.dialects.torch import OperatorOp
from lmc.frontend import config_of, config_of_module, import_module
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig, tensor_shapes
from lmc.models.language_model import MambaLM, build_module
from lmc.models.public_models import public_config

MAMBA1 = Mamba1Config(
    vocab_size=40,
    padded_vocab_size=40,
    d_model=12,
    n_layers=2,
    d_inner=24,
    d_state=4,
    d_conv=4,
    dt_rank=3,
    tie_embeddings=False,
)
MAMBA2 = Mamba2Config(
    vocab_size=37,
    padded_vocab_size=40,
    d_model=12,
    n_layers=2,
    d_inner=24,
    d_state=4,
    d_conv=3,
    n_heads=6,
    head_dim=4,
    n_groups=2,
    norm_group_size=12,
    dt_limit=(0.001, float("inf")),
)


@pytest.fixture(scope="module", params=[MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def imported(request: pytest.FixtureRequest) -> ModuleOp:
    return import_module(build_module(request.param), name="small", weights="somewhere")


def function_of(module: ModuleOp) -> FuncOp:
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    return function


def operators_of(module: ModuleOp) -> list[OperatorOp]:
    return [op for op in module.walk() if isinstance(op, OperatorOp)]


def tags(module: ModuleOp, name: str) -> list[str]:
    entries = [entry.data.get(name) for entry in function_of(module).arg_attrs or ()]
    return [value.data for value in entries if isinstance(value, StringAttr)]


def test_the_module_says_what_it_is(imported: ModuleOp) -> None:
    imported.verify()
    assert imported.attributes["lmc.model"] == StringAttr("small")
    assert imported.attributes["lmc.weights"] == StringAttr("somewhere")
    assert config_of_module(imported) in (MAMBA1, MAMBA2)


def test_arguments_are_named(imported: ModuleOp) -> None:
    # A tied LM head is an argument as well.
    wanted = {*tensor_shapes(config_of_module(imported)), "lm_head.weight"}
    assert sorted(tags(imported, "lmc.parameter")) == sorted(wanted)
    assert tags(imported, "lmc.state") == ["conv_state", "ssm_state"] * 2
    returned = function_of(imported).get_return_op()
    assert returned is not None
    assert len(returned.operands) == 1 + 4


def test_operators_know_their_module_and_source_line(imported: ModuleOp) -> None:
    found: dict[str, set[str]] = {}
    for op in operators_of(imported):
        path = op.attributes.get("lmc.module")
        if path is None:
            assert op.operator.data.startswith(("constant.", "prim."))
            continue
        assert isinstance(path, StringAttr)
        assert isinstance(op.location, FileLineColLoc)
        assert op.location.line.data > 0
        found.setdefault(path.data, set()).add(op.location.filename.data)
    mixer = "mamba1" if config_of_module(imported).arch == "mamba1" else "mamba2"
    assert found["backbone.layers.1.mixer"] == {f"lmc/models/{mixer}.py"}
    assert found["backbone.norm_f"] == {"lmc/models/layers.py"}
    # A linear layer's own line is PyTorch's; the line that calls it says more.
    assert found["lm_head"] == {"lmc/models/language_model.py"}


def test_text_is_read_back_unchanged(imported: ModuleOp) -> None:
    text = module_text(imported)
    again = parse_module(make_context(load_registry()), text, "small.mlir")
    assert module_text(again) == text
    located = [op for op in operators_of(again) if isinstance(op.location, FileLineColLoc)]
    assert located


def test_text_is_the_same_on_every_machine(imported: ModuleOp) -> None:
    text = module_text(imported)
    assert re.findall(r'loc\("(?:/|[A-Za-z]:)[^"]*"', text) == []
    module = build_module(config_of_module(imported))
    assert module_text(import_module(module, name="small", weights="somewhere")) == text


def test_data_and_training_mode_do_not_matter() -> None:
    module = build_module(MAMBA2, "cpu").train()
    text = module_text(import_module(module, name="m"))
    assert text == module_text(import_module(build_module(MAMBA2), name="m"))
    assert all(child.training for child in module.modules())


def test_layers_cost_little_text() -> None:
    config = replace(public_config("mamba2-130m"), n_layers=2)
    assert len(module_text(import_module(build_module(config), name="m"))) < 80_000


class Attention(nn.Module):
    def forward(self, hidden: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        return hidden, *states


def with_attention(model: MambaLM) -> nn.Module:
    model.backbone.layers[1] = Attention()
    return model


def with_quantized_linear(model: MambaLM) -> nn.Module:
    class Linear4bit(nn.Linear):
        pass

    mixer = model.backbone.layers[0].get_submodule("mixer")
    mixer.in_proj = Linear4bit(4, 4)
    return model


def with_adapter(model: MambaLM) -> nn.Module:
    model.backbone.norm_f.extra = nn.Dropout()
    return model


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            with_attention,
            r"backbone\.layers\.1 is a Attention \(\S*test_frontend\.py:\d+\), which lmc cannot "
            r"compile; it compiles Block there",
        ),
        (with_quantized_linear, r"layers\.0\.mixer\.in_proj is a Linear4bit .*compiles Linear"),
        (with_adapter, r"backbone\.norm_f\.extra is a Dropout .*it compiles no module there"),
        (lambda model: model.bfloat16(), r"backbone\..* is torch\.bfloat16; .*module\.float\(\)"),
        (lambda model: model.backbone, r"Backbone \(lmc/models/.*is not a model that lmc compiles"),
        (lambda _: nn.Linear(2, 2), r"Linear \(torch/nn/modules/linear\.py:\d+\) is not a model"),
    ],
    ids=["attention", "linear", "extra", "dtype", "backbone", "other"],
)
def test_other_modules_are_refused(change: Callable[[MambaLM], nn.Module], message: str) -> None:
    module = change(build_module(MAMBA2))
    with pytest.raises(LmcError, match=message):
        import_module(module, name="m")


def test_another_configuration_is_refused() -> None:
    with pytest.raises(LmcError, match="configuration given for m is not that of its module"):
        import_module(build_module(MAMBA2), replace(MAMBA2, dt_limit=(0.0, 1.0)), name="m")


def test_a_module_that_cannot_be_traced_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def silu(x: Tensor) -> Tensor:
        raise RuntimeError("no such kernel\nand more")

    monkeypatch.setattr("torch.nn.functional.silu", silu)
    with pytest.raises(LmcError, match=r"MambaLM cannot be traced: RuntimeError: no such kernel$"):
        import_module(build_module(MAMBA1), name="m")


@pytest.mark.parametrize("config", [MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def test_own_modules_know_their_configuration(config: ModelConfig) -> None:
    assert config_of(build_module(config)) == config


def test_hooks_are_refused_by_path() -> None:
    from lmc.frontend.structure import check_structure
    from lmc.models.language_model import build_module
    from lmc.models.public_models import public_config

    module = build_module(public_config("mamba-130m"))
    module.get_submodule("backbone.layers.1.mixer").register_forward_hook(lambda *_: None)
    with pytest.raises(LmcError, match=r"backbone\.layers\.1\.mixer has a forward hook"):
        check_structure(module)
