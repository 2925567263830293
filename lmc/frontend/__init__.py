"""The front end: a PyTorch module → level 0, the traced decode step in `torch` and `func`."""

from torch import nn
from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc.diagnostics import LmcError
from lmc.frontend.config_attribute import (
    CONFIG,
    config_from_attribute,
    config_of_module,
    config_to_attribute,
)
from lmc.frontend.export import export_decode_step
from lmc.frontend.hugging_face import hugging_face_config
from lmc.frontend.importer import import_program
from lmc.frontend.structure import check_structure
from lmc.models.config import ModelConfig
from lmc.models.language_model import MambaLM

__all__ = [
    "config_from_attribute",
    "config_of",
    "config_of_module",
    "config_to_attribute",
    "import_module",
]


def config_of(module: nn.Module) -> ModelConfig:
    """Configuration of an own model or an unmodified Mamba(2)ForCausalLM of transformers.

    Raises LmcError naming the module or value that lmc cannot compile.
    """
    check_structure(module)
    return module.config if isinstance(module, MambaLM) else hugging_face_config(module)


def import_module(
    module: nn.Module, config: ModelConfig | None = None, *, name: str, weights: str = ""
) -> ModuleOp:
    """Trace a model's decode step into a level-0 module; parameter values are never read.

    The module op has `lmc.model` (`name`), `lmc.weights` (`weights`: in words, where the
    checkpoint is), `lmc.config` and `lmc.module_classes`; `importer.import_program` describes its
    function. `config` is checked against the module where it is given. Raises LmcError naming the
    module, value or operator that lmc cannot compile.
    """
    family = check_structure(module)
    own = config_of(module)
    if config is not None and config != own:
        raise LmcError(f"the configuration given for {name} is not that of its module")
    program = export_decode_step(module, family, own)
    result = import_program(program, prefix="model." if family == "hugging_face" else "")
    result.attributes = {
        "lmc.model": StringAttr(name),
        "lmc.weights": StringAttr(weights),
        CONFIG: config_to_attribute(own),
        **result.attributes,
    }
    return result
