"""Tasks and channels before they become kernels.

Patterns add tasks, each to a kernel by name, and join them by channels. Only when all are known
is it clear which
channels stay inside of a kernel (a FIFO of its dataflow region) and which join kernels (AXI
streams), so the design is built in a second step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import networkx
from xdsl.dialects.builtin import IntegerType, LocationAttr, UnknownLoc

from lmc.allocation import Place
from lmc.dataflow.builder import DesignBuilder, Handle, KernelBuilder, TaskBuilder
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, SegmentAttr


@dataclass(eq=False)
class Channel:
    """A stream from one task to another; `handle` is there once the network is built."""

    name: str
    element: IntegerType
    depth: int | None = None
    producer: str | None = None
    consumer: str | None = None
    handle: Handle = field(init=False)


@dataclass(frozen=True)
class _Task:
    kernel: str
    build: Callable[[KernelBuilder], None]
    reads: Sequence[Channel]
    writes: Sequence[Channel]


class Network:
    """The tasks and channels of a design under construction."""

    def __init__(self, name: str):
        self.design = DesignBuilder(name)
        self._channels: list[Channel] = []
        self._tasks: list[_Task] = []

    def channel(self, name: str, element: IntegerType, depth: int | None = None) -> Channel:
        """A new channel, of at least `depth`; the tasks that read and write it are told later."""
        channel = Channel(name, element, depth)
        self._channels.append(channel)
        return channel

    def bank(
        self,
        name: str,
        words: int,
        *,
        word_bits: int = 512,
        direction: str = "read",
        place: Place,
        layout: Sequence[SegmentAttr] = (),
    ) -> Handle:
        """A memory image of the design."""
        return self.design.bank(
            name,
            words=max(words, 1),
            word_bits=word_bits,
            direction=direction,
            memory=place.memory,
            channel=place.channel,
            layout=layout,
        )

    def add(
        self,
        kernel: str,
        reads: Sequence[Channel],
        writes: Sequence[Channel],
        build: Callable[[KernelBuilder], None],
    ) -> None:
        """A task (or several) that `build` makes in the kernel, and the channels it uses."""
        for channel in reads:
            _join(channel, "consumer", kernel)
        for channel in writes:
            _join(channel, "producer", kernel)
        self._tasks.append(_Task(kernel, build, reads, writes))

    def task(
        self,
        kernel: str,
        name: str,
        reads: Sequence[Channel],
        writes: Sequence[Channel],
        body: Callable[[TaskBuilder], None],
        location: LocationAttr | None = None,
    ) -> None:
        """One task whose body is made by `body`; `location` is that of the op it comes from."""

        def build(builder: KernelBuilder) -> None:
            with builder.task(name) as task, task.located(location or UnknownLoc()):
                body(task)

        self.add(kernel, reads, writes, build)

    def build(self) -> DesignOp:
        """The design as IR.

        Raises:
            LmcError: a channel lacks its producer or its consumer.
        """
        for channel in self._channels:
            if channel.producer is None or channel.consumer is None:
                lacking = "producer" if channel.producer is None else "consumer"
                raise LmcError(
                    f"stream {channel.name} has no {lacking}: an op's result is not used"
                )
            if channel.producer != channel.consumer:
                channel.handle = self.design.stream(channel.name, channel.element, channel.depth)
        for kernel in dict.fromkeys(task.kernel for task in self._tasks):
            self._build_kernel(kernel)
        return self.design.op

    def _build_kernel(self, kernel: str) -> None:
        with self.design.kernel(kernel) as builder:
            for channel in self._channels:
                if channel.producer == channel.consumer == kernel:
                    channel.handle = builder.stream(channel.name, channel.element, channel.depth)
            for task in _in_order([task for task in self._tasks if task.kernel == kernel]):
                task.build(builder)


def _in_order(tasks: list[_Task]) -> list[_Task]:
    """The tasks of a kernel, producers before consumers, as a dataflow region wants them."""
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(len(tasks)))
    producers = {id(channel): index for index, task in enumerate(tasks) for channel in task.writes}
    for index, task in enumerate(tasks):
        for channel in task.reads:
            if id(channel) in producers:
                graph.add_edge(producers[id(channel)], index)
    return [tasks[index] for index in networkx.lexicographical_topological_sort(graph)]


def _join(channel: Channel, end: str, kernel: str) -> None:
    if getattr(channel, end) is not None:
        raise LmcError(f"stream {channel.name} has two tasks as its {end}")
    setattr(channel, end, kernel)
