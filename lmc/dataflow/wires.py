"""Wires of what joins tasks, and tasks with memories."""

HANDSHAKE = 2
"""Of a stream besides its data: valid and ready."""

ADDRESS_WIRES = 64 + 8 + 3 + 2 + 2
"""Of an AXI address channel: address, length, size, burst, handshake. What is constant is left out.
AMBA AXI, ARM IHI 0022."""

READ_WIRES = 2 + 1 + 2
"""Of an AXI read data channel besides the data: response, last, handshake."""

WRITE_WIRES = 1 + 2 + 2 + 2
"""Of an AXI write data channel besides data and strobes: last, handshake; and of the answer."""


def read_port_wires(word_bits: int) -> int:
    """Of an AXI port that is read, with words of so many bits."""
    return ADDRESS_WIRES + word_bits + READ_WIRES


def write_port_wires(word_bits: int) -> int:
    """Of an AXI port that is written, with words of so many bits."""
    return ADDRESS_WIRES + word_bits + word_bits // 8 + WRITE_WIRES
