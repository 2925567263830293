"""Random values of a task: every op of level 4 on data, indices and conditions, by construction
without undefined results.

A `Pool` holds the values that are in scope. Its `grow` appends an op on some of them. Index values
carry the range that they can have, so that offsets, amounts and divisors can be made to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerType, i1
from xdsl.ir import Operation

from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import dataflow
from lmc.dialects.dataflow import (
    COMPARISONS,
    MAX_ARITHMETIC_WIDTH,
    MAX_WIDTH,
    Range,
    is_signed,
    operand_range,
    si,
    smallest_type,
    type_range,
    ui,
)

T = TypeVar("T")

NAMES = ("x", "float", "word", "i", "int", "carried", "total", "value", "xor", "sum")
"""Name hints, some of which need care in C++."""

INDEX_LIMIT = 2**28
"""Index values stay below it, so that a few more operations on them fit."""


class Source(Protocol):
    """Where choices come from: hypothesis, or a seeded generator."""

    def between(self, low: int, high: int) -> int: ...

    def choice(self, items: Sequence[T]) -> T: ...


class Pool:
    """Values in scope, by kind."""

    def __init__(self, source: Source, task: TaskBuilder, outer: Pool | None = None):
        self.source = source
        self.task = task
        self.data: list[Value] = list(outer.data) if outer else []
        self.booleans: list[Value] = list(outer.booleans) if outer else []
        self.indices: list[tuple[Value, Range]] = list(outer.indices) if outer else []
        self.buffers: list[Buffer] = outer.buffers if outer else []

    def inner(self) -> Pool:
        """A pool for a block inside: it sees these values, and keeps its own."""
        return Pool(self.source, self.task, self)

    def one_in(self, count: int) -> bool:
        return self.source.between(1, count) == 1

    # Picking

    def any_type(self, widest: int = MAX_ARITHMETIC_WIDTH) -> IntegerType:
        width = self.source.choice((1, 2, 3, 5, 7, 8, 9, 16, 20, 31, 32, 33, 40, 48, 62, 63))
        if widest > MAX_ARITHMETIC_WIDTH and self.one_in(2):
            width = self.source.choice((64, 65, 100, 127, 128, 129, 200, 512, 1000, 1024))
        return self.source.choice((si, ui))(min(width, widest))

    def edge(self, type_: IntegerType) -> int:
        """A constant of a type: often at an end of its range, at 0 or next to it."""
        ends = type_range(type_)
        near = [ends.low, ends.high, 0, 1, -1, ends.high // 2, ends.low + 1, 5, 3]
        return max(ends.low, min(ends.high, self.source.choice(near)))

    def some_data(self, widest: int = MAX_WIDTH) -> Value:
        """A data value of at most `widest` bits, a constant at times."""
        fitting = [value for value in self.data if value.width <= widest]
        if not fitting or self.one_in(6):
            type_ = self.any_type(min(widest, MAX_ARITHMETIC_WIDTH))
            return self.task.constant(self.edge(type_), type_)
        return self.source.choice(fitting)

    def narrow(self, widest: int) -> Value:
        """A data value of at most `widest` bits, cut from another one if need be."""
        value = self.some_data(MAX_ARITHMETIC_WIDTH)
        return value if value.width <= widest else value.cast(self.any_type(widest))

    def converted(self, type_: IntegerType) -> Value:
        """A data value of exactly this type."""
        same = [value for value in self.data if value.type == type_]
        if same and not self.one_in(3):
            return self.source.choice(same)
        if type_.width.data <= MAX_ARITHMETIC_WIDTH:
            return self.some_data(MAX_ARITHMETIC_WIDTH).cast(type_)
        wide = [value for value in self.data if value.width >= type_.width.data]
        if wide:
            value = self.source.choice(wide)
            return self._emit(dataflow.SliceOp, value.ssa, self.task.to_index(0).ssa, type_)
        zero = self.task.constant(0, type_)
        return zero.insert(self.some_data(MAX_ARITHMETIC_WIDTH), 0)

    def some_boolean(self) -> Value:
        if not self.booleans or self.one_in(8):
            return self.task.constant(self.source.between(0, 1), i1)
        return self.source.choice(self.booleans)

    def some_index(self) -> tuple[Value, Range]:
        if not self.indices or self.one_in(5):
            number = self.source.choice((0, 1, 2, 3, 7, 63, 1000, 2**20))
            return self.task.to_index(number), Range(number, number)
        return self.source.choice(self.indices)

    def index_below(self, count: int) -> Value:
        """An index from 0 to count - 1: a constant, a counter or a remainder."""
        if count == 1 or self.one_in(3):
            return self.task.to_index(self.source.between(0, count - 1))
        index, ends = self.some_index()
        if ends.low >= 0 and ends.high < count:
            return index
        if ends.low < 0:
            index = self._emit(arith.AddiOp, index.ssa, self.task.to_index(-ends.low).ssa)
        return self._emit(arith.RemUIOp, index.ssa, self.task.to_index(count).ssa)

    # Adding

    def add(self, value: Value) -> Value:
        if self.one_in(6):
            value.named(self.source.choice(NAMES))
        (self.booleans if value.ssa.type == i1 else self.data).append(value)
        return value

    def add_index(self, value: Value, ends: Range) -> None:
        if ends.low > -INDEX_LIMIT and ends.high < INDEX_LIMIT:
            self.indices.append((value, ends))

    def _emit(self, op: Callable[..., Operation], *operands: object) -> Value:
        return self.task.emit(op(*operands))

    def grow(self, count: int) -> None:
        """Append `count` random ops; more come with the conversions that their operands need."""
        kinds: tuple[Callable[[], None], ...] = (
            self._binary,
            self._binary,
            self._binary,
            self._exact,
            self._unary,
            self._shift,
            self._shift,
            self._saturate,
            self._compare,
            self._choose,
            self._cast,
            self._slice,
            self._slice,
            self._insert,
            self._insert,
            self._concat,
            self._index_arithmetic,
            self._index_compare,
            self._logic,
            self._to_index,
            self._from_index,
            self._load,
            self._store,
        )
        for _ in range(count):
            self.source.choice(kinds)()

    # Data

    def _result_type(self, needed: Range) -> IntegerType:
        """The narrowest type for a range, or a wider one."""
        least = smallest_type(needed)
        width = least.width.data
        if self.one_in(2) or width >= MAX_ARITHMETIC_WIDTH:
            return least
        more = self.source.between(width + 1, MAX_ARITHMETIC_WIDTH)
        return si(more) if is_signed(least) or self.one_in(2) else ui(more)

    def _binary(self) -> None:
        op = self.source.choice(
            (dataflow.AddOp, dataflow.SubOp, dataflow.MulOp, dataflow.MinOp, dataflow.MaxOp)
        )
        widest = 31 if op is dataflow.MulOp else 61
        if op in (dataflow.MinOp, dataflow.MaxOp):
            widest = 62
        left, right = self.narrow(widest), self.narrow(widest)
        needed = op.combine(operand_range(left.ssa), operand_range(right.ssa))
        self.add(self._emit(op, left.ssa, right.ssa, self._result_type(needed)))

    def _exact(self) -> None:
        """A result that is narrower than the operands' types say, and fits all the same."""
        small = [self.narrow(8).cast(self.any_type(8)) for _ in range(2)]
        ranges = [operand_range(value.ssa) for value in small]
        wide = [
            value.cast(si(self.source.between(value.width + 1, MAX_ARITHMETIC_WIDTH)))
            for value in small
        ]
        op = self.source.choice((dataflow.AddOp, dataflow.SubOp, dataflow.MulOp, dataflow.MinOp))
        result = smallest_type(op.combine(*ranges))
        self.add(self._emit(op, wide[0].ssa, wide[1].ssa, result, True))

    def _unary(self) -> None:
        op = self.source.choice((dataflow.NegOp, dataflow.AbsOp, dataflow.BitLengthOp))
        value = self.narrow(62)
        if op is dataflow.BitLengthOp and is_signed(value.type):
            value = value.cast(ui(value.width))
        needed = op.transform(operand_range(value.ssa))
        self.add(self._emit(op, value.ssa, self._result_type(needed)))

    def _some_amount(self, most: int) -> tuple[Value, Range]:
        """A shift amount of 0 to `most` at the highest, as data or as an index."""
        if self.one_in(2):
            bits = self.source.between(1, (most + 1).bit_length() - 1)
            value = self.narrow(MAX_ARITHMETIC_WIDTH).cast(ui(bits))
            return value, operand_range(value.ssa)
        index = self.index_below(most + 1)
        return index, operand_range(index.ssa)

    def _shift(self) -> None:
        op = self.source.choice((dataflow.ShlOp, dataflow.ShrOp))
        if op is dataflow.ShrOp:
            value = self.narrow(MAX_ARITHMETIC_WIDTH)
            amount, _ = self._some_amount(63)
            needed = operand_range(value.ssa)
            wider = self._result_type(Range(min(needed.low, 0), max(needed.high, 0)))
            self.add(self._emit(op, value.ssa, amount.ssa, wider))
            return
        value = self.narrow(30)
        most = self.source.between(1, 62 - value.width)
        amount, amounts = self._some_amount(most)
        values, high = operand_range(value.ssa), min(amounts.high, most)
        ends = [end << by for end in (values.low, values.high) for by in (0, high)]
        exact = not isinstance(amount.ssa.owner, arith.ConstantOp) and amount.is_index
        type_ = self._result_type(Range(min(0, *ends), max(0, *ends)))
        self.add(self._emit(op, value.ssa, amount.ssa, type_, exact))

    def _saturate(self) -> None:
        value = self.narrow(MAX_ARITHMETIC_WIDTH)
        amount, _ = self._some_amount(63)
        type_ = self.any_type()
        self.add(self._emit(dataflow.RoundShiftSaturateOp, value.ssa, amount.ssa, type_))

    def _compare(self) -> None:
        left, right = self.narrow(MAX_ARITHMETIC_WIDTH), self.narrow(MAX_ARITHMETIC_WIDTH)
        predicate = self.source.choice(COMPARISONS)
        self.add(self._emit(dataflow.CmpOp, predicate, left.ssa, right.ssa))

    def _choose(self) -> None:
        left = self.some_data()
        right = self.converted(left.type)
        self.add(self._emit(dataflow.SelectOp, self.some_boolean().ssa, left.ssa, right.ssa))

    def _cast(self) -> None:
        narrow = MAX_ARITHMETIC_WIDTH
        value = self.some_boolean() if self.one_in(4) else self.narrow(narrow)
        self.add(self._emit(dataflow.CastOp, value.ssa, self.any_type()))

    # Words

    def _slice(self) -> None:
        word = self.some_data()
        width = self.source.between(1, word.width)
        offset = self.index_below(word.width - width + 1)
        type_ = self.source.choice((si, ui))(width)
        self.add(self._emit(dataflow.SliceOp, word.ssa, offset.ssa, type_))

    def _insert(self) -> None:
        word = self.some_data()
        value = self.some_data(word.width)
        for _ in range(self.source.between(1, 3)):
            offset = self.index_below(word.width - value.width + 1)
            word = self._emit(dataflow.InsertOp, value.ssa, word.ssa, offset.ssa)
            value = self.some_data(word.width)
        self.add(word)

    def _concat(self) -> None:
        parts = [self.some_data(MAX_WIDTH // 4) for _ in range(self.source.between(1, 4))]
        width = sum(part.width for part in parts)
        type_ = self.source.choice((si, ui))(width)
        self.add(self._emit(dataflow.ConcatOp, [part.ssa for part in parts], type_))

    # Indices and conditions

    def _index_arithmetic(self) -> None:
        op = self.source.choice(
            (arith.AddiOp, arith.SubiOp, arith.MuliOp, arith.DivUIOp, arith.RemUIOp)
        )
        (left, a), (right, b) = self.some_index(), self.some_index()
        if op in (arith.DivUIOp, arith.RemUIOp):
            if a.low < 0:
                return
            if b.low < 1:
                number = self.source.choice((1, 2, 3, 10))
                right, b = self.task.to_index(number), Range(number, number)
            ends = Range(0, a.high)
        elif op is arith.AddiOp:
            ends = Range(a.low + b.low, a.high + b.high)
        elif op is arith.SubiOp:
            ends = Range(a.low - b.high, a.high - b.low)
        else:
            products = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
            ends = Range(min(products), max(products))
        if ends.low > -(2**31) and ends.high < 2**31:
            self.add_index(self._emit(op, left.ssa, right.ssa), ends)

    def _index_compare(self) -> None:
        (left, a), (right, b) = self.some_index(), self.some_index()
        signed = ("eq", "ne", "slt", "sle", "sgt", "sge")
        unsigned = ("ult", "ule", "ugt", "uge")
        names = signed if min(a.low, b.low) < 0 else signed + unsigned
        self.add(self._emit(arith.CmpiOp, left.ssa, right.ssa, self.source.choice(names)))

    def _logic(self) -> None:
        left, right = self.some_boolean(), self.some_boolean()
        kind = self.source.between(0, 4)
        if kind == 0:
            self.add(self._emit(arith.SelectOp, self.some_boolean().ssa, left.ssa, right.ssa))
        elif kind == 1:
            (first, a), (second, b) = self.some_index(), self.some_index()
            chosen = self._emit(arith.SelectOp, left.ssa, first.ssa, second.ssa)
            self.add_index(chosen, Range(min(a.low, b.low), max(a.high, b.high)))
        else:
            op = (arith.AndIOp, arith.OrIOp, arith.XOrIOp)[kind - 2]
            self.add(self._emit(op, left.ssa, right.ssa))

    def _to_index(self) -> None:
        value = self.some_boolean() if self.one_in(4) else self.narrow(24)
        ends = Range(0, 1) if value.ssa.type == i1 else operand_range(value.ssa)
        self.add_index(self._emit(dataflow.CastOp, value.ssa, IndexType()), ends)

    def _from_index(self) -> None:
        index, _ = self.some_index()
        self.add(self._emit(dataflow.CastOp, index.ssa, self.any_type()))

    # Buffers

    def _place(self, buffer: Buffer) -> tuple[Value, ...]:
        shape = buffer.op.result.type.get_shape()
        return tuple(self.index_below(size) for size in shape)

    def _load(self) -> None:
        if self.buffers:
            buffer = self.source.choice(self.buffers)
            self.add(buffer[self._place(buffer)])

    def _store(self) -> None:
        if self.buffers:
            buffer = self.source.choice(self.buffers)
            buffer[self._place(buffer)] = self.converted(buffer.element)
