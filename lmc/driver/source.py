"""What a compile starts from: a model by name, folder or hub id, or a torch module."""

import re
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc.design.folder import SAVED_WEIGHTS
from lmc.frontend import check_traced, config_of, import_config, import_module
from lmc.ir.attributes import FINGERPRINT, MODEL, WEIGHTS
from lmc.ir.levels import TRACED, level_of
from lmc.ir.op_errors import OpError
from lmc.ir.text import Places, parse_with_places
from lmc.models.config import ModelConfig
from lmc.models.weights import WeightSource

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Source:
    """A traced model; `torch_module` is the user's own, if that is what was given."""

    module: ModuleOp
    config: ModelConfig
    weights: WeightSource
    torch_module: "nn.Module | None" = None


@dataclass(frozen=True)
class _FirstLayers:
    """The weights of a model's first layers, and those that belong to no layer."""

    whole: WeightSource
    layers: int

    @property
    def description(self) -> str:
        return self.whole.description

    @property
    def fingerprint(self) -> str:
        return self.whole.fingerprint

    def names(self) -> list[str]:
        return [name for name in self.whole.names() if self._layer(name) < self.layers]

    def shape(self, name: str) -> tuple[int, ...]:
        return self.whole.shape(name)

    def load(self, name: str) -> NDArray[np.float32]:
        return self.whole.load(name)

    def _layer(self, name: str) -> int:
        found = re.search(r"\.layers\.(\d+)\.", name)
        return int(found[1]) if found else -1


def import_source(
    model: "str | nn.Module",
    *,
    name: str | None,
    folder: Path,
    random_weights: bool = False,
    seed: int = 0,
) -> Source:
    """Trace a model into a level-0 module that names its weights.

    The weights of a torch module are saved in the design `folder`. Raises LmcError if the model
    cannot be found, has no or damaged weights, or holds what lmc does not compile.
    """
    if isinstance(model, str):
        return import_named(model, name=name, random_weights=random_weights, seed=seed)
    return _import_torch(model, name or type(model).__name__, folder)


def read_module(context: Context, text: str, name: str) -> tuple[ModuleOp, Places]:
    """The module of a file of any level, and where its ops are in it; `name` is the file's.

    Raises LmcError as `parse_module`, and for a traced module as `check_traced`.
    """
    module, places = parse_with_places(context, text, name)
    if level_of(module) == TRACED:
        try:
            check_traced(module)
        except OpError as error:
            raise places.locate(error) from error
    return module, places


def shallow(source: Source, layers: int) -> Source:
    """The same model cut after its first layers, with the same weights; for checks."""
    config = replace(source.config, n_layers=layers)
    attributes = source.module.attributes
    given = source.torch_module
    cut, name = None if given is None else _cut(given, config), _text(attributes[MODEL])
    module = import_config(config, name=name) if cut is None else import_module(cut, name=name)
    for key in (WEIGHTS, FINGERPRINT):
        module.attributes[key] = attributes[key]
    return Source(module, config, _FirstLayers(source.weights, layers), cut)


def _cut(model: "nn.Module", config: ModelConfig) -> "nn.Module":
    """A model that shares the first layers of another, as many as the configuration has."""
    from torch import nn

    def copied(module: nn.Module) -> Any:
        new = copy(module)
        new.__dict__["_modules"] = dict(module._modules)
        return new

    new = copied(model)
    new.backbone = copied(new.backbone)
    new.backbone.layers = nn.ModuleList(list(new.backbone.layers)[: config.n_layers])
    if isinstance(new.config, type(config)):
        new.config = config
    else:  # transformers' own, which the backbone has too
        new.config = copy(new.config)
        new.config.num_hidden_layers = config.n_layers
        new.backbone.config = new.config
    return new


def import_named(
    model: str,
    *,
    name: str | None = None,
    random_weights: bool = False,
    seed: int = 0,
    layers: int | None = None,
) -> Source:
    """Trace a model that has a name, a folder or a hub id, or its first `layers`, as `shallow`.

    Raises LmcError as `import_source`.
    """
    from lmc.models.zoo import resolve

    resolved = resolve(model, random_weights=random_weights, seed=seed)
    config, weights = resolved.config, resolved.weights
    if layers is not None:
        config, weights = replace(config, n_layers=layers), _FirstLayers(weights, layers)
    # A folder is found again from anywhere by its absolute path.
    where = str(Path(model).resolve()) if resolved.name != model else model
    reference = f"random:{where}:{seed}" if random_weights else where
    module = import_config(config, name=name or resolved.name, weights=reference)
    _sign(module, weights)
    return Source(module, config, weights)


def _import_torch(model: "nn.Module", name: str, folder: Path) -> Source:
    from lmc.design.saved_model import save_module
    from lmc.models.zoo import resolve

    config = config_of(model)
    saved = folder / SAVED_WEIGHTS
    save_module(model, config, saved)
    module = import_module(model, name=name, weights=str(saved))
    weights = resolve(str(saved)).weights
    _sign(module, weights)
    return Source(module, config, weights, model)


def _sign(module: ModuleOp, weights: WeightSource) -> None:
    module.attributes[FINGERPRINT] = StringAttr(weights.fingerprint)


def _text(attribute: object) -> str:
    assert isinstance(attribute, StringAttr)
    return attribute.data
