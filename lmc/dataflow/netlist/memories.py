"""The buffers of a task as memories, and which places of one may be the same."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import SSAValue

from lmc.dataflow.delays import MEMORY_CYCLES
from lmc.dataflow.netlist.nodes import Bits, Memory, Node
from lmc.dataflow.netlist.operations import bits_of
from lmc.dataflow.netlist.wires import Wires
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
    assert isinstance(buffer.result.type, MemRefType)
    bits = bits_of(buffer.result.type.element_type)
    if is_elements:
        return Memory(name, kind, shape, bits, MEMORY_CYCLES[kind], is_elements)
    cyclic = {
        dim: factor for dim, factor in buffer.partitions if dim not in complete and factor > 1
    }
    parts, banked = list[int](), list[int]()
    for dim, size in enumerate(shape):
        factor = cyclic.get(dim, 1)
        if factor & (factor - 1):
            raise LmcError(
                f"buffer {name} is partitioned cyclically in dimension {dim} by {factor}, which "
                "has no hardware: partition it by a power of two"
            )
        parts += [size] if factor == 1 else [-(-size // factor), factor]
        if dim in complete or factor > 1:
            banked.append(len(parts) - 1)
    latency = MEMORY_CYCLES[kind]
    return Memory(name, kind, tuple(parts), bits, latency, is_elements, tuple(banked), cyclic)


def split(wires: Wires, memory: Memory, indices: Sequence[Node]) -> tuple[Node, ...]:
    """The place of an element by its indices: where a dimension is cyclic, its row and its bank."""
    place: list[Node] = []
    for dim, index in enumerate(indices):
        if dim not in memory.cyclic:
            place.append(index)
            continue
        factor = memory.cyclic[dim]
        bits = Bits(factor.bit_length() - 1)
        step, rest = residue(index)
        place.append(wires.arithmetic("shr", (index, wires.constant(bits.width))))
        is_known = step % factor == 0
        place.append(wires.constant(rest % factor) if is_known else wires.resize(index, bits))
    return tuple(place)


def possible(node: Node, size: int) -> list[int]:
    """Which of so many banks a value may be the number of, by what surely holds for it."""
    step, rest = residue(node)
    within = range(max(node.range.low, 0), min(node.range.high, size - 1) + 1)
    return [n for n in within if (n == rest if step == 0 else (n - rest) % step == 0)]


def possible_banks(memory: Memory, place: Sequence[Node], part: int) -> list[int]:
    """The banks that a part of a place may be the number of. LmcError where it is none of them."""
    found = possible(place[part], memory.shape[part])
    if not found:
        widths = [2 if dim in memory.cyclic else 1 for dim in range(len(memory.shape))]
        dim = next(dim for dim in range(len(widths)) if sum(widths[: dim + 1]) > part)
        raise LmcError(
            f"buffer {memory.name} is accessed outside of its dimension {dim}: the index is never "
            f"0 to {memory.shape[part] - 1}; correct the index, or the buffer's shape"
        )
    return found


def meet(first: Sequence[Node], second: Sequence[Node]) -> bool:
    """Whether two places may be the same, in whatever iterations."""
    for one, other in zip(first, second, strict=True):
        if one.range.high < other.range.low or other.range.high < one.range.low:
            return False
        (step, rest), (other_step, other_rest) = residue(one), residue(other)
        common = math.gcd(step, other_step)
        if rest != other_rest if common == 0 else (rest - other_rest) % common:
            return False
    return True


def residue(node: Node) -> tuple[int, int]:
    """(modulus, remainder) that a value surely has; with modulus 0 it is the remainder itself."""
    if node.kind == "resize" and not node.bits.signed:
        step, rest = residue(node.args[0])
        return math.gcd(step, 1 << node.bits.width), rest % (1 << node.bits.width)
    if node.is_constant:
        return 0, node.number
    if node.kind == "mul" and node.args[1].is_constant:
        step, rest = residue(node.args[0])
        return step * node.args[1].number, rest * node.args[1].number
    if node.kind in ("add", "sub"):
        (step, rest), (other_step, other_rest) = map(residue, node.args)
        sign = 1 if node.kind == "add" else -1
        return math.gcd(step, other_step), rest + sign * other_rest
    return 1, 0
