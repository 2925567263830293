"""The bench of a design: kernels joined by FIFOs, with their banks and scalars outside."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from lmc.backends.rtl.kernel.files import DesignRtl
from lmc.backends.rtl.kernel.ports import BankPort, Scalar, StreamEnd
from lmc.backends.rtl.kernel.tasks import KernelTasks, ways_of
from lmc.backends.rtl.kernel.text import (
    STREAM_WAYS,
    bank_ports,
    fifo,
    indented,
    instance,
    module_head,
)
from lmc.backends.rtl.verilog.handshakes import port_lines
from lmc.backends.rtl.verilog.names import identifier
from lmc.dataflow.banks import banks
from lmc.dataflow.links import is_link, stream_depth
from lmc.dataflow.machines import RTL
from lmc.dialects.dataflow import LogitsAttr, ScalarOp
from lmc.simulation.build import Plan, make_plan
from lmc.simulation.memory import Port, Rate, latency_cycles, port_rate
from lmc.targets import Target

TOP = "lmc_bench"
_SAME = {"clk", "rst", "start"}
"""Inputs that are driven by one signal in all instances."""
MOST_SHIFT_REGISTER = 64
"""Elements of a link that is made of shift registers; a memory block is quicker to simulate."""


@dataclass(frozen=True)
class TaskWait:
    """What a task waits for; of several, it is held up by what has the highest rank."""

    task: str
    stream: str
    written: bool
    rank: tuple[int, int]


@dataclass
class BenchTop:
    """The texts of a bench; tasks, streams and what tasks wait for by the paths of their meters.

    `kept` tells Verilator which signals it leaves as they are.
    """

    text: str
    tables: str
    kept: str
    tasks: dict[str, str] = field(default_factory=dict[str, str])
    fifos: dict[str, str] = field(default_factory=dict[str, str])
    waits: dict[str, TaskWait] = field(default_factory=dict[str, TaskWait])


def bench_top(rtl: DesignRtl, target: Target) -> BenchTop:
    """The bench of a design with the memories of its target.

    Raises LmcError where a bank is in a memory that the target does not have.
    """
    plan = make_plan(rtl.graph, target, Fraction(rtl.clock_mhz), RTL)
    made = BenchTop(_text(rtl), _tables(rtl, plan), _kept(rtl))
    for kernel in rtl.kernels:
        path = f"{TOP}.{unit_name(kernel)}"
        made.fifos |= {f"{path}.{name}.meter": s for s, name in kernel.fifos.items()}
        made.tasks |= {f"{path}.{name}.meter": t for t, name in kernel.tasks.items()}
        for task, name in kernel.tasks.items():
            first, parts = rtl.alike[task]
            for i, one in enumerate(rtl.modules[first.name].waits):
                wait = TaskWait(task, parts[one.stream], one.written, (one.stage, -i))
                made.waits[f"{path}.{name}.meter_{i}"] = wait
    made.fifos |= {f"{TOP}.{name}_link.meter": name for name in _links(rtl)}
    return made


def unit_name(kernel: KernelTasks) -> str:
    """What a kernel's instance is called."""
    return f"{kernel.kernel.sym_name.data}_unit"


def _links(rtl: DesignRtl) -> list[str]:
    return [name for name, stream in rtl.graph.streams.items() if is_link(stream)]


def _scalars(rtl: DesignRtl) -> list[str]:
    return [op.sym_name.data for op in rtl.design.body.block.ops if isinstance(op, ScalarOp)]


def bank_borders(rtl: DesignRtl) -> Iterator[tuple[KernelTasks, BankPort]]:
    """All ports of banks, with their kernels."""
    for kernel in rtl.kernels:
        for port in kernel.borders:
            if isinstance(port, BankPort):
                yield kernel, port


def outer_name(kernel: KernelTasks, port: BankPort) -> str:
    """What a kernel's port is called at the bench."""
    return f"{kernel.kernel.sym_name.data}_{port.name}"


def _text(rtl: DesignRtl) -> str:
    ports = ["input  logic clk", "input  logic rst", "input  logic start", "output logic done"]
    ports += [f"input  logic [31:0] {name}_scalar" for name in _scalars(rtl)]
    for kernel, port in bank_borders(rtl):
        ports += bank_ports(outer_name(kernel, port), ways_of(port), port.bank.word_bits)
    count = len(rtl.kernels)
    body = [f"logic [{count - 1}:0] are_done;", "assign done = &are_done;"]
    for name in _links(rtl):
        stream = rtl.graph.streams[name]
        depth, element = stream_depth(stream), stream.result.type.element_type.width.data
        style = "srl" if depth <= MOST_SHIFT_REGISTER else "bram"
        body += ["", *fifo(f"{name}_link", f"link_{name}_", element, depth, style)]
    for number, kernel in enumerate(rtl.kernels):
        body += ["", *instance(kernel.name, unit_name(kernel), _pins(kernel, number))]
    comment = [
        f"The kernels of {rtl.design.sym_name.data}, joined by FIFOs, for a simulation: banks and",
        "scalars are outside.",
    ]
    binds = [
        f"bind {identifier(name)} lmc_task_meter meter (.clk, .rst, .start, .done);"
        for name in rtl.netlists
    ]
    binds += [
        f"bind {identifier(name)} lmc_wait_meter meter_{i} (.waits({wait.condition}));"
        for name, module in rtl.modules.items()
        for i, wait in enumerate(module.waits)
    ]
    lines = [*module_head(comment, TOP, ports), *indented(body), "", "endmodule", "", *binds]
    return "\n".join(lines) + "\n"


def _pins(kernel: KernelTasks, number: int) -> dict[str, str]:
    pins = {"clk": "clk", "rst": "rst", "start": "start", "done": f"are_done[{number}]"}
    for port in kernel.borders:
        name, source = port.name, port.argument.source.sym_name.data
        match port:
            case Scalar():
                pins[name] = f"{source}_scalar"
            case StreamEnd():
                end = "out" if port.is_read else "in"
                pins |= {f"{name}_{way}": f"link_{source}_{end}_{way}" for way in STREAM_WAYS}
            case BankPort():
                outer = outer_name(kernel, port)
                pins |= {f"{name}_{way}": f"{outer}_{way}" for way in ways_of(port)}
    return pins


def _kept(rtl: DesignRtl) -> str:
    """Inputs of modules with several instances: Verilator would read what drives them instead,
    which is another signal for each instance, and instances could not share their code."""
    counts = Counter(rtl.alike[task][0].name for kernel in rtl.kernels for task in kernel.tasks)
    inputs = {"lmc_fifo": ["in_valid", "in_data", "out_ready"]}
    for name, netlist in rtl.netlists.items():
        if counts[name] > 1:
            ports = [line.split() for line in port_lines(netlist)]
            names = [port[-1] for port in ports if port[0] == "input"]
            inputs[identifier(name)] = [name for name in names if name not in _SAME]
    lines = [
        f'public_flat_rd -module "{module}" -var "{name}"'
        for module, names in inputs.items()
        for name in names
    ]
    return "\n".join(["`verilator_config", *lines]) + "\n"


def _tables(rtl: DesignRtl, plan: Plan) -> str:
    lines = ["// The banks, channels and scalars of a design.", "", *_bank_table(rtl)]
    lines += ["", "static std::vector<Channel> channels(Vlmc_bench &top) {", "  return {"]
    memories = {memory.name: memory for memory in plan.target.memories}
    outer = {
        (user, port.bank.sym_name.data): outer_name(kernel, port)
        for kernel, port in bank_borders(rtl)
        for user in (port.reader, port.writer)
        if user is not None
    }
    for name, number in plan.channels:
        members = [port for port in plan.ports if (port.memory, port.channel) == (name, number)]
        memory = memories[name]
        rate = Rate.of(memory.sustained_gbps, plan.clock_mhz, memory.channels)
        widest = max((port.word_bytes for port in members), default=0)
        lines.append(f"      Channel{{{rate.credit}, {widest * rate.unit + rate.credit}, {{")
        for port in members:
            own = port_rate(memory, port.word_bytes, plan.clock_mhz, plan.machine)
            latency = latency_cycles(memory, plan.clock_mhz, plan.machine)
            top = outer[port.task, port.bank]
            lines.append(f"          {_port(port, rate, own, latency, top)},")
        lines.append("      }},")
    lines += ["  };", "}", "", *_scalar_table(rtl)]
    return "\n".join(lines) + "\n"


def _port(port: Port, rate: Rate, own: Rate | None, latency: int, top: str) -> str:
    limit = (0, 0, 0)
    if own is not None:
        cost = port.word_bytes * own.unit
        limit = (own.credit, cost, cost + own.credit)
    ask, wants, serve, data = ("ar", "r_ready", "r_valid", "r_data")
    if port.writes:
        ask, wants, serve, data = ("aw", "w_valid", "w_ready", "w_data")
    ways = [f"{ask}_valid", f"{ask}_ready", f"{ask}_offset", f"{ask}_length", wants, serve, data]
    signals = [f"&top.{top}_{way}" for way in ways]
    signals.append(f"&top.{top}_b_valid" if port.writes else "nullptr")
    figures = [port.word_bytes, str(port.writes).lower(), port.word_bytes * rate.unit, latency]
    values = [f'"{port.bank}"', *map(str, [*figures, *limit]), *signals]
    return f"Port{{{', '.join(values)}}}"


def _bank_table(rtl: DesignRtl) -> list[str]:
    lines = ["static std::vector<Bank> banks() {", "  return {"]
    for bank in banks(rtl.design):
        written, of_a_step = bank.direction.data != "read", bool(bank.segments)
        of_a_step = of_a_step and isinstance(bank.segments[0], LogitsAttr)
        size = bank.words.value.data * bank.word_bits // 8
        flags = f"{str(written).lower()}, {str(of_a_step).lower()}"
        lines.append(f'      {{"{bank.sym_name.data}", {size}, {flags}}},')
    return [*lines, "  };", "}"]


def _scalar_table(rtl: DesignRtl) -> list[str]:
    names = _scalars(rtl)
    lines = [
        "static void set_scalars(Vlmc_bench &top, const std::vector<uint32_t> &scalars) {",
        f'  if (scalars.size() != {len(names)}) fail("a launch has {len(names)} scalars");',
    ]
    lines += [f"  top.{name}_scalar = scalars.at({i});" for i, name in enumerate(names)]
    return [*lines, "}"]
