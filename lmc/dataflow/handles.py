"""Names for what a design or a kernel declares, and how its parts get at them."""

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Block, SSAValue

from lmc.dialects.dataflow import StreamType


@dataclass(frozen=True)
class Handle:
    """A port, stream or scalar where it is declared: in the design, or in a kernel."""

    name: str
    ssa: SSAValue

    @property
    def element_type(self) -> IntegerType:
        """A stream's element type; TypeError for a port or a scalar."""
        if not isinstance(self.ssa.type, StreamType):
            raise TypeError(f"{self.name} is not a stream")
        return self.ssa.type.element_type


class Process:
    """A block whose arguments stand for values of the block around it, added when first used."""

    def __init__(self, name: str):
        self.name = name
        self.block = Block()
        self.operands: list[SSAValue] = []
        self._arguments: dict[SSAValue, SSAValue] = {}

    def import_(self, handle: Handle) -> SSAValue:
        """The value in this block that stands for the handle."""
        known = self._arguments.get(handle.ssa)
        if known is not None:
            return known
        self.operands.append(handle.ssa)
        argument = self.block.insert_arg(handle.ssa.type, len(self.block.args))
        argument.name_hint = hint(handle.name)
        self._arguments[handle.ssa] = argument
        return argument


class UniqueNames:
    """Makes each name that it is asked for unique, among those that are `taken` before too."""

    def __init__(self, taken: Iterable[str] = ()):
        self._taken = set(taken)

    def __call__(self, name: str) -> str:
        """`name`, or `name_2`, `name_3`, ... if it is taken."""
        chosen, count = name, 1
        while chosen in self._taken:
            count += 1
            chosen = f"{name}_{count}"
        self._taken.add(chosen)
        return chosen


def hint(name: str) -> str:
    """A name hint that survives printing: xDSL cuts a trailing `_<number>`."""
    return name if SSAValue.extract_valid_name(name) == name else f"{name}_"
