"""The kinds of recipe steps that lmc has, and the types that options can have.

What each computes is in `lmc.weights.recipes`.
"""

from __future__ import annotations

import re

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, IntegerAttr, StringAttr, i64
from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.constraints import INTEGER, NUMBER, Value, one_of
from lmc.dialects.ssm.orders import RunOrderAttr
from lmc.dialects.ssm.recipes import RecipeStepAttr, Shape, StepKind, declare_step
from lmc.numerics.hadamard import is_supported

PERMUTE_ROWS = "permute_rows"
"""The step that changes the order of rows, of real values or of integers."""
QUANTIZE = "quantize"
"""Rounds to integers; the weight's type says how."""
ARTIFACT = "artifact"
"""Names integers that a pass has chosen."""
ARTIFACT_TENSOR = "artifact:"
"""What the names of artifacts' tensors begin with, where those of the checkpoint could stand."""
INTEGER_STEPS = (QUANTIZE, ARTIFACT)
"""The steps that make integers; a recipe has at most one of them."""


def integers_of(attribute: Attribute | None) -> tuple[int, ...] | None:
    """The integers of `array<i64: ...>` or of a list of integers; None for anything else."""
    if isinstance(attribute, DenseArrayBase) and attribute.elt_type == i64:
        return tuple(int(value) for value in attribute.iter_values())
    if isinstance(attribute, ArrayAttr):
        values = [entry.value.data for entry in attribute if isinstance(entry, IntegerAttr)]
        return tuple(values) if len(values) == len(attribute) else None
    return None


def _are_sizes(attribute: Attribute) -> bool:
    values = integers_of(attribute)
    return bool(values) and min(values) >= 1


def _are_hashes(attribute: Attribute) -> bool:
    return isinstance(attribute, ArrayAttr) and all(
        isinstance(entry, StringAttr) and re.fullmatch("[0-9a-f]{64}", entry.data) is not None
        for entry in attribute
    )


def _are_steps(attribute: Attribute) -> bool:
    return (
        isinstance(attribute, ArrayAttr)
        and bool(attribute.data)
        and all(isinstance(entry, RecipeStepAttr) for entry in attribute)
    )


TEXT = Value(
    "a string that is not empty", lambda attr: isinstance(attr, StringAttr) and bool(attr.data)
)
SIZE = Value(
    "a positive i64 integer",
    lambda attr: INTEGER.holds(attr) and isinstance(attr, IntegerAttr) and attr.value.data > 0,
)
SIZES = Value("a list of positive i64 integers", _are_sizes)
ORDER = Value("an #ssm.order", lambda attr: isinstance(attr, RunOrderAttr))
STEPS = Value("a list of recipe steps", _are_steps)
_HASHES = Value("a list of SHA-256 sums", _are_hashes)
_ROTATION = {"kind": one_of("a rotation", ("hadamard",)), "seed": INTEGER}


def _check_reshape(step: RecipeStepAttr, shape: Shape) -> None:
    given = integers_of(step.options.data["shape"])
    if given != shape:
        raise VerifyException(f"recipe step reshape gives {list(given or ())}, not {list(shape)}")


def _check_first_rows(step: RecipeStepAttr, shape: Shape) -> None:
    count = step.options.data["count"]
    assert isinstance(count, IntegerAttr)
    if count.value.data != shape[0]:
        raise VerifyException(
            f"recipe step first_rows gives {count.value.data} rows, not {shape[0]}"
        )


def _check_permute_rows(step: RecipeStepAttr, shape: Shape) -> None:
    order = step.options.data["order"]
    assert isinstance(order, RunOrderAttr)
    rows = sum(order.data.lengths)
    if rows != shape[0]:
        raise VerifyException(f"recipe step {PERMUTE_ROWS} orders {rows} rows, not {shape[0]}")


def _check_unrotate_blocks(step: RecipeStepAttr, shape: Shape) -> None:
    block = step.options.data["block"]
    assert isinstance(block, IntegerAttr)
    if not is_supported(block.value.data) or shape[-1] % block.value.data:
        raise VerifyException(
            f"recipe step unrotate_blocks: {shape[-1]} columns have no Hadamard blocks of "
            f"{block.value.data}"
        )


for _kind in (
    StepKind("load", {"name": TEXT}, takes_layers=False),
    StepKind("first_rows", {"count": SIZE}, takes_layers=False, check_shape=_check_first_rows),
    StepKind("reshape", {"shape": SIZES}, takes_layers=False, check_shape=_check_reshape),
    StepKind("neg_exp", keeps_shape=True),
    StepKind(
        PERMUTE_ROWS,
        {"order": ORDER},
        takes_layers=False,
        keeps_shape=True,
        check_shape=_check_permute_rows,
    ),
    StepKind("scale_columns", one_of={"name": TEXT, "recipe": STEPS}, keeps_shape=True),
    StepKind("ones", keeps_shape=True),
    StepKind("scale", {"value": NUMBER}, keeps_shape=True),
    StepKind("rotate_columns", _ROTATION, keeps_shape=True),
    StepKind("rotate_rows", _ROTATION, keeps_shape=True),
    StepKind(
        "unrotate_blocks", {"block": SIZE}, keeps_shape=True, check_shape=_check_unrotate_blocks
    ),
    StepKind(
        QUANTIZE,
        optional={"clip": one_of("a clipping", ("mse", "none")), "bits": SIZES},
        takes_layers=False,
        keeps_shape=True,
    ),
    StepKind(
        ARTIFACT,
        {"hashes": _HASHES},
        optional={"bits": SIZES},
        takes_layers=False,
        keeps_shape=True,
    ),
):
    declare_step(_kind)
