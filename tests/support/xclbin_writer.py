"""Writes an xclbin that has a design's metadata and no bitstream, for XRT without a board.

The layout is that of XRT 2.13, `xclbin.h`: a header, a table of sections, the sections. Kernels
come from the header file of the emitted C++, memories from the link configuration, as the vendor's
linker takes them from there.
"""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

_BITSTREAM, _XML, _MEMORIES, _CONNECTIONS, _KERNELS = 0, 2, 6, 7, 8
_GROUPS, _GROUP_CONNECTIONS = 26, 27
_HEADER_BYTES, _SECTION_BYTES = 456, 40
_MEMORY_TYPE = {"DDR": 1, "HBM": 6}
_QUALIFIER = {"scalar": 0, "buffer": 1, "stream": 4}
_REGISTERS = 0x10000


@dataclass(frozen=True)
class Argument:
    """An argument of a kernel; `memory` is the linker's name of a buffer's memory."""

    name: str
    kind: Literal["scalar", "buffer", "stream"]
    memory: str | None = None


@dataclass(frozen=True)
class Kernel:
    """A kernel with its arguments by position and its compute units."""

    name: str
    arguments: tuple[Argument, ...]
    units: int = 1

    def with_argument(self, position: int, argument: Argument) -> "Kernel":
        """The kernel with another argument at a position."""
        before, after = self.arguments[:position], self.arguments[position + 1 :]
        return replace(self, arguments=(*before, argument, *after))

    def position(self, name: str) -> int:
        """Where the argument of a name is."""
        return [argument.name for argument in self.arguments].index(name)


def kernels_of(design: Path) -> list[Kernel]:
    """The kernels of a design folder."""
    (header,) = [path for path in (design / "hls").glob("*.h") if not path.name.startswith("lmc_")]
    configuration = (design / "hls/connectivity.cfg").read_text(encoding="utf-8")
    memories = dict(re.findall(r"sp=(\S+?):(\S+)", configuration))
    text = header.read_text(encoding="utf-8")
    return [
        Kernel(name, tuple(_argument(name, one, memories) for one in arguments.split(",\n")))
        for name, arguments in re.findall(r'extern "C" void (\w+)\((.*?)\);', text, re.DOTALL)
    ]


def _argument(kernel: str, declared: str, memories: dict[str, str]) -> Argument:
    name = re.findall(r"\w+", declared)[-1]
    if "hls::stream" in declared:
        return Argument(name, "stream")
    if "hls::burst_maxi" in declared or "*" in declared:
        return Argument(name, "buffer", memories[f"{kernel}_1.{name}"])
    return Argument(name, "scalar")


def write_xclbin(path: Path, kernels: Sequence[Kernel]) -> Path:
    """The file `path` with the metadata of kernels; returns the path."""
    memories = sorted({one.memory for kernel in kernels for one in kernel.arguments if one.memory})
    units = [(kernel, index) for kernel in kernels for index in range(1, kernel.units + 1)]
    topology = _counted([_memory(name, index) for index, name in enumerate(memories)])
    connections = [
        struct.pack("<3i", position, unit, memories.index(argument.memory))
        for unit, (kernel, _) in enumerate(units)
        for position, argument in enumerate(kernel.arguments)
        if argument.memory is not None
    ]
    # Connections are of 4-byte integers, so nothing is between their number and them.
    connectivity = struct.pack("<i", len(connections)) + b"".join(connections)
    layout = _counted([_unit(kernel, index, place) for place, (kernel, index) in enumerate(units)])
    sections = [
        (_MEMORIES, topology),
        (_CONNECTIONS, connectivity),
        (_KERNELS, layout),
        (_XML, _xml(kernels)),
        (_GROUPS, topology),
        (_GROUP_CONNECTIONS, connectivity),
        (_BITSTREAM, bytes(64)),
    ]
    path.write_bytes(_file(sections))
    return path


def _counted(rows: Sequence[bytes]) -> bytes:
    """Rows that are aligned to 8 bytes after their number."""
    return struct.pack("<i4x", len(rows)) + b"".join(rows)


def _memory(name: str, index: int) -> bytes:
    kilobytes = 1 << 20
    kind = _MEMORY_TYPE["HBM" if name.startswith("HBM") else "DDR"]
    return struct.pack("<BB6xQQ16s", kind, 1, kilobytes, index * kilobytes << 10, name.encode())


def _unit(kernel: Kernel, index: int, place: int) -> bytes:
    is_kernel, has_interrupt, controlled_as_chain = 1, 1, 1 << 8
    name = f"{kernel.name}:{kernel.name}_{index}".encode()
    assert len(name) < 64, f"{name.decode()} does not fit into an xclbin"
    properties = has_interrupt | place << 1 | controlled_as_chain
    return struct.pack("<IIQ64s", is_kernel, properties, _REGISTERS * (place + 1), name)


def _xml(kernels: Sequence[Kernel]) -> bytes:
    described = "".join(map(_kernel_xml, kernels))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><project name="design"><platform vendor="xilinx" '
        'boardid="x" name="x" featureRomTime="0"><version major="1" minor="0"/><description/>'
        '<device name="fpga0" fpgaDevice="x" addrWidth="0"><core name="OCL_REGION_0" target="hw" '
        f'type="clc_region" clockFreq="0MHz" numComputeUnits="{len(kernels)}">'
        '<kernelClocks><clock port="KERNEL_CLK" frequency="300.0MHz"/></kernelClocks>'
        f"{described}</core></device></platform></project>"
    ).encode()


def _kernel_xml(kernel: Kernel) -> str:
    ports, arguments, offset = [_port("S_AXI_CONTROL", "slave")], list[str](), 0x10
    for position, argument in enumerate(kernel.arguments):
        port, size, kind = "S_AXI_CONTROL", 4, "uint"
        if argument.kind == "stream":
            port, kind = argument.name, "stream"
        if argument.kind == "buffer":
            port, size, kind = f"M_AXI_GMEM_{argument.name}", 8, "void*"
            ports.append(_port(port, "master"))
        arguments.append(
            f'<arg name="{argument.name}" addressQualifier="{_QUALIFIER[argument.kind]}" '
            f'id="{position}" port="{port}" size="{size:#x}" offset="{offset:#x}" hostOffset="0x0" '
            f'hostSize="{size:#x}" type="{kind}"/>'
        )
        offset += 0 if argument.kind == "stream" else size + 4
    units = "".join(f'<instance name="{kernel.name}_{i + 1}"/>' for i in range(kernel.units))
    return (
        f'<kernel name="{kernel.name}" language="c" vlnv="x:hls:{kernel.name}:1.0" attributes="" '
        'preferredWorkGroupSizeMultiple="0" workGroupSize="1" interrupt="true" '
        f'hwControlProtocol="ap_ctrl_chain">{"".join(ports)}{"".join(arguments)}{units}</kernel>'
    )


def _port(name: str, mode: str) -> str:
    return f'<port name="{name}" mode="{mode}" range="0x1000" dataWidth="32" base="0x0"/>'


def _file(sections: Sequence[tuple[int, bytes]]) -> bytes:
    place = _HEADER_BYTES + _SECTION_BYTES * len(sections)
    place += -place % 8
    table, body = b"", b""
    for kind, data in sections:
        table += struct.pack("<I16s4xQQ", kind, b"", place + len(body), len(data))
        body += data + bytes(-len(data) % 8)
    no_signature, unique = -1, b"\1" * 16
    start = struct.pack("<8si28s256sQ", b"xclbin2", no_signature, b"\xff" * 28, b"", 0)
    length, major, minor, patch = place + len(body), 2, 13, 466
    header = struct.pack(
        "<QQQHBBHH16s64s16s16sI4x",
        *(length, 0, 0, patch, major, minor, 0, 0, b"", b"x", unique, b"", len(sections)),
    )
    head = start + header
    assert len(head) == _HEADER_BYTES
    return (head + table).ljust(place, b"\0") + body
