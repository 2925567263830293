"""Tasks in Verilator, beside the reference executor: the same words, and how many cycles.

One build runs many tasks, each with streams and memories of its own.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import lmc.backends.rtl
from lmc.backends.rtl.verilog.module import module_text
from lmc.backends.rtl.verilog.names import identifier
from lmc.dataflow.graph import TaskNode, declaration
from lmc.dataflow.netlist.statements import TaskNetlist
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.timed import TimedTracer, unblocked_cycles
from lmc.dataflow.timing import Clock
from lmc.dialects import dataflow
from lmc.dialects.dataflow import stream_element, type_range
from lmc.reference.memory import Bank, Fifo
from lmc.reference.task import TaskRun

HERE = Path(__file__).parent / "rtl"
PRIMITIVES = tuple(
    Path(lmc.backends.rtl.__file__).parent / "library" / f"lmc_{name}.sv"
    for name in ("delay", "pipeline", "ram")
)
"""What modules of tasks instantiate."""
needs_verilator = pytest.mark.skipif(
    shutil.which("verilator") is None, reason="verilator is not installed"
)


@dataclass
class Source(Fifo):
    """A stream that always has another element: one of a list, or a random one."""

    low: int = 0
    high: int = 1
    given: Sequence[int] | None = None
    taken: list[int] = field(default_factory=list)
    random: random.Random = field(default_factory=random.Random)

    def can(self, writing: bool) -> bool:
        return True

    def take(self) -> int:
        if self.given is not None:
            value = self.given[len(self.taken)]
        else:
            ends = (0, 1, self.low, self.high)
            value = self.random.choice((self.random.randint(self.low, self.high),) * 3 + ends)
            value = max(self.low, min(self.high, value))
        self.taken.append(value)
        return value


@dataclass
class Case:
    """A task with what goes in and has to come out."""

    task: TaskNode
    scalars: Mapping[str, int]
    clock: Clock
    netlist: TaskNetlist
    takes: dict[str, list[int]]
    gives: dict[str, list[int]]
    before: dict[str, list[int]]
    after: dict[str, list[int]]

    @property
    def cycles(self) -> int:
        """Cycles by lmc's timing, if nothing ever waits."""
        return unblocked_cycles(TimedTracer(self.task, self.clock).trace(self.scalars))


def case_of(
    task: TaskNode,
    clock: Clock,
    scalars: Mapping[str, int],
    seed: int = 0,
    streams: Mapping[str, Sequence[int]] | None = None,
    banks: Mapping[str, Sequence[int]] | None = None,
) -> Case:
    """A task run by the reference executor, on random elements where none are given."""
    source = random.Random(f"{seed} {task.name}")
    bound: list[int | Fifo | Bank] = []
    for argument in task.op.body.block.args:
        declared = declaration(argument)
        if isinstance(declared, dataflow.ScalarOp):
            bound.append(scalars[declared.sym_name.data])
        elif isinstance(declared, dataflow.StreamOp):
            name, ends = declared.sym_name.data, type_range(stream_element(argument))
            given = None if streams is None else streams[name]
            read = name in task.reads
            bound.append(
                Source(name, 0, low=ends.low, high=ends.high, given=given, random=source)
                if read
                else Fifo(name, 1 << 40)
            )
        else:
            assert isinstance(declared, dataflow.BankOp)
            name, count = declared.sym_name.data, declared.words.value.data
            words = None if banks is None else list(banks[name])
            random_words = [source.getrandbits(declared.word_bits) for _ in range(count)]
            bound.append(Bank(name, random_words if words is None else words))
    before = {bank.name: list(bank.words) for bank in bound if isinstance(bank, Bank)}
    run = TaskRun(task.kernel, task.op, bound, 0)
    run.go_on()
    assert run.done
    takes = {one.name: one.taken for one in bound if isinstance(one, Source)}
    gives = {
        one.name: list(one.elements)
        for one in bound
        if isinstance(one, Fifo) and not isinstance(one, Source)
    }
    after = {bank.name: list(bank.words) for bank in bound if isinstance(bank, Bank)}
    return Case(task, scalars, clock, task_netlist(task, clock), takes, gives, before, after)


@dataclass(frozen=True)
class Ended:
    """How a task has ended: after so many cycles, and whether all elements have passed."""

    cycles: int
    is_complete: bool


class Bench:
    """A build of several tasks."""

    def __init__(self, folder: Path, cases: Sequence[Case]):
        self.folder, self.cases = folder, cases
        folder.mkdir(parents=True, exist_ok=True)
        files: list[Path] = []
        for case in cases:
            path = folder / f"{case.task.name}.sv"
            path.write_text(module_text(case.netlist))
            files.append(path)
            self._data(case)
        top = folder / "top.sv"
        top.write_text("\n".join(_top(folder, cases)))
        command = [
            *("verilator", "--cc", "--exe", "--build", "-j", "1", "-O3", "--top-module", "bench"),
            *("--x-assign", "unique", "--x-initial", "unique", "-Wno-fatal", "-Wno-WIDTH"),
            *("--output-split", "20000", "--output-split-cfuncs", "2000"),
            *("--Mdir", str(folder / "obj"), "-CFLAGS", "-O1"),
            *map(str, [*files, HERE / "bench.sv", *PRIMITIVES, top]),
            str(HERE / "bench.cpp"),
        ]
        environment = {**os.environ, "MAKEFLAGS": ""}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]

    def run(self, stall: int, seed: int) -> dict[str, Ended]:
        """How all tasks end, with so many per cent of stalls; what is wrong fails."""
        command = [
            str(self.folder / "obj" / "Vbench"),
            f"+stall={stall}",
            f"+verilator+seed+{seed}",
            "+verilator+rand+reset+2",
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        wrong = [line for line in done.stdout.splitlines() if not line.startswith(("END", "- "))]
        assert not wrong, "\n".join(wrong[:10])
        ended = re.findall(r"END (\w+) (\d+) (\d)", done.stdout)
        return {name: Ended(int(cycles), complete == "1") for name, cycles, complete in ended}

    def _data(self, case: Case) -> None:
        for name, bits in [*case.netlist.reads.items(), *case.netlist.writes.items()]:
            words = case.takes[name] if name in case.takes else case.gives[name]
            _hex(self.folder / f"{case.task.name}.{name}.hex", words, bits.width)
        for name, (bits, _, _) in case.netlist.ports.items():
            _hex(self.folder / f"{case.task.name}.{name}.before", case.before[name], bits.width)
            _hex(self.folder / f"{case.task.name}.{name}.after", case.after[name], bits.width)


def _hex(path: Path, words: Iterable[int], width: int) -> None:
    mask = (1 << width) - 1
    path.write_text("".join(f"{word & mask:x}\n" for word in words) or "0\n")


def _top(folder: Path, cases: Sequence[Case]) -> list[str]:
    names = [case.task.name for case in cases]
    lines = ["module bench (input logic clk, input logic rst, output logic is_over);"]
    for name in names:
        lines += [
            f"  logic {name}_over;",
            f"  bench_{name} the_{name} (.clk, .rst, .over({name}_over));",
        ]
    lines += [f"  assign is_over = {' && '.join(f'{name}_over' for name in names)};", "endmodule"]
    for case in cases:
        lines += _task_bench(folder, case)
    return lines


def _task_bench(folder: Path, case: Case) -> list[str]:
    netlist, name = case.netlist, case.task.name
    lines = [
        f"module bench_{name} (input logic clk, input logic rst, output logic over);",
        "  logic start, done, started;",
        "  int cycles;",
    ]
    pins = [f".{identifier(node.wish)}(32'd{case.scalars[node.wish]})" for node in netlist.scalars]
    complete: list[str] = []
    for kind, streams in (("source", netlist.reads), ("sink", netlist.writes)):
        for stream, bits in streams.items():
            count = len(case.takes[stream] if kind == "source" else case.gives[stream])
            file = folder / f"{name}.{stream}.hex"
            lines += [
                f"  logic {stream}_valid, {stream}_ready, {stream}_over;",
                f"  logic [{bits.width - 1}:0] {stream}_data;",
                f'  bench_{kind} #({bits.width}, {count}, "{file}") on_{stream} (.clk, .rst,',
                f"    .valid({stream}_valid), .ready({stream}_ready), .data({stream}_data),",
                f"    .is_over({stream}_over));",
            ]
            pins += [f".{stream}_{what}" for what in ("valid", "ready", "data")]
            complete.append(f"{stream}_over")
    for port, (bits, reads, writes) in netlist.ports.items():
        lines += _memory(folder, name, port, bits.width, len(case.before[port]))
        ways = (
            ["ar_valid", "ar_ready", "ar_offset", "ar_length", "r_valid", "r_ready", "r_data"]
        ) * reads
        ways += ["aw_valid", "aw_ready", "aw_offset", "aw_length"] * writes
        ways += ["w_valid", "w_ready", "w_data", "b_valid", "b_ready"] * writes
        pins += [f".{port}_{way}" for way in ways]
        if not reads:
            lines.append(f"  assign {port}_ar_valid = 0; assign {port}_r_ready = 0;")
        if not writes:
            lines.append(f"  assign {port}_aw_valid = 0; assign {port}_w_valid = 0;")
            lines.append(f"  assign {port}_b_ready = 0;")
        complete.append(f"{port}_over")
    return [
        *lines,
        f"  {identifier(name)} task_ (.clk, .rst, .start, .done, {', '.join(pins)});".replace(
            ", )", ")"
        ),
        "  assign start = !rst && !started;",
        "  assign over = started && done;",
        "  always_ff @(posedge clk) begin",
        "    started <= !rst;",
        "    if (rst) cycles <= 0; else if (started && !done) cycles <= cycles + 1;",
        "  end",
        f'  final $display("END {name} %0d %0d", cycles, {" && ".join(["over", *complete])});',
        "endmodule",
    ]


def _memory(folder: Path, name: str, port: str, width: int, count: int) -> list[str]:
    single = "ar_valid ar_ready r_valid r_ready aw_valid aw_ready w_valid w_ready b_valid b_ready"
    pins = [*single.split(), "ar_offset", "ar_length", "r_data", "aw_offset", "aw_length", "w_data"]
    files = ", ".join(f'"{folder / f"{name}.{port}.{when}"}"' for when in ("before", "after"))
    return [
        f"  logic {', '.join(f'{port}_{pin}' for pin in single.split())}, {port}_over;",
        f"  logic [63:0] {port}_ar_offset, {port}_aw_offset;",
        f"  logic [31:0] {port}_ar_length, {port}_aw_length;",
        f"  logic [{width - 1}:0] {port}_r_data, {port}_w_data;",
        f"  bench_memory #({width}, {count}, {files}) on_{port} (.clk, .rst,",
        f"    {', '.join(f'.{pin}({port}_{pin})' for pin in pins)}, .is_over({port}_over));",
    ]
