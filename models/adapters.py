"""Adapters: readers of other families' checkpoints, which plugins offer.

An adapter reads a configuration of its family, and says of which stored tensors each weight of
lmc's model is made. Forms that lmc reads itself are never an adapter's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig
from lmc.models.config_fields import Fields
from lmc.models.config_parsing import is_own_form
from lmc.plugins.offers import Offer, Offers
from lmc.plugins.place import plugin_failure

_ResultT = TypeVar("_ResultT")


@dataclass(frozen=True)
class Made:
    """A weight that is made of stored tensors, of none where the family has it as a constant.

    `make` takes them as float32 arrays, in the order of `stored`, and returns the weight in the
    shape that lmc's model has it.
    """

    stored: tuple[str, ...]
    make: Callable[..., NDArray[np.float32]]


@dataclass(frozen=True)
class Adapter:
    """A reader of one family's checkpoints.

    `recognizes` tells from the keys of a configuration file (config.json, as a dictionary) whether
    it is the family's. `read` makes lmc's configuration of it, or raises LmcError for what lmc does
    not compile; a key that it has not asked for is refused after it. `weights` gets that and the
    keys again. It gives for every weight of lmc's model, by its name in
    `lmc.models.config.tensor_shapes`, the name of the stored tensor that it is, or a `Made`. A
    stored tensor that no weight is made of is refused.
    """

    name: str
    summary: str
    """What models it reads, in a line."""
    recognizes: Callable[[Mapping[str, object]], bool] = field(repr=False)
    read: Callable[[Fields], ModelConfig] = field(repr=False)
    weights: Callable[[ModelConfig, Mapping[str, object]], Mapping[str, str | Made]] = field(
        repr=False
    )


ADAPTERS = Offers(
    Adapter,
    "adapter",
    "lmc.adapters",
    module_of=lambda adapter: adapter.read.__module__,
    own=("transformers", "flash-linear-attention", "state-spaces", "mistral"),
)
"""The adapters of plugins; names of the libraries that lmc reads itself are taken."""


def adapter_of(values: Mapping[str, object], where: str) -> Offer[Adapter] | None:
    """The adapter for a configuration, None if lmc reads it itself or no adapter knows it.

    Raises LmcError where several adapters do, or one fails.
    """
    if is_own_form(values):
        return None
    known = [one for one in ADAPTERS.all() if _call(one, one.value.recognizes, values)]
    if len(known) > 1:
        names = " and ".join(f"{one.value.name} ({one.origin})" for one in known)
        raise LmcError(f"{where} is claimed by the adapters {names}; remove one of them")
    return known[0] if known else None


def read_adapted(adapter: Offer[Adapter], values: Mapping[str, object], where: str) -> ModelConfig:
    """The configuration that an adapter reads; raises LmcError by key."""
    fields = Fields(values)
    try:
        # What a plugin returns may be anything.
        config = cast("object", _call(adapter, adapter.value.read, fields))
        fields.finish(f"the form of {adapter.value.name}")
    except LmcError as error:
        raise LmcError(f"{where}: {error}") from error
    if not isinstance(config, Mamba1Config | Mamba2Config):
        raise LmcError(f"{_title(adapter)} gives no configuration for {where}, but {config!r}")
    return config


def weights_of(
    adapter: Offer[Adapter], config: ModelConfig, values: Mapping[str, object]
) -> dict[str, str | Made]:
    """What an adapter says that each weight is made of; raises LmcError where it fails."""
    # What a plugin returns may be anything.
    given = cast("object", _call(adapter, adapter.value.weights, config, values))
    if not isinstance(given, Mapping):
        raise LmcError(f"{_title(adapter)} gives no weights, but {given!r}")
    found: dict[str, str | Made] = {}
    for name, source in cast("Mapping[object, object]", given).items():
        if not isinstance(name, str) or not isinstance(source, str | Made):
            raise LmcError(
                f"{_title(adapter)} gives {source!r} for the weight {name!r}; it is the name of a "
                "stored tensor, or a Made"
            )
        found[name] = source
    return found


def make_weight(
    adapter: Offer[Adapter], made: Made, stored: list[NDArray[np.float32]]
) -> NDArray[np.float32]:
    """The weight that an adapter makes, float32; raises LmcError where it fails."""
    found = cast("object", _call(adapter, made.make, *stored))
    try:
        return np.asarray(found, np.float32)
    except (TypeError, ValueError) as error:
        raise LmcError(f"{_title(adapter)} makes no array of numbers: {error}") from error


def _title(adapter: Offer[Adapter]) -> str:
    return f"the adapter {adapter.value.name} ({adapter.origin})"


def _call(adapter: Offer[Adapter], function: Callable[..., _ResultT], *given: object) -> _ResultT:
    try:
        return function(*given)
    except LmcError:
        raise
    except Exception as error:
        failure = plugin_failure(f"the adapter {adapter.value.name}", error, adapter.package)
        if failure is None:
            raise
        raise failure from error
