"""A small board of three dies, for tests of placement."""

from pathlib import Path

BOARD = """
name = "three-dies"
part = "none"
clock = {{ mhz = 225, source = "test" }}
dsp = {{ kind = "DSP48E2", source = "test" }}
resources = {{ lut = 900_000, ff = 900_000, dsp = 2_000, bram36 = 2_000, uram = 200, source = "" }}
limits = {{ lut = 1, ff = 1, dsp = 1, bram36 = 1, uram = 1, source = "test" }}
crossing = {{ wires = {wires}, source = "test" }}

[[memories]]
name = "DDR4"
ports = 4
port_bits = 512
capacity_gib = 16
channels = 4
latency_ns = 250
sustained_gbps = 57.6
slr = ["SLR0", "SLR0", "SLR1", "SLR2"]
source = "test"
"""
DIE = """
[[slrs]]
name = "SLR{number}"
lut = {lut}
ff = 200_000
dsp = 500
bram36 = 500
uram = 50
source = "test"
"""


def write_board(folder: Path, lut: int = 40_000, wires: int = 5_000) -> Path:
    """The board's file, with so many LUTs in each die."""
    path = folder / "three-dies.toml"
    dies = [DIE.format(number=number, lut=lut) for number in range(3)]
    path.write_text("".join([BOARD.format(wires=wires), *dies]), encoding="utf-8")
    return path
