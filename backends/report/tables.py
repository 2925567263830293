"""Tables of the report: columns, rows of text, and where the figures come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lmc.allocation import Allocation
from lmc.analysis.cost.summary import short
from lmc.backends.report.shares import kernel_shares
from lmc.dataflow.resources.budget import BUDGET_SOURCE, budget_rows
from lmc.dataflow.resources.budget import source_of as resources_source
from lmc.dataflow.resources.counts import NAMES, amount
from lmc.design.evaluation import read_evaluation
from lmc.design.folder import Design
from lmc.dialects.dataflow import StreamOp, StreamType
from lmc.labels import estimated
from lmc.simulation.launch import Launch
from lmc.simulation.limits import has_time
from lmc.simulation.report import longest_wait, source_of

_FIFOS = 15
"""Rows of the table that shows only the largest."""


@dataclass(frozen=True)
class Table:
    """A table; `source` says of all its figures where they come from, "" if a column does."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    source: str


def loss_table(folder: Design) -> Table | None:
    """What `lmc eval` measured of a design; None where it did not, or the weights are random."""
    found = None if folder.is_random else read_evaluation(folder)
    if found is None:
        return None
    columns = ("engine", "bits per byte", "KL to float (bits)", "top-1 as float")
    return Table(columns, found.rows, found.source)


def allocation_table(allocation: Allocation) -> Table:
    """What `allocate-resources` has chosen."""
    rows = [
        ("lane", f"{lane.memory} channel {lane.channel}, sets of rows: {lane.sets}")
        for lane in allocation.lanes
    ]
    fields = allocation.model_dump(exclude={"lanes", "state_ports"}).items()
    rows += [(name, "on the chip" if value is None else _told(value)) for name, value in fields]
    places = ", ".join(
        f"{place.memory} channel {place.channel}" for place in allocation.state_ports
    )
    rows.append(("state_ports", places or "on the chip"))
    return Table(("choice", "value"), rows, "chosen by allocate-resources (docs/allocation.md)")


def memory_table(launch: Launch) -> Table:
    """Bytes and shares of the memories in use."""
    rows = [
        (
            memory.name,
            f"{launch.decode_bytes[memory.name]:,}",
            f"{memory.sustained_gbps:g}",
            f"{launch.utilization(memory.name):.1%}",
            memory.source,
        )
        for memory in launch.target.memories
        if launch.decode_bytes[memory.name]
    ]
    columns = ("memory", "bytes a new token", "sustained GB/s", "share used", "source of the rate")
    return Table(columns, rows, f"bytes and shares: {source_of(launch)}")


def port_table(launch: Launch) -> Table:
    """All memory ports over the launch."""
    cycles = launch.result.cycles
    rows = [
        (
            f"{port.task} ({'writes' if port.writes else 'reads'} {port.bank})",
            f"{port.memory} channel {port.channel}",
            f"{port.bytes:,}",
            f"{port.bytes / (cycles * port.sustained):.1%}",
            f"{port.waited:,}",
            f"{port.latency:,}",
        )
        for port in launch.result.ports
    ]
    columns = ("port", "memory", "bytes", "share used", "cycles waited", "cycles of latency")
    return Table(columns, rows, f"{source_of(launch)}, over the launch")


def busy_table(launch: Launch) -> Table:
    """Tasks that need much of a new token's time, and what they wait for in a launch."""
    names = [name for name in launch.result.tasks if not has_time(launch, name)]
    columns = ("task", "kernel", "busy in a new token", "waited", "waits longest", "cycles of it")
    source = f"{source_of(launch)}; waits are over the launch"
    return Table(columns, _task_rows(launch, names), source)


def idle_table(launch: Launch) -> Table:
    """The other tasks, with what they wait for."""
    names = [name for name in launch.result.tasks if has_time(launch, name)]
    columns = ("task", "kernel", "busy in a new token", "waited", "waiting", "cycles of it")
    source = f"{source_of(launch)}; waits are over the launch"
    return Table(columns, _task_rows(launch, names), source)


def _task_rows(launch: Launch, names: Sequence[str]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for name in sorted(names, key=lambda name: -launch.occupancy(name)):
        what, cycles = longest_wait(launch, name)
        task = launch.result.tasks[name]
        busy = f"{launch.occupancy(name):.1%}"
        rows.append((name, task.kernel, busy, f"{task.waited:,}", what, f"{cycles:,}"))
    return rows


def fifo_table(launch: Launch) -> Table:
    """The FIFOs that hold the most bits."""
    widths = {
        op.sym_name.data: _bits(op) for op in launch.design.walk() if isinstance(op, StreamOp)
    }
    uses = launch.result.streams
    largest = sorted(uses, key=lambda name: (-uses[name].depth * widths[name], name))[:_FIFOS]
    rows = [
        (
            name,
            f"{uses[name].producer} to {uses[name].consumer}",
            f"{widths[name]:,}",
            f"{uses[name].depth:,}",
            f"{uses[name].most:,}",
            short(uses[name].depth * widths[name], "bit"),
        )
        for name in largest
    ]
    columns = ("FIFO", "between", "bits of an element", "depth", "most held", "size")
    return Table(columns, rows, f"depths: set by size-fifos; most held: {source_of(launch)}")


def budget_table(resources: Mapping[str, Any]) -> Table:
    """Resources beside the budget."""
    rows = [
        (name, amount(used), amount(budget), share)
        for name, used, budget, share, _ in budget_rows(resources)
    ]
    columns = ("resource", "used", "budget", "share")
    return Table(columns, rows, f"{resources_source(resources)}; budget: {BUDGET_SOURCE}")


def slr_table(resources: Mapping[str, Any]) -> Table:
    """What is used of each SLR, and of its budget."""
    rows = [
        (
            slr,
            *(
                f"{amount(used)} of {amount(budget)} ({share})"
                for _, used, budget, share, _ in budget_rows(kinds)
            ),
        )
        for slr, kinds in resources["slrs"].items()
    ]
    source = f"{resources_source(resources)}; budget: {BUDGET_SOURCE}"
    return Table(("SLR", *NAMES.values()), rows, source)


def crossing_table(resources: Mapping[str, Any]) -> Table:
    """The wires between SLRs."""
    rows = [
        (" and ".join(item["slrs"]), f"{item['wires']:,}", f"{item['limit']:,}")
        for item in resources["crossings"]
    ]
    source = f"{estimated('docs/placement.md')}; limit: {BUDGET_SOURCE}"
    return Table(("between", "wires", "limit"), rows, source)


def kernel_table(resources: Mapping[str, Any]) -> Table:
    """Resources by kernel."""
    rows = [
        (part, *(amount(amounts[name]) for name in NAMES))
        for part, amounts in kernel_shares(resources).items()
    ]
    return Table(("part", *NAMES.values()), rows, resources_source(resources))


def _told(value: object) -> str:
    if isinstance(value, dict):
        return f"{value['memory']} channel {value['channel']}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _bits(stream: StreamOp) -> int:
    assert isinstance(stream.result.type, StreamType)
    return stream.result.type.element_type.width.data
