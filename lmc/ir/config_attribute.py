"""A model's configuration as an attribute of its module, and back."""

from collections.abc import Callable
from dataclasses import fields

from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    f64,
    i1,
    i64,
)
from xdsl.ir import Attribute

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig

CONFIG = "lmc.config"
_CLASSES: dict[str, Callable[..., ModelConfig]] = {"mamba1": Mamba1Config, "mamba2": Mamba2Config}


def config_to_attribute(config: ModelConfig) -> DictionaryAttr:
    """The configuration's fields and `arch`, as MLIR attributes."""
    entries: dict[str, Attribute] = {"arch": StringAttr(config.arch)}
    for field in fields(config):
        entries[field.name] = _to_attribute(getattr(config, field.name))
    return DictionaryAttr(entries)


def config_from_attribute(attribute: DictionaryAttr) -> ModelConfig:
    """The configuration that an attribute describes.

    Raises LmcError if the attribute is not one of `config_to_attribute`'s.
    """
    values = {name: _from_attribute(value) for name, value in attribute.data.items()}
    make = _CLASSES.get(str(values.pop("arch", None)))
    if make is None:
        raise LmcError(f"{CONFIG} must name an arch of {', '.join(_CLASSES)}")
    try:
        return make(**values)
    except TypeError as error:
        raise LmcError(f"{CONFIG} does not describe a model: {error}") from None


def config_of_module(module: ModuleOp) -> ModelConfig:
    """The configuration of a module at any level.

    Raises LmcError if the module has none.
    """
    attribute = module.attributes.get(CONFIG)
    if not isinstance(attribute, DictionaryAttr):
        raise LmcError(f"the module has no {CONFIG}; import a model to get one")
    return config_from_attribute(attribute)


def tokens_of_module(module: ModuleOp) -> int | None:
    """Ids that stand for a token; rows of the vocabulary from there on only pad it.

    None for a module that does not say what model it is. Raises as `config_from_attribute`.
    """
    return config_of_module(module).vocab_size if CONFIG in module.attributes else None


def _to_attribute(value: object) -> Attribute:
    if isinstance(value, bool):
        return BoolAttr.from_bool(value)
    if isinstance(value, int):
        return IntegerAttr(value, i64)
    if isinstance(value, float):
        return FloatAttr(value, f64)
    assert isinstance(value, tuple), f"{value!r} in a model configuration"
    return ArrayAttr([_to_attribute(item) for item in value])


def _from_attribute(attribute: Attribute) -> object:
    if isinstance(attribute, IntegerAttr):
        value = attribute.value.data
        return bool(value) if attribute.type == i1 else value
    if isinstance(attribute, FloatAttr):
        return attribute.value.data
    if isinstance(attribute, StringAttr):
        return attribute.data
    if isinstance(attribute, ArrayAttr):
        return tuple(_from_attribute(item) for item in attribute)
    raise LmcError(f"{CONFIG} holds {attribute}, which is no configuration value")
