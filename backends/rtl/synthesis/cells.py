"""What a netlist of UltraScale+ cells takes of a device."""

import re
from collections.abc import Mapping

from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError

_KINDS = tuple(
    (re.compile(pattern), taken)
    for pattern, taken in (
        # A LUT has two shift registers of 16 places, and a block of eight LUTs 32 words of 14 bits
        # or 64 of 7. AMD UG574.
        (r"LUT[1-6]|INV|SRLC32E", Resources(lut=1)),
        (r"SRL16E", Resources(lut=0.5)),
        (r"RAM32M16|RAM64M8", Resources(lut=8)),
        (r"RAM32M|RAM64M", Resources(lut=4)),
        (r"RAM(32|64)X1D", Resources(lut=2)),
        (r"RAM128X1D", Resources(lut=4)),
        (r"RAM256X1D", Resources(lut=8)),
        (r"FD[RSCP]E(_1)?", Resources(ff=1)),
        (r"DSP48E2", Resources(dsp=1)),
        (r"RAMB36E2", Resources(bram36=1)),
        (r"RAMB18E2", Resources(bram36=0.5)),
        (r"URAM288", Resources(uram=1)),
        (r"CARRY[48]|MUXF[789]|GND|VCC", Resources()),
    )
)


def resources_of(cells: Mapping[str, int]) -> Resources:
    """LUTs (as logic, memory and shift registers), flip-flops and blocks of cells by type.

    Raises LmcError for a type that is none of UltraScale+'s logic.
    """
    counted = Resources()
    for kind, number in cells.items():
        taken = next((taken for pattern, taken in _KINDS if pattern.fullmatch(kind)), None)
        if taken is None:
            raise LmcError(
                f"yosys has made cells of type {kind}, and what one takes is not known: synthesize "
                "with the pyosys that pip install 'lmc-fpga[synthesis]' takes"
            )
        counted += taken * number
    return counted
