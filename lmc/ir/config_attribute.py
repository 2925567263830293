"""A model's configuration as an attribute of its module, and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import cast, get_args, get_type_hints

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
from lmc.ir.attributes import CONFIG
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig

_CLASSES: dict[str, type[ModelConfig]] = {"mamba1": Mamba1Config, "mamba2": Mamba2Config}


def config_to_attribute(config: ModelConfig) -> DictionaryAttr:
    """The configuration's fields and `arch`, as MLIR attributes."""
    entries: dict[str, Attribute] = {"arch": StringAttr(config.arch)}
    for field in fields(config):
        value: object = getattr(config, field.name)
        if value is not None:  # as it is where an attribute does not say
            entries[field.name] = _to_attribute(value)
    return DictionaryAttr(entries)


def config_from_attribute(attribute: DictionaryAttr) -> ModelConfig:
    """The configuration that an attribute describes.

    Raises LmcError if the attribute is not one of `config_to_attribute`'s.
    """
    values = {name: _from_attribute(value) for name, value in attribute.data.items()}
    kind = _CLASSES.get(str(values.pop("arch", None)))
    if kind is None:
        raise LmcError(f"{CONFIG} must name an arch of {', '.join(_CLASSES)}")
    _check_types(kind, values)
    make = cast("Callable[..., ModelConfig]", kind)
    try:
        return make(**values)
    except TypeError as error:
        raise LmcError(f"{CONFIG} does not describe a model: {error}") from None


def _check_types(config: type[ModelConfig], values: Mapping[str, object]) -> None:
    """Raise LmcError for a field that has a value of another type than the configuration's."""
    for name, wanted in get_type_hints(config).items():
        value = values.get(name)
        if value is None:
            continue
        is_pair = wanted == tuple[float, float]
        parts = value if is_pair and isinstance(value, tuple) else (value,)
        kinds = (float,) if is_pair else get_args(wanted) or (wanted,)
        if any(type(part) not in kinds for part in parts) or (is_pair and len(parts) != 2):
            raise LmcError(f"{CONFIG}: {name} is of type {wanted}, not {value!r}")


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
    if isinstance(attribute, IntegerAttr) and attribute.type in (i1, i64):
        value = attribute.value.data
        return bool(value) if attribute.type == i1 else value
    if isinstance(attribute, FloatAttr) and attribute.type == f64:
        return attribute.value.data
    if isinstance(attribute, StringAttr):
        return attribute.data
    if isinstance(attribute, ArrayAttr):
        return tuple(_from_attribute(item) for item in attribute)
    raise LmcError(f"{CONFIG} holds {attribute}, which is no configuration value")
