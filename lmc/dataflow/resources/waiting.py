"""Flip-flops and LUT RAM of what waits in a datapath, and the DSPs that take registers in."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, log2

from lmc.dataflow.implementations import DspSize
from lmc.dataflow.netlist.nodes import Datapath, Node, Store
from lmc.dataflow.netlist.waits import Wait, waits
from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.logic import kind_of
from lmc.dataflow.resources.memories import lutram_blocks
from lmc.dataflow.resources.operators import dsp_cuts
from lmc.dataflow.resources.terms import FIXED, Tally

LOW_BITS = 17
"""Bits by which a DSP shifts what it gives to the next one of a product."""

ADDRESS_REGISTERS = 3
"""Registers for each bit of a ring's address: where it writes, where it reads, and the second again
next to the memory, as yosys has it."""


@dataclass
class Dsps:
    """The products of a datapath that are made of DSPs, and the registers that are in these."""

    path: Datapath
    size: DspSize
    cuts: dict[Node, tuple[int, int]] = field(default_factory=dict[Node, tuple[int, int]])
    """Into how many parts the factors of each product are cut."""
    sums: set[Node] = field(default_factory=set[Node])
    """Sums of a cascade, each in one DSP with its product."""

    def __post_init__(self) -> None:
        self._users: dict[Node, list[Node]] = defaultdict(list)
        for node in self.path.nodes:
            for arg in node.args:
                self._users[arg].append(node)
            if node.kind == "mul" and node.impl == "dsp":
                left, right = (arg.bits.width + (not arg.bits.signed) for arg in node.args)
                self.cuts[node] = dsp_cuts(left, right, self.size)
            elif node.delay.cycles == 1 and any(arg.is_multicycle for arg in node.args):
                self.sums.add(node)

    def count(self, tally: Tally) -> None:
        """Adds DSPs. Where both factors are cut, chains of DSPs are summed in LUTs."""
        for node, (wide, narrow) in self.cuts.items():
            kind = kind_of(node)
            tally.add(kind, Resources(dsp=wide * narrow))
            if min(wide, narrow) > 1:
                tally.logic(kind, "sum", (wide - 1) * (node.bits.width - LOW_BITS))

    def inside(self, wait: Wait, mask: int) -> dict[int, int]:
        """By stage the bits of a wait's registers that are in DSPs; `mask` are those in use."""
        node, found = wait.node, dict[int, int]()
        if wait.first == node.stage:
            stages, low = self._after(node)
            for stage in range(wait.first + 1, min(wait.first + stages, wait.pinned) + 1):
                found[stage] = mask >> low << low
        if wait.first < wait.pinned == wait.last and self._is_factor(node, wait.last):
            found[wait.last] = mask
        return found

    def _after(self, node: Node) -> tuple[int, int]:
        """Registers that a DSP has after a product or a sum, and the first bit that they hold."""
        if node in self.sums:
            return 1, 0
        if not node.is_multicycle or min(self.cuts[node]) > 1:
            return 0, 0
        # A single DSP has a register after its product, and one after its sum. Of a chain the last
        # one has a register for its part of the product.
        parts = max(self.cuts[node])
        return (2, 0) if parts == 1 else (1, LOW_BITS * (parts - 1))

    def _is_factor(self, node: Node, stage: int) -> bool:
        """Whether products alone use a value in a stage: it is registered in their DSPs."""
        users = [user for user in self._users[node] if user.stage == stage]
        effects = [one for effect in self.path.effects for one in effect.operands]
        return bool(users) and all(map(self._multiplies, users)) and node not in effects

    def _multiplies(self, node: Node) -> bool:
        return node.is_multicycle and node in self.cuts


def count_waiting(
    path: Datapath, dsps: Dsps, used: Mapping[Node, int], kind: str, tally: Tally
) -> None:
    """Adds registers and rings of all that waits. What waits twice is held once."""
    rings: dict[tuple[int, int], int] = defaultdict(int)
    held: dict[tuple[Node, int], int] = defaultdict(int)
    for wait in waits(path):
        mask = used.get(wait.node, 0)
        inside = dsps.inside(wait, mask)
        first = wait.first + 1 + _is_stored(wait, path)
        for stage in range(first, wait.pinned + 1):
            source, bits = _source(wait.node, mask & ~inside.get(stage, 0))
            held[source, stage] |= bits
        if wait.pinned < wait.last:
            rings[wait.pinned, wait.last] += mask.bit_count()
    tally.add(kind, Resources(ff=sum(bits.bit_count() for bits in held.values())))
    for (first, last), count in rings.items():
        count_ring(count, last - first, kind, tally)


def _source(node: Node, mask: int) -> tuple[Node, int]:
    """The value whose bits some bits of a value are, and which."""
    if node.kind == "slice" and len(node.args) == 1:
        return _source(node.args[0], mask << node.number)
    if node.kind == "shr" and node.args[1].is_constant:
        node, mask = node.args[0], mask << node.args[1].number
    elif node.kind == "resize":
        node = node.args[0]
    else:
        return node, mask
    # Bits above a value's own are its sign.
    own = (1 << node.bits.width) - 1
    return _source(node, (mask & own) | ((own + 1) >> 1 if mask > own else 0))


def count_ring(bits: int, places: int, kind: str, tally: Tally) -> None:
    """Adds a memory in which values wait, with a place for each stage."""
    address = max(1, ceil(log2(places)))
    tally.logic(kind, FIXED, lutram_blocks(bits, places))
    tally.logic(kind, "ring", 1)
    tally.logic(kind, "ring counter", 2 * address)
    tally.add(kind, Resources(ff=ADDRESS_REGISTERS * address))


def _is_stored(wait: Wait, path: Datapath) -> bool:
    """Whether a register of the task takes the value when the first one of the wait does: then
    they are one."""
    return wait.pinned > wait.first and any(
        store.value is wait.node and store.stage == wait.first and _is_always(store)
        for store in path.stores
    )


def _is_always(store: Store) -> bool:
    is_constant = all(index.is_constant for index in store.place)
    return store.memory.is_elements and is_constant and store.guard is None
