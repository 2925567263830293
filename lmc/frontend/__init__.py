"""The front end: a PyTorch module → level 0, the traced decode step in `torch` and `func`.

Importing this package does not import PyTorch; its functions do.
"""

from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp, StringAttr
from xdsl.dialects.func import Func

from lmc.cache import Entry
from lmc.diagnostics import LmcError
from lmc.dialects.torch import TORCH
from lmc.ir.attributes import CONFIG, MODEL, WEIGHTS
from lmc.ir.config_attribute import (
    config_from_attribute,
    config_of_module,
    config_to_attribute,
    tokens_of_module,
)
from lmc.ir.text import module_text, parse_module
from lmc.models.config import ModelConfig
from lmc.weights.content import module_content

if TYPE_CHECKING:
    from torch import nn

__all__ = [
    "check_traced",
    "config_from_attribute",
    "config_of",
    "config_of_module",
    "config_to_attribute",
    "has_trace",
    "import_config",
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
    result.attributes = {CONFIG: config_to_attribute(own)} | result.attributes
    return _named(result, name, weights)


def import_config(config: ModelConfig, *, name: str, weights: str | None = None) -> ModuleOp:
    """`import_module` of lmc's own model of a configuration, which is traced once.

    The cache keeps the trace: it takes longer than to read its text, and all of PyTorch.
    """
    entry = _trace_entry(config)
    text = entry.read()
    if text is not None:
        return _named(parse_module(_context(), text, "the cache's trace"), name, weights)
    from lmc.models.language_model import build_module

    module = import_module(build_module(config), name=name, weights=weights)
    entry.write(module_text(module))
    return module


def has_trace(config: ModelConfig) -> bool:
    """Whether the cache has what `import_config` needs PyTorch for."""
    return _trace_entry(config).read() is not None


def _trace_entry(config: ModelConfig) -> Entry:
    return Entry("trace", repr(config))


def check_traced(module: ModuleOp) -> None:
    """`operator_check.check_operators`, which a trace has to pass only once: the cache knows.

    Raises LmcError as that.
    """
    entry = Entry("operators", module_content(module))
    if entry.read() is None:
        from lmc.frontend.operator_check import check_operators

        check_operators(module)
        entry.write(True)


def _named(module: ModuleOp, name: str, weights: str | None) -> ModuleOp:
    """The traced module with the names of its model and weights before its other attributes."""
    own = {MODEL: StringAttr(name), CONFIG: module.attributes[CONFIG]}
    if weights is not None:
        own[WEIGHTS] = StringAttr(weights)
    module.attributes = own | {k: v for k, v in module.attributes.items() if k not in own}
    return module


def _context() -> Context:
    """The dialects of level 0."""
    context = Context()
    for dialect in (Builtin, Func, TORCH):
        context.load_dialect(dialect)
    return context
