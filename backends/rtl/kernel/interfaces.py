"""`KERNEL`: a kernel with the interfaces of its HLS twin, AXI4, AXI4-Stream and AXI4-Lite."""

from dataclasses import dataclass, field

from lmc.backends.rtl.kernel.ports import BankPort, Scalar, StreamEnd
from lmc.backends.rtl.kernel.tasks import KernelTasks, ways_of
from lmc.backends.rtl.kernel.text import (
    STREAM_WAYS,
    indented,
    instance,
    module_head,
    vector,
    way_width,
)
from lmc.backends.rtl.verilog.layout import laid_out
from lmc.backends.rtl.verilog.names import Names
from lmc.dataflow.resources.ports import MAX_BURST, OUTSTANDING

FIRST_ARGUMENT = 0x10
"""The byte of the first argument in the control registers (UG1399, "S_AXILITE Control Register
Map")."""

_LITE = (
    *(("aw", way) for way in ("valid", "ready", "addr")),
    *(("w", way) for way in ("valid", "ready", "data", "strb")),
    *(("b", way) for way in ("valid", "ready", "resp")),
    *(("ar", way) for way in ("valid", "ready", "addr")),
    *(("r", way) for way in ("valid", "ready", "data", "resp")),
)
_READ = (
    *(("ar", way) for way in ("valid", "ready", "addr", "len", "size", "burst", "cache", "prot")),
    *(("r", way) for way in ("valid", "ready", "data", "resp", "last")),
)
_WRITE = (
    *(("aw", way) for way in ("valid", "ready", "addr", "len", "size", "burst", "cache", "prot")),
    *(("w", way) for way in ("valid", "ready", "data", "strb", "last")),
    *(("b", way) for way in ("valid", "ready", "resp")),
)
_OWN = (
    *("clk", "rst", "start", "ap_start", "ap_done", "is_running", "tasks_done", "is_faulty"),
    *("arguments", "control", "tasks", "interrupt"),
)
_WIDTHS = {"len": 8, "size": 3, "burst": 2, "cache": 4, "prot": 3, "resp": 2, "addr": 64}


@dataclass(frozen=True)
class Register:
    """An argument in the control registers: its first byte, and its words of 32 bits."""

    name: str
    offset: int
    words: int


def control_registers(made: KernelTasks) -> list[Register]:
    """The scalars and addresses of a kernel, where HLS puts them: each is followed by a word that
    is reserved."""
    found, offset = list[Register](), FIRST_ARGUMENT
    for port in made.borders:
        if not isinstance(port, StreamEnd):
            words = 2 if isinstance(port, BankPort) else 1
            found.append(Register(port.name, offset, words))
            offset += 4 * (words + 1)
    return found


def stream_bytes(bits: int) -> int:
    """Bytes of an AXI4-Stream that carries elements of so many bits."""
    return -(-bits // 8)


def bank_bus(port: BankPort) -> str:
    """The AXI4 master of a bank, as Vitis HLS calls it."""
    return f"m_axi_gmem_{port.name}"


def kernel_module(made: KernelTasks, rename: str) -> str:
    """The module of a kernel, with the names that Vitis HLS gives to the ports of its twin.

    `rename` is what it is called. Banks get AXI4 masters, streams a register slice, so that no
    `TVALID` waits for a `TREADY`. The kernel is done when all tasks are; one whose memory has
    answered with an error never is.
    """
    return _Printer(made, rename).print()


@dataclass
class _Printer:
    made: KernelTasks
    name: str
    ports: list[str] = field(default_factory=list[str])
    body: list[str] = field(default_factory=list[str])
    unused: list[str] = field(default_factory=list[str])
    pins: dict[str, str] = field(default_factory=dict[str, str])
    errors: list[str] = field(default_factory=list[str])

    def print(self) -> str:
        self.registers = {register.name: register for register in control_registers(self.made)}
        last = max((r.offset // 4 + r.words + 1 for r in self.registers.values()), default=5)
        self.words = last - FIRST_ARGUMENT // 4
        self.ports += ["input  logic ap_clk", "input  logic ap_rst_n"]
        self._control_ports()
        self.names = Names()
        streams, banks = list[StreamEnd](), list[BankPort]()
        for port in self.made.borders:
            if isinstance(port, StreamEnd):
                streams.append(port)
                self._stream_ports(port)
            elif isinstance(port, BankPort):
                banks.append(port)
                self._bank_ports(port)
        for line in self.ports:
            self.names(line.split()[-1])
        for own in _OWN:
            self.names(own)
        self._control()
        for port in streams:
            self._stream(port)
        for port in banks:
            self._bank(port)
        self._tasks()
        comment = [
            f"Kernel {self.made.kernel.sym_name.data}, with the interfaces of its HLS twin: names,",
            "widths and registers are those of Vitis HLS (UG1399).",
            "",
            *(
                f"  0x{r.offset:02x}  {r.name}, {32 * r.words} bits"
                for r in self.registers.values()
            ),
        ]
        unused = ["", "logic unused;", "assign unused = &{"]
        unused += [f"    {name}," for name in self.unused] + ["    1'b0", "};"]
        # The last port is the interrupt: it has no comma, and its name is a word of C++ libraries.
        off, on = (f"/* verilator lint_{state} SYMRSVDWORD */" for state in ("off", "on"))
        lines = module_head(comment, self.name, [*self.ports, f"output logic interrupt {on}"])
        lines[lines.index(f"    {self.ports[-1]},")] += f" {off}"
        lines += [*indented([*self.body, *unused]), "", "endmodule"]
        return "\n".join(laid_out(lines)) + "\n"

    # Control

    def _control_ports(self) -> None:
        bits = (FIRST_ARGUMENT + 4 * self.words - 1).bit_length()
        widths = {"addr": bits, "data": 32, "strb": 4, "resp": 2}
        for channel, way in _LITE:
            is_input = (channel in ("aw", "w", "ar")) != (way == "ready")
            kind = "input  " if is_input else "output "
            name = f"s_axi_control_{channel}{way}".replace(channel + way, (channel + way).upper())
            self.ports.append(f"{kind}{vector(widths.get(way, 1))} {name}")

    def _control(self) -> None:
        words = ["1'b0"] * self.words
        for register in self.registers.values():
            first = (register.offset - FIRST_ARGUMENT) // 4
            words[first : first + register.words] = ["1'b1"] * register.words
        mask = "".join(word[-1] for word in reversed(words))
        reserved = [f"arguments[{i}]" for i, word in enumerate(words) if word == "1'b0"]
        pins = {"clk": "clk", "rst": "rst"}
        for channel, way in _LITE:
            pins[f"s_axi_{channel}{way}"] = f"s_axi_control_{(channel + way).upper()}"
        own = ("arguments", "ap_start", "ap_done")
        pins |= {name: name for name in own} | {"irq": "interrupt"}
        parameters = {
            "ARGUMENT_WORDS": str(self.words),
            "IS_REGISTER": f"{self.words}'b{mask}",
        }
        self.body += [
            "logic clk, rst, ap_start, ap_done, start, is_running, tasks_done, is_faulty;",
            "assign clk = ap_clk;",
            "assign rst = !ap_rst_n;",
            "",
            "// Arguments, and the start: tasks start in the first cycle of `ap_start`.",
            f"logic [{self.words - 1}:0][31:0] arguments;",
            *instance("lmc_axi_lite_control", "control", pins, parameters),
            "assign start   = ap_start && !is_running;",
            "assign ap_done = is_running && tasks_done && !is_faulty;",
            "always_ff @(posedge clk)",
            "  if (rst) is_running <= 1'b0;",
            "  else if (start) is_running <= 1'b1;",
            "  else if (ap_done) is_running <= 1'b0;",
        ]
        self.unused += reserved

    # Streams

    def _stream_ports(self, port: StreamEnd) -> None:
        along, against = ("input ", "output") if port.is_read else ("output", "input ")
        self.ports += [
            f"{along} {vector(8 * stream_bytes(port.bits))} {port.name}_TDATA",
            f"{along} logic {port.name}_TVALID",
            f"{against} logic {port.name}_TREADY",
        ]

    def _stream(self, port: StreamEnd) -> None:
        name, width = port.name, 8 * stream_bytes(port.bits)
        inner = self.names.fresh(name)
        self.pins |= {f"{name}_{way}": f"{inner}_{way}" for way in STREAM_WAYS}
        outside = {f"t{way}": f"{name}_T{way.upper()}" for way in STREAM_WAYS}
        inside = {f"t{way}": f"{inner}_{way}" for way in STREAM_WAYS}
        inside["tdata"] = f"{inner}_bytes"
        taken, given = (outside, inside) if port.is_read else (inside, outside)
        pins = {"clk": "clk", "rst": "rst"}
        pins |= {f"s_axis_{way}": signal for way, signal in taken.items()}
        pins |= {f"m_axis_{way}": signal for way, signal in given.items()}
        data = f"{inner}_data" if width == port.bits else f"{width}'({inner}_data)"
        part = f"{inner}_bytes[{port.bits - 1}:0]" if port.bits > 1 else f"{inner}_bytes[0]"
        self.body += [
            "",
            f"// Stream {name}: elements of {port.bits} bits",
            f"logic {inner}_valid, {inner}_ready;",
            f"{vector(port.bits)} {inner}_data;",
            f"{vector(width)} {inner}_bytes;",
            f"assign {inner}_data = {part};" if port.is_read else f"assign {inner}_bytes = {data};",
            *instance(
                "lmc_stream_slice",
                self.names.fresh(f"{name}_slice"),
                pins,
                {"WIDTH": str(width)},
            ),
        ]
        if port.is_read and width > port.bits:
            self.unused.append(f"{inner}_bytes[{width - 1}:{port.bits}]")

    # Banks

    def _bank_ports(self, port: BankPort) -> None:
        data = port.bank.word_bits
        widths = {**_WIDTHS, "data": data, "strb": data // 8}
        for channel, way in _channels(port):
            is_output = (channel in ("aw", "w", "ar")) != (way == "ready")
            kind = "output " if is_output else "input  "
            name = f"{bank_bus(port)}_{(channel + way).upper()}"
            self.ports.append(f"{kind}{vector(widths.get(way, 1))} {name}")

    def _bank(self, port: BankPort) -> None:
        name, data = port.name, port.bank.word_bits
        register = self.registers[name]
        word = (register.offset - FIRST_ARGUMENT) // 4
        inner = self.names.fresh(f"{name}_bank")
        self.body += ["", f"// Bank {name}: words of {data} bits", f"logic [63:0] {inner}_base;"]
        self.body.append(f"assign {inner}_base = {{arguments[{word + 1}], arguments[{word}]}};")
        for way in ways_of(port):
            self.body.append(f"{vector(way_width(way, data))} {inner}_{way};")
            self.pins[f"{name}_{way}"] = f"{inner}_{way}"
        if port.reader:
            self._master(port, inner, "read", _READ)
        if port.writer:
            self._master(port, inner, "write", _WRITE)

    def _master(
        self, port: BankPort, inner: str, kind: str, channels: tuple[tuple[str, str], ...]
    ) -> None:
        ask, move = ("ar", "r") if kind == "read" else ("aw", "w")
        shift, error = (port.bank.word_bits // 8).bit_length() - 1, f"{inner}_{kind}_error"
        pins = {"clk": "clk", "rst": "rst"}
        pins |= {f"request_{way}": f"{inner}_{ask}_{way}" for way in ("valid", "ready")}
        pins["request_address"] = f"{inner}_{ask}_address"
        pins["request_words"] = f"{inner}_{ask}_length"
        pins |= {f"data_{way}": f"{inner}_{move}_{way}" for way in STREAM_WAYS}
        if kind == "read":
            self.body.append(f"logic {inner}_r_last;")
            self.unused.append(f"{inner}_r_last")
            pins["data_last"] = f"{inner}_r_last"
        else:
            pins |= {f"done_{way}": f"{inner}_b_{way}" for way in ("valid", "ready")}
        pins["error"] = error
        bus = f"m_axi_gmem_{port.name}_"
        pins |= {f"m_axi_{one}{way}": bus + (one + way).upper() for one, way in channels}
        parameters = {
            "DATA_WIDTH": str(port.bank.word_bits),
            "MAX_BURST": str(MAX_BURST),
            "OUTSTANDING": str(OUTSTANDING),
        }
        instance_name = self.names.fresh(f"{port.name}_{kind}er".replace("writeer", "writer"))
        self.body += [
            f"logic {error};",
            f"logic [63:0] {inner}_{ask}_address;",
            f"assign {inner}_{ask}_address = {inner}_base + ({inner}_{ask}_offset << {shift});",
            *instance(f"lmc_axi_{kind}", instance_name, pins, parameters),
        ]
        self.errors.append(error)

    # Tasks

    def _tasks(self) -> None:
        faults = " || ".join(self.errors) or "1'b0"
        pins = {"clk": "clk", "rst": "rst", "start": "start", "done": "tasks_done"}
        for port in self.made.borders:
            if isinstance(port, Scalar):
                word = (self.registers[port.name].offset - FIRST_ARGUMENT) // 4
                pins[port.name] = f"arguments[{word}]"
        pins |= self.pins
        self.body += [
            "",
            "// A response that is not OKAY: what the kernel has computed is not to be trusted.",
            f"assign is_faulty = {faults};",
            "",
            *instance(self.made.name, "tasks", pins),
        ]


def _channels(port: BankPort) -> tuple[tuple[str, str], ...]:
    return (_READ if port.reader else ()) + (_WRITE if port.writer else ())
