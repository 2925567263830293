"""A cycle simulator written from docs/simulation.md alone: every cycle of every task, in Python.

It shares the timed traces with the engine, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any

from xdsl.ir import BlockArgument

from lmc.dataflow.graph import design_graph
from lmc.dataflow.machines import RTL, Machine
from lmc.dataflow.timed import (
    Burst,
    Cycles,
    Iteration,
    Pipeline,
    TimedTracer,
    access_points,
)
from lmc.dataflow.timing import Clock
from lmc.dataflow.trips import Access, Repeat
from lmc.dialects.dataflow import BankOp, DesignOp
from lmc.simulation import Result
from lmc.targets import Target

Figures = dict[str, dict[Any, Any]]
"""When tasks end, and what streams, ports and memories have done, by their names."""


@dataclass
class Fifo:
    depth: int
    link: int = 1
    held: int = 0
    ages: list[int] = field(default_factory=list)
    """Cycles since elements were written that can't be read yet."""
    written: bool = False
    read: bool = False
    elements: int = 0
    most: int = 0
    empty: int = 0
    full: int = 0

    def possible(self, write: bool) -> bool:
        return self.held < self.depth if write else self.held > len(self.ages)

    def stalled(self, write: bool) -> None:
        if write:
            self.full += 1
        else:
            self.empty += 1

    def move(self, write: bool) -> None:
        assert self.possible(write)
        assert not (self.written if write else self.read), "two elements in a cycle"
        if write:
            self.written = True
            self.elements += 1
        else:
            self.read = True

    def end_cycle(self) -> None:
        self.most = max(self.most, self.held + self.written)
        self.held += self.written - self.read
        self.ages = [age + 1 for age in [*self.ages, *[0] * self.written] if age + 1 < self.link]
        self.written = self.read = False


@dataclass
class Port:
    task: str
    bank: str
    memory: str
    word_bytes: int
    latency: int
    own_rate: Fraction | None
    own_credit: Fraction
    fifo: str = ""
    write: bool = False
    left: int = 0
    ready: int = 0
    words: int = 0
    waited: int = 0


@dataclass
class Channel:
    rate: Fraction
    ports: list[Port] = field(default_factory=list)
    turn: int = 0
    credit: Fraction = Fraction(0)
    cap: Fraction = Fraction(0)

    def start(self) -> None:
        self.cap = max((port.word_bytes for port in self.ports), default=0) + self.rate
        self.credit = self.cap

    def cycle(self, now: int, fifos: dict[str, Fifo]) -> None:
        self.credit = min(self.cap, self.credit + self.rate)
        wanting: list[Port] = []
        for port in self.ports:
            if port.own_rate is not None:
                port.own_credit = min(
                    port.word_bytes + port.own_rate, port.own_credit + port.own_rate
                )
            if not port.left or now < port.ready:
                continue
            # A burst that reads memory writes the stream.
            if fifos[port.fifo].possible(not port.write):
                wanting.append(port)
            else:
                fifos[port.fifo].stalled(not port.write)
        served: list[Port] = []
        start = self.turn
        for place in range(len(self.ports)):
            number = (start + place) % len(self.ports)
            port = self.ports[number]
            if port not in wanting:
                continue
            if port.own_rate is not None and port.own_credit < port.word_bytes:
                continue
            if self.credit < port.word_bytes:
                break
            self.credit -= port.word_bytes
            port.own_credit -= port.word_bytes
            self.turn = (number + 1) % len(self.ports)
            fifos[port.fifo].move(not port.write)
            port.words += 1
            port.left -= 1
            served.append(port)
        for port in wanting:
            if port not in served:
                port.waited += 1


class Task:
    """A generator that yields once for each cycle it is in."""

    def __init__(self, name: str, trace: Sequence[Any], simulation: Simulation):
        self.name = name
        self.simulation = simulation
        self.end = -1
        self.steps = self._statements(trace)

    def _statements(self, nodes: Sequence[Any]) -> Iterator[None]:
        for node in nodes:
            if isinstance(node, Repeat):
                for _ in range(node.count):
                    yield from self._statements(node.body)
            elif isinstance(node, Cycles):
                for _ in range(node.count):
                    yield
            elif isinstance(node, Access):
                while not self._accessed([node]):
                    yield
                yield
            elif isinstance(node, Burst):
                yield from self._burst(node)
            elif self.simulation.machine.stalls.value:
                yield
                yield from self._stalling(node)
            else:
                yield
                yield from self._pipeline(node)

    def _accessed(self, accesses: Sequence[Access]) -> bool:
        for access in accesses:
            fifo = self.simulation.fifos[access.stream]
            if not fifo.possible(access.written):
                fifo.stalled(access.written)
                return False
        for access in accesses:
            self.simulation.fifos[access.stream].move(access.written)
        return True

    def _burst(self, burst: Burst) -> Iterator[None]:
        now = self.simulation.now
        yield
        if not burst.length:
            return
        port = self.simulation.ports[self.name, burst.bank]
        port.fifo, port.write = burst.access.stream, not burst.access.written
        port.left = burst.length
        port.ready = now + 1 + (0 if port.write else port.latency)
        while port.left:
            yield
        if port.write:
            for _ in range(port.latency):
                yield

    def _pipeline(self, pipeline: Pipeline) -> Iterator[None]:
        iterations = unrolled(pipeline.rounds)
        stages = pipeline.latency + pipeline.ii
        flying: list[tuple[dict[int, list[Access]], int]] = []
        waiting = next(iterations, None)
        if waiting is None:
            return
        while True:
            after: list[tuple[dict[int, list[Access]], int]] = []
            ahead: int | None = None
            if waiting is not None:
                flying.append((by_stage(pipeline, waiting), -1))
            for position, (accesses, done) in enumerate(flying):
                stage = done + 1
                free = ahead is None or ahead >= min(stage + pipeline.ii, stages - 1)
                if free and stage < stages and self._accessed(accesses.get(stage, [])):
                    done = stage
                is_new = waiting is not None and position == len(flying) - 1
                if is_new and done < 0:
                    break
                if is_new:
                    waiting = next(iterations, None)
                ahead = done
                after.append((accesses, done))
            flying = after
            yield
            if waiting is None and flying[-1][1] >= pipeline.latency - 1:
                return
            # What is far ahead of the next iteration can't hold it up.
            while len(flying) > 1 and flying[0][1] == stages - 1 == flying[1][1]:
                flying.pop(0)

    def _stalling(self, pipeline: Pipeline) -> Iterator[None]:
        """All iterations in flight go to their next stage, and a new one comes in, or none does."""
        iterations = [by_stage(pipeline, each) for each in unrolled(pipeline.rounds)]
        moves, last = 0, (len(iterations) - 1) * pipeline.ii + pipeline.latency - 1
        while iterations and moves <= last:
            oldest = max(0, (moves - pipeline.latency) // pipeline.ii)
            newest = min(moves // pipeline.ii, len(iterations) - 1)
            together = [
                access
                for number in range(oldest, newest + 1)
                for access in iterations[number].get(moves - number * pipeline.ii, [])
            ]
            moves += self._accessed(together)
            yield


def unrolled(nodes: Sequence[Any]) -> Iterator[Iteration]:
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from unrolled(node.body)
        else:
            yield node


def by_stage(pipeline: Pipeline, iteration: Iteration) -> dict[int, list[Access]]:
    stages: dict[int, list[Access]] = {}
    for offset, access in access_points(pipeline, iteration):
        stages.setdefault(offset, []).append(access)
    return stages


class Simulation:
    def __init__(
        self,
        design: DesignOp,
        target: Target,
        scalars: Mapping[str, int],
        depths: Mapping[str, int] | None = None,
        machine: Machine = RTL,
    ):
        graph = design_graph(design)
        self.machine = machine
        assert design.clock_mhz is not None
        clock = design.clock_mhz.value.data
        self.now = 0
        self.memories = [memory.name for memory in target.memories]
        self.fifos = {
            name: Fifo((depths or {}).get(name) or op.depth.value.data)  # pyright: ignore
            for name, op in graph.streams.items()
        }
        for name, op in graph.streams.items():
            if op.parent_op() is design:
                self.fifos[name].link = machine.link.value
        self.ports: dict[tuple[str, str], Port] = {}
        self.channels = self._channels(graph, target, clock)
        self.tasks = [
            Task(task.name, TimedTracer(task, Clock(clock), machine).trace(scalars), self)
            for task in graph.tasks
        ]

    def _channels(self, graph: Any, target: Target, clock: int) -> list[Channel]:
        channels: dict[tuple[str, int], Channel] = {}
        for memory in target.memories:
            rate = Fraction(str(memory.sustained_gbps)) * 10**9 / (clock * 10**6)
            for number in range(memory.channels):
                channels[memory.name, number] = Channel(rate / memory.channels)
        memories = {memory.name: memory for memory in target.memories}
        for task in graph.tasks:
            kernel = task.op.parent_op()
            for inner, outer in zip(task.op.body.block.args, task.op.arguments, strict=True):
                bank = (
                    kernel.arguments[outer.index].owner
                    if isinstance(outer, BlockArgument)
                    else None
                )
                if not isinstance(bank, BankOp) or not list(inner.uses):
                    continue
                memory = memories[bank.memory.data]
                size = bank.port.type.word_type.width.data // 8  # pyright: ignore
                latency = ceil(Fraction(str(memory.latency_ns)) * clock / 1000)
                latency = max(latency, self.machine.memory_latency.value)
                own, flying = memory.port_gbps, self.machine.words_in_flight.value
                own_rate = None if own is None else Fraction(str(own)) * 1000 / clock
                if 0 < flying < latency:
                    own_rate = min(own_rate or size, Fraction(flying * size, latency))
                credit = Fraction(0) if own_rate is None else size + own_rate
                place = (task.name, bank.sym_name.data, memory.name)
                port = Port(*place, size, latency, own_rate, credit)
                self.ports[port.task, port.bank] = port
                number = 0 if bank.channel is None else bank.channel.value.data
                channels[memory.name, number].ports.append(port)
        for channel in channels.values():
            channel.start()
        return list(channels.values())

    def run(self, limit: int = 10**6) -> int:
        """Cycles of the launch, or -1 if it stops before its end (nothing for 2000 cycles)."""
        running, last = list(self.tasks), 0
        while running and self.now < limit:
            for task in list(running):
                if next(task.steps, self) is self:
                    task.end = self.now
                    running.remove(task)
            for channel in self.channels:
                channel.cycle(self.now, self.fifos)
            for fifo in self.fifos.values():
                if fifo.written or fifo.read:
                    last = self.now
                fifo.end_cycle()
            if self.now - last > 2000:
                return -1
            self.now += 1
        return max(task.end for task in self.tasks)

    def figures(self) -> Figures:
        """What has been found, for a comparison with those of `figures_of`."""
        ports = self.ports.values()
        return {
            "tasks": {task.name: task.end for task in self.tasks},
            "streams": {
                name: (fifo.elements, fifo.most, fifo.empty, fifo.full)
                for name, fifo in self.fifos.items()
            },
            "ports": {(port.task, port.bank): (port.words, port.waited) for port in ports},
            "bytes": {
                memory: sum(port.words * port.word_bytes for port in ports if port.memory == memory)
                for memory in self.memories
            },
        }


def figures_of(result: Result) -> Figures:
    """The same figures as the engine has found them."""
    return {
        "tasks": {name: task.end for name, task in result.tasks.items()},
        "streams": {
            name: (stream.elements, stream.most, stream.empty, stream.full)
            for name, stream in result.streams.items()
        },
        "ports": {(port.task, port.bank): (port.words, port.waited) for port in result.ports},
        "bytes": {name: memory.bytes for name, memory in result.memories.items()},
    }
