"""What a task takes as its ops say: for one that lmc's RTL has no hardware for.

Operators, the control of its loops, its registers and its buffers, as HLS tools may make them.
"""

from collections.abc import Iterator, Mapping
from math import ceil, log2

from xdsl.dialects import scf
from xdsl.ir import Operation, SSAValue

from lmc.dataflow.delays import operator_delay
from lmc.dataflow.implementations import DspSize
from lmc.dataflow.resources import operators
from lmc.dataflow.resources.bodies import op_resources
from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.memories import buffer_resources
from lmc.dataflow.resources.registers import pipeline_registers
from lmc.dataflow.resources.terms import REGISTERS
from lmc.dataflow.resources.unrolling import Unrolling, bits_of, lanes_of
from lmc.dataflow.timing import Clock
from lmc.dialects import dataflow
from lmc.dialects.dataflow import is_pipelined, is_unrolled, loop_of

LOOP_LUT, LOOP_FF = 8, 6
"""States of a loop and its handshake with what is around it (planning figures)."""

ADDRESS_BITS = 64
"""Bits of a burst's address."""


Parts = Mapping[str, Resources]
"""What something takes by kind: the name of an op, or `REGISTERS`."""


def operation_parts(task: dataflow.TaskOp, clock: Clock, size: DspSize) -> Parts:
    """All that is in a task, by kind. Operators are not shared between iterations where II > 1."""
    counted: dict[str, Resources] = {}
    for kind, taken in _Count(clock, size).task(task):
        counted[kind] = counted.get(kind, Resources()) + taken
    return {kind: counted[kind] for kind in sorted(counted) if counted[kind] != Resources()}


class _Count:
    def __init__(self, clock: Clock, size: DspSize):
        self.clock = clock
        self.size = size
        self.unrolling = Unrolling()

    def task(self, task: dataflow.TaskOp) -> Iterator[tuple[str, Resources]]:
        for op in task.body.block.walk():
            yield from self._op(op)

    def _op(self, op: Operation) -> Iterator[tuple[str, Resources]]:
        if isinstance(op, dataflow.BufferOp):
            yield op.name, buffer_resources(op)
        elif isinstance(op, dataflow.BurstReadOp | dataflow.BurstWriteOp):
            address = Resources(lut=ADDRESS_BITS, ff=2 * ADDRESS_BITS)
            yield op.name, _loop_control(op.length, 1) + address
        elif isinstance(op, scf.ForOp):
            yield from self._loop(op)
        elif _reduced(op) is None:
            # The sums over lanes are counted with their loop.
            yield op.name, op_resources(op, self.size) * self.unrolling.copies(op)
            if not _in_pipeline(op):
                yield REGISTERS, _held(op)

    def _loop(self, loop: scf.ForOp) -> Iterator[tuple[str, Resources]]:
        if is_unrolled(loop):
            yield from self._sums(loop)
            return
        yield loop.name, _loop_control(loop.ub, loop_of(loop).latency or 1)
        if is_pipelined(loop):
            yield REGISTERS, pipeline_registers(loop, self.clock, self.unrolling)

    def _sums(self, loop: scf.ForOp) -> Iterator[tuple[str, Resources]]:
        """The operators that join lanes: one fewer than there are lanes."""
        if loop_of(loop).cascade:
            return
        for op in loop.body.block.ops:
            addend = _reduced(op)
            if addend is not None:
                tree = self._tree(op, addend, lanes_of(loop))
                yield op.name, tree * _others(self.unrolling, op, loop)

    def _tree(self, op: Operation, addend: SSAValue, lanes: int) -> Resources:
        if not isinstance(op, dataflow.AddOp):
            return op_resources(op, self.size) * (lanes - 1)
        # Sums grow by a bit a level.
        levels = range(1, ceil(log2(max(lanes, 2))) + 1)
        widths = [min(bits_of(addend) + level, bits_of(op.result)) for level in levels]
        nodes = [lanes // 2**level for level in levels]
        nodes[-1] += lanes - 1 - sum(nodes)
        counts = zip(nodes, widths, strict=True)
        return Resources(lut=sum(count * operators.adder(width) for count, width in counts))


def _others(unrolling: Unrolling, op: Operation, loop: scf.ForOp) -> int:
    """How often a sum over the lanes of `loop` is there."""
    return max(1, unrolling.copies(op) // lanes_of(loop))


def _reduced(op: Operation) -> SSAValue | None:
    """The other operand of a sum, minimum or maximum that an unrolled loop carries on."""
    loop = op.parent_op()
    if not is_unrolled(loop):
        return None
    if not isinstance(op, dataflow.AddOp | dataflow.MinOp | dataflow.MaxOp):
        return None
    carried = loop.body.block.args[1:]
    if op.lhs in carried:
        return op.rhs
    return op.lhs if op.rhs in carried else None


def _in_pipeline(op: Operation) -> bool:
    parent = op.parent_op()
    while parent is not None:
        if is_pipelined(parent):
            return True
        parent = parent.parent_op()
    return False


def _held(op: Operation) -> Resources:
    """Outside of pipelines a result is held until the next state of the task needs it."""
    delay = operator_delay(op) if op.results else None
    if delay is None or not (delay.cycles or delay.nanoseconds or isinstance(op, dataflow.ReadOp)):
        return Resources()
    return Resources(ff=sum(bits_of(result) for result in op.results))


def _loop_control(bound: SSAValue, stages: int) -> Resources:
    """A counter, its comparison with the bound, and a bit for each stage of the pipeline."""
    bits = bits_of(bound)
    counter = operators.adder(bits) + operators.comparator(bits, equality=True)
    return Resources(lut=LOOP_LUT + counter, ff=LOOP_FF + bits + stages)
