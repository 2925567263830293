"""The task builder: memories, loops and branches as Python blocks."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from xdsl.dialects import memref, scf
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Attribute, Block, Region, SSAValue

from lmc.dataflow.emitter import Emitter
from lmc.dataflow.handles import Handle, Process, UniqueNames, hint
from lmc.dataflow.values import Operand, Value
from lmc.dialects.dataflow import (
    COMPLETE,
    BufferOp,
    Loop,
    LoopMode,
    Range,
    operand_range,
    set_loop,
    smallest_type,
)

Count = Operand | Handle
"""A trip count: an int, an index expression, or a run-time scalar."""


class Buffer:
    """A memory of a task: `buffer[i, j]` loads, `buffer[i, j] = v` stores (and widens v)."""

    def __init__(self, task: "Emitter", op: BufferOp, element: IntegerType):
        self.task = task
        self.op = op
        self.element = element

    def __getitem__(self, indices: Operand | tuple[Operand, ...]) -> Value:
        """The element there."""
        load = memref.LoadOp.get(self.op.result, self._indices(indices))
        return self.task.emit(load)

    def __setitem__(self, indices: Operand | tuple[Operand, ...], value: Operand) -> None:
        """Replace the element there."""
        stored = self.task.data(value, self.element)
        self.task.append(memref.StoreOp.get(stored.ssa, self.op.result, self._indices(indices)))

    def _indices(self, indices: Operand | tuple[Operand, ...]) -> list[SSAValue]:
        parts = indices if isinstance(indices, tuple) else (indices,)
        return [self.task.to_index(part).ssa for part in parts]


class Register:
    """A buffer of one element."""

    def __init__(self, buffer: Buffer):
        self.buffer = buffer

    def get(self) -> Value:
        """The value it holds."""
        return self.buffer[0]

    def set(self, value: Operand) -> None:
        """Replaces the value."""
        self.buffer[0] = value


class TaskBuilder(Emitter):
    """A task under construction: memories, loops and branches beside what Emitter has."""

    def __init__(self, process: Process):
        super().__init__(process)
        self._buffer_name = UniqueNames()

    # Memories

    def buffer(
        self,
        name: str,
        element: IntegerType,
        shape: Sequence[int],
        kind: str = "auto",
        partition: dict[int, int] | None = None,
    ) -> Buffer:
        """A memory; `partition` is factor by dimension, COMPLETE (0) for single elements."""
        pairs = sorted((partition or {}).items())
        op = BufferOp(self._buffer_name(name), element, shape, kind, pairs)
        op.location = self.location
        op.result.name_hint = hint(name)
        self.place_first(op)
        return Buffer(self, op, element)

    def register(self, name: str, element: IntegerType) -> Register:
        """A buffer of one element, in flip-flops."""
        return Register(self.buffer(name, element, (1,), "register", {0: COMPLETE}))

    # Control

    def _count(self, count: "Count") -> Value:
        return self.index_of(count) if isinstance(count, Handle) else self.to_index(count)

    def _for(
        self,
        label: str,
        count: "Count",
        block: Block,
        init: Sequence[Value],
        mode: LoopMode,
        requested_ii: int | None = None,
    ) -> scf.ForOp:
        zero, one = self.to_index(0), self.to_index(1)
        loop = scf.ForOp(
            zero.ssa, self._count(count).ssa, one.ssa, [value.ssa for value in init], Region(block)
        )
        set_loop(loop, Loop(label, mode, requested_ii))
        self.append(loop)
        return loop

    @contextmanager
    def loop(
        self,
        label: str,
        count: "Count",
        *,
        pipeline: bool = False,
        unroll: bool = False,
        requested_ii: int | None = None,
    ) -> Generator[Value]:
        """`for (i = 0; i < count; i++)`; count is an int, an index expression or a scalar."""
        block = Block(arg_types=[IndexType()])
        block.args[0].name_hint = hint(label)
        self._for(label, count, block, (), _mode(pipeline, unroll), requested_ii)
        with self.inside(block):
            yield Value(self, block.args[0])
            block.add_op(scf.YieldOp())

    @contextmanager
    def nest(
        self,
        loops: Sequence[tuple[str, "Count"]],
        *,
        pipeline: bool = True,
        requested_ii: int | None = None,
    ) -> Generator[tuple[Value, ...]]:
        """A perfect nest, the innermost loop pipelined; one counter for each loop."""
        (label, count), rest = loops[0], loops[1:]
        if not rest:
            with self.loop(label, count, pipeline=pipeline, requested_ii=requested_ii) as counter:
                yield (counter,)
            return
        with (
            self.loop(label, count) as counter,
            self.nest(rest, pipeline=pipeline, requested_ii=requested_ii) as inner,
        ):
            yield (counter, *inner)

    def fold(
        self,
        label: str,
        count: "Count",
        init: Sequence[Value],
        body: Callable[..., Sequence[Value]],
        *,
        pipeline: bool = False,
        unroll: bool = False,
    ) -> list[Value]:
        """A loop that carries values: `body(i, *carried)` gives the next, of the same types."""
        block = Block(arg_types=[IndexType(), *(value.ssa.type for value in init)])
        block.args[0].name_hint = hint(label)
        op = self._for(label, count, block, init, _mode(pipeline, unroll))
        with self.inside(block):
            carried = body(*(Value(self, argument) for argument in block.args))
            for before, after in zip(init, carried, strict=True):
                if before.ssa.type != after.ssa.type:
                    raise TypeError(f"{label}: carries {before.ssa.type}, got {after.ssa.type}")
            block.add_op(scf.YieldOp(*(value.ssa for value in carried)))
        return [Value(self, result) for result in op.results]

    def sum(self, label: str, lanes: int, term: Callable[[Value], Value]) -> Value:
        """The sum of `term(lane)` over unrolled lanes, in a type that can't overflow."""
        block = Block(arg_types=[IndexType()])
        block.args[0].name_hint = hint(label)
        with self.inside(block):
            addend = term(Value(self, block.args[0]))
            one = operand_range(addend.ssa)
            type_ = smallest_type(Range(min(one.low * lanes, 0), max(one.high * lanes, 0)))
            total = Value(self, block.insert_arg(type_, 1)).named("total")
            block.add_op(scf.YieldOp(self.add(total, addend, type_).ssa))
        op = self._for(label, lanes, block, [self.constant(0, type_)], LoopMode.UNROLL)
        return Value(self, op.results[0])

    @contextmanager
    def when(self, condition: Value) -> Generator[scf.IfOp]:
        """`if (condition)`."""
        block = Block()
        op = scf.IfOp(condition.ssa, [], Region(block))
        self.append(op)
        with self.inside(block):
            yield op
            block.add_op(scf.YieldOp())

    @contextmanager
    def otherwise(self, op: scf.IfOp) -> Generator[None]:
        """`else` of a `when` that has ended."""
        block = Block()
        op.false_region.add_block(block)
        with self.inside(block):
            yield
            block.add_op(scf.YieldOp())

    def choose(
        self,
        condition: Value,
        if_true: Callable[[], Sequence[Value]],
        if_false: Callable[[], Sequence[Value]],
    ) -> list[Value]:
        """Results of one of two branches; only the chosen one runs (reads a stream, say)."""
        blocks = (Block(), Block())
        types: list[list[Attribute]] = []
        for block, branch in zip(blocks, (if_true, if_false), strict=True):
            with self.inside(block):
                values = branch()
                block.add_op(scf.YieldOp(*(value.ssa for value in values)))
            types.append([value.ssa.type for value in values])
        if types[0] != types[1]:
            raise TypeError(f"branches give {types[0]} and {types[1]}")
        op = scf.IfOp(condition.ssa, types[0], Region(blocks[0]), Region(blocks[1]))
        self.append(op)
        return [Value(self, result) for result in op.results]


def _mode(pipeline: bool, unroll: bool) -> LoopMode:
    if pipeline and unroll:
        raise ValueError("a loop is pipelined or unrolled, not both")
    return LoopMode.PIPELINE if pipeline else LoopMode.UNROLL if unroll else LoopMode.SEQUENTIAL
