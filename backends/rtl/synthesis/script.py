"""The commands that yosys makes cells of a module with: of UltraScale+, and of an ECP5."""

from collections.abc import Iterator, Sequence
from pathlib import Path

SHIFT_REGISTERS = Path(__file__).parents[1] / "library" / "yosys" / "shift_registers.v"
"""What makes shift registers of slang's selections of bits."""

_XILINX = "synth_xilinx -family xcup -flatten -noiopad -noclkbuf"


_ECP5 = "synth_lattice -family ecp5"
_FABRIC = "chtype -set $__soft_mul a:lmc_fabric t:$mul %i"


def commands(top: str, files: Sequence[str]) -> Iterator[str]:
    """All commands up to a netlist of cells; `files` have no blanks in their names.

    The map of shift registers has to be in the working directory, like them.
    """
    yield from _read(top, files)
    yield f"techmap -map {SHIFT_REGISTERS.name}"
    yield "opt"
    yield f"{_XILINX} -top {top} -run begin:map_dsp"
    # `use_dsp` is Vivado's, and synth_xilinx does not know it. Its step for DSPs leaves products of
    # this type alone, and gives the type back at its end.
    yield _FABRIC
    yield f"{_XILINX} -run map_dsp:coarse"
    yield from _packed_dsps()
    yield f"{_XILINX} -run coarse:check"
    yield "hierarchy -check"
    # Models of cells have parts that are no netlist.
    yield "blackbox =A:whitebox"


def ecp5_commands(top: str, files: Sequence[str]) -> Iterator[str]:
    """All commands up to a netlist of cells of an ECP5; `files` as for `commands`."""
    yield from _read(top, files)
    yield f"{_ECP5} -top {top} -run begin:coarse"
    yield _FABRIC
    yield f"{_ECP5} -top {top} -run coarse:check"
    yield "hierarchy -check"
    yield "blackbox =A:whitebox"


def _read(top: str, files: Sequence[str]) -> Iterator[str]:
    yield f"read_slang --top {top} {' '.join(files)}"
    # Products whose result says that they are made of LUTs. Wires lose attributes when they are
    # joined; cells keep theirs.
    yield "setattr -set lmc_fabric 1 a:use_dsp=no %ci*:+$buf %ci1 t:$mul %i"
    yield "proc"
    yield "opt"


def _packed_dsps() -> Iterator[str]:
    """Moves registers and sums into DSPs.

    yosys does so for DSP48E1 alone. A DSP48E2 has the same registers, and the same sum after its
    product, with ports and parameters of the same names (AMD UG579, UG479); its sum before the
    product is set up in another way, so that is left out, as if it were there already.
    """
    yield "chtype -set DSP48E1 t:DSP48E2"
    yield 'setparam -set USE_DPORT "TRUE" t:DSP48E1'
    yield "xilinx_dsp -family xc7"
    yield "setparam -unset USE_DPORT t:DSP48E1"
    yield "chtype -set DSP48E2 t:DSP48E1"
