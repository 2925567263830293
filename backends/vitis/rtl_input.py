"""Prints what Vivado reads to make kernels of a design's RTL."""

from collections.abc import Iterator

from lmc.backends.rtl.kernel.files import DesignRtl, kernel_sources
from lmc.backends.rtl.kernel.interfaces import (
    bank_bus,
    control_registers,
    stream_bytes,
)
from lmc.backends.rtl.kernel.ports import BankPort, KernelPort, Scalar, StreamEnd
from lmc.backends.rtl.kernel.tasks import KernelTasks
from lmc.backends.vitis.templates import render
from lmc.targets import Target

_CONTROL = (("CTRL", 0x00), ("GIER", 0x04), ("IP_IER", 0x08), ("IP_ISR", 0x0C))
"""The registers before the arguments (UG1399, "S_AXILITE Control Register Map")."""
_SCALAR, _GLOBAL, _STREAM = 0, 1, 4
"""What `addressQualifier` says of an argument (UG1702, "RTL Kernel XML File")."""


def print_rtl_inputs(rtl: DesignRtl, target: Target) -> dict[str, str]:
    """Scripts, kernel descriptions and the clock's constraint, by name.

    `package_KERNEL.tcl` packages a kernel as the `.xo` that v++ links in place of the HLS kernel's,
    with `KERNEL.xml`, or as an IP for a board that v++ does not link for. `synthesize.tcl` makes a
    project of one kernel and synthesizes it out of context, with `clock.xdc`. No tool of AMD's has
    seen them.
    """
    design, linked = rtl.design.sym_name.data, target.flow.link is not None
    files = {made.kernel.sym_name.data: kernel_sources(rtl, made) for made in rtl.kernels}
    period = 1_000_000 // rtl.clock_mhz
    found = {
        "synthesize.tcl": render("synthesize_rtl.tcl.j2", files=files, part=target.part),
        "clock.xdc": render(
            "clock.xdc.j2",
            clock_mhz=rtl.clock_mhz,
            period_ns=f"{period // 1000}.{period % 1000:03}",
        ),
    }
    for made in rtl.kernels:
        kernel = made.kernel.sym_name.data
        buses = ["s_axi_control", *(_bus(port) for port in made.borders if _is_bus(port))]
        found[f"package_{kernel}.tcl"] = render(
            "package_kernel.tcl.j2",
            kernel=kernel,
            design=design,
            part=target.part,
            files=files[kernel],
            buses=buses,
            registers=list(_registers(made)),
            linked=linked,
            ending="xo" if linked else "zip",
        )
        if linked:
            found[f"{kernel}.xml"] = _description(made, design)
    return found


def _is_bus(port: KernelPort) -> bool:
    return not isinstance(port, Scalar)


def _bus(port: KernelPort) -> str:
    """The interface that an argument goes through."""
    match port:
        case Scalar():
            return "s_axi_control"
        case BankPort():
            return bank_bus(port)
        case StreamEnd():
            return port.name


def _registers(made: KernelTasks) -> Iterator[tuple[str, str, int, str]]:
    """Name, offset, bits, and the interface that an address is of."""
    for name, offset in _CONTROL:
        yield name, f"0x{offset:02x}", 32, ""
    buses = {port.name: bank_bus(port) for port in made.borders if isinstance(port, BankPort)}
    for register in control_registers(made):
        bits = 32 * register.words
        yield register.name, f"0x{register.offset:02x}", bits, buses.get(register.name, "")


def _description(made: KernelTasks, design: str) -> str:
    offsets = {register.name: register.offset for register in control_registers(made)}
    banks = [port for port in made.borders if isinstance(port, BankPort)]
    streams = [port for port in made.borders if isinstance(port, StreamEnd)]
    return render(
        "kernel.xml.j2",
        kernel=made.kernel.sym_name.data,
        design=design,
        banks=[{"bus": bank_bus(port), "bits": port.bank.word_bits} for port in banks],
        streams=[
            {
                "bus": port.name,
                "mode": "read_only" if port.is_read else "write_only",
                "bits": 8 * stream_bytes(port.bits),
            }
            for port in streams
        ],
        arguments=[_argument(port, offsets.get(port.name, 0)) for port in made.borders],
    )


def _argument(port: KernelPort, offset: int) -> dict[str, object]:
    match port:
        case Scalar():
            qualifier, size, kind = _SCALAR, 4, "uint"
        case BankPort():
            qualifier, size, kind = _GLOBAL, 8, "void*"
        case StreamEnd():
            qualifier, size, kind = _STREAM, stream_bytes(port.bits), "stream"
    return {
        "name": port.name,
        "position": port.argument.position,
        "qualifier": qualifier,
        "bus": _bus(port),
        "size": f"0x{size:x}",
        "offset": f"0x{offset:02x}",
        "type": kind,
    }
