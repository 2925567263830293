"""The longest path of netlists, and what cells take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from lmc.backends.rtl.synthesis.cells import resources_of
from lmc.backends.rtl.synthesis.levels import DSP_LEVELS, DSP_SUM_LEVELS, longest_path
from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError

Bits = Sequence[int | str]


def cell(kind: str, inputs: Mapping[str, Bits], outputs: Mapping[str, Bits], **parameters: int):
    ways = {**dict.fromkeys(inputs, "input"), **dict.fromkeys(outputs, "output")}
    return {
        "type": kind,
        "parameters": parameters,
        "port_directions": ways,
        "connections": {**inputs, **outputs},
    }


def register(d: int, q: int) -> dict[str, Any]:
    return cell("FDRE", {"C": [1], "CE": ["1"], "D": [d], "R": ["0"]}, {"Q": [q]})


def lut(inputs: Bits, output: int) -> dict[str, Any]:
    return cell(f"LUT{len(inputs)}", {f"I{i}": [b] for i, b in enumerate(inputs)}, {"O": [output]})


def module(cells: Sequence[dict[str, Any]], **names: Bits) -> dict[str, Any]:
    nets = {name: {"hide_name": 0, "bits": list(bits)} for name, bits in names.items()}
    return {"cells": {f"c{i}": one for i, one in enumerate(cells)}, "netnames": nets}


def test_luts_between_registers() -> None:
    cells = [register(9, 2), lut([2, 3], 4), lut([4, 5], 6), lut([2, 6], 7), register(7, 8)]
    found = longest_path(module(cells, begin=[2], other=[5], wire=[6], end=[8, 0]))
    assert found == (3, "begin", "end[0]")


def test_a_register_ends_a_path() -> None:
    cells = [lut([2, 3], 4), register(4, 5), lut([5, 3], 6), register(6, 7)]
    assert longest_path(module(cells))[0] == 1


def test_a_carry_chain_is_beside_its_luts() -> None:
    def carry(s: int, carried: int | str, out: int) -> dict[str, Any]:
        inputs = {"CI": [carried], "CYINIT": ["0"], "DI": [2], "S": [s]}
        return cell("CARRY4", inputs, {"CO": [out], "O": [out + 1]})

    after_lut = [lut([2, 3], 4), carry(4, "0", 10), carry(4, 10, 12), register(13, 20)]
    # DI comes from a register, and takes a LUT to get into the chain.
    assert longest_path(module(after_lut, a=[2], b=[20])) == (1, "a", "b")
    more = [*after_lut, lut([13, 3], 14), register(14, 21)]
    assert longest_path(module(more))[0] == 2


def test_memories_of_luts_are_read_in_the_cycle() -> None:
    ram = cell("RAM32X1D", {"WCLK": [1], "D": [2], "A0": [3], "DPRA0": [4]}, {"DPO": [5]})
    assert longest_path(module([ram, register(5, 6)]))[0] == 1
    # What is written is not read in the cycle.
    assert longest_path(module([lut([7], 2), lut([5, 8], 9), ram, register(9, 6)]))[0] == 2
    block = cell("RAMB36E2", {"DINADIN": [2]}, {"DOUTADOUT": [5]})
    assert longest_path(module([lut([7], 2), lut([5, 8], 9), block, register(9, 6)]))[0] == 1


@pytest.mark.parametrize(("kind", "levels"), [("RAM64M8", 2), ("RAM64M", 1)])
def test_the_address_that_is_written_is_not_read(kind: str, levels: int) -> None:
    """ADDRD is that of a read where the port that writes is the eighth."""
    ram = cell(kind, {"WCLK": [1], "DIA": [2], "ADDRD": [4], "ADDRA": [3]}, {"DOA": [5]})
    assert longest_path(module([lut([7], 4), ram, register(5, 6)]))[0] == levels


@pytest.mark.parametrize(
    ("parameters", "levels"),
    [
        ({"PREG": 1}, 0),
        ({"PREG": 0, "MREG": 1}, DSP_SUM_LEVELS),
        ({"PREG": 0, "MREG": 0, "AREG": 1, "BREG": 1, "CREG": 1, "DREG": 1}, DSP_LEVELS),
        ({"PREG": 0, "MREG": 0, "AREG": 0, "BREG": 1, "CREG": 1, "DREG": 1}, DSP_LEVELS + 1),
    ],
)
def test_a_dsp_without_registers_is_part_of_a_path(parameters: dict[str, int], levels: int) -> None:
    dsp = cell("DSP48E2", {"A": [3], "B": [4], "C": [5]}, {"P": [6]}, **parameters)
    assert longest_path(module([lut([2], 3), dsp, register(6, 7)]))[0] == max(levels, 1)


def test_a_loop_without_a_register_is_refused() -> None:
    with pytest.raises(LmcError, match="logic forms a loop without a register"):
        longest_path(module([lut([2, 5], 4), lut([4, 3], 5)]))


def test_cells_are_counted() -> None:
    cells = {"LUT6": 3, "LUT2": 2, "RAM32M16": 2, "SRL16E": 3, "SRLC32E": 1, "FDSE": 4, "FDRE": 5}
    blocks = {"DSP48E2": 2, "RAMB36E2": 1, "RAMB18E2": 3, "URAM288": 1, "CARRY4": 9, "MUXF7": 2}
    assert resources_of({**cells, **blocks}) == Resources(3 + 2 + 16 + 1.5 + 1, 9, 2, 2.5, 1)


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(LmcError, match=r"cells of type \$mul, and what one takes is not known"):
        resources_of({"$mul": 1})
