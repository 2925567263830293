"""A task's module: ports, registers, pipelines, memories and its state machine."""

from dataclasses import dataclass, field

from lmc.backends.comments import task_comment
from lmc.backends.rtl.verilog.control import Control
from lmc.backends.rtl.verilog.datapath import DatapathPrinter, Signals
from lmc.backends.rtl.verilog.expressions import LOGIC, held_in, print_node, with_sign
from lmc.backends.rtl.verilog.handshakes import Handshakes, Wait, port_lines
from lmc.backends.rtl.verilog.layout import laid_out
from lmc.backends.rtl.verilog.memories import MemoryPrinter
from lmc.backends.rtl.verilog.names import declared, identifier
from lmc.backends.rtl.verilog.unused import unused_lines
from lmc.dataflow.netlist.memories import meet
from lmc.dataflow.netlist.nodes import Access, Bits, Datapath, Node
from lmc.dataflow.netlist.statements import (
    Burst,
    Compute,
    Instant,
    Read,
    Stages,
    TaskNetlist,
    Write,
    states_of,
)
from lmc.diagnostics import LmcError


@dataclass(frozen=True)
class TaskModule:
    """The SystemVerilog of a task.

    `waits` are the accesses of streams that it may wait for. `shown` says what it is at: its state
    and what passes the stages of its pipelines, each with its bits.
    """

    text: str
    waits: tuple[Wait, ...]
    shown: tuple[tuple[str, int], ...]


def task_module(netlist: TaskNetlist) -> TaskModule:
    """A module of the task's name.

    `start` is high for a cycle; the first statement is in the next one. `done` is high from the
    cycle after the last one on, until the next start. Streams are pairs of valid and ready: an
    element moves in cycles in which both are high. The module waits for valid and ready before it
    raises its own, so that both ends have to be FIFOs, whose own do not depend on them.

    It needs `lmc_pipeline`, `lmc_delay` and `lmc_ram`. Raises LmcError for what has no hardware.
    """
    module = _Module(netlist)
    try:
        text = "\n".join(laid_out(module.lines())) + "\n"
    except LmcError as error:
        raise LmcError(f"task {netlist.name}: {error}") from error
    return TaskModule(text, tuple(module.waits), tuple(module.shown))


def module_text(netlist: TaskNetlist) -> str:
    """The text of `task_module`."""
    return task_module(netlist).text


@dataclass
class _Module:
    netlist: TaskNetlist
    waits: list[Wait] = field(default_factory=list[Wait])
    shown: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    signals: Signals = field(default_factory=Signals)
    shakes: Handshakes = field(default_factory=Handshakes)
    body: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.memories = MemoryPrinter(self.signals)
        self.control = Control(self.signals.name)
        for line in port_lines(self.netlist):
            self.signals.names(line.split()[-1])
        for one in self.netlist.walk():
            for state in states_of(one):
                self.signals.names(state)
        for node in self.netlist.scalars:
            self.signals.of[node] = identifier(node.wish)
            self.signals.partly(identifier(node.wish))

    def lines(self) -> list[str]:
        netlist, add = self.netlist, self.body
        registers = [f"{declared(node.bits)} {self._name(node)};" for node in netlist.registers]
        arrays = self.memories.declarations(netlist.memories)
        steps = [one for one in netlist.walk() if isinstance(one, Stages | Compute)]
        for one in steps:
            if isinstance(one, Stages):
                for target, _ in one.held:
                    registers.append(f"{declared(target.bits)} {self._name(target)};")
        ids = {one: self._identifier(one) for one in steps}
        for one in steps:
            add.append(f"logic [{one.latency - 1}:0] {ids[one]}_go;")
            self.shown.append((f"{ids[one]}_go", one.latency))
            self.signals.partly(f"{ids[one]}_go")
            if isinstance(one, Stages):
                add.append(f"logic {ids[one]}_done;")
                self.control.finished[one] = f"{ids[one]}_done"
        for one in netlist.walk():
            if isinstance(one, Instant) and (one.stores or set(one.loads) & set(netlist.wires)):
                self.control.flags[one] = self.signals.names.fresh("is_first")
        begin = self.control.task(netlist.statements)
        self._wires()
        for one in netlist.walk():
            match one:
                case Stages():
                    self._pipeline(one, ids[one])
                case Compute():
                    self._compute(one, ids[one])
                case Read():
                    self._read(one)
                case Write():
                    value = self._plain(one.value, self._name(one.value))
                    when = f"state == {one.state}"
                    self.shakes.give(one.stream, when, when, value)
                    self.waits.append(Wait(one.stream, True, 0, when))
                case Burst():
                    self._burst(one)
                case _:
                    pass
        rams = self.memories.rams()
        head = self._head()
        states = self._states()
        machine = self._machine(begin)
        stored = _clocked(self.memories.stored)
        shakes = self.shakes.lines()
        shakes += self._idle(shakes)
        inner = [*states, *registers, *arrays, *self.body, *stored, *rams, "", *shakes]
        inner += ["", *machine, *unused_lines(self.signals)]
        return [*head, *(f"  {line}" if line else "" for line in inner), "", "endmodule"]

    def _name(self, node: Node) -> str:
        return self.signals.name(node)

    def _plain(self, node: Node, text: str) -> str:
        """A node's bits without a sign."""
        return held_in(node, text, Bits(node.bits.width))

    def _identifier(self, one: Stages | Compute) -> str:
        wish = one.label if isinstance(one, Stages) else one.state.lower()
        return self.signals.names.fresh(wish)

    # Head and state machine

    def _head(self) -> list[str]:
        ports = port_lines(self.netlist)
        comment = task_comment(self.netlist.source, self.netlist.arguments)
        return [
            *comment,
            f"module {identifier(self.netlist.name)} (",
            *(f"    {line}," for line in ports[:-1]),
            f"    {ports[-1]}",
            ");",
            "",
        ]

    def _idle(self, assigned: list[str]) -> list[str]:
        """What goes out to channels of which folded constants have left no access."""
        known = {"done", *(line.split()[1] for line in assigned)}
        ports = [line.split() for line in port_lines(self.netlist)]
        idle = [port[-1] for port in ports if port[0] == "output" and port[-1] not in known]
        channels = {name.rpartition("_")[0] for name in idle}
        for port in ports:
            if port[0] == "input" and port[-1].rpartition("_")[0] in channels:
                self.signals.partly(port[-1])
        return [f"assign {name} = '0;" for name in idle]

    def _states(self) -> list[str]:
        names = ["IDLE", "DONE", *(state for state, _ in self.control.cases)]
        width = max(1, (len(names) - 1).bit_length())
        self.shown.insert(0, ("state", width))
        rows = [f"  {name}," for name in names[:-1]] + [f"  {names[-1]}"]
        lines = [f"typedef enum logic [{width - 1}:0] {{", *rows, "} state_t;", "state_t state;"]
        if any(isinstance(one, Burst) for one in self.netlist.walk()):
            lines.append("logic [31:0] left;  // words of a burst")
        if (longest := self._longest()) > 0:
            lines.append(f"{declared(Bits(max(1, (longest - 1).bit_length())))} step;")
        return [*lines, "assign done = state == DONE;", ""]

    def _longest(self) -> int:
        computes = (one.latency for one in self.netlist.walk() if isinstance(one, Compute))
        return max(computes, default=0)

    def _machine(self, begin: list[str]) -> list[str]:
        lines = ["always_ff @(posedge clk) begin"]
        lines += [f"  {flag} <= 1'b0;" for flag in self.control.flags.values()]
        lines += ["  if (rst) state <= IDLE;", "  else begin"]
        lines.append("    case (state)")
        lines += ["      IDLE, DONE: if (start) begin", *_deep(begin, 4), "      end"]
        for state, what in self.control.cases:
            lines += [f"      {state}: begin", *_deep(what, 4), "      end"]
        lines += ["      default: state <= IDLE;", "    endcase", "  end", "end"]
        if computes := [one for one in self.netlist.walk() if isinstance(one, Compute)]:
            going = " || ".join(
                f"(state == {one.state} && step != {one.latency - 1})" for one in computes
            )
            lines.append("always_ff @(posedge clk)")
            lines.append("  if (rst) step <= '0;")
            lines.append(f"  else step <= ({going}) ? step + 1'b1 : '0;")
        return lines

    # Straight-line code

    def _wires(self) -> None:
        moments = {load: one for one in self.control.flags for load in one.loads}
        for flag in self.control.flags.values():
            self.body.append(f"logic {flag};")
        for node in self.netlist.wires:
            name = self._name(node)
            if node.kind == "load" and node.memory is not None:
                element = self.memories.element(node.memory, node.args, self._name)
                self._kept(node, name, element, moments[node])
            elif node.kind in LOGIC:
                self.body += print_node(node, name, self._name, self.signals.partly)
        for one, flag in self.control.flags.items():
            for store in one.stores:
                self.memories.store(store, flag, flag, self._name)

    def _kept(self, node: Node, name: str, element: str, one: Instant) -> None:
        """A register's element in the cycle of its code, and kept from then on."""
        flag = self.control.flags[one]
        for instant, store in one.before:
            if store.memory is node.memory and meet(store.place, node.args):
                when = self.control.flags[instant]
                if store.guard is not None:
                    when = f"({when} && {self._name(store.guard)})"
                value = self.signals.held(store.value, self._name(store.value), node.bits)
                element = f"({when} ? {value} : {element})"
        self.body.append(f"{declared(node.bits)} {name}, {name}_kept;")
        self.body.append(f"assign {name} = {flag} ? {element} : {name}_kept;")
        self.body.append(f"always_ff @(posedge clk) if ({flag}) {name}_kept <= {element};")

    def _compute(self, one: Compute, name: str) -> None:
        self.body += ["", f"// {one.latency} cycles of straight-line code"]
        for stage in range(one.latency):
            self.body.append(
                f"assign {name}_go[{stage}] = state == {one.state} && step == {stage};"
            )
        printer = DatapathPrinter(one.path, self.signals, f"{name}_go", name)
        results = [
            f"{self._name(target)} <= {printer.at(node, one.latency - 1)};"
            for target, node in one.results
        ]
        self._datapath(one.path, printer, [])
        taken = [f"  {line}" for line in results]
        self.body += (
            [
                f"always_ff @(posedge clk) if ({name}_go[{one.latency - 1}]) begin",
                *taken,
                "end",
            ]
            if results
            else []
        )

    # Statements

    def _read(self, one: Read) -> None:
        when = f"state == {one.state}"
        self.shakes.take(one.stream, when)
        self.waits.append(Wait(one.stream, False, 0, when))
        data = f"{one.stream}_data"
        self.body.append(
            f"always_ff @(posedge clk) if ({when} && {one.stream}_valid) "
            f"{self._name(one.target)} <= {with_sign(data, False, one.target.bits.signed)};"
        )

    def _burst(self, one: Burst) -> None:
        empty = "" if one.is_empty.is_constant else self._name(one.is_empty)
        offset = self.signals.held(one.offset, self._name(one.offset), Bits(64))
        length = self.signals.held(one.length, self._name(one.length), Bits(32))
        self.shakes.burst(one, offset, length, empty)
        moves = f"state == {one.words}" + ("" if one.reads else " && left != 0")
        self.waits.append(Wait(one.stream, one.reads, 0, moves))

    # Pipelines

    def _pipeline(self, one: Stages, name: str) -> None:
        add, last = self.body.append, one.latency - 1
        add("")
        add(f"// Pipeline {one.label}: {one.latency} stages")
        add(f"logic [{last}:0] {name}_ok, {name}_unused_valid;")
        add(f"logic {name}_is_last;")
        printer = DatapathPrinter(one.path, self.signals, f"{name}_go", name)
        accesses = self._accesses(one, printer, name)
        for counter, _ in one.counters:
            add(f"{declared(counter.bits)} {self._name(counter)};")
        for node in one.ahead:
            self.body += print_node(node, self._name(node), self._name, self.signals.partly)
        ends = [self._name(end) for _, end in one.counters]
        add(f"assign {name}_is_last = {' && '.join(ends) if ends else chr(49) + chr(39) + 'b1'};")
        self._datapath(one.path, printer, accesses)
        enters = "" if one.enters.is_constant else f" && {self._name(one.enters)}"
        self.body += [
            f"lmc_pipeline #(.STAGES({one.latency}), .INTERVAL({one.interval})) {name}_control (",
            "    .clk,",
            "    .rst,",
            f"    .start  (state == {one.start}{enters}),",
            f"    .is_last({name}_is_last),",
            f"    .ok     ({name}_ok),",
            f"    .valid  ({name}_unused_valid),",
            f"    .go     ({name}_go),",
            f"    .done   ({name}_done)",
            ");",
        ]
        self._counters(one, name)

    def _counters(self, one: Stages, name: str) -> None:
        """Counters begin at 0, and count on when an iteration leaves stage 0."""
        begin = [f"{self._name(target)} <= {self._name(source)};" for target, source in one.held]
        begin += [f"{self._name(counter)} <= '0;" for counter, _ in one.counters]
        count = self._nested(one)
        if not begin:
            return
        lines = [f"if (state == {one.start}) begin", *(f"  {line}" for line in begin), "end"]
        if count:
            lines[-1] = f"end else if ({name}_go[0]) begin"
            lines += [*(f"  {line}" for line in count), "end"]
        self.body += _clocked(lines)

    def _nested(self, one: Stages) -> list[str]:
        """An outer counter moves when all inner ones are at their end."""
        lines: list[str] = []
        ends = [self._name(end) for _, end in one.counters]
        for place, (counter, _) in enumerate(one.counters):
            this, inner = self._name(counter), ends[place + 1 :]
            step = f"{this} <= {ends[place]} ? '0 : {this} + 1'b1;"
            lines.append(f"if ({' && '.join(inner)}) {step}" if inner else step)
        return lines

    def _accesses(self, one: Stages, printer: DatapathPrinter, name: str) -> list[str]:
        """Lines for the streams of a pipeline: what each stage waits for."""
        waits: dict[int, list[str]] = {}
        for access in one.path.accesses:
            guard = None if access.guard is None else printer.at(access.guard, access.stage)
            possible = f"{access.stream}_{'ready' if access.written else 'valid'}"
            wait = possible if guard is None else f"(!{guard} || {possible})"
            waits.setdefault(access.stage, []).append(wait)
            here = "" if guard is None else f" && {guard}"
            there = f"{name}_unused_valid[{access.stage}]{here}"
            self.waits.append(Wait(access.stream, access.written, access.stage, there))
            when = f"{name}_go[{access.stage}]{here}"
            if access.value is None:
                self.shakes.take(access.stream, when)
            else:
                self._given(one, access, when, guard, printer)
        lines = ["always_comb begin", f"  {name}_ok = '1;"]
        for stage in sorted(waits):
            together = " && ".join(dict.fromkeys(waits[stage]))
            lines.append(f"  {name}_ok[{stage}] = {together};")
        return [*lines, "end"]

    def _given(
        self, one: Stages, access: Access, when: str, guard: str | None, printer: DatapathPrinter
    ) -> None:
        assert access.value is not None
        stages = {other.stage for other in one.path.accesses if other.stream == access.stream}
        chosen = f"state == {one.run}" + ("" if guard is None else f" && {guard}")
        if len(stages) > 1:
            chosen = when
        value = self._plain(access.value, printer.at(access.value, access.stage))
        self.shakes.give(access.stream, chosen, when, value)

    def _datapath(self, path: Datapath, printer: DatapathPrinter, accesses: list[str]) -> None:
        """Declarations first: what waits is used in the stages' lines, which say what waits."""
        loaded, lines = self.memories.path(printer)
        stages = printer.logic()
        waiting = printer.waiting()
        declarations = [line for line in waiting if line.startswith("logic")]
        self.body += [*loaded, *declarations]
        for node in path.nodes:
            if node.kind == "element" and node.access is not None:
                self.body.append(f"{declared(node.bits)} {self._name(node)};")
                data = with_sign(f"{node.access.stream}_data", False, node.bits.signed)
                self.body.append(f"assign {self._name(node)} = {data};")
        for stage in sorted(stages):
            self.body += ["", f"// Stage {stage}", *stages[stage]]
        elements = {node.access for node in path.nodes}
        for access in path.accesses:
            if not access.written and access not in elements:
                self.signals.partly(f"{access.stream}_data")
        self.body += ["", *lines, *waiting[len(declarations) :], *accesses]


def _clocked(lines: list[str]) -> list[str]:
    return ["always_ff @(posedge clk) begin", *_deep(lines, 1), "end"] if lines else []


def _deep(lines: list[str], depth: int) -> list[str]:
    return ["  " * depth + line for line in lines]
