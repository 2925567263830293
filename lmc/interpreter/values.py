"""What a tensor of each number format is while a module runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import Float32Type, TensorType
from xdsl.ir import Attribute

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import BlockType, FixedType, PseudoFloatType, format_of, shape_of
from lmc.numerics.block import dequantize_blocks

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class BlockValue:
    """Block floating point: q int32 [..., n], exponents e and mantissas m int32 [..., n / group].

    `m` is None where scales are powers of two.
    """

    q: NDArray[np.int32]
    e: NDArray[np.int32]
    m: NDArray[np.int32] | None = None


@dataclass(frozen=True)
class PseudoFloatValue:
    """Mantissas m and right shifts s, both int64 of one shape."""

    m: IntArray
    s: IntArray


Value = FloatArray | IntArray | BlockValue | PseudoFloatValue
"""float32 for f32, int64 (decays by state: int32) for `!ssm.fixed`, and the classes above."""


def parts(value: Value) -> tuple[NDArray[np.generic], ...]:
    """The arrays that make up a value."""
    if isinstance(value, BlockValue):
        return (value.q, value.e) if value.m is None else (value.q, value.e, value.m)
    if isinstance(value, PseudoFloatValue):
        return (value.m, value.s)
    return (value,)


def from_parts(like: Value, arrays: Sequence[NDArray[np.generic]]) -> Value:
    """A value of the same kind from other arrays, the inverse of `parts`."""
    if isinstance(like, BlockValue):
        return BlockValue(*cast("Sequence[NDArray[np.int32]]", arrays))
    if isinstance(like, PseudoFloatValue):
        return PseudoFloatValue(*cast("Sequence[IntArray]", arrays))
    return cast("Value", arrays[0])


def select(value: Value, index: slice | tuple[slice | int, ...]) -> Value:
    """Index the leading axes of every part."""
    return from_parts(value, [array[index] for array in parts(value)])


def stack(values: Sequence[Value], axis: int) -> Value:
    """Stack values of one kind along a new leading axis."""
    columns = zip(*(parts(value) for value in values), strict=True)
    return from_parts(values[0], [np.stack(arrays, axis) for arrays in columns])


def concatenate(values: Sequence[Value], axis: int) -> Value:
    """Concatenate values of one kind along a leading axis."""
    if len(values) == 1:
        return values[0]
    columns = zip(*(parts(value) for value in values), strict=True)
    return from_parts(values[0], [np.concatenate(arrays, axis) for arrays in columns])


def zeros(tensor: TensorType, batch: int) -> Value:
    """The value zero of a state's type: [batch, *shape]."""
    shape, element = (batch, *shape_of(tensor)), format_of(tensor)
    if isinstance(element, Float32Type):
        return np.zeros(shape, np.float32)
    if isinstance(element, FixedType):
        return np.zeros(shape, np.int64)
    if isinstance(element, BlockType):
        groups = (*shape[:-1], shape[-1] // element.group.data)
        return BlockValue(np.zeros(shape, np.int32), np.zeros(groups, np.int32))
    raise LmcError(f"a state cannot have the type {tensor}")


def same_values(left: Value, right: Value) -> bool:
    """Whether two values have the same kind, shapes and elements, bit for bit."""
    return type(left) is type(right) and all(
        np.array_equal(a, b) for a, b in zip(parts(left), parts(right), strict=True)
    )


def real_values(value: Value, element: Attribute) -> NDArray[np.float64]:
    """The real numbers that a value of an element format stands for.

    Raises LmcError if the value is not of that format.
    """
    if isinstance(element, BlockType) and isinstance(value, BlockValue):
        return dequantize_blocks(value.q, value.e, element.frac.data, value.m)
    if isinstance(element, PseudoFloatType) and isinstance(value, PseudoFloatValue):
        return np.ldexp(value.m.astype(np.float64), -value.s - element.frac.data)
    if isinstance(value, np.ndarray) and isinstance(element, FixedType):
        unit = element.mul.data * 2.0**-element.frac.data
        return np.multiply(value, unit, dtype=np.float64)
    if isinstance(value, np.ndarray) and isinstance(element, Float32Type):
        return value.astype(np.float64)
    raise LmcError(f"a value of another kind was found where the type says {element}")
