"""The first state of a design: its programs, and all that they work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from lmc.dataflow.graph import DesignGraph
from lmc.dataflow.machines import Machine
from lmc.dataflow.timed import TimedTrace
from lmc.dialects.dataflow import DesignOp
from lmc.simulation import layout as at
from lmc.simulation import state as records
from lmc.simulation.memory import (
    Port,
    Rate,
    channels,
    design_ports,
    latency_cycles,
    port_rate,
)
from lmc.simulation.program import Entry, Programs
from lmc.simulation.state import Ints, Place, Records, State
from lmc.targets import Target

_INTEGER = np.dtype(np.int64)


@dataclass(frozen=True)
class Plan:
    """What a state is made of: names in the order of its records.

    `links` says of each stream whether it is between kernels.
    """

    tasks: tuple[str, ...]
    streams: tuple[str, ...]
    links: tuple[bool, ...]
    ports: tuple[Port, ...]
    channels: tuple[tuple[str, int], ...]
    target: Target
    clock_mhz: Fraction
    machine: Machine


def make_plan(graph: DesignGraph, target: Target, clock_mhz: Fraction, machine: Machine) -> Plan:
    """Names the parts of a design; raises LmcError as `design_ports` does."""
    return Plan(
        tuple(task.name for task in graph.tasks),
        tuple(graph.streams),
        tuple(isinstance(stream.parent_op(), DesignOp) for stream in graph.streams.values()),
        tuple(design_ports(graph, target)),
        tuple(channels(target)),
        target,
        clock_mhz,
        machine,
    )


def first_state(plan: Plan, traces: Mapping[str, TimedTrace]) -> State:
    """The state at cycle 0, but for the depths of FIFOs."""
    fifos = {name: number for number, name in enumerate(plan.streams)}
    ports = {(port.task, port.bank): number for number, port in enumerate(plan.ports)}
    programs = Programs(fifos, ports)
    entries = [programs.add(task, traces[task]) for task in plan.tasks]
    places = _places(plan, programs, entries)
    built = State(np.zeros(places["marks"].end, np.int64), places)
    _fill_head(built, entries, programs)
    built.memory[at.STALLS] = plan.machine.stalls.value
    _fill_programs(built, programs)
    _fill_tasks(built, entries)
    built.fifos["last_write"] = built.fifos["last_read"] = -1
    built.fifos["link"] = np.where(plan.links, plan.machine.link.value, 1)
    _fill_memory(built, plan)
    return built


def _places(plan: Plan, programs: Programs, entries: Sequence[Entry]) -> dict[str, Place]:
    points = sum(entry.points for entry in entries)
    pairs = sum(entry.pairs for entry in entries)
    ring = at.ENTRIES + 2 * programs.flight
    shapes: dict[str, tuple[tuple[int, ...], np.dtype[np.void] | np.dtype[np.int64]]] = {
        "head": ((at.STALLS + 1,), _INTEGER),
        "alarms": ((len(entries) + len(plan.channels),), _INTEGER),
        "code": ((len(programs.code),), records.CODE),
        "groups": ((len(programs.groups), 2), _INTEGER),
        "accesses": ((sum(map(len, programs.groups)),), records.ACCESS),
        "pipelines": ((len(programs.pipelines),), records.PIPELINE),
        "turns": ((len(programs.turns), 2), _INTEGER),
        "bursts": ((len(programs.bursts),), records.BURST),
        "tasks": ((len(entries),), records.TASK),
        "points": ((points,), records.POINT),
        "stacks": ((len(entries) + points, programs.depth), _INTEGER),
        "pairs": ((pairs, ring), _INTEGER),
        "fifos": ((len(plan.streams),), records.FIFO),
        "ports": ((len(plan.ports),), records.PORT),
        "channels": ((len(plan.channels),), records.CHANNEL),
        "marks": ((sum(entry.marks for entry in entries),), _INTEGER),
    }
    places: dict[str, Place] = {}
    start = 0
    for name, (shape, dtype) in shapes.items():
        places[name] = Place(start, shape, dtype)
        start = places[name].end
    return places


def _fill_head(built: State, entries: Sequence[Entry], programs: Programs) -> None:
    head, places = built.memory, built.places
    rounds = [entry.rounds for entry in entries]
    head[at.RUNNING] = head[at.TASKS] = len(entries)
    head[at.TASK0] = places["tasks"].start
    head[at.TRIGGER] = places["tasks"].address(rounds.index(max(rounds)) if rounds else 0)
    head[at.CHANNELS] = places["channels"].shape[0]
    head[at.CHANNEL0] = places["channels"].start
    head[at.ALARM0] = places["alarms"].start
    head[at.RING] = at.ENTRIES + 2 * programs.flight
    built.alarms[len(entries) :] = at.FOREVER


def _fill_programs(built: State, programs: Programs) -> None:
    memory, places = built.memory, built.places
    code = places["code"].view(memory)
    code[:] = programs.code
    targets = {
        at.NEXT: "code",
        at.ACCESS: "groups",
        at.RUN: "groups",
        at.PIPELINE: "pipelines",
        at.BURST: "bursts",
    }
    for op, name in targets.items():
        code["a"][code["op"] == op] = _addresses(places[name], code["a"][code["op"] == op])
    ends = np.cumsum([0, *map(len, programs.groups)])
    groups = places["groups"].view(memory)
    groups[:, at.FIRST] = _addresses(places["accesses"], ends[:-1])
    groups[:, at.LAST] = _addresses(places["accesses"], ends[1:])
    built.accesses[:] = [access for group in programs.groups for access in group]
    built.accesses["fifo"] = _addresses(places["fifos"], built.accesses["fifo"])
    built.pipelines[:] = programs.pipelines
    built.pipelines["turns"] = _addresses(places["turns"], built.pipelines["turns"])
    turns = places["turns"].view(memory)
    turns[:] = np.array(programs.turns, np.int64).reshape(-1, 2)
    turns[:, 1] = _addresses(places["code"], turns[:, 1])
    bursts = places["bursts"].view(memory)
    bursts[:] = list(programs.bursts)
    bursts["port"] = _addresses(places["ports"], bursts["port"])
    bursts["fifo"] = _addresses(places["fifos"], bursts["fifo"])


def _addresses(place: Place, numbers: Ints) -> Ints:
    return place.start + numbers * (place.address(1) - place.start)


def _fill_tasks(built: State, entries: Sequence[Entry]) -> None:
    places, tasks, points = built.places, built.tasks, built.points
    numbers = np.arange(len(entries))
    stacks = _addresses(places["stacks"], np.arange(len(entries) + len(points)))
    tasks["pc"] = _addresses(places["code"], np.array([entry.start for entry in entries], int))
    tasks["sp"] = stacks[: len(entries)]
    tasks["alarm"] = places["alarms"].start + numbers
    tasks["points"] = _addresses(places["points"], _starts([entry.points for entry in entries]))
    tasks["pairs"] = _addresses(places["pairs"], _starts([entry.pairs for entry in entries]))
    tasks["marks"] = places["marks"].start + _starts([entry.marks for entry in entries])
    points["stack"] = points["sp"] = stacks[len(entries) :]


def _starts(sizes: Sequence[int]) -> Ints:
    return np.cumsum([0, *sizes], dtype=np.int64)[:-1]


def _fill_memory(built: State, plan: Plan) -> None:
    places = built.places
    memories = {memory.name: memory for memory in plan.target.memories}
    first = 0
    for row, (name, number) in enumerate(plan.channels):
        memory, channel = memories[name], built.channels[row]
        rate = Rate.of(memory.sustained_gbps, plan.clock_mhz, memory.channels)
        alarm = places["alarms"].start + len(plan.tasks) + row
        members = [port for port in plan.ports if (port.memory, port.channel) == (name, number)]
        widest = max((port.word_bytes for port in members), default=0)
        channel["port0"], channel["ports"] = places["ports"].address(first), len(members)
        channel["rate"], channel["alarm"] = rate.credit, alarm
        channel["cap"] = channel["credit"] = widest * rate.unit + rate.credit
        for port, record in zip(members, built.ports[first:], strict=False):
            record["owner"] = places["tasks"].address(plan.tasks.index(port.task))
            record["alarm"], record["cost"] = alarm, port.word_bytes * rate.unit
            record["latency"] = latency_cycles(memory, plan.clock_mhz, plan.machine)
            record["writes"] = port.writes
            own = port_rate(memory, port.word_bytes, plan.clock_mhz, plan.machine)
            if own is not None:
                _limit(record, own, port.word_bytes)
        first += len(members)


def _limit(record: Records, rate: Rate, word_bytes: int) -> None:
    """What a port can move by itself."""
    record["rate"], record["own_cost"] = rate.credit, word_bytes * rate.unit
    record["cap"] = record["credit"] = record["own_cost"] + rate.credit
