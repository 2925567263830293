"""The steps of weight recipes (`#ssm.step<kind, {options}>`), each a function on arrays."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    StringAttr,
)
from xdsl.ir import Attribute

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import RecipeStepAttr
from lmc.numerics.hadamard import rotate, rotate_rows, unrotate_blocks
from lmc.weights.artifacts import ARTIFACT

FloatArray = NDArray[np.float32]
Option = int | float | str | tuple[int, ...]
Options = Mapping[str, Option]
Load = Callable[[str], FloatArray]
RecipeFunction = Callable[[FloatArray, Options, Load], FloatArray]
"""What a step does: (values so far, its options, loader of tensors by name) → values."""

QUANTIZE = "quantize"
"""The step that ends the recipe of an integer weight; the weight's type says how."""
LAST_STEPS = (QUANTIZE, ARTIFACT)
"""The steps that a recipe may end in, which give integers."""

_STEPS: dict[str, RecipeFunction] = {}


def register_step(kind: str) -> Callable[[RecipeFunction], RecipeFunction]:
    """Decorator that makes a function the meaning of a kind of recipe step.

    Raises ValueError if the kind has a meaning already.
    """

    def register(function: RecipeFunction) -> RecipeFunction:
        if kind in _STEPS or kind in LAST_STEPS:
            raise ValueError(f"recipe step {kind} is registered already")
        _STEPS[kind] = function
        return function

    return register


def evaluate(steps: Sequence[RecipeStepAttr], layer: int | None, load: Load) -> FloatArray:
    """Evaluate a recipe's steps, without a final `quantize` or `artifact`, for one layer.

    `{layer}` in a string option stands for the layer's index. Raises LmcError for an unknown step,
    an option that is missing or of a wrong kind, and for arrays that do not fit a step.
    """
    values = np.empty(0, np.float32)
    for step in steps:
        kind = step.kind.data
        if kind in LAST_STEPS:
            break
        if kind not in _STEPS:
            raise LmcError(f"there is no recipe step {kind!r}; known are {', '.join(_STEPS)}")
        options = {name: _plain(value, layer) for name, value in step.options.data.items()}
        try:
            values = _STEPS[kind](values, options, load)
        except KeyError as error:
            raise LmcError(f"recipe step {kind} lacks its option {error.args[0]!r}") from error
        except (TypeError, ValueError) as error:
            raise LmcError(f"recipe step {kind} {dict(options)} cannot be done: {error}") from error
    return values


def step_options(step: RecipeStepAttr) -> dict[str, Option]:
    """The options of a step as plain values, `{layer}` left as it is."""
    return {name: _plain(value, None) for name, value in step.options.data.items()}


def _plain(value: Attribute, layer: int | None) -> Option:
    if isinstance(value, StringAttr):
        return value.data if layer is None else value.data.replace("{layer}", str(layer))
    if isinstance(value, IntegerAttr | FloatAttr):
        return value.value.data
    if isinstance(value, DenseArrayBase):
        return tuple(int(entry) for entry in value.iter_values())
    if isinstance(value, ArrayAttr) and all(isinstance(entry, IntegerAttr) for entry in value):
        return tuple(entry.value.data for entry in value if isinstance(entry, IntegerAttr))
    raise LmcError(f"a recipe step's option is a number, a string or a shape, not {value}")


def _text(options: Options, name: str) -> str:
    value = options[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is a string")
    return value


def _integer(options: Options, name: str) -> int:
    value = options[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is an integer")
    return value


def _seed(options: Options) -> int:
    if _text(options, "kind") != "hadamard":
        raise ValueError("the only kind of rotation is hadamard")
    return _integer(options, "seed")


@register_step("load")
def _load(_values: FloatArray, options: Options, load: Load) -> FloatArray:
    """The tensor `name` of the checkpoint."""
    return load(_text(options, "name"))


@register_step("reshape")
def _reshape(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """The same values in the shape `shape`."""
    shape = options["shape"]
    if not isinstance(shape, tuple):
        raise TypeError("shape is a list of integers")
    return values.reshape(shape)


@register_step("neg_exp")
def _neg_exp(values: FloatArray, _options: Options, _load: Load) -> FloatArray:
    """-exp(values): A from A_log."""
    return -np.exp(values)


@register_step("scale_columns")
def _scale_columns(values: FloatArray, options: Options, load: Load) -> FloatArray:
    """W · diag(g), g the tensor `name`."""
    return values * load(_text(options, "name"))


@register_step("scale")
def _scale(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """All values times `value`."""
    value = options["value"]
    if not isinstance(value, int | float):
        raise TypeError("value is a number")
    return values * np.float32(value)


@register_step("rotate_columns")
def _rotate_columns(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """W · R with the seeded rotation R of `lmc.numerics.hadamard.rotate`."""
    return rotate(values, _seed(options))


@register_step("rotate_rows")
def _rotate_rows(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """Rᵀ · W with the same R; a vector is a column."""
    return rotate_rows(values, _seed(options))


@register_step("unrotate_blocks")
def _unrotate_blocks(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """W · H / block on consecutive column blocks: undoes `ssm.rotate` of W's operand."""
    return unrotate_blocks(values, _integer(options, "block"))
