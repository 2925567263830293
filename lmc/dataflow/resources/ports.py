"""Kernel interfaces: memory ports, and the registers that start a kernel.

Their logic is the HLS tool's own; the figures are planning figures of the size that its reports of
other designs show, and not taken from one of lmc's.
"""

from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.memories import bram

MAX_BURST = 16
"""Beats in a burst: the most that AXI3 (HBM of U280) allows."""

OUTSTANDING = 16
"""Bursts under way on a port, so that latency is hidden."""

PORT_LUT, PORT_FF = 600, 900
"""Of a memory port in one direction, without what grows with its width (planning figures)."""

PORT_LUT_BIT, PORT_FF_BIT = 1, 3
"""For each bit of the word: register slices, alignment (planning figures)."""

MASTER_LUT, MASTER_FF = 200, 300
"""Of an AXI master's way into an interconnect, in one direction: arbitration, a slice of its
address (assumed)."""

MASTER_LUT_BIT, MASTER_FF_BIT = 1, 2
"""For each bit of its word: an input of a multiplexer, a register slice of two words (assumed)."""

CONTROL_LUT, CONTROL_FF = 150, 200
"""Of a kernel's AXI-Lite slave and handshake (planning figures)."""

ARGUMENT_LUT, ARGUMENT_FF = 40, 64
"""Of a register of 64 bits for each scalar or address (planning figures)."""


def memory_port(word_bits: int, directions: int) -> Resources:
    """A memory port: in each direction a buffer of all bursts that may be under way."""
    logic = Resources(lut=PORT_LUT + PORT_LUT_BIT * word_bits, ff=PORT_FF + PORT_FF_BIT * word_bits)
    return (logic + bram(word_bits, MAX_BURST * OUTSTANDING)) * directions


def interconnect(word_bits: int, directions: int) -> Resources:
    """The part of an interconnect of the device's fabric that one of several masters takes.

    Figures are assumed: of the size that AXI interconnects with full throughput have (PG059 has
    tables of its crossbar), and not taken from a tool.
    """
    lut, ff = MASTER_LUT + MASTER_LUT_BIT * word_bits, MASTER_FF + MASTER_FF_BIT * word_bits
    return Resources(lut=lut, ff=ff) * directions


def kernel_control(arguments: int) -> Resources:
    """A kernel's slave port, with its scalars and addresses."""
    return Resources(lut=CONTROL_LUT, ff=CONTROL_FF) + argument_register() * arguments


def argument_register() -> Resources:
    """The register of one scalar or address of a kernel."""
    return Resources(lut=ARGUMENT_LUT, ff=ARGUMENT_FF)
