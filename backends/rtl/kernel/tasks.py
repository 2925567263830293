"""`KERNEL_tasks`: the tasks of a kernel, joined by its FIFOs."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from lmc.backends.rtl.kernel.loops import counted_runs, counting, loop, numbered, offset
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
        self.genvar = self.names.fresh("i")
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
        made, ops = self.made, list(self.made.kernel.body.block.ops)
        tasks = [op.sym_name.data for op in ops if isinstance(op, TaskOp)]
        body = [f"logic [{len(tasks) - 1}:0] {self.done};", f"assign done = &{self.done};"]
        body += self._fifos([op for op in ops if isinstance(op, StreamOp)])
        body += self._tasks(tasks)
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

    # FIFOs

    def _fifos(self, streams: Sequence[StreamOp]) -> list[str]:
        """All FIFOs: loops of those that are alike, and each of the others."""
        shapes = {stream.sym_name.data: _shape(stream) for stream in streams}
        runs = {run[0]: run for run in counted_runs(shapes)}
        inside = {name for run in runs.values() for name in run}
        self.made.fifos = dict.fromkeys(shapes, "")
        lines: list[str] = []
        for name, shape in shapes.items():
            if name in runs:
                lines += ["", *self._fifo_loop(runs[name], shape)]
            elif name not in inside:
                signals = self.names.fresh(name)
                self._joined(name, self.names.fresh(f"{name}_fifo"), f"{signals}_")
                lines += ["", *fifo(self.made.fifos[name], f"{signals}_", *shape)]
        return lines

    def _fifo_loop(self, run: Sequence[str], shape: tuple[int, int, str]) -> list[str]:
        (stem, first), last = _number(run[0]), _number(run[-1])[1]
        label = self.names.fresh(stem)
        for number, name in enumerate(run, first):
            self._joined(name, f"{label}[{number}].fifo", f"{label}[{number}].")
        return loop(self.genvar, first, last, label, fifo("fifo", "", *shape))

    def _joined(self, stream: str, instance: str, signals: str) -> None:
        self.made.fifos[stream] = instance
        self.signals[stream, "write"] = f"{signals}in"
        self.signals[stream, "read"] = f"{signals}out"

    # Tasks

    def _tasks(self, tasks: Sequence[str]) -> list[str]:
        """All tasks: loops of those that are alike, and each of the others."""
        pins = {task: self._pins(task) for task in tasks}
        runs = {run[0]: run for run in counted_runs({t: self._alike(t, pins[t]) for t in tasks})}
        inside = {name for run in runs.values() for name in run}
        self.made.tasks = dict.fromkeys(tasks, "")
        lines: list[str] = []
        place = 0
        for task in tasks:
            module = identifier(self.alike[task][0].name)
            if task in runs:
                lines += ["", *self._task_loop(runs[task], pins[task], place)]
                place += len(runs[task])
            elif task not in inside:
                name = self.made.tasks[task] = self.names.fresh(f"{task}_task")
                lines += [
                    "",
                    *instance(module, name, _with_done(pins[task], self.done, f"{place}")),
                ]
                place += 1
        return lines

    def _task_loop(self, run: Sequence[str], pins: Mapping[str, str], place: int) -> list[str]:
        (stem, first), last = _number(run[0]), _number(run[-1])[1]
        label = self.names.fresh(stem)
        for number, task in enumerate(run, first):
            self.made.tasks[task] = f"{label}[{number}].unit"
        seen = {pin: counting(signal, first, self.genvar) for pin, signal in pins.items()}
        seen = _with_done(seen, self.done, offset(self.genvar, place - first))
        module = identifier(self.alike[run[0]][0].name)
        return loop(self.genvar, first, last, label, instance(module, "unit", seen))

    def _alike(self, task: str, pins: Mapping[str, str]) -> Hashable:
        """What is the same for tasks of a loop: module, and pins as seen from their number."""
        number = (numbered(task) or ("", 0))[1]
        seen = [(pin, counting(signal, number, self.genvar)) for pin, signal in pins.items()]
        return self.alike[task][0].name, tuple(seen)

    def _pins(self, task: str) -> dict[str, str]:
        """The pins of a task, but for `done`."""
        first, parts = self.alike[task]
        netlist = self.netlists[first.name]
        pins = {"clk": "clk", "rst": "rst", "start": "start"}
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
        return pins


def _shape(stream: StreamOp) -> tuple[int, int, str]:
    """Bits of an element, depth and style of a stream's FIFO."""
    style = "srl" if stream.impl is None else stream.impl.data
    return stream.result.type.element_type.width.data, stream_depth(stream), style


def _number(name: str) -> tuple[str, int]:
    pair = numbered(name)
    assert pair is not None
    return pair


def _with_done(pins: Mapping[str, str], vector: str, place: str) -> dict[str, str]:
    """Pins in the order of the module's ports."""
    first = dict(list(pins.items())[:3])
    return {**first, "done": f"{vector}[{place}]", **pins}
