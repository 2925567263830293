"""The front end: a PyTorch module → level 0, the traced decode step in `torch` and `func`.

Importing this package does not import PyTorch; its functions do.
"""

from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc.diagnostics import LmcError
from lmc.ir.attributes import CONFIG, MODEL, WEIGHTS
from lmc.ir.config_attribute import (
    config_from_attribute,
    config_of_module,
    config_to_attribute,
    tokens_of_module,
)
from lmc.models.config import ModelConfig

if TYPE_CHECKING:
    from torch import nn

__all__ = [
    "config_from_attribute",
    "config_of",
    "config_of_module",
    "config_to_attribute",
    "import_module",
    "tokens_of_module",
]


def config_of(module: "nn.Module") -> ModelConfig:
    """Configuration of an own model or an unmodified one of transformers (docs/models.md).

    Raises LmcError naming the module or value that lmc cannot compile.
    """
    from lmc.frontend.hugging_face import hugging_face_config
    from lmc.frontend.module_facts import check_facts
    from lmc.frontend.structure import check_structure
    from lmc.models.language_model import MambaLM

    check_structure(module)
    config = module.config if isinstance(module, MambaLM) else hugging_face_config(module)
    check_facts(module, config)
    return config


def import_module(
    module: "nn.Module",
    config: ModelConfig | None = None,
    *,
    name: str,
    weights: str | None = None,
) -> ModuleOp:
    """Trace a model's decode step into a level-0 module; parameter values are never read.

    The module op has `lmc.model` (`name`), `lmc.weights` (`weights`, a reference that
    `lmc.weights.source` can open; no attribute without it), `lmc.config` and
    `lmc.module_classes`; `importer.import_program` describes its function. `config` is compared
    with the module's own where it is given. Raises LmcError naming the module, value or operator
    that lmc cannot compile.
    """
    from lmc.frontend.export import export_decode_step
    from lmc.frontend.importer import import_program
    from lmc.frontend.structure import check_structure

    family = check_structure(module)
    own = config_of(module)
    if config is not None and config != own:
        raise LmcError(f"the configuration given for {name} is not that of its module")
    program = export_decode_step(module, family, own)
    result = import_program(program, prefix="model." if family == "hugging_face" else "")
    attributes = {MODEL: StringAttr(name), CONFIG: config_to_attribute(own)}
    if weights is not None:
        attributes[WEIGHTS] = StringAttr(weights)
    result.attributes = attributes | result.attributes
    return result
