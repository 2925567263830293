"""Random bodies of tasks: buffers, loops, folds and branches around stream accesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from random_values import Pool, Source
from xdsl.dialects.builtin import IndexType, i1

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import BUFFER_KINDS, MAX_WIDTH, Range

BINDINGS = 3


@dataclass(frozen=True)
class Open:
    """A stream that nothing reads yet, with the elements that are written in a round."""

    handle: Handle
    count: int


class Body:
    """The body of one task, which reads all of `sources` and writes all of `sinks`."""

    def __init__(self, source: Source, sources: Sequence[Open], sinks: Sequence[Handle]):
        self.source = source
        self.sources = list(sources)
        self.sinks = list(sinks)
        self.counts: dict[str, int] = {}
        self.order = [sink.name for sink in sinks]

    def build(self, task: TaskBuilder, rounds: Handle | int, most: int) -> list[int]:
        """Appends the body; gives how many elements go into each sink in a round."""
        self.task = task
        pool = Pool(self.source, task)
        pool.buffers = [self._buffer(pool, number) for number in range(self.source.between(0, 2))]
        with task.loop("t", rounds) as t:
            inner = pool.inner()
            inner.add_index(t, Range(0, most - 1))
            inner.grow(self.source.between(0, 3))
            sources, sinks = self.sources, self.sinks
            while sources or sinks:
                taken = [sources.pop() for _ in range(self._some(sources, 0 if sinks else 1))]
                made = [sinks.pop() for _ in range(self._some(sinks, 0 if taken else 1))]
                self._section(inner, taken, made)
                self._nested(inner, marked=False)
        return [self.counts[name] for name in self.order]

    def _upto(self, most: int) -> int:
        return self.source.between(0, most)

    def _some(self, items: Sequence[object], least: int) -> int:
        return self.source.between(min(least, len(items)), min(2, len(items)))

    def _one_in(self, count: int) -> bool:
        return self.source.between(1, count) == 1

    # Buffers

    def _buffer(self, pool: Pool, number: int) -> Buffer:
        """A buffer with something in every element."""
        shape = [self.source.between(1, 4) for _ in range(self.source.between(1, 2))]
        partition = {
            dim: self.source.between(0, size) for dim, size in enumerate(shape) if self._one_in(3)
        }
        kind = self.source.choice(BUFFER_KINDS)
        if kind == "register":
            partition = dict.fromkeys(partition, 0)
        element = pool.any_type(MAX_WIDTH)
        buffer = self.task.buffer(f"memory{number}", element, shape, kind, partition)
        with self.task.nest([(f"fill{dim}", size) for dim, size in enumerate(shape)]) as counters:
            inner = pool.inner()
            for counter, size in zip(counters, shape, strict=True):
                inner.add_index(counter, Range(0, size - 1))
            inner.grow(self._upto(2))
            buffer[counters] = inner.converted(element)
        return buffer

    # Streams

    def _section(self, pool: Pool, sources: list[Open], sinks: list[Handle]) -> None:
        """A loop that takes all of `sources` of a round, and writes `sinks` as it goes."""
        trips = self._trips(sources)
        style = self.source.choice(("plain", "pipeline", "unroll", "nest", "ragged", "fold"))
        if style == "fold":
            self._folded(pool, sources, sinks, trips)
        elif style == "ragged":
            self._ragged(pool, sources, sinks, trips)
        elif style == "nest":
            outer = self.source.choice([n for n in range(1, trips + 1) if trips % n == 0])
            with self.task.nest([("o", outer), ("i", trips // outer)]) as (o, i):
                inner = pool.inner()
                inner.add_index(o, Range(0, outer - 1))
                inner.add_index(i, Range(0, trips // outer - 1))
                self._round(inner, sources, sinks, trips, o * (trips // outer) + i, marked=True)
        else:
            marks = {style: True} if style != "plain" else {}
            with self.task.loop("i", trips, **marks) as i:
                inner = pool.inner()
                inner.add_index(i, Range(0, trips - 1))
                self._round(inner, sources, sinks, trips, i, marked=bool(marks))

    def _ragged(self, pool: Pool, sources: list[Open], sinks: list[Handle], trips: int) -> None:
        """A nest whose inner bound is another one in the first round of the outer loop."""
        first = self.source.between(1, trips)
        others = 1 if first < trips else 0
        with self.task.loop("o", 1 + others) as o:
            bound = (o < 1).select(first, max(1, trips - first))
            with self.task.loop("i", bound, pipeline=True) as i:
                inner = pool.inner()
                inner.add_index(o, Range(0, others))
                inner.add_index(i, Range(0, max(first, trips - first) - 1))
                self._round(inner, sources, sinks, trips, o * first + i, marked=True)

    def _trips(self, sources: Sequence[Open]) -> int:
        if not sources:
            return self.source.between(1, 4)
        whole = gcd(*(stream.count for stream in sources))
        if whole == 0:
            return 1
        return self.source.choice([number for number in range(1, whole + 1) if whole % number == 0])

    def _folded(self, pool: Pool, sources: list[Open], sinks: list[Handle], trips: int) -> None:
        init = self._carried(pool)
        pipeline = self._one_in(2)

        def body(i: Value, *carried: Value) -> list[Value]:
            inner = pool.inner()
            inner.add_index(i, Range(0, trips - 1))
            self._see(inner, carried)
            self._round(inner, sources, sinks, trips, i, marked=pipeline)
            return self._next(inner, init)

        self._see(pool, self.task.fold("f", trips, init, body, pipeline=pipeline))

    def _round(
        self,
        pool: Pool,
        sources: Sequence[Open],
        sinks: Sequence[Handle],
        trips: int,
        number: Value,
        marked: bool,
    ) -> None:
        """One round of a loop of `trips`, `number` being which."""
        for stream in sources:
            for _ in range(stream.count // trips):
                pool.add(self._read(pool, stream.handle))
                pool.grow(self._upto(1))
        self._nested(pool, marked)
        pool.grow(self.source.between(1, 6))
        for sink in sinks:
            self._write(pool, sink, trips, number)

    def _read(self, pool: Pool, stream: Handle) -> Value:
        if not self._one_in(5):
            return self.task.read(stream)
        return self.task.choose(
            pool.some_boolean(),
            lambda: [self.task.read(stream)],
            lambda: [self._read_and_change(pool, stream)],
        )[0]

    def _read_and_change(self, pool: Pool, stream: Handle) -> Value:
        value = self.task.read(stream)
        inner = pool.inner()
        inner.add(value)
        inner.grow(self._upto(2))
        return inner.converted(stream.element_type)

    def _write(self, pool: Pool, sink: Handle, trips: int, number: Value) -> None:
        """One or two elements a round, or one in some rounds only."""
        if not self._one_in(4):
            times = self.source.between(1, 2)
            for _ in range(times):
                self.task.write(sink, pool.converted(sink.element_type))
            self.counts[sink.name] = times * trips
            return
        bound = self.source.between(1, trips)
        with self.task.when(number < bound):
            inner = pool.inner()
            inner.grow(self._upto(2))
            self.task.write(sink, inner.converted(sink.element_type))
        self.counts[sink.name] = bound

    # Control without streams

    def _nested(self, pool: Pool, marked: bool) -> None:
        """A branch or a loop that touches no stream, at times; its results join the pool."""
        kind = self._upto(5)
        if kind == 0:
            self._branch(pool)
        elif kind == 1:
            self._loop(pool, marked)

    def _branch(self, pool: Pool) -> None:
        like = self._carried(pool)

        def side() -> list[Value]:
            inner = pool.inner()
            inner.grow(self.source.between(1, 3))
            return self._next(inner, like)

        self._see(pool, self.task.choose(pool.some_boolean(), side, side))
        with self.task.when(pool.some_boolean()) as start:
            pool.inner().grow(self._upto(2))
        if self._one_in(2):
            with self.task.otherwise(start):
                pool.inner().grow(self._upto(2))

    def _loop(self, pool: Pool, marked: bool) -> None:
        """A fold whose trip count may depend on data, unless it has to be unrolled."""
        unroll = marked or self._one_in(3)
        trips = self.source.between(1, 3) if unroll else pool.index_below(4)
        init = self._carried(pool)

        def body(i: Value, *carried: Value) -> list[Value]:
            inner = pool.inner()
            inner.add_index(i, Range(0, 3))
            self._see(inner, carried)
            inner.grow(self.source.between(1, 4))
            return self._next(inner, init)

        self._see(pool, self.task.fold("g", trips, init, body, unroll=unroll))

    def _carried(self, pool: Pool) -> list[Value]:
        """Values that a loop may carry: data, words, conditions and small indices."""
        found: list[Value] = []
        for _ in range(self.source.between(1, BINDINGS)):
            kind = self._upto(5)
            if kind == 0:
                found.append(pool.some_boolean())
            elif kind == 1:
                found.append(pool.index_below(8))
            else:
                found.append(pool.some_data())
        return found

    def _see(self, pool: Pool, values: Sequence[Value]) -> None:
        for value in values:
            if value.is_index:
                pool.add_index(value, Range(0, 7))
            else:
                pool.add(value)

    def _next(self, pool: Pool, like: Sequence[Value]) -> list[Value]:
        """Values of the same types, often changed words or each other's."""
        found: list[Value] = []
        for value in like:
            if isinstance(value.ssa.type, IndexType):
                found.append(pool.index_below(8))
            elif value.ssa.type == i1:
                found.append(pool.some_boolean())
            else:
                found.append(pool.converted(value.type))
        return found
