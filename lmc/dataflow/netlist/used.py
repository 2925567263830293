"""Which bits of values are used: synthesis drops the others, and what holds them."""

from collections.abc import Iterable, Mapping, Sequence

from lmc.dataflow.netlist.nodes import Memory, Node
from lmc.dataflow.netlist.statements import (
    Branch,
    Burst,
    Compute,
    Instant,
    Loop,
    Stages,
    TaskNetlist,
    Write,
)

Masks = dict[Node, int]
"""The bits of nodes that something uses."""


def used_bits(netlist: TaskNetlist) -> Masks:
    """For each node of a task a mask of the bits that something uses."""
    used: Masks = {}
    for one in netlist.walk():
        if isinstance(one, Stages | Compute):
            _use(used, (node for effect in one.path.effects for node in effect.operands))
        if isinstance(one, Compute):
            _use(used, (node for _, node in one.results))
    _use(used, _of_control(netlist))
    for one in netlist.walk():
        if isinstance(one, Stages | Compute):
            _spread(used, one.path.nodes)
        if isinstance(one, Stages):
            for target, node in one.held:
                _add(used, node, used.get(target, 0))
    for node in list(used):
        if node.kind == "register":
            for arg in node.args:
                _add(used, arg, used[node])
    _spread(used, netlist.wires)
    return used


def memory_bits(netlist: TaskNetlist, used: Mapping[Node, int]) -> dict[Memory, int]:
    """For each memory a mask of the bits of its elements that something uses, and that change."""
    loaded: dict[Memory, int] = {}
    stored: dict[Memory, int] = {}
    none: dict[Memory, int] = {}
    for node, mask in used.items():
        if node.memory is not None:
            loaded[node.memory] = loaded.get(node.memory, 0) | mask
    for one in netlist.walk():
        stores = one.path.stores if isinstance(one, Stages | Compute) else ()
        for store in one.stores if isinstance(one, Instant) else stores:
            stored[store.memory] = stored.get(store.memory, 0) | varying(store.value, none)
    return {memory: mask & stored.get(memory, 0) for memory, mask in loaded.items()}


def low_zeros(node: Node) -> int:
    """Low bits of a value that are always zero."""
    if node.is_constant:
        number = node.number
        return (number & -number).bit_length() - 1 if number else node.bits.width
    if node.kind == "resize":
        return min(low_zeros(node.args[0]), node.bits.width)
    if node.kind == "shl" and node.args[1].is_constant:
        return low_zeros(node.args[0]) + node.args[1].number
    return 0


def wires_of_sum(node: Node) -> int:
    """Low bits of a sum that are those of one operand, since the other one has zeros there."""
    first, second = map(low_zeros, node.args)
    return second if node.kind == "sub" else max(first, second)


def varying(node: Node, memories: Mapping[Memory, int]) -> int:
    """The bits of a value that are not the same for ever; `memories` has those of elements."""
    if node.is_constant:
        return 0
    if node.memory is not None:
        return memories.get(node.memory, _all(node))
    if node.kind != "concat":
        return _all(node)
    mask = start = 0
    for part in node.args:
        mask |= varying(part, memories) << start
        start += part.bits.width
    return mask


def _of_control(netlist: TaskNetlist) -> Iterable[Node]:
    """What decides where a task goes on, and what its statements outside of datapaths take."""
    for one in netlist.walk():
        match one:
            case Loop():
                yield from (one.counter, one.enters, one.more)
            case Branch():
                yield one.condition
            case Write():
                yield one.value
            case Burst():
                yield from (one.offset, one.length, one.is_empty)
            case Stages():
                yield one.enters
                yield from (arg for node in one.ahead for arg in node.args)
            case Instant():
                yield from one.loads
                yield from (node for store in one.stores for node in store.operands)
            case _:
                pass


def _use(used: Masks, nodes: Iterable[Node]) -> None:
    for node in nodes:
        used[node] = _all(node)


def _add(used: Masks, node: Node, mask: int) -> None:
    used[node] = used.get(node, 0) | (mask & _all(node))


def _spread(used: Masks, nodes: Sequence[Node]) -> None:
    """From nodes, in an order in which operands come first, to what they are made of."""
    for node in nodes:
        if node.access is not None and node.access.guard is not None:
            used[node.access.guard] = 1
    for node in reversed(nodes):
        if mask := used.get(node, 0):
            for place, arg in enumerate(node.args):
                _add(used, arg, _of_operand(node, place, mask))


def _all(node: Node) -> int:
    return (1 << node.bits.width) - 1


_CARRIED = ("mul", "neg")
"""Kinds whose low bits depend on the operands' low bits alone."""


def _of_operand(node: Node, place: int, mask: int) -> int:
    """The bits of an operand that some bits of a node depend on."""
    arg = node.args[place]
    below = (1 << mask.bit_length()) - 1
    if node.kind == "load" and node.memory is not None:
        return (1 << (node.memory.shape[place] - 1).bit_length()) - 1
    if node.kind in ("add", "sub"):
        wires = (1 << wires_of_sum(node)) - 1
        return (mask & wires) | (below & ~wires)
    if node.kind == "slice" and len(node.args) == 1:
        return mask << node.number
    if node.kind == "concat":
        return mask >> sum(part.bits.width for part in node.args[:place])
    if node.kind in ("shr", "round_shift_saturate") and place == 0:
        # Where it rounds, the first bit that is dropped counts, too.
        least = max(0, node.args[1].range.low)
        first = max(0, least - (node.kind == "round_shift_saturate"))
        return _all(arg) >> first << first
    if node.kind == "resize" or (node.kind == "select" and place):
        # Bits above the operand's own are its sign.
        return mask | (1 << (arg.bits.width - 1) if mask > _all(arg) else 0)
    return below if node.kind in _CARRIED else _all(arg)
