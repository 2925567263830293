"""Which modules lmc compiles, by class and place in the model; anything else is refused by name.

Raising trusts the class of a module region, so the whole tree is compared with a table before the
module is traced: own models (`lmc.models`) and the unmodified ones of transformers.
"""

import re
from collections.abc import Mapping
from typing import Literal

import torch
from torch import nn

from lmc.diagnostics import LmcError
from lmc.frontend.module_facts import PROJECTION_NORMS, check_code
from lmc.frontend.source import SourceNames
from lmc.models.other_families import PURE, other_family
from lmc.models.spellings import DEQUANTIZE, MERGE

Family = Literal["own", "hugging_face"]

_LINEAR = "torch.nn.modules.linear.Linear"
_EMBEDDING = "torch.nn.modules.sparse.Embedding"
_MODULE_LIST = "torch.nn.modules.container.ModuleList"
_OWN = "lmc.models"
_OWN_MIXERS = (f"{_OWN}.mamba1.MambaMixer", f"{_OWN}.mamba2.Mamba2Mixer")

# Path (a layer's index written as *) → the classes that may stand there.
_Table = Mapping[str, tuple[str, ...]]


def _mixer_table(**extra: str) -> dict[str, tuple[str, ...]]:
    names = ("in_proj", "x_proj", "dt_proj", "out_proj")
    table = dict.fromkeys(names, (_LINEAR,)) | {k: (v,) for k, v in extra.items()}
    return {f"backbone.layers.*.mixer.{name}": classes for name, classes in table.items()}


_OWN_TABLE: _Table = {
    "": (f"{_OWN}.language_model.MambaLM",),
    "backbone": (f"{_OWN}.language_model.Backbone",),
    "backbone.embedding": (_EMBEDDING,),
    "backbone.layers": (_MODULE_LIST,),
    "backbone.layers.*": (f"{_OWN}.language_model.Block",),
    "backbone.layers.*.norm": (f"{_OWN}.layers.RMSNorm",),
    "backbone.layers.*.mixer": _OWN_MIXERS,
    "backbone.norm_f": (f"{_OWN}.layers.RMSNorm",),
    "lm_head": (f"{_OWN}.layers.LMHead",),
} | _mixer_table(conv1d=f"{_OWN}.layers.CausalConv1d", norm=f"{_OWN}.layers.GatedRMSNorm")


def _hugging_face_table(name: str, folder: str) -> _Table:
    package = f"transformers.models.{folder}.modeling_{folder}.{name}"
    gated_norm = "transformers.models.mamba2.modeling_mamba2.MambaRMSNormGated"
    silu = ("transformers.activations.SiLUActivation", "torch.nn.modules.activation.SiLU")
    table: dict[str, tuple[str, ...]] = {
        "": (f"{package}ForCausalLM",),
        "backbone": (f"{package}Model",),
        "backbone.embeddings": (_EMBEDDING,),
        "backbone.layers": (_MODULE_LIST,),
        "backbone.layers.*": (f"{package}Block",),
        "backbone.layers.*.norm": (f"{package}RMSNorm",),
        "backbone.layers.*.mixer": (f"{package}Mixer",),
        "backbone.layers.*.mixer.act": silu,
        "backbone.norm_f": (f"{package}RMSNorm",),
        "lm_head": (_LINEAR,),
    }
    norms = dict.fromkeys(PROJECTION_NORMS, f"{package}WeightlessRMSNorm")
    return table | _mixer_table(conv1d="torch.nn.modules.conv.Conv1d", norm=gated_norm, **norms)


_TABLES: tuple[tuple[Family, _Table], ...] = (
    ("own", _OWN_TABLE),
    ("hugging_face", _hugging_face_table("Mamba", "mamba")),
    ("hugging_face", _hugging_face_table("Mamba2", "mamba2")),
    ("hugging_face", _hugging_face_table("FalconMamba", "falcon_mamba")),
)
_COMPILED = "torch._dynamo.eval_frame.OptimizedModule"
_PARALLEL = ("torch.nn.parallel.", "torch.distributed.fsdp.")
_QUANTIZERS = (
    "auto_gptq.",
    "awq.",
    "bitsandbytes.",
    "gptqmodel.",
    "hqq.",
    "optimum.quanto.",
    "torchao.",
    "transformers.integrations.",
)
_MODELS: dict[str, tuple[Family, _Table]] = {
    table[""][0]: (family, table) for family, table in _TABLES
}


def check_structure(module: nn.Module) -> Family:
    """Compare a model's module tree with what lmc compiles; says whose model it is.

    Raises LmcError naming the first module of another class, its path and where it is written, or
    the first parameter that is not float32.
    """
    found = _MODELS.get(_qualified_name(type(module)))
    if found is None:
        raise LmcError(
            f"{_describe(type(module))} is not a model that lmc compiles; {_model_advice(module)}"
        )
    family, table = found
    for path, child in module.named_modules(remove_duplicate=False):
        _check_module(path, child, table)
        if child._forward_hooks or child._forward_pre_hooks or "forward" in vars(child):
            raise LmcError(
                f"the module {path or 'itself'} has a forward hook or a forward of its own, which "
                f"lmc would not compile; remove it first"
            )
        check_code(path, child)
    for name, parameter in module.named_parameters():
        if parameter.dtype != torch.float32:
            raise LmcError(
                f"the parameter {name} is {parameter.dtype}; lmc compiles float32 models, so call "
                f"`module.float()` first"
            )
    return family


def _check_module(path: str, module: nn.Module, table: _Table) -> None:
    classes = table.get(re.sub(r"\.[0-9]+(?=\.|$)", ".*", path), ())
    if _qualified_name(type(module)) in classes:
        return
    wanted = " or ".join(name.rsplit(".", 1)[1] for name in classes) or "no module"
    advice = _foreign_advice(_qualified_name(type(module)))
    raise LmcError(
        f"{path} is a {_describe(type(module))}, which lmc cannot compile; it compiles {wanted} "
        f"there" + (f"; {advice}" if advice else "")
    )


def _model_advice(module: nn.Module) -> str:
    """What to give instead of a module that is no model of the tables."""
    name = _qualified_name(type(module))
    if name == _COMPILED:
        return "give lmc the module that torch.compile was called on, `module._orig_mod`"
    if name.startswith(_PARALLEL):
        return "give lmc the module that it wraps, `module.module`"
    if name.startswith(("mamba_ssm.", "fla.")):
        return "give lmc the folder that `module.save_pretrained(folder)` writes"
    family = other_family(getattr(getattr(module, "config", None), "model_type", None))
    if family is not None:
        return f"{family.name}: {family.reason}; {PURE}"
    models = ", ".join(name.rsplit(".", 1)[1] for name in _MODELS)
    return _foreign_advice(name) or f"give it one of {models} itself"


def _foreign_advice(name: str) -> str:
    if name.startswith("peft."):
        return MERGE
    return DEQUANTIZE if name.startswith(_QUANTIZERS) else ""


def _describe(kind: type) -> str:
    return f"{kind.__name__} ({SourceNames().of_class(kind)})"


def _qualified_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
