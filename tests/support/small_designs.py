"""Small hand-made and random dataflow designs for the tests of the cycle simulator."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from design_builder import DesignBuilder
from hypothesis import strategies as st
from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.backends.hls.printer import find_design
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import last
from lmc.dialects.dataflow import DesignOp, si, ui
from lmc.ir.text import Context
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.targets import Memory, Target, load_target

MHZ = 250


def finished(design: DesignBuilder, mhz: int = MHZ) -> DesignOp:
    """The design, with a clock and its loops scheduled for it."""
    module = design.module()
    found = find_design(module)
    found.clock_mhz = IntegerAttr(mhz, i64)
    ScheduleLoops().apply(Context(), module)
    return found


def target_with(
    sustained_gbps: float = 16.0,
    latency_ns: float = 40.0,
    channels: int = 1,
    port_gbps: float | None = None,
) -> Target:
    """A board with one memory called ddr."""
    memory = Memory(
        name="ddr",
        ports=4,
        port_bits=512,
        sustained_gbps=sustained_gbps,
        channels=channels,
        latency_ns=latency_ns,
        port_gbps=port_gbps,
        capacity_gib=1,
        source="test",
    )
    return load_target("vck190").model_copy(update={"memories": [memory]})


TARGETS = st.builds(
    target_with,
    sustained_gbps=st.sampled_from((4.0, 13.3, 16.0, 40.0)),
    latency_ns=st.sampled_from((4.0, 30.0, 100.0)),
    port_gbps=st.sampled_from((None, 9.7)),
)

Body = Callable[[TaskBuilder], None]


def add_task(design: DesignBuilder, name: str, body: Body) -> None:
    with design.kernel(f"{name}_kernel") as kernel, kernel.task(name) as task:
        body(task)


WORD = ui(512)
ITEM = si(16)


def pass_on(source: Handle | None, sinks: Sequence[Handle], count: int) -> Body:
    """Reads `count` words and writes each to all sinks; without a source they are zeros."""

    def body(task: TaskBuilder) -> None:
        with task.loop("i", count, pipeline=True):
            word = task.zero_word(512) if source is None else task.read(source)
            for sink in sinks:
                task.write(sink, word)

    return body


class RandomDesign:
    """Tasks that pass on `count` elements, in all ways that tasks have, with random depths."""

    def __init__(self, source: random.Random, outer: int | None = None):
        self.random = source
        self.design = DesignBuilder("random")
        self.outer = self.random.choice((1, 2, 3, 5)) if outer is None else outer
        self.inner = self.random.choice((2, 4, 6, 8))
        self.count = self.outer * self.inner
        self.open: list[Handle] = []
        self.number = 0

    def build(self) -> DesignOp:
        for _ in range(self.random.randrange(1, 3)):
            self._source()
        for _ in range(self.random.randrange(1, 6)):
            self._middle()
        if self.random.random() < 0.5:
            self._feedback()
        while self.open:
            self._sink()
        return finished(self.design)

    def _stream(self) -> Handle:
        self.number += 1
        depth = self.random.choice((1, 1, 2, 2, 3, 5, 9, 17))
        return self.design.stream(f"s{self.number}", WORD, depth)

    def _take(self) -> Handle:
        return self.open.pop(self.random.randrange(len(self.open)))

    def _source(self) -> None:
        sink = self._stream()
        chunk = self.random.choice((1, self.inner, self.count))

        def read(task: TaskBuilder) -> None:
            with task.loop("chunk", self.count // chunk) as i:
                task.burst_read(bank, i * chunk, chunk, sink)

        def make(task: TaskBuilder) -> None:
            with task.nest([("o", self.outer), ("i", self.inner)], requested_ii=self._ii()):
                task.write(sink, task.zero_word(512))

        if self.random.random() < 0.7:
            bank = self.design.bank(f"in{self.number}", words=self.count)
            add_task(self.design, f"source{self.number}", read)
        else:
            add_task(self.design, f"source{self.number}", make)
        self.open.append(sink)

    def _sink(self) -> None:
        source = self._take()

        def write(task: TaskBuilder) -> None:
            with task.loop("chunk", self.outer) as i:
                task.burst_write(source, bank, i * self.inner, self.inner)

        def drop(task: TaskBuilder) -> None:
            with task.loop("chunk", self.count):
                task.read(source)

        self.number += 1
        if self.random.random() < 0.6:
            bank = self.design.bank(f"out{self.number}", words=self.count, direction="write")
            add_task(self.design, f"sink{self.number}", write)
        else:
            add_task(self.design, f"sink{self.number}", drop)

    def _ii(self) -> int | None:
        return self.random.choice((None, None, 1, 2, 3))

    def _middle(self) -> None:
        kinds = (self._map, self._map, self._buffered, self._guarded, self._twice, self._plain)
        self.random.choice(kinds)()

    def _ends(self) -> tuple[list[Handle], list[Handle]]:
        sources = [self._take()]
        while self.open and self.random.random() < 0.4:
            sources.append(self._take())
        sinks = [self._stream() for _ in range(self.random.choice((1, 1, 2)))]
        self.open += sinks
        return sources, sinks

    def _map(self) -> None:
        sources, sinks = self._ends()
        slow = self.random.random() < 0.5
        ii = self.random.choice((None, None, 1, 2, 4))

        def body(task: TaskBuilder) -> None:
            loops = [("o", self.outer), ("i", self.inner)]
            with task.nest(loops, requested_ii=ii):
                words = [task.read(source) for source in sources]
                parts = [word.slice(0, 16) for word in words]
                value = parts[0]
                for part in parts[1:]:
                    value = value.max(part)
                for position, sink in enumerate(sinks):
                    if slow or position:
                        value = (value * value).rss(9, ITEM)
                    task.write(sink, words[0].insert(value, 0))

        add_task(self.design, f"map{self.number}", body)

    def _buffered(self) -> None:
        (source, *rest), sinks = self._ends()
        self.open += rest

        def body(task: TaskBuilder) -> None:
            held = task.buffer("held", WORD, (self.inner,))
            with task.loop("round", self.outer):
                with task.loop("load", self.inner, pipeline=True) as i:
                    held[i] = task.read(source)
                with task.loop("idle", self.random.choice((1, 3)), pipeline=True) as i:
                    held[i] = task.zero_word(512)
                with task.loop("emit", self.inner, pipeline=True) as i:
                    for sink in sinks:
                        task.write(sink, held[i])

        add_task(self.design, f"buffered{self.number}", body)

    def _guarded(self) -> None:
        source = self._take()
        sink = self._stream()
        self.open.append(sink)
        times = self.random.choice((2, 3, 5))

        def body(task: TaskBuilder) -> None:
            register = task.register("held", WORD)
            loops = [("i", self.count), ("k", times)]
            with task.nest(loops, requested_ii=self._ii()) as (_, k):
                word = task.choose(k.eq(0), lambda: [task.read(source)], lambda: [register.get()])[
                    0
                ]
                register.set(word)
                with task.when(last(k, times)):
                    part = word.slice(0, 16)
                    task.write(sink, word.insert((part * part).rss(8, ITEM), 0))

        add_task(self.design, f"guarded{self.number}", body)

    def _twice(self) -> None:
        source = self._take()
        sink = self._stream()
        self.open.append(sink)

        def body(task: TaskBuilder) -> None:
            with task.loop("i", self.count // 2, pipeline=True):
                first = task.read(source)
                second = task.read(source)
                task.write(sink, second)
                task.write(sink, first)

        add_task(self.design, f"twice{self.number}", body)

    def _plain(self) -> None:
        source = self._take()
        sink = self._stream()
        self.open.append(sink)

        def body(task: TaskBuilder) -> None:
            with task.loop("o", self.outer), task.loop("i", self.inner):
                task.write(sink, task.read(source))

        add_task(self.design, f"plain{self.number}", body)

    def _feedback(self) -> None:
        """Each round needs what the round before has sent back."""
        source, out, there, back = self._take(), self._stream(), self._stream(), self._stream()
        self.open.append(out)
        delayed = self.random.choice((1, self.inner))

        def front(task: TaskBuilder) -> None:
            with task.loop("i", self.count, pipeline=True) as i:
                word = task.read(source)
                task.write(there, word)
                with task.when(i >= delayed):
                    task.read(back)

        def rear(task: TaskBuilder) -> None:
            with task.loop("i", self.count, pipeline=True) as i:
                word = task.read(there)
                part = word.slice(0, 16)
                word = word.insert((part * part).rss(8, ITEM), 0)
                task.write(out, word)
                with task.when(i < self.count - delayed):
                    task.write(back, word)

        add_task(self.design, f"front{self.number}", front)
        add_task(self.design, f"rear{self.number}", rear)
