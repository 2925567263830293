"""Functions in machine code, with results that do not depend on the machine.

Sums keep the order that is written and products are not fused into them, so that how wide the
vectors of a machine are makes no difference. Importing this imports numba, which takes about half a
second: where few numbers are worked on, import it late.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.extending import intrinsic

_FunctionT = TypeVar("_FunctionT", bound=Callable[..., object])


def compiled(function: _FunctionT, fastmath: AbstractSet[str] = frozenset()) -> _FunctionT:
    """The function in machine code, kept on disk where there is a place for it.

    `fastmath` are LLVM's flags of what may be taken for granted of its floats. What is kept is
    renewed when the function's own file changes, and not when another one does.
    """
    fast = set(fastmath)
    try:
        compiler = njit(cache=True, nogil=True, error_model="numpy", fastmath=fast)
        result = compiler(function)
    except RuntimeError:
        # Neither the source's folder nor the user's cache folder can be written.
        result = njit(nogil=True, error_model="numpy", fastmath=fast)(function)
    return cast("_FunctionT", result)


def inlined(function: _FunctionT) -> _FunctionT:
    """A part of compiled functions, put in wherever it is called: calls with arrays are slow."""
    result = njit(nogil=True, error_model="numpy", forceinline=True)(function)
    return cast("_FunctionT", result)


def _pointer(_context: Any, array: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return types.CPointer(array.dtype)(array), generate


pointer = cast("Callable[[Any], Any]", intrinsic(_pointer))
"""Where an array's elements are, for compiled functions, which index it as the array.

Of an array numba asks each index whether it is negative and counts from the end. Where indices come
out of the array itself, that takes half of the time.
"""
