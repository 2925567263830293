"""What a module really holds against its configuration, which is all that is compiled of it.

Weights are compared by shape elsewhere; here are the numbers that no weight shows (epsilons,
limits, how channels are divided) and the code, which must be the library's own.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import cast

import torch
from torch import nn

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba1Config, ModelConfig

PROJECTION_NORMS = ("dt_layernorm", "b_layernorm", "c_layernorm")
"""Falcon-Mamba's norms of dt's input, B and C, in its mixer."""
_PYTORCH = Path(torch.__file__).parent

# Path (a layer's index written as *) → attribute → the values that it may have.
_Facts = Mapping[str, Mapping[str, tuple[object, ...]]]


def check_code(path: str, module: nn.Module) -> None:
    """Refuse a module whose class or instance got code from elsewhere than its library.

    Raises LmcError naming the module's path and the function.
    """
    for kind in type(module).__mro__:
        if kind is nn.Module or kind.__name__ == "PreTrainedModel":  # nothing is computed there
            return
        root = _package_folder(kind)
        for name, value in vars(kind).items():
            if name in vars(module) and isinstance(value, FunctionType):
                raise _foreign(path, f"{name} of its own")
            if isinstance(value, FunctionType) and not _is_from(value, root):
                where = value.__code__.co_filename
                raise _foreign(path, f"{kind.__name__}.{name} from {Path(where).name}")


def check_facts(module: nn.Module, config: ModelConfig) -> None:
    """Refuse a model whose modules hold other numbers than its configuration.

    Raises LmcError naming the first attribute, what it is and what the configuration says.
    """
    layers = cast("nn.ModuleList", module.get_submodule("backbone.layers"))
    if len(layers) != config.n_layers:
        raise LmcError(
            f"the module has {len(layers)} layers, but its configuration says {config.n_layers}; "
            f"set num_hidden_layers to what the module has"
        )
    facts = _facts(config)
    for path, child in module.named_modules(remove_duplicate=False):
        general = re.sub(r"\.[0-9]+(?=\.|$)", ".*", path)
        for name, allowed in facts.get(general, {}).items():
            _check_fact(path, child, name, allowed)
    for index, layer in enumerate(layers):
        for part, name in ((layer, ""), (layer.mixer, ".mixer")):
            built = getattr(part, "layer_idx", index)
            if built != index:
                raise LmcError(
                    f"backbone.layers.{index}{name} was built as layer {built}, whose state it "
                    f"uses; build the model with the layers that it has instead of moving them"
                )


def _facts(config: ModelConfig) -> _Facts:
    eps = {"variance_epsilon": (config.eps,), "eps": (config.eps,)}
    mixer: dict[str, tuple[object, ...]] = {
        "activation": ("silu", "swish"),
        "hidden_size": (config.d_model,),
        "intermediate_size": (config.d_inner,),
        "ssm_state_size": (config.d_state,),
        "conv_kernel_size": (config.d_conv,),
    }
    gated: Mapping[str, tuple[object, ...]] = {}
    projections: Mapping[str, tuple[object, ...]] = {}
    if isinstance(config, Mamba1Config):
        mixer |= {"time_step_rank": (config.dt_rank,), "rms_eps": (config.projection_eps,)}
        projections = {"eps": (config.projection_eps,)}
    else:
        mixer |= {
            "num_heads": (config.n_heads,),
            "head_dim": (config.head_dim,),
            "n_groups": (config.n_groups,),
            "time_step_limit": (config.dt_limit,),
        }
        gated = eps | {"group_size": (config.norm_group_size,)}
    embedding: Mapping[str, tuple[object, ...]] = {"max_norm": (None,)}
    return {
        "backbone.embedding": embedding,
        "backbone.embeddings": embedding,
        "backbone.layers.*.norm": eps,
        "backbone.layers.*.mixer": mixer,
        "backbone.layers.*.mixer.norm": gated,
        "backbone.layers.*.mixer.conv1d": {
            "stride": ((1,),),
            "dilation": ((1,),),
            "padding_mode": ("zeros",),
        },
        "backbone.norm_f": eps,
        **{f"backbone.layers.*.mixer.{name}": projections for name in PROJECTION_NORMS},
    }


def _check_fact(path: str, module: nn.Module, name: str, allowed: tuple[object, ...]) -> None:
    # Releases differ in what they keep on the module; what is not there is not used.
    found = getattr(module, name, allowed[0])
    plain = tuple(cast("list[object]", found)) if isinstance(found, list) else found
    if plain not in allowed:
        raise LmcError(
            f"{path}.{name} is {found!r}, but the model's configuration says {allowed[0]!r}; lmc "
            f"compiles what the configuration says, so make the two agree"
        )


def _package_folder(kind: type) -> Path:
    package = sys.modules[kind.__module__.partition(".")[0]]
    return Path(package.__file__ or "").parent


def _is_from(function: FunctionType, root: Path) -> bool:
    """Whether a function is written in a package, and decorators around it there or in PyTorch."""
    *decorators, last = (Path(one.__code__.co_filename) for one in _chain(function))
    return last.is_relative_to(root) and all(
        one.is_relative_to(root) or one.is_relative_to(_PYTORCH) for one in decorators
    )


def _chain(function: FunctionType) -> Iterator[FunctionType]:
    while True:
        yield function
        wrapped = getattr(function, "__wrapped__", None)
        if not isinstance(wrapped, FunctionType):
            return
        function = wrapped


def _foreign(path: str, what: str) -> LmcError:
    return LmcError(
        f"the module {path or 'itself'} has {what}, not the code of its library, which is what lmc "
        f"compiles; give it an unpatched model"
    )
