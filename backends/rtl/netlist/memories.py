"""The buffers of a task as memories, and which places of one may be the same."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import SSAValue

from lmc.backends.rtl.netlist.nodes import Memory, Node
from lmc.backends.rtl.netlist.operations import bits_of
from lmc.dataflow.delays import MEMORY_CYCLES
from lmc.dataflow.timing import buffer_of, buffer_shape
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import COMPLETE, BufferOp


@dataclass
class Memories:
    """Memories by the values of their buffers, made when they are first asked for."""

    made: dict[SSAValue, Memory] = field(default_factory=dict[SSAValue, Memory])

    def of(self, value: SSAValue) -> Memory:
        """The memory of a buffer. LmcError where it is partitioned as no hardware is made for."""
        if value not in self.made:
            self.made[value] = _memory(buffer_of(value))
        return self.made[value]


def _memory(buffer: BufferOp) -> Memory:
    name, shape, kind = buffer.sym_name.data, buffer_shape(buffer), buffer.kind.data
    complete = tuple(
        dim for dim, factor in buffer.partitions if factor == COMPLETE or factor >= shape[dim]
    )
    is_elements = kind == "register" or len(complete) == len(shape)
    cyclic = [dim for dim, factor in buffer.partitions if dim not in complete and factor > 1]
    if cyclic and not is_elements:
        raise LmcError(
            f"buffer {name} is partitioned cyclically in dimension {cyclic[0]}, which has no "
            "hardware yet: partition it completely or give it a dimension of its own"
        )
    assert isinstance(buffer.result.type, MemRefType)
    bits = bits_of(buffer.result.type.element_type)
    banked = () if is_elements else complete
    return Memory(name, kind, shape, bits, MEMORY_CYCLES[kind], is_elements, banked)


def meet(first: Sequence[Node], second: Sequence[Node]) -> bool:
    """Whether two places may be the same, in whatever iterations."""
    for one, other in zip(first, second, strict=True):
        if one.range.high < other.range.low or other.range.high < one.range.low:
            return False
        (step, rest), (other_step, other_rest) = _residue(one), _residue(other)
        common = math.gcd(step, other_step)
        if rest != other_rest if common == 0 else (rest - other_rest) % common:
            return False
    return True


def _residue(node: Node) -> tuple[int, int]:
    """(modulus, remainder) that a value surely has; with modulus 0 it is the remainder itself."""
    if node.is_constant:
        return 0, node.number
    if node.kind == "mul" and node.args[1].is_constant:
        step, rest = _residue(node.args[0])
        return step * node.args[1].number, rest * node.args[1].number
    if node.kind in ("add", "sub"):
        (step, rest), (other_step, other_rest) = map(_residue, node.args)
        sign = 1 if node.kind == "add" else -1
        return math.gcd(step, other_step), rest + sign * other_rest
    return 1, 0
