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
    i64,
)
from xdsl.ir import Attribute

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import RecipeStepAttr, RunOrderAttr
from lmc.dialects.ssm.recipes import (
    LAYERS,
    NO_OPTIONS,
    OptionTypes,
    StepKind,
    declare_step,
    declared_steps,
)
from lmc.dialects.ssm.step_kinds import INTEGER_STEPS, PERMUTE_ROWS
from lmc.numerics.hadamard import rotate, rotate_rows, unrotate_blocks
from lmc.numerics.run_order import RunOrder
from lmc.plugins.place import module_place

FloatArray = NDArray[np.float32]
Option = int | float | str | tuple[int, ...] | RunOrder | FloatArray
Options = Mapping[str, Option]
Load = Callable[[str], FloatArray]
RecipeFunction = Callable[[FloatArray, Options, Load], FloatArray]
"""What a step does: (values so far, its options, loader of tensors by name) → values."""

ROW_WISE = frozenset({"scale_columns", "scale", "rotate_columns", "unrotate_blocks", "neg_exp"})
"""Steps that make each row of a matrix from that row alone."""

_MEANINGS: dict[str, RecipeFunction] = {}


def register_step(
    kind: str, options: OptionTypes = NO_OPTIONS, optional: OptionTypes = NO_OPTIONS
) -> Callable[[RecipeFunction], RecipeFunction]:
    """Decorator that adds a kind of recipe step, with the function that it computes.

    `options` are those that each step has, `optional` those that it may have, by name, with the
    type that the verifier checks: `TEXT`, `INTEGER`, `NUMBER`, `SIZE`, `SIZES`, `ORDER` or `STEPS`.
    A plugin that is loaded again registers its own anew. Raises ValueError if the kind has a
    meaning from elsewhere.
    """

    def register(function: RecipeFunction) -> RecipeFunction:
        declared = kind in declared_steps()
        known = _MEANINGS.get(kind)
        if declared and (known is None or known.__module__ != function.__module__):
            where = module_place(__name__ if known is None else known.__module__)
            raise ValueError(f"recipe step {kind} is registered already ({where})")
        declare_step(StepKind(kind, options, optional))
        _MEANINGS[kind] = function
        return function

    return register


def _computes(kind: str) -> Callable[[RecipeFunction], RecipeFunction]:
    """Decorator that gives a kind of the dialect its meaning."""

    def register(function: RecipeFunction) -> RecipeFunction:
        _MEANINGS[kind] = function
        return function

    return register


def is_own_step(step: RecipeStepAttr) -> bool:
    """Whether lmc says what a step and the recipes in its options compute, and not a plugin."""
    function = _MEANINGS.get(step.kind.data)
    return (function is None or function.__module__ == __name__) and all(
        is_own_step(inner)
        for value in step.options.data.values()
        if isinstance(value, ArrayAttr)
        for inner in value
        if isinstance(inner, RecipeStepAttr)
    )


def evaluate(steps: Sequence[RecipeStepAttr], layer: int | None, load: Load) -> FloatArray:
    """Evaluate a recipe's steps, leaving out `quantize` and `artifact`, for one layer.

    `{layer}` in a string option stands for the layer's index. A step with an option `layers` is
    done in those layers alone, and an option that is a list of steps stands for the values that
    they make. Raises LmcError for an unknown step, an option that is missing or of a wrong kind,
    and for arrays that do not fit a step.
    """
    values = np.empty(0, np.float32)
    for step in steps:
        kind = step.kind.data
        if kind in INTEGER_STEPS:
            continue
        if kind not in _MEANINGS:
            raise LmcError(f"there is no recipe step {kind!r}; known are {', '.join(_MEANINGS)}")
        given = dict(step.options.data)
        layers = given.pop(LAYERS, None)
        if layers is not None and layer not in _layers(layers):
            continue
        options = {name: _option(value, layer, load) for name, value in given.items()}
        try:
            values = _MEANINGS[kind](values, options, load)
        except KeyError as error:
            raise LmcError(f"recipe step {kind} lacks its option {error.args[0]!r}") from error
        except (TypeError, ValueError) as error:
            raise LmcError(f"recipe step {kind} {dict(options)} cannot be done: {error}") from error
    return values


def scale_columns_by(
    scale: Sequence[RecipeStepAttr], layers: Sequence[int] | None = None
) -> RecipeStepAttr:
    """The step that scales columns by the values of a recipe, in some layers or in all."""
    name = scale[0].options.data.get("name")
    options: dict[str, Attribute] = {}
    if len(scale) == 1 and name is not None:
        options["name"] = name
    else:
        options["recipe"] = ArrayAttr(scale)
    return in_layers(RecipeStepAttr.of("scale_columns", **options), layers)


def in_layers(step: RecipeStepAttr, layers: Sequence[int] | None) -> RecipeStepAttr:
    """The step done in these layers alone; with None it is left as it is."""
    if layers is None:
        return step
    named = DenseArrayBase.from_list(i64, list(layers))
    return RecipeStepAttr.of(step.kind.data, **step.options.data, layers=named)


def _layers(value: Attribute) -> tuple[int, ...]:
    plain = _plain(value, None)
    if not isinstance(plain, tuple):
        raise LmcError(f"a recipe step's layers are a list of integers, not {value}")
    return plain


def _option(value: Attribute, layer: int | None, load: Load) -> Option:
    if isinstance(value, ArrayAttr) and value.data:
        steps = [entry for entry in value if isinstance(entry, RecipeStepAttr)]
        if len(steps) == len(value):
            return evaluate(steps, layer, load)
    return _plain(value, layer)


def step_options(step: RecipeStepAttr) -> dict[str, Option]:
    """The options of a step as plain values, `{layer}` left as it is."""
    return {name: _plain(value, None) for name, value in step.options.data.items()}


def _plain(value: Attribute, layer: int | None) -> Option:
    if isinstance(value, StringAttr):
        return value.data if layer is None else value.data.replace("{layer}", str(layer))
    if isinstance(value, IntegerAttr | FloatAttr):
        return value.value.data
    if isinstance(value, RunOrderAttr):
        return value.data
    if isinstance(value, DenseArrayBase):
        return tuple(int(entry) for entry in value.iter_values())
    if isinstance(value, ArrayAttr) and all(isinstance(entry, IntegerAttr) for entry in value):
        return tuple(entry.value.data for entry in value if isinstance(entry, IntegerAttr))
    raise LmcError(
        f"a recipe step's option is a number, a string, a shape or an order, not {value}"
    )


def permutation(step: RecipeStepAttr, rows: int) -> NDArray[np.int64]:
    """Which row each place has after a `permute_rows`, the one step that integers may go through.

    Raises LmcError for another step, and for an order of another number of rows.
    """
    if step.kind.data != PERMUTE_ROWS:
        raise LmcError(
            f"recipe step {step.kind.data} works on real values, but stands after the step that "
            f"makes integers"
        )
    try:
        return _rows(step_options(step), rows)
    except (KeyError, TypeError, ValueError) as error:
        raise LmcError(f"recipe step {PERMUTE_ROWS} cannot be done: {error}") from error


def _rows(options: Options, count: int) -> NDArray[np.int64]:
    order = options["order"]
    if not isinstance(order, RunOrder):
        raise TypeError("order is an #ssm.order")
    if sum(order.lengths) != count:
        raise ValueError(f"the order has {sum(order.lengths)} rows, not {count}")
    return order.indices()


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


@_computes("load")
def _load(_values: FloatArray, options: Options, load: Load) -> FloatArray:
    """The tensor `name` of the checkpoint."""
    return load(_text(options, "name"))


@_computes("first_rows")
def _first_rows(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """The first `count` rows."""
    return values[: _integer(options, "count")]


@_computes("reshape")
def _reshape(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """The same values in the shape `shape`."""
    shape = options["shape"]
    if not isinstance(shape, tuple):
        raise TypeError("shape is a list of integers")
    return values.reshape(shape)


@_computes("neg_exp")
def _neg_exp(values: FloatArray, _options: Options, _load: Load) -> FloatArray:
    """-exp(values): A from A_log."""
    return -np.exp(values)


@_computes(PERMUTE_ROWS)
def _permute_rows(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """The rows in the runs of `order`, whose pieces are consecutive rows of what comes in."""
    return values[_rows(options, len(values))]


@_computes("scale_columns")
def _scale_columns(values: FloatArray, options: Options, load: Load) -> FloatArray:
    """W · diag(g), g the tensor `name`, or what the steps `recipe` make."""
    scale = options.get("recipe")
    return values * (scale if isinstance(scale, np.ndarray) else load(_text(options, "name")))


@_computes("ones")
def _ones(values: FloatArray, _options: Options, _load: Load) -> FloatArray:
    """Ones: a scale that has moved elsewhere."""
    return np.ones_like(values)


@_computes("scale")
def _scale(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """All values times `value`."""
    value = options["value"]
    if not isinstance(value, int | float):
        raise TypeError("value is a number")
    return values * np.float32(value)


@_computes("rotate_columns")
def _rotate_columns(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """W · R with the seeded rotation R of `lmc.numerics.hadamard.rotate`."""
    return rotate(values, _seed(options))


@_computes("rotate_rows")
def _rotate_rows(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """Rᵀ · W with the same R; a vector is a column."""
    return rotate_rows(values, _seed(options))


@_computes("unrotate_blocks")
def _unrotate_blocks(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """W · H / block on consecutive column blocks: undoes `ssm.rotate` of W's operand."""
    return unrotate_blocks(values, _integer(options, "block"))
