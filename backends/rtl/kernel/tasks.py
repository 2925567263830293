"""`KERNEL_tasks`: the tasks of a kernel, joined by its FIFOs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lmc.backends.rtl.kernel.ports import BankPort, KernelPort, Scalar, StreamEnd, kernel_borders
from lmc.backends.rtl.kernel.text import (
    READ_WAYS,
    STREAM_WAYS,
    WRITE_WAYS,
    bank_ports,
    fifo,
    indented,
    instance,
    module_head,
    stream_ports,
)
from lmc.backends.rtl.verilog.layout import laid_out
from lmc.backends.rtl.verilog.names import Names, identifier
from lmc.dataflow.graph import TaskNode
from lmc.dataflow.links import stream_depth
from lmc.dataflow.netlist.statements import TaskNetlist
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import KernelOp, StreamOp, TaskOp

Alike = Mapping[str, tuple[TaskNode, Mapping[str, str]]]
"""For each task the one whose module it is, with what that one's streams and banks are in it."""


@dataclass
class KernelTasks:
    """A kernel's module of tasks, with what instances are called in it.

    `fifos` and `tasks` have the instances of the kernel's streams and tasks by their names.
    """

    name: str
    kernel: KernelOp
    borders: list[KernelPort]
    text: str = ""
    fifos: dict[str, str] = field(default_factory=dict[str, str])
    tasks: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def ports(self) -> list[str]:
        """Declarations of the module's ports, without commas."""
        lines = ["input  logic clk", "input  logic rst", "input  logic start", "output logic done"]
        for port in self.borders:
            match port:
                case Scalar():
                    lines.append(f"input  logic [31:0] {port.name}")
                case StreamEnd():
                    lines += stream_ports(port.name, port.bits, port.is_read)
                case BankPort():
                    lines += bank_ports(port.name, ways_of(port), port.bank.word_bits)
        return lines


def ways_of(port: BankPort) -> tuple[str, ...]:
    """The signals of a bank at a kernel's module of tasks."""
    return (READ_WAYS if port.reader else ()) + (WRITE_WAYS if port.writer else ())


def kernel_tasks_module(
    kernel: KernelOp, alike: Alike, netlists: Mapping[str, TaskNetlist], name: str
) -> KernelTasks:
    """The module of a kernel's tasks; `netlists` has those of the tasks with modules of their own.

    `start` is high for a cycle, and all tasks do their first statement in the next one. `done` is
    high once all have ended. Raises LmcError for what has no hardware.
    """
    return _Printer(kernel, alike, netlists, name).print()


class _Printer:
    def __init__(
        self, kernel: KernelOp, alike: Alike, netlists: Mapping[str, TaskNetlist], name: str
    ):
        self.made = KernelTasks(name, kernel, kernel_borders(kernel))
        self.alike, self.netlists = alike, netlists
        self.names = Names()
        for line in self.made.ports:
            self.names(line.split()[-1])
        self.done = self.names.fresh("are_done")
        # What a task's stream or bank is called here, for the end that it uses.
        self.signals: dict[tuple[str, str], str] = {}
        for port in self.made.borders:
            source = port.argument.source.sym_name.data
            match port:
                case Scalar():
                    self.signals[source, "scalar"] = port.name
                case StreamEnd():
                    self.signals[source, "read" if port.is_read else "write"] = port.name
                case BankPort():
                    for way, user in (("read", port.reader), ("write", port.writer)):
                        if user is not None:
                            self._bind(source, way, user, port.name)

    def _bind(self, bank: str, way: str, user: str, signal: str) -> None:
        if (bank, f"{way} {user}") in self.signals:
            raise LmcError(f"task {user} has two ports to bank {bank}: give it one")
        self.signals[bank, f"{way} {user}"] = signal

    def print(self) -> KernelTasks:
        made, body = self.made, list[str]()
        ops = list(made.kernel.body.block.ops)
        tasks = [op for op in ops if isinstance(op, TaskOp)]
        body += [
            f"logic [{len(tasks) - 1}:0] {self.done};",
            f"assign done = &{self.done};",
        ]
        for op in ops:
            if isinstance(op, StreamOp):
                body += ["", *self._fifo(op)]
        for number, task in enumerate(tasks):
            body += ["", *self._task(task.sym_name.data, number)]
        kernel = made.kernel.sym_name.data
        comment = [
            f"The tasks of kernel {kernel}, joined by FIFOs.",
            "",
            "`start` is high for a cycle; the first statements are in the next one. `done` is high",
            "once all tasks have ended, until the next start. A stream is valid, ready and data; a",
            "bank has a request with offset and length in words, then the words (docs/rtl.md).",
        ]
        lines = [*module_head(comment, made.name, made.ports), *indented(body), "", "endmodule"]
        made.text = "\n".join(laid_out(lines)) + "\n"
        return made

    def _fifo(self, stream: StreamOp) -> list[str]:
        name, element = stream.sym_name.data, stream.result.type.element_type
        signals = self.names.fresh(name)
        self.made.fifos[name] = self.names.fresh(f"{name}_fifo")
        self.signals[name, "write"] = f"{signals}_in"
        self.signals[name, "read"] = f"{signals}_out"
        style = "srl" if stream.impl is None else stream.impl.data
        depth = stream_depth(stream)
        return fifo(self.made.fifos[name], signals, element.width.data, depth, style)

    def _task(self, task: str, number: int) -> list[str]:
        first, parts = self.alike[task]
        netlist = self.netlists[first.name]
        pins = {"clk": "clk", "rst": "rst", "start": "start", "done": f"{self.done}[{number}]"}
        for node in netlist.scalars:
            pins[identifier(node.wish)] = self.signals[node.wish, "scalar"]
        for kind, streams in (("read", netlist.reads), ("write", netlist.writes)):
            for name in streams:
                signal = self.signals[parts[name], kind]
                pins |= {f"{name}_{way}": f"{signal}_{way}" for way in STREAM_WAYS}
        for name, (_, reads, writes) in netlist.ports.items():
            for kind, ways in (("read", READ_WAYS * reads), ("write", WRITE_WAYS * writes)):
                for way in ways:
                    pins[f"{name}_{way}"] = f"{self.signals[parts[name], f'{kind} {task}']}_{way}"
        self.made.tasks[task] = self.names.fresh(f"{task}_task")
        return instance(identifier(first.name), self.made.tasks[task], pins)
