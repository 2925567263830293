"""From when to when the values of an iteration are alive.

`time_iteration` has every op as early as possible. Schedulers of HLS tools put an op late instead
where its operands are narrower than its result, so that less has to wait; so does this.
"""

from xdsl.dialects import memref, scf
from xdsl.ir import Operation, SSAValue

from lmc.dataflow.addresses import is_static
from lmc.dataflow.delays import operator_delay
from lmc.dataflow.resources.unrolling import Unrolling, bits_of
from lmc.dataflow.timing import START, Timing
from lmc.dialects import dataflow


class Lifetimes:
    """Cycles of an iteration in which values are made and last used."""

    def __init__(self, timing: Timing, unrolling: Unrolling):
        self._timing = timing
        self._unrolling = unrolling
        self._shift: dict[Operation, int] = {}
        # Users before what they use, so that a chain moves as a whole.
        for value in reversed(list(timing.values)):
            if isinstance(value.owner, Operation) and _can_move(value.owner):
                self._move(value, value.owner)

    def made(self, value: SSAValue) -> int:
        """The cycle in which a value is there; 0 for one from outside of the iteration."""
        shift = self._shift.get(value.owner, 0) if isinstance(value.owner, Operation) else 0
        return self._timing.values.get(value, START)[0] + shift

    def last_use(self, value: SSAValue) -> int:
        """The cycle in which a value is used last; that in which it is made, if nothing uses it."""
        return max((self._start(use.operation) for use in value.uses), default=self.made(value))

    def _move(self, value: SSAValue, op: Operation) -> None:
        """Makes a value in the cycle before its first use, if that saves registers."""
        first = min((self._start(use.operation) for use in value.uses), default=0)
        shift = first - 1 - self.made(value)
        if shift <= 0:
            return
        begins = self._start(op) + shift
        if self._waiting(op, begins) < self._bits(value):
            self._shift[op] = shift

    def _bits(self, value: SSAValue) -> int:
        return bits_of(value) * self._unrolling.copies_of(value)

    def _waiting(self, op: Operation, until: int) -> int:
        """Bits that wait longer if an op takes its operands in the cycle `until`.

        What an operand is computed from may wait in its place.
        """
        return sum(
            min(self._bits(operand), self._waiting(operand.owner, until))
            if isinstance(operand.owner, Operation) and _can_move(operand.owner)
            else self._bits(operand)
            for operand in dict.fromkeys(op.operands)
            if not is_static(operand) and self.last_use(operand) < until
        )

    def _start(self, op: Operation) -> int:
        """The cycle in which an op takes its operands; 0 for one that is not in the iteration."""
        timing = self._timing
        if op in timing.effects:
            return timing.effects[op][0]
        if isinstance(op, scf.YieldOp | scf.ForOp) or not op.results:
            return 0
        if isinstance(op, scf.IfOp):
            return max((timing.values[r][0] for r in op.results if r in timing.values), default=0)
        if op.results[0] not in timing.values:
            return 0
        known = [timing.values.get(operand, START) for operand in op.operands]
        begins = timing.clock.start(max(known, default=START), operator_delay(op))[0]
        return begins + self._shift.get(op, 0)


def _can_move(op: Operation) -> bool:
    """Whether an op is a wire or gates, or reads registers: what reads memory stays."""
    if isinstance(op, memref.LoadOp):
        buffer = op.memref.owner
        return isinstance(buffer, dataflow.BufferOp) and buffer.kind.data == "register"
    if op.regions or len(op.results) != 1 or isinstance(op, dataflow.ReadOp):
        return False
    return not operator_delay(op).cycles
