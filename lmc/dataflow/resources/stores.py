"""What the memories of a netlist take: registers, RAMs, and the ways to them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TypeAlias

from lmc.dataflow.netlist.memories import possible_banks
from lmc.dataflow.netlist.nodes import Memory, Node, Store
from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.memories import AUTO_LUTRAM_BITS, bram, lutram_blocks, uram
from lmc.dataflow.resources.operators import multiplexer
from lmc.dataflow.resources.terms import FIXED, Tally
from lmc.dialects.dataflow import BufferOp

Statement: TypeAlias = object
"""What tells one statement's accesses from another's."""


@dataclass
class MemoryAccesses:
    """All loads and stores of a task, with the statement of each."""

    loads: dict[Memory, list[tuple[Statement, Node]]] = field(
        default_factory=lambda: defaultdict[Memory, list[tuple[Statement, Node]]](list)
    )
    stores: dict[Memory, list[tuple[Statement, Store]]] = field(
        default_factory=lambda: defaultdict[Memory, list[tuple[Statement, Store]]](list)
    )

    def count(self, memories: Sequence[Memory], used: Mapping[Memory, int], tally: Tally) -> None:
        """Adds what all memories take; `used` are the bits of elements that something uses."""
        for memory in memories:
            bits = used.get(memory, 0).bit_count()
            if memory.is_elements:
                self._registers(memory, bits, tally)
            else:
                self._rams(memory, bits, tally)

    def _registers(self, memory: Memory, bits: int, tally: Tally) -> None:
        kind = BufferOp.name
        tally.add(kind, Resources(ff=bits * memory.count))
        for _, load in self.loads[memory]:
            inputs = prod(_places(load.args, memory))
            tally.logic(kind, "multiplexer", multiplexer(inputs, bits))
        writers: Counter[tuple[int | None, ...]] = Counter()
        for _, store in self.stores[memory]:
            elements = prod(_places(store.place, memory))
            tally.logic(kind, "register write", elements if elements > 1 else 0)
            writers[tuple(one.number if one.is_constant else None for one in store.place)] += 1
        for place, count in writers.items():
            shape = zip(place, memory.shape, strict=True)
            elements = prod(size for number, size in shape if number is None)
            tally.logic(kind, "writers of a register", multiplexer(count, bits) * elements)

    def _rams(self, memory: Memory, bits: int, tally: Tally) -> None:
        """Each bank is a RAM for each load of a statement, with one port to write."""
        kind, size = BufferOp.name, memory.count
        for dim in memory.banked:
            size //= memory.shape[dim]
        reads, writes = self._by_bank(memory)
        address = max(1, (size - 1).bit_length())
        for bank in dict.fromkeys((*reads, *writes)):
            statements = reads.get(bank, Counter[Statement]())
            ports = max(statements.values(), default=0)
            tally.logic(kind, "memory port", 2 * ports)
            written = multiplexer(writes.get(bank, 0), address + bits) * ports
            chosen = sum(
                multiplexer(sum(count > port for count in statements.values()), address)
                for port in range(ports)
            )
            tally.logic(kind, "ports of a memory", written + chosen)
            for _ in range(ports):
                _ram(memory, bits, size, tally)

    def _by_bank(
        self, memory: Memory
    ) -> tuple[dict[tuple[int, ...], Counter[Statement]], Counter[tuple[int, ...]]]:
        reads: dict[tuple[int, ...], Counter[Statement]] = defaultdict(Counter[Statement])
        writes: Counter[tuple[int, ...]] = Counter()
        for statement, load in self.loads[memory]:
            reads[tuple(load.args[dim].number for dim in memory.banked)][statement] += 1
        for _, store in self.stores[memory]:
            banks = [possible_banks(memory, store.place, dim) for dim in memory.banked]
            writes.update(product(*banks))
        return reads, writes


def ram_style(memory: Memory, size: int) -> str:
    """What a bank of so many words is made of."""
    if memory.kind != "auto":
        return memory.kind
    return "lutram" if size * memory.bits.width <= AUTO_LUTRAM_BITS else "bram"


def _ram(memory: Memory, bits: int, size: int, tally: Tally) -> None:
    kind, style = BufferOp.name, ram_style(memory, size)
    if style == "lutram":
        tally.logic(kind, FIXED, lutram_blocks(bits, size))
        tally.logic(kind, "multiplexer", multiplexer(-(-size // 64), bits))
        tally.add(kind, Resources(ff=bits))
    else:
        tally.add(kind, (bram if style == "bram" else uram)(bits, size))


def _places(indices: Sequence[Node], memory: Memory) -> list[int]:
    """How many places of each dimension an access may be at."""
    return [
        1 if index.is_constant else min(size, index.range.high - index.range.low + 1)
        for index, size in zip(indices, memory.shape, strict=True)
    ]
