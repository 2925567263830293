"""LLVM code of loops over rows of vectors, for what compilers do not make of loops over numbers.

A vector has `LANES` elements, whatever the machine's have: LLVM makes as many of them as it takes.
No instruction of one machine is named, and the results are the same on all. Importing this imports
numba.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from llvmlite import ir
from numba.extending import intrinsic

LANES = 16
"""Elements of a vector."""
INT8, INT16, INT32, INT64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
DOUBLE = ir.DoubleType()
# A product and a sum that are exact may be fused; nothing is NaN, a zero's sign means nothing.
_EXACT = {"flags": ("contract", "nnan", "nsz")}

Code = Any
"""A value of LLVM's code, which llvmlite does not type."""


def llvm_function(write: Callable[..., tuple[Any, Any]]) -> Callable[..., None]:
    """A function that compiled ones can call, of numba's signature and what writes its code."""
    return cast("Callable[..., None]", intrinsic(write))


def vector(element: Code) -> Code:
    """The type of vectors of an element type."""
    return ir.VectorType(element, LANES)


def integer(value: int) -> Code:
    """A 64-bit constant."""
    return ir.Constant(INT64, value)


def numba_arrays(
    context: Code, builder: Code, kinds: Sequence[Code], arrays: Sequence[Code]
) -> list[Code]:
    """numba's arrays with `data`, `shape` and `strides`, the latter in bytes."""
    return [
        context.make_array(kind)(context, builder, array)
        for kind, array in zip(kinds, arrays, strict=True)
    ]


@dataclass(frozen=True)
class VectorCode:
    """Writes vector operations at the end of a builder's block."""

    builder: Code

    def constant(self, element: Code, value: float) -> Code:
        """A vector of one constant."""
        return ir.Constant(vector(element), [value] * LANES)

    def splat(self, value: Code) -> Code:
        """A vector of one value."""
        kind = vector(value.type)
        one = self.builder.insert_element(
            ir.Constant(kind, ir.Undefined), value, ir.Constant(INT32, 0)
        )
        return self.pick(one, [0] * LANES)

    def pick(self, value: Code, places: Sequence[int]) -> Code:
        """The elements of a vector at these places."""
        index = ir.Constant(ir.VectorType(INT32, len(places)), list(places))
        return self.builder.shuffle_vector(value, ir.Constant(value.type, ir.Undefined), index)

    def element(self, data: Code, index: Code) -> Code:
        """The element with an index."""
        return self.builder.load(self.builder.gep(data, [index]))

    def load(self, data: Code, index: Code, kind: Code) -> Code:
        """A vector of the type `kind`, its first element being `data`'s with this index."""
        place = self.builder.bitcast(self.builder.gep(data, [index]), kind.as_pointer())
        loaded = self.builder.load(place)
        loaded.align = _alignment(data)
        return loaded

    def store(self, value: Code, data: Code, index: Code) -> None:
        """Store a vector from the element with this index on."""
        place = self.builder.bitcast(self.builder.gep(data, [index]), value.type.as_pointer())
        self.builder.store(value, place).align = _alignment(data)

    def add(self, a: Code, b: Code) -> Code:
        """The sum of floats, which may be fused with a product."""
        return self.builder.fadd(a, b, **_EXACT)

    def multiply(self, a: Code, b: Code) -> Code:
        """The product of floats."""
        return self.builder.fmul(a, b, **_EXACT)

    def larger(self, a: Code, b: Code) -> Code:
        """The larger one of each pair of floats."""
        return self.builder.select(self.builder.fcmp_ordered(">", a, b, ("nnan", "nsz")), a, b)

    def smaller(self, a: Code, b: Code) -> Code:
        """The smaller one of each pair of floats."""
        return self.builder.select(self.builder.fcmp_ordered("<", a, b, ("nnan", "nsz")), a, b)

    def clamp(self, value: Code, low: Code, high: Code) -> Code:
        """Signed integers clamped to two bounds."""
        above = self.builder.select(self.builder.icmp_signed(">", value, low), value, low)
        return self.builder.select(self.builder.icmp_signed("<", above, high), above, high)

    def double_function(self, name: str, value: Code) -> Code:
        """LLVM's function `name` of every float64, floor or fabs for example."""
        kind = ir.FunctionType(value.type, [value.type])
        function = self.builder.module.declare_intrinsic(f"llvm.{name}.v{LANES}f64", (), kind)
        return self.builder.call(function, [value])

    def loop(
        self,
        span: tuple[Code, Code, Code],
        carried: Sequence[Code],
        body: Callable[[Code, Sequence[Code]], Sequence[Code]],
    ) -> Sequence[Code]:
        """A loop from a start by steps while below an end, at least once.

        `body` takes the index and the carried values and gives the next ones; the last are the
        result.
        """
        start, end, step = span
        before, block = self.builder.block, self.builder.append_basic_block()
        self.builder.branch(block)
        self.builder.position_at_end(block)
        index, *values = (self.builder.phi(first.type) for first in (start, *carried))
        for value, first in zip((index, *values), (start, *carried), strict=True):
            value.add_incoming(first, before)
        results = body(index, values)
        following = self.builder.add(index, step)
        for value, result in zip((index, *values), (following, *results), strict=True):
            value.add_incoming(result, self.builder.block)
        after = self.builder.append_basic_block()
        self.builder.cbranch(self.builder.icmp_signed("<", following, end), block, after)
        self.builder.position_at_end(after)
        return results


def _alignment(data: Code) -> int:
    """That of the element: rows of arrays need not start at a vector's."""
    pointee = data.type.pointee
    return 8 if pointee == DOUBLE else pointee.width // 8
