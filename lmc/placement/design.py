"""The placement of a design's tasks in the SLRs of its target, as a problem of parts and places."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lmc.dataflow.graph import DesignGraph, declaration, design_graph
from lmc.dataflow.links import is_link
from lmc.dataflow.resources import DesignResources, Resources, estimate, link_resources
from lmc.dataflow.resources.calibrated import calibration_of, scaled
from lmc.dataflow.resources.counts import NAMES
from lmc.dataflow.resources.ports import argument_register, kernel_control
from lmc.dataflow.wires import HANDSHAKE, read_port_wires, write_port_wires
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    Calibration,
    DesignOp,
    KernelOp,
    PortType,
    ScalarOp,
    StreamOp,
    StreamType,
)
from lmc.placement.problem import Amounts, Link, Problem, Shared, Tie, use_of
from lmc.placement.solve import solve
from lmc.targets import Target


@dataclass(frozen=True)
class Access:
    """What a task does with a bank through its port."""

    task: str
    bank: BankOp
    reads: bool
    writes: bool

    @property
    def directions(self) -> int:
        """1 or 2."""
        return self.reads + self.writes


@dataclass(frozen=True)
class SlrUse:
    """What a placed design takes: of each SLR, by name, and the wires across each boundary."""

    amounts: Mapping[str, Mapping[str, float]]
    crossings: tuple[tuple[str, str, int], ...]
    """(SLR, next SLR, wires)."""


def place_tasks(design: DesignOp, target: Target, pins: Mapping[str, str]) -> dict[str, str]:
    """The SLR of each task of a scheduled design with sized FIFOs, by name.

    `pins` has the SLRs of tasks that are not free.

    Raises:
        LmcError: a bank is in a memory that the target does not have.
    """
    names = [slr.name for slr in target.slrs]
    tasks = [task.name for task in design_graph(design).tasks]
    fixed = tuple((tasks.index(task), names.index(slr)) for task, slr in pins.items())
    places = solve(replace(design_problem(design, target), pins=fixed))
    return {task: names[place] for task, place in zip(tasks, places, strict=True)}


def slr_use(design: DesignOp, target: Target) -> SlrUse | None:
    """What a design takes of each SLR; None for a target without, or a design that is not placed.

    Each part is rounded up. Raises LmcError as `place_tasks` does.
    """
    names = [slr.name for slr in target.slrs]
    kernels = [op for op in design.body.block.ops if isinstance(op, KernelOp)]
    slrs = {op.sym_name.data: None if op.slr is None else op.slr.data for op in kernels}
    if not names or not set(slrs.values()) <= set(names):
        return None
    places = [names.index(slrs[task.kernel] or "") for task in design_graph(design).tasks]
    use = use_of(design_problem(design, target), places)
    amounts = {
        name: Resources(*taken).as_dict() for name, taken in zip(names, use.amounts, strict=True)
    }
    return SlrUse(amounts, tuple(zip(names[:-1], names[1:], use.wires, strict=True)))


def design_problem(design: DesignOp, target: Target) -> Problem:
    """The problem of a design: parts are its tasks in order, places the SLRs of its target.

    A stream is counted with the task that reads it, a memory port with the task that uses it. One
    that is cut is counted as what the linker makes of it, and is deep where that takes more BRAM.
    """
    graph, accesses = design_graph(design), bank_accesses(design)
    numbers = {task.name: number for number, task in enumerate(graph.tasks)}
    counted = estimate(design, target)
    resources = task_resources(graph, counted, accesses)
    assert target.crossing is not None
    return Problem(
        budgets=tuple(map(_in_order, target.slr_budgets().values())),
        limits=(target.crossing.wires,) * (len(target.slrs) - 1),
        parts=tuple(_in_order(resources[task.name].as_dict()) for task in graph.tasks),
        links=tuple(_links(graph, numbers, counted, target)),
        ties=tuple(
            Tie(numbers[one.task], _port_slr(one.bank, target), port_wires(one)) for one in accesses
        ),
        shared=tuple(_control(graph, numbers, calibration_of(design))),
    )


def stream_wires(stream: StreamOp) -> int:
    """Wires of a stream."""
    assert isinstance(stream.result.type, StreamType)
    return stream.result.type.element_type.width.data + HANDSHAKE


def port_wires(access: Access) -> int:
    """Wires of an AXI port, in the directions in which its task uses it."""
    assert isinstance(access.bank.port.type, PortType)
    bits = access.bank.port.type.word_type.width.data
    return access.reads * read_port_wires(bits) + access.writes * write_port_wires(bits)


def bank_accesses(design: DesignOp) -> list[Access]:
    """The memory ports of all tasks."""
    accesses: list[Access] = []
    for task in design_graph(design).tasks:
        found: dict[BankOp, set[bool]] = defaultdict(set)
        for op in task.op.body.block.walk():
            if isinstance(op, BurstReadOp | BurstWriteOp):
                bank = declaration(op.port)
                assert isinstance(bank, BankOp)
                found[bank].add(isinstance(op, BurstWriteOp))
        for bank, written in found.items():
            accesses.append(Access(task.name, bank, False in written, True in written))
    return accesses


def task_resources(
    graph: DesignGraph, counted: DesignResources, accesses: Iterable[Access]
) -> dict[str, Resources]:
    """What each task takes with the streams it reads and its memory ports, by name.

    The ports of a bank share evenly, by direction, what is counted for the bank.
    """
    taken = {
        task.name: sum(
            (counted.streams[name] for name in task.reads),
            start=counted.tasks[task.kernel][task.name],
        )
        for task in graph.tasks
    }
    directions: dict[BankOp, int] = defaultdict(int)
    for one in accesses:
        directions[one.bank] += one.directions
    for one in accesses:
        port = counted.ports[one.bank.sym_name.data] * (one.directions / directions[one.bank])
        register = scaled(KernelOp.name, argument_register(), calibration_of(one.bank))
        taken[one.task] += port + register
    return taken


def _port_slr(bank: BankOp, target: Target) -> int:
    name = target.memory(bank.memory.data).slr_of(bank.channel_number)
    return [slr.name for slr in target.slrs].index(name or "")


def _links(
    graph: DesignGraph, numbers: Mapping[str, int], counted: DesignResources, target: Target
) -> Iterator[Link]:
    """The streams. Those of a kernel become the linker's where they are cut."""
    writers = {name: numbers[task.name] for task in graph.tasks for name in task.writes}
    readers = {name: numbers[task.name] for task in graph.tasks for name in task.reads}
    for name, stream in graph.streams.items():
        if name not in writers or name not in readers:
            continue
        link = Link(writers[name], readers[name], stream_wires(stream))
        if not is_link(stream):
            more = (link_resources(stream, target) + counted.streams[name] * -1).as_dict()
            cut = _in_order(more) if any(more.values()) else ()
            link = replace(link, cut=cut, is_deep=more["bram36"] > 0)
        yield link


def _control(
    graph: DesignGraph, numbers: Mapping[str, int], calibration: Calibration | None
) -> Iterator[Shared]:
    """Each part of a kernel has control, and a register of each scalar that its tasks use."""
    users: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for task in graph.tasks:
        users[task.kernel, None].append(numbers[task.name])
        for argument in task.op.body.block.args:
            source = declaration(argument)
            if isinstance(source, ScalarOp):
                users[task.kernel, source.sym_name.data].append(numbers[task.name])
    for (_, scalar), parts in users.items():
        taken = kernel_control(0) if scalar is None else argument_register()
        calibrated = scaled(KernelOp.name, taken, calibration)
        yield Shared(tuple(parts), _in_order(calibrated.as_dict()))


def _in_order(amounts: Mapping[str, float]) -> Amounts:
    return tuple(amounts[name] for name in NAMES)
