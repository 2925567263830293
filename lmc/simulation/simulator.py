"""Simulates launches of a design, cycle by cycle, under the rules of docs/simulation.md."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial

from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.clocks import design_clock, schedule_clock
from lmc.dataflow.graph import design_graph
from lmc.dataflow.machines import RTL, Machine
from lmc.dataflow.timed import TimedTrace, TimedTracer, burst_words, unblocked_cycles
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.simulation.build import Plan, first_state, make_plan
from lmc.simulation.core import DEADLOCK, FINISHED, run
from lmc.simulation.layout import FOREVER
from lmc.simulation.memory import Rate, port_rate
from lmc.simulation.outgrown import Outgrown
from lmc.simulation.periods import Periods
from lmc.simulation.result import MemoryUse, PortUse, Result, StreamUse, TaskUse
from lmc.simulation.state import State
from lmc.simulation.waits import deadlock
from lmc.targets import Target

LOOK_EVERY = 20_000
"""Accesses of FIFOs between two looks for a steady state, which cost about as much."""


class Simulator:
    """A design for a setting of its run-time scalars, which can run with different FIFO depths.

    It is built as `machine` says. The clock is the design's, or the target's if the design names
    none.

    Raises:
        LmcError: a guard or a trip count depends on data, a loop has no schedule, or a bank is in
        no memory of the target.
    """

    def __init__(
        self,
        design: DesignOp,
        target: Target,
        scalars: Mapping[str, int],
        machine: Machine = RTL,
    ):
        self._graph = design_graph(design)
        clock_mhz = Fraction(design_clock(design, target))
        self.plan = make_plan(self._graph, target, clock_mhz, machine)
        clock = schedule_clock(design, int(clock_mhz))
        self._tracer = DesignTracer(
            self._graph.tasks, partial(TimedTracer, clock=clock, machine=machine)
        )
        self._traces = self.traces(scalars)

    def run(
        self,
        depths: Mapping[str, int] | None = None,
        *,
        limits: Mapping[str, int] | None = None,
    ) -> Result:
        """A launch, with other depths than the design's for the streams named in `depths`.

        Steady states are found and not simulated again and again: the result is the same, sooner.
        With `limits` in elements, the run ends early if FIFOs outgrow them, as soon
        as it is known which do (`Outgrown`): the result is what has happened until then.

        Raises:
            LmcError: the design stops before its end, or a stream has no depth.
        """
        state = self.start(depths)
        starts = state.tasks["marks"].copy()
        periods = Periods(state)
        outgrown = None if limits is None else Outgrown(self.plan.streams, limits)
        until = FOREVER if outgrown is None else outgrown.next_look
        while self.advance(state, LOOK_EVERY, until):
            periods.look()
            if outgrown is not None and outgrown.is_known(state):
                break
            until = FOREVER if outgrown is None else outgrown.next_look
        marks = [
            tuple(state.memory[start:end].tolist())
            for start, end in zip(starts, state.tasks["marks"], strict=True)
        ]
        return self._result(state, marks, periods.skipped)

    def _result(self, m: State, marks: Sequence[tuple[int, ...]], skipped: int) -> Result:
        tasks: dict[str, TaskUse] = {}
        for task, record, rounds in zip(self._graph.tasks, m.tasks, marks, strict=True):
            unblocked = unblocked_cycles(self._traces[task.name])
            tasks[task.name] = TaskUse(task.kernel, int(record["ended"]), unblocked, rounds)
        ports = _ports(self.plan, m)
        memories = {
            memory.name: MemoryUse(
                sum(port.bytes for port in ports if port.memory == memory.name),
                Rate.of(memory.sustained_gbps, self.plan.clock_mhz).bytes_per_cycle,
            )
            for memory in self.plan.target.memories
        }
        return Result(
            m.now,
            m.now - skipped,
            float(self.plan.clock_mhz),
            tasks,
            _streams(self.stream_ends(), m),
            ports,
            memories,
        )

    def start(self, depths: Mapping[str, int] | None = None) -> State:
        """The design's state at cycle 0; raises LmcError where a stream has no depth."""
        sizes = self._depths(depths or {})
        state = self._first.copy()
        state.fifos["depth"] = [sizes[name] for name in self.plan.streams]
        return state

    @cached_property
    def _first(self) -> State:
        return first_state(self.plan, self._traces)

    def advance(self, state: State, events: int = FOREVER, until: int = FOREVER) -> bool:
        """Runs as `core.run` says; whether it has not come to its end yet.

        Raises:
            DeadlockError: nothing can go on.
        """
        status = run(state.memory, events, until)
        if status == DEADLOCK:
            raise deadlock(self.plan, self._graph, state)
        return status != FINISHED

    def stream_ends(self) -> dict[str, tuple[str | None, str | None]]:
        """(producer, consumer) of each stream."""
        producers = {stream: task.name for task in self._graph.tasks for stream in task.writes}
        consumers = {stream: task.name for task in self._graph.tasks for stream in task.reads}
        return {name: (producers.get(name), consumers.get(name)) for name in self._graph.streams}

    def bytes_moved(self, scalars: Mapping[str, int]) -> dict[str, int]:
        """Bytes that a launch with these scalars moves, by memory; nothing is simulated."""
        moved = dict.fromkeys((memory.name for memory in self.plan.target.memories), 0)
        traces = self.traces(scalars)
        for port in self.plan.ports:
            moved[port.memory] += burst_words(traces[port.task], port.bank) * port.word_bytes
        return moved

    def unblocked_cycles(self, scalars: Mapping[str, int]) -> dict[str, int]:
        """Cycles that each task takes in a launch with these scalars if it never waits."""
        return {name: unblocked_cycles(trace) for name, trace in self.traces(scalars).items()}

    def traces(self, scalars: Mapping[str, int]) -> dict[str, TimedTrace]:
        """The timed traces of all tasks for a setting of the run-time scalars."""
        return self._tracer.trace(scalars)

    def _depths(self, given: Mapping[str, int]) -> dict[str, int]:
        depths: dict[str, int] = {}
        for name, stream in self._graph.streams.items():
            if name in given:
                depths[name] = given[name]
            elif stream.depth is None:
                raise LmcError(f"stream {name} has no depth: run size-fifos first")
            else:
                depths[name] = stream.depth.value.data
        return depths


def _streams(ends: Mapping[str, tuple[str | None, str | None]], m: State) -> dict[str, StreamUse]:
    return {
        name: StreamUse(
            *pair,
            depth=int(fifo["depth"]),
            elements=int(fifo["written"]),
            most=int(fifo["most"]),
            empty=int(fifo["empty"]),
            full=int(fifo["full"]),
        )
        for (name, pair), fifo in zip(ends.items(), m.fifos, strict=True)
    }


def _ports(plan: Plan, m: State) -> tuple[PortUse, ...]:
    memories = {memory.name: memory for memory in plan.target.memories}
    uses: list[PortUse] = []
    for row, port in enumerate(plan.ports):
        sustained = float(port.word_bytes)
        own = port_rate(memories[port.memory], port.word_bytes, plan.clock_mhz, plan.machine)
        if own is not None:
            sustained = min(sustained, own.bytes_per_cycle)
        record = m.ports[row]
        use = PortUse(
            **vars(port),
            words=int(record["words"]),
            bursts=int(record["bursts"]),
            waited=int(record["waited"]),
            latency=int(record["latent"]),
            sustained=sustained,
        )
        uses.append(use)
    return tuple(uses)
