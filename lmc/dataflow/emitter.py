"""Appending ops to a task: constants, conversions, streams and bursts."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    LocationAttr,
    StringAttr,
    UnknownLoc,
)
from xdsl.ir import Attribute, Block, Operation

from lmc.dataflow.handles import Handle, Process, hint
from lmc.dataflow.values import BinaryOp, Operand, Value
from lmc.dialects.dataflow import (
    AddOp,
    BurstReadOp,
    BurstWriteOp,
    CastOp,
    ConcatOp,
    ConstantOp,
    Range,
    ReadOp,
    WriteOp,
    operand_range,
    smallest_type,
    type_range,
    ui,
)

_BOOL = IntegerType(1)


def _attribute(value: int, type_: Attribute) -> IntegerAttr[IntegerType] | IntegerAttr[IndexType]:
    if isinstance(type_, IntegerType):
        return IntegerAttr(value, type_)
    return IntegerAttr(value, IndexType())


class Emitter:
    """A task under construction, without memories and loops: constants, streams, conversions."""

    def __init__(self, process: Process):
        self.process = process
        self.location: LocationAttr = UnknownLoc()
        self._block = self.process.block
        self._constants: dict[tuple[int, Attribute], Value] = {}
        self._last_constant: Operation | None = None

    # Appending ops

    def append(self, op: Operation) -> Operation:
        """Puts an op at the end of the current block, with the current location."""
        op.location = self.location
        self._block.add_op(op)
        return op

    def emit(self, op: Operation) -> Value:
        """Appends an op and gives its only result."""
        return Value(self, self.append(op).results[0])

    @contextmanager
    def located(self, location: LocationAttr) -> Generator[None]:
        """Ops made in this block carry the location of what they were lowered from."""
        before, self.location = self.location, location
        yield
        self.location = before

    @contextmanager
    def inside(self, block: Block) -> Generator[None]:
        """Ops made meanwhile go to the end of `block`."""
        before, self._block = self._block, block
        yield
        self._block = before

    # Constants and conversions

    def constant(self, value: int, type_: Attribute) -> Value:
        """A constant of a data type, of index or i1; each is made once, at the head of the task."""
        known = self._constants.get((value, type_))
        if known is not None:
            return known
        if isinstance(type_, IntegerType) and type_ != _BOOL:
            op: Operation = ConstantOp(value, type_)
        else:
            op = arith.ConstantOp(_attribute(value, type_))
        self.place_first(op)
        self._constants[value, type_] = Value(self, op.results[0])
        return self._constants[value, type_]

    def place_first(self, op: Operation) -> None:
        """Puts an op at the head of the task, after those that were put there before."""
        block = self.process.block
        if self._last_constant is not None:
            block.insert_ops_after([op], self._last_constant)
        elif block.first_op is not None:
            block.insert_ops_before([op], block.first_op)
        else:
            block.add_op(op)
        self._last_constant = op

    def true(self) -> Value:
        """The condition that always holds."""
        return self.constant(1, _BOOL)

    def to_index(self, value: Operand) -> Value:
        """A value or an int as an index."""
        return self.constant(value, IndexType()) if isinstance(value, int) else value.index()

    def amount(self, value: Operand) -> Value:
        """A value or an int as a shift amount."""
        return self.constant(value, IndexType()) if isinstance(value, int) else value

    def like(self, value: Operand, other: Value) -> Value:
        """A value, or an int as the kind of constant that goes with `other`."""
        if not isinstance(value, int):
            return value
        if other.is_index:
            return self.constant(value, IndexType())
        return self.constant(value, smallest_type(Range(value, value)))

    def data(self, value: Operand, type_: IntegerType) -> Value:
        """A value or an int in a type that holds it; TypeError when it does not."""
        return self.constant(value, type_) if isinstance(value, int) else value.widen(type_)

    def common(self, left: Operand, right: Operand) -> tuple[Value, Value]:
        """Both operands in one type that holds either; indices stay indices."""
        values = [value for value in (left, right) if isinstance(value, Value)]
        if not values or values[0].is_index:
            return self.to_index(left), self.to_index(right)
        first, second = self.like(left, values[0]), self.like(right, values[0])
        if first.ssa.type == second.ssa.type:
            return first, second
        ranges = [operand_range(value.ssa) for value in (first, second)]
        type_ = smallest_type(Range(min(r.low for r in ranges), max(r.high for r in ranges)))
        for value in values:
            if type_range(value.type).contains(type_range(type_)):
                type_ = value.type
        return first.widen(type_), second.widen(type_)

    def binary(
        self, op: BinaryOp, left: Value, right: Operand, type_: IntegerType | None = None
    ) -> Value:
        """`op` of two data values, in `type_` if given (exact where it is narrower than needed)."""
        second = self.like(right, left)
        needed = op.combine(operand_range(left.ssa), operand_range(second.ssa))
        result = smallest_type(needed) if type_ is None else type_
        exact = not type_range(result).contains(needed)
        return self.emit(op(left.ssa, second.ssa, result, exact))

    def add(self, left: Value, right: Operand, type_: IntegerType) -> Value:
        """left + right in `type_`; the caller has derived that it fits."""
        return self.binary(AddOp, left, right, type_)

    def concat(self, parts: Sequence[Value]) -> Value:
        """The parts' bits joined into one unsigned word, the first part lowest."""
        width = sum(part.width for part in parts)
        return self.emit(ConcatOp([part.ssa for part in parts], ui(width)))

    def zero_word(self, bits: int) -> Value:
        """A word of zeros, for inserting into."""
        return self.constant(0, ui(bits))

    # Streams, ports, scalars

    def read(self, stream: Handle) -> Value:
        """The next element of a stream."""
        return self.emit(ReadOp(self.process.import_(stream)))

    def write(self, stream: Handle, value: Operand) -> None:
        """Puts an element into a stream, widened to its type."""
        element = self.data(value, stream.element_type)
        self.append(WriteOp(element.ssa, self.process.import_(stream)))

    def index_of(self, scalar: Handle) -> Value:
        """A run-time scalar as an index."""
        key = (0, StringAttr(scalar.name))
        if key not in self._constants:
            argument = self.process.import_(scalar)
            op = CastOp(argument, IndexType())
            op.result.name_hint = hint(scalar.name)
            self.place_first(op)
            self._constants[key] = Value(self, op.result)
        return self._constants[key]

    def burst_read(
        self, port: Handle, offset: Operand, length: Operand, stream: Handle, label: str = "burst"
    ) -> None:
        """Moves `length` consecutive words of the bank, from word `offset` on, into the stream."""
        self.append(
            BurstReadOp(
                label,
                self.process.import_(port),
                self.to_index(offset).ssa,
                self.to_index(length).ssa,
                self.process.import_(stream),
            )
        )

    def burst_write(self, stream: Handle, port: Handle, offset: Operand, length: Operand) -> None:
        """Moves `length` words of the stream into the bank, from word `offset` on."""
        self.append(
            BurstWriteOp(
                "burst",
                self.process.import_(stream),
                self.process.import_(port),
                self.to_index(offset).ssa,
                self.to_index(length).ssa,
            )
        )
