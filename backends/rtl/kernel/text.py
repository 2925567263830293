"""Pieces of SystemVerilog that modules of kernels and designs are made of."""

from collections.abc import Iterable, Mapping, Sequence

from lmc.backends.rtl.verilog.names import declared
from lmc.dataflow.netlist.nodes import Bits

READ_WAYS = ("ar_valid", "ar_ready", "ar_offset", "ar_length", "r_valid", "r_ready", "r_data")
"""Signals of a bank that is read, as the modules of tasks have them."""
WRITE_WAYS = (
    *("aw_valid", "aw_ready", "aw_offset", "aw_length"),
    *("w_valid", "w_ready", "w_data", "b_valid", "b_ready"),
)
"""Those of a bank that is written."""
_IN = {"ar_ready", "r_valid", "r_data", "aw_ready", "w_ready", "b_valid"}
STREAM_WAYS = ("valid", "ready", "data")


def vector(width: int) -> str:
    """The type of a signal without a sign."""
    return declared(Bits(width))


def way_width(way: str, data: int) -> int:
    """Bits of a signal of a bank whose words have `data` bits."""
    widths = {"offset": 64, "length": 32, "data": data}
    return widths.get(way.partition("_")[2], 1)


def bank_ports(name: str, ways: Iterable[str], data: int) -> list[str]:
    """Declarations of a bank's signals at a module that makes the requests, without commas."""
    return [
        f"{'input ' if way in _IN else 'output'} {vector(way_width(way, data))} {name}_{way}"
        for way in ways
    ]


def stream_ports(name: str, bits: int, is_read: bool) -> list[str]:
    """Declarations of a stream's end at a module that reads or writes it, without commas."""
    along, against = ("input ", "output") if is_read else ("output", "input ")
    return [
        f"{along} logic {name}_valid",
        f"{against} logic {name}_ready",
        f"{along} {vector(bits)} {name}_data",
    ]


def module_head(comment: Sequence[str], name: str, ports: Sequence[str]) -> list[str]:
    """The comment and the declaration of a module."""
    lines = [f"// {line}".rstrip() for line in comment]
    lines += [f"module {name} (", *(f"    {port}," for port in ports[:-1]), f"    {ports[-1]}"]
    return [*lines, ");", ""]


def instance(
    module: str, name: str, pins: Mapping[str, str], parameters: Mapping[str, str] | None = None
) -> list[str]:
    """An instance; a pin whose signal has its name is written once."""
    given = [f".{pin}" if pin == signal else f".{pin}({signal})" for pin, signal in pins.items()]
    head = f"{module} {name} ("
    if parameters:
        values = [f"    .{key}({value})" for key, value in parameters.items()]
        head = f"{module} #(\n" + ",\n".join(values) + f"\n) {name} ("
    text = head + "\n" + ",\n".join(f"    {pin}" for pin in given) + "\n);"
    return text.split("\n")


def fifo(name: str, signals: str, bits: int, depth: int, style: str) -> list[str]:
    """A FIFO between `SIGNALSin_*` and `SIGNALSout_*`, which it declares."""
    ends = ("in", "out")
    pins = {"clk": "clk", "rst": "rst"}
    pins |= {f"{end}_{way}": f"{signals}{end}_{way}" for end in ends for way in STREAM_WAYS}
    parameters = {"WIDTH": str(bits), "DEPTH": str(depth), "STYLE": f'"{style}"'}
    singles = [f"{signals}{end}_{way}" for end in ends for way in ("valid", "ready")]
    return [
        f"logic {', '.join(singles)};",
        f"{vector(bits)} {signals}in_data, {signals}out_data;",
        *instance("lmc_fifo", name, pins, parameters),
    ]


def indented(lines: Iterable[str]) -> list[str]:
    """The lines two columns further right."""
    return [f"  {line}" if line else "" for line in lines]
