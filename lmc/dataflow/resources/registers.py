"""Registers of a pipelined loop: bits that are alive across a border between two cycles."""

from math import ceil, log2, prod

from xdsl.dialects import scf
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.addresses import flattened_nest, is_static
from lmc.dataflow.delays import operator_delay
from lmc.dataflow.resources.counts import Resources, total
from lmc.dataflow.resources.lifetimes import Lifetimes
from lmc.dataflow.resources.memories import SRL_DEPTH
from lmc.dataflow.resources.unrolling import Unrolling, bits_of, lanes_of
from lmc.dataflow.timing import START, Clock, Timing, time_iteration
from lmc.dialects import dataflow
from lmc.dialects.dataflow import cascade_product, is_unrolled, loop_of

SHORTEST_SRL = 3
"""Cycles from which on a waiting value goes into shift registers: below it flip-flops are fewer."""


def delay_line(bits: float, cycles: int) -> Resources:
    """Values that wait: flip-flops, or LUTs as shift registers with a flip-flop at their end."""
    if cycles < SHORTEST_SRL:
        return Resources(ff=bits * cycles)
    return Resources(lut=bits / 2 * ceil(2 * (cycles - 1) / SRL_DEPTH), ff=bits)


def pipeline_registers(loop: scf.ForOp, clock: Clock, unrolling: Unrolling) -> Resources:
    """Registers and shift registers of all values of an iteration, and of sums over lanes."""
    timing = time_iteration(loop, clock)
    lifetimes = Lifetimes(timing, unrolling)
    counted = Resources()
    for value in [*flattened_nest(loop).counters, *timing.values]:
        waits = lifetimes.last_use(value) - lifetimes.made(value)
        if not _is_wire(value) and waits > 0:
            counted += delay_line(bits_of(value) * unrolling.copies_of(value), waits)
    for op in loop.body.block.walk():
        counted += _inside(op, timing, unrolling)
    return counted


def _is_wire(value: SSAValue) -> bool:
    """What is constant once loops are unrolled, and what these carry: a sum counts by itself, a
    word by its parts."""
    if is_static(value):
        return True
    owner = value.owner
    return isinstance(owner, Block) and is_unrolled(owner.parent_op())


def _inside(op: Operation, timing: Timing, unrolling: Unrolling) -> Resources:
    """Registers inside of an operator that is slower than a cycle, and of a sum over lanes."""
    if isinstance(op, scf.ForOp):
        if loop_of(op).cascade:
            return _skew(op, unrolling)
        trees = [_tree(op, position, timing) for position in range(len(op.results))]
        return total(trees) * unrolling.copies(op)
    if not op.results or op.results[0] not in timing.values or isinstance(op, scf.IfOp):
        return Resources()
    delay = operator_delay(op)
    if delay.cycles or not delay.nanoseconds:
        return Resources()
    known = [timing.values.get(operand, START) for operand in op.operands]
    begun = timing.clock.start(max(known, default=START), delay)
    stages = max(0, timing.values[op.results[0]][0] - begun[0])
    return Resources(ff=stages * bits_of(op.results[0])) * unrolling.copies(op)


def _tree(loop: scf.ForOp, position: int, timing: Timing) -> Resources:
    """Partial sums of a tree that takes several cycles."""
    last = loop.body.block.last_op
    assert last is not None
    begun = timing.values.get(last.operands[position])
    done = timing.values.get(loop.results[position])
    if begun is None or done is None or done[0] <= begun[0]:
        return Resources()
    lanes, cycles = lanes_of(loop), done[0] - begun[0] + 1
    levels = ceil(log2(max(lanes, 2)))
    left = sum(ceil(lanes / 2 ** (border * levels // cycles)) for border in range(1, cycles))
    return Resources(ff=bits_of(loop.results[position]) * left)


def _skew(loop: scf.ForOp, unrolling: Unrolling) -> Resources:
    """A cascade takes its term i a cycle after term i - 1, so what term i is made of waits.

    What several cascades share, such as activations of several rows, waits once.
    """
    product = cascade_product(loop)
    assert product is not None
    bits = sum(_narrowest(operand, loop, unrolling) for operand in product.operands)
    return total(delay_line(bits, cycles) for cycles in range(1, lanes_of(loop)))


def _narrowest(value: SSAValue, loop: scf.ForOp, unrolling: Unrolling) -> int:
    """Bits at the narrowest place of what a value is computed from in a lane of the loop."""
    if is_static(value):
        return 0
    loops = unrolling.varies(value) - {loop}
    bits = bits_of(value) * prod(lanes_of(other) for other in loops)
    op = value.owner
    if isinstance(op, Block | dataflow.SliceOp) or op.regions or op.parent_op() is not loop:
        return bits
    sources = dict.fromkeys(op.operands)
    return min(bits, sum(_narrowest(source, loop, unrolling) for source in sources))
