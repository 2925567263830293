"""A bench of kernels with all their interfaces: links are FIFOs, all else is outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PORT = re.compile(r"^    (input |output) logic (?:\[(\d+):0\] )?(\w+)(?:,|$| /)", re.M)
"""A port of a module: its direction, its highest bit if it is a vector, and its name."""
LINK = re.compile(r"^sc=(\w+)_1\.(\w+):(\w+)_1\.(\w+):(\d+)$", re.M)


@dataclass(frozen=True)
class Port:
    """A port of a module."""

    is_input: bool
    width: int


def ports_of(text: str) -> dict[str, Port]:
    """The ports of a module by name."""
    return {
        name: Port(kind == "input ", int(high or 0) + 1) for kind, high, name in PORT.findall(text)
    }


@dataclass(frozen=True)
class Link:
    """What the linker puts between the streams of two kernels."""

    kernel: str
    stream: str
    to_kernel: str
    to_stream: str
    depth: int


def links_of(connectivity: str) -> list[Link]:
    """The links that a link configuration asks for (UG1702, `sc`)."""
    return [Link(*ends, int(depth)) for *ends, depth in LINK.findall(connectivity)]


def axi_bench(name: str, kernels: Mapping[str, str], links: Iterable[Link]) -> str:
    """The module of a bench; kernels by name, with their texts.

    A kernel's port is called after the kernel and itself. Masters get ids, which the models of
    cocotbext-axi want, and which masters of one id need not have.
    """
    lines = [f"module {name} (input logic clk, input logic rst);"]
    widths = dict[str, int]()
    for kernel, text in kernels.items():
        pins: list[str] = []
        for port, found in ports_of(text).items():
            if port in ("ap_clk", "ap_rst_n"):
                pins.append(f".{port}({'clk' if port == 'ap_clk' else '!rst'})")
                continue
            signal = f"{kernel}_{port}"
            widths[signal] = found.width
            lines.append(f"  logic [{found.width - 1}:0] {signal};")
            pins.append(f".{port}({signal})")
            if bus := re.fullmatch(r"(\w*m_axi_\w+_)(A[RW])VALID", signal):
                answer = "R" if bus[2] == "AR" else "B"
                lines.append(f"  logic {bus[1]}{bus[2]}ID, {bus[1]}{answer}ID;")
                lines.append(f"  assign {bus[1]}{bus[2]}ID = 1'b0;")
        lines.append(f"  {kernel} {kernel}_1 ({', '.join(pins)});")
    for number, link in enumerate(links):
        ends = f"{link.kernel}_{link.stream}", f"{link.to_kernel}_{link.to_stream}"
        assert widths[f"{ends[0]}_TDATA"] == widths[f"{ends[1]}_TDATA"], link
        ways = [
            f".{side}_{way}({end}_T{way.upper()})"
            for side, end in zip(("in", "out"), ends, strict=True)
            for way in ("valid", "ready", "data")
        ]
        style = "srl" if link.depth <= 64 else "bram"
        given = f'.WIDTH({widths[f"{ends[0]}_TDATA"]}), .DEPTH({link.depth}), .STYLE("{style}")'
        lines.append(f"  lmc_fifo #({given}) link_{number} (.clk, .rst, {', '.join(ways)});")
    return "\n".join([*lines, "endmodule"]) + "\n"
