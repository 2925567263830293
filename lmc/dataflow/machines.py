"""What a design is built as: figures of control, links and memory ports, each with its source.

The schedule of loops is the same in all of them (`schedule-loops`), and so are FIFOs inside of
kernels. docs/simulation.md has the rules that these figures are for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

from lmc.dataflow.resources.ports import MAX_BURST, OUTSTANDING
from lmc.diagnostics import UsageError
from lmc.labels import assumed


@dataclass(frozen=True)
class Figure:
    """A number of cycles, words or a choice (1 or 0), and where it is from: a document, or why it
    is assumed."""

    value: int
    source: str


@dataclass(frozen=True)
class Machine:
    """A way to build designs, by name."""

    name: str
    stalls: Figure
    """1: a pipeline that waits at one place waits everywhere (`stp`). 0: iterations in flight go on
    as far as those before them let them (`flp`)."""
    task: Figure
    """Cycles before a task's first statement."""
    round: Figure
    """Cycles of control of each round of a loop that is neither pipelined nor unrolled."""
    loop_end: Figure
    """Cycles to leave such a loop."""
    burst: Figure
    """Cycles of control of a burst beside the one of its request."""
    link: Figure
    """Cycles from a write to a stream between kernels until its element can be read."""
    memory_latency: Figure
    """Cycles of latency of a burst, at the least."""
    words_in_flight: Figure
    """Words that a port may have asked for and not got yet; 0: any number."""

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """All figures with their names."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Figure):
                yield field.name, value


_OWN = "docs/simulation.md: lmc's own RTL"
_LOOPS = 'UG1399, "Merging Loops"'
_NESTS = 'UG1399, "Working with Nested Loops"'
_BURSTS = 'UG1399, "Options for Controlling AXI4 Burst Behavior"'

RTL = Machine(
    "rtl",
    stalls=Figure(0, _OWN),
    task=Figure(0, _OWN),
    round=Figure(1, _OWN),
    loop_end=Figure(0, _OWN),
    burst=Figure(0, _OWN),
    link=Figure(1, _OWN),
    memory_latency=Figure(0, _OWN),
    words_in_flight=Figure(0, _OWN),
)
"""What lmc would make itself: a state machine for each task, FIFOs that are read a cycle later."""

HLS_FLP = Machine(
    "hls-flp",
    stalls=Figure(0, 'UG1399, "pragma HLS pipeline" (style=flp)'),
    task=Figure(1, _LOOPS),
    round=Figure(1, _NESTS),
    loop_end=Figure(1, _NESTS),
    burst=Figure(1, _LOOPS),
    link=Figure(
        4, assumed("a register at each end and two cycles of the FIFO; PG085 has no figure")
    ),
    memory_latency=Figure(64, _BURSTS),
    words_in_flight=Figure(MAX_BURST * OUTSTANDING, _BURSTS),
)
"""What documents promise of Vitis HLS and the linker, with pipelines that flush."""

HLS_STP = replace(
    HLS_FLP, name="hls-stp", stalls=Figure(1, 'UG1399, "pragma HLS pipeline" (style=stp)')
)
"""The same with pipelines that stall, which is what HLS makes of a loop that says nothing."""

MACHINES: Mapping[str, Machine] = MappingProxyType(
    {machine.name: machine for machine in (RTL, HLS_FLP, HLS_STP)}
)


def machine_of(name: str) -> Machine:
    """The machine of a name. Raises UsageError where there is none."""
    if name not in MACHINES:
        raise UsageError(f"there is no machine {name}: take {', '.join(MACHINES)}")
    return MACHINES[name]
