"""Buffers and FIFOs: how many blocks of which memory hold a width and a depth."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, log2, prod

from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.operators import multiplexer
from lmc.dataflow.timing import buffer_shape
from lmc.dialects.dataflow import COMPLETE, BufferOp

BRAM18_SHAPES = ((36, 512), (18, 1024), (9, 2048), (4, 4096), (2, 8192), (1, 16384))
"""(bits, depth) of half a BRAM36 with a read and a write port. AMD UG573 and AM007."""

URAM_SHAPE = (72, 4096)
"""(bits, depth) of a URAM block. AMD UG573 and AM007."""

SRL_DEPTH = 32
"""Elements of one bit that a LUT holds as a shift register; of two bits, half of them. AMD
UG574."""

RAM_LUTS, RAM_32_BITS, RAM_64_BITS = 8, 14, 7
"""LUTs of a memory with a read and a write port, and its bits: RAM32M16 has 14 of 32 words, RAM64M8
7 of 64. AMD UG574."""

AUTO_LUTRAM_BITS = 1024
"""Up to this size a buffer that says nothing is taken to be made of LUTs (planning figure)."""

FIFO_CONTROL = 10
"""LUTs of a FIFO's flags beside its counters (planning figure)."""


def bram(bits: int, depth: int) -> Resources:
    """BRAM for words of `bits` bits."""
    halves = min(ceil(bits / wide) * ceil(depth / deep) for wide, deep in BRAM18_SHAPES)
    return Resources(bram36=halves / 2)


def uram(bits: int, depth: int) -> Resources:
    """URAM for words of `bits` bits."""
    return Resources(uram=ceil(bits / URAM_SHAPE[0]) * ceil(depth / URAM_SHAPE[1]))


def lutram(bits: int, depth: int) -> Resources:
    """LUTs as memory, with the choice between groups of 64 words, and a register at their end."""
    luts = lutram_blocks(bits, depth) + multiplexer(ceil(depth / 64), bits)
    return Resources(lut=luts, ff=bits)


def lutram_blocks(bits: int, depth: int) -> int:
    """LUTs of the memories alone."""
    wide, deep = (RAM_32_BITS, 32) if depth <= 32 else (RAM_64_BITS, 64)
    return RAM_LUTS * ceil(bits / wide) * ceil(depth / deep)


def shift_register(bits: int, depth: int) -> Resources:
    """LUTs as shift registers, with the choice between groups of 32 elements."""
    groups = ceil(depth / SRL_DEPTH)
    luts = ceil(bits / 2) if depth <= SRL_DEPTH // 2 else bits * groups
    return Resources(lut=luts + multiplexer(groups, bits))


# Buffers


def banks(op: BufferOp) -> tuple[int, int]:
    """(banks, words of each) of a buffer."""
    shape, factors = buffer_shape(op), dict(op.partitions)
    cut = [factors.get(dim, 1) for dim in range(len(shape))]
    cut = [size if factor == COMPLETE else factor for size, factor in zip(shape, cut, strict=True)]
    depth = prod(ceil(size / factor) for size, factor in zip(shape, cut, strict=True))
    return prod(cut), depth


def buffer_kind(op: BufferOp) -> str:
    """What a buffer is made of; `auto` is what HLS tools would choose, about."""
    kind = op.kind.data
    if kind != "auto":
        return kind
    _, depth = banks(op)
    if depth == 1:
        return "register"
    return "lutram" if depth * element_bits(op) <= AUTO_LUTRAM_BITS else "bram"


def element_bits(op: BufferOp) -> int:
    """Bits of one element."""
    return op.result.type.element_type.width.data  # pyright: ignore[reportAttributeAccessIssue]


def buffer_resources(op: BufferOp) -> Resources:
    """All banks of a buffer."""
    count, depth = banks(op)
    bits = element_bits(op)
    kind = buffer_kind(op)
    if kind == "register":
        return Resources(ff=bits * prod(buffer_shape(op)))
    return {"lutram": lutram, "bram": bram, "uram": uram}[kind](bits, depth) * count


# FIFOs

FIFO_KINDS = ("srl", "bram", "uram")
"""What the FIFOs of a kernel can be made of."""

LINK_KINDS = ("srl", "bram")
"""What FIFOs between kernels can be made of."""


def fifo_resources(bits: int, depth: int, kind: str) -> Resources:
    """A FIFO made of `srl`, `bram` or `uram`, with its counters; memory blocks have a register at
    their end."""
    store = {"srl": shift_register, "bram": bram, "uram": uram}[kind](bits, depth)
    counter = ceil(log2(max(depth, 2))) + 1
    pointers = 1 if kind == "srl" else 3
    control = Resources(lut=FIFO_CONTROL + 2 * counter * pointers, ff=2 + counter * pointers)
    return store + control + Resources(ff=0 if kind == "srl" else bits)


def fifo_kind(
    bits: int, depth: int, budget: Mapping[str, int], kinds: Sequence[str] = FIFO_KINDS
) -> str:
    """What a FIFO is made of: which of `kinds` takes the smallest share of any resource."""
    return smallest_share(kinds, lambda kind: fifo_resources(bits, depth, kind), budget)


def smallest_share(
    kinds: Sequence[str], cost: Callable[[str], Resources], budget: Mapping[str, int]
) -> str:
    """The kind of which the largest share of any resource of the budget is smallest."""

    def share(kind: str) -> float:
        amounts = cost(kind).as_dict()
        return max(
            amount / budget[name] if budget[name] else float("inf")
            for name, amount in amounts.items()
            if amount
        )

    return min(kinds, key=share)
