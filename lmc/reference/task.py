"""One task of a launch: its block executed op by op, up to where it has to wait for a stream."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xdsl.dialects import memref, scf
from xdsl.dialects.builtin import IndexType, MemRefType, NoneAttr
from xdsl.ir import Block, Operation, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BufferOp,
    BurstReadOp,
    BurstWriteOp,
    Range,
    ReadOp,
    TaskOp,
    WriteOp,
    constant_value,
    data_type,
)
from lmc.reference.limits import ADDRESS, UndefinedError, addresses, limits, wrapped
from lmc.reference.memory import Bank, Buffer, Fifo, Wait
from lmc.reference.operations import OPERATIONS, Compute

Bound: TypeAlias = int | Fifo | Bank
"""What an argument of a kernel or a task stands for."""

Steps: TypeAlias = Generator[Wait]
"""A computation that says each time what it has to wait for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an op without side effects takes to be executed, looked up once."""

    compute: Compute
    operands: tuple[SSAValue, ...]
    result: SSAValue
    low: int
    high: int


class TaskRun:
    """A task in a launch, with the values that its ops have had last.

    `go_on` runs it up to where it waits. `waits` is what it waits for then; None when it is `done`.
    The low bits of `blank` are what a buffer holds that was never stored to.
    """

    def __init__(self, kernel: str, op: TaskOp, bound: Sequence[Bound], blank: int):
        self.kernel = kernel
        self.name = op.sym_name.data
        self.waits: Wait | None = None
        self.done = False
        self._failed = False
        self._blank = blank
        self._values: dict[SSAValue, int] = {}
        self._fifos: dict[SSAValue, Fifo] = {}
        self._banks: dict[SSAValue, Bank] = {}
        self._buffers: dict[SSAValue, Buffer] = {}
        self._addresses = addresses(op.body.block)
        self._plans: dict[Operation, Plan] = {}
        for argument, value in zip(op.body.block.args, bound, strict=True):
            self._bind(argument, value)
        self._steps = self._block(op.body.block)

    def go_on(self) -> None:
        """Run until the task waits or ends; LmcError (UndefinedError) names the op and the task."""
        self.waits = next(self._steps, None)
        self.done = self.waits is None

    @property
    def blank_loads(self) -> list[str]:
        """Buffers from which elements were loaded that had never been stored."""
        return [buffer.name for buffer in self._buffers.values() if buffer.blank_loads]

    def _bind(self, argument: SSAValue, value: Bound) -> None:
        if isinstance(value, Fifo):
            self._fifos[argument] = value
        elif isinstance(value, Bank):
            self._banks[argument] = value
        else:
            self._values[argument] = value

    def _block(self, block: Block) -> Steps:
        for op in block.ops:
            try:
                if type(op) in OPERATIONS:
                    self._compute(op)
                else:
                    yield from self._statement(op)
            except LmcError as error:
                raise self._located(error, op) from error

    def _located(self, error: LmcError, op: Operation) -> LmcError:
        """The error with the task and the op in front; ops around that op add nothing."""
        if self._failed:
            return error
        self._failed = True
        hint = op.results[0].name_hint if op.results else None
        name = op.name if hint is None else f"{op.name} %{hint}"
        return type(error)(f"task {self.name}: {name}: {error}")

    # Values

    def _compute(self, op: Operation) -> None:
        plan = self._plans.get(op)
        if plan is None:
            plan = self._plans[op] = self._plan(op)
        values = self._values
        number = plan.compute(op, [values[operand] for operand in plan.operands])
        if not plan.low <= number <= plan.high:
            raise _unfit(number, plan.result)
        values[plan.result] = number

    def _plan(self, op: Operation) -> Plan:
        allowed = self._allowed(op.results[0])
        operands = tuple(op.operands)
        return Plan(OPERATIONS[type(op)], operands, op.results[0], allowed.low, allowed.high)

    def _allowed(self, value: SSAValue) -> Range:
        return ADDRESS if value in self._addresses else limits(value.type)

    def _set(self, value: SSAValue, number: int) -> None:
        allowed = self._allowed(value)
        if not allowed.low <= number <= allowed.high:
            raise _unfit(number, value)
        self._values[value] = number

    def _yielded(self, block: Block) -> list[int]:
        last = block.last_op
        return [] if last is None else [self._values[value] for value in last.operands]

    # Statements

    def _statement(self, op: Operation) -> Steps:
        match op:
            case ReadOp():
                fifo = self._fifos[op.stream]
                yield from _until(fifo, writing=False)
                self._set(op.result, fifo.take())
            case WriteOp():
                fifo = self._fifos[op.stream]
                yield from _until(fifo, writing=True)
                fifo.put(self._values[op.value])
            case BurstReadOp() | BurstWriteOp():
                yield from self._burst(op)
            case BufferOp():
                self._buffers[op.result] = _new_buffer(op, self._blank)
            case memref.LoadOp():
                self._set(op.res, self._buffer(op.memref).load(self._place(op.indices)))
            case memref.StoreOp():
                place = self._place(op.indices)
                self._buffer(op.memref).store(place, self._values[op.value])
            case scf.ForOp():
                yield from self._loop(op)
            case scf.IfOp():
                yield from self._branch(op)
            case scf.YieldOp():
                pass
            case _:
                raise LmcError("this op has no meaning at level 4")

    def _buffer(self, value: SSAValue) -> Buffer:
        if value not in self._buffers:
            raise LmcError("memory is reached through the result of a dataflow.buffer")
        return self._buffers[value]

    def _place(self, indices: Sequence[SSAValue]) -> tuple[int, ...]:
        return tuple(self._values[index] for index in indices)

    def _burst(self, op: BurstReadOp | BurstWriteOp) -> Steps:
        bank, fifo = self._banks[op.port], self._fifos[op.stream]
        offset, length = self._values[op.offset], self._values[op.length]
        for place in range(offset, offset + max(length, 0)):
            bank.check(place)
            reading = isinstance(op, BurstReadOp)
            yield from _until(fifo, writing=reading)
            if reading:
                fifo.put(bank.words[place])
            else:
                bank.words[place] = fifo.take()

    def _loop(self, op: scf.ForOp) -> Steps:
        if constant_value(op.lb) != 0 or constant_value(op.step) != 1:
            raise LmcError("a loop counts from 0 in steps of 1")
        if not isinstance(op.ub.type, IndexType):
            raise LmcError(f"a loop's counter is an index, not {op.ub.type}")
        counter, *arguments = op.body.block.args
        carried = [self._values[value] for value in op.iter_args]
        for number in range(self._values[op.ub]):
            self._values[counter] = number
            for argument, value in zip(arguments, carried, strict=True):
                self._set(argument, value)
            yield from self._block(op.body.block)
            carried = self._yielded(op.body.block)
        for result, value in zip(op.results, carried, strict=True):
            self._set(result, value)

    def _branch(self, op: scf.IfOp) -> Steps:
        region = op.true_region if self._values[op.cond] else op.false_region
        if not region.blocks:
            if op.results:
                raise LmcError("a branch with results needs both sides")
            return
        yield from self._block(region.block)
        for result, value in zip(op.results, self._yielded(region.block), strict=True):
            self._set(result, value)


def _unfit(number: int, value: SSAValue) -> UndefinedError:
    return UndefinedError(f"the result {number} does not fit {value.type}")


def _until(fifo: Fifo, *, writing: bool) -> Steps:
    while not fifo.can(writing):
        yield Wait(fifo, writing)


def _new_buffer(op: BufferOp, blank: int) -> Buffer:
    if not isinstance(op.parent_op(), TaskOp):
        raise LmcError("a buffer is declared in its task, not in a loop or a branch")
    type_ = op.result.type
    assert isinstance(type_, MemRefType)
    if not isinstance(type_.layout, NoneAttr) or not isinstance(type_.memory_space, NoneAttr):
        raise LmcError(f"a buffer has no layout and no memory space, got {type_}")
    element = data_type(type_.element_type)
    return Buffer(op.sym_name.data, type_.get_shape(), wrapped(blank, element))
